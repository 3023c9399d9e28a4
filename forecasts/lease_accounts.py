"""A lease in the books of those who rent and those who let: IFRS 16 and US GAAP (ASC 842).

Who rents shows the present value of the payments as a liability and the right to use as an asset
(IFRS 16.22 to 36, ASC 842-20-30). Under IFRS 16, and in a finance lease under ASC 842, the asset is
written off along a straight line and the liability bears interest. In an operating lease under
ASC 842 one cost, the mean of the payments, stands for both (842-20-25-6); the liability is the
same.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.debt import service_value
from forecasts.units import MONTHS_PER_YEAR, Array

MAJOR_PART = 0.75
"""Term over remaining economic life from which a lease is one of finance (ASC 842-10-55-2)."""

SUBSTANTIALLY_ALL = 0.90
"""Present value of payments over fair value from which it is one (ASC 842-10-55-2)."""

SHORT_TERM_MONTHS = 12
"""Leases no longer than this stay a cost by election (IFRS 16.5 and App. A, ASC 842-20-25-2)."""


@dataclass(frozen=True, slots=True, eq=False)
class LeaseSchedule:
    """A lease by period, (period,) each, USD; balances stand at the end of the period.

    Attributes
    ----------
    payments_usd, interest_usd, liability_usd : arrays
        What is paid, interest on the liability, and the liability: the same under both rules.
    opening_usd : float
        The liability before the first payment: present value of all payments.
    depreciation_usd, asset_usd : arrays
        Of the right of use, along a straight line (IFRS 16; finance leases of ASC 842).
    cost_usd, operating_asset_usd : arrays
        The single cost of an operating lease of ASC 842, and the right of use beside it.
    """

    payments_usd: Array
    interest_usd: Array
    liability_usd: Array
    opening_usd: float
    depreciation_usd: Array
    asset_usd: Array
    cost_usd: Array
    operating_asset_usd: Array

    @property
    def principal_usd(self) -> Array:
        """What of each payment is not interest of the same period; interest may exceed it."""
        return self.payments_usd - self.interest_usd


def lease_schedule(
    payments_usd: Array, rate: float, *, advance: bool, other_usd: float = 0.0
) -> LeaseSchedule:
    """Write out a lease of given payments.

    Parameters
    ----------
    payments_usd : (period,) array
        Payments, one a period, positive.
    rate : float
        Rate implicit in the lease, or the incremental borrowing rate, per period.
    advance : bool
        Paid at the beginning of each period, as rent is; else at its end.
    other_usd : float
        Initial direct costs less incentives: part of the right of use, not of the liability.

    Raises
    ------
    ValueError
        If there is no payment, or one is negative.

    Examples
    --------
    >>> made = lease_schedule(np.array([50.0, 60.0]), 0.1, advance=False)
    >>> round(made.opening_usd, 4), made.liability_usd.round(4).tolist()
    (95.0413, [54.5455, 0.0])
    """
    if payments_usd.size == 0 or (payments_usd < 0).any():
        raise ValueError(
            f"payments_usd holds {payments_usd.size} payments, the least of them "
            f"{payments_usd.min(initial=0.0):g}; give at least one, none below zero"
        )
    ahead = 1 + rate if advance else 1.0
    worth = service_value(payments_usd, np.full(payments_usd.size, rate)) * ahead
    due = payments_usd if advance else 0.0
    interest = rate * (worth[:-1] - due)
    opening, periods = float(worth[0]), payments_usd.size
    cost = np.full(periods, (payments_usd.sum() + other_usd) / periods)
    begun = opening + other_usd
    written = np.full(periods, begun / periods)
    return LeaseSchedule(
        payments_usd=payments_usd,
        interest_usd=interest,
        liability_usd=worth[1:],
        opening_usd=opening,
        depreciation_usd=written,
        asset_usd=begun - np.cumsum(written),
        cost_usd=cost,
        operating_asset_usd=begun - np.cumsum(cost - interest),
    )


def payments_worth(worth_usd: float, rate: float, months: int, step: float) -> Array:
    """Monthly payments in advance with a given present value, (month,), stepping up every year.

    Parameters
    ----------
    worth_usd : float
        Present value at the first payment.
    rate : float
        Per month.
    months : int
        Number of payments.
    step : float
        Rise on every anniversary, as 0.03.
    """
    shape: Array = (1 + step) ** (np.arange(months) // MONTHS_PER_YEAR).astype(float)
    of_one = float(service_value(shape, np.full(months, rate))[0]) * (1 + rate)
    return worth_usd / of_one * shape


@dataclass(frozen=True, slots=True)
class LeaseTests:
    """The two tests of figures by which a lease is classed.

    Attributes
    ----------
    term_share : float
        Term over the economic life left.
    worth_share : float
        Present value of the payments over fair value.
    """

    term_share: float
    worth_share: float

    @property
    def finance(self) -> bool:
        """Whether it is a finance lease: for who rents under ASC 842, for who lets under both.

        Ownership that passes, a bargain option and an asset only this tenant can use
        (842-10-25-2, IFRS 16.63) are not stated in the model and count as no.
        """
        # A hair below a bound is the bound: shares are quotients of sums.
        most = max(self.term_share / MAJOR_PART, self.worth_share / SUBSTANTIALLY_ALL)
        return most >= 1 - 1e-9

    @property
    def said(self) -> str:
        """The class in a word."""
        return "finance" if self.finance else "operating"
