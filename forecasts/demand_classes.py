"""Demand by class of use: what each class wants of a factory, and what it gets of what stands.

The model sells contracts first and serves no class before another, so classes share alike: what is
sold under contract by what each would sign, and what is left of capacity by what each still wants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.engine import Result
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array, Whole

CLASSES = {
    "regulated": "Regulated and sovereign",
    "training": "Training",
    "inference": "Inference",
    "tenants": "Tenants of space",
}
"""Name on screen of every class. Tenants of powered space are demand too: they bring own racks."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassDemand:
    """Demand of every class by month, (class, factory, month) each, in the order of `CLASSES`.

    Attributes
    ----------
    wanted_mw, signing_mw : array
        IT load wanted; the part of it that would sign take-or-pay or a lease.
    met_mw, contracted_mw : array
        The part of demand that live capacity meets; of that, under contract or lease.
    wanted_gpu_hours : array
        Hours of the wanted load on the racks that are live; none in months without racks.
    sold_gpu_hours, contracted_gpu_hours : array
        Hours sold, and of them those under contract.
    """

    wanted_mw: Array
    signing_mw: Array
    met_mw: Array
    contracted_mw: Array
    wanted_gpu_hours: Array
    sold_gpu_hours: Array
    contracted_gpu_hours: Array


@dataclass(frozen=True, slots=True)
class ClassYear:
    """One class in one year; MW-months and GPU-hours as in `ClassDemand`.

    Attributes
    ----------
    name, label : str
        Key of `CLASSES`, and its name on screen.
    """

    name: str
    label: str
    wanted_mw_months: float
    signing_mw_months: float
    met_mw_months: float
    contracted_mw_months: float
    wanted_gpu_hours: float
    sold_gpu_hours: float
    contracted_gpu_hours: float


@dataclass(frozen=True, slots=True)
class DemandYear:
    """Demand and capacity of one year: wanted = met + shortfall + before live.

    Attributes
    ----------
    year : int
        Calendar year.
    wanted_mw_months, met_mw_months : float
        IT load wanted, and the lower of it and what is live, summed over months.
    shortfall_mw_months, stranded_mw_months : float
        Demand above live capacity in months with any; live capacity above demand.
    before_live_mw_months : float
        Demand of months in which nothing is live.
    classes : tuple of ClassYear
        What of it belongs to each class; tenants only where space is let.
    """

    year: int
    wanted_mw_months: float
    met_mw_months: float
    shortfall_mw_months: float
    stranded_mw_months: float
    before_live_mw_months: float
    classes: tuple[ClassYear, ...]


def class_demand(result: Result, path: int = 0) -> ClassDemand:
    """Share demand, capacity and hours of all factories out among classes of use."""
    sales, demand = result.sales, result.demand_mw[path]
    let, own = sales.let_mw[path], sales.live_mw - sales.leased_mw
    parts, signs = _mix(result)
    wanted = parts * (demand - let)
    signing = wanted * signs
    by_contract = _shares(parts * signs)
    firm = sales.firm_share[path]
    contracted = firm * own * by_contract
    left = np.maximum(wanted - contracted, 0.0)
    by_rest = _shares(left)
    rest = np.maximum(np.minimum(demand, sales.live_mw) - let - firm * own, 0.0)
    hours = sales.available_gpu_hours * firm
    per_mw = np.divide(sales.installed_gpu_hours, own, out=np.zeros_like(own), where=own > 0)
    free_hours = np.maximum(sales.sold_gpu_hours[path] - hours, 0.0)
    return ClassDemand(
        wanted_mw=_and(wanted, let),
        signing_mw=_and(signing, let),
        met_mw=_and(contracted + rest * by_rest, let),
        contracted_mw=_and(contracted, let),
        wanted_gpu_hours=_and(wanted * per_mw, 0 * let),
        sold_gpu_hours=_and(hours * by_contract + free_hours * by_rest, 0 * let),
        contracted_gpu_hours=_and(hours * by_contract, 0 * let),
    )


def _mix(result: Result) -> tuple[Array, Array]:
    """Parts of the demand for hours by class, and the part of each that signs, (class, factory, 1).

    The order is that of `CLASSES`, without tenants.
    """
    q = result.plan.quantities
    bound, training = q["regulated_share"], q["training_share"]
    parts = np.stack([bound, (1 - bound) * training, (1 - bound) * (1 - training)])
    names = ("regulated", "training", "inference")
    signs = np.stack([q[f"{name}_contract_share"] for name in names])
    return parts[..., None], signs[..., None]


def _shares(weights: Array) -> Array:
    """Bring weights of classes, the first axis, to shares of their sum; 0 where there is none."""
    whole = weights.sum(axis=0)
    found: Array = np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0)
    return found


def _and(classes: Array, tenants: Array) -> Array:
    return np.concatenate([classes, tenants[None]])


def class_gap(result: Result) -> float:
    """Largest difference between classes added up and what is wanted, met or sold, relative.

    All factories and months of the expected path at once: the checks ask after every change.
    """
    found, sales = class_demand(result), result.sales
    demand, hours = result.demand_mw[0], sales.sold_gpu_hours[0]
    whole = (
        (found.wanted_mw, demand),
        (found.met_mw, np.minimum(demand, sales.live_mw)),
        (found.sold_gpu_hours, hours),
        (found.contracted_gpu_hours, sales.available_gpu_hours * sales.firm_share[0]),
    )
    return max(
        float(np.abs(parts.sum(axis=0) - total).max(initial=0.0))
        / max(float(np.abs(total).max(initial=0.0)), 1.0)
        for parts, total in whole
    )


def demand_years(result: Result, row: int | None, path: int = 0) -> list[DemandYear]:
    """Return demand and capacity by calendar year and class.

    Parameters
    ----------
    result : Result
        A projection.
    row : int or None
        Factory; None for all together.
    path : int
        Path of the drivers.
    """
    rows = slice(None) if row is None else slice(row, row + 1)
    calendar = calendar_years(result.plan.start, result.plan.months)
    demand, live = result.demand_mw[path, rows], result.sales.live_mw[rows]
    met = np.minimum(demand, live)
    none = live <= 0

    def yearly(values: Array) -> list[float]:
        return [float(value) for value in by_year(values.sum(axis=0), calendar)]

    whole = zip(
        yearly(demand),
        yearly(met),
        yearly(np.where(none, 0.0, demand - met)),
        yearly(live - met),
        yearly(np.where(none, demand, 0.0)),
        strict=True,
    )
    each = _class_years(class_demand(result, path), rows, calendar)
    if not result.sales.leased_mw[rows].any():
        each = [tuple(one for one in own if one.name != "tenants") for own in each]
    first = result.plan.start.year
    return [
        DemandYear(first + place, *sums, own)
        for place, (sums, own) in enumerate(zip(whole, each, strict=True))
    ]


def _class_years(found: ClassDemand, rows: slice, calendar: Whole) -> list[tuple[ClassYear, ...]]:
    """Every class of every year."""
    monthly = (
        found.wanted_mw,
        found.signing_mw,
        found.met_mw,
        found.contracted_mw,
        found.wanted_gpu_hours,
        found.sold_gpu_hours,
        found.contracted_gpu_hours,
    )
    yearly = np.stack([by_year(values[:, rows].sum(axis=1), calendar) for values in monthly])
    return [
        tuple(
            ClassYear(name, label, *(float(value) for value in yearly[:, place, year]))
            for place, (name, label) in enumerate(CLASSES.items())
        )
        for year in range(yearly.shape[2])
    ]
