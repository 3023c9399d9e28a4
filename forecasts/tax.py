"""Income tax: by calendar year, losses carried forward, holidays, paid by month of operation."""

import datetime as dt

import numpy as np

from forecasts.compiled import Record, bare, summing, whole
from forecasts.units import MONTHS_PER_YEAR, Array, Whole


def calendar_years(start: dt.date, months: int) -> Whole:
    """Index of the calendar year of each month, 0 for the first."""
    index: Whole = (start.month - 1 + np.arange(months)) // MONTHS_PER_YEAR
    return index


def by_year(monthly: Array, years: Whole) -> Array:
    """Sum a (..., month) array over calendar years, (..., year)."""
    starts = np.flatnonzero(np.diff(years, prepend=-1))
    return np.add.reduceat(monthly, starts, axis=-1)


def income_tax(taxable_usd: Array, exempt: Array, rate: Array) -> Array:
    """Tax of each year: losses are carried forward without limit, none is paid out.

    Parameters
    ----------
    taxable_usd : (path, factory, year) array
        Taxable income before losses of earlier years.
    exempt : (factory, year) array
        1 in years of a tax holiday: no tax, and profits then use up no losses.
    rate : (factory, 1) array
        Tax rate.

    Returns
    -------
    (path, factory, year) array
        Tax due, zero or positive.
    """
    losses = np.zeros(taxable_usd.shape[:-1])
    due = np.empty_like(taxable_usd)
    for year in range(taxable_usd.shape[-1]):
        income = taxable_usd[..., year]
        free = exempt[:, year] > 0
        used = np.where(free, 0.0, np.minimum(losses, np.maximum(income, 0.0)))
        losses = losses - used + np.maximum(-income, 0.0)
        due[..., year] = np.where(free, 0.0, np.maximum(income, 0.0) - used) * rate[:, 0]
    return due


MOST_YEARS = 50
"""Tax years a projection can touch."""


@bare
def year_end(month: int, first_month: int) -> int:
    """Last month of the tax year that begins after a month which ends one, or before month 0."""
    return month + MONTHS_PER_YEAR - (first_month + month + 1) % MONTHS_PER_YEAR


@bare
def due_by_year(
    q: Record, income: Array, first_month: int, first: int, disposal: float, years: Array
) -> float:
    """Tax of each tax year, which is the calendar year; return that on the disposal at the end.

    Losses are carried forward, the oldest first, for the stated years and up to the stated share
    of a year's income; none is paid out. No tax is due in years that end within the holiday.

    Parameters
    ----------
    q : QUANTITY
        Assumptions.
    income : (month,) array
        Taxable income of operations.
    first_month : int
        Calendar month of month 0, 0 for January.
    first : int
        First month of operation.
    disposal : float
        Gain of selling everything in the last month.
    years : (3, year) array
        The first row is filled with the tax of each year; the disposal counts only in what is
        returned. The others are room for losses.
    """
    due, pools, left = years[0], years[1], years[2]
    for place in range(MOST_YEARS):
        pools[place] = 0.0
    free_months = q.tax_holiday_years * MONTHS_PER_YEAR
    begin, year, oldest = 0, 0, 0
    while begin < income.size:
        month = min(year_end(begin - 1, first_month), income.size - 1)
        total = _sum(income[begin : month + 1])
        free = free_months > 0 and month < first + free_months
        if month == income.size - 1:
            for place in range(oldest, year):
                left[place] = pools[place]
            with_sale = _tax(q, total + disposal, left, (oldest, year), free)
        due[year] = _tax(q, total, pools, (oldest, year), free)
        begin, year = month + 1, year + 1
        while oldest < year and pools[oldest] <= 0:
            oldest += 1
    return float(with_sale - due[year - 1])


@summing
def _sum(income: Array) -> float:
    """Income of a year."""
    total = 0.0
    for one in range(income.size):
        total += income[one]
    return total


@bare
def _tax(q: Record, income: float, pools: Array, years: tuple[int, int], free: bool) -> float:
    """Tax of the second of two years; `pools` holds the losses left of each from the first on."""
    oldest, year = years
    if income < 0:
        if q.loss_years > 0:
            pools[year] = -income
        else:  # none expires: one pool holds all
            pools[oldest] -= income
        return 0.0
    if free:
        return 0.0
    room = income * q.loss_use_share
    if q.loss_years > 0:
        oldest = max(oldest, year - whole(q.loss_years))
    taxed = income
    for past in range(oldest, year):
        used = min(pools[past], room)
        pools[past] -= used
        room -= used
        taxed -= used
    return float(taxed * q.corporate_tax)


@bare
def pay(due: Array, first_month: int, first: int, paid: Array) -> None:
    """Spread each year's tax over its months of operation.

    Parameters
    ----------
    due : (year,) array
        Tax of each year.
    first_month, first : int
        Calendar month of month 0; first month of operation.
    paid : (month,) array
        Filled, negative.
    """
    begin, year = 0, 0
    while begin < paid.size:
        month = min(year_end(begin - 1, first_month), paid.size - 1)
        start = begin if first > month else max(begin, first)
        for one in range(begin, start):
            paid[one] = 0.0  # a bridge's rent begins before sales do
        instalment = -due[year] / max(month + 1 - start, 1)
        for one in range(start, month + 1):
            paid[one] = instalment
        begin, year = month + 1, year + 1
