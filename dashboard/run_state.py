"""Long work in the browser: a bar with the time left, a way to stop it, results kept."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.kept import Kept
from dashboard.progress import left_text
from dashboard.theme import plain
from data.problems import RefusedError
from forecasts.uncertainty import Progress

MOST_KEPT = 24
"""Results kept for everyone; the one used longest ago goes first."""

Key = tuple[str, ...]


@st.cache_resource(show_spinner=False)
def _kept() -> Kept[Key, dict[str, Any]]:
    return Kept(MOST_KEPT)


def long_run(
    key: Key, label: str, work: Callable[[Progress], dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the result of long work, with a bar and a button that cancels it meanwhile.

    Parameters
    ----------
    key : tuple of str
        What the result depends on: its name, the scenario's hash, the data version, …
    label : str
        What is being done, in a few words.
    work : callable
        Does it; is given what to tell of its progress. A press on the button ends it there.

    Returns
    -------
    dict or None
        None when the user or an admin stopped it: the page then offers to start again.
    """
    found = _kept().get(key)
    if found is not None:
        return found
    name = "_".join(key)
    stopped = f"stopped_{name}"
    slot = st.empty()
    if st.session_state.get(stopped):
        with slot.container():
            st.info("Cancelled before it was done.", icon=":material/pan_tool:")
            st.button("Start again", key=f"again_{name}", on_click=_set, args=(stopped, False))
        return None
    with slot.container(border=True):
        bar = st.progress(0.0, text=f"{label} …")
        st.button(
            "Cancel",
            key=f"cancel_{name}",
            icon=":material/close:",
            on_click=_set,
            args=(stopped, True),
        )
    begun = time.monotonic()

    def told(done: int, total: int) -> None:
        share = done / max(total, 1)
        bar.progress(share, text=f"{label}: {left_text(share, time.monotonic() - begun)}")

    try:
        found = work(told)
    except RefusedError as refused:
        with slot.container():
            st.warning(plain(str(refused)))
            st.button("Start again", key=f"again_{name}")
        return None
    _kept().put(key, found)
    slot.empty()
    return found


def together(*all_told: Progress) -> Progress:
    """Return a progress that tells several."""

    def tell(done: int, total: int) -> None:
        for one in all_told:
            one(done, total)

    return tell


def _set(name: str, value: bool) -> None:
    st.session_state[name] = value
