"""Ratios of debt and the rate of equity, at their edges too."""

import numpy as np
import pytest
from debt_cases import UNTAXED, built_at_once, cash_of, yearly

from forecasts.debt import Terms, Tranche, dscr
from forecasts.funding import BOUNDS, Facility, financed, ratios
from forecasts.metrics import Status


def simple(cash, **changes) -> Facility:
    loan = Tranche("s", 0.08, 3, **({"dscr": (1.3,)} | changes))
    return financed(cash_of(cash), built_at_once(500, len(cash)), yearly(loan), UNTAXED)


def test_cover_is_counted_over_the_loan_life_only():
    found = simple([0, 130, 130, 130, 900, 900])
    got = {name: metric.value for name, metric in ratios(found).items()}
    assert np.isnan(dscr(found.cfads_usd, found.service_usd)[[0, 4, 5]]).all()
    assert got["min_dscr"] == pytest.approx(1.3)
    assert got["average_dscr"] == pytest.approx(1.3)
    assert got["llcr"] == pytest.approx(1.3)
    later = (900 / 1.08**4 + 900 / 1.08**5) / found.size_usd[0]
    assert got["plcr"] == pytest.approx(1.3 + later)


def test_debt_above_cost_is_capped_and_equity_at_no_risk_earns_no_rate():
    found = simple([0, 1300, 1300, 1300])
    assert found.size_usd[0] == pytest.approx(500)
    assert BOUNDS[found.bound[0]] == "Its own gearing limits the loan."
    assert found.equity_usd.sum() == pytest.approx(0, abs=1e-9)
    rate = ratios(found)["equity_irr"]
    assert (rate.value, rate.status) == (None, Status.UNDEFINED)
    assert rate.reason == "Debt pays for all: no equity is at risk."


def test_equity_irr_is_the_rate_of_the_equity_flows():
    found = simple([0, 200, 200, 200])
    rate = ratios(found)["equity_irr"].value
    worth = found.equity_flows_usd @ (1 + rate) ** -np.arange(4.0)
    assert worth == pytest.approx(0, abs=1e-6)
    monthly = Terms((Tranche("s", 0.08, 3, dscr=(1.3,)),), availability=1)
    found = financed(cash_of([0, 200, 200, 200]), built_at_once(500, 4), monthly, UNTAXED)
    worth = found.equity_flows_usd @ (1 + ratios(found)["equity_irr"].value) ** (-np.arange(4) / 12)
    assert worth == pytest.approx(0, abs=1e-6)


def test_an_equity_that_never_earns_has_a_status():
    found = simple([0, -1, -1, -1])
    rate = ratios(found)["equity_irr"]
    assert rate.value is None
    assert rate.status is Status.SAME_SIGN


def test_a_project_without_cost_or_debt_is_no_error():
    terms = yearly(Tranche("none", 0.08, 3, dscr=(1.3,)))
    found = financed(cash_of([0, 10, 10, 10]), np.zeros(4), terms, UNTAXED)
    assert found.size_usd[0] == 0
    assert found.distributions_usd.sum() == 30
