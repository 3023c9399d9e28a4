"""The address of the page: what it restores when a session begins, and how it follows the state."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import state
from dashboard.changes import applied, read, text_of
from dashboard.link import (
    LINK_OPENED,
    LINK_OWN,
    LINK_PRESET,
    LONGEST_NAME,
    PICKABLE,
    packed,
    unpacked,
)
from dashboard.selection_state import PICKS, restore
from dashboard.study_state import catalog
from forecasts.presets import PRESETS, preset

FITTED = "fitted_to"
"""Key of the session: data version and ties that were last held against each other."""


def start() -> list[str]:
    """Set the session up from the link; return what the link could not apply.

    Once, and whenever the browser goes back or forward to another address of this session.
    """
    if state.CHANGES in st.session_state:
        return returned() if by_history() else []
    given = st.query_params.to_dict()
    problems: list[str] = []
    own = unpacked(given.pop(LINK_OWN, ""), problems)
    name = _preset(given.pop(LINK_PRESET, "base"), problems)
    opened = given.pop(LINK_OPENED, "")[:LONGEST_NAME]
    st.session_state[PICKS] = {key: given.pop(key) for key in PICKABLE if key in given}
    state.begin(state.UPLOADED if own else name, own, opened)
    changes, left = read(given, state.parent(), catalog())
    state.set_changes(changes)
    state.turned()
    return [*problems, *left]


def _preset(name: str, problems: list[str]) -> str:
    """Return the preset that a link names, or the base case, saying so, where there is none."""
    if name in PRESETS:
        return name
    problems.append(f"scenario {name[:40]!r}: use one of {', '.join(PRESETS)}")
    return "base"


def fitted() -> list[str]:
    """Drop changes that data taken back no longer carry; return what was dropped.

    A factory or series of one's own may go while a scenario on screen still names it.
    """
    now = state.scenario()
    mark = (catalog().version, tuple(sorted(now.follows.items())))
    if st.session_state.get(FITTED) == mark:
        return []
    st.session_state[FITTED] = mark
    if state.usable(now):
        return []
    if not state.usable(state.parent()):
        state.begin("base", {}, "")
    given = {name: text_of(value) for name, value in state.changed().items()}
    kept, left = read(given, state.parent(), catalog())
    state.set_changes(kept)
    state.turned()
    return left or ["the scenario"]


def by_history() -> bool:
    """Whether the browser's back or forward asked for this run; no where Streamlit says nothing."""
    return bool(getattr(get_script_run_ctx(suppress_warning=True), "is_history_navigation", False))


def returned() -> list[str]:
    """Show what the address holds that the browser went back or forward to.

    A state of this session is undone or redone to, so that those buttons go on from there; any
    other is opened. Returns what could not be applied.
    """
    given = st.query_params.to_dict()
    if given == link():
        return []
    restore({key: given.pop(key) for key in PICKABLE if key in given})
    if given == _told(state.here()):
        state.show()
        return []
    if _walked(given):
        return []
    problems: list[str] = []
    own = unpacked(given.pop(LINK_OWN, ""), problems)
    name = _preset(given.pop(LINK_PRESET, "base"), problems)
    opened = given.pop(LINK_OPENED, "")[:LONGEST_NAME]
    if own:
        state.use(own)
        changes, left = read(given, state.parent(), catalog())
        state.edit(changes)
    else:
        changes, left = read(given, preset(name), catalog())
        state.open_saved(opened, name, changes)
    return [*problems, *left]


def _walked(given: dict[str, str]) -> bool:
    """Undo or redo to the nearest state whose link this is; False where there is none."""
    for key, step in ((state.PAST, state.undo), (state.FUTURE, state.redo)):
        states = st.session_state[key]
        for count, one in enumerate(reversed(states), start=1):
            if _told(one) == given:
                for _ in range(count):
                    step()
                return True
    return False


def link() -> dict[str, str]:
    """Return the query parameters that restore this state anywhere."""
    wanted = _told(state.here()) | st.session_state[PICKS]
    return {name: value for name, value in wanted.items() if value}


def _told(place: state.Place) -> dict[str, str]:
    """Return the query parameters of a state without selections."""
    name, own, opened, changes = place
    wanted: dict[str, str] = {}
    if name == state.UPLOADED:
        wanted[LINK_OWN] = packed(own)
    elif name != "base":
        wanted[LINK_PRESET] = name
    wanted[LINK_OPENED] = opened
    wanted |= {key: text_of(value) for key, value in changes.items()}
    return {key: value for key, value in wanted.items() if value}


def link_holds() -> bool:
    """Whether the link can carry the scenario on screen."""
    held = state.preset_name() != state.UPLOADED or bool(packed(state.own()))
    return held and sum(len(name) + len(text) + 2 for name, text in link().items()) < 7_500


def write_link() -> None:
    """Keep the address of the page equal to the state."""
    wanted = link()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def restores() -> bool:
    """Whether a link read back gives the scenario on screen; the proof behind a copied one."""
    if state.preset_name() == state.UPLOADED:
        return link_holds()
    given = {name: text_of(value) for name, value in state.changed().items()}
    parent = preset(state.preset_name())
    changes, left = read(given, parent, catalog())
    return not left and applied(parent, changes).hash == state.scenario().hash
