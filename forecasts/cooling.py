"""Physics of cooling with and without water: wet bulb, evaporation and energy by kind of cooling.

Formulas: saturation pressure after Magnus with the constants of Alduchov and Eskridge (J. Appl.
Meteorol. 35, 1996); wet bulb after Stull (J. Appl. Meteorol. Climatol. 50, 2011), fitted at sea
level, to 0.3 K in most air (at 1,700 m it is up to half a kelvin too high); moist air as in the
ASHRAE Handbook, Fundamentals, chapter 1; expected excess over a level of a normal distribution as
in Bachelier (1900).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from forecasts.units import Array

KINDS = {
    "dry": "Dry coolers",
    "adiabatic": "Dry coolers with adiabatic assist",
    "tower": "Evaporative towers",
}
"""Name on screen of every kind of cooling; cash counts the energy of the first."""

KJ_PER_KWH = 3600.0
KPA_AT_SEA_LEVEL = 101.325
LATENT_KJ_PER_KG = 2430.0
"""Heat that a kilogram of water takes along when it evaporates at about 30 degrees."""

Coefficients = Mapping[str, float]
"""Values of the rows `water_rows.COOLING`, by name."""


def saturation_kpa(celsius: Array) -> Array:
    """Return the pressure of water vapour that air holds at most, kPa."""
    found: Array = 0.61094 * np.exp(17.625 * celsius / (celsius + 243.04))
    return found


def wet_bulb(celsius: Array, humidity: Array) -> Array:
    """Return the temperature down to which water can cool air, never above the air's own.

    Parameters
    ----------
    celsius : array
        Temperature of the air, -20 to 50.
    humidity : array
        Relative humidity, percent, 5 to 99.
    """
    found = (
        celsius * np.arctan(0.151977 * np.sqrt(humidity + 8.313659))
        + np.arctan(celsius + humidity)
        - np.arctan(humidity - 1.676331)
        + 0.00391838 * humidity**1.5 * np.arctan(0.023101 * humidity)
        - 4.686035
    )
    return np.minimum(found, celsius)


def _vapour(kpa: Array) -> Array:
    """Kilograms of vapour per kilogram of dry air."""
    return 0.622 * kpa / (KPA_AT_SEA_LEVEL - kpa)


def _heat(celsius: Array, vapour: Array) -> Array:
    """Enthalpy of moist air, kJ per kilogram of dry air."""
    return 1.006 * celsius + vapour * (2501 + 1.86 * celsius)


def tower_litres(celsius: Array, humidity: Array, known: Coefficients) -> Array:
    """Return the water a tower is fed for each kWh of heat, litres.

    Air leaves saturated, a stated rise above the wet bulb. What it carries off in vapour over what
    it carries off in heat evaporates; salts that stay behind are drained, which at a number of
    cycles takes 1 / (cycles - 1) of what evaporates.
    """
    leaving = wet_bulb(celsius, humidity) + known["tower_air_rise"]
    entered = _vapour(saturation_kpa(celsius) * humidity / 100)
    left = _vapour(saturation_kpa(leaving))
    evaporated = KJ_PER_KWH * (left - entered) / (_heat(leaving, left) - _heat(celsius, entered))
    return np.maximum(evaporated, 0.0) * _fed(known)


def _fed(known: Coefficients) -> float:
    """Water fed in over water evaporated."""
    return known["tower_cycles"] / (known["tower_cycles"] - 1)


def adiabatic_cooled(celsius: Array, humidity: Array, known: Coefficients) -> Array:
    """Return by how much wetted pads cool the air in the mean of a month, kelvin.

    They run in hours above a start, and only down to it: the expected excess of hourly
    temperatures, spread normally around the month's mean. Nor can they go further than their
    effectiveness allows of the way to the wet bulb.
    """
    spread = known["hourly_spread"]
    score = (celsius - known["adiabatic_start"]) / spread
    share = np.array([0.5 * (1 + math.erf(one / math.sqrt(2))) for one in score.tolist()])
    density = np.exp(-0.5 * score**2) / math.sqrt(2 * math.pi)
    excess = spread * (density + score * share)
    most = known["adiabatic_effectiveness"] * (celsius - wet_bulb(celsius, humidity))
    cooled: Array = np.minimum(np.maximum(excess, 0.0), most)
    return cooled


def adiabatic_litres(cooled: Array, known: Coefficients) -> Array:
    """Return the water that pads are fed for each kWh of heat, litres.

    A kWh of heat warms 3,600 / (c x rise) kilograms of air; to cool a kilogram by a kelvin
    evaporates c / latent heat: c, the heat of air, falls out.
    """
    evaporated: Array = KJ_PER_KWH * cooled / (known["dry_air_rise"] * LATENT_KJ_PER_KG)
    return evaporated * _fed(known)


def litres_per_kwh_of_heat(
    celsius: Array, humidity: Array, known: Coefficients
) -> Mapping[str, Array]:
    """Return the water that every kind of cooling evaporates and drains, (month,) each."""
    cooled = adiabatic_cooled(celsius, humidity, known)
    return {
        "dry": np.zeros_like(celsius),
        "adiabatic": adiabatic_litres(cooled, known),
        "tower": tower_litres(celsius, humidity, known),
    }


def outside_felt(celsius: Array, humidity: Array, known: Coefficients) -> Mapping[str, Array]:
    """Return the dry-cooler outside temperature that makes chillers work as hard, (month,) each.

    A tower's water comes within its approach of the wet bulb, a dry cooler's within its own of the
    air: a tower is a dry cooler in air of wet bulb + tower approach - dry approach.
    """
    tower = wet_bulb(celsius, humidity) + known["tower_approach"] - known["dry_approach"]
    return {
        "dry": celsius,
        "adiabatic": celsius - adiabatic_cooled(celsius, humidity, known),
        "tower": np.minimum(tower, celsius),
    }
