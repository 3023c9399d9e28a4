"""Energy of a factory by source: grid, purchase agreement, bridge; by month and by year."""

import numpy as np
import pandas as pd

from dashboard.charts.study import Study
from forecasts.energy_mix import EnergyMix, energy_mix, mix_years
from forecasts.report import month_name, years


def monthly_table(study: Study, row: int) -> pd.DataFrame:
    """Table of energy and its cost by source in every month, MWh and USD."""
    months = [month_name(study.result, month) for month in range(study.result.plan.months)]
    return pd.DataFrame({"month": months, **energy_mix(study.result, row).columns})


def yearly_table(study: Study, row: int) -> pd.DataFrame:
    """Table of the years in which power is used or paid for: energy, cost, mean cost of a kWh."""
    mix = mix_years(study.result, row)
    frame = pd.DataFrame({"Year": years(study.result), **_shown(mix)})
    return frame[(mix.used_mwh > 0) | (mix.usd > 0)].reset_index(drop=True)


def _shown(mix: EnergyMix) -> dict[str, np.ndarray]:
    mean = np.divide(mix.usd, mix.used_mwh, out=np.zeros_like(mix.usd), where=mix.used_mwh > 0)
    return {
        "Grid, GWh": mix.grid_mwh / 1e3,
        "Purchase agreement, GWh": mix.ppa_mwh / 1e3,
        "Bridge, GWh": mix.bridge_mwh / 1e3,
        "Grid, USD m": mix.grid_usd / 1e6,
        "Purchase agreement, USD m": mix.ppa_usd / 1e6,
        "Bridge fuel, USD m": mix.bridge_fuel_usd / 1e6,
        "Bridge rent, USD m": mix.bridge_rent_usd / 1e6,
        "Mean, USD per kWh": mean / 1e3,
    }
