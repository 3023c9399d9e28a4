"""The story of a case: which findings, charts and tables a briefing shows, in which order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from dashboard.charts import findings, kpis, risk
from dashboard.charts.card import MODEL
from dashboard.charts.study import Study, short
from dashboard.exports import comparison, plots
from dashboard.exports.grids import ranking_grid, returns_grid
from dashboard.exports.progress_sheet import progress_sheets
from dashboard.exports.sheets import REOPEN, Briefing, Grid, Kind, Plot, Sheet, Tile, Words, cut
from dashboard.exports.stamp import LICENCE, Stamp
from dashboard.theme import NOTHING, money, number, percent
from forecasts.checks import Check, Level
from forecasts.plan import FIRST_WAVE
from forecasts.scenario import QUANTITIES

Data = Mapping[str, Any]

TOPICS = {
    "portfolio": "Portfolio: map of phases, capacity, capex, cash, ranking",
    "sites": "Sites: what stands at year ends, and public evidence",
    "factory": "One page for each factory",
    "risk": "Risk: probabilities and spread of returns",
    "comparison": "Comparison with another scenario",
    "assumptions": "Assumptions that matter",
    "sources": "Sources, checks and reading guide",
}
"""What a briefing can hold, by topic."""

AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "Board": ("portfolio", "sites", "risk", "comparison", "assumptions", "sources"),
    "Investors and lenders": (
        "portfolio",
        "sites",
        "factory",
        "risk",
        "comparison",
        "assumptions",
        "sources",
    ),
    "Public and press": ("portfolio", "sources"),
}
"""Topics by audience."""

RETURNS = (
    "npv", "irr", "equity_irr", "payback", "moic", "lcoc", "levelised_price", "break_even_price",
    "min_dscr_12m", "llcr", "gearing", "peak_funding", "capex_per_mw", "delay_cost",
    "demand_captured", "time_to_power",
)  # fmt: skip
"""Metrics on the page of a factory."""

FEWER_SOURCES = 9
SOURCES_SHOWN = 16
DRIVERS_SHOWN = 10


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Everything a briefing tells of.

    Attributes
    ----------
    study : Study
        The case.
    stamp : Stamp
        What it says of itself.
    checks : sequence of Check
        What the model's checks found.
    simulation, ranked : mapping
        `risk_report.simulation_data` and `compare.ranking_data` of the case.
    drivers : sequence of comparison.Driven
        What moves the portfolio's NPV, widest first.
    other : Study
        The scenario it is compared with.
    bridge : sequence of comparison.Step
        What the difference between the two is made of.
    evidence : mapping of str to str
        What is publicly known of a factory's progress, by its key.
    """

    study: Study
    stamp: Stamp
    checks: Sequence[Check]
    simulation: Data
    ranked: Data
    drivers: Sequence[comparison.Driven]
    other: Study
    bridge: Sequence[comparison.Step]
    evidence: Mapping[str, str] = field(default_factory=dict)


NOTES_SHOWN, NOTE_SHOWN = 8, 160
"""Notes of a briefing, and characters of each."""

FEATURED = 3
"""Most factories of a brief: those of the first wave, then the best."""


def briefing(
    material: Material, topics: Sequence[str] = tuple(TOPICS), *, in_short: bool = False
) -> Briefing:
    """Tell the story of a case.

    Parameters
    ----------
    material : Material
        What is known of it.
    topics : sequence of str
        Which of `TOPICS`, in the order of that list.
    in_short : bool
        Whether only some factories have a page of their own.

    Raises
    ------
    ValueError
        If there is no such topic.
    """
    unknown = [topic for topic in topics if topic not in TOPICS]
    if unknown:
        raise ValueError(f"there is no topic {unknown[0]!r}; use some of {', '.join(TOPICS)}")
    makers: Mapping[str, Callable[[Material], list[Sheet]]] = {
        "portfolio": _portfolio,
        "sites": lambda told: progress_sheets(told.study, told.evidence),
        "factory": partial(_factories, most=FEATURED if in_short else None),
        "risk": _risk,
        "comparison": _comparison,
        "assumptions": _assumptions,
        "sources": partial(_closing, shown=FEWER_SOURCES if in_short else SOURCES_SHOWN),
    }
    sheets = [sheet for topic in TOPICS if topic in topics for sheet in makers[topic](material)]
    study = material.study
    return Briefing(
        title=findings.headline(study),
        lead=findings.size_sentence(study),
        sheets=tuple(sheets),
        stamp=material.stamp,
    )


def _portfolio(material: Material) -> list[Sheet]:
    study = material.study
    tiles = tuple(
        Tile(one.label, one.value, one.context or one.reason)
        for one in kpis.portfolio_kpis(study, study)
    )
    together = material.simulation["portfolio"]["metrics"]["npv"]
    sure = risk.meaning(material.simulation) if together["p10"] else ""
    return [
        Sheet(
            findings.headline(study),
            f"{findings.size_sentence(study)} {sure}".strip(),
            (plots.capacity(study), plots.cash(study, None)),
            tiles,
            "portfolio",
        ),
        Sheet(
            _leader(study),
            "Every factory by the value it returns for each dollar of first-time capex. Earns or "
            "misses: IRR against the cost of capital asked of the country.",
            (ranking_grid(study),),
            topic="portfolio",
        ),
        Sheet(
            plots.capex(study).title,
            "What is spent on building and on refreshing racks, and what comes in and goes out.",
            (plots.capex(study), plots.revenue_and_cost(study, None)),
            topic="portfolio",
        ),
    ]


def _leader(study: Study) -> str:
    best = study.order()[0]
    value = study.value_per_capex(best)
    if value is None:
        return "No factory is built in this scenario"
    word = "returns" if value >= 0 else "loses least:"
    return f"{short(study.sites[best])} {word} {percent(abs(value))} of its capex in NPV"


def _factories(material: Material, most: int | None) -> list[Sheet]:
    study = material.study
    rows = [row for row in study.order() if study.result.phases[row]]
    first = sorted(rows, key=lambda row: study.sites[row].wave != FIRST_WAVE)[:most]
    return [_factory(study, row) for row in rows if row in first]


def _factory(study: Study, row: int) -> Sheet:
    site = study.sites[row]
    wave = "first wave" if site.wave == "1" else "candidate site"
    phases = study.result.phases[row]
    built = sum(phase.it_mw for phase in phases)
    return Sheet(
        f"{short(site)}: {_lowered(findings.verdict(study, row))}",
        f"{site.city}, {wave}: {number(built, 1)} MW of IT load in {len(phases)} "
        f"{'phase' if len(phases) == 1 else 'phases'}. "
        f"{findings.cash_finding(study.returns[row])}.",
        (
            plots.gantt(study, row),
            plots.capex_lines(study, row),
            plots.cash(study, row),
            returns_grid(study, row, RETURNS[:10]),
        ),
        topic="factory",
    )


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _risk(material: Material) -> list[Sheet]:
    study, data = material.study, material.simulation
    spread = risk.returns_spread(study, data)
    if spread is None:
        return []
    frame = spread.table.iloc[::-1]
    low, middle, high = (
        tuple(float(value) for value in frame[column]) for column in ("P10, %", "P50, %", "P90, %")
    )
    series = comparison.ranges(low, middle, high)
    names = tuple(str(name) for name in frame["Factory"])
    unit = (
        f"Project IRR, % a year, {data['paths']:,} paths: light from P10 to the median, dark from "
        "the median to P90"
    )
    plot = Plot(spread.headline, unit, Kind.RANGES, names, series, risk.SOURCE)
    odds = risk.odds(study, data)
    rows = tuple(tuple(str(cell) for cell in line) for line in odds.itertuples(index=False))
    columns = tuple(str(name) for name in odds.columns)
    note = f"Each with its standard error. {data.get('record_means', '')}".strip()
    grid = Grid("How likely, by factory", columns, rows, (1.4, *[1.0] * (len(columns) - 1)),
                tuple(range(1, len(columns))), note)  # fmt: skip
    first = risk.first_places(study, material.ranked)
    said = f" {first.headline}." if first is not None else ""
    lead = f"{risk.meaning(data)}{said} {data['paths_mean']}"
    return [Sheet(risk.headline(study, data), lead, (plot, grid), topic="risk")]


def _comparison(material: Material) -> list[Sheet]:
    study, other = material.study, material.other
    plot = comparison.bridge_plot(study, other, material.bridge)
    return [
        Sheet(
            plot.title,
            f"This scenario ({study.result.plan.scenario.name}) against "
            f"{other.result.plan.scenario.name}: {other.result.plan.scenario.description}".strip(),
            (plot, comparison.side_by_side(study, other)),
            topic="comparison",
        )
    ]


def _assumptions(material: Material) -> list[Sheet]:
    drivers = list(material.drivers)[:DRIVERS_SHOWN]
    if not drivers:
        return _noted(material)
    top = drivers[0]
    label = QUANTITIES[top.name].label
    rows = tuple(
        (
            QUANTITIES[one.name].label,
            one.value,
            one.range,
            money(one.low),
            money(one.high),
            one.source,
        )
        for one in drivers
    )
    header = ("Assumption", "Value", "Range", "NPV at low", "NPV at high", "Rests on")
    grid = Grid("What moves the portfolio's NPV most", header, rows, (2.3, 1.3, 1.6, 1.1, 1.1, 3.2),
                (3, 4), "Each assumption alone, over its stated range, planned anew.")  # fmt: skip
    said = f"{label} decides: over its range NPV moves by {money(top.span)}"
    lead = "The assumptions that move NPV most, one at a time, with the range and what it rests on."
    return [Sheet(said, lead, (grid,), topic="assumptions"), *_noted(material)]


def _noted(material: Material) -> list[Sheet]:
    """Notes on assumptions of the saved scenario, with author and day; none without notes."""
    notes = material.stamp.notes
    if not notes:
        return []
    rows = [
        (
            QUANTITIES[one.assumption].label if one.assumption in QUANTITIES else one.assumption,
            shorten(one.text, NOTE_SHOWN, placeholder=" ..."),
            one.who,
            one.day,
        )
        for one in notes
    ]
    grid = Grid("Notes", ("Assumption", "Note", "By", "On"), cut(rows, NOTES_SHOWN),
                (2.2, 5.4, 1.6, 1.0), (), "Long notes stand whole in the workbook.")  # fmt: skip
    people = len({one.who for one in notes})
    title = (
        f"{len(notes)} {'note' if len(notes) == 1 else 'notes'} on assumptions, by {people} "
        f"{'person' if people == 1 else 'people'}"
    )
    name = notes[0].scenario.rpartition("@")[0]
    lead = f"What people wrote on assumptions of the saved scenario {name}."
    return [Sheet(title, lead, (grid,), topic="assumptions")]


def _closing(material: Material, shown: int) -> list[Sheet]:
    stamp = material.stamp
    rows = [
        (one.publisher, one.date, one.grade, str(one.rows), urlsplit(one.url).netloc or NOTHING)
        for one in stamp.sources
    ]
    grid = Grid(
        "Sources by the rows that rest on them",
        ("Source", "Date", "Grade", "Rows", "Site"),
        cut(rows, shown),
        (4.0, 1.3, 1.2, 0.7, 1.9),
        (3,),
    )
    held = sum(one.level is Level.OK for one in material.checks)
    broken = [one for one in material.checks if one.level is Level.FAILED]
    warnings = [one for one in material.checks if one.level is Level.WARNING]
    notes = sum(one.level is Level.NOTE for one in material.checks)
    words = Words(
        "How to read this",
        (
            f"{held} integrity checks hold, {len(broken)} fail; {len(warnings)} warnings, "
            f"{notes} notes.",
            *(f"Warning, {one.factory or 'all'}: {one.message}" for one in warnings[:3]),
            "Money is nominal USD; NPV and IRR after tax, before debt, at each country's own rate.",
            "LCOC: present value of all costs over present value of sold GPU-hours.",
            f"{REOPEN}{stamp.link or 'send its scenario file, too long for a link'}",
            LICENCE,
        ),
    )
    grades = {one.grade for one in stamp.sources}
    total = sum(one.rows for one in stamp.sources)
    assumed = sum(one.rows for one in stamp.sources if one.grade == "assumption")
    title = (
        f"{number(total)} rows stand behind this case; {number(assumed)} of them are assumptions"
    )
    lead = f"Every row has a source, a date and a grade ({', '.join(sorted(grades))}); {MODEL}."
    return [Sheet(title, lead, (grid, words), topic="sources")]
