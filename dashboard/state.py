"""The scenario on screen, the link that restores it, and what is kept between runs.

The only module that touches session state, query parameters and caches. State is read forward:
link -> changes -> scenario -> study. A widget writes its change in a callback, before the page
runs again, so that everything on the page moves at once.
"""

from collections.abc import Mapping, Sequence

import streamlit as st
from pydantic import ValidationError

from dashboard.charts.study import Study, study
from dashboard.link import packed, unpacked
from dashboard.theme import plain
from data.catalog import Catalog, bundled
from forecasts.checks import Check, check
from forecasts.engine import run
from forecasts.evidence import Evidence
from forecasts.evidence import evidence as judged
from forecasts.outlook import Outlook
from forecasts.outlook import outlook as all_forecasts
from forecasts.presets import PRESETS, preset
from forecasts.quantities import Quantity
from forecasts.reading import scenario_from
from forecasts.scenario import QUANTITIES, Scenario

UPLOADED = "uploaded"
"""What the scenario picker calls a scenario out of a file."""

PRESET, OWN, CHANGES, PICKS, PAST = "preset", "own", "changes", "picks", "past"
"""Keys of the session: the preset chosen, the uploaded scenario, touched quantities, selections
of the pages, and what undo goes back to."""

PICKER = "preset_picker"
"""Key of the scenario picker's widget."""

LINK_PRESET, LINK_OWN = "scenario", "own"
"""Names in the link."""

PICKABLE = ("factory", "series", "table", "section")
"""Selections of the pages that the link carries."""

MOST_UNDO = 50


def start() -> list[str]:
    """Set the session up from the link, once; return what the link could not apply."""
    if CHANGES in st.session_state:
        return []
    given = st.query_params.to_dict()
    problems: list[str] = []
    name = given.pop(LINK_PRESET, "base")
    own = unpacked(given.pop(LINK_OWN, ""), problems)
    if name not in PRESETS:
        problems.append(f"scenario {name[:40]!r}: use one of {', '.join(PRESETS)}")
        name = "base"
    st.session_state[OWN] = own
    st.session_state[PRESET] = UPLOADED if own else name
    st.session_state[PICKS] = {key: given.pop(key) for key in PICKABLE if key in given}
    st.session_state[PAST] = []
    st.session_state[CHANGES] = {}
    st.session_state[CHANGES] = _readable(given, problems)
    return problems


def _readable(given: Mapping[str, str], problems: list[str]) -> dict[str, float]:
    """Keep the quantities of a link that can be used; name the others."""
    changes: dict[str, float] = {}
    for name, text in given.items():
        quantity = QUANTITIES.get(name)
        if quantity is None:
            problems.append(f"{name[:40]!r}: not an assumption")
            continue
        try:
            value = float(text)
        except ValueError:
            problems.append(f"{quantity.label}: {text[:20]!r} is not a number")
            continue
        if accepted(name, value):
            changes[name] = _typed(quantity, value)
        else:
            low, high = (shown(quantity, limit) for limit in (quantity.low, quantity.high))
            problems.append(f"{quantity.label}: {text[:20]!r} lies outside {low:g} to {high:g}")
    return changes


def accepted(name: str, value: float) -> bool:
    """Whether the scenario takes a value: the one truth is the scenario itself."""
    try:
        parent().having(**{name: _typed(QUANTITIES[name], value)})
    except (ValidationError, OverflowError):
        return False
    return True


def _typed(quantity: Quantity, value: float) -> float:
    return int(value) if quantity.whole and float(value).is_integer() else value


def parent() -> Scenario:
    """Return the scenario that changes are counted from: the preset, or the uploaded one."""
    if st.session_state[PRESET] == UPLOADED:
        return scenario_from(st.session_state[OWN], "uploaded scenario")
    return preset(st.session_state[PRESET])


def scenario() -> Scenario:
    """Return the scenario on screen."""
    changes = st.session_state[CHANGES]
    start_from = parent()
    if not changes:
        return start_from
    count = f"{len(changes)} change" + "s" * (len(changes) > 1)
    return start_from.having(**changes, name=f"{start_from.name[:60]}, {count}")


def changed() -> dict[str, float]:
    """Return the touched quantities with their values."""
    return dict(st.session_state[CHANGES])


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
    value = getattr(scenario(), name)
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
    _remember()
    changes = changed()
    changes.pop(name, None)
    if written is not None:
        value = _typed(quantity, round(float(written) / quantity.unit.scale, 10))
        if value != getattr(parent(), name) and accepted(name, value):
            changes[name] = value
    st.session_state[CHANGES] = changes


def choose_preset() -> None:
    """Start again from the preset in the picker; touched quantities are dropped."""
    _remember()
    st.session_state[PRESET] = st.session_state[PICKER]
    _go_to({})


def use(stated: Mapping[str, object]) -> None:
    """Start again from an uploaded scenario, already checked."""
    _remember()
    st.session_state[OWN] = dict(stated)
    st.session_state[PRESET] = UPLOADED
    _go_to({})


def reset() -> None:
    """Drop every change against the preset."""
    _remember()
    _go_to({})


def undo() -> None:
    """Go back to the state before the last change."""
    past = list(st.session_state[PAST])
    if past:
        st.session_state[PRESET], st.session_state[OWN], changes = past.pop()
        st.session_state[PAST] = past
        _go_to(changes)


def can_undo() -> bool:
    """Whether there is a state to go back to."""
    return bool(st.session_state[PAST])


def _remember() -> None:
    now = (st.session_state[PRESET], st.session_state[OWN], changed())
    st.session_state[PAST] = [*st.session_state[PAST], now][-MOST_UNDO:]


def _go_to(changes: Mapping[str, float]) -> None:
    """Set the changes and every widget with them: no widget may show another value."""
    st.session_state[CHANGES] = dict(changes)
    st.session_state[PICKER] = st.session_state[PRESET]
    now = scenario()
    for name, quantity in QUANTITIES.items():
        st.session_state[widget_key(name)] = _for_widget(quantity, getattr(now, name))


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


def link() -> dict[str, str]:
    """Return the query parameters that restore this state anywhere."""
    wanted: dict[str, str] = {}
    if st.session_state[PRESET] == UPLOADED:
        wanted[LINK_OWN] = packed(st.session_state[OWN])
    elif st.session_state[PRESET] != "base":
        wanted[LINK_PRESET] = st.session_state[PRESET]
    wanted |= {name: f"{value:.10g}" for name, value in changed().items()}
    wanted |= st.session_state[PICKS]
    return {name: value for name, value in wanted.items() if value}


def link_holds() -> bool:
    """Whether the link can carry the scenario on screen."""
    return st.session_state[PRESET] != UPLOADED or bool(packed(st.session_state[OWN]))


def write_link() -> None:
    """Keep the address of the page equal to the state."""
    wanted = link()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def catalog() -> Catalog:
    """Return the bundled tables."""
    return bundled()


def outlook() -> Outlook:
    """Return all histories and forecasts; kept by data version."""
    return all_forecasts(bundled())


def evidence(key: str, *, every: bool) -> Evidence:
    """Return how the forecast of a series did on its own past; kept by data version."""
    return _evidence(key, every, catalog().version)


@st.cache_resource(max_entries=64, show_spinner="Trying every model on the past …")
def _evidence(key: str, every: bool, data_version: str) -> Evidence:  # noqa: ARG001
    known = outlook()
    return judged(known.histories[key], known.forecasts[key], every=every)


def current() -> Study:
    """Return the study of the scenario on screen."""
    return study_of(scenario())


def approved() -> Study:
    """Return the study of the base case, which every change is shown against."""
    return study_of(preset("base"))


def study_of(wanted: Scenario) -> Study:
    """Return the study of a scenario; the last few are kept."""
    found: Study = _study(wanted, wanted.hash, bundled().version)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _study(_wanted: Scenario, scenario_hash: str, data_version: str) -> Study:  # noqa: ARG001
    return study(run(_wanted))


def checks() -> tuple[Check, ...]:
    """Return what the checks found in the scenario on screen; the last few are kept."""
    now = scenario()
    found: tuple[Check, ...] = _checks(now, now.hash, bundled().version)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _checks(_wanted: Scenario, scenario_hash: str, data_version: str) -> tuple[Check, ...]:  # noqa: ARG001
    return tuple(check(study_of(_wanted).result))


def warm() -> None:
    """Work out what the first visitor sees, before there is one."""
    for name in PRESETS:
        wanted = preset(name)
        study_of(wanted)
        _checks(wanted, wanted.hash, bundled().version)
    outlook()
