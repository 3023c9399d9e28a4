"""Revenue: GPU-hours installed, available, sold; contracted and merchant; services beside them."""

from dataclasses import dataclass

import numpy as np

from forecasts.cohorts import Cohorts
from forecasts.plan import Plan
from forecasts.units import HOURS_PER_MONTH, Array, Whole


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """What is sold and what it brings.

    Attributes
    ----------
    live_mw : (factory, month) array
        IT load in service.
    sold_share : (path, factory, month) array
        Share of the available GPU-hours that is billed, under contract or on the market.
    installed_gpu_hours : (factory, month) array
        Hours of all GPUs in service.
    sold_gpu_hours : (path, factory, month) array
        Hours sold. All hours are Vera Rubin equivalents: a later generation counts by its power.
    lines : dict of (path, factory, month) arrays
        Contracted compute, merchant compute, services; positive.
    """

    live_mw: Array
    sold_share: Array
    installed_gpu_hours: Array
    sold_gpu_hours: Array
    lines: dict[str, Array]


def sales(plan: Plan, cohorts: Cohorts, demand_mw: Array, prices: tuple[Array, ...]) -> Sales:
    """Sell what demand, contracts, the market and availability allow; contracts are filled first.

    Parameters
    ----------
    plan : Plan
        Resolved assumptions.
    cohorts : Cohorts
        Racks in service.
    demand_mw : (path, factory, month) array
        IT load wanted.
    prices : tuple of (path, generation, month) arrays
        Market price of each generation, by factory, USD per GPU-hour.
    """
    serving = cohorts.in_service(plan.months)
    live_mw = np.einsum("fs,fsm->fm", cohorts.kw, serving) / 1e3
    equivalent_gpus = cohorts.kw * plan["gpus_per_rack"] / plan["rack_power_kw"]
    installed = equivalent_gpus[..., None] * serving * HOURS_PER_MONTH
    available = installed * plan["availability"][..., None] * _ramp(plan, cohorts)
    most = plan["contracted_share"] + (1 - plan["contracted_share"]) * plan["merchant_utilisation"]
    share = np.minimum(most, demand_mw / np.maximum(live_mw, 1e-9))
    share = np.where(live_mw > 0, share, 0.0)
    under_contract = np.minimum(share, plan["contracted_share"])
    contract, market = _average_prices(plan, cohorts, available, prices)
    hours = available.sum(axis=1)
    premium = 1 + plan["sovereign_price_premium"]
    contracted = hours * under_contract * contract * premium
    merchant = hours * (share - under_contract) * market * premium
    merchant = merchant * (1 + plan["merchant_price_premium"])
    lines = {
        "contracted_compute": contracted,
        "merchant_compute": merchant,
        "services": (contracted + merchant) * plan["services_share"],
    }
    return Sales(live_mw, share, installed.sum(axis=1), hours * share, lines)


def _ramp(plan: Plan, cohorts: Cohorts) -> Array:
    """Share of its hours a new phase can sell; a refresh takes over at once."""
    age = np.arange(plan.months) - cohorts.live[..., None] + 1
    length = np.maximum(plan["ramp_months"], 1.0)[..., None]
    ramp = np.clip(age / length, 0.0, 1.0)
    return np.where(cohorts.is_refresh[..., None], 1.0, ramp)


def _average_prices(
    plan: Plan, cohorts: Cohorts, available: Array, prices: tuple[Array, ...]
) -> tuple[Array, Array]:
    """Contract and market price of the available hours, (path, factory, month) each."""
    began = contract_begin(cohorts.live, plan.whole("contract_months"), plan.months)
    month = np.arange(plan.months)
    hours = available.sum(axis=1)
    weight = available / np.where(hours > 0, hours, 1.0)[:, None, :]
    contract, market = [], []
    for row, price in enumerate(prices):
        generation = cohorts.generation[row][:, None]
        contract.append((price[:, generation, began[row]] * weight[row]).sum(axis=1))
        market.append((price[:, generation, month] * weight[row]).sum(axis=1))
    return np.stack(contract, axis=1), np.stack(market, axis=1)


def contract_begin(live: Whole, length: tuple[int, ...], months: int) -> Whole:
    """Month in which the contract running in each month began.

    Parameters
    ----------
    live : (factory, slot) array of int
        First month of service; the first contract begins then.
    length : tuple of int
        Contract length by factory; 0 means a new price every month.
    months : int
        Length of the projection.

    Returns
    -------
    (factory, slot, month) array of int
        Not before month 0, so that months before service have a price too.
    """
    span = np.maximum(np.array(length), 1)[:, None, None]
    month = np.arange(months)
    age = np.maximum(month - live[..., None], 0)
    began: Whole = np.clip(live[..., None] + age // span * span, 0, months - 1)
    return began
