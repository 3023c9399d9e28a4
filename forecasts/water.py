"""Water of a factory by month and year, and what it saves in energy: counts that move no cash.

Cash counts the energy of direct liquid cooling with dry coolers and chillers: the PUE of the row,
spread over months by `opex.monthly_pue`. Towers and adiabatic assist are reckoned beside it: the
same racks, the same steady overhead, chillers that see cooler air, and water instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from forecasts.cooling import KINDS, litres_per_kwh_of_heat, outside_felt, wet_bulb
from forecasts.energy_used import energy_mwh, it_load_mw, pue_by_month
from forecasts.engine import Result
from forecasts.plan import Plan
from forecasts.tax import by_year, calendar_years
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array
from forecasts.water_rows import COOLING, HUMIDITY, STRESS

STRESSES = ("low", "low to medium", "medium to high", "high", "extremely high")
"""Baseline water stress by level, as the World Resources Institute names it: below 10, 10 to 20,
20 to 40, 40 to 80, and above 80 percent of the water there is in a year is withdrawn."""

LITRES_PER_M3 = 1e3


@dataclass(frozen=True, slots=True)
class UsualMonth:
    """One calendar month of a usual year.

    Attributes
    ----------
    month : int
        1 to 12.
    temperature, humidity, wet_bulb : float
        Means of the air outside: degrees Celsius, percent, degrees Celsius.
    pue : mapping of str to float
        Facility energy over IT energy by kind of cooling.
    wue : mapping of str to float
        Litres of water per kWh of IT energy by kind of cooling.
    """

    month: int
    temperature: float
    humidity: float
    wet_bulb: float
    pue: Mapping[str, float]
    wue: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class WaterYear:
    """One kind of cooling in one calendar year.

    Attributes
    ----------
    year : int
        Calendar year.
    kind : str
        Key of `cooling.KINDS`.
    it_mwh, energy_mwh : float
        Energy of the racks, and of all with cooling.
    power_usd : float
        Cost of that energy at the power price the factory pays in each month.
    water_m3, peak_m3 : float
        Water drawn, and in the month of the year that draws most.
    peak_month : int
        That month, 1 to 12; the first one where none draws any.
    litres_per_gpu_hour : float or None
        Water of own racks per GPU-hour sold; None where none is sold.
    """

    year: int
    kind: str
    it_mwh: float
    energy_mwh: float
    power_usd: float
    water_m3: float
    peak_m3: float
    peak_month: int
    litres_per_gpu_hour: float | None


@dataclass(frozen=True, slots=True)
class Tradeoff:
    """Dry coolers in place of towers, in the year in which racks use most energy.

    Attributes
    ----------
    year : int
        That calendar year.
    water_saved_m3 : float
        Water that towers would draw and dry coolers do not.
    more_energy_mwh, more_usd : float
        Energy that dry coolers use more, and its cost at the factory's own power price.
    usd_per_m3 : float or None
        Cost of each cubic metre saved: towers pay off where water, fed and drained, costs less.
        None where no water is saved.
    """

    year: int
    water_saved_m3: float
    more_energy_mwh: float
    more_usd: float
    usd_per_m3: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Air:
    """Air outside and what cooling makes of it in every month of the projection, (month,) each.

    Attributes
    ----------
    celsius, humidity : array
        Temperature, and relative humidity in percent.
    pue, wue : mapping of str to array
        Facility energy over IT energy, and litres per kWh of IT energy, by kind of cooling.
    """

    celsius: Array
    humidity: Array
    pue: Mapping[str, Array]
    wue: Mapping[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Monthly:
    """Energy and water by month of the projection, (month,) each.

    Attributes
    ----------
    own_it_mwh, it_mwh : array
        Energy of own racks, and with tenants' racks.
    price_usd_per_mwh : array
        What the factory pays for power; 0 before it uses any.
    wue, energy_mwh, water_m3 : mapping of str to array
        By kind of cooling.
    """

    own_it_mwh: Array
    it_mwh: Array
    price_usd_per_mwh: Array
    wue: Mapping[str, Array]
    energy_mwh: Mapping[str, Array]
    water_m3: Mapping[str, Array]


def missing(plan: Plan, row: int) -> str:
    """Say which rows a factory's water lacks; nothing where all are there."""
    key, rows = plan.sites[row].key, plan.water
    names = [f"sites {name}" for name in (*HUMIDITY, STRESS) if (key, name) not in rows]
    names += [f"hardware cooling {name}" for name in COOLING if ("", name) not in rows]
    return "" if not names else f"no row in table {', '.join(names[:3])}{' …' * (len(names) > 3)}"


def air(plan: Plan, row: int) -> Air:
    """Return the air outside a factory, with PUE and WUE by kind of cooling.

    The chillers' part of the overhead and its line over temperature are those of `monthly_pue`;
    each kind lets them see its own air. All facility energy leaves as heat through the plant.

    Raises
    ------
    ValueError
        If a row is missing: see `missing`.
    """
    key, q, rows = plan.sites[row].key, plan.quantities[row], plan.water
    lacking = missing(plan, row)
    if lacking:
        raise ValueError(f"water of {key}: {lacking}; add it to the tables")
    known = {name: float(rows["", name].value or 0.0) for name in COOLING}
    year = np.array([float(rows[key, name].value or 0.0) for name in HUMIDITY])
    months = np.arange(plan.months) % MONTHS_PER_YEAR
    celsius = plan.temperature[row, :MONTHS_PER_YEAR]
    humidity = np.roll(year, 1 - plan.start.month)[: celsius.size]
    cold = float(q["free_cooling_below"])
    per_degree = 1 / max(float(q["chillers_full_above"]) - cold, 1e-3)
    felt = outside_felt(celsius, humidity, known)
    work = {kind: np.clip((felt[kind] - cold) * per_degree, 0.0, 1.0) for kind in KINDS}
    mean = float(work["dry"].mean())
    full = (float(q["pue"]) - 1) * float(q["chiller_overhead_share"]) / mean if mean > 0 else 0.0
    heat = litres_per_kwh_of_heat(celsius, humidity, known)
    dry = pue_by_month(plan, row)
    pue = {kind: dry - (full * (work["dry"] - work[kind]))[months] for kind in KINDS}
    loop = known["closed_loop_water"]
    wue = {kind: loop + heat[kind][months] * pue[kind] for kind in KINDS}
    return Air(celsius[months], humidity[months], pue, wue)


def monthly(result: Result, row: int, path: int = 0) -> Monthly:
    """Return energy and water of a factory in every month, by kind of cooling.

    Raises
    ------
    ValueError
        If a row is missing: see `missing`.
    """
    outside = air(result.plan, row)
    own, tenants = it_load_mw(result, row, path)
    it_mwh = (own + tenants) * HOURS_PER_MONTH
    paid, used = -result.lines["power"][path, row], energy_mwh(result, row, path)
    return Monthly(
        own_it_mwh=own * HOURS_PER_MONTH,
        it_mwh=it_mwh,
        price_usd_per_mwh=np.divide(paid, used, out=np.zeros_like(used), where=used > 0),
        wue=outside.wue,
        energy_mwh={kind: it_mwh * outside.pue[kind] for kind in KINDS},
        water_m3={kind: it_mwh * outside.wue[kind] for kind in KINDS},  # l per kWh: m3 per MWh
    )


def usual_year(plan: Plan, row: int) -> tuple[UsualMonth, ...]:
    """Return the twelve months of a usual year, January first; fewer if fewer are projected."""
    made = air(plan, row)
    bulb = wet_bulb(made.celsius, made.humidity)
    found = [
        UsualMonth(
            month=(plan.start.month - 1 + at) % MONTHS_PER_YEAR + 1,
            temperature=float(made.celsius[at]),
            humidity=float(made.humidity[at]),
            wet_bulb=float(bulb[at]),
            pue={kind: float(made.pue[kind][at]) for kind in KINDS},
            wue={kind: float(made.wue[kind][at]) for kind in KINDS},
        )
        for at in range(min(MONTHS_PER_YEAR, plan.months))
    ]
    return tuple(sorted(found, key=lambda one: one.month))


def water_years(result: Result, row: int, path: int = 0) -> tuple[WaterYear, ...]:
    """Return every calendar year of the projection by kind of cooling, years first."""
    return _years(result, row, path, monthly(result, row, path))


def _years(result: Result, row: int, path: int, made: Monthly) -> tuple[WaterYear, ...]:
    places = calendar_years(result.plan.start, result.plan.months)
    begins = np.flatnonzero(np.diff(places, prepend=-1))
    hours = by_year(result.sales.sold_gpu_hours[path, row], places)
    own = np.maximum(hours, 1.0) / LITRES_PER_M3
    racks = by_year(made.it_mwh, places)
    found: list[WaterYear] = []
    for kind, drawn in made.water_m3.items():
        parts = zip(begins, np.split(drawn, begins[1:]), strict=True)
        peak = [begin + int(part.argmax()) for begin, part in parts]
        columns = (
            racks,
            by_year(made.energy_mwh[kind], places),
            by_year(made.energy_mwh[kind] * made.price_usd_per_mwh, places),
            by_year(drawn, places),
            drawn[peak],
            by_year(made.own_it_mwh * made.wue[kind], places) / own,
        )
        for place, (it, used, paid, water, most, litres) in enumerate(
            zip(*(column.tolist() for column in columns), strict=True)
        ):
            month = (result.plan.start.month - 1 + int(peak[place])) % MONTHS_PER_YEAR + 1
            sold = litres if hours[place] > 0 else None
            year = result.plan.start.year + place
            found.append(WaterYear(year, kind, it, used, paid, water, most, month, sold))
    return tuple(sorted(found, key=lambda one: one.year))


def tradeoff(years: tuple[WaterYear, ...]) -> Tradeoff:
    """Return what dry coolers in place of towers save and cost in the busiest year."""
    busiest = max(years, key=lambda one: one.it_mwh).year
    by = {one.kind: one for one in years if one.year == busiest}
    saved = by["tower"].water_m3 - by["dry"].water_m3
    usd = by["dry"].power_usd - by["tower"].power_usd
    return Tradeoff(
        year=busiest,
        water_saved_m3=saved,
        more_energy_mwh=by["dry"].energy_mwh - by["tower"].energy_mwh,
        more_usd=usd,
        usd_per_m3=usd / saved if saved > 0 else None,
    )


def stress_level(plan: Plan, row: int) -> int:
    """Return the water stress of a factory's country, an index of `STRESSES`."""
    return round(float(plan.water[plan.sites[row].key, STRESS].value or 0.0))


def water_data(result: Result, row: int) -> dict[str, object]:
    """Return all of it as plain data; or the reason why there is none."""
    lacking = missing(result.plan, row)
    if lacking:
        return {"reason": lacking}
    years, made = water_years(result, row), monthly(result, row)
    level = stress_level(result.plan, row)
    return {
        "cash_counts": "dry",
        "water_stress": level,
        "water_stress_label": STRESSES[level],
        "usual_year": [asdict(one) for one in usual_year(result.plan, row)],
        "years": [asdict(one) for one in years],
        "months_m3": {kind: drawn.round(1).tolist() for kind, drawn in made.water_m3.items()},
        "dry_in_place_of_towers": asdict(tradeoff(years)),
    }


def water_gap(result: Result) -> float:
    """Largest relative gap between months and years of water, and between energy here and in cash.

    The energy of the kind that cash counts must be that of its power line, month by month.
    """
    worst = 0.0
    for row in range(len(result.plan.sites)):
        if not missing(result.plan, row):
            made = monthly(result, row)
            years = _years(result, row, 0, made)
            for kind in KINDS:
                months = float(made.water_m3[kind].sum())
                apart = abs(sum(one.water_m3 for one in years if one.kind == kind) - months)
                worst = max(worst, apart / max(months, 1.0))
            used = energy_mwh(result, row)
            apart = float(np.abs(made.energy_mwh["dry"] - used).max(initial=0.0))
            worst = max(worst, apart / max(float(used.max(initial=0.0)), 1.0))
    return worst
