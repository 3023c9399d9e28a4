"""Named scenarios, as data: what each changes against the base case, and why."""

from collections.abc import Mapping
from functools import lru_cache

from forecasts.scenario import QUANTITIES, Scenario

PRESETS: Mapping[str, Mapping[str, object]] = {
    "base": {
        "description": "Every forecast along its mean, every assumption at its base value.",
    },
    "accelerated": {
        "description": "AI spending grows faster, more sovereign demand is won, capacity under own "
        "law earns a premium and prices hold longer.",
        "ai_spending_growth_change": 0.10,
        "sovereign_share": 0.25,
        "capture_share": 0.40,
        "gpu_price_decay": 0.08,
        "sovereign_price_premium": 0.10,
        "merchant_utilisation": 0.70,
        "phase_spacing_months": 9,
    },
    "constrained": {
        "description": "Spending cools, grids come a year late, racks get dearer, GPU-hours are "
        "worth the middle of the published range and get cheap faster.",
        "ai_spending_growth_change": -0.15,
        "grid_delay_months": 12,
        "rack_price": 9_100_000.0,
        "rack_price_trend": -0.03,
        "gpu_price_decay": 0.18,
        "contracted_share": 0.55,
        "merchant_utilisation": 0.50,
        "power_price_change": 0.15,
        "gpu_hour_price": 6.71,
    },
}
"""Changes against the defaults of `Scenario`, by preset."""


@lru_cache(maxsize=16)
def preset(name: str) -> Scenario:
    """Return a named scenario.

    Raises
    ------
    ValueError
        If there is no such preset.
    """
    if name not in PRESETS:
        raise ValueError(f"there is no preset {name!r}; use one of {', '.join(PRESETS)}")
    return Scenario(name=name).having(**PRESETS[name])


STRESSES: Mapping[str, Mapping[str, object]] = {
    "price war": {
        "description": "GPU-hours start a fifth lower and lose 18 % a year; uncontracted hours "
        "sell below contract.",
        "gpu_hour_price": 0.8,
        "gpu_price_decay": 0.18,
        "merchant_price_premium": -0.10,
    },
    "grid delay": {
        "description": "Every grid connection comes 18 months late.",
        "grid_delay_months": 18,
    },
    "export control": {
        "description": "Licences hold racks back for a year longer, at 15 % more; the next "
        "generation comes two and a half years after the last.",
        "rack_lead_months": 21,
        "rack_price": 1.15,
        "generation_months": 30,
    },
    "demand shock": {
        "description": "Demand is 40 % lower, and less of it signs contracts or buys spare hours.",
        "demand_change": -0.40,
        "contracted_share": 0.50,
        "merchant_utilisation": 0.45,
    },
    "early obsolescence": {
        "description": "Racks are worn out after three and a half years and then worth little; "
        "loans are shorter.",
        "hardware_life_years": 3.5,
        "hardware_residual_share": 0.05,
        "debt_tenor_years": 3.0,
    },
    "FX shock": {
        "description": "Local costs rise by a quarter in dollars, for good.",
        "fx_change": 0.25,
    },
    "rate shock": {
        "description": "Government bonds yield two points more and lenders ask one point on top: "
        "loans cost three points more, and owners ask two more.",
        "risk_free_rate": 0.02,
        "debt_margin": 0.01,
        "mezzanine_rate": 0.03,
    },
    "non-renewal": {
        "description": "Contracts run for two years; then half of the hours go to the market.",
        "contract_months": 24,
        "contracted_share": 0.35,
    },
}
"""Named stress tests: changes against the scenario on screen. What stands in `FACTORS` multiplies
the scenario's own value, what stands in `ADDED` is added to it; everything else is the value."""

FACTORS = ("gpu_hour_price", "rack_price")
"""Quantities that a stress test multiplies."""

ADDED = ("risk_free_rate", "debt_margin", "mezzanine_rate")
"""Quantities that a stress test adds to, up to the highest that a scenario may state."""


def stressed(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario under a stress test.

    Raises
    ------
    ValueError
        If there is no such stress test.
    """
    if name not in STRESSES:
        raise ValueError(f"there is no stress test {name!r}; use one of {', '.join(STRESSES)}")
    changes = dict(STRESSES[name]) | {"name": f"{scenario.name}: {name}"[:80]}
    for factor in FACTORS:
        if factor in changes:
            changes[factor] = float(str(changes[factor])) * float(getattr(scenario, factor))
    for rate in ADDED:
        if rate in changes:
            raised = float(str(changes[rate])) + float(getattr(scenario, rate))
            changes[rate] = min(raised, QUANTITIES[rate].high)
    # What a site states alone would hide the stress.
    sites = {
        key: {one: value for one, value in own.items() if one not in changes}
        for key, own in scenario.sites.items()
    }
    return scenario.having(**changes, sites=sites)
