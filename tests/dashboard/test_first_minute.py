"""What a newcomer reads first agrees with itself, and says what it leaves out."""

from pathlib import Path

import numpy as np
import pytest
import yaml
from streamlit.testing.v1 import AppTest

from dashboard import cli, state, widgets
from dashboard.charts import cash, findings, kpis, overview, ranking, series
from dashboard.charts.study import Study, study
from dashboard.files import parsed, read_scenario, stated_in
from dashboard.glossary import conventions
from dashboard.link import packed
from dashboard.theme import change_text
from data.catalog import bundled
from data.problems import RefusedError
from forecasts.engine import run
from forecasts.outlook import outlook
from forecasts.presets import PRESETS, preset
from forecasts.scenario import QUANTITIES, TOGETHER

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture(scope="module")
def cases() -> dict[str, Study]:
    return {name: study(run(preset(name))) for name in PRESETS}


def long_scenario() -> dict[str, object]:
    """A valid scenario with more digits than an address can carry."""
    draw = np.random.default_rng(7)
    bound = {name for names in TOGETHER for name in names}
    names = [n for n, q in QUANTITIES.items() if not q.whole and q.low <= 0.5 and q.high >= 0.9]
    names = [name for name in names if name not in bound]
    sites = bundled().tables["factories"]["factory"].unique()
    return {
        "name": "long",
        "sites": {
            str(site): {name: float(draw.uniform(0.5, 0.9)) for name in names} for site in sites
        },
    }


@pytest.mark.parametrize("unit", ["USD", "USD_per_gpu_hour", "USD_m_per_MW", "MW", "share"])
def test_a_fall_begins_with_a_minus_sign_whatever_the_unit(unit: str) -> None:
    fall, rise = change_text(unit, -3.0), change_text(unit, 3.0)
    assert fall is not None
    assert rise is not None
    assert fall == f"\N{MINUS SIGN}{rise.removeprefix('+')}"
    assert "-" not in fall


def test_a_cheaper_hour_is_shown_as_a_fall(cases: dict[str, Study]) -> None:
    shown = {one.name: one for one in kpis.portfolio_kpis(cases["accelerated"], cases["base"])}
    assert cases["accelerated"].portfolio["lcoc"].value < cases["base"].portfolio["lcoc"].value
    assert (shown["lcoc"].change or "").startswith("\N{MINUS SIGN}")


@pytest.mark.parametrize("name", PRESETS)
def test_the_verdicts_of_the_ranking_agree_with_the_headline(
    cases: dict[str, Study], name: str
) -> None:
    frame = ranking.ranking(cases[name])
    earning = int((frame["Verdict"] == "Earns").sum())
    assert (earning == 0) == findings.headline(cases[name]).startswith("No factory")
    assert ((frame["IRR, %"] >= frame["Asked, %"]) == (frame["Verdict"] == "Earns")).all()
    assert f"({earning} of {len(frame)})" in findings.how_sure(cases)


def test_empty_cells_of_the_ranking_are_explained_below_it(cases: dict[str, Study]) -> None:
    assert "Operations do not pay it back" in ranking.gaps(cases["base"])
    paid = [one["payback"].value is not None for one in cases["base"].returns]
    assert any(paid)
    assert not all(paid)


def test_the_spread_runs_from_worst_to_best(cases: dict[str, Study]) -> None:
    said = findings.how_sure(cases)
    assert said.index("constrained") < said.index("base") < said.index("accelerated")


@pytest.mark.parametrize("name", PRESETS)
def test_the_headline_of_capex_names_the_tallest_bar(cases: dict[str, Study], name: str) -> None:
    chart = overview.capex_by_year(cases[name])
    tallest = chart.table.set_index("Year").sum(axis=1).idxmax()
    assert str(tallest) in chart.headline


def test_the_jump_at_the_end_is_explained(cases: dict[str, Study]) -> None:
    made = cases["base"]
    assert "last month adds USD" in cash.cumulative_cash(made, None).subtitle
    assert "last month adds USD" in cash.cumulative_cash(made, 0).subtitle


def test_spending_is_said_by_the_quarter_and_rows_name_their_table() -> None:
    known = outlook(bundled())
    assert "a quarter" in series.fan(known, "ai_capex").headline
    assert "a quarter" not in series.fan(known, "gpu_hour_price").headline
    assert series.origin(known.histories["ai_capex"]) == "AI spending"
    assert "[" not in series.points(known.histories["ai_capex"])["Row"].str.cat()


@pytest.mark.parametrize(
    "quantity", [q for q in QUANTITIES.values() if q.from_data], ids=lambda q: q.name
)
def test_what_each_site_brings_along_names_its_table_and_row(quantity) -> None:
    said = widgets.data_text(quantity.from_data)
    assert quantity.from_data.parameter in said
    table = bundled().tables[quantity.from_data.table]
    assert quantity.from_data.parameter in set(table["parameter"])


def test_the_conventions_are_for_readers() -> None:
    assert conventions().startswith("Months, nominal USD")
    assert "a test fails" not in conventions()


@pytest.mark.parametrize("text", ["a: [", "\tb: 1", "a: 1\na b\n"])
def test_app_and_command_line_refuse_a_file_in_the_same_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(RefusedError) as app:
        stated_in("mine.yaml", text.encode())
    with pytest.raises(RefusedError) as terminal:
        read_scenario(str(file))
    assert str(app.value) == str(terminal.value)
    assert "line" in str(app.value)


def test_a_scenario_file_beyond_a_page_of_text_is_refused() -> None:
    with pytest.raises(RefusedError, match="shorten it"):
        parsed("mine.yaml", b"a" * 1_000_001)


@pytest.mark.slow
def test_a_scenario_too_long_for_the_link_is_said_to_be() -> None:
    stated = long_scenario()
    assert not packed(stated)
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.session_state["files"] = True
    app.run()
    app.file_uploader[0].upload("long.yaml", yaml.safe_dump(stated).encode()).run()
    assert "Too long for the address" in app.warning[0].value
    sites = stated["sites"]
    assert isinstance(sites, dict)
    count = sum(len(own) for own in sites.values())
    assert any(f"{count} assumptions stated" in one.value for one in app.caption)
    next(button for button in app.button if button.label == "Use it").click().run()
    assert not app.exception
    assert app.session_state[state.PRESET] == state.UPLOADED
    assert any("send its file instead" in one.value for one in app.caption)


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("unique_id,ds,y\na,2020,\na,2021,\n", [], "expected at least one number in y"),
        ("unique_id,ds,y\na,2020,1\na,2021,2\n", ["--freq", "X"], "frequency 'X' is unknown"),
    ],
)
def test_a_series_that_cannot_be_forecast_is_refused_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, more: list[str], said: str
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["forecast", str(file), "--horizon", "2", *more])
    assert ended.value.code == 1
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown


@pytest.mark.slow
def test_the_data_page_shows_small_numbers_beside_large_ones_as_stated() -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["table"] = "sites"
    app.run().switch_page("app_pages/tables.py").run()
    shown = app.dataframe[0].value
    stated = bundled().tables["sites"]
    np.testing.assert_allclose(shown["value"], stated["value"], rtol=1e-9)
    assert shown.loc[shown["parameter"] == "pue", "value"].between(1.01, 1.99).any()


@pytest.mark.parametrize("name", PRESETS)
def test_the_cash_chart_marks_payback_where_the_metric_has_one(
    cases: dict[str, Study], name: str
) -> None:
    case = cases[name]
    for row, returns in enumerate(case.returns):
        marks = [str(one.text) for one in cash.cumulative_cash(case, row).figure.data if one.text]
        marked = any("Paid back" in text for text in marks)
        assert marked == (returns["payback"].value is not None), case.sites[row].key
