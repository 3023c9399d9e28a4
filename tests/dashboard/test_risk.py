"""The risk page's sentences, charts and tables say what the simulation found."""

import numpy as np
import pytest

from dashboard.charts import risk
from dashboard.charts.study import study
from dashboard.risk_runs import ranked, ranks_told, simulation_of
from dashboard.risk_text import ranking_text, simulation_text
from data.catalog import bundled
from forecasts.engine import run
from forecasts.risk_report import simulation_data
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def told():
    case, tables = Scenario(factories=("belgium", "malaysia", "uae")), bundled()
    found = simulation_of(case, tables, (256, 0, "sobol"))
    result = run(case, tables)
    return study(result), found, simulation_data(found), ranked(result, found, tables, 5e9)


def test_the_headline_names_the_surest_site(told):
    own, found, data, _ = told
    shares = (found.values["npv"] > 0).mean(axis=0)
    name = own.sites[int(shares.argmax())].name.split()[0][:3]
    assert f"{100 * shares.max():.0f} ±" in risk.headline(own, data)
    assert name[0] in risk.headline(own, data)


def test_charts_show_the_simulated_figures(told):
    own, found, data, ranking = told
    spread = risk.returns_spread(own, data)
    median = spread.table.set_index("Factory").loc["Malaysia", "P50, %"]
    assert median == pytest.approx(100 * np.median(found.values["irr"][:, own.row("malaysia")]))
    first = risk.first_places(own, ranking)
    assert first.table["First, % of paths"].sum() == pytest.approx(100)
    for chart in (spread, first):
        assert chart.headline and chart.alt and chart.source  # noqa: PT018


def test_tables_and_texts_have_no_holes(told):
    own, found, data, ranking = told
    whole = data | {"rank_sensitivity": ranks_told(found, bundled())}
    for frame in (risk.odds(own, data), risk.knowing(ranking)):
        assert len(frame) >= 3
        assert not frame.isna().any().any()
    known = risk.knowing(ranking)
    assert not known["Input"].str.contains(r"\b[A-Z]{3}$|_").any()
    assert not known["Most NPV when low"].str.contains("AI Factory").any()
    for text in (simulation_text(whole), ranking_text(ranking)):
        assert "nan" not in text
        assert "Malaysia " in text
        assert "AI F" not in text
    assert "5.00 bn USD buys" in ranking_text(ranking)


def test_nothing_built_is_said():
    case, tables = Scenario(site_capacity_mw=0.0, factories=("belgium",)), bundled()
    found = simulation_of(case, tables, (64, 0, "random"))
    own, data = study(run(case, tables)), simulation_data(found)
    assert "No phase is built" in risk.headline(own, data)
    assert risk.returns_spread(own, data) is None
