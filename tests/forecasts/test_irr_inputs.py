"""Rates of return of flows and dates in every kind of list, and of flows made from their roots."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import mpmath
import numpy as np
import pandas as pd
import pytest

from forecasts.metrics import Status, irr, xirr

DAYS = [dt.date(2024, 1, 1), dt.date(2025, 1, 1)]
OVER_A_LEAP_YEAR = pytest.approx(1.1 ** (365 / 366) - 1, abs=1e-14)


@pytest.mark.parametrize(
    "flows",
    [
        [-100, 110],
        (-100.0, 110.0),
        np.array([-100, 110]),
        pd.Series([-100.0, 110.0], index=[7, 3]),
        pd.array([-100, 110], dtype="Int64"),
        [Decimal(-100), Decimal(110)],
        [Fraction(-100), Fraction(110)],
    ],
    ids=lambda flows: type(flows).__name__,
)
def test_flows_come_in_any_list_of_numbers(flows):
    assert irr(flows).rate == pytest.approx(0.1, abs=1e-14)


@pytest.mark.parametrize(
    "dates",
    [
        DAYS,
        tuple(DAYS),
        [dt.datetime(2024, 1, 1, 23), dt.date(2025, 1, 1)],
        ["2024-01-01", "2025-01-01"],
        np.array(DAYS, dtype="datetime64[D]"),
        np.array(DAYS, dtype="datetime64[ns]"),
        pd.to_datetime(DAYS),
        pd.Series(pd.to_datetime(DAYS), index=[5, 2]),
    ],
    ids=lambda dates: type(dates).__name__,
)
def test_dates_come_in_any_list_of_days(dates):
    assert xirr([-100.0, 110.0], dates).rate == OVER_A_LEAP_YEAR


@pytest.mark.parametrize(
    ("flows", "dates", "said"),
    [
        ([-1.0, float("nan")], None, "flows hold nan"),
        ([-1.0, float("inf")], None, "flows hold inf"),
        ([-1.0, None], None, "flows hold nan"),
        ([[-1.0, 2.0]], None, r"shape \(1, 2\)"),
        (5.0, None, r"shape \(\)"),
        ([10**400, -1], None, "no list of numbers"),
        ([1j, -1], None, "no list of numbers"),
        (["a", -1], None, "no list of numbers"),
        ([-1.0, 2.0], DAYS[:1], "1 dates for 2 flows"),
        ([-1.0, 2.0], [DAYS[0], None], "dates hold None"),
        ([-1.0, 2.0], [DAYS[0], pd.NaT], "dates hold NaT"),
        ([-1.0, 2.0], [DAYS[0], "next year"], "dates hold 'next year'"),
        ([-1.0, 2.0], [1, 2], "dates hold 1"),
    ],
)
def test_what_is_no_flow_or_date_is_named(flows, dates, said):
    with pytest.raises(ValueError, match=said):
        irr(flows, dates)


@pytest.mark.parametrize(
    ("flows", "status"),
    [
        ([], Status.EMPTY),
        ([0.0, 0.0], Status.EMPTY),
        ([5.0], Status.SAME_SIGN),
        ([0.0, -5.0, 0.0], Status.SAME_SIGN),
        ([True, False], Status.SAME_SIGN),
    ],
)
def test_flows_without_two_signs_have_a_status_of_their_own(flows, status):
    found = irr(flows)
    assert (found.rate, found.status, found.roots) == (None, status, ())


def times(left, right):
    out = [0] * (len(left) + len(right) - 1)
    for i, x in enumerate(left):
        for j, y in enumerate(right):
            out[i + j] += x * y
    return out


@pytest.mark.parametrize("seed", range(40))
def test_every_root_that_was_put_in_comes_out(seed):
    draw = random.Random(seed)
    rates = [Fraction(draw.randint(-95, 400), 100) for _ in range(draw.randint(1, 4))]
    rates += rates[: draw.random() < 0.3]
    factors = [[(1 + rate).denominator, -(1 + rate).numerator] for rate in rates]
    factors.append([draw.randint(1, 5) for _ in range(draw.randint(1, 8))])
    whole = list(accumulate(factors, times))[-1]
    assert max(map(abs, whole)) < 2**53
    flows = [0.0] * draw.randint(0, 3) + [float(one) for one in whole] + [0.0] * draw.randint(0, 3)
    found, wanted = irr(flows), sorted(set(rates))
    assert found.roots == pytest.approx([float(rate) for rate in wanted], abs=1e-9)
    assert found.status is (Status.OK if len(wanted) == 1 else Status.MULTIPLE)


@pytest.mark.parametrize("seed", range(20))
def test_dated_flows_give_the_rate_they_were_made_with(seed):
    draw = random.Random(seed)
    start, count = dt.date(draw.randint(1995, 2030), 2, 28), draw.randint(2, 60)
    rate = draw.choice([-0.9, -0.05, 0.0, 0.001, 0.35, 50.0])
    later = sorted(draw.sample(range(1, 12000), count))
    cash = [draw.uniform(1, 100) for _ in later]
    with mpmath.workdps(50):
        growth = 1 + mpmath.mpf(rate)
        paid = sum(
            one / growth ** (mpmath.mpf(day) / 365) for one, day in zip(cash, later, strict=True)
        )
    flows = [-float(paid), *cash]
    dates = [start, *(start + dt.timedelta(days=day) for day in later)]
    order = draw.sample(range(count + 1), count + 1)
    found = xirr([flows[place] for place in order], [dates[place] for place in order])
    assert found.rate == pytest.approx(rate, abs=1e-9 * (1 + rate))
