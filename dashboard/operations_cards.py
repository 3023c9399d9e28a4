"""The parts of the operator's page."""

import datetime as dt
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard import jobs_state, operations_state, sign_in_state
from dashboard.theme import plain
from dashboard.widgets import table
from data.schemas import DATASETS
from data.store_schema import HEAD

OLD_DAYS = 400
"""Age of the newest figure of a table from which it is told in the headline."""


def headline() -> str:
    """Say in a line whether anything needs looking after."""
    failed, kept = operations_state.failed_refreshes(), operations_state.backups()
    working, waiting = jobs_state.queue().state()
    words = [counted(len(failed), "failed refresh", "failed refreshes")] if failed else []
    words += [] if kept else ["no backup has been taken"]
    words += [f"{counted(len(waiting), 'simulation', 'simulations')} in line"] if waiting else []
    if words:
        said = ", ".join(words)
        return f"To look after: {said}"
    return "All is well" + (f", {len(working)} at work" if working else "")


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "failed refresh", "failed refreshes")
    '1 failed refresh'
    """
    return f"{count:,} {one if count == 1 else many}"


def headed(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return rows of the store as a table with headings in words."""
    frame = pd.DataFrame(rows)
    return frame.rename(columns=lambda name: str(name).replace("_", " ").capitalize())


def process() -> None:
    """Show versions and memory of this process."""
    st.subheader("Program", anchor=False)
    used, most = memory_mb()
    rows = {
        "Rackcast": version("rackcast"),
        "Data in force": operations_state.data_version(),
        "Store": f"{sign_in_state.store().place}, schema {HEAD}",
        "Streamlit": version("streamlit"),
        "Python": platform.python_version(),
        "Process": operations_state.process(),
        "Memory now": f"{used:,.0f} MB",
        "Memory at most": f"{most:,.0f} MB",
    }
    frame = pd.DataFrame({"What": list(rows), "Value": list(rows.values())})
    table(frame, alt="Versions and memory of this process")


def memory_mb() -> tuple[float, float]:
    """Return the memory of this process now and at most; zeros where the system does not say."""
    path = Path("/proc/self/status")
    if not path.is_file():
        return 0.0, 0.0
    said = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
    return tuple(int(said[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def queue() -> None:
    """Show the simulations at work and those waiting, and let an admin end one."""
    st.subheader("Simulations", anchor=False)
    if operations_state.replicas() > 1:
        st.caption("Of the process that serves this page; others work in turn with it.")
    held = jobs_state.queue()
    working, waiting = held.state()
    waits = sorted(held.waits)
    said = f"{held.finished:,} done, {held.ended:,} ended early"
    if waits:
        middle = waits[len(waits) // 2]
        waited = "began at once" if middle < 0.05 else f"waited no more than {middle:.1f} s"
        said += f"; half of the last {len(waits)} {waited}"
    st.caption(said + ".")
    for job in (*working, *waiting):
        share = f"{100 * job.done // job.of} %" if job.of else "waits" if job.begun < 0 else "begun"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{plain(job.what)}, for {plain(job.who)}: {share}", width="stretch")
            st.button(
                "End it", key=f"end_{job.number}", on_click=jobs_state.end, args=(job.number,)
            )
    if not working and not waiting:
        st.caption("Nothing is at work, nothing waits.")


def freshness() -> None:
    """Show how old the newest figure of every table is."""
    st.subheader("Data", anchor=False)
    today = dt.datetime.now(dt.UTC).date()
    rows = []
    for name, newest, count in operations_state.newest_dates():
        age = (today - newest).days if newest is not None else None
        told = "no date" if newest is None else newest.isoformat()
        old = "" if age is None else f"{max(age, 0):,} days" + (" (old)" if age > OLD_DAYS else "")
        rows.append((DATASETS[name].title, f"{count:,}", told, old))
    frame = pd.DataFrame(rows, columns=["Table", "Rows", "Newest date", "Age"])
    table(frame, alt="Age of the data by table", height=300)


def upkeep() -> None:
    """Show failed refreshes and the last backups."""
    st.subheader("Refreshes and backups", anchor=False)
    failed = operations_state.failed_refreshes()
    if failed:
        table(headed(failed[:20]), alt="Refreshes that failed, newest first")
    else:
        st.caption("No refresh has failed lately.")
    kept = operations_state.backups()
    if kept:
        table(headed(kept[:10]), alt="The last backups, newest first")
    else:
        st.caption("No backup has been taken: `rackcast backup store.zip` takes one.")


def people() -> None:
    """Show the members, and offer the audit trail."""
    st.subheader("Members", anchor=False)
    members = operations_state.members()
    if members:
        frame = pd.DataFrame(
            {"Person": list(members), "Role": [str(role) for role in members.values()]}
        )
        table(frame, alt="Members and their roles")
    else:
        st.caption("The store has no members: whoever reaches it is its admin.")
    st.download_button(
        "Audit trail",
        data=sign_in_state.leaving("rackcast_audit.csv", operations_state.audit_csv),
        file_name="rackcast_audit.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        help="Who did what and when, before and after, as CSV.",
    )
