"""All factories of a case: the bank's case is committed once, then every path runs through it."""

from typing import NamedTuple

import numpy as np

from forecasts.cohorts import fit_out
from forecasts.compiled import Record, compiled
from forecasts.kernel import ALL_LINES, ALL_TRACKS, Factory, Purse, pay_out, plan, project, sign
from forecasts.loans import Loans
from forecasts.records import Book, Build, Paths, Site
from forecasts.units import Array


class Inputs(NamedTuple):
    """Every factory's fixed part, and its drivers.

    Attributes
    ----------
    quantities : (path, factory) array of QUANTITY
        One path holds for all.
    roadmap : (factory, generation) array of GENERATION
        Short roadmaps are filled up with rows that are not on sale.
    entered : (factory, phase) array of ENTERED
        Rows without racks are unused.
    announced : (factory,) array of int
    first_month : int
    regional_mw, gpu_price, power, local : (path, factory, month) arrays
    rack_price : (path, month) array
    slip : (path, factory) array of int
        Months by which phases are energised later than committed.
    """

    quantities: Record
    roadmap: Record
    entered: Record
    announced: Record
    first_month: int
    regional_mw: Array
    gpu_price: Array
    power: Array
    rack_price: Array
    local: Array
    slip: Record


class Outputs(NamedTuple):
    """Every factory's build-out, loans and books; the base case keeps all of it.

    Attributes
    ----------
    phases, cohorts : (factory, phase) and (factory, cohort) arrays
    made : (factory, 2) array of int
    facility_usd, land_usd : (factory, phase) arrays
    racks_usd, hardware_usd : (factory, cohort) arrays
    size_usd : (factory, cohort, tranche) array
    bound : (factory, cohort) array of int
    flows : (factory, cohort, flow, month) array
        As in `loans.Loans`.
    totals : (factory, flow, month) array
    owed : (factory, tranche, month) array
    rounds : (factory,) array of int
        Rounds until the loans settled.
    """

    phases: Record
    cohorts: Record
    made: Record
    facility_usd: Array
    land_usd: Array
    racks_usd: Array
    hardware_usd: Array
    size_usd: Array
    bound: Record
    flows: Array
    totals: Array
    owed: Array
    rounds: Record


@compiled
def _site(given: Inputs, row: int) -> Site:
    stated = 0
    while stated < given.entered.shape[1] and given.entered[row, stated].racks > 0:
        stated += 1
    return Site(
        given.roadmap[row],
        given.entered[row, :stated],
        given.announced[row] > 0,
        given.first_month,
    )


@compiled
def _paths(given: Inputs, path: int, row: int) -> Paths:
    return Paths(
        given.regional_mw[path, row],
        given.gpu_price[path, row],
        given.power[path, row],
        given.rack_price[path],
        given.local[path, row],
    )


@compiled
def _build(out: Outputs, row: int) -> Build:
    return Build(
        out.phases[row],
        out.cohorts[row],
        out.made[row],
        out.facility_usd[row],
        out.land_usd[row],
        out.racks_usd[row],
        out.hardware_usd[row],
    )


@compiled
def factory(
    given: Inputs, out: Outputs, row: int, path: int, lines: Array, others: tuple[Array, Array]
) -> Factory:
    """Gather what belongs to one factory on one path; `others` are tracks and finance.

    On path 0 its costs are those committed; every other path has costs of its own.
    """
    months = lines.shape[1]
    build = _build(out, row)
    if path > 0:
        build = _own_costs(build)
    terms = given.quantities[min(path, given.quantities.shape[0] - 1)]
    return Factory(
        terms[row : row + 1],
        _site(given, row),
        _paths(given, path, row),
        build,
        Book(lines, others[0]),
        Loans(out.size_usd[row], out.bound[row], out.flows[row], out.totals[row], out.owed[row]),
        Purse(np.zeros((4, months)), np.zeros(months), others[1]),
    )


@compiled
def _own_costs(build: Build) -> Build:
    """Return the build-out with costs of its own: those committed stay as they were."""
    return Build(
        build.phases,
        build.cohorts,
        build.made,
        build.facility_usd.copy(),
        build.land_usd.copy(),
        build.racks_usd.copy(),
        build.hardware_usd.copy(),
    )


@compiled
def late(one: Factory, slip: int) -> Factory:
    """Return a factory whose phases are energised later than committed.

    Decisions, orders and the start of building stand: money is spent, sales wait.
    """
    build = _own_costs(one.build)
    build = Build(
        build.phases.copy(),
        np.zeros_like(build.cohorts),
        build.made.copy(),
        build.facility_usd,
        build.land_usd,
        build.racks_usd,
        build.hardware_usd,
    )
    for place in range(build.made[0]):
        build.phases[place].energised += slip
        build.phases[place].live += slip
    fit_out(one.terms[0], one.site, build, one.book.lines.shape[1])
    return Factory(one.terms, one.site, one.paths, build, one.book, one.loans, one.purse)


@compiled
def commit(given: Inputs, out: Outputs) -> None:
    """Plan every factory on path 0, project it and sign its loans: the bank's case."""
    months = given.rack_price.shape[1]
    for row in range(given.quantities.shape[1]):
        others = (np.zeros((ALL_TRACKS, months)), np.zeros((0, 0)))
        one = factory(given, out, row, 0, np.zeros((ALL_LINES, months)), others)
        plan(one)
        uses = np.zeros((max(one.build.made[1], 1), months))
        gain = project(one, uses)
        out.rounds[row] = sign(one, gain, uses)


@compiled
def follow(given: Inputs, out: Outputs, path: int, books: tuple[Array, Array, Array]) -> None:
    """Carry one path of drivers through what was committed, for every factory.

    Parameters
    ----------
    given, out
        Drivers; what `commit` left.
    path : int
        Place on the path axis of the drivers.
    books : three arrays, (factory, row, month)
        Lines, tracks and finance; filled, and must hold zeros.
    """
    for row in range(given.quantities.shape[1]):
        one = factory(given, out, row, path, books[0][row], (books[1][row], books[2][row]))
        if given.slip[path, row] > 0:
            one = late(one, given.slip[path, row])
        pay_out(one, project(one, np.zeros((0, 0))))
