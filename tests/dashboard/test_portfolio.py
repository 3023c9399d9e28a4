"""Page Portfolio: limits are chosen, priced, and a programme goes into the scenario on screen."""

import json

import pytest
from app_visits import opened, press

from dashboard import cli
from dashboard.charts.decisions import budgets, chosen_anew, frontier_chart, no_budget
from dashboard.charts.limits import headline, limits_table, programme_names, years_table
from dashboard.portfolio_runs import options_for, picked, portfolio_of
from dashboard.portfolio_text import portfolio_text
from data.catalog import bundled
from data.problems import RefusedError
from forecasts.presets import preset
from forecasts.programme import Limits

WANTED = (64, 0, "sobol")


@pytest.fixture(scope="module")
def made():
    scenario = preset("accelerated").having(
        factories=("malaysia", "belgium", "uae"), sovereign_price_premium=0.2
    )
    return options_for(scenario, bundled(), WANTED)


def test_tables_say_which_limit_holds_back(made):
    data = portfolio_of(*made, WANTED, Limits((0.6e9,), racks=500.0))
    table = limits_table(data)
    assert table["Limit a year"].tolist() == ["Budget", "Rack supply"]
    assert (table["Smallest step that buys more"] == "nothing").tolist() == [False, True]
    assert headline(data).startswith("Budget holds the programme back: USD ")
    assert "Budget holds the programme back" in portfolio_text(data)
    years = years_table(data)
    assert (years["Capex, USD m"] <= years["of capex, USD m"] + 1e-6).all()
    assert years["Racks ordered"].sum() > 0
    assert len(programme_names(data)) >= 1


def test_what_is_not_limited_is_said(made):
    data = portfolio_of(*made, WANTED, Limits())
    assert headline(data) == "No limit is stated"
    assert limits_table(data).empty
    assert "No limit is stated" in portfolio_text(data)
    wide = portfolio_of(*made, WANTED, Limits((1e12,)))
    assert headline(wide) == "No limit holds this programme back"


NAMES = {"malaysia": "Malaysia", "belgium": "Belgium", "uae": "UAE"}


def test_sites_are_written_by_name_on_screen(made):
    data = portfolio_of(*made, WANTED, Limits())
    for table in (budgets(data, NAMES), frontier_chart(data, NAMES).table):
        said = " ".join(table["What is built"])
        assert "UAE (" in said
        assert not any(f"{key} (" in said for key in NAMES)


def test_budgets_that_buy_nothing_are_a_sentence_and_no_table_of_zeros(made):
    data = portfolio_of(*made, WANTED, Limits((1e6,)))
    assert budgets(data, NAMES).empty
    assert no_budget(data) == (
        "Nothing: no budget up to USD 1 m a year buys a programme worth building."
    )
    assert "what it buys" not in portfolio_text(data)
    assert no_budget(data) in portfolio_text(data)


def test_another_choice_than_the_scenario_as_it_stands_is_told_with_its_gain_and_error(made):
    data = portfolio_of(*made, WANTED, Limits())
    best = data["frontier"][0]["chosen"]
    told = chosen_anew(data, NAMES)
    assert told.startswith("Along these paths it would now choose ")
    assert all(f"{NAMES[one['site']]} ({one['size']}" in told for one in best)
    assert data["as_it_stands"]["npv_gain_usd"] > 0


def test_a_programme_chosen_as_it_stands_needs_no_word():
    scenario = preset("accelerated").having(factories=("uae",), sites={"uae": {"max_phases": 1.0}})
    data = portfolio_of(*options_for(scenario, bundled(), WANTED), WANTED, Limits())
    assert data["as_it_stands"] == {
        "is_chosen": True,
        "npv_gain_usd": 0.0,
        "npv_gain_standard_error_usd": 0.0,
    }
    assert chosen_anew(data, NAMES) == ""


def test_a_gain_within_its_error_is_called_so():
    def said(gain: float) -> str:
        stands = {"npv_gain_usd": gain, "npv_gain_standard_error_usd": 2e6}
        chosen = [{"site": "uae", "size": "first phase", "start": "36 months later"}]
        data = {
            "as_it_stands": {"is_chosen": False} | stands,
            "frontier": [{"chosen": chosen}],
        }
        return chosen_anew(data, NAMES)

    assert "UAE (first phase, 36 months later)" in said(3.4e6)
    assert "USD 3.4 \N{PLUS-MINUS SIGN} 2.0 m more" in said(3.4e6)
    assert said(3.4e6).endswith("no more than the error of paths.")
    assert not said(9e6).endswith("no more than the error of paths.")


def test_a_step_is_written_so_that_it_is_enough(made):
    data = portfolio_of(*made, WANTED, Limits((0.6e9,)))
    (budget,) = [one for one in data["limits"] if one["limit"] == "budget_usd"]
    written = limits_table(data)["Smallest step that buys more"][0].split()
    more = float(written[1]) * (1e6 if written[2] == "m:" else 1e9)
    assert more >= budget["smallest_step"]["more"] - 1
    again = portfolio_of(*made, WANTED, Limits((0.6e9 + more,)))
    assert again["frontier"][0]["mean_npv_usd"] > data["frontier"][0]["mean_npv_usd"]


def test_a_programme_that_is_none_is_refused_in_a_line(made):
    data = portfolio_of(*made, WANTED, Limits((0.0,)))
    with pytest.raises(RefusedError, match="at least one site"):
        picked(*made, data, 1)
    with pytest.raises(RefusedError, match="--point"):
        picked(*made, data, 9)


def test_a_point_is_told_alone_in_text_and_json(monkeypatch, made, capsys):
    data = portfolio_of(*made, WANTED, Limits())
    last = len(data["frontier"])
    monkeypatch.setattr("dashboard.portfolio_runs.options_for", lambda *_: made)

    def told(*more: str) -> str:
        with pytest.raises(SystemExit) as ended:
            cli.main(["portfolio", "--paths", "64", *more])
        assert ended.value.code == (1 if f"{last + 1}" in more else 0)
        out, err = capsys.readouterr()
        return out + err

    one = data["frontier"][1]
    text = told("--point", "2")
    assert "Programme 2 builds" in text
    assert text.count(one["chosen"][0]["size"]) > 1
    shown = json.loads(told("--point", "2", "--json"))
    assert (shown["point"], shown["programme"]) == (2, one)
    assert "point" not in json.loads(told("--json"))
    assert f"expected 1 to {last}" in told("--point", f"{last + 1}")


def test_a_programme_is_used_shown_in_the_link_and_taken_back():
    app = opened("portfolio", scenario="accelerated")
    assert "No limit is stated" in [one.value for one in app.subheader]
    next(one for one in app.number_input if one.label == "Racks a year").set_value(50).run()
    assert not app.exception
    assert any("Rack supply holds the programme back" in one.value for one in app.subheader)
    next(one for one in app.number_input if one.label == "Racks a year").set_value(None).run()
    press(app, "Use this programme")
    assert app.session_state["now"].factories == ("malaysia", "uae")
    assert app.query_params["factories"] == "malaysia,uae"
    assert app.query_params["malaysia.max_phases"] == "1"
    assert any("now holds the programme" in one.value for one in app.success)
    press(app, "Undo")
    assert app.session_state["now"].factories == ()
    assert not app.success


def test_what_would_be_chosen_otherwise_after_a_programme_is_used_is_said():
    link = {"factories": "malaysia,belgium,uae", "sovereign_price_premium": "0.2"}
    app = opened("portfolio", scenario="accelerated", **link)
    press(app, "Use this programme")
    assert app.session_state["now"].sites["malaysia"]["max_phases"] == 3
    (said,) = [one.value for one in app.success]
    assert "it would now choose Belgium" in said


def test_nothing_worth_building_offers_no_programme():
    app = opened("portfolio")
    assert "nothing is worth building" in app.header[0].value
    assert "Use this programme" not in [one.label for one in app.button]
    assert any("no budget up to USD" in one.value for one in app.caption)
    assert not app.dataframe


def test_a_scenario_in_which_nothing_can_be_built_is_said():
    scenario = preset("base").having(factories=("uae", "oman"), site_capacity_mw=0.0)
    planner, options = options_for(scenario, bundled(), WANTED)
    data = portfolio_of(planner, options, WANTED, Limits((1e9,), racks=10.0))
    assert "build nothing" in portfolio_text(data)
    assert headline(data) == "No limit holds this programme back"
    assert years_table(data).empty
    assert programme_names(data) == {}
