"""What the operator's page reads: data in force, audit trail, members, sessions."""

import datetime as dt
import os

import pandas as pd
import streamlit as st

from dashboard import data_state, sign_in_state
from dashboard.board import place
from dashboard.exports.datapack import safe_csv
from data.actors import Role
from data.audit import trail
from data.connectors.refresh import CONNECTORS
from data.store_opening import address, exists

FRESH_SECONDS = 5
"""How long the audit trail that was read counts."""

SHOWN = ("at", "who", "subject")
"""Columns of audit rows that tables show."""


def data_version() -> str:
    """Return the version of the data in force."""
    return data_state.catalog().version


def process() -> str:
    """Return which process serves this page, and of how many."""
    here = place()
    return str(os.getpid()) + (f", replica {here.number} of {here.of}" if here.of > 1 else "")


def replicas() -> int:
    """Return how many processes serve the app on this machine."""
    return place().of


def newest_dates() -> list[tuple[str, dt.date | None, int]]:
    """Return of every table when a source was last looked at, and how many rows it has."""
    found = []
    for name, frame in data_state.catalog().tables.items():
        seen = pd.to_datetime(frame["date"], errors="coerce").dropna()
        found.append((name, None if seen.empty else seen.max().date(), len(frame)))
    return found


@st.cache_data(ttl=FRESH_SECONDS, max_entries=16, show_spinner=False)
def _rows(place: str, workspace: str, name: str) -> list[dict[str, object]]:  # noqa: ARG001
    return list(trail(sign_in_state.store(), sign_in_state.actor()).rows)


def rows() -> list[dict[str, object]]:
    """Return the audit rows of the workspace, oldest first."""
    if not exists(address()):
        return []
    who = sign_in_state.actor()
    sign_in_state.demand("read audit")
    found: list[dict[str, object]] = _rows(str(address().database), who.workspace, who.name)
    return found


def failed_refreshes() -> list[dict[str, object]]:
    """Return the refreshes that failed since the last that worked of each source, newest first."""
    newest: dict[object, dict[str, object]] = {}
    for row in rows():
        if row["action"] == "refresh":
            newest[row["subject"]] = row
    failed = [row for row in newest.values() if not str(row["after"]).endswith("changes")]
    return [shown(row) | {"why": str(row["after"])[:200]} for row in failed[::-1]]


def backups() -> list[dict[str, object]]:
    """Return the backups taken, newest first."""
    return [shown(row) for row in rows()[::-1] if row["action"] == "back up"]


def shown(row: dict[str, object]) -> dict[str, object]:
    """Return what a table shows of an audit row."""
    words = {name: row[name] for name in SHOWN}
    subject = CONNECTORS[str(row["subject"])].title if row["subject"] in CONNECTORS else None
    when = str(row["at"])[:16].replace("T", " ")
    return words | {"at": when, "subject": subject or row["subject"]}


def members() -> dict[str, Role]:
    """Return the members of the workspace."""
    return sign_in_state.store().members(sign_in_state.actor()) if exists(address()) else {}


def audit_csv() -> bytes:
    """Return the audit trail as CSV in which no text can become a formula."""
    frame = pd.DataFrame(rows())
    for name in ("before", "after"):
        if name in frame:
            frame[name] = frame[name].map(str)
    return safe_csv(frame)
