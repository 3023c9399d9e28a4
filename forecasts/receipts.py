"""Cash beside operations: resale of replaced racks, value at the end, working capital."""

from forecasts.cohorts import life_months
from forecasts.compiled import Record, bare
from forecasts.lines import LINE
from forecasts.records import TRACK
from forecasts.units import MONTHS_PER_YEAR, Array

RESALE, TERMINAL, WORKING = LINE["resale"], LINE["terminal_value"], LINE["working_capital"]
REVENUE, OPEX = TRACK["revenue"], TRACK["opex"]

DAYS_PER_MONTH = 365 / 12
LEAST_KEPT = 1e-6
"""Least share of its price that hardware keeps, so that a value of nothing can be a power."""


@bare
def receive(q: Record, build: Record, lines: Array) -> None:
    """Fill in resale of replaced racks and the value of everything at the end.

    Hardware loses value by age so that the stated share is left at the end of its life; the
    facility loses it along a straight line; land keeps its cost.
    """
    months = lines.shape[1]
    life = q.hardware_life_years * MONTHS_PER_YEAR
    left = 0.0
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        if cohort.end < months:
            lines[RESALE, cohort.end] += build.hardware_usd[place] * q.hardware_residual_share
        elif cohort.kw > 0:
            age = min(max((months - cohort.live) / life, 0.0), 1.0)
            left += build.hardware_usd[place] * max(q.hardware_residual_share, LEAST_KEPT) ** age
    for place in range(build.made[0]):
        left += hall_left(q, build, place, months)
    lines[TERMINAL, months - 1] = left


@bare
def hall_left(q: Record, build: Record, place: int, months: int) -> float:
    """Return what a phase's facility, along a straight line, and its land are worth at the end."""
    age = (months - build.phases[place].live) / (q.facility_life_years * MONTHS_PER_YEAR)
    left = build.facility_usd[place] * min(max(1 - age, 0.0), 1.0)
    return float(left + build.land_usd[place])


@bare
def tie_up(q: Record, lines: Array, tracks: Array) -> None:
    """Fill in working capital: what customers owe less what suppliers wait for, freed at the end.

    Revenue x days to collect less opex x days to pay, over the days of a month; the change is cash.
    """
    owed = q.receivable_days / DAYS_PER_MONTH
    waits = q.payable_days / DAYS_PER_MONTH
    before = 0.0
    for month in range(lines.shape[1]):
        now = tracks[REVENUE, month] * owed + tracks[OPEX, month] * waits
        if month == lines.shape[1] - 1:
            now = 0.0
        lines[WORKING, month] = before - now
        before = now


@bare
def first_live(build: Record, months: int) -> int:
    """First month in which anything is sold; `months` when nothing ever is."""
    first = months
    for place in range(build.made[0]):
        first = min(first, build.phases[place].live)
    return first


@bare
def depreciate(q: Record, build: Record, written: Array) -> float:
    """Fill in tax depreciation by month and return what is written off at the very end.

    Straight line, or declining balance by the stated factor with a switch to straight line; what
    is left when racks go, or at the end of the projection, is written off in the last month (the
    amount returned is part of it).
    """
    months = written.size
    over = 0.0
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        life = life_months(q.hardware_tax_life_years)
        cost = build.hardware_usd[place]
        left = _write_off(written, cost, cohort.live, min(cohort.end, months), life, q)
        if cohort.end >= months:
            over += left
    for place in range(build.made[0]):
        life = life_months(q.facility_tax_life_years)
        live = build.phases[place].live
        over += _write_off(written, build.facility_usd[place], live, months, life, q)
    return over


@bare
def _write_off(written: Array, cost: float, live: int, end: int, life: int, q: Record) -> float:
    """Depreciate one asset; return what was left of it when it went."""
    book, until = cost, min(end, live + life)
    if q.declining_factor <= 0:
        amount = cost / life
        for month in range(live, until):
            written[month] += amount
        book -= amount * max(until - live, 0)
        until = live
    for month in range(live, until):
        amount = max(book * q.declining_factor / life, book / (live + life - month))
        written[month] += amount
        book -= amount
    if live + life <= end:
        return 0.0
    written[end - 1] += book
    return book
