"""Two people saved one scenario: both versions side by side, and the way on."""

import pandas as pd
import streamlit as st

from dashboard import saved_state
from dashboard.changes import label
from dashboard.theme import plain
from dashboard.widgets import table
from data.scenario_rows import Conflict
from forecasts.scenario import QUANTITIES

WORDS = {"parent": "Inherits from", "description": "What it supposes", "data_version": "Data"}
"""What parts of a scenario that are no assumptions are called."""


def merging() -> None:
    """Show what both have changed, ask only where they differ, and offer to save them together."""
    found = saved_state.conflict()
    if found is None:
        return
    who, name = plain(found.theirs.who), plain(found.mine.name)
    with st.container(border=True):
        st.subheader(f"{who} saved {name} while you were at work on it", anchor=False)
        st.markdown(
            f"Nothing is lost: revision {found.theirs.revision} is theirs, and what you wanted to "
            "save is kept here until you choose."
        )
        table(versions(found), alt="Both versions, part by part")
        disputed = found.merge().disputed
        for place, (path, (_, theirs, mine)) in enumerate(disputed.items()):
            st.radio(
                f"{called(path)}: you differ",
                ["mine", "theirs"],
                format_func={
                    "mine": f"Yours: {told(mine)}",
                    "theirs": f"{found.theirs.who}: {told(theirs)}",
                }.get,
                key=saved_state.choice_key(place),
                horizontal=True,
            )
        with st.container(horizontal=True):
            st.button(
                f"Save both together as revision {found.theirs.revision + 1}",
                type="primary",
                on_click=saved_state.settle,
            )
            st.button(
                f"Keep revision {found.theirs.revision} and show it",
                on_click=saved_state.yield_to_theirs,
            )
            st.button("Decide later", on_click=saved_state.drop_conflict, type="tertiary")


def versions(found: Conflict) -> pd.DataFrame:
    """Return every part that somebody changed: as it was, theirs, mine, and who changed it."""
    was, theirs, mine = (one.parts() for one in (found.base.draft, found.theirs.draft, found.mine))
    rows = []
    for path in sorted({*was, *theirs, *mine}):
        before, left, right = (one.get(path) for one in (was, theirs, mine))
        if left == before and right == before:
            continue
        both = left != before and right != before
        changed = ("both alike" if left == right else "both") if both else ""
        changed = changed or (found.theirs.who if left != before else "you")
        rows.append((called(path), told(before), told(left), told(right), changed))
    columns = ["What", f"Revision {found.base.revision}", found.theirs.who, "You", "Changed by"]
    if found.theirs.who == "You":
        columns[2] = "Theirs"
    return pd.DataFrame(rows, columns=columns)


def called(path: str) -> str:
    """Return what a part of a scenario is called on screen."""
    group, _, rest = path.partition(".")
    name = rest.removeprefix("sites.")
    known = name.rpartition(".")[2] in QUANTITIES
    if group == "notes":
        return f"Note on {label(name) if known else name}"
    return WORDS.get(path, label(name) if known else rest or path)


def told(part: object) -> str:
    """Return a part as text; what is not stated follows the parent."""
    return "not stated" if part is None or part == "" else str(part)
