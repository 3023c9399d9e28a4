"""The risk score: every component by hand, nothing guessed, nothing hidden."""

import json
import math
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.rate_parts import cost_of_capital
from forecasts.risk_components import COMPONENTS, RATINGS
from forecasts.risk_score import risk_data, risk_scores
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def result():
    return run(preset("base"), bundled())


def parts(found):
    return {part.component.name: part for part in found.parts}


def of(found, key):
    return next(one for one in found if one.factory == key)


def without(iso3, *parameters):
    tables = bundled().tables
    sites = tables["sites"]
    kept = sites[~((sites["iso3"] == iso3) & sites["parameter"].isin(parameters))]
    return replace(bundled(), tables={**tables, "sites": kept}, version="bare", memo={})


def test_romania_by_hand(result):
    catalog = bundled()
    own = of(risk_scores(result, catalog), "romania")
    rates = catalog.tables["country_year"]
    rates = rates[(rates["iso3"] == "ROU") & (rates["indicator"] == "exchange_rate")]
    values = rates.sort_values("period")["value"].tolist()[-11:]
    changes = [math.log(b / a) for a, b in pairwise(values)]
    spread = 100 * pd.Series(changes).std()
    row = next(n for n, site in enumerate(result.plan.sites) if site.key == "romania")
    sold = result.sales.sold_gpu_hours[0, row].sum()
    firm = (result.sales.available_gpu_hours[row] * result.sales.firm_share[0, row]).sum()
    points = {
        "rating": 100 * RATINGS.index("Baa3") / 16,
        "outage_firms": 29.99,
        "outage_loss": 100 * 0.3 / 5,
        "currency": 100 * spread / 25,
        "export": 25,
        "merchant": 100 * (1 - firm / sold),
        "delay": 100 * (48 - 30) / 48,
    }
    assert {name: one.points for name, one in parts(own).items()} == pytest.approx(points)
    weights = {one.name: one.weight for one in COMPONENTS}
    mean = sum(points[name] * weight for name, weight in weights.items()) / 100
    assert own.score == own.lowest == own.highest == pytest.approx(mean)
    rest = sum(weights[name] * points[name] for name in weights if name != "rating") / 75
    assert own.beside_rate == pytest.approx(rest)


def test_what_the_rate_charges_for_is_told_with_its_figure(result):
    own = of(risk_scores(result, bundled()), "egypt")
    row = next(n for n, site in enumerate(result.plan.sites) if site.key == "egypt")
    country = cost_of_capital(result, row).parts[2]
    assert f"{100 * country.share:.2f} % of the discount rate" in parts(own)["rating"].counted
    assert [one.component.name for one in own.parts if one.component.in_rate] == ["rating"]


def test_a_missing_component_is_said_and_never_guessed(result):
    bare = without("EGY", "moodys_rating", "outage_firms")
    found = risk_scores(result, bare)
    own, full = of(found, "egypt"), of(risk_scores(result, bundled()), "egypt")
    gone = parts(own)["rating"]
    assert gone.value is gone.points is None
    assert gone.shown == "no row in the table sites"
    assert own.lowest < own.score < own.highest
    known = [one for one in full.parts if one.component.name not in ("rating", "outage_firms")]
    mean = sum(one.points * one.component.weight for one in known) / 65
    assert own.score == pytest.approx(mean)
    assert of(found, "kenya") == of(risk_scores(result, bundled()), "kenya")
    json.dumps(risk_data(found, {}), allow_nan=False)


def test_an_unknown_rating_is_no_rating(result):
    tables = bundled().tables
    sites = tables["sites"].copy()
    own = (sites["iso3"] == "EGY") & (sites["parameter"] == "moodys_rating")
    sites.loc[own, "text"] = "WR"
    changed = replace(bundled(), tables={**tables, "sites": sites}, version="wr", memo={})
    found = parts(of(risk_scores(result, changed), "egypt"))["rating"]
    assert found.points is None
    assert found.shown == "'WR' is not a rating from Aaa to C"


def test_the_scenario_moves_what_it_states():
    base = risk_scores(run(preset("base"), bundled()), bundled())
    changed = Scenario(contracted_share=0.2, sites={"belgium": {"grid_lead_months": 80}})
    moved = risk_scores(run(changed, bundled()), bundled())
    for key in ("malaysia", "belgium"):
        before, after = parts(of(base, key)), parts(of(moved, key))
        assert after["merchant"].points > before["merchant"].points
    assert parts(of(moved, "belgium"))["delay"].value == 4
    assert parts(of(moved, "malaysia"))["delay"] == parts(of(base, "malaysia"))["delay"]


def test_where_nothing_is_sold_the_share_without_contract_is_missing():
    none = run(Scenario(factories=("uae",), site_capacity_mw=0.0), bundled())
    own = parts(risk_scores(none, bundled())[0])["merchant"]
    assert own.points is None
    assert own.shown == "nothing is sold in this scenario"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=7, max_size=7).filter(lambda one: sum(one) > 1e-3))
def test_a_score_lies_between_its_components_whatever_the_weights(result, weights):
    by = {one.name: weight for one, weight in zip(COMPONENTS, weights, strict=True)}
    for one in risk_scores(result, bundled(), by):
        points = [part.points for part in one.parts]
        assert min(points) - 1e-9 <= one.score <= max(points) + 1e-9


def test_slips_in_weights_are_named(result):
    for weights, words in (
        ({"ratng": 1.0}, "no component 'ratng'"),
        ({"rating": -1.0}, "none below 0"),
        ({one.name: 0.0 for one in COMPONENTS}, "one above"),
        ({"rating": float("nan")}, "none below 0"),
        ({"rating": 1e308, "currency": 1e308}, "usual size"),
    ):
        with pytest.raises(ValueError, match=words):
            risk_scores(result, bundled(), weights)


def test_every_country_of_the_register_has_every_component(result):
    for one in risk_scores(result, bundled()):
        assert all(part.points is not None for part in one.parts), one.factory
        assert all(part.grade for part in one.parts)
