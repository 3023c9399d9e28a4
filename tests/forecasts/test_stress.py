"""Named stress tests: each is a scenario of its own, and each hurts."""

import json

import pytest

from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import STRESSES, stressed
from forecasts.returns import portfolio_returns
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.stress import UNSTRESSED, stress_data, stress_tests

FEW = Scenario(factories=("malaysia", "romania"), months=144)


@pytest.fixture(scope="module")
def found():
    return stress_tests(FEW, bundled())


def test_every_stress_has_every_metric_and_its_own_sentence(found):
    assert [one.name for one in found] == [UNSTRESSED, *STRESSES]
    assert all(one.description.endswith(".") for one in found[1:])
    told = stress_data(found)
    json.dumps(told, allow_nan=False)
    assert len(told[1]["factories"]["romania"]["npv"]) == 4


def test_every_stress_lowers_the_value_of_malaysia(found):
    base = found[0].factories["malaysia"]
    for one in found[1:]:
        own = one.factories["malaysia"]
        assert own["equity_irr"].value < base["equity_irr"].value, one.name
        if one.name != "rate shock":  # the project's own cash pays no interest
            assert own["irr"].value < base["irr"].value, one.name


def test_every_shock_that_people_ask_about_has_a_name():
    asked = {
        "price war",
        "grid delay",
        "export control",
        "demand shock",
        "early obsolescence",
        "FX shock",
        "rate shock",
        "non-renewal",
    }
    assert asked <= set(STRESSES)


def test_a_rate_shock_makes_loans_and_hours_dearer_and_asks_more_of_every_site(found):
    shock = next(one for one in found if one.name == "rate shock")
    for key, base in found[0].factories.items():
        own = shock.factories[key]
        rise = own["discount_rate"].value - base["discount_rate"].value
        assert rise == pytest.approx(0.02)
        assert own["lcoc"].value > base["lcoc"].value
        assert own["irr"].value == base["irr"].value
    assert shock.portfolio["debt"].value < found[0].portfolio["debt"].value
    high = Scenario(risk_free_rate=0.49, debt_margin=0.05)
    assert stressed(high, "rate shock").risk_free_rate == QUANTITIES["risk_free_rate"].high
    assert stressed(high, "rate shock").debt_margin == pytest.approx(0.06)


def test_a_stress_is_the_scenario_with_its_changes(found):
    shock = next(one for one in found if one.name == "FX shock")
    again = portfolio_returns(run(FEW.having(fx_change=0.25)))["npv"].value
    assert shock.portfolio["npv"].value == again


def test_prices_are_stressed_from_the_scenario_s_own():
    assert stressed(Scenario(gpu_hour_price=10.0), "price war").gpu_hour_price == 8.0


def test_what_one_site_states_does_not_hide_a_stress():
    own = Scenario(sites={"romania": {"grid_delay_months": 2, "pue": 1.3}})
    assert stressed(own, "grid delay").sites["romania"] == {"pue": 1.3}


def test_stress_tests_change_assumptions_only():
    for name, changes in STRESSES.items():
        assert set(changes) - {"description"} <= set(QUANTITIES), name
    with pytest.raises(ValueError, match="no stress test 'luck'"):
        stressed(Scenario(), "luck")


def test_stress_tests_can_be_ended_between_two_of_them():
    seen: list[tuple[int, int]] = []

    class EndedError(Exception):
        """What an owner or admin raises."""

    def told(done: int, of: int) -> None:
        seen.append((done, of))
        if done == 2:
            raise EndedError

    with pytest.raises(EndedError):
        stress_tests(FEW, bundled(), told)
    assert seen == [(1, len(STRESSES) + 1), (2, len(STRESSES) + 1)]
