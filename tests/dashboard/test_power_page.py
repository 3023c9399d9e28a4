"""Power by source on the factory page: what a bridge brings and costs, and where energy is from."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import power_mix
from dashboard.charts.factory import phase_table
from dashboard.charts.study import study
from dashboard.exports.datapack import result_tables
from dashboard.what_if_runs import bridge_of
from data.problems import RefusedError
from forecasts.energy_used import energy_mwh
from forecasts.engine import run
from forecasts.scenario import Scenario

UAE = 1
"""Its place: the announced factories come first."""

APP = Path(__file__).parents[2] / "dashboard" / "app.py"

STATED = Scenario(
    factories=("uae", "malaysia"), grid_delay_months=24, bridge_power_share=1.0, ppa_share=0.25
)


@pytest.fixture(scope="module")
def made(catalog):
    return study(run(STATED, catalog))


@pytest.mark.parametrize("per", power_mix.PER)
def test_bars_add_up_to_the_energy_used(made, catalog, per):
    chart = power_mix.by_source(made, UAE, bridge_of(STATED, catalog, "uae"), per)
    drawn = sum(sum(bar.y) for bar in chart.figure.data)
    assert [bar.name for bar in chart.figure.data] == [
        "Grid", "Power purchase agreement", "Bridge (own generators)",
    ]  # fmt: skip
    assert drawn == pytest.approx(energy_mwh(made.result, UAE).sum() / 1e3, rel=1e-4)
    whole = chart.table.filter(like="USD m").to_numpy().sum()
    assert whole == pytest.approx(-made.result.lines["power"][0, UAE].sum() / 1e6)


def test_the_headline_tells_time_cost_and_worth(catalog):
    found = bridge_of(STATED, catalog, "uae")
    said = power_mix.finding(found, 0.25)
    assert said.startswith(f"The bridge brings first sales {found.sooner_months} months sooner")
    assert "costs USD" in said
    assert "NPV +USD" in said
    assert "any rent" in power_mix.worth(found)
    loss = bridge_of(STATED.having(bridge_power_share=0.0), catalog, "malaysia")
    assert power_mix.finding(loss, 0.0).startswith("A bridge would bring first sales")
    assert "NPV \N{MINUS SIGN}USD" in power_mix.finding(loss, 0.0)
    idle = bridge_of(Scenario(factories=("uae",)), catalog, "uae")
    assert "nothing to carry" in power_mix.finding(idle, 0.0)
    assert "fixed price" in power_mix.finding(idle, 0.4)
    assert power_mix.worth(idle) == ""


def test_the_table_sets_both_sides_beside_each_other(made, catalog):
    table = power_mix.beside(made, bridge_of(STATED, catalog, "uae")).set_index("Figure")
    first = made.result.phases[UAE][0]
    assert table.loc["First GPU-hour sold", "Change"].endswith("months")
    assert table.loc["On the grid"].iloc[0] == table.loc["On the grid"].iloc[1]
    assert table.loc["NPV", "Change"].startswith("+USD")
    assert not table.map(lambda text: "nan" in str(text)).any(axis=None)
    assert first.bridged_months > 0
    assert "On the grid" in phase_table(made, UAE).columns


def test_the_data_pack_holds_every_month(made):
    title, frame = result_tables(made)["power_by_source"]
    assert "month" in title
    assert len(frame) == 2 * made.result.plan.months
    uae = frame[frame["factory"] == "uae"].filter(like="_usd").to_numpy().sum()
    assert uae == pytest.approx(-made.result.lines["power"][0, UAE].sum())


def test_a_factory_without_phases_has_no_nan(catalog):
    empty = Scenario(factories=("romania",), decision_month=170, bridge_power_share=1.0)
    found = bridge_of(empty, catalog, "romania")
    table = power_mix.beside(study(run(empty, catalog)), found)
    assert not table.map(lambda text: "nan" in str(text)).any(axis=None)


def test_an_unknown_factory_is_refused(catalog):
    with pytest.raises(RefusedError, match="atlantis"):
        bridge_of(STATED, catalog, "atlantis")


@pytest.mark.slow
def test_the_page_shows_it_from_a_link():
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in (("grid_delay_months", "24"), ("factory", "uae"),
                        ("cost_view", "Power by source")):  # fmt: skip
        app.query_params[name] = value
    app.run().switch_page("app_pages/factory.py").run()
    assert not app.exception
    said = " ".join(one.value for one in app.markdown)
    assert "A bridge would bring first sales" in said
