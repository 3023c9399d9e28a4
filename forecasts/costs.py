"""Capex and opex by line: what is paid, and when. Costs are negative cash."""

from dataclasses import dataclass

import numpy as np

from forecasts.cohorts import Cohorts
from forecasts.hardware import price_per_rack_kw
from forecasts.phases import Phase
from forecasts.plan import Plan
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array, Whole

WATTS_PER_MW = 1e6
KW_PER_MW = 1e3


@dataclass(frozen=True, slots=True, eq=False)
class PhaseTable:
    """Dates and sizes of all phases as (factory, phase) arrays; empty places hold 0 MW."""

    decision: Whole
    construction: Whole
    energised: Whole
    live: Whole
    it_mw: Array


def tabulate(phases: tuple[tuple[Phase, ...], ...]) -> PhaseTable:
    """Arrange the phases of all factories as arrays."""
    width = max((len(own) for own in phases), default=0) or 1

    def whole(name: str) -> Whole:
        rows = [[getattr(phase, name) for phase in own] for own in phases]
        return np.array([[*row, *[0] * (width - len(row))] for row in rows], dtype=np.int64)

    sizes = [[phase.it_mw for phase in own] for own in phases]
    it_mw = np.array([[*row, *[0.0] * (width - len(row))] for row in sizes])
    return PhaseTable(
        whole("decision"), whole("construction"), whole("energised"), whole("live"), it_mw
    )


def s_curve(start: Whole, end: Whole, months: int) -> Array:
    """Share of a cost paid in each month: slow, fast, slow (3x² - 2x³) from start to end.

    Parameters
    ----------
    start, end : (...) arrays of int
        First month and the month of completion; equal months mean a single payment.
    months : int
        Length of the projection; what falls beyond it is not paid.

    Returns
    -------
    (..., month) array
        Sums to 1 over the months when `end` lies within the projection.
    """
    edges = np.arange(months + 1)
    length = np.maximum(end - start, 1)[..., None]
    progress = np.clip((edges - start[..., None]) / length, 0.0, 1.0)
    done = progress**2 * (3 - 2 * progress)
    shares: Array = np.diff(done, axis=-1)
    return shares


@dataclass(frozen=True, slots=True, eq=False)
class Assets:
    """What was bought, for depreciation, upkeep and the value at the end.

    Attributes
    ----------
    facility_usd : (factory, phase) array
        Cost of each phase's facility without land.
    land_usd : (factory, phase) array
        Cost of land.
    hardware_usd : (factory, slot) array
        Cost of each cohort with everything that comes with the racks.
    """

    facility_usd: Array
    land_usd: Array
    hardware_usd: Array


def facility_lines(plan: Plan, table: PhaseTable) -> tuple[dict[str, Array], Array, Array]:
    """Facility capex by line, and its cost by phase.

    Returns
    -------
    lines : dict of (factory, month) arrays
        Shell, electrical, cooling, grid connection, land, contingency, owner's cost; negative.
    facility_usd, land_usd : (factory, phase) arrays
        Cost of each phase, positive.
    """
    midway = (table.construction + table.energised) / 2
    inflation = (1 + plan["construction_inflation"]) ** (midway / MONTHS_PER_YEAR)
    per_mw = plan["build_cost"] * (1 + plan["ai_build_premium"]) * WATTS_PER_MW
    build = table.it_mw * per_mw * inflation
    shell, electrical = plan["shell_cost_share"], plan["electrical_cost_share"]
    grid = table.it_mw * KW_PER_MW * plan["pue"] * plan["grid_connection_cost"] * inflation
    cost = {
        "shell": build * shell,
        "electrical": build * electrical,
        "cooling": build * (1 - shell - electrical),
        "grid_connection": grid,
        "contingency": (build + grid) * plan["contingency_share"],
        "owners_cost": (build + grid) * plan["owners_cost_share"],
    }
    building = s_curve(table.construction, table.energised, plan.months)
    lines = {name: _spend(usd, building) for name, usd in cost.items()}
    land = table.it_mw * plan["land_area"] * plan["land_price"]
    at_decision = s_curve(table.decision, table.decision, plan.months)
    lines["land"] = _spend(land, at_decision)
    return lines, sum(cost.values(), np.zeros_like(build)), land


def _spend(usd: Array, schedule: Array) -> Array:
    """Negative cash by month from (factory, item) amounts and (factory, item, month) shares."""
    paid: Array = -np.einsum("fi,fim->fm", usd, schedule)
    return paid


def hardware_lines(plan: Plan, cohorts: Cohorts) -> tuple[dict[str, Array], Array]:
    """Hardware capex by line and refresh capex, and the cost of each cohort.

    Returns
    -------
    lines : dict of (factory, month) arrays
        Racks, network and storage, integration, security platform, freight and duty of the first
        fit-out, and `refresh` with all lines of the replacements; negative.
    hardware_usd : (factory, slot) array
        Cost of each cohort, positive.
    """
    racks = cohorts.kw * _prices_per_kw(plan, cohorts)
    extras = {
        "network_storage": plan["network_storage_share"],
        "integration": plan["integration_share"],
        "security_platform": plan["security_platform_share"],
        "freight_duty": (1 + plan["network_storage_share"])
        * (plan["freight_share"] + plan["import_duty"]),
    }
    cost = {"racks": racks} | {name: racks * share for name, share in extras.items()}
    schedule = _hardware_schedule(plan, cohorts)
    first = ~cohorts.is_refresh
    lines = {name: _spend(usd * first, schedule) for name, usd in cost.items()}
    total = sum(cost.values(), np.zeros_like(racks))
    lines["refresh"] = _spend(total * cohorts.is_refresh, schedule)
    return lines, total


def _prices_per_kw(plan: Plan, cohorts: Cohorts) -> Array:
    """Price of each cohort's racks, (factory, slot), USD per kW."""
    trend, step = plan["rack_price_trend"], plan["generation_rack_price_change"]
    rows = [
        price_per_rack_kw(
            roadmap,
            float(plan["rack_price"][row, 0]),
            (float(trend[row, 0]), float(step[row, 0])),
            cohorts.delivery[row],
            cohorts.generation[row],
        )
        for row, roadmap in enumerate(plan.generations)
    ]
    return np.stack(rows)


def _hardware_schedule(plan: Plan, cohorts: Cohorts) -> Array:
    """Deposit at order, the rest at delivery, as (factory, slot, month) shares."""
    deposit = plan["rack_deposit_share"][..., None]
    at_order = s_curve(cohorts.order, cohorts.order, plan.months)
    at_delivery = s_curve(cohorts.delivery, cohorts.delivery, plan.months)
    return deposit * at_order + (1 - deposit) * at_delivery


@dataclass(frozen=True, slots=True, eq=False)
class Operations:
    """What is running, month by month.

    Attributes
    ----------
    live_mw : (factory, month) array
        IT load installed and live.
    sold_share : (path, factory, month) array
        Share of the live capacity at work.
    compute_usd, revenue_usd : (path, factory, month) arrays
        Compute revenue; all revenue.
    services_usd : (path, factory, month) array
        Revenue of transformation services.
    power_index : (path, factory, month) array
        Power price over time, 1 at month 0.
    """

    live_mw: Array
    sold_share: Array
    compute_usd: Array
    revenue_usd: Array
    services_usd: Array
    power_index: Array


def opex_lines(
    plan: Plan, table: PhaseTable, cohorts: Cohorts, assets: Assets, running: Operations
) -> dict[str, Array]:
    """Yearly running costs by line, monthly and negative, (path, factory, month)."""
    month = np.arange(plan.months)
    general = (1 + plan["inflation"]) ** (month / MONTHS_PER_YEAR) / MONTHS_PER_YEAR
    live = running.live_mw
    open_site = live > 0
    facility = np.einsum("fi,fim->fm", assets.facility_usd, month >= table.live[..., None])
    hardware = np.einsum("fi,fim->fm", assets.hardware_usd, cohorts.in_service(plan.months))
    gpus = live * KW_PER_MW / (plan["rack_power_kw"] / plan["gpus_per_rack"])
    crew = (plan["staff_base"] * open_site + plan["staff_cost"] * live) * plan["labour_index"]
    fixed = {
        "staff": crew * general,
        "maintenance": facility * plan["facility_maintenance_share"] * general,
        "hardware_support": hardware * plan["hardware_support_share"] / MONTHS_PER_YEAR,
        "software": gpus * plan["software_cost"] * general,
        "security_operations": live * plan["security_operations_cost"] * general,
        "compliance": plan["compliance_cost"] * open_site * general,
        "insurance": (facility + hardware) * plan["insurance_share"] / MONTHS_PER_YEAR,
        "property_tax": facility * plan["property_tax"] / MONTHS_PER_YEAR,
        "connectivity": live * plan["connectivity_cost"] * general,
    }
    lines = {name: -cost[None] for name, cost in fixed.items()}
    lines["power"] = -_power_cost(plan, running)
    lines["cloud_platform"] = -running.compute_usd * plan["cloud_platform_share"]
    lines["services_delivery"] = -running.services_usd * (1 - plan["services_margin"])
    lines["overhead"] = -running.revenue_usd * plan["overhead_share"]
    return lines


def _power_cost(plan: Plan, running: Operations) -> Array:
    """Energy of busy and idle racks, times PUE, times the price of the month."""
    busy, idle = plan["busy_power_share"], plan["idle_power_share"]
    draw = idle + (busy - idle) * running.sold_share
    energy_kwh = running.live_mw * KW_PER_MW * draw * plan["pue"] * HOURS_PER_MONTH
    price = plan["power_price"] * (1 + plan["power_price_change"])
    cost: Array = energy_kwh * price * running.power_index
    return cost
