"""All factories of a case: the bank's case is committed once, then every path runs through it."""

from typing import NamedTuple

import numpy as np

from forecasts.cohorts import fit_out
from forecasts.compiled import Record, bare
from forecasts.kernel import (
    ALL_LINES,
    ALL_TRACKS,
    OVER,
    TERMINAL,
    Factory,
    Purse,
    land_of,
    pay_out,
    plan,
    project,
    sign,
)
from forecasts.loans import Loans
from forecasts.records import COHORT, PHASE, Book, Build, Paths, Room, Site
from forecasts.tax import MOST_YEARS
from forecasts.units import Array
from forecasts.waterfall import FINANCE


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
    temperature : (factory, month) array
        Usual outside temperature.
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
    temperature: Array


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


@bare
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


@bare
def _paths(given: Inputs, path: int, row: int) -> Paths:
    return Paths(
        given.regional_mw[path, row],
        given.gpu_price[path, row],
        given.power[path, row],
        given.rack_price[path],
        given.local[path, row],
        given.temperature[row],
    )


@bare
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


def room_of(out: Outputs, months: int, itemised: bool = True) -> Room:
    """Return room for one factory at a time; capex by line is kept only where it is itemised."""
    phases, cohorts = out.phases.shape[1], out.cohorts.shape[1]
    return Room(
        np.empty((ALL_LINES, months)),
        np.empty((ALL_TRACKS, months)),
        np.empty((len(FINANCE), months)),
        np.empty((4, months)),
        np.empty(months),
        np.empty((4, months)),
        np.empty((3, MOST_YEARS)),
        itemised,
        np.empty((2, out.flows.shape[1])),
        np.zeros((0, 0)),
        Build(
            np.zeros(phases, PHASE),
            np.zeros(cohorts, COHORT),
            np.zeros(2, np.int64),
            np.zeros(phases),
            np.zeros(phases),
            np.zeros(cohorts),
            np.zeros(cohorts),
        ),
    )


@bare
def factory(given: Inputs, out: Outputs, row: int, path: int, room: Room) -> Factory:
    """Gather what belongs to one factory on one path, with the costs as committed."""
    terms = given.quantities[min(path, given.quantities.shape[0] - 1)]
    return Factory(
        terms[row : row + 1],
        _site(given, row),
        _paths(given, path, row),
        _build(out, row),
        Book(room.lines, room.tracks, room.work, room.years, room.itemised),
        Loans(out.size_usd[row], out.bound[row], out.flows[row], out.totals[row], out.owed[row]),
        Purse(room.brought, room.tax, room.finance, room.swept),
    )


@bare
def on_path(given: Inputs, out: Outputs, row: int, path: int, room: Room) -> Factory:
    """Gather what belongs to one factory on one path, as it is built there.

    Path 0 fills in the costs that are committed; every other path has costs of its own, and any
    may be late.
    """
    one = factory(given, out, row, path, room)
    if given.slip[path, row] > 0:
        return late(one, given.slip[path, row], room)
    return _with_own_costs(one, room) if path > 0 else one


@bare
def _with_own_costs(one: Factory, room: Room) -> Factory:
    """Return a factory with costs of its own: those committed stay as they were."""
    build, own = one.build, room.build
    apart = Build(
        build.phases,
        build.cohorts,
        build.made,
        own.facility_usd,
        own.land_usd,
        own.racks_usd,
        own.hardware_usd,
    )
    return Factory(one.terms, one.site, one.paths, apart, one.book, one.loans, one.purse)


@bare
def late(one: Factory, slip: int, room: Room) -> Factory:
    """Return a factory whose phases are energised later than committed.

    Decisions, orders and the start of building stand: money is spent, sales wait.
    """
    held, build = one.build, room.build
    build.made[0] = held.made[0]
    for place in range(held.made[0]):
        build.phases[place] = held.phases[place]
        build.phases[place].energised += slip
        build.phases[place].live += slip
        build.phases[place].grid += slip
    fit_out(one.terms[0], one.site, build, one.book.lines.shape[1])
    return Factory(one.terms, one.site, one.paths, build, one.book, one.loans, one.purse)


Books = tuple[Array, Array, Array]
"""Lines, tracks and finance, (factory, row, month) each."""


def commit(given: Inputs, out: Outputs, books: Books | None = None) -> None:
    """Plan every factory on path 0, project it and sign its loans: the bank's case.

    Parameters
    ----------
    given, out
        Drivers; room for what is committed, filled.
    books : three arrays, optional
        Lines and tracks of the bank's case are kept there.
    """
    months = given.rack_price.shape[1]
    room = room_of(out, months)
    kept = books or (room.lines[None], room.tracks[None], room.finance[None])
    _commit(given, out, kept, room, np.empty((out.cohorts.shape[1], months)))


@bare
def _commit(given: Inputs, out: Outputs, books: Books, room: Room, uses: Array) -> None:
    for row in range(given.quantities.shape[1]):
        own = kept_in(room, books, min(row, books[0].shape[0] - 1))
        one = factory(given, out, row, 0, own)
        plan(one)
        uses[:] = 0.0
        out.rounds[row] = sign(one, project(one, uses), uses)


def repay(given: Inputs, out: Outputs, books: Books) -> None:
    """Carry the bank's case through its loans: path 0, if nothing is late on it.

    Parameters
    ----------
    given, out, books
        As `commit` left them; finance is filled in.
    """
    _repay(given, out, books, room_of(out, given.rack_price.shape[1]))


@bare
def _repay(given: Inputs, out: Outputs, books: Books, room: Room) -> None:
    for row in range(given.quantities.shape[1]):
        one = factory(given, out, row, 0, kept_in(room, books, row))
        lines, end = one.book.lines, one.book.lines.shape[1] - 1
        gain = lines[TERMINAL, end] - one.book.tracks[OVER, end] - land_of(one.build)
        pay_out(one, gain)


def follow(given: Inputs, out: Outputs, path: int, books: Books) -> None:
    """Carry one path of drivers through what was committed, for every factory.

    Parameters
    ----------
    given, out
        Drivers; what `commit` left.
    path : int
        Place on the path axis of the drivers.
    books : three arrays, (factory, row, month)
        Lines, tracks and finance; filled.
    """
    _follow(given, out, path, books, room_of(out, given.rack_price.shape[1]))


@bare
def _follow(given: Inputs, out: Outputs, path: int, books: Books, room: Room) -> None:
    for row in range(given.quantities.shape[1]):
        one = on_path(given, out, row, path, kept_in(room, books, row))
        pay_out(one, project(one, room.nobody))


@bare
def kept_in(room: Room, books: Books, row: int) -> Room:
    """Return room whose lines, tracks and finance are those of one factory's books."""
    return Room(
        books[0][row],
        books[1][row],
        books[2][row],
        room.brought,
        room.tax,
        room.work,
        room.years,
        room.itemised,
        room.swept,
        room.nobody,
        room.build,
    )
