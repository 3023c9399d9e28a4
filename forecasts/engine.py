"""The one model: plan and drivers in, every line of every factory out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog, bundled
from forecasts.cohorts import Cohorts, Renewal, cohorts_of
from forecasts.costs import (
    Assets,
    Operations,
    PhaseTable,
    facility_lines,
    hardware_lines,
    opex_lines,
    tabulate,
)
from forecasts.demand import ai_share, wanted_mw
from forecasts.drivers import Drivers, central
from forecasts.hardware import price_per_gpu_hour
from forecasts.lines import LINES, OPEX_LINES, REVENUE_LINES
from forecasts.metrics import discount_factors
from forecasts.outlook import outlook
from forecasts.phases import Phase, SiteRules, plan_phases
from forecasts.plan import FIRST_WAVE, Plan, compile_plan
from forecasts.revenue import Sales, sales
from forecasts.scenario import Scenario
from forecasts.tax import by_year, calendar_years, holiday, income_tax, straight_line
from forecasts.units import MONTHS_PER_YEAR, Array


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
    return evaluate(plan, central(plan, outlook(tables)))


def evaluate(plan: Plan, drivers: Drivers) -> Result:
    """Carry driver paths through demand, phases, costs, revenue and tax.

    The build-out is planned once, on the mean demand of all paths: it is what would be committed.
    """
    demand = _demand(plan, drivers)
    phases = _phases(plan, demand.mean(axis=0))
    table = tabulate(phases)
    cohorts = cohorts_of(phases, _renewals(plan), plan.generations)
    prices = tuple(
        price_per_gpu_hour(
            roadmap,
            plan["gpu_hour_price"][row],
            plan["generation_price_change"][row],
            drivers.gpu_price_index,
        )
        for row, roadmap in enumerate(plan.generations)
    )
    sold = sales(plan, cohorts, demand, prices)
    facility, facility_usd, land_usd = facility_lines(plan, table)
    hardware, hardware_usd = hardware_lines(plan, cohorts)
    assets = Assets(facility_usd, land_usd, hardware_usd)
    capex = {name: usd[None] for name, usd in (facility | hardware).items()}
    lines = dict(sold.lines) | capex
    lines |= opex_lines(plan, table, cohorts, assets, _operations(sold, drivers))
    lines |= _receipts(plan, table, cohorts, assets, hardware | facility)
    depreciation = _depreciation(plan, table, cohorts, assets)
    lines["income_tax"] = -_income_tax(plan, cohorts, lines, depreciation, land_usd)
    shape = demand.shape
    lines = {name: np.broadcast_to(lines[name], shape) for name in LINES}
    cash = sum(lines.values(), np.zeros(shape))
    rate = _discount_rate(plan)
    return Result(
        plan=plan,
        drivers=drivers,
        phases=phases,
        cohorts=cohorts,
        assets=assets,
        demand_mw=demand,
        sales=sold,
        lines=lines,
        depreciation_usd=depreciation,
        cash_usd=cash,
        factors=discount_factors(rate, plan.months),
        discount_rate=rate[:, 0],
    )


def _demand(plan: Plan, drivers: Drivers) -> Array:
    share = ai_share(
        plan["ai_share_now"], plan["ai_share_later"], plan["ai_share_years"], plan.months
    )
    shares = (share, plan["sovereign_share"], plan["capture_share"])
    return wanted_mw(drivers.regional_mw, shares, plan["demand_change"])


def _phases(plan: Plan, demand: Array) -> tuple[tuple[Phase, ...], ...]:
    named = {
        "decision": "decision_month",
        "done": "lead_months_done",
        "permit": "permit_months",
        "grid": "grid_lead_months",
        "delay": "grid_delay_months",
        "construction": "construction_months",
        "rack_lead": "rack_lead_months",
        "commissioning": "commissioning_months",
        "spacing": "phase_spacing_months",
        "max_phases": "max_phases",
    }
    whole = {field: plan.whole(name) for field, name in named.items()}
    phase_kw = plan["phase_racks"] * plan["rack_power_kw"]
    return tuple(
        plan_phases(
            SiteRules(
                **{field: values[row] for field, values in whole.items()},
                phase_kw=float(phase_kw[row, 0]),
                site_mw=float(plan["site_capacity_mw"][row, 0]),
                pue=float(plan["pue"][row, 0]),
                threshold=float(plan["expansion_threshold"][row, 0]),
                least_kw=float((plan["smallest_phase_racks"] * plan["rack_power_kw"])[row, 0]),
                announced=plan.sites[row].wave == FIRST_WAVE,
            ),
            demand[row],
            plan.generations[row],
        )
        for row in range(len(plan.sites))
    )


def _life_months(plan: Plan, name: str) -> tuple[int, ...]:
    years = plan[name][:, 0]
    return tuple(max(1, round(value * MONTHS_PER_YEAR)) for value in years.tolist())


def _renewals(plan: Plan) -> tuple[Renewal, ...]:
    lives = _life_months(plan, "hardware_life_years")
    leads = plan.whole("rack_lead_months")
    return tuple(
        Renewal(life=life, rack_lead=lead, months=plan.months)
        for life, lead in zip(lives, leads, strict=True)
    )


def _operations(sold: Sales, drivers: Drivers) -> Operations:
    compute = sold.lines["contracted_compute"] + sold.lines["merchant_compute"]
    return Operations(
        live_mw=sold.live_mw,
        sold_share=sold.sold_share,
        compute_usd=compute,
        revenue_usd=compute + sold.lines["services"],
        services_usd=sold.lines["services"],
        power_index=drivers.power_index,
    )


def _receipts(
    plan: Plan,
    table: PhaseTable,
    cohorts: Cohorts,
    assets: Assets,
    capex: Mapping[str, Array],
) -> dict[str, Array]:
    """Grants with the spending they support, resale of replaced racks, value at the end."""
    spent = sum((usd for name, usd in capex.items() if name != "refresh"), np.zeros(1))
    month = np.arange(plan.months)
    gone = cohorts.end < plan.months
    left = plan["hardware_residual_share"]
    resale = assets.hardware_usd * left * gone
    final = np.zeros((len(plan.sites), plan.months))
    final[:, -1] = _terminal(plan, table, cohorts, assets)
    return {
        "grants": -(spent * plan["grant_share"])[None],
        "resale": np.einsum("fs,fsm->fm", resale, month == cohorts.end[..., None])[None],
        "terminal_value": final[None],
    }


def _terminal(plan: Plan, table: PhaseTable, cohorts: Cohorts, assets: Assets) -> Array:
    """Hardware by age, facility straight down over its life, land at cost, (factory,)."""
    life = plan["hardware_life_years"] * MONTHS_PER_YEAR
    age = np.clip((plan.months - cohorts.live) / life, 0.0, 1.0)
    kept = np.maximum(plan["hardware_residual_share"], 1e-6) ** age
    serving = (cohorts.end >= plan.months) & (cohorts.kw > 0)
    hardware = (assets.hardware_usd * kept * serving).sum(axis=1)
    facility_life = plan["facility_life_years"] * MONTHS_PER_YEAR
    standing = np.clip(1 - (plan.months - table.live) / facility_life, 0.0, 1.0)
    facility = (assets.facility_usd * standing).sum(axis=1)
    return np.asarray(hardware + facility + assets.land_usd.sum(axis=1))


def _depreciation(plan: Plan, table: PhaseTable, cohorts: Cohorts, assets: Assets) -> Array:
    hardware_life = np.array(_life_months(plan, "hardware_tax_life_years"))[:, None]
    facility_life = np.array(_life_months(plan, "facility_tax_life_years"))[:, None]
    never = np.full_like(table.live, plan.months)
    return straight_line(
        assets.hardware_usd, cohorts.live, cohorts.end, hardware_life, plan.months
    ) + straight_line(assets.facility_usd, table.live, never, facility_life, plan.months)


def _income_tax(
    plan: Plan,
    cohorts: Cohorts,
    lines: Mapping[str, Array],
    depreciation: Array,
    land_usd: Array,
) -> Array:
    """Tax by month, positive: due on the calendar year's income, paid in its last month."""
    taxed = (*REVENUE_LINES, *OPEX_LINES, "resale", "terminal_value")
    income = sum((lines[name] for name in taxed), np.zeros(1)) - depreciation
    income[..., -1] -= land_usd.sum(axis=1)
    calendar = calendar_years(plan.start, plan.months)
    live = np.where(cohorts.kw > 0, cohorts.live, plan.months).min(axis=1)
    first = np.where(live < plan.months, live, -1)
    exempt = holiday(first, plan["tax_holiday_years"], calendar)
    due = income_tax(by_year(income, calendar), exempt, plan["corporate_tax"])
    paid = np.zeros_like(income)
    paid[..., np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))] = due
    return paid


def _discount_rate(plan: Plan) -> Array:
    """Bond yield, plus beta times the share premium, plus the country's premium, (factory, 1)."""
    market = plan["asset_beta"] * plan["equity_risk_premium"]
    country = plan["country_risk_exposure"] * plan["country_risk_premium"]
    rate: Array = plan["risk_free_rate"] + market + country
    return rate
