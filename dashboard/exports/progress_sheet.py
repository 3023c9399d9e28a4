"""One sheet on all sites: what stands at the end of some years, and what anybody has seen."""

from collections.abc import Mapping

from dashboard.charts.study import Study, short
from dashboard.exports.sheets import Grid, Sheet
from dashboard.theme import NOTHING, number
from forecasts.site_month import SiteMonth, Stage, site_month
from forecasts.units import MONTHS_PER_YEAR

YEARS_ON = (1, 2, 3, 4, 6, 9)
"""Calendar years of the projection at whose end sites are shown, the first being 0."""

LEAD = (
    "MW of IT load at the end of the year: live, and in halls under construction or being "
    "commissioned. Evidence: the factory's own, held against the months of its plan."
)


def progress_sheets(study: Study, evidence: Mapping[str, str]) -> list[Sheet]:
    """Return the sheet, or none where nothing is built or the projection is too short.

    Parameters
    ----------
    study : Study
        The case.
    evidence : mapping of str to str
        What is publicly known of a factory, in a few words, by its key.
    """
    built = [row for row in study.order() if study.result.phases[row]]
    ends = _year_ends(study)
    if not built or not ends:
        return []
    rows = tuple(
        (
            short(study.sites[row]),
            *(_stands(site_month(study.result, row, month)) for month in ends.values()),
            evidence.get(study.sites[row].key, NOTHING),
        )
        for row in built
    )
    header = ("Factory", *(str(year) for year in ends), "Public evidence against the plan")
    widths = (1.2, *(1.0 for _ in ends), 2.6)
    grid = Grid("Sites at year ends, MW live (coming)", header, rows, widths)
    year, month = next((pair for pair in ends.items() if _live(study, pair[1])), (0, 0))
    live = sum(study.result.sales.live_mw[row, month] > 0 for row in built)
    title = (
        f"At the end of {year}, {live} of {len(built)} sites are live, with "
        f"{number(_live(study, month), 1)} MW of IT load"
        if year
        else f"None of {len(built)} sites is live by the end of {max(ends)}"
    )
    return [Sheet(title, LEAD, (grid,), topic="sites")]


def _live(study: Study, month: int) -> float:
    return float(study.result.sales.live_mw[:, month].sum())


def _year_ends(study: Study) -> dict[int, int]:
    """Return the last month of some calendar years, in months of the model."""
    plan = study.result.plan
    first = MONTHS_PER_YEAR - plan.start.month  # December of the first year
    ends = {plan.start.year + on: first + MONTHS_PER_YEAR * on for on in YEARS_ON}
    return {year: month for year, month in ends.items() if month < plan.months}


def _stands(one: SiteMonth) -> str:
    """Write what is live at a site, and in brackets what is coming."""
    coming = sum(
        hall.planned_mw for hall in one.halls if hall.stage in (Stage.BUILDING, Stage.ENERGISED)
    )
    live = number(one.live_mw, 1) if one.live_mw else NOTHING
    return f"{live} ({number(coming, 1)})" if coming else live
