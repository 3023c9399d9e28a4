"""Cost of a GPU-hour, a token and a FLOP of a stated project, each form by its name."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.metrics import Metric, Status
from forecasts.stated_assets import SOURCES_LINE, residual_share
from forecasts.stated_blocks import Residual
from forecasts.stated_layout import SECONDS_PER_HOUR
from forecasts.stated_ledger import Ledger
from forecasts.stated_returns import discount_rate, factors, rate_of, terminal_when
from forecasts.units import MONTHS_PER_YEAR, Array

PER_GPU_HOUR = "USD_per_gpu_hour"
PER_MILLION = "USD_per_million_tokens"
NO_HOUR = "No GPU-hour is sold."
NO_LIFE = "No life_years for capex {lines}."

Metrics = dict[str, Metric]


def annuity_factor(rate: float, payments: float) -> float:
    """Level payment for a loan of 1: the capital recovery factor.

    Examples
    --------
    >>> round(annuity_factor(0.10, 2) * 1000, 6)
    576.190476
    """
    return 1 / payments if rate == 0 else rate / (1 - (1 + rate) ** -payments)


@dataclass(frozen=True, slots=True)
class _Asset:
    """A capex line seen as something with a life."""

    name: str
    group: str
    usd: float
    life: float | None
    residual: Residual | None

    @property
    def left(self) -> float:
        """Worth at the end of its life."""
        if self.residual is None or self.life is None:
            return 0.0
        months = np.array([self.life * MONTHS_PER_YEAR])
        return self.usd * float(residual_share(self.residual, months)[0])


def _assets(book: Ledger) -> list[_Asset]:
    lines, power = book.project.capex, book.project.power
    assets = [
        _Asset(
            name, line.group or name, _total(book, book.first[name]), line.life_years, line.residual
        )
        for name, line in lines.items()
    ]
    if power is not None and SOURCES_LINE in book.first:
        usd = _total(book, book.first[SOURCES_LINE])
        assets.append(_Asset(SOURCES_LINE, SOURCES_LINE, usd, power.life_years, power.residual))
    return assets


def _total(book: Ledger, values: Array) -> float:
    return float(book.cash(values).sum())


def year_of(book: Ledger, values: Array) -> float:
    """Sum of a line over the reference year."""
    layout = book.layout
    begin = layout.reference
    if book.project.conventions.reference_year == "last":
        begin = max(layout.periods - layout.per_year, 0)
    return float(values[begin : begin + layout.per_year].sum())


def yearly(book: Ledger, assets: list[_Asset]) -> dict[str, float]:
    """Straight-line and annuity cost of a year by group of capex."""
    conventions = book.project.conventions
    rate = conventions.annuity_rate
    rate = discount_rate(book.project) if rate is None else rate
    times = MONTHS_PER_YEAR if conventions.annuity_payments == "monthly" else 1
    each = rate_of(rate, conventions.annuity_compounding, times)
    out: dict[str, float] = {}
    for asset in assets:
        if asset.life is None:
            continue
        count = asset.life * times
        level = (asset.usd - asset.left * (1 + each) ** -count) * annuity_factor(each, count)
        straight = (asset.usd - asset.left) / asset.life
        for key, value in (("annuity", level * times), ("depreciation", straight)):
            name = f"{key}.{asset.group}"
            out[name] = out.get(name, 0.0) + value
    return out


def cost_by_year(book: Ledger) -> Metrics:
    """Costs of the reference year: depreciation or annuity, and operation."""
    assets = _assets(book)
    lifeless = [one.name for one in assets if one.life is None and one.usd > 0]
    parts = yearly(book, assets)
    running = year_of(book, book.sum(book.opex) + book.sum(book.power))
    found = {name: Metric(value, "USD_per_year") for name, value in parts.items()}
    found["operating_per_year"] = Metric(running, "USD_per_year")
    for key, name in (("depreciation", "annual_cost"), ("annuity", "annual_annuity_cost")):
        capital = sum(value for part, value in parts.items() if part.startswith(key))
        found[name] = _known(capital + running, "USD_per_year", lifeless)
    return found


def _known(value: float, unit: str, lifeless: list[str]) -> Metric:
    if lifeless:
        reason = NO_LIFE.format(lines=", ".join(lifeless))
        return Metric(None, unit, Status.UNDEFINED, reason)
    return Metric(value, unit)


def over(top: Metric, bottom: float, unit: str, reason: str = NO_HOUR) -> Metric:
    """Divide a metric, or say why that is not possible."""
    if top.value is None:
        return Metric(None, unit, top.status, top.reason)
    if bottom <= 0:
        return Metric(None, unit, Status.UNDEFINED, reason)
    return Metric(top.value / bottom, unit)


def present_costs(book: Ledger) -> tuple[float, float, float]:
    """PV of cost less what is left, of GPU-hours sold, and of revenue; before tax."""
    project, conventions = book.project, book.project.conventions
    flow = factors(project, conventions.operating_flows)
    running = book.cash(book.sum(book.opex) + book.sum(book.power)) @ flow
    capital = book.cash(book.capex) @ factors(project, conventions.capital_flows)
    left = book.cash(book.sum(book.terminal)) @ factors(project, terminal_when(project))
    hours = book.cash(book.sales.sold_gpu_hours.sum(axis=0)) @ flow
    return (
        float(capital + running - left),
        float(hours),
        float(book.cash(book.sum(book.revenue)) @ flow),
    )


def unit_costs(book: Ledger) -> Metrics:
    """Every cost and price of a GPU-hour."""
    found = cost_by_year(book)
    cost, hours, income = present_costs(book)
    use = book.project.use
    installed = year_of(book, book.sales.installed_gpu_hours.sum(axis=0))
    sold = year_of(book, book.sales.sold_gpu_hours.sum(axis=0))
    annuity = found["annual_annuity_cost"]
    for name, metric in list(found.items()):
        kind, _, group = name.partition(".")
        if kind == "annuity":
            found[f"tco_annuity.{group}"] = over(metric, installed, PER_GPU_HOUR)
    found |= {
        "pv_cost": Metric(cost, "USD"),
        "pv_gpu_hours": Metric(hours, "gpu_hours"),
        "pv_revenue": Metric(income, "USD"),
        "lcoc": over(Metric(cost, "USD"), hours, PER_GPU_HOUR),
        "levelised_price": over(Metric(income, "USD"), hours, PER_GPU_HOUR),
        "tco_simple": over(found["annual_cost"], sold, PER_GPU_HOUR),
        "tco_annuity": over(annuity, installed, PER_GPU_HOUR),
        "tco_annuity_sold": over(annuity, sold, PER_GPU_HOUR),
        "tco_annuity.operating": over(found["operating_per_year"], installed, PER_GPU_HOUR),
        "annuity_per_month": over(annuity, MONTHS_PER_YEAR, "USD_per_month"),
    }
    spent = book.cash(book.capex + book.sum(book.opex) + book.sum(book.power)).sum()
    left = book.cash(book.sum(book.terminal)).sum()
    all_hours = _total(book, book.sales.sold_gpu_hours.sum(axis=0))
    found["lcoc_undiscounted"] = over(Metric(float(spent - left), "USD"), all_hours, PER_GPU_HOUR)
    found["lcoc_undiscounted_hours"] = over(Metric(cost, "USD"), all_hours, PER_GPU_HOUR)
    kw = book.cash(book.layout.live_mw) * 1000 * MONTHS_PER_YEAR / book.layout.per_year
    let = float(kw @ factors(book.project, book.project.conventions.operating_flows))
    reason = "The IT power is not stated."
    level = over(Metric(cost, "USD"), let, "USD_per_kW_month", reason)
    found["levelised_cost_per_kw_month"] = level
    found["lcoc_sla"] = over(
        found["tco_annuity"], use.availability / (1 + use.spares), PER_GPU_HOUR
    )
    return found | _derived(book, found[book.project.conventions.unit_cost], cost)


def _derived(book: Ledger, per_hour: Metric, pv_cost: float) -> Metrics:
    """Cost of tokens, requests and FLOPs from the chosen cost of a GPU-hour."""
    found: Metrics = {"unit_cost": per_hour}
    sold = year_of(book, book.sales.sold_gpu_hours.sum(axis=0))
    sales = book.sales
    if book.project.tokens is not None:
        made = {
            "output_tokens": sales.output.sum(axis=0),
            "tokens": (sales.input + sales.cached + sales.output).sum(axis=0),
            "requests": sales.requests.sum(axis=0),
        }
        found |= _token_costs(book, made, over(per_hour, 1 / sold if sold > 0 else 0.0, "USD"))
        flow = factors(book.project, book.project.conventions.operating_flows)
        worth = float(book.cash(made["tokens"]) @ flow)
        level = over(Metric(pv_cost, "USD"), worth, PER_MILLION, "No token is sold.")
        found["levelised_cost_per_million_tokens"] = level
    return found | _flop_costs(book, per_hour)


def _token_costs(book: Ledger, made: Mapping[str, Array], of_year: Metric) -> Metrics:
    """Costs for a million tokens and for 1,000 requests, from the cost of a year's hours."""
    units = {
        "output_tokens": ("cost_per_million_output_tokens", PER_MILLION),
        "tokens": ("cost_per_million_tokens", PER_MILLION),
        "requests": ("cost_per_1000_requests", "USD_per_1000_requests"),
    }
    found = {
        name: over(of_year, year_of(book, made[key]), unit, "Nothing of this is sold.")
        for key, (name, unit) in units.items()
    }
    million = found["cost_per_million_tokens"]
    found["cost_per_billion_tokens"] = over(million, 1e-3, "USD_per_billion_tokens")
    income = Metric(_total(book, book.sum(book.revenue)), "USD")
    sold = _total(book, made["tokens"])
    found["revenue_per_million_tokens"] = over(income, sold, PER_MILLION, "No token is sold.")
    return found


def _flop_costs(book: Ledger, per_hour: Metric) -> Metrics:
    """Cost of a PFLOP-hour and of a FLOP, where the GPU's throughput is stated."""
    tflops = book.project.capacity.tflops_per_gpu if book.project.capacity else None
    if tflops is None:
        return {}
    return {
        "pflops_per_gpu": Metric(tflops / 1000, "PFLOPS"),
        "cost_per_pflop_hour": over(per_hour, tflops / 1000, "USD_per_PFLOP_hour"),
        "cost_per_flop": over(per_hour, tflops * 1e12 * SECONDS_PER_HOUR, "USD_per_FLOP"),
    }
