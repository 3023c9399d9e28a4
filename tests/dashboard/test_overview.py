"""The overview on one screen: what decides, who comes first, how sure, and the drawn parts."""

import re

import numpy as np
import pytest
from whole_cash import with_cash

from dashboard.charts import cash, insights, risk
from dashboard.charts.drawn_map import map_drawing
from dashboard.charts.ranking_table import ranking_html
from dashboard.charts.sitemap import map_words
from dashboard.charts.study import Study, short, study
from dashboard.drivers_state import drivers
from dashboard.overview_cards import insight_text
from dashboard.risk_runs import ranked
from dashboard.sure_state import Sureness, first_shares
from data.catalog import bundled
from forecasts.cash_paths import CashPaths, beside, simulate_cash
from forecasts.decisive import Nudge, nudges
from forecasts.engine import run
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.presets import preset
from forecasts.returns import portfolio_returns
from forecasts.risk_report import probability, simulation_data
from forecasts.sampling import Design
from forecasts.sensitivity import ranked_drivers
from forecasts.series_record import record_in_short
from forecasts.uncertainty import CHUNK, Simulation, simulate
from forecasts.units import Array

PATHS = Design(192, 3, "sobol")


@pytest.fixture(scope="module")
def base() -> Study:
    return study(run(preset("base")))


@pytest.fixture(scope="module")
def whole() -> tuple[Simulation, Array]:
    return with_cash(compile_plan(preset("base"), bundled()), outlook(bundled()), bundled(), PATHS)


@pytest.fixture(scope="module")
def carried() -> CashPaths:
    return simulate_cash(
        compile_plan(preset("base"), bundled()), outlook(bundled()), bundled(), PATHS
    )


def test_paths_with_cash_are_the_paths_without(whole: tuple[Simulation, Array]) -> None:
    plain = simulate(compile_plan(preset("base"), bundled()), outlook(bundled()), bundled(), PATHS)
    assert whole[0].result_hash == plain.result_hash


def test_the_band_of_cash_holds_its_share_of_paths(whole: tuple[Simulation, Array]) -> None:
    simulation, bands = whole
    low, middle, high = bands
    assert (low <= middle).all()
    assert (middle <= high).all()
    peak = simulation.portfolio["peak_funding"]
    assert bands[:, -1].min() >= -peak.max() * 1.0001
    assert bands.shape == (3, 13, 180)


SURPRISED = record_in_short(outlook(bundled()))


def test_the_overview_and_page_risk_give_the_same_chances(
    base: Study, whole: tuple[Simulation, Array], carried: CashPaths
) -> None:
    simulation, _ = whole
    sites = ranked(base.result, simulation, bundled(), None)["sites"]
    best = max(sites, key=lambda one: one["first"]["value"])
    together = probability(simulation.portfolio["npv"] > 0, simulation)
    said = insight_text(base, Sureness(carried, first_shares(carried), beside(list), SURPRISED))
    assert said.count(SURPRISED) == 1
    assert f"comes first in {risk.chance(best['first'])} of paths" in said
    assert f"their cost in {100 * together.value:.0f} ± {100 * together.error:.1f} % of" in said
    data = simulation_data(simulation)
    assert f"above zero in {100 * together.value:.0f} ± {100 * together.error:.1f} %" in (
        risk.meaning(data)
    )


def test_a_run_that_is_stopped_ends_at_once() -> None:
    def stop(done: int, _: int) -> None:
        raise KeyError(done)

    plan, many = compile_plan(preset("base"), bundled()), Design(4 * CHUNK, 3, "sobol")
    with pytest.raises(KeyError, match=str(CHUNK)):
        simulate(plan, outlook(bundled()), bundled(), many, progress=stop)


def test_the_chart_of_cash_draws_the_band(base: Study, carried: CashPaths) -> None:
    chart = cash.cumulative_cash(base, None, carried.together)
    names = [trace.name for trace in chart.figure.data]
    assert "8 of 10 paths" in names
    band = chart.figure.data[names.index("8 of 10 paths")]
    unit = 1e9 if "bn" in chart.figure.layout.yaxis.title.text else 1e6
    np.testing.assert_allclose(
        np.array(band.y) * unit, carried.fan.bands[2, -1, ::3], atol=1e-4 * unit
    )
    assert {"P10, USD m", "P50, USD m", "P90, USD m"} <= set(chart.table.columns)


def test_a_nudge_is_the_scenario_run_anew() -> None:
    start = preset("base")
    (price,) = nudges(start, ["gpu_hour_price"])
    assert price.value == pytest.approx(7.65)
    assert price.relative == -1
    dearer = portfolio_returns(run(start.having(gpu_hour_price=7.65)))
    before = portfolio_returns(run(start))
    assert dearer["irr"].value is not None
    assert before["irr"].value is not None
    assert price.irr == pytest.approx(dearer["irr"].value - before["irr"].value)


def test_the_panel_holds_the_drivers_of_the_tornado() -> None:
    found = [one.name for one in ranked_drivers(preset("base"))]
    places = [found.index(name) for name in drivers()]
    assert places == sorted(places)
    assert "gpu_hour_price" in drivers()
    assert 8 <= len(drivers()) <= 12


@pytest.mark.parametrize(
    ("nudge", "said"),
    [
        (
            Nudge("gpu_hour_price", 7.65, -1e9, -0.041, -1),
            "GPU hour price decides: 10 % less costs 4.1 points of IRR.",
        ),
        (
            Nudge("rack_price", 9e6, -2e8, None, 1),
            "Rack price decides: 10 % more costs USD 200 m of NPV.",
        ),
        (
            Nudge("grid_delay_months", 24, -2e8, -0.01, 0),
            "Grid delay months decides: 24 months costs 1.0 point of IRR.",
        ),
    ],
)
def test_what_decides_is_said_in_a_sentence(nudge: Nudge, said: str) -> None:
    assert insights.decides([nudge]) == said


def test_nothing_decides_where_nothing_is_built() -> None:
    assert "nothing is built" in insights.decides([Nudge("rack_price", 9e6, 0.0, None, 1)])


def test_the_ranking_and_the_map_lead_to_every_factory_and_hold_no_formatting(base: Study) -> None:
    first = {short(site): 1 / len(base.sites) for site in base.sites}
    made = ranking_html(base, first, lambda key: f"/factory?factory={key}&x=1")
    drawn = map_drawing(base, map_words(base), lambda key: f"/factory?factory={key}", 168)
    for site in base.sites:
        assert f"factory={site.key}&amp;x=1" in made
        assert f"factory={site.key}" in drawn
        assert short(site) in drawn
    assert not re.search(r"\b(nan|None|inf)\b", made + drawn)
    places = [float(text) for text in re.findall(r"left:([0-9.]+)%;top:", drawn)]
    assert len(places) == len(base.sites)
    assert all(0 < place < 100 for place in places)
