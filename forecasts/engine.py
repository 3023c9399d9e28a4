"""The one model: plan and drivers in, every line of every factory out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog, bundled
from forecasts.cases import Inputs, Outputs, commit, follow, repay
from forecasts.cohorts import Cohorts, most_cohorts, tabulated
from forecasts.compiled import Record
from forecasts.drivers import Drivers, central
from forecasts.figures import FIGURES
from forecasts.irr_rows import IrrRows, irr_rows
from forecasts.lines import LINES
from forecasts.loans import FLOWS, TRANCHES
from forecasts.metrics import discount_factors
from forecasts.outlook import outlook
from forecasts.path_figures import figures
from forecasts.phases import MOST_PHASES, Phase, phases_of
from forecasts.plan import Plan, compile_plan
from forecasts.records import COHORT, PHASE, TRACK, TRACKS
from forecasts.scenario import Scenario
from forecasts.units import Array
from forecasts.waterfall import FINANCE


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


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """What stands and what is sold of it.

    Attributes
    ----------
    live_mw, leased_mw : (factory, month) arrays
        IT load in service; the part of it that is space for tenants.
    let_mw : (path, factory, month) array
        What of that space is let.
    sold_share : (path, factory, month) array
        Share of the available GPU-hours that is billed, under contract or on the market.
    firm_share : (path, factory, month) array
        Share of them under contract.
    installed_gpu_hours, available_gpu_hours : (factory, month) arrays
        Hours of all GPUs in service; those that can be sold.
    sold_gpu_hours : (path, factory, month) array
        Hours sold. All hours are Vera Rubin equivalents: a later generation counts by its power.
    """

    live_mw: Array
    leased_mw: Array
    let_mw: Array
    sold_share: Array
    firm_share: Array
    installed_gpu_hours: Array
    available_gpu_hours: Array
    sold_gpu_hours: Array


@dataclass(frozen=True, slots=True, eq=False)
class Debt:
    """Every loan, as signed on path 0.

    Attributes
    ----------
    size_usd : (factory, cohort, tranche) array
        What is lent to each set of racks; tranches as in `loans.TRANCHES`.
    bound : (factory, cohort) array of int
        What set the senior loan, an index of `loans.BOUNDS`.
    owed_usd : (factory, tranche, month) array
        Debt at the end of each month by tranche.
    totals : (factory, flow, month) array
        `loans.FLOWS` of all loans of a factory.
    settled : bool
        Whether tax and interest settled for every factory.
    """

    size_usd: Array
    bound: Record
    owed_usd: Array
    totals: Array
    settled: bool


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Everything a projection found.

    Attributes
    ----------
    plan : Plan
        The resolved scenario.
    drivers : Drivers
        What was forecast.
    phases : tuple of tuple of Phase
        Build-out by factory.
    cohorts : Cohorts
        All racks ever bought.
    assets : Assets
        What was bought, for depreciation and the value at the end.
    demand_mw : (path, factory, month) array
        IT load wanted.
    sales : Sales
        Capacity and GPU-hours, installed to sold.
    lines : mapping of str to (path, factory, month) array
        Cash by line, in positive and out negative, USD.
    depreciation_usd : (factory, month) array
        Tax depreciation, positive.
    cash_usd : (path, factory, month) array
        Sum of all lines: free cash flow to the project after tax, before finance.
    finance : mapping of str to (path, factory, month) array
        `waterfall.FINANCE`: cash for debt service, loans, reserve, owners' cash; USD.
    debt : Debt
        Every loan.
    figures : (path, factory, figure) array
        `figures.FIGURES`: the sums behind every return metric.
    rates : IrrRows, (path, factory, 2)
        Monthly IRR of the project's cash and of the owners'.
    factors : (factory, month) array
        Discount factors.
    discount_rate : (factory,) array
        Yearly rate behind them.
    """

    plan: Plan
    drivers: Drivers
    phases: tuple[tuple[Phase, ...], ...]
    cohorts: Cohorts
    assets: Assets
    demand_mw: Array
    sales: Sales
    lines: Mapping[str, Array]
    depreciation_usd: Array
    cash_usd: Array
    finance: Mapping[str, Array]
    debt: Debt
    figures: Array
    rates: IrrRows
    factors: Array
    discount_rate: Array

    def total(self, names: tuple[str, ...]) -> Array:
        """Sum some lines, (path, factory, month)."""
        return sum((self.lines[name] for name in names), np.zeros_like(self.cash_usd))


def run(scenario: Scenario, catalog: Catalog | None = None) -> Result:
    """Project a scenario along the mean of every forecast.

    Parameters
    ----------
    scenario : Scenario
        Assumptions.
    catalog : Catalog, optional
        Tables; the bundled ones when not given.

    Raises
    ------
    RefusedError
        If scenario and tables do not fit together.
    """
    tables = catalog if catalog is not None else bundled()
    plan = compile_plan(scenario, tables)
    return evaluate(plan, central(plan, outlook(tables, scenario.follows)))


def evaluate(plan: Plan, drivers: Drivers) -> Result:
    """Carry driver paths through demand, phases, costs, revenue, tax and finance.

    Build-out and loans are committed on path 0, which is what owners and lenders expect; every
    other path runs through what was committed. A path gives the same bits alone and among others.
    """
    given, out = inputs(plan, drivers), outputs(plan)
    count = drivers.regional_mw.shape[0]
    shape = (count, len(plan.sites))
    lines, tracks, finance = (
        np.zeros((*shape, rows, plan.months)) for rows in (len(LINES), len(TRACKS), len(FINANCE))
    )
    rate = discount_rate(plan)
    factors = discount_factors(rate, plan.months)
    summed = np.zeros((*shape, len(FIGURES)))
    for path in range(count):
        own = lines[path], tracks[path], finance[path]
        if path == 0:
            commit(given, out, own)
        if path == 0 and not given.slip[0].any():
            repay(given, out, own)
        else:
            follow(given, out, path, own)
        figures(given, out, path, own, factors, summed[path])
    flows = np.empty((*shape, 2, plan.months))
    flows[:, :, 0] = cash = tracks[:, :, TRACK["net"]]
    flows[:, :, 1] = finance[:, :, FINANCE.index("equity_cash")]
    return Result(
        plan=plan,
        drivers=drivers,
        phases=tuple(
            phases_of(rows, int(found[0])) for rows, found in zip(out.phases, out.made, strict=True)
        ),
        cohorts=tabulated(out.cohorts),
        assets=Assets(out.facility_usd, out.land_usd, out.hardware_usd),
        demand_mw=tracks[:, :, TRACK["demand_mw"]],
        sales=Sales(
            live_mw=tracks[0, :, TRACK["live_mw"]],
            leased_mw=tracks[0, :, TRACK["leased_mw"]],
            let_mw=tracks[:, :, TRACK["let_mw"]],
            sold_share=tracks[:, :, TRACK["sold_share"]],
            firm_share=tracks[:, :, TRACK["firm_share"]],
            installed_gpu_hours=tracks[0, :, TRACK["installed_hours"]],
            available_gpu_hours=tracks[0, :, TRACK["available_hours"]],
            sold_gpu_hours=tracks[:, :, TRACK["sold_hours"]],
        ),
        lines={name: lines[:, :, place] for place, name in enumerate(LINES)},
        depreciation_usd=tracks[0, :, TRACK["depreciation"]],
        cash_usd=cash,
        finance={name: finance[:, :, place] for place, name in enumerate(FINANCE)},
        debt=Debt(out.size_usd, out.bound, out.owed, out.totals, bool((out.rounds > 0).all())),
        figures=summed,
        rates=irr_rows(flows),
        factors=factors,
        discount_rate=rate[:, 0],
    )


def inputs(plan: Plan, drivers: Drivers, quantities: Record | None = None) -> Inputs:
    """Return what the compiled stages read; assumptions are the plan's unless given by path.

    Raises
    ------
    ValueError
        If a driver has another number of paths, factories or months: the stages do not look.
    """
    paths = drivers.regional_mw.shape[0]
    everywhere, by_site = (paths, plan.months), (paths, len(plan.sites), plan.months)

    def read(name: str, shape: tuple[int, ...]) -> Array:
        found: Array = np.ascontiguousarray(getattr(drivers, name), dtype=np.float64)
        if found.shape != shape:
            raise ValueError(f"drivers.{name} has shape {found.shape}; give it shape {shape}")
        return found

    slip = drivers.slip_months
    if slip.shape[0] == 1 < paths:  # one delay for all paths
        slip = np.broadcast_to(slip, by_site[:2])
    if slip.shape != by_site[:2] or slip.min(initial=0) < 0:
        raise ValueError(
            f"drivers.slip_months has shape {slip.shape}, lowest {slip.min(initial=0)}; "
            f"give whole months from 0 on, {by_site[:2]}"
        )
    return Inputs(
        quantities=plan.quantities[None] if quantities is None else quantities,
        roadmap=plan.roadmap,
        entered=plan.entered,
        announced=plan.announced,
        first_month=plan.start.month - 1,
        regional_mw=read("regional_mw", by_site),
        gpu_price=read("gpu_price_index", by_site),
        power=read("power_index", by_site),
        rack_price=read("rack_price_index", everywhere),
        local=read("local_index", by_site),
        slip=np.array(slip, order="C"),  # writable, path by path: else all is compiled twice
        temperature=plan.temperature,
    )


def outputs(plan: Plan, by_cohort: bool = False) -> Outputs:
    """Return room for what the compiled stages commit.

    Flows of the loans of each cohort are kept when asked for, or when a sweep prepays one loan
    after the other: they are many pages of memory.
    """
    sites, months = len(plan.sites), plan.months
    shortest = float(plan.quantities["hardware_life_years"].min())
    places = (sites, MOST_PHASES)
    slots = (sites, most_cohorts(shortest, months, int(plan.phases_most())))
    each = slots if by_cohort or (plan.quantities["cash_sweep"] > 0).any() else (sites, 1)
    return Outputs(
        phases=np.zeros(places, PHASE),
        cohorts=np.zeros(slots, COHORT),
        made=np.zeros((sites, 2), np.int64),
        facility_usd=np.zeros(places),
        land_usd=np.zeros(places),
        racks_usd=np.zeros(slots),
        hardware_usd=np.zeros(slots),
        size_usd=np.zeros((*slots, len(TRANCHES))),
        bound=np.zeros(slots, np.int64),
        flows=np.zeros((*each, len(FLOWS), months)),
        totals=np.zeros((sites, len(FLOWS), months)),
        owed=np.zeros((sites, len(TRANCHES), months)),
        rounds=np.zeros(sites, np.int64),
    )


def discount_rate(plan: Plan) -> Array:
    """Bond yield, plus beta times the share premium, plus the country's premium, (factory, 1)."""
    market = plan["asset_beta"] * plan["equity_risk_premium"]
    country = plan["country_risk_exposure"] * plan["country_risk_premium"]
    rate: Array = plan["risk_free_rate"] + market + country
    return rate
