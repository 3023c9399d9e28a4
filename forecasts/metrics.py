"""Returns, each with its validity: a number with a status, or no number and the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import expm1, fsum, isfinite, log

import numpy as np

from forecasts.dated import Day, as_days, as_flows
from forecasts.presentvalue import LARGEST_LOG
from forecasts.rootproof import surely_only
from forecasts.roots import log_roots
from forecasts.units import MONTHS_PER_YEAR, Array

DAYS_PER_YEAR = 365
"""Days in a year of the dated rate, leap year or not (act/365F)."""

NEWTON_STEPS = 20
"""Most steps of the direct search for a rate."""

SMALLEST_SHARE = 1e-200
"""Discounted inflow, as a share of the largest flow, below which floats may lose flows."""

FLATTEST = 1e-3
"""Least slope, in periods, of ln(PV in / PV out) at which floats give the root to 1e-12."""

MARGIN = 1e-7
"""Share of discounted flows by which a balance must differ from zero to count as one."""

LONGEST_PROOF = 40_000
"""Periods or days over which the quick proof is tried: a century of days."""

LOWEST_RATE = float(np.nextafter(-1.0, 0.0))
"""The float next to -100 %: stands for every rate nearer to -100 % than that."""


class Status(StrEnum):
    """Whether a metric holds a number, and if not, why not."""

    OK = "ok"
    MULTIPLE = "multiple"
    NONE = "none"
    SAME_SIGN = "same_sign"
    EMPTY = "empty"
    NEVER = "never"
    UNDEFINED = "undefined"


_OK = Status.OK
"""Looked up once: a member of an enumeration is slow to find."""


@dataclass(frozen=True, slots=True, init=False)
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

    def __init__(
        self, value: float | None, unit: str, status: Status = Status.OK, reason: str = ""
    ) -> None:
        if (value is None) == (status is _OK):
            raise ValueError(
                f"a metric with status {status} has value {value}; "
                "give a value exactly when the status is ok"
            )
        if value is not None and not isfinite(value):
            raise ValueError(f"a metric has value {value}; give a status and a reason instead")
        _set_value(self, value)
        _set_unit(self, unit)
        _set_status(self, status)
        _set_reason(self, reason)


_set_value, _set_unit, _set_status, _set_reason = (
    vars(Metric)[name].__set__ for name in ("value", "unit", "status", "reason")
)
"""How a frozen metric is filled: in half the time of a frozen dataclass, by the hundred."""


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


def irr(flows: Sequence[float] | Array, dates: Sequence[Day] | None = None) -> Irr:
    """Rate at which the present value of the flows is zero.

    Every rate above -100 % up to the largest float is searched, and no root is missed: see
    docs/decisions/0011. A root at which the value touches zero without crossing counts once, so
    flows with nothing but one double root have the status ok. Two roots that the rounding of
    flows with a fraction may have parted or joined (about 1e-8 apart) count as one double root;
    whole flows are taken as exact.

    Parameters
    ----------
    flows : (period,) array
        Cash in positive, cash out negative, one per period; the first is not discounted.
    dates : sequence of date, optional
        Date of each flow in any order, repeated or not, of Python, numpy, pandas or ISO text;
        see `xirr`.

    Returns
    -------
    Irr
        The rate per period (per year when dated), or why there is none: `multiple` (two distinct
        roots or more), `none` (flows of both signs but no root, or a value of zero at every
        rate), `same_sign`, `empty` (no flow but zeros).

    Raises
    ------
    ValueError
        If a flow is no finite number, flows are no single row, a date is none, or dates and
        flows differ in number.

    Examples
    --------
    >>> round(irr([-100.0, 60.0, 60.0]).rate, 6)
    0.130662
    >>> irr([-100.0, 230.0, -132.0]).roots
    (0.1, 0.2)
    >>> irr([100.0, 50.0]).status.value
    'same_sign'
    """
    cash = as_flows(flows)
    lowest, highest = cash.min(initial=0.0), cash.max(initial=0.0)
    steps_per_unit = 1
    if dates is None:
        times = np.arange(cash.size, dtype=np.float64)
    else:
        times, steps_per_unit = as_days(cash.size, dates), DAYS_PER_YEAR
    if not cash.all():
        used = cash != 0
        cash, times = cash[used], times[used]
    if lowest == 0 or highest == 0:
        return Irr(None, Status.SAME_SIGN if cash.size else Status.EMPTY, ())
    if dates is not None:
        cash, times = _by_day(cash, times)
    return _solved(cash, times - times[:1], steps_per_unit)


def xirr(flows: Sequence[float] | Array, dates: Sequence[Day]) -> Irr:
    """Yearly rate at which dated flows are worth zero, act/365F as a spreadsheet's XIRR.

    A year is 365 days, in leap years too; times of day are ignored. The order of the flows does
    not matter and flows of one day are added up. See `irr` for the rest.

    Examples
    --------
    >>> round(xirr([-100.0, 110.0], ["2027-01-01", "2028-01-01"]).rate, 6)
    0.1
    """
    return irr(flows, dates)


def _by_day(cash: Array, days: Array) -> tuple[Array, Array]:
    """Net flow of each day in order, days that net to zero left out."""
    order = np.argsort(days, kind="stable")
    cash, days = cash[order], days[order]
    starts = np.flatnonzero(np.diff(days, prepend=days[0] - 1))
    if starts.size < days.size:
        parts = np.split(cash, starts[1:])
        cash, days = np.array([fsum(part.tolist()) for part in parts]), days[starts]
    return cash[cash != 0], days[cash != 0]


def _solved(cash: Array, times: Array, steps_per_unit: int) -> Irr:
    """Answer for nonzero flows of both signs."""
    growth = _only_growth(cash, times)
    if growth is not None and growth * steps_per_unit < LARGEST_LOG:
        rate = max(expm1(growth * steps_per_unit), LOWEST_RATE)
        return Irr(rate, Status.OK, (rate,))
    found = log_roots(cash, times, steps_per_unit)
    roots = tuple(max(float(root.exp() - 1), LOWEST_RATE) for root in found)
    if len(roots) == 1:
        return Irr(roots[0], Status.OK, roots)
    return Irr(None, Status.MULTIPLE if roots else Status.NONE, roots)


def _only_growth(cash: Array, times: Array) -> float | None:
    """Log growth per step if Newton's method finds one quickly and it is surely the only one.

    Flows that change sign once need no more proof; others get that of `rootproof`.
    """
    if cash.size < 2:
        return None
    sums = np.empty((4, cash.size))
    scaled = cash / max(cash.max(), -cash.min())
    np.maximum(scaled, 0.0, out=sums[0])
    np.subtract(sums[0], scaled, out=sums[1])
    np.multiply(sums[:2], times, out=sums[2:])
    last = float(times[-1])
    growth = 0.0
    for _ in range(NEWTON_STEPS):
        weights = np.exp(-growth * (times if growth >= 0 else times - last))
        into, out, into_time, out_time = (sums @ weights).tolist()
        if into < SMALLEST_SHARE or out < SMALLEST_SHARE:
            return None
        slope = out_time / out - into_time / into
        if abs(slope) < FLATTEST:
            return None
        move = log(into / out) / slope
        growth -= move
        if abs(move) * last < MARGIN:
            return growth if _surely_only(cash, scaled * weights, times) else None
        if abs(growth) > LARGEST_LOG:
            return None
    return None


def _surely_only(cash: Array, discounted: Array, times: Array) -> bool:
    """Whether a root is the only one; flows are set at their times, for balances last till then."""
    span = int(times[-1])
    if span + 1 == cash.size:
        return surely_only(cash, discounted, MARGIN, np.empty((2, span + 1)))
    if np.count_nonzero(np.diff(cash > 0)) == 1:
        return True
    if span > LONGEST_PROOF:
        return False
    spread = np.zeros((2, span + 1))
    spread[:, times.astype(np.int64)] = cash, discounted
    return surely_only(spread[0], spread[1], MARGIN, np.empty((2, span + 1)))


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
    return _factors(tuple(yearly[:, 0].tolist()), months).copy()


@lru_cache(maxsize=64)
def _factors(rates: tuple[float, ...], months: int) -> Array:
    """Discount factors of rates that most changes of a scenario leave as they are."""
    return (1 + monthly_rate(np.array(rates)[:, None])) ** -(np.arange(months) + 1.0)


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
