"""Series by command: forecasts, backtests and judgements, and what is said of bad files."""

import io
import json

import pandas as pd
import pytest
from test_cli import rackcast


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
        ("other,ds,y\na,2021,1\n", "unique_id"),
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
    by_series = said.stdout.partition("own past (closest")[2].partition("models over")[0]
    head, a, b = (line.split() for line in by_series.strip().splitlines()[1:])
    assert head[:2] == ["series", "values"]
    assert {"mase", "smape", "owa", "msis-95", "coverage-80", "coverage-95"} <= set(head)
    assert a[:2] == ["a", "40"]
    assert b == ["b", "1", *["-"] * 6, "0", "-"]
    assert "  1: naive" in said.stdout
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


def test_gaps_outliers_and_breaks_are_told_beside_forecasts_and_the_csv_stays_one(tmp_path):
    path, judged = tmp_path / "in.csv", tmp_path / "judged.csv"
    step = [f"step,{1990 + n},{100 + 60 * (n > 15) + n % 3}" for n in range(30)]
    spike = [f"spike,{1990 + n},{900 if n == 12 else 100 + n % 3}" for n in range(30)]
    gap = [f"gap,{year},{year - 1950}" for year in (1990, 1991, 1993, 1994, 1996)]
    path.write_text("\n".join(["unique_id,ds,y", *step, *spike, *gap]) + "\n", "utf-8")
    judged.write_text("unique_id,ds,y,known,who,reason\ngap,1996,47,1994,Ana,so\n", "utf-8")
    asked = ("forecast", str(path), "--horizon", "2")
    done = rackcast(*asked, "--overrides", str(judged))
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(io.StringIO(done.stdout))["unique_id"].tolist() == [
        "step", "step", "spike", "spike", "gap", "gap",
    ]  # fmt: skip
    assert "step: The level breaks at 2006." in done.stderr
    assert "spike: Outliers smoothed for fitting: 2002." in done.stderr
    assert "gap: 2 gaps were filled along a straight line: 1992, 1995." in done.stderr
    assert "Ana judged 1996 of gap at 47" in done.stderr
    rows = json.loads(rackcast(*asked, "--json").stdout, parse_constant=pytest.fail)
    notes = {row["unique_id"]: row["notes"] for row in rows}
    assert notes["spike"] == "Outliers smoothed for fitting: 2002."
    full = rackcast(*asked, "--backtest", "--levels", "50,99", "--overrides", str(judged))
    assert "2 gaps were filled along a straight line: 1992, 1995." in full.stdout
    assert "Ana judged 1996 of gap at 47" in full.stdout
    assert "coverage-50  coverage-99" in full.stdout
    data = json.loads(rackcast(*asked, "--backtest", "--json").stdout, parse_constant=pytest.fail)
    told = {row["unique_id"]: row["verdict"] for row in data["series"]}
    assert told == {row["unique_id"]: row["verdict"] for row in data["backtest"]["verdicts"]}


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


def test_a_series_of_a_file_drives_the_others_under_stated_futures(tmp_path):
    source, stated, out = (tmp_path / name for name in ("in.csv", "futures.csv", "out.csv"))
    driver = [100.0]
    for year in range(1, 31):
        driver.append(driver[-1] * (1.02 + 0.05 * (year % 3)))
    # Twice the driver's growth, always: an elasticity of 2 without error.
    rows = [f"gdp,{1990 + at},{value}" for at, value in enumerate(driver)]
    rows += [f"demand,{1990 + at},{value**2}" for at, value in enumerate(driver)]
    source.write_text("unique_id,ds,y\n" + "\n".join(rows) + "\nodd,2020,1\n", "utf-8")
    last = driver[-1]
    stated.write_text(f"future,ds,y\nflat,2021,{last}\nflat,2022,{last}\n", "utf-8")
    options = ["--horizon", "2", "--driver", "gdp", "--futures", str(stated)]
    done = rackcast("forecast", str(source), *options, "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    known = {row["unique_id"]: row for row in said["series"]}
    assert known["demand"]["elasticity"] == pytest.approx(2)
    assert known["odd"]["elasticity"] is None
    assert known["demand"]["admitted"] is True
    assert known["odd"]["admitted"] is False
    made = pd.read_csv(out)
    assert made["ds"].tolist() == [2021, 2022]
    assert made["y"].to_numpy() == pytest.approx([last**2, last**2])
    assert len(said["futures"]) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--driver", "c"], "no series 'c'"),
        (["--driver", "a", "--futures", "bad.csv"], "bad.csv row 2, y: got much"),
        (["--lag", "2"], "--driver beside it"),
        (["--driver", "a", "--backtest"], "--backtest: got --driver beside it"),
    ],
    ids=["unknown driver", "bad future", "lag alone", "with a backtest"],
)
def test_a_driver_that_cannot_be_used_is_refused(tmp_path, options, words):
    source = tmp_path / "in.csv"
    source.write_text("unique_id,ds,y\na,2020,1\na,2021,2\nb,2021,1\n", "utf-8")
    (tmp_path / "bad.csv").write_text("future,ds,y\nlow,2022,much\n", "utf-8")
    given = [str(tmp_path / one) if one.endswith(".csv") else one for one in options]
    done = rackcast("forecast", str(source), "--horizon", "2", *given)
    assert done.returncode == 1, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_days_after_the_last_one_of_the_calendar_are_written(tmp_path):
    file = tmp_path / "late.csv"
    file.write_text("unique_id,ds,y\na,9999-12-30,1\na,9999-12-31,2\n", "utf-8")
    done = rackcast("forecast", str(file), "--horizon", "2")
    assert done.returncode == 0, done.stderr
    assert "\na,10000-01-02," in done.stdout
