"""Main figures in other currencies: tables say their unit, and the link restores the choice."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import currencies
from dashboard.charts.study import Study, study
from dashboard.cli import main
from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import PRESETS, preset
from forecasts.scenario import Scenario

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture(scope="module", params=list(PRESETS))
def made(request: pytest.FixtureRequest) -> Study:
    return study(run(preset(request.param)))


def test_all_factories_in_a_currency_are_the_dollars_times_its_rate(made: Study) -> None:
    rates = currencies.rates_of(made, bundled())
    for terms in currencies.terms(made):
        dollars = currencies.factories_table(made, rates["USD"], terms)
        for code in ("EUR", "MYR", "RON"):
            table = currencies.factories_table(made, rates[code], terms)
            assert f"Capex, {code} m" in table.columns
            assert f"LCOC, {code}/h" in table.columns
            wanted = dollars.iloc[:, 1:].to_numpy() * rates[code].per_usd
            assert table.iloc[:, 1:].to_numpy() == pytest.approx(wanted, nan_ok=True)
        sums = dollars.iloc[:-1, 1:6].sum().to_numpy()
        assert dollars.iloc[-1, 1:6].to_numpy(dtype=float) == pytest.approx(sums)


def test_a_factory_shows_the_first_four_currencies_and_its_own(made: Study) -> None:
    catalog = bundled()
    rates = currencies.rates_of(made, catalog)
    for row in range(len(made.sites)):
        local = currencies.local_of(made, row, catalog)
        table = currencies.figures_table(made, row, rates, local, "real")
        assert {"USD", "EUR", "MYR", "RON", local} == set(table.columns[1:])
        for code in table.columns[1:]:
            texts = table[code]
            assert all(code in text or text == "–" for text in texts)  # noqa: RUF001
            assert not any("nan" in text or ("USD" in text and code != "USD") for text in texts)


def test_the_long_table_names_currency_terms_and_year_of_the_rate(made: Study) -> None:
    rates = currencies.rates_of(made, bundled())
    frame = currencies.long_table(made, rates)
    assert len(frame) == (len(made.sites) + 1) * 7 * 2 * len(rates)
    assert (frame["value"].isna() == (frame["reason"] != "")).all()
    assert set(frame.loc[frame["terms"] == "real", "money_of"]) == {
        currencies.month_name(made.result, 0)
    }
    assert (frame.loc[frame["currency"] != "USD", "mean_of_year"].str.len() == 4).all()


def test_a_factory_that_builds_nothing_shows_dashes() -> None:
    nothing = study(run(Scenario(site_capacity_mw=0.0, factories=("romania",))))
    rates = currencies.rates_of(nothing, bundled())
    table = currencies.figures_table(nothing, 0, rates, "RON", "real").set_index("Figure, real")
    assert table.loc["LCOC", "RON"] == "–"  # noqa: RUF001
    assert table.loc["First-time capex", "RON"] == "RON 0"


def test_a_link_restores_currency_and_terms_and_refuses_one_unknown() -> None:
    app = AppTest.from_file(str(APP), default_timeout=180)
    app.query_params["factory"] = "romania"
    app.query_params["currency"] = "RON"
    app.query_params["terms"] = "real"
    app.run().switch_page("app_pages/factory.py").run()
    assert not app.exception
    assert any("Capex, RON m" in frame.value.columns for frame in app.dataframe)
    assert any("Figure, real" in frame.value.columns for frame in app.dataframe)
    said = "\n".join(str(one.value) for one in app.caption)
    assert "stay in nominal USD" in said.replace("\n", " ")
    app.selectbox(key="pick_currency").set_value("EUR").run()
    assert not app.exception
    assert app.query_params["currency"] in ("EUR", ["EUR"])
    assert any("Capex, EUR m" in frame.value.columns for frame in app.dataframe)
    lost = AppTest.from_file(str(APP), default_timeout=180)
    lost.query_params["factory"] = "romania"
    lost.query_params["currency"] = "XXX"
    lost.run().switch_page("app_pages/factory.py").run()
    assert not lost.exception
    assert any("Capex, USD m" in frame.value.columns for frame in lost.dataframe)


def test_the_command_prints_a_currency_and_refuses_one_without_a_rate(capsys) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["currencies", "--in", "myr", "--real"])
    said = capsys.readouterr().out
    assert "MYR, real (money of 2027-01)" in said
    assert "Capex, MYR m" in said
    with pytest.raises(SystemExit, match="1"):
        main(["currencies", "--in", "XXX"])
    assert "one of USD, EUR, MYR, RON" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="0"):
        main(["currencies", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert {rate["currency"] for rate in told["rates"]} >= {"EUR", "MYR", "RON"}
    assert told["factories"][-1]["factory"] == "all"
    capex = told["factories"][0]["figures"][0]
    assert capex["unit"] == "USD"
    assert 0 < capex["real"] < capex["nominal"]
    assert capex["asked"] == capex["nominal"]


def test_json_holds_the_currency_and_terms_that_were_asked_for(capsys) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["currencies", "--in", "eur", "--real", "--json"])
    told = json.loads(capsys.readouterr().out)
    euro = next(rate["per_usd"] for rate in told["rates"] if rate["currency"] == "EUR")
    assert told["asked"] == {"currency": "EUR", "terms": "real", "per_usd": euro}
    for factory in told["factories"]:
        for figure in factory["figures"]:
            assert figure["asked"] == pytest.approx(figure["real"] * euro, rel=1e-12)
