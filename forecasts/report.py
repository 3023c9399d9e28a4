"""A result as plain data: what `rackcast project --json` prints, and tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.capex_stack import capex_lines, phase_lines
from forecasts.carbon import carbon_by_year
from forecasts.checks import Check
from forecasts.cost_forms import lcoc_bridge
from forecasts.demand_classes import demand_years
from forecasts.energy_mix import energy_mix, mix_years
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES, REVENUE_LINES
from forecasts.loans import BOUNDS, TRANCHES
from forecasts.metrics import Metric
from forecasts.phases import Phase
from forecasts.rate_parts import cost_of_capital
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.sovereign import sovereign_value
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array
from forecasts.water import water_data

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

Json = dict[str, object]
"""A JSON object."""


def month_name(result: Result, month: int) -> str:
    """Name a month of the model as `2027-01`."""
    total = 12 * result.plan.start.year + result.plan.start.month - 1 + month
    return f"{total // 12}-{total % 12 + 1:02d}"


def years(result: Result) -> list[int]:
    """Return the calendar years of the projection."""
    calendar = calendar_years(result.plan.start, result.plan.months)
    return [result.plan.start.year + int(year) for year in np.unique(calendar)]


def projection(result: Result, checks: Sequence[Check]) -> Json:
    """Return a whole projection as plain data, in the shape that other programs rely on.

    Parameters
    ----------
    result : Result
        A projection.
    checks : sequence of Check
        What `forecasts.checks.check` found.
    """
    scenario = result.plan.scenario
    return {
        "scenario": scenario.name,
        "description": scenario.description,
        "scenario_hash": scenario.hash,
        "data_version": result.plan.data_version,
        "start": scenario.start.isoformat(),
        "months": scenario.months,
        "currency": "USD, nominal",
        "factories": [_factory(result, row) for row in range(len(result.plan.sites))],
        "portfolio": {
            "annual": annual(result, None),
            "demand_by_class": [asdict(year) for year in demand_years(result, None)],
            "returns": _metrics(portfolio_returns(result)),
        },
        "checks": checks_data(checks),
    }


def checks_data(checks: Sequence[Check]) -> list[Json]:
    """Return findings as plain data."""
    return [
        {
            "name": one.name,
            "level": str(one.level),
            "factory": one.factory,
            "message": one.message,
        }
        for one in checks
    ]


def _factory(result: Result, row: int) -> Json:
    site = result.plan.sites[row]
    return {
        "factory": site.key,
        "name": site.name,
        "iso3": site.iso3,
        "city": site.city,
        "wave": site.wave,
        "phases": [
            {**phase_data(result, row, phase), "capex_lines_usd": own}
            for phase, own in zip(result.phases[row], phase_lines(result, row), strict=True)
        ],
        "capex_lines": [asdict(line) for line in capex_lines(result, row)],
        "annual": annual(result, row),
        "demand_by_class": [asdict(year) for year in demand_years(result, row)],
        "loans": loans_data(result, row),
        "returns": _metrics(factory_returns(result, row)),
        "cost_of_capital": asdict(cost_of_capital(result, row)),
        "cost_bridge": [asdict(step) for step in lcoc_bridge(result, row)],
        "sovereign": [asdict(item) for item in sovereign_value(result, row)],
        "carbon_by_year": [asdict(year) for year in carbon_by_year(result, row)],
        "water": water_data(result, row),
        "power_by_source": power_by_source(result, row),
    }


def phase_data(result: Result, row: int, phase: Phase) -> Json:
    """Return one phase with dates by name and its first-time capex."""
    return {
        "name": f"Phase {phase.number}",
        "rack_model": result.plan.generations[row][phase.generation].name,
        "racks": phase.racks,
        "gpus": phase.gpus,
        "it_mw": phase.it_mw,
        "leased_mw": phase.leased_mw,
        "decision": month_name(result, phase.decision),
        "start": month_name(result, phase.construction),
        "energised": month_name(result, phase.energised),
        "on_grid": month_name(result, phase.grid),
        "live": month_name(result, phase.live),
        "capex_usd": phase_capex(result, row, phase),
        "critical": phase.critical,
    }


def power_by_source(result: Result, row: int) -> Json:
    """Return energy and its cost by source: by year, and by month from the first energised hall.

    Months are told where there is a source beside the grid; else they are empty.
    """
    q, first = result.plan.quantities[row], result.plan.months
    if q["bridge_power_share"] > 0 or q["ppa_share"] > 0:
        first = min((phase.energised for phase in result.phases[row]), default=first)
    yearly = {name: values.tolist() for name, values in mix_years(result, row).columns.items()}
    monthly = energy_mix(result, row).columns
    return {
        "annual": {"year": years(result), **yearly},
        "monthly": {
            "month": [month_name(result, month) for month in range(first, result.plan.months)],
            **{name: values[first:].tolist() for name, values in monthly.items()},
        },
    }


def loans_data(result: Result, row: int) -> list[Json]:
    """Return the loans of a factory: what each set of racks was lent, and what bound it."""
    found = []
    cohorts, debt = result.cohorts, result.debt
    for place in np.flatnonzero(cohorts.kw[row] > 0).tolist():
        refresh = bool(cohorts.is_refresh[row, place])
        phase = int(cohorts.phase[row, place]) + 1
        sizes = zip(TRANCHES, debt.size_usd[row, place].tolist(), strict=True)
        found.append(
            {
                "name": f"Phase {phase}, {'refresh' if refresh else 'first racks'}",
                "first_service": month_name(result, int(cohorts.live[row, place]) + 1),
                **{f"{tranche.lower()}_usd": usd for tranche, usd in sizes},
                "senior_bound_by": BOUNDS[debt.bound[row, place]],
            }
        )
    return found


def phase_capex(result: Result, row: int, phase: Phase) -> float:
    """First-time capex of one phase: facility, land and the first racks, USD."""
    place = phase.number - 1
    assets, cohorts = result.assets, result.cohorts
    first = np.flatnonzero(~cohorts.is_refresh[row] & (cohorts.kw[row] > 0))[place]
    facility = assets.facility_usd[row, place] + assets.land_usd[row, place]
    return float(facility + assets.hardware_usd[row, first])


def _metrics(metrics: dict[str, Metric]) -> Json:
    return {
        name: {
            "value": metric.value,
            "unit": metric.unit,
            "status": str(metric.status),
            "reason": metric.reason,
        }
        for name, metric in metrics.items()
    }


def annual(result: Result, row: int | None, path: int = 0) -> list[Json]:
    """Return the yearly lines of a factory, or of all together when `row` is None."""
    frame = annual_frame(result, row, path)
    return [
        {"year": int(str(year)), **{str(name): float(value) for name, value in line.items()}}
        for year, line in frame.iterrows()
    ]


BALANCES = ("debt", "reserve", "locked")
"""What of finance is a balance, not a flow."""


def annual_frame(result: Result, row: int | None, path: int = 0) -> pd.DataFrame:
    """Yearly figures of a factory, or of all together when `row` is None.

    Returns
    -------
    DataFrame
        Index: calendar year. Columns: demand and live MW at the end of the year, space for
        tenants and what of it is let; GPU-hours installed, available, under contract, sold and
        useful; every cash line in USD, the totals revenue, opex, EBITDA, capex, net cash; then
        finance: flows of the year, and debt, reserve and locked cash at its end.
    """
    calendar = calendar_years(result.plan.start, result.plan.months)
    rows = slice(None) if row is None else slice(row, row + 1)

    def flow(values: Array) -> Array:
        return by_year(values[path, rows].sum(axis=0), calendar)

    sales = result.sales
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    opex, revenue = flow(result.total(OPEX_LINES)), flow(result.total(REVENUE_LINES))
    columns = {
        "demand_mw": result.demand_mw[path, rows].sum(axis=0)[last],
        "live_mw": sales.live_mw[rows].sum(axis=0)[last],
        "leased_mw": sales.leased_mw[rows].sum(axis=0)[last],
        "let_mw": sales.let_mw[path, rows].sum(axis=0)[last],
        "installed_gpu_hours": by_year(sales.installed_gpu_hours[rows].sum(axis=0), calendar),
        "available_gpu_hours": by_year(sales.available_gpu_hours[rows].sum(axis=0), calendar),
        "contracted_gpu_hours": flow(sales.available_gpu_hours * sales.firm_share),
        "sold_gpu_hours": flow(sales.sold_gpu_hours),
        "useful_gpu_hours": flow(sales.sold_gpu_hours * result.plan["useful_share"]),
        "revenue_usd": revenue,
        "opex_usd": opex,
        "ebitda_usd": revenue + opex,
        "capex_usd": flow(result.total(CAPEX_LINES)),
        "net_cash_usd": flow(result.cash_usd),
        **{f"{name}_usd": flow(result.lines[name]) for name in LINES},
        **{
            f"{name}_usd": usd[path, rows].sum(axis=0)[last] if name in BALANCES else flow(usd)
            for name, usd in result.finance.items()
        },
    }
    index = pd.Index(years(result), name="year")
    return pd.DataFrame({name: values + 0.0 for name, values in columns.items()}, index=index)
