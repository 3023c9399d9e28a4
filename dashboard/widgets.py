"""The pieces that pages are made of: controls, cards, figures, lists of problems."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

import pandas as pd
import streamlit as st

from dashboard import origins, quick_state, scope_state, state
from dashboard.card_state import switch_key
from dashboard.charts.card import Chart
from dashboard.charts.findings import unmoved
from dashboard.charts.kpi_row import kpi_row_html
from dashboard.charts.kpis import Kpi
from dashboard.exports.datapack import safe_csv
from dashboard.glossary import definition
from dashboard.selection_state import switch as switch
from dashboard.sign_in_state import leaving
from dashboard.store_state import reference
from dashboard.table_widgets import table as table
from dashboard.theme import CHART_CONFIG, NOTHING, number, plain, signed
from data.problems import Problem
from data.provenance import Confidence, Fact
from data.schemas import DATASETS
from forecasts.quantities import FromData, Quantity
from forecasts.scenario import QUANTITIES

STOPS = 60
"""Steps of a slider, about: fine enough to aim, coarse enough for the keyboard."""

LONGEST_NAMED = 8
"""Letters of a factory's name that have room under a slider."""

Colour = Literal["green", "blue", "violet", "orange", "red"]
"""Colours a badge may have here."""

GRADE_COLOURS: Mapping[Confidence, Colour] = {
    Confidence.REPORTED: "green",
    Confidence.ESTIMATE: "blue",
    Confidence.DERIVED: "violet",
    Confidence.ASSUMPTION: "orange",
    Confidence.UNVERIFIED: "red",
}
"""Colour of each grade's badge; its name stands on it."""


@dataclass(frozen=True, slots=True)
class Track:
    """The range of a slider in screen units; `base` lies on one of its steps."""

    low: float
    high: float
    step: float
    base: float


def track(quantity: Quantity, fact: Fact, value: float) -> Track:
    """Return the range of a slider: that of the table, widened to hold the current value."""
    scale = quantity.unit.scale
    base = (quantity.default or 0.0) * scale
    ends = [end * scale for end in (fact.low, fact.high) if end is not None] + [base]
    low, high = min(ends), max(ends)
    finest = 1.0 if quantity.whole else 10.0**-quantity.unit.digits
    step = max(_round_step((high - low) / STOPS), finest)
    low = base - _steps(base - min(low, value * scale), step, base - quantity.low * scale) * step
    high = base + _steps(max(high, value * scale) - base, step, quantity.high * scale - base) * step
    return Track(round(low, 10), round(max(high, low + step), 10), step, base)


def _steps(distance: float, step: float, room: float) -> int:
    """Whole steps that cover a distance, without passing the legal limit where that is met."""
    needed = math.ceil(distance / step - 1e-9)
    return needed if needed * step <= room + 1e-9 else math.ceil(distance / step - 0.5)


def _round_step(wanted: float) -> float:
    """Return the nearest of 1, 2, 5 times a power of ten that is not larger."""
    if wanted <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return float(next(f for f in (5, 2, 1) if f * power <= wanted * 1.0001) * power)


def controls(names: Sequence[str]) -> None:
    """Draw the controls of some quantities, with the base value marked under each slider."""
    marks = [control(name) for name in names]
    st.html(f"<style>{''.join(marks)}</style>")


def control(name: str) -> str:
    """Draw the control of one quantity: slider or number, and its source; return its base mark.

    What it begins with is said each time: a browser that only draws after a second run would
    else show, and send back, the lowest value.
    """
    quantity = QUANTITIES[name]
    value = state.show_value(name)
    unit = quantity.unit.text
    named = not unit or unit in quantity.label
    label = quantity.label if named else f"{quantity.label} ({unit})"
    if quantity.from_data is not None or value is None:
        _number(quantity, label)
        return ""
    fact = state.catalog().fact("assumptions", quantity=name)
    if fact.low is None or fact.high is None or fact.low == fact.high:
        _number(quantity, label)
        return ""
    whole = int if quantity.whole else float
    span = track(quantity, fact, value)
    st.slider(
        label,
        whole(span.low),
        whole(span.high),
        whole(state.shown(quantity, value)),
        step=whole(span.step),
        format=_slider_format(quantity, span),
        key=state.widget_key(name),
        help=source_text(name, fact),
        on_change=_touched,
        args=(name,),
    )
    return _base_mark(name, quantity, span)


def _touched(name: str) -> None:
    """Take over what a control says, before anything is drawn anew."""
    state.touch(name)
    quick_state.first()


def _slider_format(quantity: Quantity, span: Track) -> str:
    if span.high >= 10_000:
        return "localized"
    digits = quantity.unit.digits if span.step < 1 else 0
    return "%.6g %%" if quantity.unit.scale == 100 else f"%.{digits}f"


def _number(quantity: Quantity, label: str) -> None:
    whole = int if quantity.whole else float
    low, high = (whole(state.shown(quantity, end)) for end in (quantity.low, quantity.high))
    given = quantity.from_data
    # Emptied, a quantity from the tables states nothing again; the stubs hold None for a float.
    start: Literal["min"] = "min" if given is None else cast('Literal["min"]', None)
    per_site = None if given is None else "each site's own"
    if given is not None and scope_state.scope():
        per_site = f"{_in_use(quantity):,.10g}, its own row"
    st.number_input(
        label,
        low,
        high,
        start,
        step=whole(1) if quantity.whole else 10.0**-quantity.unit.digits,
        format="%d" if quantity.whole else f"%.{quantity.unit.digits}f",
        placeholder=per_site,
        key=state.widget_key(quantity.name),
        help=quantity.help if given is None else f"{quantity.help}\n\n{data_text(given)}",
        on_change=_touched,
        args=(quantity.name,),
    )


def _in_use(quantity: Quantity) -> float:
    """Return what a quantity is at the factory that controls act on, as the screen shows it."""
    study = state.current()
    row = study.row(scope_state.scope())
    return state.shown(quantity, float(study.result.plan.quantities[quantity.name][row]))


def data_text(given: FromData) -> str:
    """Say which rows hold a quantity that each site brings along, as Markdown."""
    title = DATASETS[given.table].title
    return (
        f"Left empty, each site has its own value: page Data, table **{title}**, parameter "
        f"`{given.parameter}`, with source, date and grade. A number here holds for every site."
    )


def _base_mark(name: str, quantity: Quantity, span: Track) -> str:
    """Return a style that marks the base value under the track of a slider.

    A style for all sliders costs the browser one element, marks of their own one each.
    """
    shared = getattr(state.scenario(), name) * quantity.unit.scale
    at = shared if scope_state.scope() else span.base
    place = min(max((at - span.low) / (span.high - span.low), 0.0), 1.0) * 100
    written = number(at, 0 if span.high >= 10_000 else quantity.unit.digits)
    if quantity.unit.scale == 100:
        written = signed(f"{at:.6g} %")
    said = f"all {written}" if scope_state.scope() else f"base {written}"
    control, own = f".st-key-{state.widget_key(name)}", _own(name)
    side = "right" if place < 50 else "left"
    differs = f'{control}::before{{content:"{own}";{side}:0}}' if own else ""
    return (
        f'{control}::after{{content:"\\25B2  {said}";margin-left:{place:.1f}%;'
        f"transform:translateX(-{place:.1f}%)}}{differs}"
    )


def _own(name: str) -> str:
    """Say in a few words, within a style, which factories have a value of their own."""
    own = [key for key, values in state.scenario().sites.items() if name in values]
    if scope_state.scope():
        return "own value" if scope_state.scope() in own else ""
    if len(own) != 1:
        return f"{len(own)} own values" if own else ""
    named = re.sub(r"[^\w ]", "", own[0].replace("_", " ").capitalize())
    return f"own: {named}" if len(named) <= LONGEST_NAMED else "1 own value"


@lru_cache(maxsize=512)
def source_text(name: str, fact: Fact) -> str:
    """Say what an assumption means and where its value and range come from, as Markdown."""
    quantity = QUANTITIES[name]
    unit, source = quantity.unit, fact.source

    def value(one: float) -> str:
        return f"{one * unit.scale:,.10g}"

    parts = [quantity.help]
    if fact.value is not None and fact.low is not None and fact.high is not None:
        parts.append(
            f"**Base {value(fact.value)} {unit.text}**, plausible {value(fact.low)} to "
            f"{value(fact.high)} :{GRADE_COLOURS[source.confidence]}-badge[{source.confidence}]"
        )
    cited = plain(source.cite())
    parts.append(f"[{cited}]({source.url})" if source.url.startswith("http") else cited)
    return "\n\n".join([*parts, plain(fact.notes)])


def link_problems(problems: Sequence[str]) -> None:
    """Say what of a link could not be applied."""
    for problem in problems[:5]:
        st.toast(
            f"Left out of the link: {plain(problem)}",
            icon=":material/link_off:",
            duration="infinite",  # what is wrong for good is not said for seconds only
        )


def dropped_changes(dropped: Sequence[str]) -> None:
    """Say which changes of the scenario the data in force do not carry any more."""
    for one in dropped[:5]:
        st.toast(
            f"The data changed; dropped from the scenario: {plain(one)}",
            icon=":material/database:",
            duration="infinite",
        )


def problem_list(problems: Sequence[Problem]) -> None:
    """Show what is wrong with an input, and what to do, kindly and all at once."""
    count = f"{len(problems)} things" if len(problems) > 1 else "One thing"
    lines = [
        f"- **{plain(one.place)}**: found {plain(one.value)}, expected "
        f"{plain(one.expected)}. _{plain(one.fix)}_"
        for one in problems
    ]
    st.error("\n".join([f"{count} to mend; the scenario on screen stays as it is.", *lines]))


def compared() -> str:
    """Say what the changes under the figures are counted from, when there are any."""
    here = state.current() is state.approved()
    label = plain(reference()[0])
    return "" if here else f" Arrows under the figures: change against {label}."


def moved() -> str:
    """Say what the changes under the figures are counted from, or that no figure changes."""
    said = compared()
    return (said and unmoved(state.current(), state.approved())) or said


def kpi_row(kpis: Sequence[Kpi]) -> None:
    """Draw figures of equal size, each with its change against the base case or its context."""
    st.html(kpi_row_html(kpis, definition))
    missing = [f"{one.label}: {one.reason}" for one in kpis if one.value == NOTHING]
    if missing:
        st.caption(plain(" ".join(missing)))


@st.fragment
def chart_card(chart: Chart, key: str) -> None:
    """Draw a chart with its finding, unit, source, table and download.

    It grows to the height of the card beside it, so that both end on one line. A switch to its
    table redraws this card alone.
    """
    with st.container(border=True, key=f"card_{key}", gap="xxsmall", height="stretch"):
        st.markdown(f"**{chart.headline}**")
        st.caption(chart.subtitle)
        slot = st.container(height="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.caption(f"Source: {plain(chart.source)}", width="stretch")
            origins.behind(chart, key)
            shown = st.toggle("Table", key=switch_key(key))
            download(lambda: chart.table, key)
        with slot:
            if shown:
                table(chart.table, alt=chart.alt, height=chart.height)
            else:
                drawing(chart, key)


def drawing(chart: Chart, key: str) -> None:
    """Draw a chart alone."""
    st.plotly_chart(
        chart.figure,
        key=f"chart_{key}",
        config=CHART_CONFIG,
        alt=chart.alt,
        height="stretch",
    )


def download(
    frame: pd.DataFrame | Callable[[], pd.DataFrame], key: str, label: str = "CSV"
) -> None:
    """Offer a table as a CSV file, worked out and written when it is asked for."""
    name = f"rackcast_{key}_{state.scenario().hash}.csv"
    st.download_button(
        label,
        data=leaving(name, lambda: safe_csv(frame if isinstance(frame, pd.DataFrame) else frame())),
        file_name=name,
        mime="text/csv",
        key=f"csv_{key}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help="Download the numbers of this chart.",
    )


def lower_first(text: str) -> str:
    """Write a sentence so that it can stand after a colon."""
    return text[:1].lower() + text[1:]
