"""Returns, each with its validity: a number with a status, or no number and the reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq

from forecasts.units import MONTHS_PER_YEAR, Array

ROOT_GRID = np.concatenate(
    [
        np.linspace(np.log(1e-4), np.log(0.5), 60, endpoint=False),
        np.linspace(np.log(0.5), np.log(3.0), 380, endpoint=False),
        np.linspace(np.log(3.0), np.log(1e4), 60),
    ]
)
"""Grid of ln(1 + rate) on which sign changes of the present value are looked for."""


class Status(StrEnum):
    """Whether a metric holds a number, and if not, why not."""

    OK = "ok"
    MULTIPLE = "multiple"
    NONE = "none"
    SAME_SIGN = "same_sign"
    EMPTY = "empty"
    NEVER = "never"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Metric:
    """One return metric.

    Attributes
    ----------
    value : float or None
        The number, in `unit`; None unless `status` is ok.
    unit : str
        Unit of `data.schemas.UNITS`.
    status : Status
        Whether there is a number.
    reason : str
        Why there is none, in a sentence; empty when there is one.
    """

    value: float | None
    unit: str
    status: Status = Status.OK
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.status is Status.OK):
            raise ValueError(
                f"a metric with status {self.status} has value {self.value}; "
                "give a value exactly when the status is ok"
            )
        if self.value is not None and not np.isfinite(self.value):
            raise ValueError(f"a metric has value {self.value}; give a status and a reason instead")


@dataclass(frozen=True, slots=True)
class Irr:
    """Internal rate of return.

    Attributes
    ----------
    rate : float or None
        The only root; None when there is none or more than one.
    status : Status
        ok, multiple, none, same_sign or empty.
    roots : tuple of float
        Every rate found at which the present value is zero, ascending.
    """

    rate: float | None
    status: Status
    roots: tuple[float, ...]


def irr(flows: Sequence[float] | Array, dates: Sequence[dt.date] | None = None) -> Irr:
    """Rate at which the present value of the flows is zero.

    Parameters
    ----------
    flows : (period,) array
        Cash in positive, cash out negative, one per period; the first is not discounted.
    dates : sequence of date, optional
        Date of each flow; the rate is then yearly, act/365F as in a spreadsheet's XIRR.
        Without dates it is the rate per period.

    Returns
    -------
    Irr
        The rate, or why there is none. Rates from -99.99 % to 1,000,000 % are searched.

    Raises
    ------
    ValueError
        If a flow is not finite, or dates and flows differ in number.

    Examples
    --------
    >>> round(irr([-100.0, 60.0, 60.0]).rate, 6)
    0.130662
    >>> irr([100.0, 50.0]).status.value
    'same_sign'
    """
    cash = np.asarray(flows, dtype=np.float64)
    if not np.isfinite(cash).all():
        raise ValueError(f"flows hold {cash[~np.isfinite(cash)][0]}; every flow must be finite")
    times = _times(cash.size, dates)
    used = cash != 0
    cash, times = cash[used], times[used]
    if cash.size == 0:
        return Irr(None, Status.EMPTY, ())
    if (cash > 0).all() or (cash < 0).all():
        return Irr(None, Status.SAME_SIGN, ())
    roots = _roots(cash / np.abs(cash).max(), times - times[0])
    if len(roots) == 1:
        return Irr(roots[0], Status.OK, roots)
    return Irr(None, Status.MULTIPLE if roots else Status.NONE, roots)


def _times(count: int, dates: Sequence[dt.date] | None) -> Array:
    if dates is None:
        return np.arange(count, dtype=np.float64)
    if len(dates) != count:
        raise ValueError(f"{len(dates)} dates for {count} flows; give one date a flow")
    return np.array([(day - dates[0]).days / 365 for day in dates], dtype=np.float64)


def _roots(cash: Array, times: Array) -> tuple[float, ...]:
    """Find every sign change of the present value on the grid, then polish it."""
    signs = np.sign(_grid_powers(times.tobytes()) @ cash)
    exact = {float(np.expm1(point)) for point in ROOT_GRID[signs == 0]}
    crossing = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    found = {
        float(
            np.expm1(brentq(_present_value, ROOT_GRID[i], ROOT_GRID[i + 1], (cash, times), 1e-14))
        )
        for i in crossing
    }
    return tuple(sorted(exact | found))


@lru_cache(maxsize=16)
def _grid_powers(times: bytes) -> Array:
    """(rate, flow) discount factors at every point of the grid, each row scaled to at most 1."""
    exponents = -np.multiply.outer(ROOT_GRID, np.frombuffer(times))
    with np.errstate(under="ignore"):
        powers: Array = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    powers.setflags(write=False)
    return powers


def _present_value(log_rate: float, cash: Array, times: Array) -> float:
    """Present value at ln(1 + rate), scaled so that no power overflows; the sign is the value's."""
    exponent = -times * log_rate
    with np.errstate(under="ignore"):
        return float(cash @ np.exp(exponent - exponent.max()))


def monthly_rate(yearly: Array) -> Array:
    """Rate per month that compounds to the yearly rate: (1 + r)^(1/12) - 1."""
    return (1 + yearly) ** (1 / MONTHS_PER_YEAR) - 1


def discount_factors(yearly: Array, months: int) -> Array:
    """Factor of each month-end flow at the beginning of month 0.

    Parameters
    ----------
    yearly : (factory, 1) array
        Discount rate.
    months : int
        Number of flows; flow m comes m + 1 months after the valuation.

    Returns
    -------
    (factory, month) array
    """
    return (1 + monthly_rate(yearly)) ** -(np.arange(months) + 1.0)


def npv(flows_usd: Array, factors: Array) -> Array:
    """Present value: flows times discount factors, summed over months (the last axis)."""
    total: Array = (flows_usd * factors).sum(axis=-1)
    return total


def payback_month(flows_usd: Array) -> int | None:
    """First month from which cumulative cash stays at or above zero; None if it never does.

    Parameters
    ----------
    flows_usd : (month,) array
        Net cash; nothing is paid back before the first outlay.
    """
    cumulative = np.cumsum(flows_usd)
    below = np.flatnonzero(cumulative < 0)
    if below.size == 0 or below[-1] == cumulative.size - 1:
        return None
    return int(below[-1]) + 1


def moic(flows_usd: Array) -> float | None:
    """Multiple on invested capital: distributions over contributions; None without outlay."""
    out = -flows_usd[flows_usd < 0].sum()
    return float(flows_usd[flows_usd > 0].sum() / out) if out > 0 else None


def peak_funding(flows_usd: Array) -> float:
    """Deepest cumulative cash, as a positive amount of money."""
    return float(max(0.0, -np.cumsum(flows_usd).min(initial=0.0)))


def lcoc(cost_usd: Array, sold_gpu_hours: Array, factors: Array) -> float | None:
    """Levelised cost of compute: PV of costs over PV of sold GPU-hours, USD per GPU-hour.

    Both sides are discounted at the same monthly rate, as the levelised cost of energy is.

    Parameters
    ----------
    cost_usd : (month,) array
        Capex, refresh and opex less resale and terminal value, before tax; positive.
    sold_gpu_hours : (month,) array
        GPU-hours sold.
    factors : (month,) array
        Discount factors.

    Returns
    -------
    float or None
        None when no hour is sold.
    """
    hours = float(sold_gpu_hours @ factors)
    return float(cost_usd @ factors) / hours if hours > 0 else None
