"""The command line: shapes that others rely on, exit codes, and no traceback for bad input."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

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


def test_forecast_reads_and_writes_the_long_format(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "unique_id,ds,y\n"
        + "".join(
            f"a,{year},{value}\n" for year, value in [(2021, 5), (2022, 8), (2023, 9), (2024, 14)]
        )
        + "".join(f"b,2024Q{quarter},{quarter * 2}\n" for quarter in range(1, 5)),
        "utf-8",
    )
    done = rackcast(
        "forecast", str(source), "--horizon", "3", "--levels", "80,95", "--out", str(target)
    )
    assert done.returncode == 0, done.stderr
    made = pd.read_csv(target)
    assert list(made.columns) == [
        "unique_id", "ds", "mean", "lo-80", "hi-80", "lo-95", "hi-95", "model",
    ]  # fmt: skip
    assert made["unique_id"].tolist() == ["a"] * 3 + ["b"] * 3
    assert made["ds"].astype(str).tolist() == ["2025", "2026", "2027", "2025Q1", "2025Q2", "2025Q3"]
    assert (made["lo-95"] <= made["lo-80"]).all()
    assert (made["lo-80"] <= made["mean"]).all()
    assert (made["mean"] <= made["hi-80"]).all()
    assert (made["hi-80"] <= made["hi-95"]).all()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("unique_id,ds,y\na,2021,much\n", "row 2, y"),
        ("ds,y\n2021,1\n", "unique_id"),
        ("", "in.csv: got an empty file"),
    ],
)
def test_a_bad_series_file_is_refused(tmp_path, content, words):
    path = tmp_path / "in.csv"
    path.write_text(content, "utf-8")
    done = rackcast("forecast", str(path), "--horizon", "2")
    assert done.returncode == 1, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_level_is_refused(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("unique_id,ds,y\na,2021,1\n", "utf-8")
    done = rackcast("forecast", str(path), "--horizon", "2", "--levels", "80,120")
    assert done.returncode == 1
    assert "whole percentages from 1 to 99" in done.stderr


def test_a_backtest_scores_every_model_and_says_why(tmp_path):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    values = [100 + 3 * n + (n * 7919 % 11) for n in range(40)]
    rows = [f"a,{2014 + n // 4}Q{n % 4 + 1},{value}" for n, value in enumerate(values)]
    path.write_text("\n".join(["unique_id,ds,y", *rows, "b,2024Q1,5"]) + "\n", "utf-8")
    said = rackcast("forecast", str(path), "--horizon", "4", "--backtest")
    assert said.returncode == 0, said.stderr
    assert "closer than naive" in said.stdout
    assert "b: Too short for a backtest." in said.stdout
    assert said.stderr == ""
    data = rackcast(
        "forecast", str(path), "--horizon", "4", "--backtest", "--json", "--out", str(out)
    )
    found = json.loads(data.stdout, parse_constant=pytest.fail)
    assert len(found["forecast"]) == 8
    by_model = {row["model"]: row for row in found["backtest"]["summary"]}
    assert by_model["naive"]["owa"] == pytest.approx(1)
    assert by_model["combination"]["owa"] < 1
    steps = [row for row in found["backtest"]["steps"] if row["model"] == "combination"]
    assert [row["step"] for row in steps] == [1, 2, 3, 4]
    assert all(0 <= row["coverage-80"] <= row["coverage-95"] <= 1 for row in steps)
    assert len(out.read_text("utf-8").splitlines()) == 9


def test_whether_naive_is_beaten_is_said_in_json_and_on_screen(tmp_path):
    path = tmp_path / "in.csv"
    trend = [f"trend,{1980 + n},{100 + 7 * n + n % 3}" for n in range(40)]
    jump = [
        f"walk,{1980 + n},{[100, 104, 97, 108][n * n % 4] + (n * 7919 % 13)}" for n in range(40)
    ]
    still = [f"still,{1980 + n},5" for n in range(40)]
    rows = [*trend, *jump, *still, "short,2020,3"]
    path.write_text("\n".join(["unique_id,ds,y", *rows]) + "\n", "utf-8")
    said = rackcast("forecast", str(path), "--horizon", "2", "--json")
    told = {row["unique_id"]: row for row in json.loads(said.stdout, parse_constant=pytest.fail)}
    assert told["trend"]["beats_naive"] is True
    assert told["still"]["beats_naive"] is False
    assert told["still"]["verdict"].startswith("Nothing beats naive")
    assert told["short"]["beats_naive"] is None
    assert "beat naive (" in said.stderr
    assert "nothing beats naive (" in said.stderr
    assert "still" in said.stderr.split("nothing beats naive")[1]


def test_series_without_any_value_are_all_named(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("unique_id,ds,y\na,2020,\nb,2020,1\nc,2020,\n", "utf-8")
    done = rackcast("forecast", str(path), "--horizon", "2")
    assert done.returncode == 1
    assert "series a" in done.stderr
    assert "series c" in done.stderr


@pytest.mark.slow
def test_every_candidate_is_scored_when_asked(tmp_path):
    path = tmp_path / "in.csv"
    rows = [f"a,{2015 + n // 4}Q{n % 4 + 1},{100 + n + 9 * (n % 4)}" for n in range(24)]
    path.write_text("\n".join(["unique_id,ds,y", *rows]) + "\n", "utf-8")
    said = rackcast("forecast", str(path), "--horizon", "2", "--every-model", "--json")
    found = json.loads(said.stdout, parse_constant=pytest.fail)
    models = {row["model"] for row in found["backtest"]["series"]}
    ours = {"combination", "naive", "seasonal naive", "drift", "theta", "damped trend"}
    theirs = {"ETS", "damped ETS", "Theta (statsmodels)", "ARIMA", "unobserved components"}
    assert ours | theirs <= models


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


def test_judgements_stand_beside_the_model_and_are_scored(tmp_path):
    path, judgements = tmp_path / "in.csv", tmp_path / "judged.csv"
    rows = [f"a,{2000 + n},{100 + 3 * n + n % 3}" for n in range(20)]
    path.write_text("\n".join(["unique_id,ds,y", *rows]) + "\n", "utf-8")
    judgements.write_text(
        "unique_id,ds,y,known,who,reason\n"
        "a,2021,250,2019,Ana,a contract\n"
        "a,2018,154,2016,Bo,a guess\n",
        "utf-8",
    )
    asked = ("forecast", str(path), "--horizon", "3", "--overrides", str(judgements))
    found = json.loads(rackcast(*asked, "--json").stdout, parse_constant=pytest.fail)
    changed = {str(row["ds"]): row for row in found["forecast"]}["2021"]
    assert changed["mean"] == pytest.approx(250)
    assert changed["model_mean"] < 200
    assert changed["judged_by"] == "Ana"
    assert [row["who"] for row in found["overrides"]["scores"]] == ["Bo"]
    assert "too few" in found["overrides"]["by"][0]["verdict"]
    judgements.write_text("unique_id,ds,y\na,2021,much\n", "utf-8")
    refused = rackcast(*asked)
    assert refused.returncode == 1
    assert "no known, who, reason" in refused.stderr


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
