"""Random scenarios for workbooks, and changes of inputs that leave the build-out as it is."""

import numpy as np

from dashboard.exports.model.kinds import Kind, kind_of
from forecasts.plan import register
from forecasts.scenario import QUANTITIES, Scenario

SPREAD = {
    "tax_holiday_years": (0, 6), "corporate_tax": (0.0, 0.45), "loss_years": (0, 6),
    "loss_use_share": (0.3, 1), "declining_factor": (0, 2.5), "hardware_tax_life_years": (3, 9),
    "withholding_tax": (0, 0.25), "gpu_hour_price": (5, 16), "gpu_price_decay": (-0.05, 0.25),
    "rack_price": (5e6, 1e7), "gearing": (0.2, 0.85), "target_dscr": (1.1, 1.8),
    "merchant_dscr": (1.2, 2.5), "debt_tenor_years": (2, 8), "dsra_months": (0, 12),
    "lockup_dscr": (0, 1.6), "concessional_share": (0, 0.3), "mezzanine_share": (0, 0.2),
    "concessional_tenor_years": (2, 9), "grant_share": (0, 0.4), "token_share": (0, 0.8),
    "contract_months": (6, 60), "ramp_months": (0, 14), "receivable_days": (0, 100),
    "payable_days": (0, 100), "fx_change": (-0.4, 0.3), "contracted_share": (0, 1),
    "merchant_utilisation": (0.1, 1), "power_price": (0.03, 0.2),
    "hardware_residual_share": (0, 0.5),
    "rack_deposit_share": (0, 1), "generation_price_change": (-0.2, 0.4),
    "generation_rack_price_change": (-0.2, 0.4), "sovereign_price_premium": (-0.1, 0.4),
    "country_risk_premium": (0, 0.1), "inflation": (0, 0.08), "wage_growth": (0, 0.08),
}  # fmt: skip
"""Limits between which assumptions are drawn."""


LINE_BY_LINE = {
    "fx_change": -0.1, "fx_drift": -0.03, "local_build_share": 0.7, "power_local_share": 0.5,
    "staff_local_share": 0.8, "maintenance_local_share": 0.6, "support_local_share": 0.2,
    "software_local_share": 0.3, "security_local_share": 0.4, "compliance_local_share": 0.9,
    "insurance_local_share": 0.1, "property_tax_local_share": 0.7, "connectivity_local_share": 0.5,
    "maintenance_growth": 0.01, "support_growth": 0.02, "security_growth": 0.015,
    "compliance_growth": 0.03, "insurance_growth": 0.04, "property_tax_growth": 0.01,
    "connectivity_growth": -0.05, "free_cooling_below": 12.0, "chillers_full_above": 30.0,
    "chiller_overhead_share": 0.6,
}  # fmt: skip
"""Every running cost in its own currency, with its own rise."""


LET = {
    "lease_share": 0.3, "lease_rent": 260.0, "lease_escalator": 0.045, "lease_vacancy": 0.12,
    "lease_up_months": 7, "lease_power_billed": 0.8, "lease_cap_rate": 0.08, "useful_share": 0.8,
    "power_local_share": 0.5, "fx_drift": -0.02, "contracted_share": 0.2, "inflation": 0.04,
}  # fmt: skip
"""Space let in every hall, on other terms than those of the base case."""


MOST_LET = {
    "lease_share": 0.9, "demand_change": -0.75, "cash_sweep": 0.5, "hardware_life_years": 2.5,
}  # fmt: skip
"""More space than anybody wants, few racks, and loans that are swept."""


BRIDGED = {
    "all on a bridge": {
        "factories": ("malaysia", "romania"), "months": 96, "grid_delay_months": 20,
        "bridge_power_share": 1.0, "ppa_share": 0.3, "power_local_share": 0.4, "fx_change": 0.1,
    },
    "half on a bridge": {
        "factories": ("malaysia",), "months": 90, "grid_delay_months": 30, "inflation": 0.04,
        "bridge_power_share": 0.5, "bridge_lead_months": 6, "grid_step_mw": 30.0,
        "grid_step_months": 20, "hardware_life_years": 2.5, "lease_share": 0.25,
        "ppa_share": 0.4, "gearing": 0.7,
    },
    "a bridge that is never left": {
        "factories": ("uae",), "months": 72, "grid_delay_months": 120, "bridge_power_share": 0.8,
        "bridge_rent": 60.0, "cash_sweep": 0.5,
    },
}  # fmt: skip
"""The grid comes late, and generators carry phases until then."""


def drawn(chance: np.random.Generator, name: str) -> float:
    low, high = SPREAD[name]
    value = float(chance.uniform(low, high))
    return round(value) if isinstance(QUANTITIES[name].default, int) else value


def random_scenario(catalog, number: int) -> Scenario:
    """Draw a scenario of one or two factories; every third has no debt, every fifth a sweep."""
    chance = np.random.default_rng([8, number])
    keys = [site.key for site in register(catalog)]
    named = "malaysia" if number % 4 == 0 else str(chance.choice(keys))
    chosen = (named, str(chance.choice(keys))) if number % 6 == 0 else (named,)
    picked = chance.choice(sorted(SPREAD), size=18, replace=False)
    stated = {str(name): drawn(chance, str(name)) for name in picked}
    if number % 3 == 0:
        stated["gearing"] = 0.0
    elif number % 5 == 1:
        stated |= {"cash_sweep": float(chance.uniform(0.2, 1)), "sweep_dscr": 1.2}
    elif number % 2:
        stated.pop("gearing", None)
    return Scenario(
        name=f"random {number}",
        factories=tuple(dict.fromkeys(chosen)),
        months=int(chance.integers(66, 100)),
        decision_month=int(chance.integers(0, 6)),
        lead_months_done=0 if number == 7 else 30,
        expansion_threshold=0.5,
        start=f"{chance.integers(2026, 2029)}-{chance.integers(1, 13):02d}-01",
        hardware_life_years=float(chance.choice([2.5, 4.0, 5.0, 7.0])),
        **stated,
    )


def random_changes(number: int) -> dict[str, float]:
    """Draw other values for a dozen inputs that do not move the build-out."""
    chance = np.random.default_rng([9, number])
    live = [name for name in sorted(SPREAD) if kind_of(name, sweeps=False) is Kind.LIVE]
    picked = chance.choice(live, size=12, replace=False)
    return {str(name): drawn(chance, str(name)) for name in picked}
