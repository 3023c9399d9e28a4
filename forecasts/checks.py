"""Does the result hold together? Identities that must be exact, and notes a reader should see."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from data.problems import Problem, RefusedError
from forecasts.capex_stack import stack_gap
from forecasts.demand_classes import class_gap
from forecasts.energy_mix import mix_gaps
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, LINES
from forecasts.metrics import Metric, irr
from forecasts.misfits import misfits, site_notes
from forecasts.returns import factory_returns
from forecasts.statements import gaps
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array
from forecasts.water import water_gap


class Level(StrEnum):
    """How serious a finding is: `failed` means the result must not be used."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding.

    Attributes
    ----------
    name : str
        What was checked.
    level : Level
        ok, note, warning (what is stated does not fit together) or failed.
    factory : str
        Key of the factory; empty for the whole.
    message : str
        What was found, in a sentence.
    """

    name: str
    level: Level
    factory: str
    message: str


Returns = Sequence[Mapping[str, Metric]]
"""Metrics by factory, in the order of the sites."""

SAME = 1e-9
"""Relative difference up to which two sums count as the same."""

CAPEX_BAND = (25.0, 100.0)
"""USD m per MW of IT load: comparables state 30 to 53, Vera Rubin benchmarks 47 to 100 (table
`comparables`, attribute usd_m_per_mw); the band is a little wider on the low side."""


def check(result: Result, returns: Returns | None = None) -> list[Check]:
    """Run every check on a result.

    Parameters
    ----------
    result : Result
        A projection.
    returns : sequence of mappings of str to Metric, optional
        Its returns by factory, where they are worked out already.

    Returns
    -------
    list of Check
        Identities first (one finding each, ok or failed), then notes by factory.
    """
    if returns is None:
        returns = [factory_returns(result, row) for row in range(len(result.plan.sites))]
    return [*_identities(result), *_notes(result, returns)]


def failed(checks: Sequence[Check]) -> list[Check]:
    """Return the checks that failed."""
    return [one for one in checks if one.level is Level.FAILED]


def refuse_failed(checks: Sequence[Check]) -> None:
    """Stop before a result whose identities do not hold leaves the model.

    Raises
    ------
    RefusedError
        With every check that failed.
    """
    broken = failed(checks)
    if broken:
        fix = "report it: results are wrong"
        raise RefusedError([Problem("model", one.message, one.name, fix) for one in broken])


def _identities(result: Result) -> Iterator[Check]:
    lines = sum((result.lines[name] for name in LINES), np.zeros_like(result.cash_usd))
    yield _same("lines sum to net cash", lines, result.cash_usd)
    bought = result.assets.hardware_usd + 0.0
    basis = bought.sum(axis=1) + result.assets.facility_usd.sum(axis=1)
    yield _same("depreciation sums to what was bought", result.depreciation_usd.sum(axis=1), basis)
    paid = -result.total((*CAPEX_LINES, "refresh"))[0].sum(axis=1)
    yield _same(
        "capex paid equals what was bought", paid, basis + result.assets.land_usd.sum(axis=1)
    )
    apart = stack_gap(result)
    yield _true(
        "capex by phase and line adds up", apart <= SAME, f"{apart:.2g} of the largest line"
    )
    apart = class_gap(result)
    yield _true("demand by class adds up", apart <= SAME, f"{apart:.2g} of the largest month")
    apart = water_gap(result)
    yield _true("water by month adds up", apart <= SAME, f"{apart:.2g} of a year or a month")
    names = ("energy by source adds up", "power is paid by source")
    for name, apart in zip(names, mix_gaps(result), strict=True):
        yield _true(name, apart <= SAME, f"{apart:.2g} of the largest month")
    yield _true(
        "no number is missing",
        all(np.isfinite(values).all() for values in result.lines.values()),
        "a cash line holds a value that is not finite",
    )
    sold = result.sales.sold_gpu_hours <= result.sales.installed_gpu_hours * (1 + SAME)
    yield _true("sold hours are installed", bool(sold.all()), "more GPU-hours sold than installed")
    yield _true("hours in use stand in order", _ordered(result), "a part is more than its whole")
    let, leased = result.sales.let_mw, result.sales.leased_mw
    there = (let <= leased * (1 + SAME)).all() and (leased <= result.sales.live_mw).all()
    yield _true("let space is live", bool(there), "more space is let than is live")
    whole = all(phase.racks >= 1 for own in result.phases for phase in own)
    yield _true("racks are whole", whole, "a phase has no rack")
    yield _irr_closes(result)
    plan = result.plan
    taxed = by_year(result.lines["income_tax"], calendar_years(plan.start, plan.months))
    paid_out = bool((taxed <= SAME * np.abs(taxed).max(initial=1.0)).all())
    yield _true("no tax is paid out", paid_out, "a loss has been paid out as negative tax")
    yield from _finance_identities(result)


def _ordered(result: Result) -> bool:
    """Whether hours installed, available, sold and contracted are each no more than the last."""
    sales, room = result.sales, 1 + SAME
    available = sales.available_gpu_hours
    pairs = (
        (available, sales.installed_gpu_hours),
        (sales.sold_gpu_hours, available),
        (available * sales.firm_share, sales.sold_gpu_hours),
    )
    return all(bool((part <= whole * room).all()) for part, whole in pairs)


def _finance_identities(result: Result) -> Iterator[Check]:
    """Sources and uses, the end of every loan, and all cash paid to someone."""
    held = result.finance
    size = result.debt.size_usd.sum(axis=(1, 2))
    yield _same("loans drawn equal loans signed", held["debt_drawn"][0].sum(axis=-1), size)
    repaid = (held["principal"] + held["prepaid"])[0].sum(axis=-1)
    yield _same("loans are repaid in full", repaid, size)
    ends = np.abs(held["debt"][..., -1]).max(initial=0.0)
    yield _true(
        "no debt is left", bool(ends <= SAME * max(size.max(initial=0.0), 1.0)), "debt left"
    )
    building = held["interest_building"] + held["finance_fees"] + held["reserve_funding"]
    tied = np.minimum(result.lines["working_capital"], 0.0)
    invested = -result.total((*CAPEX_LINES, "refresh", "grants")) - tied
    sources = held["debt_drawn"] + held["equity_paid_in"]
    yield _same("sources equal uses", sources, building + invested)
    reserve = np.diff(held["reserve"] + held["locked"], axis=-1, prepend=0.0)
    service = held["interest"] + held["principal"] + held["prepaid"]
    untaxed = result.cash_usd - result.lines["income_tax"]
    owners = untaxed - held["levered_tax"] + held["debt_drawn"] - service - reserve
    owners = owners - held["interest_building"] - held["finance_fees"] - held["withholding_tax"]
    yield _same("all cash is paid to someone", held["equity_cash"], owners)
    scale = max(float(np.abs(result.cash_usd).sum(axis=-1).max(initial=0.0)), 1.0)
    names = ("balance sheet balances", "cash flow statement closes", "profit agrees with finance")
    for name, gap in zip(names, gaps(result), strict=True):
        yield _true(name, gap <= SAME * scale, f"off by {gap:.2g} USD")
    yield _true("tax and interest settle", result.debt.settled, "they still move after 60 rounds")


def _same(name: str, found: Array, wanted: Array) -> Check:
    scale = max(float(np.abs(wanted).max(initial=0.0)), 1.0)
    gap = float(np.abs(found - wanted).max(initial=0.0)) / scale
    return _true(name, gap <= SAME, f"differs by {gap:.2g} of the largest value")


def _true(name: str, holds: bool, otherwise: str) -> Check:
    return Check(name, Level.OK if holds else Level.FAILED, "", "holds" if holds else otherwise)


def _irr_closes(result: Result) -> Check:
    worst = 0.0
    for flows, known in zip(result.cash_usd[0], result.rates.rate[0, :, 0], strict=True):
        rate = float(known) if math.isfinite(known) else irr(flows).rate
        if rate is not None:
            logs = -np.log1p(rate) * np.arange(flows.size)
            with np.errstate(under="ignore"):
                present = flows * np.exp(logs - logs.max())  # scaled: the far end may be huge
            worst = max(worst, abs(math.fsum(present)) / float(np.abs(present).sum()))
    return _true("present value at the IRR is zero", worst < SAME, f"{worst:.2g} of it is left")


def _notes(result: Result, each: Returns) -> Iterator[Check]:
    for row, (site, returns) in enumerate(zip(result.plan.sites, each, strict=True)):
        for name, message in misfits(result, row):
            yield Check(name, Level.WARNING, site.key, message)
        for name, message in site_notes(result, row):
            yield Check(name, Level.NOTE, site.key, message)
        per_mw = returns["capex_per_mw"].value
        if per_mw is not None and not CAPEX_BAND[0] <= per_mw <= CAPEX_BAND[1]:
            message = (
                f"{per_mw:.0f} USD m per MW lies outside {CAPEX_BAND[0]:g} to {CAPEX_BAND[1]:g}."
            )
            yield Check("capex per MW is like others'", Level.NOTE, site.key, message)
        cost, price = returns["lcoc"].value, returns["levelised_price"].value
        if cost is not None and price is not None and cost > price:
            message = f"An hour costs {cost:.2f} USD and brings {price:.2f} before tax."
            yield Check("price covers cost", Level.NOTE, site.key, message)
