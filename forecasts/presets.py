"""Named scenarios, as data: what each changes against the base case, and why."""

from collections.abc import Mapping

from forecasts.scenario import Scenario

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
