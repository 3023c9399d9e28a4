"""A worked number for every stage: the formula of docs/methods.md with the figures of a result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.energy_used import it_load_mw
from forecasts.engine import Result
from forecasts.ladder import outermost
from forecasts.lines import CAPEX_LINES
from forecasts.outlook import Outlook
from forecasts.returns import factory_returns
from forecasts.sovereign import BUILT, FROM_ABROAD, SOLD, sovereign_value
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR
from forecasts.water import air, missing, monthly
from forecasts.written import percent

TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Worked:
    """One formula filled in.

    Attributes
    ----------
    stage : str
        Heading of docs/methods.md.
    said : str
        The arithmetic, in a sentence.
    by_hand, by_model : float
        What the formula gives, and what the model has.
    """

    stage: str
    said: str
    by_hand: float
    by_model: float


def worked(result: Result, row: int, outlook: Outlook) -> tuple[Worked, ...]:
    """Work out one number of every stage for a factory that builds something; else none."""
    if not result.phases[row]:
        return ()
    return (
        _forecast(outlook),
        _demand(result, row),
        _phases(result, row),
        _capex(result, row),
        _running(result, row),
        _revenue(result, row),
        _return(result, row),
        _debt(result, row),
        _country(result, row),
        *(() if missing(result.plan, row) else (_water(result, row),)),
    )


def _forecast(outlook: Outlook) -> Worked:
    forecast = outlook.forecasts["ai_capex"]
    members = sorted(float(path[0]) for path in forecast.members.values())
    said, apart = float(forecast.mean[0]), outermost(forecast.rung)
    inner = members if apart is None else members[apart : len(members) - apart]
    together = (
        "in the middle" if apart is None else f"without the outermost {2 * apart}, on average"
    )
    held = forecast.verdict.held
    tried = "" if np.isnan(held) else f" but held {percent(held)} of past values"
    text = (
        f"Capex of the five large buyers, next quarter: {', '.join(f'{m:.0f}' for m in members)} "
        f"by the members, {said:.0f} USD bn {together}; interval {forecast.lower[80][0]:.0f} to "
        f"{forecast.upper[80][0]:.0f}, made for 80 %{tried}."
    )
    by_hand = np.median(members) if apart is None else np.mean(inner)
    return Worked("Forecast", text, float(by_hand), said)


def _demand(result: Result, row: int) -> Worked:
    q, month = result.plan.quantities[row], _live(result, row)
    regional = float(result.drivers.regional_mw[0, row, month])
    progress = min(1.0, month / max(float(q["ai_share_years"]) * MONTHS_PER_YEAR, 1e-9))
    share = float(q["ai_share_now"] + (q["ai_share_later"] - q["ai_share_now"]) * progress)
    parts = [float(q[name]) for name in ("sovereign_share", "regime_demand", "capture_share")]
    found = regional * share * float(np.prod(parts)) * (1 + float(q["demand_change"]))
    text = (
        f"In the first live month: {regional:,.0f} MW {TIMES} {percent(share, 1)} AI {TIMES} "
        f"{percent(parts[0])} sovereign "
        f"{TIMES} {parts[1]:.2f} regime {TIMES} {percent(parts[2])} won = {found:.1f} MW."
    )
    return Worked("Demand", text, found, float(result.demand_mw[0, row, month]))


def _phases(result: Result, row: int) -> Worked:
    first, q = result.phases[row][0], result.plan.quantities[row]
    months = round(float(q["commissioning_months"]))
    text = (
        f"Phase 1 is decided in month {first.decision}, has power in month {first.energised} "
        f"({first.critical} decides) and sells {months} months later, in month {first.live}."
    )
    return Worked("Phases", text, float(first.energised + months), float(first.live))


def _capex(result: Result, row: int) -> Worked:
    q, first = result.plan.quantities[row], result.phases[row][0]
    rack = result.plan.generations[row][first.generation]
    own = np.flatnonzero(~result.cohorts.is_refresh[row] & (result.cohorts.kw[row] > 0))[0]
    years = max(first.energised - max(rack.launch_month, 0), 0) / MONTHS_PER_YEAR
    step = first.generation if rack.on_sale else 0
    per_kw = (
        float(q["rack_price"] / q["rack_power_kw"])
        if rack.on_sale
        else rack.rack_price / max(rack.rack_power_kw, 1e-9)
    )
    per_kw *= (1 + float(q["generation_rack_price_change"])) ** step
    fall = (1 + float(q["rack_price_trend"])) ** years
    bringing = (1 + q["network_storage_share"]) * (q["freight_share"] + q["import_duty"])
    shares = ("network_storage_share", "integration_share", "security_platform_share")
    extras = float(sum(float(q[name]) for name in shares) + bringing)
    kw = (first.it_mw - first.leased_mw) * 1000
    found = kw * per_kw * fall * (1 + extras)
    text = (
        f"Phase 1: {kw:,.0f} kW {TIMES} USD {per_kw:,.0f} {TIMES} {fall:.3f} for "
        f"{years:.1f} years on sale {TIMES} "
        f"{1 + extras:.3f} = USD {found / 1e6:,.1f} m of equipment."
    )
    return Worked("Capex", text, found, float(result.assets.hardware_usd[row, own]))


def _running(result: Result, row: int) -> Worked:
    q, month = result.plan.quantities[row], _live(result, row)
    live = float(result.sales.live_mw[row, month])
    yearly, growth = float(q["security_operations_cost"]), float(q["wage_growth"])
    found = live * yearly / MONTHS_PER_YEAR * (1 + growth) ** (month / MONTHS_PER_YEAR)
    text = (
        f"First live month: {live:.1f} MW {TIMES} USD {yearly:,.0f} / 12 {TIMES} {1 + growth:.3f}^"
        f"{month / MONTHS_PER_YEAR:.2f} = USD {found:,.0f} of security operations."
    )
    return Worked(
        "Running cost", text, found, -float(result.lines["security_operations"][0, row, month])
    )


def _revenue(result: Result, row: int) -> Worked:
    month = min(_live(result, row) + MONTHS_PER_YEAR, result.plan.months - 1)
    sales = result.sales
    hours, firm = (
        float(sales.available_gpu_hours[row, month]),
        float(sales.firm_share[0, row, month]),
    )
    free = float(sales.sold_share[0, row, month]) - firm
    found = hours * (firm + free)
    text = (
        f"A year after the start: {hours:,.0f} hours available {TIMES} "
        f"({percent(firm, 1)} under contract + "
        f"{percent(free, 1)} on the market) = {found:,.0f} hours sold in the month."
    )
    return Worked("Revenue", text, found, float(sales.sold_gpu_hours[0, row, month]))


def _return(result: Result, row: int) -> Worked:
    rate, cash = float(result.discount_rate[row]), result.cash_usd[0, row]
    monthly = (1 + rate) ** (1 / MONTHS_PER_YEAR) - 1
    found = float((cash * (1 + monthly) ** -np.arange(1, cash.size + 1)).sum())
    worth = f"a {'gain' if found >= 0 else 'loss'} of USD {abs(found) / 1e6:,.0f} m"
    text = (
        f"{percent(rate, 1)} a year is {percent(monthly, 3)} a month; {cash.size} months of cash, "
        f"USD {cash.sum() / 1e6:,.0f} m undiscounted, are {worth} today."
    )
    return Worked("Tax and return", text, found, factory_returns(result, row)["npv"].value or 0.0)


def _debt(result: Result, row: int) -> Worked:
    held = {name: float(usd[0, row].sum()) for name, usd in result.finance.items()}
    building = held["interest_building"] + held["finance_fees"] + held["reserve_funding"]
    tied = float(np.minimum(result.lines["working_capital"][0, row], 0.0).sum())
    bought = -float(result.total((*CAPEX_LINES, "refresh", "grants"))[0, row].sum()) - tied
    found = held["debt_drawn"] + held["equity_paid_in"]
    text = (
        f"Loans of USD {held['debt_drawn'] / 1e6:,.0f} m and USD "
        f"{held['equity_paid_in'] / 1e6:,.0f} m of the owners pay for USD {bought / 1e6:,.0f} m of "
        f"assets and working capital and USD {building / 1e6:,.0f} m of interest, fees and reserve."
    )
    return Worked("Debt", text, found, bought + building)


def _country(result: Result, row: int) -> Worked:
    q = result.plan.quantities[row]
    items = {item.name: item for item in sovereign_value(result, row)}

    def paid(*names: str) -> float:
        return -float(result.total(names)[0, row].sum())

    sold = -paid(*SOLD)
    freight = float(q["freight_share"] / max(q["freight_share"] + q["import_duty"], 1e-12))
    abroad = paid(*FROM_ABROAD) + paid("freight_duty") * freight
    abroad += paid(*BUILT) * (1 - float(q["local_build_share"]))
    text = (
        f"Over the projection USD {sold / 1e6:,.0f} m of compute and services are sold and USD "
        f"{abroad / 1e6:,.0f} m bought abroad: USD {(sold - abroad) / 1e6:,.0f} m of imports are "
        f"saved. {items['jobs'].value:.0f} jobs, {items['energy'].value / 1e3:,.0f} GWh, "
        f"{items['carbon'].value / 1e3:,.0f} kt of CO2."
    )
    return Worked("Value to the country", text, sold - abroad, items["imports_saved"].value)


def _water(result: Result, row: int) -> Worked:
    month, (own, tenants) = _live(result, row), it_load_mw(result, row)
    litres, load = float(air(result.plan, row).wue["tower"][month]), float((own + tenants)[month])
    drawn = load * HOURS_PER_MONTH * litres
    text = (
        f"In the first live month racks draw {load:.1f} MW for {HOURS_PER_MONTH:.0f} h; "
        f"towers would take {litres:.2f} litres a kWh: {drawn:,.0f} cubic metres."
    )
    return Worked(
        "Water and cooling", text, drawn, float(monthly(result, row).water_m3["tower"][month])
    )


def _live(result: Result, row: int) -> int:
    return min(result.phases[row][0].live, result.plan.months - 1)
