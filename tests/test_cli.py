"""The command line: shapes that others rely on, exit codes, and no traceback for bad input."""

import json
import math
import subprocess
import sys
from inspect import signature
from pathlib import Path

import pytest

from dashboard import decisions_state, path_counts, sure_state
from dashboard.cli import rank, simulate
from dashboard.exports import material
from dashboard.risk_commands import portfolio, timing
from dashboard.what_if_commands import spread
from forecasts.metric_register import METRICS

ROOT = Path(__file__).parent.parent


def rackcast(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def projected() -> dict:
    done = rackcast("project", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def numbers(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


def test_a_projection_lists_all_sites_with_phases_and_metrics(projected):
    assert len(projected["factories"]) == 12
    for factory in projected["factories"]:
        assert factory["phases"], factory["factory"]
        for phase in factory["phases"]:
            assert {
                "name", "rack_model", "racks", "gpus", "it_mw", "decision", "start", "energised",
                "live", "capex_usd",
            } <= set(phase)  # fmt: skip
            assert phase["racks"] == int(phase["racks"]) >= 1
            assert phase["decision"] <= phase["start"] <= phase["energised"] <= phase["live"]
        assert [line["year"] for line in factory["annual"]] == list(range(2027, 2042))
        assert set(factory["returns"]) == set(METRICS)
    assert {"portfolio", "scenario_hash", "data_version", "checks"} <= set(projected)


def test_no_metric_is_absent_without_status_and_reason(projected):
    owners = [*projected["factories"], projected["portfolio"]]
    for owner in owners:
        for name, metric in owner["returns"].items():
            assert set(metric) == {"value", "unit", "status", "reason"}
            if metric["value"] is None:
                assert metric["status"] != "ok", name
                assert metric["reason"].endswith("."), name
            else:
                assert metric["status"] == "ok", name


def test_every_number_is_finite(projected):
    assert all(math.isfinite(value) for value in numbers(projected))


def test_yearly_lines_sum_to_net_cash(projected):
    for owner in [*projected["factories"], projected["portfolio"]]:
        for line in owner["annual"]:
            parts = line["ebitda_usd"] + line["capex_usd"] + line["refresh_usd"]
            parts += line["grants_usd"] + line["resale_usd"] + line["terminal_value_usd"]
            parts += line["income_tax_usd"] + line["working_capital_usd"]
            assert parts == pytest.approx(line["net_cash_usd"], abs=1)


def test_check_is_clean():
    done = rackcast("check")
    assert done.returncode == 0, done.stderr
    assert "failed" not in done.stdout
    assert done.stderr == ""


def test_text_is_for_people():
    done = rackcast("project", "--scenario", "constrained")
    assert done.returncode == 0
    assert "romania" in done.stdout
    assert "nan" not in done.stdout.lower().replace("finance", "")


REFUSED = {
    "unknown key": ("gpu_hour_prise: 5\n", "did you mean 'gpu_hour_price'?"),
    "out of range": (
        "merchant_utilisation: 1.7\n",
        "merchant_utilisation: got 1.7, expected 0 to 1",
    ),
    "wrong type": ("months: soon\n", "my.yaml: months: got 'soon'"),
    "site": ("sites: {romania: {pue: 9}}\n", "sites.romania.pue: got 9, expected 1 to 3"),
    "unknown site": ("sites: {rumania: {pue: 1.2}}\n", "a factory of the register"),
    "not yaml": ("a: [1\n", "my.yaml line 2"),
    "a list": ("- 1\n", "my.yaml: got list"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_scenario_is_refused_with_place_value_and_fix(tmp_path, case):
    content, message = REFUSED[case]
    path = tmp_path / "my.yaml"
    path.write_text(content, "utf-8")
    done = rackcast("project", "--scenario", str(path), "--json")
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_missing_table_is_refused(tmp_path):
    done = rackcast("project", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "refused: sites.csv: got no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_scenario_is_refused():
    done = rackcast("project", "--scenario", "optimistic")
    assert done.returncode == 1
    assert "base, accelerated, constrained, a saved scenario, or a YAML file" in done.stderr


@pytest.mark.parametrize("arguments", [("projekt",), ("project", "--nonsense"), ("forecast",)])
def test_wrong_usage_exits_with_2(arguments):
    assert rackcast(*arguments).returncode == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("gpu_hour_price: 5\ngpu_hour_price: 6\n", "line 2: got the key 'gpu_hour_price' a second"),
        ("start: 2027-13-01\n", "2027-13-01, which cannot be"),
        ("start: 1900-01-01\n", "at least 2026-01-01"),
        ("start: hello\n", "a date as 2027-01-01"),
        ("months: 5\n", "at least 24"),
        ("factories: malaysia\n", "a list, as [malaysia, belgium]"),
        (f"name: {'x' * 500}\n", "at most 80 characters"),
        ("gpu_price_decay: 1.1\n", "-0.9 to 0.9"),
    ],
)
def test_what_a_scenario_file_cannot_say(tmp_path, content, words):
    path = tmp_path / "bad.yaml"
    path.write_text(content, "utf-8")
    done = rackcast("project", "--scenario", str(path), "--json")
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr) < 300
    assert done.stdout == ""


def test_a_missing_folder_of_tables_is_one_line(tmp_path):
    done = rackcast("check", "--data", str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "a folder of tables" in done.stderr


def test_a_published_case_runs_from_its_file_alone():
    case = str(ROOT / "scenarios" / "replications" / "rc-01-epoch-100mw.yaml")
    found = json.loads(
        rackcast("project", "--scenario", case, "--json").stdout, parse_constant=pytest.fail
    )
    base = found["factories"][0]["returns"]
    assert base["lcoc"]["value"] == pytest.approx(3.299703963316063, rel=1e-9)
    assert base["irr"]["value"] == pytest.approx(0.0801521982470581, rel=1e-9)
    assert any(one["level"] != "ok" for one in found["checks"])
    said = rackcast("project", "--scenario", case).stdout
    assert "published" in said
    assert ": agrees" in said


def test_a_simulation_is_the_same_bytes_and_says_its_errors():
    first, second = (rackcast("simulate", "--paths", "64", "--seed", "3", "--json") for _ in "12")
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    data = json.loads(first.stdout)
    assert (data["paths"], data["seed"], len(data["factories"])) == (64, 3, 12)
    assert all(math.isfinite(value) for value in numbers(data))
    for one in data["factories"]:
        assert 0 <= one["probabilities"]["npv_positive"]["value"] <= 1
        assert one["metrics"]["npv"]["p50"]["standard_error"] > 0


def test_a_ranking_places_every_site_and_keeps_its_budget():
    done = rackcast(
        "rank", "--paths", "64", "--budget", "5e9", "--json", "--scenario", "accelerated"
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [one["place"] for one in data["sites"]] == list(range(1, 13))
    assert sum(one["first"]["value"] for one in data["sites"]) == pytest.approx(1)
    assert data["budget"]["chosen"]
    assert data["budget"]["capex_usd"] <= 5e9


def test_an_unknown_method_is_refused():
    done = rackcast("simulate", "--method", "magic")
    assert done.returncode == 1
    assert "--method" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("flag", ["--hurdle", "--covenant", "--stranded-mw", "--payback"])
def test_a_threshold_without_end_is_refused(flag):
    done = rackcast("simulate", "--paths", "8", flag, "inf", "--json")
    assert done.returncode == 1
    assert done.stderr == f"refused: {flag}: got inf, expected a finite number; give a number\n"


@pytest.mark.parametrize("name", ["colocation", "forward-curve"])
def test_the_example_scenarios_say_in_json_what_they_state(name):
    done = rackcast("project", "--scenario", f"scenarios/{name}.yaml", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    malaysia = next(one for one in told["factories"] if one["factory"] == "malaysia")
    last = malaysia["annual"][-1]
    assert {check["level"] for check in told["checks"]} <= {"ok", "note"}
    assert (last["lease_rent_usd"] > 0) == (name == "colocation")
    assert (last["let_mw"] > 0) == (name == "colocation")
    assert last["useful_gpu_hours"] == pytest.approx(0.9 * last["sold_gpu_hours"])
    assert malaysia["returns"]["lcoc_useful"]["value"] > malaysia["returns"]["lcoc"]["value"]


def test_the_example_of_a_bridge_tells_in_json_when_and_by_what_power_comes():
    done = rackcast("project", "--scenario", "scenarios/bridge.yaml", "--json")
    assert done.returncode == 0, done.stderr
    told = {one["factory"]: one for one in json.loads(done.stdout)["factories"]}
    assert list(told) == ["belgium", "malaysia", "romania", "uae"]
    for one in told.values():
        first, power = one["phases"][0], one["power_by_source"]
        assert first["energised"] < first["on_grid"]
        assert power["monthly"]["month"][0] == first["energised"]
        used = sum(sum(power["annual"][f"{name}_mwh"]) for name in ("grid", "ppa", "bridge"))
        assert used == pytest.approx(sum(year["energy_mwh"] for year in one["carbon_by_year"]))
    bought = [sum(one["power_by_source"]["annual"]["ppa_mwh"]) > 0 for one in told.values()]
    assert bought == [False, False, True, False]


def test_a_malformed_curve_ends_with_a_line_for_each_mistake(tmp_path):
    path = tmp_path / "curve.yaml"
    path.write_text("fx_curves:\n  malaysia: {2027: -1, 2030: much}\n  mars: {2027: 1}\n", "utf-8")
    done = rackcast("project", "--scenario", str(path))
    assert done.returncode == 1
    assert "fx_curves.malaysia.2027" in done.stderr + done.stdout
    assert "fx_curves.malaysia.2030" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_pages_and_commands_answer_on_as_many_paths():
    asked = {
        timing: ("paths", "TIMING_PATHS"),
        portfolio: ("paths", "PROGRAMME_PATHS"),
        spread: ("points", "SHARE_POINTS"),
    }
    assert sure_state.STAGES[-1] == path_counts.SIMULATED_PATHS == material.SIMULATED_PATHS
    for command in (simulate, rank):
        assert signature(command).parameters["paths"].default == path_counts.SIMULATED_PATHS
    for command, (option, on_page) in asked.items():
        held = getattr(path_counts, on_page)
        assert signature(command).parameters[option].default == held
        assert getattr(decisions_state, on_page) == held


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no full device")
def test_an_answer_that_a_full_disk_does_not_take_ends_in_a_line():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dashboard", "check"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("refused: output: got no space left on device, expected")
    assert len(done.stderr.splitlines()) == 1
