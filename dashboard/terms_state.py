"""Which factories are in the scenario, its first month and its length, as they are typed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from annotated_types import Ge, Le

from dashboard import state
from dashboard.charts.study import short
from dashboard.theme import plain
from forecasts.plan import FIRST_WAVE, Site, register
from forecasts.scenario import Scenario

FACTORIES, START, MONTHS = "terms_factories", "terms_start", "terms_months"
"""Keys of the widgets."""

REFUSED, DRAWN = "terms_refused", "terms_drawn"
"""Keys of the session: what could not be taken, and the terms that the widgets were drawn from."""

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
"""A month as it is typed."""

Terms = tuple[tuple[str, ...], str, int]
"""Factories, first month, months."""


def _sites() -> tuple[Site, ...]:
    return register(state.catalog())


def _now() -> Terms:
    now, every = state.scenario(), [site.key for site in _sites()]
    chosen = tuple(key for key in every if not now.factories or key in now.factories)
    return chosen, f"{now.start:%Y-%m}", now.months


def words() -> str:
    """Say the terms in a line."""
    chosen, start, months = _now()
    which = "All" if len(chosen) == len(_sites()) else f"{len(chosen)} of {len(_sites())}"
    return f"{which} factories, from {start}, {_long(months)}."


def _long(months: int) -> str:
    years, rest = divmod(months, 12)
    return f"{years} years" + (f" and {rest} months" if rest else "")


def terms() -> None:
    """Draw the terms of the scenario and what could not be taken of the last typing."""
    if st.session_state.get(DRAWN) != _now():
        _show(_now())
    for problem in st.session_state.pop(REFUSED, []):
        st.warning(plain(problem))
    names = {site.key: short(site) for site in _sites()}
    with st.container(horizontal=True, gap="small"):
        for label, keys in _groups().items():
            st.button(label, key=f"terms_{label}", on_click=_choose, args=(keys,))
    with st.form("terms", border=False):
        st.multiselect(
            "Factories in the scenario",
            list(names),
            format_func=lambda key: names.get(str(key), str(key)),
            key=FACTORIES,
            help="Those left out are not built, and stand in no chart and no sum.",
        )
        left, right = st.columns(2)
        left.text_input(
            "First month",
            key=START,
            placeholder="2027-01",
            help="Year and month. Money is valued at its beginning.",
        )
        right.number_input(
            "Length, months",
            *_ends("months"),
            step=12,
            key=MONTHS,
            help="How far the projection goes; 180 months are 15 years.",
        )
        st.form_submit_button("Use these", type="primary", on_click=_take)


def _groups() -> dict[str, list[str]]:
    """Factories to choose at once, by what they are called together."""
    wave = {site.key: site.wave == FIRST_WAVE for site in _sites()}
    return {
        "All": list(wave),
        "First wave": [key for key, first in wave.items() if first],
        "Candidates": [key for key, first in wave.items() if not first],
    }


def _choose(keys: Sequence[str]) -> None:
    st.session_state[FACTORIES] = list(keys)


def _show(now: Terms) -> None:
    st.session_state[DRAWN] = now
    st.session_state[FACTORIES], st.session_state[START] = list(now[0]), now[1]
    st.session_state[MONTHS] = now[2]


def _take() -> None:
    """Take over what was typed, or say why not: nothing moves then."""
    chosen = [site.key for site in _sites() if site.key in st.session_state[FACTORIES]]
    start, months = str(st.session_state[START]).strip(), int(st.session_state[MONTHS])
    problems = _wrong(chosen, start, months)
    if not problems:
        kept = () if len(chosen) == len(_sites()) else tuple(chosen)
        problems = _try({"factories": kept, "start": f"{start}-01", "months": months})
    if problems:
        st.session_state[REFUSED] = problems
    else:
        state.turned()


def _wrong(chosen: Sequence[str], start: str, months: int) -> list[str]:
    """Return what is wrong with each of the terms by itself."""
    found = []
    if not chosen:
        found.append("Choose one factory or more: a scenario without any has nothing to show.")
    low, high = (f"{end:%Y-%m}" for end in _ends("start"))
    if not MONTH.fullmatch(start) or not low <= start <= high:
        found.append(f"First month: {start[:20]!r} is not a month from {low} to {high}.")
    fewest, most = _ends("months")
    if not fewest <= months <= most:
        found.append(f"Length: {months} is not a number of months from {fewest} to {most}.")
    return found


def _ends(name: str) -> tuple[Any, Any]:
    """Return the limits of a term, as the scenario has them."""
    rules = Scenario.model_fields[name].metadata
    low = next(one.ge for one in rules if isinstance(one, Ge))
    return low, next(one.le for one in rules if isinstance(one, Le))


def _try(terms: Mapping[str, object]) -> list[str]:
    """Take terms over beside the other changes, without those that hold anyway."""
    before = state.parent()
    had = {"factories": before.factories, "months": before.months}
    had["start"] = before.start.isoformat()
    others = {key: value for key, value in state.changed().items() if key not in terms}
    changed = {key: value for key, value in terms.items() if value != had[key]}
    if state.edit({**others, **changed}):
        return []
    return ["This does not fit with phases entered before the first month: move those first."]
