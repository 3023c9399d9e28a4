"""Selections of the pages (which factory, series, view): kept across pages and in the link."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.theme import plain

PICKS = "picks"
"""Key of the session that holds them."""

DRAWN_BY = {
    "view": ("view_switch",),
    "map": ("map_wave", "map_region", "map_pays", "map_live"),
}
"""Widgets of selections that have no picker named after them."""


def picked(key: str, options: Sequence[str]) -> str:
    """Return a page's selection: from this session or the link, else the first option."""
    chosen = st.session_state[PICKS].get(key)
    if chosen in options:
        return str(chosen)
    if chosen is not None:
        st.toast(f"The link asks for {key} {plain(str(chosen)[:40])}, which is not there.")
        pick(key, options[0])
    return options[0]


def choose(label: str, key: str, options: Mapping[str, str]) -> str:
    """Draw the picker of a page's selection; `options` maps keys to names."""
    chosen = picked(key, list(options))
    st.session_state.setdefault(f"pick_{key}", chosen)
    st.selectbox(
        label,
        list(options),
        format_func=lambda option: options.get(option, option),
        key=f"pick_{key}",
        on_change=_take,
        args=(key,),
    )
    return chosen


def _take(key: str) -> None:
    pick(key, st.session_state[f"pick_{key}"])


def pick(key: str, choice: str) -> None:
    """Keep a page's selection, also when another page is open."""
    st.session_state[PICKS] = st.session_state[PICKS] | {key: choice}


def switch(label: str, options: Sequence[str], key: str) -> str:
    """Offer one of a few views of a page; the first is not written in the link."""
    wanted = picked(key, options)
    st.session_state.setdefault(key, wanted)
    chosen = st.segmented_control(
        label,
        options,
        key=key,
        label_visibility="collapsed",
        on_change=_switched,
        args=(key, options[0]),
    )
    return str(chosen or wanted)


def _switched(key: str, first: str) -> None:
    """Take over the view chosen; one that is clicked away gives the first."""
    chosen = st.session_state[key] = st.session_state[key] or first
    if chosen == first:
        drop(key)
    else:
        pick(key, chosen)


def go(key: str, choice: str) -> None:
    """Select as if the picker had been used; for buttons, before the page runs again."""
    pick(key, choice)
    st.session_state[f"pick_{key}"] = choice


def restore(wanted: Mapping[str, str]) -> None:
    """Take over the selections of another address, in the pickers as well."""
    before: dict[str, str] = st.session_state[PICKS]
    for key in {*before, *wanted}:
        if before.get(key) != wanted.get(key):
            for widget in (f"pick_{key}", *DRAWN_BY.get(key, (key,))):
                st.session_state.pop(widget, None)
    st.session_state[PICKS] = dict(wanted)


def held(key: str) -> str:
    """Return a selection that no picker shows; empty when there is none."""
    return str(st.session_state[PICKS].get(key, ""))


def drop(key: str) -> None:
    """Forget a selection."""
    st.session_state[PICKS] = {
        name: choice for name, choice in st.session_state[PICKS].items() if name != key
    }
