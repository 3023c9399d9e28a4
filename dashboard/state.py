"""The scenario on screen: where it starts from, what was changed, and the way back and forth.

Only this module and those whose name ends in `_state` touch session state, query parameters and
caches. State is read forward: link -> changes -> scenario -> study. A widget writes its change in
a callback, before the page runs again, so that everything on the page moves at once.
"""

from collections.abc import Mapping

import streamlit as st

from dashboard import scope_state, study_state
from dashboard.changes import Changes, applied, fits, taken, typed
from dashboard.charts.study import Study
from dashboard.link import changed_name
from dashboard.selection_state import choose as choose
from dashboard.selection_state import pick as pick
from dashboard.selection_state import picked as picked
from dashboard.store_state import reference
from dashboard.study_state import catalog as catalog
from dashboard.study_state import checks_of
from dashboard.study_state import study_of as study_of
from dashboard.study_state import warm as warm
from forecasts.checks import Check
from forecasts.evidence import Evidence
from forecasts.outlook import Outlook
from forecasts.plan import register
from forecasts.presets import PRESETS, preset
from forecasts.quantities import Quantity
from forecasts.reading import scenario_from
from forecasts.scenario import QUANTITIES, Scenario

UPLOADED = "uploaded"
"""What the scenario picker calls a scenario out of a file."""

PRESET, OWN, CHANGES, PAST, FUTURE = "preset", "own", "changes", "past", "future"
"""Keys of the session: the preset chosen, the uploaded scenario, what was changed, and what undo
and redo go to."""

OPENED, NOW, TURN, SETTLED = "opened", "now", "turn", "settled"
"""Keys of the session: name of the saved scenario on screen, the scenario built from all this, a
count of the times that table editors were drawn anew, and the changes at the last of them."""

PICKER = "preset_picker"
"""Key of the scenario picker's widget."""

MOST_UNDO = 50
Place = tuple[str, dict[str, object], str, dict[str, object]]


def begin(preset_name: str, own_stated: Mapping[str, object], opened_name: str = "") -> None:
    """Begin a session on a preset or an uploaded scenario, without changes."""
    st.session_state[OWN] = dict(own_stated)
    st.session_state[PRESET] = preset_name
    st.session_state[OPENED] = opened_name
    st.session_state[PAST], st.session_state[FUTURE] = [], []
    st.session_state[TURN] = 0
    set_changes({})
    turned()


def set_changes(changes: Changes) -> None:
    """Take changes over, which the scenario is known to take, and build it."""
    st.session_state[CHANGES] = dict(changes)
    start_from = parent()
    if not changes:
        built = start_from
    else:
        name = opened()[:80] or changed_name(start_from, len(changes))
        built = applied(start_from, changes, name=name)
    st.session_state[NOW] = built


def accepted(name: str, value: float) -> bool:
    """Whether the scenario takes a value beside what is changed already."""
    changes = {**changed(), name: typed(QUANTITIES[name.rpartition(".")[2]], value)}
    return taken(parent(), changes, catalog())


def parent() -> Scenario:
    """Return the scenario that changes are counted from: the preset, or the uploaded one."""
    if st.session_state[PRESET] == UPLOADED:
        return scenario_from(st.session_state[OWN], "uploaded scenario")
    return preset(st.session_state[PRESET])


def scenario() -> Scenario:
    """Return the scenario on screen."""
    found: Scenario = st.session_state[NOW]
    return found


def changed() -> dict[str, object]:
    """Return what was changed, with the values."""
    return dict(st.session_state[CHANGES])


def own() -> dict[str, object]:
    """Return what the uploaded scenario states."""
    return dict(st.session_state[OWN])


def opened() -> str:
    """Return the name of the saved scenario on screen; empty when there is none."""
    name, _, revision = str(st.session_state[OPENED]).rpartition("@")
    return name if revision.isdecimal() and len(revision) < 10 else ""


def opened_revision() -> int:
    """Return the revision of the saved scenario on screen; 0 when there is none."""
    revision = str(st.session_state[OPENED]).rpartition("@")[2]
    return int(revision) if opened() else 0


def opened_text() -> str:
    """Return name and revision of the saved scenario on screen, as the link writes them."""
    return f"{opened()}@{opened_revision()}" if opened() else ""


def name_opened(name: str, revision: int) -> None:
    """Say that what is on screen is now saved as a revision of a scenario."""
    st.session_state[OPENED] = f"{name}@{revision}"
    set_changes(changed())


def turn() -> int:
    """Return how often widgets were set anew: part of the key of every table editor."""
    return int(st.session_state[TURN])


def presets() -> list[str]:
    """Return what the scenario picker offers."""
    return [*PRESETS, UPLOADED] if st.session_state[OWN] else list(PRESETS)


def preset_name() -> str:
    """Return what the scenario picker stands on."""
    return str(st.session_state[PRESET])


def show_preset() -> None:
    """Put the current preset under the scenario picker, if it has none yet."""
    st.session_state.setdefault(PICKER, st.session_state[PRESET])


def shown(quantity: Quantity, value: float) -> float:
    """Return a value as the screen shows it: 0.7 of a share is 70 %."""
    return round(value * quantity.unit.scale, 10)


def widget_key(name: str) -> str:
    """Return the key of a quantity's widget."""
    return f"control_{name}"


def show_value(name: str) -> float | None:
    """Put the current value under a quantity's widget, if it has none yet, and return it."""
    quantity = QUANTITIES[name]
    value = scope_state.stated(scenario(), name)
    if widget_key(name) not in st.session_state:
        st.session_state[widget_key(name)] = _for_widget(quantity, value)
    return None if value is None else float(value)


def _for_widget(quantity: Quantity, value: float | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if quantity.whole else float(shown(quantity, value))


def touch(name: str) -> None:
    """Take over what a widget says: called before the page runs again."""
    quantity, written = QUANTITIES[name], st.session_state[widget_key(name)]
    start_from, place = parent(), scope_state.place(name)
    changes, own = changed(), start_from.sites.get(scope_state.scope(), {}).get(name)
    changes.pop(place, None)
    before = own if scope_state.scope() else getattr(start_from, name)
    if written is not None:
        value = typed(quantity, round(float(written) / quantity.unit.scale, 10))
        as_all = place != name and own is None and value == getattr(scenario(), name)
        if value != before and not as_all and accepted(place, value):
            changes[place] = value
    elif own is not None:
        changes[place] = None
    remember()
    set_changes(changes)
    turned()


def choose_scope() -> None:
    """Let the controls act on what their picker says."""
    scope_state.take()
    show()


def scoped() -> None:
    """Let the controls act on all factories again where the one chosen is not in the scenario."""
    if scope_state.lost(scenario().factories or [site.key for site in register(catalog())]):
        show()


def turned() -> None:
    """Draw table editors anew from what is on screen: what was typed in them is taken over."""
    st.session_state[TURN] += 1
    st.session_state[SETTLED] = changed()


def settled() -> dict[str, object]:
    """Return the changes that table editors were drawn from; what is typed comes on top."""
    return dict(st.session_state[SETTLED])


def edit(changes: Changes) -> bool:
    """Take over what a table editor says; False, and nothing moves, where that does not fit.

    The editor keeps what was drawn and what was typed: it is not drawn anew.
    """
    if not taken(parent(), changes, catalog()):
        return False
    remember()
    set_changes(changes)
    show()
    return True


def forget(name: str) -> None:
    """Drop one change."""
    remember()
    _go_to({key: value for key, value in changed().items() if key != name})


def choose_preset() -> None:
    """Start again from the preset in the picker; changes are dropped."""
    remember()
    st.session_state[PRESET] = st.session_state[PICKER]
    st.session_state[OPENED] = ""
    _go_to({})


def use(stated: Mapping[str, object]) -> None:
    """Start again from an uploaded scenario, already checked."""
    remember()
    st.session_state[OWN] = dict(stated)
    st.session_state[PRESET] = UPLOADED
    st.session_state[OPENED] = ""
    _go_to({})


def open_saved(name: str, preset_key: str, changes: Changes) -> None:
    """Show a saved scenario, `name@revision`: a preset with changes."""
    remember()
    st.session_state[PRESET] = preset_key
    st.session_state[OPENED] = name
    _go_to(changes)


def reset() -> None:
    """Drop every change against the preset."""
    remember()
    st.session_state[OPENED] = ""
    _go_to({})


def undo() -> None:
    """Go back to the state before the last change."""
    _step(PAST, FUTURE)


def redo() -> None:
    """Take back the last undo."""
    _step(FUTURE, PAST)


def _step(source: str, target: str) -> None:
    states = list(st.session_state[source])
    if not states:
        return
    st.session_state[target] = [*st.session_state[target], here()][-MOST_UNDO:]
    st.session_state[PRESET], st.session_state[OWN], st.session_state[OPENED], changes = (
        states.pop()
    )
    st.session_state[source] = states
    _go_to(changes)


def can_undo() -> bool:
    """Whether there is a state to go back to."""
    return bool(st.session_state[PAST])


def can_redo() -> bool:
    """Whether there is an undone change to bring back."""
    return bool(st.session_state[FUTURE])


def here() -> Place:
    """Return where the scenario on screen starts from, and what was changed."""
    return (preset_name(), own(), opened_text(), changed())


def remember() -> None:
    """Keep the state for undo; what was undone before cannot be redone any more."""
    st.session_state[PAST] = [*st.session_state[PAST], here()][-MOST_UNDO:]
    st.session_state[FUTURE] = []


def _go_to(changes: Changes) -> None:
    """Set the changes and every widget with them: no widget may show another value."""
    set_changes(changes)
    turned()
    show()


def show() -> None:
    """Put what is on screen under every control."""
    st.session_state[PICKER] = st.session_state[PRESET]
    now = scenario()
    for name, quantity in QUANTITIES.items():
        value = scope_state.stated(now, name)
        st.session_state[widget_key(name)] = _for_widget(quantity, value)


def outlook() -> Outlook:
    """Return all histories and forecasts, as the scenario on screen ties them."""
    return study_state.outlook(tuple(sorted(scenario().follows.items())))


def evidence(key: str, *, every: bool) -> Evidence:
    """Return how the forecast of a series did on its own past."""
    return study_state.evidence(key, tuple(sorted(scenario().follows.items())), every=every)


def current() -> Study:
    """Return the study of the scenario on screen."""
    return study_of(scenario())


def approved() -> Study:
    """Return the study of the approved scenario, which every change is shown against."""
    return study_of(reference()[1])


def checks() -> tuple[Check, ...]:
    """Return what the checks found in the scenario on screen; the last few are kept."""
    return checks_of(scenario())


def usable(wanted: Scenario) -> bool:
    """Whether a scenario fits the tables."""
    return fits(wanted, catalog())
