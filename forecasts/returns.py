"""The return metrics of a factory and of the portfolio, each with unit, status and reason."""

from collections.abc import Mapping
from math import inf, isfinite
from operator import itemgetter

import numpy as np

from forecasts.compiled import Record
from forecasts.compounding import LARGEST_MONTHLY, annual
from forecasts.engine import Result
from forecasts.figures import FIGURE, SMALLEST_SERVICE
from forecasts.irr_rows import irr_rows
from forecasts.metric_drafts import Found, Lack, metrics_from
from forecasts.metric_register import METRICS
from forecasts.metrics import Irr, Metric, Status, irr, payback_month, peak_funding
from forecasts.phases import Phase
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array

LEAST_AT_RISK = 1e-6
"""Owners' money, as a share of all uses, below which a return on it means nothing."""


IRR_REASONS = {
    Status.MULTIPLE: "Cash changes sign more than once and several rates fit: {roots}.",
    Status.NONE: "No rate makes the present value of this cash zero.",
    Status.SAME_SIGN: "Cash never changes sign, so no rate can make its present value zero.",
    Status.EMPTY: "There is no cash.",
}
"""Why there is no single IRR, by status."""


UNITS = {name: info.unit for name, info in METRICS.items()}
"""Unit by metric, in the order of the register."""

NEVER, UNDEFINED = Status.NEVER, Status.UNDEFINED

NOTHING_BUILT: Lack = (UNDEFINED, "No phase is built.")
NOTHING_PAID: Lack = (UNDEFINED, "Nothing is paid for.")
NOTHING_SOLD: Lack = (UNDEFINED, "No GPU-hour is sold.")
NO_EQUITY: Lack = (UNDEFINED, "Debt pays for all: no equity is at risk.")
NO_PRICE: Lack = (Status.NONE, "No price up to 100 times the stated does.")
TOO_SHORT: Lack = (UNDEFINED, "The loans do not last for twelve months of operation.")


LEAST_HOURS = 1e-6
"""GPU-hours below which none is sold: cost over them is no figure, and soon no float."""


_IN_ORDER = itemgetter(*UNITS)


def _told(found: Mapping[str, Found]) -> dict[str, Metric]:
    """Return every metric with unit, status and reason, in the order of the register."""
    return dict(zip(UNITS, metrics_from(_IN_ORDER(found), UNITS.values()), strict=True))


def yearly_irr(monthly: Irr, name: str = "irr") -> Metric:
    """Annualise a monthly IRR, (1 + i)^12 - 1, or say why there is none.

    A rate no float can hold once annualised counts as undefined.
    """
    found = _yearly(monthly)
    unit = METRICS[name].unit
    return Metric(None, unit, *found) if isinstance(found, tuple) else Metric(found, unit)


def _yearly(monthly: Irr) -> Found:
    found = [annual(root) if root < LARGEST_MONTHLY else inf for root in monthly.roots]
    if monthly.rate is None:
        roots = ", ".join(f"{root:.2%}" for root in found)
        return monthly.status, IRR_REASONS[monthly.status].format(roots=roots)
    if isfinite(found[0]):
        return found[0]
    reason = f"The only rate, {monthly.rate:.1e} a month, is too large to annualise."
    return UNDEFINED, reason


def _rate(monthly: float, flows: Array) -> Found:
    """Return the only rate that quick proofs found, by year; else search every rate."""
    if not isfinite(monthly):
        return _yearly(irr(flows))
    if monthly < LARGEST_MONTHLY:
        return annual(monthly)
    return _yearly(Irr(monthly, Status.OK, (monthly,)))


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
    terms, rate = result.plan.quantities[factory], float(result.discount_rate[factory])
    own = _sums(result.figures[path, factory])
    own["pv_useful"] = own["pv_hours"] * float(terms["useful_share"])
    found = _money(own, phases) | _prices(own) | _cover(own) | _demand(own)
    project, owners = result.rates.rate[path, factory].tolist()
    found["irr"] = _rate(project, result.cash_usd[path, factory])
    if own["equity_in"] <= LEAST_AT_RISK * own["uses"]:
        found["equity_irr"] = found["equity_moic"] = NO_EQUITY
    else:
        found["equity_irr"] = _rate(owners, result.finance["equity_cash"][path, factory])
    found |= _simple_costs(own, terms, rate, phases)
    scale = own["break_even_scale"]
    found["break_even_price"] = scale * float(terms["gpu_hour_price"]) if scale >= 0 else NO_PRICE
    found["delay_cost"] = own["delay_cost"]
    found["discount_rate"] = rate
    if phases:
        found["time_to_power"] = float(phases[0].energised - phases[0].decision)
    else:
        names = ("time_to_power", "break_even_price", "delay_cost")
        found |= dict.fromkeys(names, NOTHING_BUILT)
    return _told(found)


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
    flows = np.empty((2, result.plan.months))
    cash = result.cash_usd[path].sum(axis=0, out=flows[0])
    equity = result.finance["equity_cash"][path].sum(axis=0, out=flows[1])
    phases = tuple(phase for own in result.phases for phase in own)
    own = _sums(result.figures[path].sum(axis=0))
    hours = result.figures[path, :, FIGURE["pv_hours"]]
    own["pv_useful"] = sum((hours * result.plan.quantities["useful_share"]).tolist())
    below = payback_month(cash[:-1])
    own["payback"] = -1.0 if below is None else below
    below = payback_month((cash * _blended_factors(result, path))[:-1])
    own["discounted_payback"] = -1.0 if below is None else below
    own["peak"] = peak_funding(cash)
    own["paid_in"], own["equity_in"] = np.maximum(-flows, 0.0).sum(axis=1).tolist()
    own["paid_out"], own["equity_out"] = np.maximum(flows, 0.0).sum(axis=1).tolist()
    _cover_together(result, path, own)
    found = _money(own, phases) | _prices(own) | _cover(own) | _demand(own)
    rates = irr_rows(flows).rate.tolist()
    for name, rate, flows in zip(("irr", "equity_irr"), rates, (cash, equity), strict=True):
        found[name] = _rate(rate, flows)
    found["delay_cost"] = own["delay_cost"]
    found |= dict.fromkeys(ONE_BY_ONE, (UNDEFINED, "Stated for each factory alone."))
    return _told(found)


def _cover_together(result: Result, path: int, own: dict[str, float]) -> None:
    """Count the covers of all factories' cash against all their service."""
    cash = result.finance["cfads"][path].sum(axis=0)
    service = (result.finance["interest"][path] + result.finance["principal"][path]).sum(axis=0)
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


def _sums(values: Array) -> dict[str, float]:
    """Figures by name."""
    return dict(zip(FIGURE, values.tolist(), strict=True))


def _money(own: dict[str, float], phases: tuple[Phase, ...]) -> dict[str, Found]:
    decision = min((phase.decision for phase in phases), default=None)
    it_mw = sum(phase.it_mw for phase in phases)
    return {
        "npv": own["npv"],
        "payback": _payback(own["payback"], decision),
        "discounted_payback": _payback(own["discounted_payback"], decision),
        "moic": _multiple(own["paid_out"], own["paid_in"]),
        "equity_moic": _multiple(own["equity_out"], own["equity_in"]),
        "debt": own["debt"],
        "gearing": own["debt"] / own["uses"] if own["uses"] > 0 else NOTHING_PAID,
        "peak_funding": own["peak"],
        "capex": own["capex"],
        "capex_per_mw": own["capex"] / it_mw / 1e6 if it_mw > 0 else NOTHING_BUILT,
    }


def _multiple(out: float, paid_in: float) -> Found:
    return out / paid_in if paid_in > 0 else (UNDEFINED, "Nothing is paid in.")


def _payback(month: float, decision: int | None) -> Found:
    if month < 0 or decision is None:
        return NEVER, "Operations do not pay it back: at most the value assumed at the end does."
    return (month + 1 - decision) / MONTHS_PER_YEAR


def _prices(own: dict[str, float]) -> dict[str, Found]:
    """LCOC, what an hour brings, and the use at which cost equals revenue, before tax."""
    if min(own["pv_hours"], own["pv_useful"]) < LEAST_HOURS:
        names = ("lcoc", "lcoc_useful", "levelised_price", "break_even_utilisation")
        return dict.fromkeys(names, NOTHING_SOLD)
    cost = own["pv_fixed"] + own["pv_variable"]
    return {
        "lcoc": cost / own["pv_hours"],
        "lcoc_useful": cost / own["pv_useful"],
        "levelised_price": own["pv_revenue"] / own["pv_hours"],
        "break_even_utilisation": _break_even_utilisation(own),
    }


def _break_even_utilisation(own: dict[str, float]) -> Found:
    """Billed share of the available hours at which NPV before tax is zero.

    PV of hours sold / PV of hours available x PV of fixed cost / (PV of revenue - PV of variable
    cost). Power counts as fixed although part of it follows the load: slightly high.
    """
    margin = own["pv_revenue"] - own["pv_variable"]
    if margin <= 0 or own["pv_available"] <= 0:
        return NEVER, "No hour sold covers its own variable cost."
    needed = own["pv_hours"] / own["pv_available"] * own["pv_fixed"] / margin
    if needed > 1:
        return NEVER, f"Even full use would not do: {needed:.0%} would be needed."
    return max(needed, 0.0)


def _simple_costs(
    own: dict[str, float], terms: Record, rate: float, phases: tuple[Phase, ...]
) -> dict[str, Found]:
    """Cost of a GPU-hour as others state it: by annuity, without cost of capital, per SLA hour."""
    gpus = sum(phase.gpus for phase in phases)
    hours = own["installed_hours"]
    if gpus <= 0 or hours <= 0:
        return dict.fromkeys(("tco_annuity", "tco_simple", "lcoc_sla"), NOTHING_BUILT)
    months = max(float(terms["hardware_life_years"]) * MONTHS_PER_YEAR, 1.0)
    monthly = rate / MONTHS_PER_YEAR
    factor = monthly / (1 - (1 + monthly) ** -months) if monthly > 0 else 1 / months
    opex = own["opex"] / hours
    annuity = own["capex"] * factor / (gpus * HOURS_PER_MONTH) + opex
    straight = own["capex"] / months / (gpus * HOURS_PER_MONTH) + opex
    used = own["sold_hours"] / hours
    available = float(terms["availability"])
    return {
        "tco_annuity": annuity,
        "tco_simple": straight / used if own["sold_hours"] >= LEAST_HOURS else NOTHING_SOLD,
        "lcoc_sla": annuity / available if available > 0 else (UNDEFINED, "No hour is available."),
    }


def _cover(own: dict[str, float]) -> dict[str, Found]:
    """Covers over the loan life: cash before service over service."""
    names = ("min_dscr", "min_dscr_12m", "average_dscr", "llcr", "plcr")
    if own["service_months"] <= 0 or own["pv_service"] <= 0:
        return dict.fromkeys(names, (UNDEFINED, "There is no debt service to cover."))
    lasting = isfinite(own["least_yearly_cover"])
    return {
        "min_dscr": own["least_cover"],
        "min_dscr_12m": own["least_yearly_cover"] if lasting else TOO_SHORT,
        "average_dscr": own["sum_of_covers"] / own["service_months"],
        "llcr": own["pv_loan_cash"] / own["pv_service"],
        "plcr": own["pv_project_cash"] / own["pv_service"],
    }


def _demand(own: dict[str, float]) -> dict[str, Found]:
    if own["wanted_mw_months"] <= 0 or own["live_mw_months"] <= 0:
        why = UNDEFINED, "Nothing is live, or nothing is wanted."
        return dict.fromkeys(("demand_captured", "shortfall", "stranded"), why)
    met = own["met_mw_months"]
    return {
        "demand_captured": met / own["wanted_mw_months"],
        "shortfall": own["wanted_mw_months"] - met,
        "stranded": own["live_mw_months"] - met,
    }
