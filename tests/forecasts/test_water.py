"""Water and cooling: worked by hand, laws over every site, and what may not move."""

import datetime as dt
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from dashboard.cli import main
from data.catalog import Catalog
from data.provenance import Confidence
from forecasts.checks import check
from forecasts.cooling import (
    KINDS,
    adiabatic_cooled,
    adiabatic_litres,
    saturation_kpa,
    tower_litres,
    wet_bulb,
)
from forecasts.energy_used import energy_mwh
from forecasts.engine import Result, run
from forecasts.plan import compile_plan
from forecasts.report import projection
from forecasts.scenario import Scenario
from forecasts.side_by_side import side_by_side
from forecasts.water import (
    STRESSES,
    air,
    missing,
    monthly,
    stress_level,
    tradeoff,
    usual_year,
    water_data,
    water_gap,
    water_years,
)
from forecasts.water_rows import COOLING, HUMIDITY

KNOWN = {
    "closed_loop_water": 0.05,
    "tower_air_rise": 10.0,
    "tower_cycles": 4.0,
    "tower_approach": 4.0,
    "dry_approach": 8.0,
    "dry_air_rise": 12.0,
    "adiabatic_start": 30.0,
    "adiabatic_effectiveness": 0.8,
    "hourly_spread": 5.0,
}


def one(value: float) -> np.ndarray:
    return np.array([value])


def test_wet_bulb_and_saturation_are_those_that_tables_print():
    """Stull's own example is 13.7 at 20 degrees and 50 percent; steam tables: 2.339, 7.384 kPa."""
    assert wet_bulb(one(20.0), one(50.0))[0] == pytest.approx(13.7, abs=0.05)
    assert saturation_kpa(one(20.0))[0] == pytest.approx(2.339, rel=3e-3)
    assert saturation_kpa(one(40.0))[0] == pytest.approx(7.384, rel=3e-3)


def test_a_tower_by_hand():
    """20 degrees at 50 percent: air leaves at 23.7, saturated.

    Vapour in: 1.1695 kPa, 0.00726 kg per kg; out: 2.930 kPa, 0.01852. Heat in: 38.6 kJ per kg,
    out: 71.0. 3,600 x 0.01126 / 32.4 = 1.25 litres evaporate, a third of it is drained.
    """
    assert tower_litres(one(20.0), one(50.0), KNOWN)[0] == pytest.approx(1.25 * 4 / 3, rel=0.01)


def test_pads_by_hand():
    """A month at their start: the mean excess of a normal spread of 5 is 5 / sqrt(2 pi)."""
    cooled = adiabatic_cooled(one(30.0), one(20.0), KNOWN)
    assert cooled[0] == pytest.approx(5 / math.sqrt(2 * math.pi))
    fed = 3600 * cooled[0] / (12 * 2430) * 4 / 3
    assert adiabatic_litres(cooled, KNOWN)[0] == pytest.approx(fed)
    humid = adiabatic_cooled(one(38.0), one(95.0), KNOWN)  # no more than the wet bulb allows
    assert humid[0] == pytest.approx(0.8 * (38 - wet_bulb(one(38.0), one(95.0))[0]))
    assert adiabatic_cooled(one(5.0), one(80.0), KNOWN)[0] < 1e-5


def test_drier_air_is_cooled_further_and_takes_no_less_water():
    heat = np.linspace(5, 45, 26)
    for kind in (wet_bulb, lambda air, damp: -tower_litres(air, damp, KNOWN)):
        steps = np.array([kind(heat, np.full(26, damp)) for damp in (10.0, 40.0, 70.0, 99.0)])
        assert (np.diff(steps, axis=0) >= -0.02).all()
    bulb = wet_bulb(heat, np.full(26, 40.0))
    assert (np.diff(bulb) > 0).all()
    assert (bulb <= heat).all()


def test_a_factory_by_hand(catalog: Catalog):
    """Racks drawing half of what is live all the time, the same PUE in every month."""
    flat = {"busy_power_share": 0.5, "idle_power_share": 0.5, "chiller_overhead_share": 0.0}
    result = run(Scenario(factories=("romania",), pue=1.2, **flat), catalog)
    it = result.sales.live_mw[0] * 0.5 * 730
    made = monthly(result, 0)
    assert made.it_mwh == pytest.approx(it)
    assert made.water_m3["dry"] == pytest.approx(it * 0.05)
    july = (7 - result.plan.start.month) % 12
    fed = 0.05 + 1.2 * tower_litres(one(23.0), one(65.0), KNOWN)[0]
    assert made.wue["tower"][july] == pytest.approx(fed)
    for kind in KINDS:  # without chillers no kind of cooling saves energy
        assert made.energy_mwh[kind] == pytest.approx(it * 1.2)
    assert tradeoff(water_years(result, 0)).more_usd == pytest.approx(0.0, abs=1e-6)


def test_chillers_see_the_air_of_their_cooling_by_hand(catalog: Catalog):
    """Overhead 0.3, of which 0.4 is chillers, spread over months as their work.

    A dry cooler at T works (T - 16) / 18; a tower as one at wet bulb + 4 - 8.
    """
    result = run(Scenario(factories=("oman",), pue=1.3), catalog)
    year = usual_year(result.plan, 0)

    def work(celsius: float) -> float:
        return min(max((celsius - 16) / 18, 0.0), 1.0)

    mean = sum(work(one.temperature) for one in year) / 12
    for month in year:
        dry = 1 + 0.3 * (0.6 + 0.4 * work(month.temperature) / mean)
        tower = 1 + 0.3 * (0.6 + 0.4 * work(month.wet_bulb - 4) / mean)
        assert month.pue["dry"] == pytest.approx(dry)
        assert month.pue["tower"] == pytest.approx(tower)


def test_pue_of_the_year_is_the_one_that_cash_uses(base: Result):
    """With even IT load the energy-weighted mean of twelve months is the stated PUE, so that energy
    of the kind cash counts is the energy of the power line, and no cash figure moves.
    """
    for row in range(len(base.plan.sites)):
        pue = air(base.plan, row).pue["dry"]
        assert pue[:12].mean() == pytest.approx(float(base.plan["pue"][row, 0]), rel=1e-14)
        made = monthly(base, row)
        assert np.array_equal(made.it_mwh * pue > 0, energy_mwh(base, row) > 0)
        assert made.energy_mwh["dry"] == pytest.approx(energy_mwh(base, row), rel=1e-13)
        paid = (made.energy_mwh["dry"] * made.price_usd_per_mwh).sum()
        assert paid == pytest.approx(-base.lines["power"][0, row].sum(), rel=1e-12)


def test_months_add_up_to_years_and_the_check_says_so(base: Result):
    assert water_gap(base) < 1e-12
    (found,) = [one for one in check(base) if one.name == "water by month adds up"]
    assert found.level == "ok"
    for row in range(len(base.plan.sites)):
        years, made = water_years(base, row), monthly(base, row)
        for kind in KINDS:
            own = [one for one in years if one.kind == kind]
            assert sum(one.water_m3 for one in own) == pytest.approx(made.water_m3[kind].sum())
            assert max(one.peak_m3 for one in own) == made.water_m3[kind].max()
            for each in own:
                assert each.water_m3 / 12 - 1e-9 <= each.peak_m3 <= each.water_m3 + 1e-9


def test_the_check_notices_energy_that_is_not_that_of_cash(base: Result, monkeypatch):
    monkeypatch.setattr("forecasts.water.energy_mwh", lambda *one: energy_mwh(*one) * 1.001)
    assert water_gap(base) > 1e-4


def test_a_projection_that_begins_in_summer_counts_the_same_months(catalog: Catalog):
    january = compile_plan(Scenario(factories=("egypt",)), catalog)
    july = compile_plan(Scenario(factories=("egypt",), start=dt.date(2027, 7, 1)), catalog)
    first, second = usual_year(january, 0), usual_year(july, 0)
    assert [one.month for one in second] == list(range(1, 13))
    for one_, other in zip(first, second, strict=True):
        assert other.humidity == one_.humidity
        assert other.wue == pytest.approx(one_.wue)
    result = run(july.scenario, catalog)
    years = [one for one in water_years(result, 0) if one.kind == "tower"]
    made = monthly(result, 0).water_m3["tower"]
    assert years[0].water_m3 == pytest.approx(made[:6].sum())
    assert years[1].water_m3 == pytest.approx(made[6:18].sum())
    full = next(one for one in years if one.it_mwh > 0)
    at = (full.year - 2027) * 12 + full.peak_month - 7
    assert made[at] == full.peak_m3


def test_dry_takes_least_water_and_most_energy_everywhere(base: Result):
    for row, site in enumerate(base.plan.sites):
        made = air(base.plan, row)
        dry, assisted, tower = (made.wue[kind] for kind in ("dry", "adiabatic", "tower"))
        assert (dry <= assisted + 1e-12).all(), site.key
        assert (assisted <= tower).all(), site.key
        assert (made.pue["tower"] <= made.pue["adiabatic"] + 1e-12).all(), site.key
        assert (made.pue["adiabatic"] <= made.pue["dry"] + 1e-12).all(), site.key
        assert all((made.pue[kind] >= 1).all() for kind in KINDS)
        found = tradeoff(water_years(base, row))
        assert found.water_saved_m3 > 0
        assert found.more_energy_mwh > 0
        assert found.usd_per_m3 == pytest.approx(found.more_usd / found.water_saved_m3)


def test_towers_here_take_what_towers_are_reported_to_take(base: Result, catalog: Catalog):
    """A mean over the sites far from reported halls would mean a wrong formula."""
    seen = catalog.fact("hardware", system="cooling", attribute="tower_wue_reported")
    means = [air(base.plan, row).wue["tower"][:12].mean() for row in range(len(base.plan.sites))]
    assert seen.low < np.mean(means) < seen.high
    assert 0.8 * seen.low < min(means) < max(means) < 1.2 * seen.high


def test_water_of_tenants_is_not_that_of_gpu_hours(catalog: Catalog):
    alone = run(Scenario(factories=("malaysia",)), catalog)
    let = run(Scenario(factories=("malaysia",), lease_share=0.5), catalog)
    year = tradeoff(water_years(alone, 0)).year
    litres = [
        next(one for one in water_years(each, 0) if (one.year, one.kind) == (year, "dry"))
        for each in (alone, let)
    ]
    assert litres[1].litres_per_gpu_hour == pytest.approx(litres[0].litres_per_gpu_hour, rel=0.05)
    made = monthly(let, 0)
    assert made.own_it_mwh.sum() < made.it_mwh.sum()


def test_no_hour_sold_has_no_litres(base: Result):
    for row in range(len(base.plan.sites)):
        for each in water_years(base, row):
            if each.it_mwh == 0:
                assert each.litres_per_gpu_hour is None
                assert each.water_m3 == each.power_usd == 0


def test_every_site_has_its_rows_with_source_and_grade(base: Result):
    for row, site in enumerate(base.plan.sites):
        assert missing(base.plan, row) == ""
        assert 0 <= stress_level(base.plan, row) < len(STRESSES)
        for name in HUMIDITY:
            fact = base.plan.water[site.key, name]
            assert fact.low <= fact.value <= fact.high
        stress = base.plan.water[site.key, "water_stress"]
        assert stress.text.lower() == STRESSES[int(stress.value)]
    for name in COOLING:
        fact = base.plan.water["", name]
        assert fact.value == KNOWN[name], "the worked examples use the table's values"
        assumed = fact.source.confidence is Confidence.ASSUMPTION
        assert fact.notes if assumed else fact.source.url.startswith("http")


def test_a_missing_row_is_said_and_breaks_nothing(base: Result):
    rows = {key: fact for key, fact in base.plan.water.items() if key != ("oman", "humidity_03")}
    result = replace(base, plan=replace(base.plan, water=rows))
    row = [site.key for site in result.plan.sites].index("oman")
    assert missing(result.plan, row) == "no row in table sites humidity_03"
    assert water_data(result, row) == {"reason": "no row in table sites humidity_03"}
    with pytest.raises(ValueError, match="humidity_03; add it"):
        monthly(result, row)
    assert water_gap(result) < 1e-12


def test_the_countries_side_by_side_hold_stress_and_towers(base: Result, catalog: Catalog):
    cells = side_by_side(base.plan, catalog)
    stress = {one.factory: one for one in cells if one.name == "water_stress"}
    towers = {one.factory: one for one in cells if one.name == "tower_wue"}
    assert len(stress) == len(towers) == len(base.plan.sites)
    assert stress["qatar"].value == 4
    assert stress["qatar"].address.startswith("https://")
    assert towers["saudi_arabia"].value > towers["belgium"].value


def test_the_command_holds_water_of_every_factory(base: Result, capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["project", "--json"])
    printed = json.loads(capsys.readouterr().out)
    told = json.loads(json.dumps(projection(base, check(base))))
    for given, wanted in zip(printed["factories"], told["factories"], strict=True):
        water = given["water"]
        assert water == wanted["water"]
        assert len(water["usual_year"]) == 12
        assert len(water["months_m3"]["tower"]) == base.plan.months
        assert {one["kind"] for one in water["years"]} == set(KINDS)
        assert water["water_stress_label"] in STRESSES
