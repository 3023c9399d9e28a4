"""Owning against renting, reserving or an API: cost of the same, and the use at which they meet."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.metrics import Metric, Status
from forecasts.stated_costs import (
    Metrics,
    annuity_factor,
    cost_by_year,
    over,
    present_costs,
    year_of,
)
from forecasts.stated_ledger import Ledger, growth
from forecasts.stated_lines import ledger
from forecasts.stated_returns import crossing, factors, never_above_one, use_of
from forecasts.stated_schema import Alternative, Project, StatedFile
from forecasts.units import MONTHS_PER_YEAR, Array

NAMES = ("straight_line", "annuity", "cash", "present_value")
"""Ways to compare: two of them over a year, two over the whole time."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Cost of this project and of its alternative, on one footing."""

    own: float
    other: float


def comparisons(book: Ledger, file: StatedFile) -> Metrics:
    """Return the metrics of every alternative, named `alternatives.NAME.…`."""
    found: Metrics = {}
    for name, alternative in book.project.alternatives.items():
        each = _compared(book, alternative, file)
        found |= {f"alternatives.{name}.{key}": metric for key, metric in each.items()}
    return found


def _compared(book: Ledger, alternative: Alternative, file: StatedFile) -> Metrics:
    project = book.project
    unit = "USD_per_year" if _is_yearly(project) else "USD"
    pair = _pair(book, alternative, file)
    used = use_of(book)
    base = 1.0 if used is None else used
    meeting = _meeting(lambda s: _gain(ledger(project, s), alternative, file), base)
    hours = year_of(book, book.sales.sold_gpu_hours.sum(axis=0))
    paid = Metric(_year(book, alternative, file), "USD_per_year")
    cost, own = Metric(pair.other, unit), Metric(pair.own, unit)
    saving = Metric(pair.other - pair.own, unit)
    found = {
        "own_cost": own,
        "cost": cost,
        "saving": saving,
        "saving_share": over(saving, pair.other, "share", "The alternative costs nothing."),
        "price_per_gpu_hour": over(paid, hours, "USD_per_gpu_hour"),
    } | meeting
    requests = year_of(book, book.sales.requests.sum(axis=0))
    tokens = year_of(book, (book.sales.input + book.sales.cached + book.sales.output).sum(axis=0))
    if requests > 0:
        found["cost_per_1000_requests"] = over(paid, requests, "USD_per_1000_requests")
    if tokens > 0:
        found["cost_per_million_tokens"] = over(paid, tokens, "USD_per_million_tokens")
    return found | _time(book, alternative, file)


def _meeting(gain: Callable[[float], float], base: float) -> Metrics:
    """Use from which owning costs less, as a share and as a ratio that may exceed 1."""
    scale = crossing(gain)
    if scale is not None:
        ratio = Metric(max(scale, 0.0) * base, "ratio")
        return {"break_even_utilisation": never_above_one(scale, base), "break_even_ratio": ratio}
    idle, full = gain(0.0), gain(1 / base if base > 0 else 1.0)
    if full >= 0:
        status, reason = Status.UNDEFINED, "Owning costs less at any use."
    elif idle < 0:
        status, reason = Status.NEVER, "Owning costs more at any use."
    else:
        upto = idle / (idle - full)
        status, reason = Status.UNDEFINED, f"Owning costs less only below {upto:.2%} use."
    return {
        name: Metric(None, unit, status, reason)
        for name, unit in (("break_even_utilisation", "share"), ("break_even_ratio", "ratio"))
    }


def _is_yearly(project: Project) -> bool:
    return project.conventions.comparison in NAMES[:2]


def _gain(book: Ledger, alternative: Alternative, file: StatedFile) -> float:
    pair = _pair(book, alternative, file)
    return pair.other - pair.own


def _pair(book: Ledger, alternative: Alternative, file: StatedFile) -> _Pair:
    """Cost of both, of the reference year or of the whole time."""
    way = book.project.conventions.comparison
    other = file.projects[alternative.project] if alternative.project else None
    if other is not None:
        return _Pair(_own(book, way), _own(ledger(other), way))
    flows, flow = (
        _prices(book, alternative),
        factors(book.project, book.project.conventions.operating_flows),
    )
    upfront = alternative.upfront_usd
    costs = {
        "straight_line": year_of(book, flows) + upfront * _per_year(book),
        "annuity": year_of(book, flows) + upfront * _per_year(book),
        "cash": float(book.cash(flows).sum()) + upfront,
        "present_value": float(book.cash(flows) @ flow) + upfront,
    }
    return _Pair(_own(book, way), costs[way])


def _per_year(book: Ledger) -> float:
    """Part of an upfront payment that falls on each year of the timeline."""
    years = book.layout.periods / book.layout.per_year
    return annuity_factor(0.0, years)


def _own(book: Ledger, way: str) -> float:
    """Cost of a project, of the reference year or of the whole time."""
    if way == "cash":
        spent = book.capex + book.sum(book.opex) + book.sum(book.power) - book.sum(book.terminal)
        return float(book.cash(spent).sum())
    if way == "present_value":
        return present_costs(book)[0]
    yearly = cost_by_year(book)
    key = "annual_cost" if way == "straight_line" else "annual_annuity_cost"
    return yearly[key].value or 0.0


def _year(book: Ledger, alternative: Alternative, file: StatedFile) -> float:
    """What the alternative is paid in the reference year."""
    if alternative.project is not None:
        return _own(ledger(file.projects[alternative.project]), "straight_line")
    return year_of(book, _prices(book, alternative))


def _prices(book: Ledger, alternative: Alternative) -> Array:
    """Payments for the same hours and tokens by period, without the upfront one, (total,)."""
    sales, layout = book.sales, book.layout
    fresh = alternative.usd_per_million_input_tokens or 0.0
    cached = alternative.usd_per_million_cached_tokens
    servers = _servers_per_gpu(book)
    paid = (
        sales.sold_gpu_hours * (alternative.usd_per_gpu_hour or 0.0)
        + sales.sold_gpu_hours * servers * (alternative.usd_per_server_hour or 0.0)
        + sales.installed_gpu_hours * (alternative.usd_per_reserved_gpu_hour or 0.0)
        + sales.input * fresh
        + sales.cached * (fresh if cached is None else cached)
        + sales.output * (alternative.usd_per_million_output_tokens or 0.0)
    ).sum(axis=0)
    live = layout.standing(layout.live).any(axis=0)
    paid = paid + live * alternative.usd_per_year / layout.per_year
    years = layout.period / layout.per_year
    return np.asarray(paid * growth(alternative.yearly_change, "yearly", years))


def _servers_per_gpu(book: Ledger) -> Array:
    gpus, servers = book.layout.sized("gpus"), book.layout.sized("servers")
    return np.where(gpus > 0, servers / np.where(gpus > 0, gpus, 1.0), 0.0)[:, None]


def _time(book: Ledger, alternative: Alternative, file: StatedFile) -> Metrics:
    """Hours and months of use after which the capex of owning is saved."""
    if alternative.project is not None:
        return {}
    running = year_of(book, book.sum(book.opex) + book.sum(book.power))
    saved = _year(book, alternative, file) - running
    capex = float(book.cash(book.sum(book.first)).sum()) - alternative.upfront_usd
    gpus = float(book.layout.sized("gpus").sum())
    hours = year_of(book, book.sales.sold_gpu_hours.sum(axis=0))
    if saved <= 0 or capex <= 0 or gpus <= 0:
        reason = "Running one's own saves nothing against it."
        never = Metric(None, "months", Status.NEVER, reason)
        return {
            "break_even_months": never,
            "break_even_hours": Metric(None, "hours", Status.NEVER, reason),
        }
    years = capex / saved
    return {
        "break_even_months": Metric(years * MONTHS_PER_YEAR, "months"),
        "break_even_hours": Metric(years * hours / gpus, "hours"),
    }
