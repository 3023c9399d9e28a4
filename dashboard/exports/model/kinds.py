"""What happens when an input is changed on the sheet: figures follow, or a new plan is needed."""

from collections.abc import Mapping
from enum import StrEnum

from forecasts.scenario import QUANTITIES


class Kind(StrEnum):
    """What a change of an input does."""

    LIVE = "recalculates"
    PLANS = "re-planned by Rackcast"
    FORECAST = "re-forecast by Rackcast"
    RISK = "simulation only"
    BESIDE = "not in returns"


MEANING: Mapping[Kind, str] = {
    Kind.LIVE: "Every figure follows, as the engine would find it.",
    Kind.PLANS: "Figures follow for the build-out as it stands, but Rackcast would plan other "
    "phases: state it in the scenario and make the workbook again.",
    Kind.FORECAST: "It bends the forecast paths on the sheet Drivers, data here: state it "
    "in the scenario and make the workbook again.",
    Kind.RISK: "Simulated paths alone use it; nothing in this workbook does.",
    Kind.BESIDE: "It counts jobs, carbon, security, warnings or breaches; no cash here uses it.",
}
"""Each kind in a sentence."""

PLANS = frozenset(
    {
        "demand_change", "ai_share_now", "ai_share_later", "ai_share_years", "sovereign_share",
        "regime_demand", "capture_share", "phase_racks", "max_phases", "site_capacity_mw",
        "decision_month", "lead_months_done", "permit_months", "grid_lead_months",
        "construction_months", "grid_delay_months", "transformer_months", "grid_step_mw",
        "grid_step_months", "rack_lead_months", "commissioning_months", "phase_spacing_months",
        "smallest_phase_racks", "expansion_threshold", "rack_power_kw", "gpus_per_rack",
        "generation_months", "hardware_life_years", "pue", "lease_share", "bridge_power_share",
        "bridge_lead_months",
    }
)  # fmt: skip
FORECAST = frozenset(
    {"ai_spending_growth_change", "demand_elasticity", "pooling_strength", "forecast_trust",
     "long_run_growth"}
)  # fmt: skip
BESIDE = frozenset(
    {"hall_density_kw", "staff_salary", "grid_carbon", "grid_carbon_change", "covenant_dscr",
     "security_premium", "bridge_carbon", "ppa_carbon"}
)  # fmt: skip


def kind_of(name: str, sweeps: bool) -> Kind:
    """Return what a change of an input does.

    Parameters
    ----------
    name : str
        A quantity.
    sweeps : bool
        Whether the workbook lays out a cash sweep: it does when the scenario has one.
    """
    if QUANTITIES[name].section.title == "Risk":
        return Kind.RISK
    if name in PLANS or (name == "cash_sweep" and not sweeps):
        return Kind.PLANS
    if name in FORECAST:
        return Kind.FORECAST
    return Kind.BESIDE if name in BESIDE else Kind.LIVE


STYLES: Mapping[Kind, str] = {
    Kind.LIVE: "input",
    Kind.PLANS: "locked",
    Kind.FORECAST: "locked",
    Kind.RISK: "idle",
    Kind.BESIDE: "idle",
}
"""Format of a cell by kind."""
