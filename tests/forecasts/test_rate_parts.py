"""Why this rate: the parts add up, also in scenarios nobody thought of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.engine import Result, run
from forecasts.rate_parts import cost_of_capital
from forecasts.report import projection
from forecasts.returns import factory_returns
from forecasts.scenario import QUANTITIES, Scenario

NAMES = (
    "risk_free_rate",
    "asset_beta",
    "equity_risk_premium",
    "country_risk_exposure",
    "country_risk_premium",
    "country_default_spread",
    "debt_margin",
    "corporate_tax",
)


def test_the_parts_are_the_rate_the_model_used_and_the_loans_were_signed_at(base: Result):
    for row in range(len(base.plan.sites)):
        made = cost_of_capital(base, row)
        assert sum(part.share for part in made.parts) == base.discount_rate[row] == made.rate
        assert made.rate == factory_returns(base, row)["discount_rate"].value
        assert sum(part.share for part in made.loan_parts) == made.loan_rate
        assert all(name in QUANTITIES for part in made.parts for name in part.inputs)


def test_the_loan_rate_is_the_one_interest_is_paid_at():
    one = run(Scenario(factories=("malaysia",), max_phases=1, months=120, debt_margin=0.05))
    made = cost_of_capital(one, 0)
    owed, paid = one.debt.owed_usd[0, 0], one.finance["interest"][0, 0]
    month = int(paid.argmax())
    assert paid[month] == pytest.approx(owed[month - 1] * made.loan_rate / 12, rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.fixed_dictionaries({name: st.floats(0, 1) for name in NAMES}))
def test_parts_add_up_wherever_the_assumptions_lie(levels: dict[str, float]):
    stated = {
        name: QUANTITIES[name].low + level * (QUANTITIES[name].high - QUANTITIES[name].low)
        for name, level in levels.items()
    }
    one = run(Scenario(factories=("romania",), months=60, max_phases=1, **stated))
    made = cost_of_capital(one, 0)
    assert sum(part.share for part in made.parts) == made.rate == one.discount_rate[0]
    assert made.with_loans == pytest.approx(made.rate - made.gearing * made.tax_relief)


def test_without_debt_the_rate_with_loans_is_the_rate():
    made = cost_of_capital(run(Scenario(factories=("belgium",), gearing=0.0)), 0)
    assert (made.gearing, made.with_loans) == (0.0, made.rate)


def test_the_projection_tells_the_parts(base: Result):
    told = projection(base, ())["factories"]
    assert isinstance(told, list)
    for one in told:
        capital = one["cost_of_capital"]
        assert sum(part["share"] for part in capital["parts"]) == capital["rate"]
        assert capital["rate"] == one["returns"]["discount_rate"]["value"]
