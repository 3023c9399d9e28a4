"""Return metrics against independent implementations, laws and known traps."""

import datetime as dt
import pickle
from dataclasses import FrozenInstanceError, asdict, replace

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecasts.metrics import (
    Metric,
    Status,
    discount_factors,
    irr,
    lcoc,
    moic,
    monthly_rate,
    npv,
    payback_month,
    peak_funding,
)
from forecasts.returns import yearly_irr

money = st.floats(-1e9, 1e9).filter(lambda x: abs(x) > 1)


@given(st.floats(0.5, 1e9), st.lists(st.floats(0.1, 1e9), min_size=1, max_size=60))
def test_irr_of_one_outlay_agrees_with_numpy_financial(outlay, receipts):
    flows = [-outlay, *receipts]
    reference = npf.irr(flows)
    assume(np.isfinite(reference) and -0.99 < reference < 1000)
    assert irr(flows).rate == pytest.approx(reference, rel=1e-6, abs=1e-9)


@given(st.lists(money, min_size=2, max_size=180))
def test_present_value_is_zero_at_every_root(flows):
    found = irr(flows)
    for rate in found.roots:
        powers = np.log1p(rate) * np.arange(len(flows))
        weights = np.exp(-powers - (-powers).max())
        assert abs(np.dot(flows, weights)) <= 1e-7 * np.dot(np.abs(flows), weights)


@given(st.lists(money, min_size=2, max_size=60), st.floats(0.01, 100))
def test_irr_does_not_depend_on_the_currency(flows, factor):
    one, other = irr(flows), irr([flow * factor for flow in flows])
    assert one.status == other.status
    assert one.roots == pytest.approx(other.roots, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("flows", "status", "roots"),
    [
        ([], Status.EMPTY, ()),
        ([0.0, 0.0], Status.EMPTY, ()),
        ([-5.0, -1.0], Status.SAME_SIGN, ()),
        ([5.0, 1.0], Status.SAME_SIGN, ()),
        ([1.0, -3.0, 2.5], Status.NONE, ()),
        ([-100.0, 230.0, -132.0], Status.MULTIPLE, (0.1, 0.2)),
        ([-1000.0, 3600.0, -4310.0, 1716.0], Status.MULTIPLE, (0.1, 0.2, 0.3)),
        ([0.0, 0.0, -100.0, 110.0], Status.OK, (0.1,)),
        ([-100.0, 1.0], Status.OK, (-0.99,)),
        ([100.0, -110.0], Status.OK, (0.1,)),
    ],
)
def test_irr_says_what_kind_of_answer_there_is(flows, status, roots):
    found = irr(flows)
    assert found.status is status
    assert found.roots == pytest.approx(roots, rel=1e-9)
    assert (found.rate is not None) == (status is Status.OK)


def test_dated_irr_is_act_365():
    # Microsoft's documented XIRR example: 37.3362535 %.
    days = [dt.date(2008, 1, 1), dt.date(2008, 3, 1), dt.date(2008, 10, 30)]
    days += [dt.date(2009, 2, 15), dt.date(2009, 4, 1)]
    assert irr([-10000, 2750, 4250, 3250, 2750], days).rate == pytest.approx(0.373362535, abs=1e-8)


def test_irr_refuses_what_is_not_finite():
    with pytest.raises(ValueError, match="every flow must be finite"):
        irr([-1.0, float("nan")])
    with pytest.raises(ValueError, match="give one date a flow"):
        irr([-1.0, 2.0], [dt.date(2027, 1, 1)])


@given(st.floats(-0.5, 1.0), st.lists(money, min_size=1, max_size=60))
def test_npv_agrees_with_numpy_financial(rate, flows):
    monthly = float(monthly_rate(np.array(rate)))
    reference = npf.npv(monthly, [0.0, *flows])
    found = npv(np.array(flows), discount_factors(np.array([[rate]]), len(flows))[0])
    assert found == pytest.approx(reference, rel=1e-9, abs=1e-3)


def test_payback_waits_for_the_last_dip():
    assert payback_month(np.array([-10.0, 12.0, -5.0, 4.0])) == 3
    assert payback_month(np.array([-10.0, 5.0])) is None
    assert payback_month(np.array([3.0, 5.0])) is None


def test_peak_funding_and_moic():
    flows = np.array([-10.0, -5.0, 20.0, -2.0, 4.0])
    assert peak_funding(flows) == 15.0
    assert moic(flows) == pytest.approx(24 / 17)
    assert moic(np.array([1.0])) is None
    assert peak_funding(np.array([1.0])) == 0.0


@given(st.floats(0, 0.4), st.floats(0.1, 1e3))
def test_lcoc_scales_with_money(rate, factor):
    cost, hours = np.full(24, 5e6), np.full(24, 2e6)
    factors = discount_factors(np.array([[rate]]), 24)[0]
    assert lcoc(cost, hours, factors) == pytest.approx(2.5)
    assert lcoc(factor * cost, hours, factors) == pytest.approx(factor * 2.5)


def test_lcoc_without_hours_is_undefined():
    assert lcoc(np.ones(3), np.zeros(3), np.ones(3)) is None


def test_a_metric_is_a_number_or_a_reason():
    with pytest.raises(ValueError, match="exactly when the status is ok"):
        Metric(None, "USD")
    with pytest.raises(ValueError, match="exactly when the status is ok"):
        Metric(1.0, "USD", Status.NEVER, "never")
    with pytest.raises(ValueError, match="give a status and a reason instead"):
        Metric(float("nan"), "USD")


def test_a_metric_never_changes_and_survives_copying():
    metric = Metric(1.5, "ratio")
    with pytest.raises(FrozenInstanceError):
        metric.value = 2.0
    assert (metric.status, metric.reason) == (Status.OK, "")
    assert pickle.loads(pickle.dumps(metric)) == metric == replace(metric)
    assert asdict(replace(metric, value=2.5)) == asdict(Metric(2.5, "ratio"))
    with pytest.raises(ValueError, match="exactly when the status is ok"):
        replace(metric, value=None)


def test_a_rate_too_large_to_annualise_says_so():
    metric = yearly_irr(irr([-1.0, 1e30]))
    assert (metric.value, metric.status) == (None, Status.UNDEFINED)
    assert "1.0e+30 a month" in metric.reason


def test_several_rates_are_named_per_year():
    metric = yearly_irr(irr([-100.0, 230.0, -132.0]))
    assert metric.status is Status.MULTIPLE
    assert "213.84%, 791.61%" in metric.reason
