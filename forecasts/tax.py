"""Depreciation and income tax: straight line, losses carried forward, holidays, paid yearly."""

import datetime as dt

import numpy as np

from forecasts.units import MONTHS_PER_YEAR, Array, Whole


def straight_line(
    basis_usd: Array, live: Whole, end: Whole, life_months: Whole, months: int
) -> Array:
    """Depreciation by month; what is left when an asset goes is written off in its last month.

    Parameters
    ----------
    basis_usd : (factory, item) array
        Cost of each asset.
    live, end : (factory, item) arrays of int
        First month of use and first month after it; `end` is cut to the projection.
    life_months : (factory, 1) array of int
        Tax life.
    months : int
        Length of the projection.

    Returns
    -------
    (factory, month) array
        Positive; sums over months to the basis of all assets that go live.
    """
    month = np.arange(months)
    last = np.minimum(end, months) - 1
    using = (month >= live[..., None]) & (month <= last[..., None])
    within = using & (month < (live + life_months)[..., None])
    shares = within / np.maximum(life_months, 1)[..., None]
    left = np.where(using.any(axis=-1), 1.0 - shares.sum(axis=-1), 0.0)
    shares = shares + left[..., None] * (month == last[..., None])
    written_off: Array = np.einsum("fi,fim->fm", basis_usd, shares)
    return written_off


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


def holiday(first_live: Whole, years: Array, calendar: Whole) -> Array:
    """Mark the calendar years that end within a tax holiday, (factory, year) of 0 and 1.

    Parameters
    ----------
    first_live : (factory,) array of int
        First live month; -1 when nothing goes live.
    years : (factory, 1) array
        Length of the holiday from first operation.
    calendar : (month,) array of int
        Calendar year of each month.
    """
    last_month = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    begun = first_live[:, None] >= 0
    within = last_month < first_live[:, None] + years * MONTHS_PER_YEAR
    return (begun & within & (years > 0)).astype(np.float64)
