"""Issued forecasts by command and on page Trust: kept, scored, refused, compared."""

import json
from pathlib import Path

import pandas as pd
import pytest
from app_visits import opened, press

from dashboard import cli, issue_runs
from dashboard.charts import issues as shown
from data.actors import Actor, Role
from data.catalog import bundled
from data.catalog_store import Incoming, accept, in_force
from data.issue_store import Issue, issues
from data.store import open_store
from forecasts.past_forecasts import AHEAD_MONTHS

OLD_KEYS = {"ours", "forecasts", "published"}


def run(*arguments: str) -> int:
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def told(capsys, *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert run("scorecard", *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def price(period: str, value: float) -> Incoming:
    """A price of a GPU-hour that arrives later."""
    held = bundled().tables["gpu_hour_prices"]
    newest = held[(held["gpu"] == "H100") & (held["tier"] == "contract")].iloc[[-1]]
    return Incoming("gpu_hour_prices", newest.assign(period=period, value=value, low="", high=""))


def arrives(store: Path, period: str, value: float) -> None:
    with open_store(str(store)) as held:
        who = held.operator()
        accept(held, who, price(period, value), base=in_force(held, who).version)


def test_nothing_is_issued_by_looking_and_old_keys_keep_their_meaning(own_store, capsys):
    made = told(capsys)
    assert set(made) == OLD_KEYS | {"kept"}
    assert made["kept"]["issues"] == []
    assert made["kept"]["coverage"]["80"] == {"inside": 0, "of": 0}
    assert all(one["target"] - one["origin"] <= AHEAD_MONTHS for one in made["forecasts"])
    assert not own_store.exists()


def test_issuing_keeps_once_and_values_that_arrive_are_scored(own_store, capsys):
    first = told(capsys, "--issue", "--note", "Before the board.")
    assert first["issued"]["new"] is True
    assert first["issued"]["note"] == "Before the board."
    again = told(capsys, "--issue", "--note", "Once more.")
    assert again["issued"]["new"] is False
    assert again["issued"]["hash"] == first["issued"]["hash"]
    assert len(again["kept"]["issues"]) == 1
    waits = {one["series"]: one["waits_for"] for one in again["kept"]["issues"][0]["series"]}
    assert waits["gpu_hour_price"] == "2026-09"
    arrives(own_store, "2026-09", 2.9)
    arrives(own_store, "2026-10", 20.0)
    later = told(capsys, "--issue")
    assert later["issued"]["new"] is True
    near, far = later["kept"]["scores"]
    assert (near["issue"], near["period"], near["came"]) == (1, "2026-09", 2.9)
    assert (near["inside_80"], far["inside_80"]) == (True, False)
    assert far["error"] == pytest.approx(far["said"] - 20.0)
    assert later["kept"]["coverage"] == {"80": {"inside": 1, "of": 2}, "95": {"inside": 1, "of": 2}}
    move = later["kept"]["moves"][0]
    assert (move["from"], move["to"]) == (1, 2)
    assert set(move["changed"]) == {"data version"}
    assert any(one["metric"] == "npv" and one["change"] for one in move["results"])
    capsys.readouterr()
    assert run("scorecard") == 0
    text = capsys.readouterr().out
    assert "1 of 2 inside the 80 % interval" in text
    assert "nothing to score yet; can be scored from" in text


def test_what_cannot_be_issued_is_refused_in_a_line(own_store, capsys, tmp_path):
    assert run("scorecard", "--note", "x") == 1
    assert "add --issue" in capsys.readouterr().err
    assert run("scorecard", "--issue", "--data", str(tmp_path)) == 1
    assert "leave --data out" in capsys.readouterr().err
    assert not own_store.exists()


def broken(own_store: Path) -> None:
    """Issue, and spoil what was kept as a failing disk would."""
    import sqlite3

    assert run("scorecard", "--issue") == 0
    with sqlite3.connect(own_store) as direct:
        direct.execute("DROP TRIGGER blobs_no_update")
        direct.execute("UPDATE blobs SET content = x'00'")
    direct.close()


def test_a_kept_issue_that_is_broken_is_told_in_a_line(own_store, capsys):
    broken(own_store)
    capsys.readouterr()
    assert run("scorecard") == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert "is missing or changed" in lines[0]


@pytest.mark.slow
def test_the_page_says_that_a_kept_issue_is_broken_and_stands(own_store):
    broken(own_store)
    app = opened("trust")
    app.segmented_control(key="trust_view").set_value("Issued forecasts").run()
    assert not app.exception
    assert any("cannot be read" in one.value for one in app.warning)


@pytest.mark.slow
def test_the_page_keeps_scores_and_says_what_it_waits_for(own_store):
    app = opened("trust")
    app.segmented_control(key="trust_view").set_value("Issued forecasts").run()
    assert app.header[0].value == "No forecast was issued yet"
    app.text_input(key="issue_note").input("From the page.").run()
    press(app, "Keep today's forecasts")
    assert "Issue 1 is kept." in [one.value for one in app.success]
    assert "nothing that was forecast has come yet" in app.header[0].value
    press(app, "Keep today's forecasts")
    assert "Nothing new" in app.success[0].value
    arrives(own_store, "2026-09", 2.9)
    app.run()
    assert app.header[0].value == "1 of 1 inside the 80 % interval"
    frames = {tuple(one.value.columns)[:3]: one.value for one in app.dataframe}
    row = frames["Issue", "Series", "Period"].iloc[0]
    assert (row["Came"], row["Inside 80 %"]) == (2.9, "yes")
    press(app, "Keep today's forecasts")
    assert any("From, to" in one.value.columns for one in app.dataframe)
    with open_store(str(own_store)) as held:
        kept = issues(held, held.operator())
    assert [one.note for one in kept] == ["From the page.", ""]


@pytest.mark.slow
def test_a_viewer_sees_issues_and_cannot_issue(own_store):
    with open_store(str(own_store)) as store:
        me = store.operator()
        store.set_role(me, "boss", Role.ADMIN)
        store.set_role(Actor("boss"), me.name, Role.VIEWER)
    app = opened("trust")
    app.segmented_control(key="trust_view").set_value("Issued forecasts").run()
    assert app.button(key="issue_now").disabled


def test_issues_of_the_same_scenario_data_and_code_say_that_nothing_else_changed():
    content = {"scenario": {"follows": {}}, "results": [], "series": []}
    one, two = (Issue(content, "d", "c", "base", "h", number=at) for at in (1, 2))
    (move,) = issue_runs.moves([one, two])
    assert shown.changed_text(move) == "nothing else changed"
    assert isinstance(shown.moves_table([move]), pd.DataFrame)
