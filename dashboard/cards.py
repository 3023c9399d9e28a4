"""Larger cards that pages share: ranking, notes, returns, inputs, grades, the stamp."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import link_state, state
from dashboard.charts.study import Study, short
from dashboard.editor_tables import found
from dashboard.glossary import definition
from dashboard.sign_in_state import leaving
from dashboard.theme import NOTHING, metric_text, number, plain
from dashboard.widgets import GRADE_COLOURS, download, table
from data.catalog import DESCRIPTOR, TABLES
from data.provenance import MEANING, Confidence
from forecasts.checks import Level, failed
from forecasts.metric_register import METRICS
from forecasts.metrics import Metric
from forecasts.plan import data_fact
from forecasts.scenario import QUANTITIES

RANKING_COLUMNS = {
    "IT load, MW": ("IT MW", "%.1f", 54),
    "Capex, USD m": ("Capex", "localized", 58),
    "NPV, USD m": ("NPV", "localized", 58),
    "NPV/capex, %": ("NPV/capex", "%.1f%%", 74),
    "IRR, %": ("IRR", "%.1f%%", 54),
    "Asked, %": ("Asked", "%.1f%%", 54),
    "LCOC, USD/h": ("LCOC", "%.2f", 50),
    "Price, USD/h": ("Price", "%.2f", 50),
    "Payback, years": ("Payback", "%.1f", 62),
}
"""Number columns of the ranking: heading, format and least width on screen."""

ONLY_IN_CSV = ("#", "Finding")
"""Columns of the ranking that the screen does not need: the order says one, two others the rest."""


def ranking_card(frame: pd.DataFrame, gaps: str) -> None:
    """Show all factories, best first; every column sorts. `gaps` says why cells are empty."""
    with st.container(border=True, gap="xxsmall"):
        _ranking(frame, gaps)


def _ranking(frame: pd.DataFrame, gaps: str) -> None:
    best = frame.iloc[0]
    st.markdown(f"**{best['Factory']} ranks first by value for each dollar of capex**")
    st.caption(
        "By NPV over first-time capex. Earns or misses: IRR against the cost of capital asked. "
        "Capex and NPV in USD m, LCOC and price in USD per GPU-hour, payback in years. "
        "Click a heading to sort."
    )
    config: dict[str, ColumnConfig] = {
        name: st.column_config.NumberColumn(label, format=written, width=width)
        for name, (label, written, width) in RANKING_COLUMNS.items()
    }
    widths = {"Verdict": 60, "Wave": 74, "First live": 66}
    config |= {name: st.column_config.TextColumn(width=wide) for name, wide in widths.items()}
    config["Factory"] = st.column_config.TextColumn(pinned=True, width=98)
    st.dataframe(
        frame.round({"Capex, USD m": 0, "NPV, USD m": 0}),
        hide_index=True,
        column_config=config,
        column_order=[str(name) for name in frame.columns if name not in ONLY_IN_CSV],
        placeholder=NOTHING,
        height="content",
        alt="Ranking of all factories by NPV over capex",
    )
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.caption(
            "IRR and NPV after tax, before debt; LCOC and price levelised, before tax."
            f"{plain(f' {NOTHING}: {gaps}') if gaps else ''}",
            width="stretch",
        )
        download(frame, "ranking")


def check_notes(study: Study) -> None:
    """Show what a reader should know of the result."""
    names = {site.key: short(site) for site in study.sites}
    found = state.checks()
    notes = [one for one in found if one.level in (Level.WARNING, Level.NOTE)]
    held = sum(one.level is Level.OK for one in found)
    title = f"{len(notes)} notes on this scenario; {held} integrity checks hold"
    shown = st.expander(title, key="check_notes", on_change="rerun")
    if not shown.open:
        return
    with shown:
        frame = pd.DataFrame(
            {
                "Factory": [names.get(one.factory, "All") for one in notes],
                "About": [one.name.capitalize() for one in notes],
                "Note": [one.message for one in notes],
            }
        )
        table(frame, alt="Notes from the checks of the result")


def stamp(study: Study) -> None:
    """Say which scenario and data the page shows, so that a print can be traced.

    On every page a failed identity stands here in red.
    """
    for one in failed(state.checks()):
        st.error(f"Do not use these results: {one.name}: {one.message}")
    now = state.scenario()
    plan = study.result.plan
    restored = (
        "The address of this page restores exactly this state."
        if link_state.link_holds()
        else "The scenario is too long for the address of this page: send its file instead."
    )
    st.caption(
        f"Scenario {plain(now.name)} ({now.hash}), data {plan.data_version}, "
        f"{plan.months} months from {plan.start:%B %Y}, nominal USD. {restored}"
    )


def returns_table(returns: Mapping[str, Metric]) -> None:
    """Show every metric with its value, or the reason why there is none, and its definition."""
    frame = pd.DataFrame(
        {
            "Metric": [METRICS[name].label for name in returns],
            "Value": [metric_text(metric) for metric in returns.values()],
            "Why there is none": [metric.reason for metric in returns.values()],
            "Definition": [definition(name) for name in returns],
        }
    )
    table(frame, alt="Returns with their definitions")


def inputs_table(study: Study, row: int) -> None:
    """Show every quantity of a factory: value, where it comes from, grade, address."""
    plan = study.result.plan
    site = plan.sites[row]
    stated = state.scenario().stated()
    lines = []
    for name, quantity in QUANTITIES.items():
        fact = plan.facts.get((site.key, name))
        own = name in stated or name in plan.scenario.sites.get(site.key, {})
        if fact is None and not own:
            fact = data_fact(state.catalog(), quantity, site)
        value = state.shown(quantity, float(plan[name][row, 0]))
        lines.append(
            {
                "Section": quantity.section.title,
                "Assumption": quantity.label,
                "Value": f"{number(value, quantity.unit.digits)} {quantity.unit.text}".strip(),
                "Source": "Stated by this scenario" if fact is None else fact.source.cite(),
                "Address": "" if fact is None else fact.source.url,
                "Meaning": quantity.help,
                "Notes": "" if fact is None else fact.notes,
            }
        )
    table(pd.DataFrame(lines), alt=f"Inputs of {site.name} with their sources", height=520)


def meaning_table(section: str, wanted: str) -> pd.DataFrame:
    """Table of what assumptions mean, their base value and range, and their source."""
    lines = []
    for name in found(section, wanted):
        quantity = QUANTITIES[name]
        unit = quantity.unit
        fact = None
        if quantity.from_data is None:
            fact = state.catalog().fact("assumptions", quantity=name)
        ends = [] if fact is None else [fact.value, fact.low, fact.high]
        base, low, high = (
            "" if end is None else f"{end * unit.scale:,.10g} {unit.text}".strip()
            for end in [*ends, None, None, None][:3]
        )
        lines.append(
            {
                "Assumption": quantity.label,
                "Meaning": quantity.help,
                "Base": base or "each site's own",
                "Lowest": low,
                "Highest": high,
                "Source": "page Data" if fact is None else fact.source.cite(),
                "Address": "" if fact is None else fact.source.url,
            }
        )
    return pd.DataFrame(lines)


def grade_counts(grades: Sequence[Confidence]) -> None:
    """Show how many rows have each grade."""
    counted = Counter(grades)
    with st.container(horizontal=True, gap="small"):
        for confidence in Confidence:
            if counted[confidence]:
                st.badge(
                    f"{counted[confidence]:,} {confidence}",
                    color=GRADE_COLOURS[confidence],
                    help=MEANING[confidence],
                )


def descriptor_download() -> None:
    """Offer the Data Package descriptor of all tables."""
    path = TABLES.parent / DESCRIPTOR
    if path.is_file():
        st.download_button(
            "Data package",
            data=leaving(DESCRIPTOR, path.read_bytes),
            file_name=DESCRIPTOR,
            mime="application/json",
            on_click="ignore",
            type="tertiary",
            icon=":material/inventory_2:",
            help="Fields, hashes, sources and licence of all tables.",
        )
