"""The return metrics of a factory and of the portfolio, each with unit, status and reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from forecasts.demand import coverage
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, OPEX_LINES, REVENUE_LINES
from forecasts.metrics import (
    Irr,
    Metric,
    Status,
    irr,
    lcoc,
    moic,
    npv,
    payback_month,
    peak_funding,
)
from forecasts.units import MONTHS_PER_YEAR, Array


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """How a metric is called and written; its definition stands in docs/definitions.md.

    Attributes
    ----------
    name, label : str
        Key in `returns`, and its name on screen.
    unit : str
        Unit of `data.schemas.UNITS`.
    better : str
        `high`, `low`, or empty when neither is better.
    """

    name: str
    label: str
    unit: str
    better: str


METRICS: Mapping[str, MetricInfo] = {
    info.name: info
    for info in (
        MetricInfo("npv", "NPV", "USD", "high"),
        MetricInfo("irr", "Project IRR", "share_per_year", "high"),
        MetricInfo("payback", "Payback", "years", "low"),
        MetricInfo("discounted_payback", "Discounted payback", "years", "low"),
        MetricInfo("moic", "MOIC", "ratio", "high"),
        MetricInfo("lcoc", "LCOC", "USD_per_gpu_hour", "low"),
        MetricInfo("levelised_price", "Levelised price", "USD_per_gpu_hour", "high"),
        MetricInfo("peak_funding", "Peak funding", "USD", "low"),
        MetricInfo("capex", "First-time capex", "USD", ""),
        MetricInfo("capex_per_mw", "Capex per MW", "USD_m_per_MW", "low"),
        MetricInfo("break_even_utilisation", "Break-even utilisation", "share", "low"),
        MetricInfo("demand_captured", "Demand captured", "share", "high"),
        MetricInfo("shortfall", "Shortfall", "MW_months", "low"),
        MetricInfo("stranded", "Stranded capacity", "MW_months", "low"),
        MetricInfo("time_to_power", "Time to power", "months", "low"),
        MetricInfo("discount_rate", "Discount rate", "share_per_year", ""),
    )
}
"""Every return metric by name, in the order shown."""

IRR_REASONS = {
    Status.MULTIPLE: "Cash changes sign more than once and several rates fit: {roots}.",
    Status.NONE: "No rate makes the present value of this cash zero.",
    Status.SAME_SIGN: "Cash never changes sign, so no rate can make its present value zero.",
    Status.EMPTY: "There is no cash.",
}
"""Why there is no single IRR, by status."""


LARGEST_MONTHLY = 1e25
"""Monthly rate above which (1 + i)^12 is too large for a float."""


def _missing(name: str, status: Status, reason: str) -> Metric:
    return Metric(None, METRICS[name].unit, status, reason)


def _present(name: str, value: float) -> Metric:
    return Metric(float(value), METRICS[name].unit)


def yearly_irr(monthly: Irr) -> Metric:
    """Annualise a monthly IRR, (1 + i)^12 - 1, or say why there is none.

    A rate no float can hold once annualised counts as undefined.
    """
    found = [
        (1 + root) ** MONTHS_PER_YEAR - 1 if root < LARGEST_MONTHLY else inf
        for root in monthly.roots
    ]
    if monthly.rate is None:
        roots = ", ".join(f"{root:.2%}" for root in found)
        return _missing("irr", monthly.status, IRR_REASONS[monthly.status].format(roots=roots))
    if isfinite(found[0]):
        return _present("irr", found[0])
    reason = f"The only rate, {monthly.rate:.1e} a month, is too large to annualise."
    return _missing("irr", Status.UNDEFINED, reason)


@dataclass(frozen=True, slots=True, eq=False)
class _Cash:
    """What the metrics of one factory, or of all together, are computed from; (month,) each."""

    net: Array
    factors: Array
    revenue: Array
    variable: Array
    fixed_cost: Array
    sold_hours: Array
    capex: float
    it_mw: float
    first_decision: int | None


def factory_returns(result: Result, factory: int, path: int = 0) -> dict[str, Metric]:
    """Return every metric of one factory.

    Parameters
    ----------
    result : Result
        A projection.
    factory : int
        Place on the factory axis.
    path : int
        Place on the path axis.

    Returns
    -------
    dict of str to Metric
        One entry for each of `METRICS`: a value, or a status and a reason.
    """
    phases = result.phases[factory]
    cash = _gather(result, [factory], path, result.factors[factory])
    found = _money_metrics(cash)
    demand, live = result.demand_mw[path, factory], result.sales.live_mw[factory]
    found |= _demand_metrics(demand, live)
    available = result.sales.installed_gpu_hours[factory] @ cash.factors
    available *= result.plan["availability"][factory, 0]
    found["break_even_utilisation"] = _break_even_utilisation(cash, float(available))
    found["time_to_power"] = (
        _present("time_to_power", phases[0].energised - phases[0].decision)
        if phases
        else _missing("time_to_power", Status.UNDEFINED, "No phase is built.")
    )
    found["discount_rate"] = _present("discount_rate", result.discount_rate[factory])
    return {name: found[name] for name in METRICS}


def portfolio_returns(result: Result, path: int = 0) -> dict[str, Metric]:
    """Return the metrics of all factories together.

    NPV and LCOC use each factory's own discount rate; utilisation, lead time and discount rate
    belong to single factories and say so.
    """
    rows = list(range(len(result.phases)))
    cash = _gather(result, rows, path, _blended_factors(result, path))
    found = _money_metrics(cash)
    total = sum(float(npv(result.cash_usd[path, row], result.factors[row])) for row in rows)
    found["npv"] = _present("npv", total)
    found["lcoc"], found["levelised_price"] = _portfolio_prices(result, path)
    live = result.sales.live_mw
    demand = np.where(live > 0, result.demand_mw[path], 0.0)
    met = np.minimum(demand, live)
    found |= _coverage_metrics(float(met.sum()), float(demand.sum()), float(live.sum()))
    for name in ("break_even_utilisation", "time_to_power", "discount_rate"):
        found[name] = _missing(name, Status.UNDEFINED, "Stated for each factory alone.")
    return {name: found[name] for name in METRICS}


def _blended_factors(result: Result, path: int) -> Array:
    """Discount factors that give the portfolio's present value when applied to its net cash.

    Only the discounted payback uses them: the factories' factors, weighted by size of cash.
    """
    weight = np.abs(result.cash_usd[path])
    total = weight.sum(axis=0)
    mean: Array = (weight * result.factors).sum(axis=0) / np.where(total > 0, total, 1.0)
    blended: Array = np.where(total > 0, mean, result.factors.mean(axis=0))
    return blended


def _gather(result: Result, rows: list[int], path: int, factors: Array) -> _Cash:
    def together(names: tuple[str, ...]) -> Array:
        summed: Array = result.total(names)[path, rows].sum(axis=0)
        return summed

    revenue = together(REVENUE_LINES)
    variable = together(("cloud_platform", "services_delivery", "overhead"))
    opex = together(OPEX_LINES)
    capital = together(("refresh", *CAPEX_LINES))
    receipts = together(("grants", "resale", "terminal_value"))
    phases = [phase for row in rows for phase in result.phases[row]]
    return _Cash(
        net=result.cash_usd[path, rows].sum(axis=0),
        factors=factors,
        revenue=revenue,
        variable=-variable,
        fixed_cost=-(opex - variable + capital + receipts),
        sold_hours=result.sales.sold_gpu_hours[path, rows].sum(axis=0),
        capex=float(-together(CAPEX_LINES).sum()),
        it_mw=sum(phase.it_mw for phase in phases),
        first_decision=min((phase.decision for phase in phases), default=None),
    )


def _money_metrics(cash: _Cash) -> dict[str, Metric]:
    multiple = moic(cash.net)
    return {
        "npv": _present("npv", float(npv(cash.net, cash.factors))),
        "irr": yearly_irr(irr(cash.net)),
        "payback": _payback("payback", cash.net, cash.first_decision),
        "discounted_payback": _payback(
            "discounted_payback", cash.net * cash.factors, cash.first_decision
        ),
        "moic": _present("moic", multiple)
        if multiple is not None
        else _missing("moic", Status.UNDEFINED, "Nothing is paid in."),
        "lcoc": _per_hour("lcoc", cash.fixed_cost + cash.variable, cash),
        "levelised_price": _per_hour("levelised_price", cash.revenue, cash),
        "peak_funding": _present("peak_funding", peak_funding(cash.net)),
        "capex": _present("capex", cash.capex),
        "capex_per_mw": _present("capex_per_mw", cash.capex / cash.it_mw / 1e6)
        if cash.it_mw > 0
        else _missing("capex_per_mw", Status.UNDEFINED, "No phase is built."),
    }


def _payback(name: str, net: Array, decision: int | None) -> Metric:
    month = payback_month(net)
    if month is None or decision is None:
        return _missing(
            name, Status.NEVER, "Cumulative cash is below zero at the end of the projection."
        )
    return _present(name, (month + 1 - decision) / MONTHS_PER_YEAR)


def _per_hour(name: str, usd: Array, cash: _Cash) -> Metric:
    price = lcoc(usd, cash.sold_hours, cash.factors)
    if price is None:
        return _missing(name, Status.UNDEFINED, "No GPU-hour is sold.")
    return _present(name, price)


def _portfolio_prices(result: Result, path: int) -> tuple[Metric, Metric]:
    """LCOC and levelised price with each factory's own discount factors."""
    cost = income = hours = 0.0
    for row in range(len(result.phases)):
        own = _gather(result, [row], path, result.factors[row])
        cost += float((own.fixed_cost + own.variable) @ own.factors)
        income += float(own.revenue @ own.factors)
        hours += float(own.sold_hours @ own.factors)
    if hours <= 0:
        reason = "No GPU-hour is sold."
        return (
            _missing("lcoc", Status.UNDEFINED, reason),
            _missing("levelised_price", Status.UNDEFINED, reason),
        )
    return _present("lcoc", cost / hours), _present("levelised_price", income / hours)


def _break_even_utilisation(cash: _Cash, available: float) -> Metric:
    """Billed share of the available hours at which NPV before tax is zero.

    PV of hours sold / PV of hours available x PV of fixed cost / (PV of revenue - PV of variable
    cost). Power counts as fixed although part of it follows the load: slightly high.
    """
    margin = float((cash.revenue - cash.variable) @ cash.factors)
    if margin <= 0 or available <= 0:
        reason = "No hour sold covers its own variable cost."
        return _missing("break_even_utilisation", Status.NEVER, reason)
    billed = float(cash.sold_hours @ cash.factors) / available
    needed = billed * float(cash.fixed_cost @ cash.factors) / margin
    if needed > 1:
        reason = f"Even full use would not do: {needed:.0%} would be needed."
        return _missing("break_even_utilisation", Status.NEVER, reason)
    return _present("break_even_utilisation", max(needed, 0.0))


def _demand_metrics(demand: Array, live: Array) -> dict[str, Metric]:
    met = coverage(demand, live)
    if met is None:
        reason = "Nothing is live, or nothing is wanted."
        return {
            name: _missing(name, Status.UNDEFINED, reason)
            for name in ("demand_captured", "shortfall", "stranded")
        }
    return {
        "demand_captured": _present("demand_captured", met.captured_share),
        "shortfall": _present("shortfall", met.shortfall_mw_months),
        "stranded": _present("stranded", met.stranded_mw_months),
    }


def _coverage_metrics(met: float, wanted: float, live: float) -> dict[str, Metric]:
    if wanted <= 0:
        return _demand_metrics(np.zeros(1), np.zeros(1))
    return {
        "demand_captured": _present("demand_captured", met / wanted),
        "shortfall": _present("shortfall", wanted - met),
        "stranded": _present("stranded", live - met),
    }
