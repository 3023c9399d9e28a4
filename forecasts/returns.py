"""The return metrics of a factory and of the portfolio, each with unit, status and reason."""

from math import inf, isfinite

import numpy as np

from forecasts.compiled import Record
from forecasts.engine import Result
from forecasts.figures import FIGURE, SMALLEST_SERVICE
from forecasts.metric_register import METRICS
from forecasts.metrics import Irr, Metric, Status, irr, payback_month, peak_funding
from forecasts.phases import Phase
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array

NOTHING_BUILT = "No phase is built."

LEAST_AT_RISK = 1e-6
"""Owners' money, as a share of all uses, below which a return on it means nothing."""


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


def yearly_irr(monthly: Irr, name: str = "irr") -> Metric:
    """Annualise a monthly IRR, (1 + i)^12 - 1, or say why there is none.

    A rate no float can hold once annualised counts as undefined.
    """
    found = [
        (1 + root) ** MONTHS_PER_YEAR - 1 if root < LARGEST_MONTHLY else inf
        for root in monthly.roots
    ]
    if monthly.rate is None:
        roots = ", ".join(f"{root:.2%}" for root in found)
        return _missing(name, monthly.status, IRR_REASONS[monthly.status].format(roots=roots))
    if isfinite(found[0]):
        return _present(name, found[0])
    reason = f"The only rate, {monthly.rate:.1e} a month, is too large to annualise."
    return _missing(name, Status.UNDEFINED, reason)


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
    own = _Sums(result.figures[path, factory])
    own["pv_useful"] = _pv_useful(result, path, factory)
    found = _money(own, phases) | _prices(own) | _cover(own) | _demand(own)
    cash = (result.cash_usd[path, factory], result.finance["equity_cash"][path, factory])
    for place, name in enumerate(("irr", "equity_irr")):
        rate = float(result.rates.rate[path, factory, place])
        known = Irr(rate, Status.OK, (rate,)) if isfinite(rate) else irr(cash[place])
        found[name] = yearly_irr(known, name)
    if own["equity_in"] <= LEAST_AT_RISK * own["uses"]:
        reason = "Debt pays for all: no equity is at risk."
        for name in ("equity_irr", "equity_moic"):
            found[name] = _missing(name, Status.UNDEFINED, reason)
    terms = result.plan.quantities[factory]
    found |= _simple_costs(own, terms, float(result.discount_rate[factory]), phases)
    scale = own["break_even_scale"]
    found["break_even_price"] = (
        _present("break_even_price", scale * float(terms["gpu_hour_price"]))
        if scale >= 0
        else _missing("break_even_price", Status.NONE, "No price up to 100 times the stated does.")
    )
    found["delay_cost"] = _present("delay_cost", own["delay_cost"])
    found["time_to_power"] = (
        _present("time_to_power", phases[0].energised - phases[0].decision)
        if phases
        else _missing("time_to_power", Status.UNDEFINED, NOTHING_BUILT)
    )
    found["discount_rate"] = _present("discount_rate", float(result.discount_rate[factory]))
    if not phases:
        found["break_even_price"] = _missing("break_even_price", Status.UNDEFINED, NOTHING_BUILT)
        found["delay_cost"] = _missing("delay_cost", Status.UNDEFINED, NOTHING_BUILT)
    return {name: found[name] for name in METRICS}


ONE_BY_ONE = (
    "break_even_price",
    "break_even_utilisation",
    "tco_annuity",
    "tco_simple",
    "lcoc_sla",
    "time_to_power",
    "discount_rate",
)
"""Metrics that make sense for a single factory only."""


def portfolio_returns(result: Result, path: int = 0) -> dict[str, Metric]:
    """Return the metrics of all factories together.

    NPV and LCOC use each factory's own discount rate; covers are those of all cash against all
    service. Utilisation, break-even, lead time and discount rate belong to single factories and
    say so.
    """
    cash = result.cash_usd[path].sum(axis=0)
    equity = result.finance["equity_cash"][path].sum(axis=0)
    phases = tuple(phase for own in result.phases for phase in own)
    own = _Sums(result.figures[path].sum(axis=0))
    own["pv_useful"] = sum(_pv_useful(result, path, row) for row in range(len(result.plan.sites)))
    below = payback_month(cash[:-1])
    own["payback"] = -1.0 if below is None else below
    below = payback_month((cash * _blended_factors(result, path))[:-1])
    own["discounted_payback"] = -1.0 if below is None else below
    own["peak"] = peak_funding(cash)
    own["paid_in"] = float(np.maximum(-cash, 0.0).sum())
    own["paid_out"] = float(np.maximum(cash, 0.0).sum())
    own["equity_in"] = float(np.maximum(-equity, 0.0).sum())
    own["equity_out"] = float(np.maximum(equity, 0.0).sum())
    _cover_together(result, path, own)
    found = _money(own, phases) | _prices(own) | _cover(own) | _demand(own)
    found |= {"irr": yearly_irr(irr(cash)), "equity_irr": yearly_irr(irr(equity), "equity_irr")}
    found["delay_cost"] = _present("delay_cost", own["delay_cost"])
    for name in ONE_BY_ONE:
        found[name] = _missing(name, Status.UNDEFINED, "Stated for each factory alone.")
    return {name: found[name] for name in METRICS}


def _cover_together(result: Result, path: int, own: "_Sums") -> None:
    """Count the covers of all factories' cash against all their service."""
    cash = result.finance["cfads"][path].sum(axis=0)
    service = (result.finance["interest"] + result.finance["principal"])[path].sum(axis=0)
    owing = service > SMALLEST_SERVICE
    covers = cash[owing] / service[owing]
    own["service_months"] = float(owing.sum())
    own["least_cover"] = float(covers.min(initial=np.inf))
    own["sum_of_covers"] = float(covers.sum())
    earning = np.flatnonzero(owing & (cash > 0))
    least = inf
    if earning.size:
        first, last = int(earning[0]), int(np.flatnonzero(owing)[-1])
        window = np.ones(MONTHS_PER_YEAR)
        kept = slice(first, last + 1)
        if last + 1 - first >= MONTHS_PER_YEAR:
            paid = np.convolve(service[kept], window, "valid")
            earned = np.convolve(cash[kept], window, "valid")
            least = float((earned[paid > 0] / paid[paid > 0]).min(initial=inf))
    own["least_yearly_cover"] = least


def _blended_factors(result: Result, path: int) -> Array:
    """Discount factors that give the portfolio's present value when applied to its net cash.

    Only the discounted payback uses them: the factories' factors, weighted by size of cash.
    """
    weight = np.abs(result.cash_usd[path])
    total = weight.sum(axis=0)
    mean: Array = (weight * result.factors).sum(axis=0) / np.where(total > 0, total, 1.0)
    blended: Array = np.where(total > 0, mean, result.factors.mean(axis=0))
    return blended


def _pv_useful(result: Result, path: int, row: int) -> float:
    """Present value of the sold hours that do useful work."""
    share = float(result.plan.quantities[row]["useful_share"])
    return float(result.figures[path, row, FIGURE["pv_hours"]]) * share


class _Sums(dict[str, float]):
    """Figures by name."""

    def __init__(self, values: Array) -> None:
        super().__init__(zip(FIGURE, values.tolist(), strict=True))


def _money(own: _Sums, phases: tuple[Phase, ...]) -> dict[str, Metric]:
    decision = min((phase.decision for phase in phases), default=None)
    it_mw = sum(phase.it_mw for phase in phases)
    return {
        "npv": _present("npv", own["npv"]),
        "payback": _payback("payback", own["payback"], decision),
        "discounted_payback": _payback("discounted_payback", own["discounted_payback"], decision),
        "moic": _multiple("moic", own["paid_out"], own["paid_in"]),
        "equity_moic": _multiple("equity_moic", own["equity_out"], own["equity_in"]),
        "debt": _present("debt", own["debt"]),
        "gearing": _present("gearing", own["debt"] / own["uses"])
        if own["uses"] > 0
        else _missing("gearing", Status.UNDEFINED, "Nothing is paid for."),
        "peak_funding": _present("peak_funding", own["peak"]),
        "capex": _present("capex", own["capex"]),
        "capex_per_mw": _present("capex_per_mw", own["capex"] / it_mw / 1e6)
        if it_mw > 0
        else _missing("capex_per_mw", Status.UNDEFINED, NOTHING_BUILT),
    }


def _multiple(name: str, out: float, paid_in: float) -> Metric:
    if paid_in <= 0:
        return _missing(name, Status.UNDEFINED, "Nothing is paid in.")
    return _present(name, out / paid_in)


def _payback(name: str, month: float, decision: int | None) -> Metric:
    if month < 0 or decision is None:
        return _missing(
            name,
            Status.NEVER,
            "Operations do not pay it back: at most the value assumed at the end does.",
        )
    return _present(name, (month + 1 - decision) / MONTHS_PER_YEAR)


def _prices(own: _Sums) -> dict[str, Metric]:
    """LCOC, what an hour brings, and the use at which cost equals revenue, before tax."""
    if own["pv_hours"] <= 0:
        names = ("lcoc", "lcoc_useful", "levelised_price", "break_even_utilisation")
        return {name: _missing(name, Status.UNDEFINED, "No GPU-hour is sold.") for name in names}
    cost = own["pv_fixed"] + own["pv_variable"]
    return {
        "lcoc": _present("lcoc", cost / own["pv_hours"]),
        "lcoc_useful": _present("lcoc_useful", cost / own["pv_useful"]),
        "levelised_price": _present("levelised_price", own["pv_revenue"] / own["pv_hours"]),
        "break_even_utilisation": _break_even_utilisation(own),
    }


def _break_even_utilisation(own: _Sums) -> Metric:
    """Billed share of the available hours at which NPV before tax is zero.

    PV of hours sold / PV of hours available x PV of fixed cost / (PV of revenue - PV of variable
    cost). Power counts as fixed although part of it follows the load: slightly high.
    """
    margin = own["pv_revenue"] - own["pv_variable"]
    if margin <= 0 or own["pv_available"] <= 0:
        reason = "No hour sold covers its own variable cost."
        return _missing("break_even_utilisation", Status.NEVER, reason)
    needed = own["pv_hours"] / own["pv_available"] * own["pv_fixed"] / margin
    if needed > 1:
        reason = f"Even full use would not do: {needed:.0%} would be needed."
        return _missing("break_even_utilisation", Status.NEVER, reason)
    return _present("break_even_utilisation", max(needed, 0.0))


def _simple_costs(
    own: _Sums, terms: Record, rate: float, phases: tuple[Phase, ...]
) -> dict[str, Metric]:
    """Cost of a GPU-hour as others state it: by annuity, without cost of capital, per SLA hour."""
    names = ("tco_annuity", "tco_simple", "lcoc_sla")
    gpus = sum(phase.gpus for phase in phases)
    hours = own["installed_hours"]
    if gpus <= 0 or hours <= 0:
        return {name: _missing(name, Status.UNDEFINED, NOTHING_BUILT) for name in names}
    months = max(float(terms["hardware_life_years"]) * MONTHS_PER_YEAR, 1.0)
    monthly = rate / MONTHS_PER_YEAR
    factor = monthly / (1 - (1 + monthly) ** -months) if monthly > 0 else 1 / months
    opex = own["opex"] / hours
    annuity = own["capex"] * factor / (gpus * HOURS_PER_MONTH) + opex
    straight = own["capex"] / months / (gpus * HOURS_PER_MONTH) + opex
    used = own["sold_hours"] / hours
    if used <= 0:
        simple = _missing("tco_simple", Status.UNDEFINED, "No GPU-hour is sold.")
    else:
        simple = _present("tco_simple", straight / used)
    available = float(terms["availability"])
    return {
        "tco_annuity": _present("tco_annuity", annuity),
        "tco_simple": simple,
        "lcoc_sla": _present("lcoc_sla", annuity / available)
        if available > 0
        else _missing("lcoc_sla", Status.UNDEFINED, "No hour is available."),
    }


def _cover(own: _Sums) -> dict[str, Metric]:
    """Covers over the loan life: cash before service over service."""
    names = ("min_dscr", "min_dscr_12m", "average_dscr", "llcr", "plcr")
    if own["service_months"] <= 0 or own["pv_service"] <= 0:
        reason = "There is no debt service to cover."
        return {name: _missing(name, Status.UNDEFINED, reason) for name in names}
    values = (
        own["least_cover"],
        own["least_yearly_cover"],
        own["sum_of_covers"] / own["service_months"],
        own["pv_loan_cash"] / own["pv_service"],
        own["pv_project_cash"] / own["pv_service"],
    )
    found = {
        name: _present(name, value)
        for name, value in zip(names, values, strict=True)
        if isfinite(value)
    }
    if not isfinite(own["least_yearly_cover"]):
        reason = "The loans do not last for twelve months of operation."
        found["min_dscr_12m"] = _missing("min_dscr_12m", Status.UNDEFINED, reason)
    return found


def _demand(own: _Sums) -> dict[str, Metric]:
    if own["wanted_mw_months"] <= 0 or own["live_mw_months"] <= 0:
        reason = "Nothing is live, or nothing is wanted."
        return {
            name: _missing(name, Status.UNDEFINED, reason)
            for name in ("demand_captured", "shortfall", "stranded")
        }
    met = own["met_mw_months"]
    return {
        "demand_captured": _present("demand_captured", met / own["wanted_mw_months"]),
        "shortfall": _present("shortfall", own["wanted_mw_months"] - met),
        "stranded": _present("stranded", own["live_mw_months"] - met),
    }
