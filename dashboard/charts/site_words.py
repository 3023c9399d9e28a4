"""What stands on a site at the end of a month, in words and small tables."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from dashboard.charts.findings import listed
from dashboard.charts.study import Study
from dashboard.theme import JOIN, NOTHING, money, number, percent
from forecasts.report import month_name
from forecasts.site_month import Hall, SiteMonth, Stage, site_month

STAGE_WORDS = {
    Stage.PLANNED: "Not decided yet",
    Stage.DECIDED: "Decided: permits and grid",
    Stage.BUILDING: "Under construction",
    Stage.ENERGISED: "Energised, racks being commissioned",
    Stage.LIVE: "Live",
    Stage.EMPTY: "Without racks",
}
"""What each stage is called on screen."""

NEXT_WORDS = {
    Stage.PLANNED: "decision in",
    Stage.DECIDED: "construction from",
    Stage.BUILDING: "energised in",
    Stage.ENERGISED: "live from",
}
"""What comes after each stage."""

NOTE = (
    "Along the expected path, at the end of the month. Racks are delivered when their hall is "
    "energised; generators power a share of them. Shares of construction are shares of its "
    "months, not of its cost. The model holds no storage on site, and no source is at hand for "
    "weight or floor load of the racks: neither is drawn."
)
"""What a reader of the drawing has to know."""


def headline(study: Study, one: SiteMonth) -> str:
    """Say in a sentence what stands at the end of a month."""
    date = month_name(study.result, one.month)
    said = f"{date}: {number(one.live_mw, 1)} of {number(one.planned_mw, 1)} MW live"
    words = {
        Stage.ENERGISED: "energised",
        Stage.BUILDING: "under construction",
        Stage.DECIDED: "decided",
    }
    for stage, word in words.items():
        numbers = [str(hall.number) for hall in one.halls if hall.stage is stage]
        if numbers:
            said += f", phase{'s' * (len(numbers) > 1)} {listed(numbers)} {word}"
    return said


def _date(study: Study, month: int) -> str:
    """Write a month so that no line ends within it."""
    return month_name(study.result, month).replace("-", "\N{NON-BREAKING HYPHEN}")


def hall_words(study: Study, hall: Hall) -> str:
    """Say how far a hall is, and until when or since when."""
    said = STAGE_WORDS[hall.stage]
    if hall.stage is Stage.BUILDING:
        said += f", {percent(hall.built, 0)} of its months"
    if hall.stage is Stage.LIVE and not hall.on_grid:
        said += " on generators"
    if hall.stage in (Stage.LIVE, Stage.EMPTY) and hall.since is not None:
        return f"{said} since {_date(study, hall.since)}"
    if hall.until is None:
        return said
    return f"{said}; {NEXT_WORDS[hall.stage]} {_date(study, hall.until)}"


def rack_words(hall: Hall) -> str:
    """Say how many racks of ours stand in a hall, of how many planned."""
    said = JOIN.join((f"{hall.racks:,}", "of", f"{hall.planned_racks:,}"))
    return f"{said}, {hall.ordered_racks:,} on order" if hall.ordered_racks else said


def grid_words(study: Study, one: SiteMonth) -> str:
    """Say whether the grid carries the site, and how much it brings."""
    if one.grid_month is None:
        return "Nothing is built"
    date = _date(study, one.grid_month)
    if one.month < one.grid_month:
        return f"Due {date}, in {one.grid_month - one.month} months"
    return f"{number(one.grid_mw, 1)} of {number(one.contracted_mw, 1)} MW, since {date}"


def bridge_words(study: Study, row: int, one: SiteMonth) -> str:
    """Say what generators carry until the grid comes; empty where a scenario has none."""
    bridged = [phase for phase in study.result.phases[row] if phase.bridged_months]
    if not bridged or not study.result.plan.quantities[row]["bridge_power_share"] > 0:
        return ""
    if one.bridge_mw > 0:
        until = max(phase.grid for phase in bridged if phase.energised <= one.month < phase.grid)
        gone = _date(study, until)
        return f"{number(one.bridge_mw, 1)} MW rented until {gone}"
    coming = [phase.energised for phase in bridged if phase.energised > one.month]
    if coming:
        return f"From {_date(study, min(coming))}"
    return f"Gone since {_date(study, max(phase.grid for phase in bridged))}"


def source_words(one: SiteMonth) -> str:
    """Say where the energy of the month comes from; empty while nothing is live."""
    named = (
        ("grid", one.grid_share),
        ("purchase agreement", one.ppa_share),
        ("generators", one.bridge_share),
    )
    return ", ".join(f"{percent(share, 0)} {name}" for name, share in named if share > 0)


def figures(study: Study, row: int, one: SiteMonth) -> list[tuple[str, str, str]]:
    """Return the figures of a site: name, at the end of the month, in all.

    What a scenario has none of is said to be none.
    """
    bridge = bridge_words(study, row, one)
    return [
        ("IT load live, MW", number(one.live_mw, 1), number(one.planned_mw, 1)),
        ("Racks installed", f"{one.racks:,}", f"{one.planned_racks:,}"),
        ("Racks on order", f"{one.ordered_racks:,}", ""),
        (
            "Facility power at full draw, MW",
            number(one.facility_mw, 1),
            number(one.planned_mw * one.pue, 1),
        ),
        (
            f"of it cooling and losses, PUE {number(one.pue, 2)}, MW",
            number(one.cooling_mw, 1),
            number(one.planned_mw * (one.pue - 1), 1),
        ),
        (
            "Power of the grid connection, MW",
            number(one.grid_mw, 1),
            number(one.contracted_mw, 1),
        ),
        ("Generators until the grid comes, MW", number(one.bridge_mw, 1) if bridge else "none", ""),
        ("Energy of the month", source_words(one) or NOTHING, ""),
        ("First-time capex spent", money(one.capex_usd), money(one.planned_capex_usd)),
        (
            "Sold of the GPU-hours on offer",
            NOTHING if one.sold_share is None else percent(one.sold_share, 0),
            "",
        ),
    ]


def tables(study: Study, row: int, one: SiteMonth) -> str:
    """Return the figures of a site and of its halls as two small tables, as HTML."""
    date = month_name(study.result, one.month)
    halls = [
        (
            f"Phase {hall.number}",
            hall_words(study, hall),
            rack_words(hall),
            f"{number(hall.live_mw, 1)} of {number(hall.planned_mw, 1)}",
        )
        for hall in one.halls
    ]
    return _table(("The site", date, "In all"), figures(study, row, one), "rc-figures") + _table(
        ("Hall", "State", "Racks", "IT load live, MW"), halls, "rc-hall-list"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], kind: str) -> str:
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<table class="rc-table rc-beside {kind}"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def words(study: Study, row: int, one: SiteMonth) -> str:
    """Say the whole drawing in words, for those who cannot see it."""
    said = [f"Schematic of the site. {headline(study, one)}."]
    said.append(f"Grid connection: {grid_words(study, one)}.")
    bridge = bridge_words(study, row, one)
    if bridge:
        said.append(f"Generators: {bridge}.")
    said.append(f"Cooling and losses: {number(one.cooling_mw, 1)} MW at full draw.")
    said.extend(
        f"Phase {hall.number}: {hall_words(study, hall)}; racks {rack_words(hall)}."
        for hall in one.halls
    )
    return " ".join(said)


def by_month(study: Study, row: int) -> pd.DataFrame:
    """Table of the site in every month of the projection, a row by month and hall."""
    found = []
    for month in range(study.result.plan.months):
        one = site_month(study.result, row, month)
        found.extend(_lines(study, one))
    return pd.DataFrame(found)


def _lines(study: Study, one: SiteMonth) -> list[dict[str, object]]:
    site = {
        "month": month_name(study.result, one.month),
        "site_live_mw": one.live_mw,
        "grid_mw": one.grid_mw,
        "contracted_mw": one.contracted_mw,
        "bridge_mw": one.bridge_mw,
        "facility_mw": one.facility_mw,
        "capex_spent_usd": one.capex_usd,
    }
    return [
        {
            **site,
            "phase": hall.number,
            "state": hall.stage.value,
            "construction_share": hall.built,
            "racks": hall.racks,
            "planned_racks": hall.planned_racks,
            "racks_on_order": hall.ordered_racks,
            "live_mw": hall.live_mw,
            "on_grid": hall.on_grid,
        }
        for hall in one.halls
    ]
