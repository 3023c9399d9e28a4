"""A lease in the books, against published worked examples, and laws that hold for every lease."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.lease_accounts import (
    LeaseTests,
    lease_schedule,
    payments_worth,
)

IFRS = "https://www.ifrs.org/content/dam/ifrs/publications/html-standards/english/2023/issued/ifrs16-ie.html"
"""IFRS 16 Illustrative Examples, IASB."""

FASB = "https://wizedu.com/questions/169535/lessee-enters-into-a-three-year-lease-of"
"""A textbook variant of the FASB's three-year example: 20, 24, 28 thousand at 4.235 %, worth 66."""


def test_example_13_of_ifrs_16_paid_in_advance() -> None:
    """Ten years, CU50,000 at the beginning of each, 5 %; costs CU20,000 less incentive CU5,000."""
    assert IFRS
    made = lease_schedule(np.full(10, 50_000.0), 0.05, advance=True, other_usd=15_000.0)
    assert made.opening_usd - 50_000 == pytest.approx(355_391, abs=0.5)
    assert made.asset_usd[0] + made.depreciation_usd[0] == pytest.approx(405_391 + 15_000, abs=0.5)


def test_example_17_of_ifrs_16_after_five_years_paid_in_arrears() -> None:
    """Ten years, CU50,000 at the end of each, 6 %: CU210,618 owed, CU184,002 right of use."""
    made = lease_schedule(np.full(10, 50_000.0), 0.06, advance=False)
    assert made.liability_usd[4] == pytest.approx(210_618, abs=0.5)
    assert made.asset_usd[4] == pytest.approx(184_002, abs=0.5)


def test_the_three_year_example_of_asc_842_with_rising_payments() -> None:
    """Worth 66,000 at 4.235 %; as an operating lease the cost is 24,000 a year."""
    assert FASB
    made = lease_schedule(np.array([20e3, 24e3, 28e3]), 0.04235, advance=False)
    assert made.opening_usd == pytest.approx(66_000, abs=1)
    assert made.cost_usd.tolist() == [24_000.0] * 3
    assert made.liability_usd == pytest.approx([48_796, 26_862, 0], abs=2)
    # Liability less rent accrued so far: 4,000 after the first year, 4,000 after the second.
    assert made.operating_asset_usd == pytest.approx([44_796, 22_862, 0], abs=2)
    assert made.depreciation_usd == pytest.approx([22_000] * 3, abs=1)


LEASES = {
    "payments": st.lists(st.floats(0.01, 1e6), min_size=1, max_size=200),
    "rate": st.floats(0, 0.05),
    "advance": st.booleans(),
    "other": st.floats(-1e3, 1e5),
}


@given(**LEASES)
def test_every_lease_ends_at_nothing_and_costs_what_was_paid(
    payments: list[float], rate: float, *, advance: bool, other: float
) -> None:
    made = lease_schedule(np.array(payments), rate, advance=advance, other_usd=other)
    paid = sum(payments) + other
    size = max(sum(payments) + abs(other), 1.0) * (1 + rate) ** len(payments)
    same = {"rel": 1e-9, "abs": 1e-9 * size}
    assert made.liability_usd[-1] == pytest.approx(0, abs=1e-9 * size)
    assert made.asset_usd[-1] == pytest.approx(0, abs=1e-9 * size)
    assert made.operating_asset_usd[-1] == pytest.approx(0, abs=1e-9 * size)
    assert (made.depreciation_usd + made.interest_usd).sum() == pytest.approx(paid, **same)
    assert made.cost_usd.sum() == pytest.approx(paid, **same)
    rolled = made.opening_usd + np.cumsum(made.interest_usd - made.payments_usd)
    assert rolled == pytest.approx(made.liability_usd, **same)


@given(st.floats(1, 1e9), st.floats(0, 0.03), st.integers(1, 240), st.floats(0, 0.1))
def test_payments_are_worth_what_was_asked_and_step_once_a_year(
    worth: float, rate: float, months: int, step: float
) -> None:
    payments = payments_worth(worth, rate, months, step)
    assert lease_schedule(payments, rate, advance=True).opening_usd == pytest.approx(worth)
    changed = np.flatnonzero(np.abs(np.diff(payments)) > 1e-9 * payments[0]) + 1
    assert (changed % 12 == 0).all()


@given(st.floats(1e3, 1e9), st.floats(1e-4, 0.03), st.integers(1, 240))
def test_level_rent_is_the_annuity_of_the_textbook(cost: float, rate: float, months: int) -> None:
    """An annuity due: rent = cost r / (1 - v^n) / (1 + r); owed after k, that of n - k rents."""
    payments = payments_worth(cost, rate, months, 0.0)
    rent = cost * rate / (1 - (1 + rate) ** -months) / (1 + rate)
    assert payments == pytest.approx(np.full(months, rent))
    left = np.arange(months - 1, -1, -1.0)
    owed = rent * (1 - (1 + rate) ** -left) / rate * (1 + rate)
    made = lease_schedule(payments, rate, advance=True)
    assert made.liability_usd == pytest.approx(owed, rel=1e-7, abs=1e-7 * cost)


@pytest.mark.parametrize(
    ("term", "worth", "said"),
    [(0.75, 0.5, "finance"), (0.5, 0.9, "finance"), (0.74, 0.89, "operating")],
)
def test_either_test_makes_a_finance_lease(term: float, worth: float, said: str) -> None:
    assert LeaseTests(term, worth).said == said


def test_no_payment_and_one_below_zero_are_refused() -> None:
    for wrong in (np.array([]), np.array([1.0, -1.0])):
        with pytest.raises(ValueError, match="give at least one, none below zero"):
            lease_schedule(wrong, 0.01, advance=True)
