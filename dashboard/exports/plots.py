"""Charts of a briefing, from the same frames as the charts on screen."""

import numpy as np
import pandas as pd

from dashboard.charts import findings, overview
from dashboard.charts.card import MODEL, scaled
from dashboard.charts.cash import cumulative_cash
from dashboard.charts.factory import build_out, rack_name
from dashboard.charts.study import Study, short
from dashboard.exports.sheets import Kind, Plot, Series, Values
from dashboard.theme import (
    BLUE,
    GREEN,
    GREY,
    LINE_STYLES,
    ORANGE,
    SKY,
    VERMILION,
    factory_style,
    money_scale,
    number,
    unhatched,
)
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES, REVENUE_LINES
from forecasts.report import annual_frame, month_name, years
from forecasts.tax import calendar_years
from forecasts.units import MONTHS_PER_YEAR

FACTORIES_DRAWN = 7
"""Factories a stack shows one by one, by size; the others stand together."""

LINES_DRAWN = 6
"""Cost lines a chart shows one by one."""


def _whole(values: "pd.Series[float]") -> Values:
    return tuple(float(value) for value in values)


def capacity(study: Study) -> Plot:
    """Live MW at the end of each year, by factory."""
    return _by_factory(study, overview.capacity_by_year(study).table, ", MW", _capacity_said(study))


def _capacity_said(study: Study) -> tuple[str, str]:
    made = overview.capacity_by_year(study)
    return made.headline, made.subtitle


def capex(study: Study) -> Plot:
    """First-time capex by factory and year, refreshes on top."""
    made = overview.capex_by_year(study)
    unit = str(made.table.columns[1]).rpartition(", ")[2]
    return _by_factory(study, made.table, f", {unit}", (made.headline, made.subtitle), digits=1)


def _by_factory(
    study: Study, table: pd.DataFrame, unit: str, said: tuple[str, str], digits: int = 0
) -> Plot:
    frame = table.set_index("Year").rename(columns=lambda name: str(name).removesuffix(unit))
    colours = {short(site): unhatched(factory_style(site.key)) for site in study.sites}
    sums = frame.abs().sum().sort_values(ascending=False, kind="stable")
    names = [name for name in sums.index if sums[name] > 0]
    owned = [name for name in names if name in colours]
    drawn = owned if len(owned) <= FACTORIES_DRAWN else owned[: FACTORIES_DRAWN - 1]
    series = [Series(str(name), _whole(frame[name]), colours[name]) for name in drawn]
    rest = [name for name in owned if name not in drawn]
    if rest:
        series.append(Series(f"{len(rest)} others", _whole(frame[rest].sum(axis=1)), "#B9C2CE"))
    series += [Series(name, _whole(frame[name]), GREY) for name in names if name not in colours]
    years_shown = tuple(str(year) for year in frame.index)
    return Plot(said[0], said[1], Kind.STACK, years_shown, tuple(series), MODEL, digits)


def cash(study: Study, row: int | None) -> Plot:
    """Cumulative net cash at the end of each year, before debt."""
    made = cumulative_cash(study, row)
    total = made.table["Cumulative, USD m"].to_numpy()
    plan = study.result.plan
    calendar = calendar_years(plan.start, plan.months)
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    divisor, unit = money_scale(float(np.abs(total).max(initial=0.0)) * 1e6)
    values = tuple(float(value) for value in total[last] * 1e6 / divisor)
    shown = f"Cumulative net cash after tax, before debt, at year end, {unit} (nominal)"
    line = Series("Cumulative net cash", values, BLUE)
    names = tuple(str(year) for year in years(study.result))
    return Plot(made.headline, shown, Kind.LINES, names, (line,), MODEL, 1 if divisor > 1e6 else 0)


def capex_lines(study: Study, row: int) -> Plot:
    """First-time capex of a factory by line, largest first."""
    usd = {name: -float(study.result.lines[name][0, row].sum()) + 0.0 for name in CAPEX_LINES}
    order = sorted((name for name in usd if usd[name] > 0), key=lambda name: -usd[name])
    divisor, unit = money_scale(max(usd.values(), default=0.0))
    kept = order if len(order) <= LINES_DRAWN + 2 else order[: LINES_DRAWN + 1]
    bars = {LINES[name].label: usd[name] / divisor for name in kept}
    rest = sum(usd[name] for name in order if name not in kept)
    if rest:
        bars["All other lines"] = rest / divisor
    values = Series("First-time capex", tuple(bars.values()), BLUE)
    return Plot(
        findings.capex_finding(study, row),
        f"First-time capex of all phases by line, {unit} (nominal)",
        Kind.BARS,
        tuple(bars),
        (values,),
        MODEL,
        1 if divisor > 1e6 else 0,
    )


def opex(study: Study, row: int) -> Plot:
    """Running cost of a factory by year: the largest lines, the others together."""
    annual = annual_frame(study.result, row)
    usd = pd.DataFrame({name: -annual[f"{name}_usd"] + 0.0 for name in OPEX_LINES})
    frame, unit = scaled(usd)
    sums = frame.sum().sort_values(ascending=False, kind="stable")
    top = [str(name) for name in sums.index[:LINES_DRAWN] if sums[name] > 0]
    series = [
        Series(LINES[name].label, _whole(frame[name]), unhatched(LINE_STYLES[name])) for name in top
    ]
    rest = frame.drop(columns=top).sum(axis=1)
    if rest.abs().any():
        series.append(Series("All other lines", _whole(rest), GREY))
    return Plot(
        findings.opex_finding(study, row),
        f"Running cost by year and line, {unit} of the year (nominal)",
        Kind.STACK,
        tuple(str(year) for year in frame.index),
        tuple(series),
        MODEL,
        1 if unit.endswith("bn") else 0,
    )


def revenue_and_cost(study: Study, row: int | None) -> Plot:
    """Revenue, running cost and net cash by year."""
    annual = annual_frame(study.result, row)
    shown = {
        "Revenue": (annual["revenue_usd"], GREEN, "solid"),
        "Running cost": (-annual["opex_usd"], VERMILION, "dash"),
        "Net cash": (annual["net_cash_usd"], BLUE, "dot"),
    }
    frame, unit = scaled(pd.DataFrame({name: held[0] for name, held in shown.items()}))
    most = sorted(REVENUE_LINES, key=lambda name: -float(annual[f"{name}_usd"].sum()))[:2]
    names = " and ".join(LINES[name].label.lower() for name in most)
    last = annual["revenue_usd"].to_numpy()
    top = int(last.argmax())
    said = (
        f"Revenue peaks at {number(float(frame['Revenue'].iloc[top]), 2)} {unit} in "
        f"{annual.index[top]}"
        if last.max() > 0
        else "Nothing is sold in this scenario"
    )
    series = tuple(
        Series(name, _whole(frame[name]), colour, dash) for name, (_, colour, dash) in shown.items()
    )
    years_shown = tuple(str(year) for year in annual.index)
    what = f"Revenue (mostly {names}), running cost and net cash, {unit} of the year (nominal)"
    digits = 1 if unit.endswith("bn") else 0
    return Plot(said, what, Kind.LINES, years_shown, series, MODEL, digits)


STAGES = (("Permits and grid", SKY), ("Construction", ORANGE), ("Commissioning", VERMILION))
"""Stages of a phase before it is live, with their colours."""


def gantt(study: Study, row: int) -> Plot:
    """Phases of a factory from decision to the end, as spans of years."""
    plan, phases = study.result.plan, study.result.phases[row]
    first = plan.start.year + (plan.start.month - 1) / MONTHS_PER_YEAR

    def when(month: int) -> float:
        return first + month / MONTHS_PER_YEAR

    names = []
    for phase in phases:
        rack = rack_name(plan.generations[row][phase.generation].name)
        live = month_name(study.result, phase.live)
        names.append(f"Phase {phase.number}: {number(phase.it_mw, 1)} MW, {rack}, live {live}")
    foot = Series("Start", tuple(when(phase.decision) for phase in phases), "#FFFFFF", unseen=True)
    edges = [
        (phase.decision, phase.construction, phase.energised, phase.live, plan.months)
        for phase in phases
    ]
    series = [foot]
    for place, (label, colour) in enumerate((*STAGES, ("Live", GREEN))):
        lasting = tuple((own[place + 1] - own[place]) / MONTHS_PER_YEAR for own in edges)
        series.append(Series(label, lasting, colour))
    return Plot(
        build_out(study, row).headline,
        "From the decision on each phase to the end of the projection, calendar years",
        Kind.SPANS,
        tuple(names),
        tuple(series),
        MODEL,
    )


def coverage(study: Study, row: int) -> Plot:
    """Demand and live capacity of a factory at the end of each year."""
    annual = annual_frame(study.result, row)
    series = (
        Series("Demand", _whole(annual["demand_mw"]), ORANGE, "dash"),
        Series("Live capacity", _whole(annual["live_mw"]), BLUE),
    )
    return Plot(
        findings.coverage_finding(study, row),
        "IT load wanted and IT load live at year end, MW",
        Kind.LINES,
        tuple(str(year) for year in annual.index),
        series,
        MODEL,
    )
