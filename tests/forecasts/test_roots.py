"""Every root and no other, against 50-digit references and Sturm's theorem; rows as scalars."""

import datetime as dt
from fractions import Fraction
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from irr_cases import CASES

from forecasts.irr_rows import STATUSES, irr_rows
from forecasts.metrics import LOWEST_RATE, Status, irr, xirr
from forecasts.rate_signs import rate_and_status
from forecasts.rootproof import surely_none, surely_only

small_flows = st.lists(st.integers(-9, 9), min_size=2, max_size=9)
flow_rows = st.integers(2, 30).flatmap(
    lambda count: st.lists(
        st.lists(st.integers(-30, 30).map(float), min_size=count, max_size=count),
        min_size=1,
        max_size=6,
    )
)


def status_of(flows, reference):
    if min(flows) >= 0 or max(flows) <= 0:
        return Status.SAME_SIGN
    return Status.NONE if not reference else Status.OK if len(reference) == 1 else Status.MULTIPLE


def test_the_set_is_large_and_names_are_unique():
    assert len({case.name for case in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_root_and_the_status_agree_with_50_digits(case):
    found = irr(case.flows, case.dates) if case.dates else irr(case.flows)
    reference = case.reference()
    assert len(found.roots) == len(reference), (found.roots, [mp.nstr(r, 20) for r in reference])
    for root, wanted in zip(found.roots, reference, strict=True):
        assert abs(root - wanted) <= 1e-12 * (1 + wanted) + 2e-16, (root, mp.nstr(wanted, 25))
    assert found.status is status_of(case.flows, reference)
    assert (found.rate is None) == (found.status is not Status.OK)


def distinct_roots(flows):
    """Number of distinct positive roots by Sturm's theorem, in fractions."""
    chain = [[Fraction(flow) for flow in np.trim_zeros(flows)]]
    chain.append([power * flow for power, flow in enumerate(chain[0])][1:])
    while any(chain[-1]):
        rest, divisor = list(chain[-2]), chain[-1]
        while len(rest) >= len(divisor):
            share = rest[-1] / divisor[-1]
            for place, value in enumerate(divisor, start=len(rest) - len(divisor)):
                rest[place] -= share * value
            rest.pop()
        while rest and rest[-1] == 0:
            rest.pop()
        chain.append([-value for value in rest])
        if not rest:
            break
    signs = [(np.sign(one[0]), np.sign(one[-1])) for one in chain if any(one)]
    changes = [
        sum(left != right for left, right in pairwise(side))
        for side in ([s for s, _ in signs if s], [s for _, s in signs if s])
    ]
    return changes[0] - changes[1]


@settings(max_examples=400, deadline=None)
@given(small_flows)
def test_sturm_counts_the_same_roots(flows):
    found = irr(flows)
    if found.status in {Status.EMPTY, Status.SAME_SIGN}:
        return
    assert len(found.roots) == distinct_roots(flows)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-95, 300), min_size=1, max_size=4), st.lists(st.integers(0, 5)))
def test_chosen_roots_come_back(percents, cofactor):
    flows = np.array([1, *cofactor], dtype=object)
    for percent in percents:
        flows = np.convolve(flows, [100, -100 - percent])
    if any(abs(flow) >= 2**52 for flow in flows):
        return
    assert irr(flows.astype(float)).roots == pytest.approx(
        sorted({percent / 100 for percent in percents}), rel=1e-9, abs=1e-12
    )


@settings(max_examples=150, deadline=None)
@given(flow_rows)
def test_rows_agree_with_the_scalar(rows):
    found = irr_rows(np.array(rows))
    for row, rate, code in zip(rows, found.rate, found.status, strict=True):
        one = irr(row)
        assert STATUSES[code] is one.status
        if one.rate is None:
            assert np.isnan(rate)
        else:
            assert abs(rate - one.rate) <= 1e-12 * (1 + one.rate)


def test_a_gap_between_flows_is_time_that_passes():
    one = irr([2.0, -5.0, 0.0, 5.0, -2.0])
    assert one.status is Status.MULTIPLE
    assert one.roots == pytest.approx((-0.5, 0.0, 1.0), abs=1e-12)
    days = [dt.date(2027, 1, 1) + dt.timedelta(days=365 * year) for year in (0, 1, 3, 4)]
    dated = xirr([2.0, -5.0, 5.0, -2.0], days)
    assert dated.roots == pytest.approx((-0.5, 0.0, 1.0), abs=1e-9)


@pytest.mark.parametrize("case", [case for case in CASES if not case.dates], ids=lambda c: c.name)
def test_rows_agree_with_the_scalar_on_hard_cases(case):
    one, rows = irr(case.flows), irr_rows(np.array([case.flows, case.flows]))
    assert [STATUSES[code] for code in rows.status] == [one.status] * 2
    if one.rate is not None:
        assert rows.rate == pytest.approx([one.rate] * 2, rel=1e-12, abs=1e-12)


def simulated(kind, count):
    random = np.random.default_rng(11)
    earned = random.uniform(0, 3, (count, 1)) * random.uniform(0.5, 2, (count, 157))
    flows = np.concatenate([-random.uniform(5, 10, (count, 24)), earned], axis=1)
    if kind == "refresh":
        flows[:, [84, 144]] -= random.uniform(0, 60, (count, 2))
    if kind == "decommissioning":
        flows[:, -1] -= 30
    return flows


@pytest.mark.parametrize("kind", ["plain", "refresh", "decommissioning"])
def test_simulated_rows_agree_with_the_scalar_and_seldom_need_it(kind, monkeypatch):
    flows, asked = simulated(kind, 300), []
    name = "forecasts.irr_rows.rate_and_status"
    monkeypatch.setattr(name, lambda row: asked.append(row) or rate_and_status(row))
    found = irr_rows(flows)
    assert len(asked) <= len(flows) / 30
    for row, rate, code in zip(flows[::5], found.rate[::5], found.status[::5], strict=True):
        one = irr(row)
        assert STATUSES[code] is one.status
        assert one.rate is None or abs(rate - one.rate) <= 1e-12


@pytest.mark.parametrize(
    "flows",
    [
        [-18.0, -15.0, 3.0, 8.0, -2.0, 2.0, -11.0, 1.0],
        [6.0, -5.0, -9.0, 11.0, 5.0, 3.0, -1.0, 14.0, 6.0, -10.0],
        [-25.0, -22.0, -3.0, -4.0, 13.0, -10.0, -21.0, 4.0, -2.0, 7.0, -13.0, 1.0],
    ],
    ids=["of 8", "of 10", "of 12"],
)
def test_a_step_that_leaves_the_root_behind_comes_back_without_the_scalar(flows, monkeypatch):
    one = irr(flows)
    monkeypatch.delattr("forecasts.irr_rows.rate_and_status")
    assert irr_rows(np.array([flows])).rate == pytest.approx([one.rate], rel=1e-12)


def test_flows_too_far_off_to_count_still_turn_the_sign():
    """At the high rate the last flow underflows, yet it brings a second root near zero."""
    flows = np.zeros(181)
    flows[[0, 1, 180]] = [-1.0, 1e3, -900.0]
    one, rows = irr(flows), irr_rows(flows[None])
    assert one.status is Status.MULTIPLE
    assert STATUSES[rows.status[0]] is Status.MULTIPLE


def test_rows_keep_their_shape_and_refuse_what_is_not_finite():
    found = irr_rows(np.tile([-100.0, 110.0], (2, 3, 1)))
    assert found.rate.shape == found.status.shape == (2, 3)
    assert irr_rows(np.zeros((3, 0))).status.tolist() == [STATUSES.index(Status.EMPTY)] * 3
    assert irr_rows(np.zeros((0, 4))).rate.shape == (0,)
    with pytest.raises(ValueError, match="not finite"):
        irr_rows(np.array([[1.0, np.inf]]))


@settings(max_examples=200, deadline=None)
@given(small_flows, st.floats(-1, 1))
def test_proofs_are_never_wrong(flows, log_rate):
    if not (min(flows) < 0 < max(flows)):
        return
    cash, months = np.array(flows, dtype=float), np.arange(len(flows))
    count = distinct_roots(flows)
    assert not (surely_none(cash * np.exp(-log_rate * months), 1e-12) and count)
    if count > 1:
        for root in irr(flows).roots:
            discounted = cash * (1 + root) ** -months.astype(float)
            assert not surely_only(cash, discounted, 1e-7, np.empty((2, cash.size)))


@pytest.mark.parametrize("power", [2, 3, 4])
@pytest.mark.parametrize("rate", [0.1, 0.07, -0.3, 0.013])
def test_rounding_does_not_part_a_multiple_root(power, rate):
    found = irr(np.poly([1 + rate] * power) * 12.3)
    assert found.status is Status.OK
    assert found.rate == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(("power", "near"), [(8, 1e-9), (9, 1e-9), (12, 1e-9), (20, 1e-2)])
def test_roots_of_high_multiplicity_are_one_root(power, near):
    flows = np.array([1], dtype=object)
    for _ in range(power):
        flows = np.convolve(flows, [1, -2])
    found = irr(flows.astype(float))
    assert found.status is Status.OK
    assert found.rate == pytest.approx(1, abs=near)


def test_a_rate_nearer_to_minus_one_than_floats_is_the_float_next_to_it():
    assert irr([-1.0, 1e-40]).rate == LOWEST_RATE > -1


def test_time_of_day_and_order_do_not_matter():
    import datetime as dt

    days = [dt.datetime(2027, 1, 1, 23), dt.datetime(2029, 6, 1, 1), dt.datetime(2028, 1, 1, 12)]
    flows = [-100.0, 70.0, 50.0]
    dates = [day.date() for day in days]
    assert xirr(flows, days) == xirr(flows, dates) == xirr(flows[::-1], dates[::-1])
