"""What every command promises: JSON, exit codes, names of scenarios, and no broken result."""

import hashlib
import json

import pytest

from dashboard import cli
from dashboard.cli import main
from data.scenario_merging import Draft
from data.scenario_store import save
from data.store import open_store
from forecasts import checks
from forecasts.checks import Check, Level

STATED = "scenarios/replications/rc-14-debt.yaml"

pytestmark = pytest.mark.usefixtures("own_store")


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(arguments))
    except SystemExit as end:
        code = int(end.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_every_command_offers_json():
    own_protocol = {"agent"}  # it speaks JSON from first to last
    for command in cli.app.registered_commands:
        if command.callback.__name__ in own_protocol:
            continue
        assert "as_json" in command.callback.__annotations__, command.callback.__name__


def test_an_export_tells_what_it_wrote_and_from_what(capsys, tmp_path):
    file = tmp_path / "pack.zip"
    code, out, err = ran(capsys, "export", "--to", str(file), "--json")
    told = json.loads(out)
    assert (code, told["file"], told["bytes"]) == (0, str(file), file.stat().st_size), err
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert len(told["scenario_hash"]) == len(told["data_version"]) == 12


def test_backup_restore_and_members_answer_in_json(capsys, tmp_path):
    with open_store() as store:
        save(store, store.operator(), Draft("Dear hours", {"gpu_hour_price": 5.5}))
    code, out, _ = ran(capsys, "members", "--json")
    assert (code, json.loads(out)) == (0, {"workspace": "main", "members": {}})
    kept = tmp_path / "kept.zip"
    code, out, _ = ran(capsys, "backup", str(kept), "--json")
    saved = json.loads(out)["rows"]
    assert (code, sum(saved.values()) > 0) == (0, True)
    other = str(tmp_path / "other.sqlite")
    code, out, _ = ran(capsys, "restore", str(kept), "--store", other, "--json")
    assert (code, json.loads(out)["rows"]) == (0, saved)


def test_a_saved_scenario_is_found_by_its_name(capsys):
    with open_store() as store:
        save(store, store.operator(), Draft("Dear hours", {"gpu_hour_price": 5.5}, description="?"))
    code, out, err = ran(capsys, "project", "--scenario", "Dear hours", "--json")
    assert code == 0, err
    assert json.loads(out)["scenario"] == "Dear hours"
    code, _, err = ran(capsys, "project", "--scenario", "Dear hour")
    assert (code, "did you mean 'Dear hours'?" in err) == (1, True)
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["simulate", "rank", "stress", "portfolio", "timing"])
def test_stated_projects_are_refused_by_what_needs_factories(capsys, command):
    code, _, err = ran(capsys, command, "--scenario", STATED)
    assert (code, "kind: stated" in err, "rackcast project" in err) == (1, True, True)


def test_an_unknown_factory_is_named_with_the_nearest(capsys, tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text("sites: {romanie: {grid_lead_months: 48}}\n", "utf-8")
    code, _, err = ran(capsys, "project", "--scenario", str(file))
    assert (code, "sites.romanie" in err, "did you mean 'romania'?" in err) == (1, True, True)


def test_a_file_without_description_is_described_by_its_changes(capsys, tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text("gpu_hour_price: 5.5\nmonths: 120\n", "utf-8")
    code, out, _ = ran(capsys, "project", "--scenario", str(file), "--json")
    told = json.loads(out)["description"]
    assert code == 0
    assert told == "The scenario base with changes to: gpu_hour_price, months."


def test_reading_nothing_is_wrong_usage(capsys):
    code, _, err = ran(capsys, "ingest")
    assert (code, "FILE" in err) == (2, True)


def test_figures_and_statuses_of_the_table_stand_apart(capsys, tmp_path):
    file = tmp_path / "none.yaml"
    file.write_text("site_capacity_mw: 0.001\n", "utf-8")
    code, out, _ = ran(capsys, "project", "--scenario", str(file))
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("belgium"))
    assert row.split()[-4:] == ["undefined", "undefined", "undefined", "never"]


@pytest.mark.parametrize("command", ["project", "check", "export"])
def test_a_result_whose_identities_fail_does_not_leave(capsys, tmp_path, monkeypatch, command):
    broken = Check("sources = uses", Level.FAILED, "", "sources differ from uses by USD 5")
    monkeypatch.setattr(checks, "_identities", lambda _: iter([broken]))
    file = tmp_path / "pack.zip"
    asked = ["--to", str(file)] if command == "export" else []
    code, _, err = ran(capsys, command, *asked)
    assert (code, "sources differ from uses" in err) == (1, True)
    assert not file.exists()


def test_hours_of_a_year_are_four_numbers_each_no_more_than_the_one_before(capsys):
    code, out, _ = ran(capsys, "project", "--json")
    assert code == 0
    told = json.loads(out)
    for owner in (*told["factories"], told["portfolio"]):
        for year in owner["annual"]:
            installed, available, contracted, sold = (
                year[f"{kind}_gpu_hours"]
                for kind in ("installed", "available", "contracted", "sold")
            )
            assert contracted <= sold <= available <= installed
    assert told["portfolio"]["annual"][5]["contracted_gpu_hours"] > 0
