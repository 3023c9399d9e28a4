"""Find anything by its name: pages, factories, metrics and assumptions, from every page."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from dashboard import selection_state, state
from dashboard.charts.study import short
from forecasts.metric_register import METRICS
from forecasts.scenario import QUANTITIES

FIELD, TARGET = "go_to", "go_target"
"""Keys of the session: the field, and the page it leads to on the next run."""

VIEW = "view"
"""The selection that says for whom a page is drawn."""

VIEWS = {"analyst": "Analyst", "executive": "Executive"}
"""For whom: an executive sees what decides, an analyst every table behind it."""


def places(pages: Mapping[str, str]) -> dict[str, str]:
    """Return everything that can be found: key and what it is called.

    Parameters
    ----------
    pages : mapping of str to str
        Titles of the pages by file name.
    """
    found = {f"page:{name}": f"{title} (page)" for name, title in pages.items()}
    for site in state.current().sites:
        found[f"factory:{site.key}"] = f"{short(site)}, {site.city} (factory)"
    return found | _words()


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Return what is called the same in every scenario: metrics and assumptions."""
    found = {f"metric:{name}": f"{one.label} (metric, explained)" for name, one in METRICS.items()}
    for name, one in QUANTITIES.items():
        found[f"assumption:{name}"] = f"{one.label} (assumption, {one.section.title})"
    return found


def field(pages: Mapping[str, str]) -> None:
    """Draw the field; typing narrows the list, Enter goes there."""
    known = places(pages)
    st.selectbox(
        "Go to",
        list(known),
        index=None,
        format_func=lambda key: known.get(str(key), str(key)),
        placeholder="Find a page, factory, metric, assumption",
        key=FIELD,
        on_change=_take,
        label_visibility="collapsed",
    )


def _take() -> None:
    """Prepare what was found: the selection and the page, before the script runs again."""
    chosen = st.session_state[FIELD]
    if chosen is None:
        return
    kind, _, name = str(chosen).partition(":")
    st.session_state[FIELD] = None
    page = {"page": name, "factory": "factory", "metric": "factory"}.get(kind, "assumptions")
    if kind == "factory":
        selection_state.go("factory", name)
    elif kind == "metric":
        st.session_state["explained"] = name
    elif kind == "assumption":
        st.session_state["assumption_search"] = QUANTITIES[name].label
    st.session_state[TARGET] = page


def target() -> str | None:
    """Return the page to go to, once."""
    found = st.session_state.pop(TARGET, None)
    return None if found is None else str(found)


def for_executives() -> bool:
    """Whether pages leave out what only an analyst reads."""
    return selection_state.picked(VIEW, list(VIEWS)) == "executive"


def view_switch() -> None:
    """Offer the two views of every page."""
    chosen = st.segmented_control(
        "View",
        list(VIEWS),
        default=selection_state.picked(VIEW, list(VIEWS)),
        format_func=lambda one: VIEWS[str(one)],
        key="view_switch",
        label_visibility="collapsed",
    )
    if chosen and chosen != selection_state.picked(VIEW, list(VIEWS)):
        selection_state.pick(VIEW, str(chosen))
        st.rerun()
