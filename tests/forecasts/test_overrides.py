import numpy as np
import pandas as pd
import pytest

from forecasts.combine import forecast
from forecasts.overrides import Override, analysts, judged, misplaced, overrides_of, scored

HISTORY = pd.DataFrame(
    {
        "unique_id": "a",
        "ds": [f"{2015 + n // 4}Q{n % 4 + 1}" for n in range(24)],
        "y": 100 + 2.0 * np.arange(24) + np.random.default_rng(0).normal(0, 1, 24),
    }
)


def an(ds, value, known="2020Q4", who="Ana"):
    return Override("a", ds, value, known, who, "a contract was signed")


def test_the_judged_step_is_the_judgement_and_the_model_stays_beside_it():
    made = forecast(HISTORY, 8)
    found = judged(made, [an("2021Q2", 200.0)])
    assert found.loc[1, "mean"] == pytest.approx(200.0)
    assert found["model_mean"].tolist() == made["mean"].tolist()
    moved = (found["mean"] - made["mean"]).to_numpy()
    assert moved[0] == pytest.approx(moved[1] / 2)
    assert moved[5] == pytest.approx(moved[1] / 2)  # four steps later: half
    width = found["hi-80"] - found["lo-80"]
    assert width.to_numpy() == pytest.approx((made["hi-80"] - made["lo-80"]).to_numpy())
    assert set(found["judged_by"]) == {"Ana"}


def test_other_series_and_periods_change_nothing():
    made = forecast(HISTORY, 4)
    found = judged(made, [an("2035Q1", 1.0), Override("b", "2021Q1", 1, "2020Q4", "Bo", "x")])
    assert found["mean"].tolist() == made["mean"].tolist()
    assert set(found["judged_by"]) == {""}


def test_a_judgement_is_scored_against_the_forecast_of_its_day():
    judgement = an("2020Q2", 141.0, known="2019Q4")
    found = scored(HISTORY, [judgement, an("2030Q1", 5.0), an("2019Q1", 5.0, known="2019Q4")])
    then = forecast(HISTORY.iloc[:20], 2)["mean"].iloc[-1]
    assert len(found) == 1
    assert found.loc[0, "model"] == pytest.approx(then)
    assert found.loc[0, "actual"] == HISTORY["y"].iloc[21]
    closer = abs(141.0 - HISTORY["y"].iloc[21]) < abs(then - HISTORY["y"].iloc[21])
    assert found.loc[0, "closer"] == ("judgement" if closer else "model")


def test_what_was_known_goes_by_period_in_whatever_order_rows_stand():
    judgement = an("2020Q2", 141.0, known="2019Q4")
    mixed = HISTORY.sample(frac=1, random_state=1)
    assert scored(mixed, [judgement]).equals(scored(HISTORY, [judgement]))


def test_a_gap_before_the_judged_period_counts_as_a_step():
    judgement = an("2020Q2", 141.0, known="2019Q4")
    gap = HISTORY[HISTORY["ds"] != "2020Q1"]
    assert scored(gap, [judgement]).equals(scored(HISTORY, [judgement]))
    empty = HISTORY.assign(y=HISTORY["y"].where(HISTORY["ds"] != "2020Q2"))
    assert scored(empty, [judgement]).empty


def test_skill_needs_twenty_judgements():
    rows = pd.DataFrame(
        {"who": "Ana", "actual": 10.0, "judgement": 11.0, "model": 12.0, "closer": "judgement"},
        index=range(20),
    )
    summed = analysts(rows).iloc[0]
    assert summed["skill"] == pytest.approx(0.5)
    assert summed["verdict"] == "50 % closer than the model over 20."
    assert "too few" in analysts(rows.iloc[:19]).iloc[0]["verdict"]
    worse = analysts(rows.rename(columns={"judgement": "model", "model": "judgement"})).iloc[0]
    assert "further off" in worse["verdict"]


def test_every_mistake_in_a_file_is_named():
    row = {"unique_id": "a", "ds": "2021Q1", "y": "5", "known": "2020Q4", "who": "A", "reason": "r"}
    made, problems = overrides_of(
        [row, row, row | {"ds": "2021Q2", "y": "much"}, row | {"ds": "2021Q3", "who": " "}], "f.csv"
    )
    assert [one.ds for one in made] == ["2021Q1", "2021Q1"]
    said = [str(problem) for problem in problems]
    assert any("row 3" in text and "second judgement" in text for text in said)
    assert any("row 4, y" in text for text in said)
    assert any("row 5, who" in text for text in said)


def test_judgements_of_nothing_are_named():
    history = pd.DataFrame({"unique_id": "a", "ds": ["2024Q1", "2024Q2"], "y": [1.0, 2.0]})
    made = pd.DataFrame({"unique_id": "a", "ds": ["2024Q3"], "mean": [3.0]})
    stated = [
        Override("a", "2024Q3", 4.0, "2024Q2", "me", "why"),
        Override("a", "2024Q1", 4.0, "2024Q2", "me", "why"),
        Override("zz", "2024Q3", 4.0, "2024Q2", "me", "why"),
        Override("a", "2099Q1", 4.0, "2024Q2", "me", "why"),
    ]
    found = [str(one) for one in misplaced(made, history, stated, "my.csv")]
    assert len(found) == 2
    assert "series 'zz'" in found[0]
    assert "period '2099Q1'" in found[1]
    assert "write it like 2024Q3" in found[1]
