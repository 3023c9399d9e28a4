"""What a factory leases, or would lease: racks, halls, generators of a bridge.

The model buys racks and halls. A reader may ask what the books look like if a lessor bought them
and let them to the factory: for as long as each set of racks serves, and each hall to the end of
the projection. The lessor asks the rate of the senior loan, which is the factory's incremental
borrowing rate, and gets back what the asset is worth at the end of the term. Rent is paid in
advance; that of halls steps up as colocation rent does. Generators of a bridge are rented in the
model already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.engine import Result
from forecasts.lease_accounts import (
    SHORT_TERM_MONTHS,
    LeaseSchedule,
    LeaseTests,
    lease_schedule,
    payments_worth,
)
from forecasts.lines import CAPEX_LINES
from forecasts.receipts import LEAST_KEPT
from forecasts.units import MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3

RACKS, HALLS, GENERATORS = "racks", "halls", "generators"
"""Kinds of what is leased."""

CHOICES = {
    "nothing": (),
    RACKS: (RACKS,),
    HALLS: (HALLS,),
    "both": (RACKS, HALLS),
}
"""What may be leased instead of bought, and the kinds that it takes."""

OF_RACKS = (
    "racks",
    "network_storage",
    "integration",
    "security_platform",
    "freight_duty",
    "refresh",
)
"""Cash lines of racks and all that comes with them."""

OF_HALLS = tuple(name for name in CAPEX_LINES if name not in OF_RACKS)
"""Cash lines of halls, with their land."""


@dataclass(frozen=True, slots=True, eq=False)
class Lease:
    """One lease of a factory.

    Attributes
    ----------
    name, kind : str
        What is leased, in words; `RACKS`, `HALLS` or `GENERATORS`.
    start : int
        Month of the model in which it begins, with the first payment.
    cost_usd, residual_usd : float or None
        What the lessor pays net of grants, and gets back at the end; None for generators, whose
        price nobody states.
    rate : float
        Monthly rate.
    schedule : LeaseSchedule
        Payments and balances by month from `start` on.
    tests : LeaseTests
        How it is classed.
    """

    name: str
    kind: str
    start: int
    cost_usd: float | None
    residual_usd: float | None
    rate: float
    schedule: LeaseSchedule
    tests: LeaseTests

    @property
    def months(self) -> int:
        """Term, months."""
        return self.schedule.payments_usd.size

    @property
    def chosen(self) -> bool:
        """Whether it takes the place of something the model buys."""
        return self.kind != GENERATORS

    @property
    def short(self) -> bool:
        """Whether it stays a cost because it is short."""
        return not self.chosen and self.months <= SHORT_TERM_MONTHS

    def along(self, values: Array, months: int) -> Array:
        """Place values by month of the lease on the months of the model."""
        found = np.zeros(months)
        found[self.start : self.start + self.months] = values
        return found


def borrowing_rate(result: Result, row: int) -> float:
    """Yearly incremental borrowing rate of a factory: that of its senior loan.

    IFRS 16 App. A: what it would pay to borrow over a like term, with like security.
    """
    q = result.plan.quantities[row]
    return float(q["risk_free_rate"] + q["country_default_spread"] + q["debt_margin"])


def leases(
    result: Result, row: int, what: str = "nothing", *, residual: bool = True
) -> tuple[Lease, ...]:
    """Return the leases of a factory in order of their first payment.

    Parameters
    ----------
    result, row
        A projection, and the factory in it.
    what : str
        What a lessor buys instead of the factory, a key of `CHOICES`.
    residual : bool
        Whether the lessor gets the asset back and counts on what it is worth then; else payments
        alone repay it.

    Raises
    ------
    ValueError
        If `what` is no key of `CHOICES`.
    """
    if what not in CHOICES:
        raise ValueError(f"what is {what!r}, not one of {', '.join(CHOICES)}; give one of them")
    kinds = CHOICES[what]
    found = _generators(result, row)
    if RACKS in kinds:
        found += _racks(result, row, residual=residual)
    if HALLS in kinds:
        found += _halls(result, row, residual=residual)
    return tuple(sorted(found, key=lambda one: one.start))


def _lease(
    name: str, kind: str, term: tuple[int, int, float], money: tuple[float, float], terms: Terms
) -> Lease:
    """Return a lease that repays its cost less the present value of what is left."""
    start, months, life = term
    cost, left = money
    grown = (1 + terms.rate) ** months
    left = min(left, cost * grown)  # grants may leave the lessor to pay for less than what is left
    payments = payments_worth(max(cost - left / grown, 0.0), terms.rate, months, terms.step)
    made = lease_schedule(payments, terms.rate, advance=True)
    worth = made.opening_usd / cost if cost > 0 else 1.0
    tests = LeaseTests(months / max(life, months), worth)
    return Lease(name, kind, start, cost, left, terms.rate, made, tests)


@dataclass(frozen=True, slots=True)
class Terms:
    """Monthly rate and yearly step of a lease."""

    rate: float
    step: float


def _racks(result: Result, row: int, *, residual: bool) -> list[Lease]:
    """Return a lease for every set of racks, from its first sale until it is replaced."""
    q, cohorts, months = result.plan.quantities[row], result.cohorts, result.plan.months
    life = float(q["hardware_life_years"]) * MONTHS_PER_YEAR
    terms = Terms(borrowing_rate(result, row) / MONTHS_PER_YEAR, 0.0)
    left, found = _racks_left(result, row) * residual, []
    for place in np.flatnonzero(cohorts.kw[row] > 0).tolist():
        live, end = int(cohorts.live[row, place]), int(cohorts.end[row, place])
        cost = float(result.assets.hardware_usd[row, place])
        refresh = bool(cohorts.is_refresh[row, place])
        net = cost if refresh else cost * (1 - float(q["grant_share"]))
        name = f"Racks of phase {int(cohorts.phase[row, place]) + 1}" + (
            ", replaced" if refresh else ""
        )
        term = (live, min(end, months) - live, life)
        found.append(_lease(name, RACKS, term, (net, float(left[place])), terms))
    return found


def _halls(result: Result, row: int, *, residual: bool) -> list[Lease]:
    """Return a lease for the hall and land of every phase, to the end of the projection.

    Halls share what the model finds them worth at the end, tenants' income included.
    """
    q, months = result.plan.quantities[row], result.plan.months
    life = float(q["facility_life_years"]) * MONTHS_PER_YEAR
    terms = Terms(borrowing_rate(result, row) / MONTHS_PER_YEAR, float(q["lease_escalator"]))
    assets, phases = result.assets, result.phases[row]
    gone = [min(max(1 - (months - one.live) / life, 0.0), 1.0) for one in phases]
    cost = (assets.facility_usd + assets.land_usd)[row, : len(phases)]
    left = assets.facility_usd[row, : len(phases)] * np.array(gone, dtype=float)
    left = left + assets.land_usd[row, : len(phases)]
    racks = _racks_left(result, row)[result.cohorts.end[row] >= months].sum()
    at_end = float(result.lines["terminal_value"][0, row, -1] - racks)
    scale = at_end / left.sum() if left.sum() > 0 and residual else 0.0
    net = cost * (1 - float(q["grant_share"]))
    return [
        _lease(
            f"Hall and land of phase {one.number}",
            HALLS,
            (one.live, months - one.live, life),
            (float(net[place]), float(left[place] * scale)),
            terms,
        )
        for place, one in enumerate(phases)
    ]


def _racks_left(result: Result, row: int) -> Array:
    """Return what every set of racks is worth when it is replaced, or at the end, (slot,) USD."""
    q, cohorts, months = result.plan.quantities[row], result.cohorts, result.plan.months
    share, life = float(q["hardware_residual_share"]), float(q["hardware_life_years"])
    age = np.clip((months - cohorts.live[row]) / (life * MONTHS_PER_YEAR), 0.0, 1.0)
    kept = np.where(cohorts.end[row] < months, share, max(share, LEAST_KEPT) ** age)
    left: Array = result.assets.hardware_usd[row] * kept * (cohorts.kw[row] > 0)
    return left


def _generators(result: Result, row: int) -> list[Lease]:
    """Return a lease for the generators of every bridged phase, as the model rents them."""
    q, months = result.plan.quantities[row], result.plan.months
    rate = borrowing_rate(result, row) / MONTHS_PER_YEAR
    kw = float(q["bridge_power_share"] * q["pue"]) * KW_PER_MW
    found: list[Lease] = []
    for one in result.phases[row]:
        until = min(one.grid, months)
        if kw <= 0 or until <= one.energised or q["bridge_rent"] <= 0:
            continue
        level = (1 + float(q["inflation"])) ** (np.arange(one.energised, until) / MONTHS_PER_YEAR)
        payments = one.it_mw * kw * float(q["bridge_rent"]) * level
        made = lease_schedule(payments, rate, advance=True)
        name = f"Generators of phase {one.number}"
        found.append(
            Lease(name, GENERATORS, one.energised, None, None, rate, made, LeaseTests(0.0, 0.0))
        )
    return found


def bought(result: Result, row: int, kinds: tuple[str, ...]) -> tuple[Array, Array]:
    """What some kinds of assets cost by month, and the grants towards it, (month,) USD, positive.

    Refreshes get no grants.
    """
    names = (*(OF_RACKS if RACKS in kinds else ()), *(OF_HALLS if HALLS in kinds else ()))
    spent = -result.total(names)[0, row]
    first = -result.total(tuple(name for name in names if name != "refresh"))[0, row]
    return spent, first * float(result.plan.quantities[row]["grant_share"])


def written_off(result: Result, row: int, kinds: tuple[str, ...]) -> Array:
    """Depreciation of some kinds of assets by month in the model's books, (month,) USD."""
    q, months = result.plan.quantities[row], result.plan.months
    factor, found = float(q["declining_factor"]), np.zeros(months)
    if RACKS in kinds:
        life, cohorts = life_in_months(float(q["hardware_tax_life_years"])), result.cohorts
        for place in np.flatnonzero(cohorts.kw[row] > 0).tolist():
            span = (int(cohorts.live[row, place]), min(int(cohorts.end[row, place]), months))
            _write_off(found, float(result.assets.hardware_usd[row, place]), span, life, factor)
    if HALLS in kinds:
        life = life_in_months(float(q["facility_tax_life_years"]))
        for place, one in enumerate(result.phases[row]):
            cost = float(result.assets.facility_usd[row, place])
            _write_off(found, cost, (one.live, months), life, factor)
    return found


def life_in_months(years: float) -> int:
    """A life in whole months, at least one."""
    return max(1, round(years * MONTHS_PER_YEAR))


def _write_off(
    written: Array, cost: float, span: tuple[int, int], life: int, factor: float
) -> None:
    """Depreciate one asset as `receipts.depreciate` does; what is left goes in its last month."""
    live, end = span
    until, book = min(end, live + life), cost
    for month in range(live, until):
        straight = cost / life
        declining = max(book * factor / life, book / (live + life - month))
        amount = straight if factor <= 0 else declining
        written[month] += amount
        book -= amount
    if live + life > end:
        written[end - 1] += book
