"""Books with leases and accounts of the state: words, tables, JSON and refusals."""

import json
import re

import pytest

from dashboard.books_text import lease_data, lease_text, state_data, state_text
from dashboard.charts import books, state_books
from dashboard.charts.study import Study, study
from dashboard.cli import main
from dashboard.exports.picture import charts_of
from data.catalog import bundled
from forecasts.accounts import VIEWS, View
from forecasts.engine import run
from forecasts.leased import CHOICES
from forecasts.presets import preset
from forecasts.scenario import Scenario
from forecasts.state_rules import StateTerms

NAN = re.compile(r"\b(nan|inf)\b", re.IGNORECASE)

HELPED = {"grant_share": 0.3, "concessional_share": 0.3, "lease_share": 0.25}


@pytest.fixture(scope="module", params=["base", "helped", "empty"])
def made(request: pytest.FixtureRequest) -> Study:
    changed = {"base": {}, "helped": HELPED, "empty": {"site_capacity_mw": 0.0}}[request.param]
    first = {"factories": ("belgium", "malaysia", "romania")}
    return study(run(Scenario.model_validate(preset("base").model_dump() | first | changed)))


@pytest.mark.parametrize("view", list(VIEWS))
def test_every_choice_has_a_finding_a_chart_and_no_nan(made: Study, view: View) -> None:
    for what in CHOICES:
        rows = list(range(len(made.sites)))
        for row in rows:
            pair = books.pair(made, row, view, what)
            chart = books.chart(pair)
            assert not NAN.search(f"{chart.headline} {chart.alt} {books.covenants(pair)}")
            assert not chart.table.isna().any(axis=None)
            assert not books.lease_table(made, pair.after.leases).isna().any(axis=None)
            for table in books.statement_tables(pair.after).values():
                assert not table.isna().any(axis=None)
        assert not NAN.search(lease_text(made, rows, view, what))
        json.dumps(lease_data(made, rows, view, what), allow_nan=False)


def test_the_state_s_answer_comes_with_every_rule_and_its_source(made: Study) -> None:
    for terms in (StateTerms(), StateTerms("state", "state", "state", 0.6, 0.5)):
        rows = list(range(len(made.sites)))
        told = state_text(made, rows, terms, bundled())
        assert told.count("GFSM") + told.count("Government Finance Statistics") >= 3
        assert "No legal advice" in told
        assert not NAN.search(told)
        data = json.loads(json.dumps(state_data(made, rows, terms, bundled()), allow_nan=False))
        for factory in data["factories"]:
            assert len(factory["reasons"]) == 5
            assert factory["on_balance_sheet"] == factory["as_answered"]["on_balance_sheet"]
            counted = [one for one in factory["reasons"] if one["counts"]]
            points = {one["points_to"] for one in counted}
            assert ("on" in points) == factory["on_balance_sheet"]
        for row in rows:
            view = state_books.view_of(made, row, terms)
            assert state_books.chart(view).table.notna().all(axis=None)
            assert (state_books.memoranda(view.counted) != "") == (view.counted.benefit_usd > 1)


def test_debt_and_deficit_stand_against_the_newest_gdp_on_record() -> None:
    base = study(run(preset("base").model_copy(update={"factories": ("malaysia",)})))
    output = state_books.output_of(base, 0, bundled())
    assert output is not None
    rows = bundled().facts("country_year", iso3="MYS", indicator="gdp_current_usd")
    assert output.usd == rows[-1].value
    view = state_books.view_of(base, 0, StateTerms(construction="state"))
    found = state_books.shares(view.counted, output)
    assert found["gross_debt"] == pytest.approx(
        view.counted.stocks.loc["Gross debt"].max() / output.usd
    )
    assert found["deficit"] == pytest.approx(
        -view.counted.flows.loc["Net lending"].min() / output.usd
    )
    said = state_books.against_output(view, output)
    assert f"gross domestic product of {output.year}" in said
    assert "World Bank" in said
    assert "No gross domestic product" in state_books.against_output(view, None)


def test_pictures_name_the_factory_and_are_not_drawn_where_nothing_is_built(made: Study) -> None:
    known = charts_of(made)
    built = [site.key for row, site in enumerate(made.sites) if made.result.phases[row]]
    for name in ("ifrs", "government"):
        assert {f"{name}_{key}" for key in built} == {one for one in known if one.startswith(name)}
    for key in built[:1]:
        assert (
            f"{key.title()}: with racks leased, IFRS 16 takes"
            in known[f"ifrs_{key}"](made).headline
        )
        assert "balance sheet" in known[f"government_{key}"](made).headline


def test_files_hold_every_view_and_both_answers(made: Study) -> None:
    leases = books.long_table(made)
    assert set(leases["view"]) == {str(view) for view in VIEWS}
    assert leases["usd"].notna().all()
    state = state_books.long_table(made, StateTerms())
    assert set(state["balance_sheet"]) == {"on", "off"}
    assert state["usd"].notna().all()


def test_the_finding_names_the_rule_and_both_amounts() -> None:
    base = study(run(preset("base").model_copy(update={"factories": ("malaysia",)})))
    said = books.finding(books.pair(base, 0, View.IFRS, "racks"))
    assert said.startswith("With racks leased, IFRS 16 takes EBITDA of 20")
    assert "times EBITDA instead of" in said
    assert books.finding(books.pair(base, 0, View.IFRS, "nothing")).startswith("Nothing is leased")
    paid = books.finding(books.pair(base, 0, View.CASH, "racks"))
    assert paid.startswith("With racks leased, rent of USD ")
    answer = state_books.finding(state_books.view_of(base, 0, StateTerms()))
    assert answer.startswith("Off the government's balance sheet: a private investment")


def test_the_command_writes_the_books_of_large_and_small_factories_in_millions() -> None:
    base = study(run(preset("base").model_copy(update={"factories": ("malaysia",)})))
    made = books.pair(base, 0, View.IFRS, "racks")
    head, names, *lines = lease_text(base, [0], View.IFRS, "racks").split("\n\n")[1].splitlines()
    assert head.startswith("USD m;")
    assert names.split()[:3] == ["year", "EBITDA,", "rent"]
    (income,) = (t for n, t in books.statement_tables(made.after).items() if n == "Income")
    screen = income.set_index("Income, USD m").loc["EBITDA"]
    for line in lines:
        year, _, earned = line.split()[:3]
        assert float(earned.replace(",", "")) == screen[year]


def test_the_command_tells_and_refuses(capsys) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["accounts", "--factory", "romania", "--view", "usgaap", "--leased", "both"])
    said = capsys.readouterr().out
    assert "Romania AI Factory" in said
    assert "Cover below the covenant of 1.05" in said
    with pytest.raises(SystemExit, match="0"):
        main(["accounts", "--view", "government", "--construction", "state", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert len(told["factories"]) == 12
    assert all(one["on_balance_sheet"] for one in told["factories"])
    for wrong in (
        ["--factory", "romnia"],
        ["--view", "gaap"],
        ["--leased", "cars"],
        ["--demand", "nobody"],
    ):
        with pytest.raises(SystemExit, match="1"):
            main(["accounts", *wrong])
        refused = capsys.readouterr().err
        assert refused.startswith(f"refused: {wrong[0]}: got '{wrong[1]}'")
        assert refused.count("\n") == 1
