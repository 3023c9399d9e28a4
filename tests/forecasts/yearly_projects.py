"""Random projects of whole years, each with one loan."""

from dataclasses import dataclass

import numpy as np

MACRS = {
    "macrs_5": (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576),
    "macrs_15": (
        *(0.05, 0.095, 0.0855, 0.077, 0.0693, 0.0623, 0.059, 0.059),
        *(0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.0295),
    ),
}
STRAIGHT_LIVES = {"sl_5": 5, "sl_20": 20, "sl_39": 39}  # sl_15 is a table rounded to 4 digits
LOANS = ("sculpted", "sculpted_capped", "annuity", "straight")


@dataclass(frozen=True)
class Project:
    """One random project, with the shares as shares."""

    loan: str
    years: int
    tenor: int
    grace: int
    cost: float
    construction_finance: float
    closing: float
    other_finance: float
    revenue: np.ndarray
    opex: np.ndarray
    insurance: float
    inflation: float
    salvage: float
    working_months: float
    receivable_months: float
    rate: float
    dscr: float
    gearing: float
    fee: float
    dsra_months: float
    reserve_interest: float
    federal: float
    state: float
    real_discount: float
    depreciation: dict[str, float]

    def escalated(self, first: float) -> np.ndarray:
        """Year 0 nothing, then `first` grown by inflation."""
        return np.append(0.0, first * (1 + self.inflation) ** np.arange(self.years))


def drawn(rng: np.random.Generator, loan: str) -> Project:
    years = int(rng.integers(8, 31))
    cost = 10 ** rng.uniform(7, 9.5)
    yearly = cost * rng.uniform(0.13, 0.2)
    kinds = [*MACRS, *STRAIGHT_LIVES]
    sculpted = loan.startswith("sculpted")
    tenor = int(rng.integers(5 if sculpted else 8, years + 1))
    return Project(
        loan=loan,
        years=years,
        tenor=tenor,
        grace=0 if sculpted else int(rng.integers(0, 4)),
        cost=cost,
        construction_finance=cost * rng.uniform(0, 0.05),
        closing=cost * rng.uniform(0, 0.01),
        other_finance=cost * rng.uniform(0, 0.01),
        revenue=yearly * rng.uniform(0.8, 1.2, years),
        opex=yearly * rng.uniform(0.1, 0.35, years),
        insurance=rng.uniform(0, 0.01),
        inflation=rng.uniform(0, 0.05),
        salvage=rng.uniform(0, 0.2),
        working_months=rng.uniform(0, 6),
        receivable_months=0.0 if sculpted else rng.uniform(0, 3),
        rate=rng.uniform(0.03, 0.12),
        dscr=rng.uniform(1.3, 2.2),
        gearing=rng.uniform(0.2, 0.6),
        fee=rng.uniform(0, 0.04),
        dsra_months=rng.uniform(0, 12 if sculpted else 6),
        reserve_interest=rng.uniform(0, 0.04),
        federal=rng.uniform(0, 0.35),
        state=rng.uniform(0, 0.12),
        real_discount=rng.uniform(0.01, 0.12),
        depreciation=dict(zip(kinds, rng.dirichlet(np.ones(len(kinds))), strict=True)),
    )
