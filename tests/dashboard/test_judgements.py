"""Judgements on the page of forecasts: beside the model's figure, kept, taken back."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.judgement_cards import judged_table, scored
from data.actors import Actor
from data.catalog import bundled
from data.judgement_store import Judgement, judge, judgements
from data.store import open_store
from forecasts.combine import forecast_series
from forecasts.outlook import outlook, peers_growth, period_name
from forecasts.overrides import SCORED, closer_of

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def test_a_judgement_stands_beside_the_model_and_what_came_true():
    found = [
        Judgement("s", "2027Q1", 210.0, "2026Q3", "Orders.", "ana", "2026-11-26T10:00:00"),
        Judgement("s", "2026Q4", 190.0, "2026Q3", "Calls.", "ben", "2026-11-25T10:00:00"),
    ]
    came = ("s", "2026Q4", "ben", 188.0, 190.0, 180.0, "judgement", "Calls.")
    scores = pd.DataFrame([came], columns=list(SCORED))
    table = judged_table(found, {"2027Q1": 200.0}, scores, "USD bn")
    assert table["Period"].tolist() == ["2026Q4", "2027Q1"]
    assert table["Model, USD bn"].tolist() == [180.0, 200.0]
    assert table["Judged, USD bn"].tolist() == [190.0, 210.0]
    assert table["Came, USD bn"].fillna(-1).tolist() == [188.0, -1]
    assert table["Closer"].tolist() == ["judgement", ""]
    assert table["When"].tolist() == ["2026-11-25", "2026-11-26"]


def test_a_judgement_is_scored_beside_what_the_model_said_on_its_day():
    known = outlook(bundled())
    capex, saudi = known.histories["ai_capex"], known.histories["capacity_SAU"]
    values = np.asarray(capex.values)
    last = period_name(int(capex.ends[-1]), "Q")
    before = period_name(int(capex.ends[-3]), "Q")
    ahead = period_name(int(capex.ends[-1]) + 3, "Q")
    found = scored(
        [
            Judgement("ai_capex", last, 170.0, before, "Calls.", "ana"),
            Judgement("ai_capex", ahead, 170.0, last, "Calls.", "ana"),
        ],
        capex,
        None,
    )
    then = forecast_series(values[:-2], 2, season=4).mean[-1]
    assert found["model"].tolist() == [pytest.approx(then)]
    assert found["actual"].tolist() == [values[-1]]
    assert found["closer"].tolist() == [closer_of(170.0, then, values[-1])]
    first, came = (period_name(int(end), "A") for end in saudi.ends)
    growth = peers_growth(known.histories, "capacity_SAU")
    (model,) = scored([Judgement("capacity_SAU", came, 1.0, first, "x", "bo")], saudi, growth)[
        "model"
    ]
    assert model == pytest.approx(saudi.facts[0].value * (1 + growth))


@pytest.mark.slow
def test_the_page_shows_a_judgement_and_takes_it_back(tmp_path, monkeypatch):
    import streamlit as st

    path = tmp_path / "store.sqlite"
    monkeypatch.setenv("RACKCAST_STORE", str(path))
    st.cache_resource.clear()
    st.cache_data.clear()
    app = AppTest.from_file(str(APP), default_timeout=900)
    app.run()
    app.switch_page("app_pages/outlooks.py").run()
    assert not app.exception, app.exception[0].message
    periods = next(one for one in app.selectbox if (one.key or "").startswith("judged_"))
    key = str(periods.key).removeprefix("judged_")
    with open_store(str(path)) as store:
        who = store.operator()
        period = str(periods.value)
        judge(store, who, Judgement(key, period, 1.5, "2026", "Why."))
        app.run()
        assert not app.exception, app.exception[0].message
        app.selectbox(key=f"back_{key}").set_value(period).run()
        app.button(key=f"take_back_{key}").click().run()
        assert judgements(store, Actor(who.name)) == ()
