"""One factory on one path: every stage in turn. The base case and each simulated path run this."""

from typing import NamedTuple

import numpy as np

from forecasts.capex import facility, hardware
from forecasts.cohorts import fit_out
from forecasts.compiled import Record, bare, compiled
from forecasts.demand import wanted
from forecasts.lease import host, sell_let
from forecasts.lines import LINE
from forecasts.loans import DEDUCTED, INTEREST, Loans, deducted, lend
from forecasts.opex import operate, stand
from forecasts.phases import build_out
from forecasts.receipts import depreciate, first_live, receive, tie_up
from forecasts.records import TRACK, Book, Build, Paths, Site
from forecasts.revenue import sell, serve
from forecasts.tax import due_by_year, pay
from forecasts.units import Array
from forecasts.waterfall import EARNED, F_INTEREST, INVESTED, OPERATING, OTHER, distribute

DEMAND, LIVE, FIRM = TRACK["demand_mw"], TRACK["live_mw"], TRACK["firm_share"]
LEASED, LET = TRACK["leased_mw"], TRACK["let_mw"]
SOLD, DEPRECIATION = TRACK["sold_share"], TRACK["depreciation"]
TAXABLE, OVER = TRACK["taxable"], TRACK["written_off_at_end"]
REVENUE, OPEX, CAPEX, NET = TRACK["revenue"], TRACK["opex"], TRACK["capex"], TRACK["net"]

RESALE, TERMINAL, WORKING = LINE["resale"], LINE["terminal_value"], LINE["working_capital"]
RENT, BILLED = LINE["lease_rent"], LINE["tenant_power"]
TAX, GRANTS, REFRESH = LINE["income_tax"], LINE["grants"], LINE["refresh"]

ALL_LINES, ALL_TRACKS = len(LINE), len(TRACK)

FIRST_ADDED, LAST_ADDED = LINE["racks"], TERMINAL
"""Lines that stages add to stand together."""

FIRST_SERVED, LAST_SERVED = TRACK["installed_hours"], DEPRECIATION
"""So do the tracks, but for `live_mw`, `capex` and what is written off at the end."""

MOST_ROUNDS = 60
"""Rounds between interest and tax before a loan counts as not settling."""

SETTLED = 1e-13
"""Change of tax, as a share of the largest monthly tax, at which the rounds end."""


class Purse(NamedTuple):
    """What a path brings to finance.

    Attributes
    ----------
    brought : (4, month) array
        See the rows named in `waterfall`.
    tax : (month,) array
        Tax after interest by month, negative.
    finance : (finance, month) array
        `waterfall.FINANCE`.
    swept : (2, cohort) array
        Room for what is prepaid of each loan.
    """

    brought: Array
    tax: Array
    finance: Array
    swept: Array


class Factory(NamedTuple):
    """One factory on one path: what it is, builds, owes, earns.

    Attributes
    ----------
    terms : (1,) array of QUANTITY
        Assumptions.
    site, paths, build, book, loans, purse
        What is fixed; drivers; the build-out; cash and tracks; loans; finance.
    """

    terms: Record
    site: Site
    paths: Paths
    build: Build
    book: Book
    loans: Loans
    purse: Purse


@bare
def plan(one: Factory) -> None:
    """Commit the build-out on a forecast of demand: phases and every cohort."""
    demand = one.book.tracks[DEMAND]
    wanted(one.terms[0], one.paths.regional_mw, demand)
    one.build.made[0] = build_out(one.terms[0], one.site, demand, one.build.phases)
    fit_out(one.terms[0], one.site, one.build, demand.size)


@bare
def project(one: Factory, uses: Array) -> float:
    """Carry one path of drivers through the committed build-out: every line before finance.

    Parameters
    ----------
    one : Factory
        Its costs, lines and tracks are filled in.
    uses : (cohort, month) array
        Filled with the capex of each cohort; (0, 0) when nobody asks.

    Returns
    -------
    float
        Gain on the final sale, before tax.
    """
    q, paths, build = one.terms[0], one.paths, one.build
    lines, tracks = one.book.lines, one.book.tracks
    _clear(lines, tracks)
    wanted(q, paths.regional_mw, tracks[DEMAND])
    facility(q, build, paths, one.book, uses)
    hardware(q, one.site, build, paths, one.book, uses)
    serve(q, one.site, build, paths, tracks)
    if q.lease_share > 0:
        host(q, build, paths, one.book)
    stand(q, build, tracks)
    sell(q, paths, lines, tracks, one.book.work[0])
    operate(q, paths, lines, tracks, one.book.work[0])
    receive(q, build, lines)
    if q.lease_share > 0:
        sell_let(q, build, lines, tracks)
    tie_up(q, lines, tracks)
    months = lines.shape[1]
    over = depreciate(q, build, tracks[DEPRECIATION])
    taxable, written, resale = tracks[TAXABLE], tracks[DEPRECIATION], lines[RESALE]
    revenue, opex = tracks[REVENUE], tracks[OPEX]
    for month in range(months):
        taxable[month] = revenue[month] + opex[month] + resale[month] - written[month]
    tracks[TAXABLE, months - 1] += over
    tracks[OVER, months - 1] = over
    gain = lines[TERMINAL, months - 1] - over - land_of(build)
    tax = lines[TAX]
    for month in range(months):
        tax[month] = taxable[month]
    on_sale = tax_on(one, gain, tax)
    tax[months - 1] -= on_sale
    net, capex, refresh, grants = tracks[NET], tracks[CAPEX], lines[REFRESH], lines[GRANTS]
    terminal, working = lines[TERMINAL], lines[WORKING]
    for month in range(months):
        spent = capex[month] + refresh[month] + grants[month]
        freed = resale[month] + terminal[month] + working[month]
        net[month] = revenue[month] + opex[month] + tax[month] + spent + freed
    return float(gain)


@bare
def land_of(build: Build) -> float:
    """Cost of all land, which is sold for what it cost."""
    total = 0.0
    for place in range(build.made[0]):
        total += build.land_usd[place]
    return total


@bare
def _clear(lines: Array, tracks: Array) -> None:
    """Set to zero what the stages add to; all other rows they fill."""
    for line in range(FIRST_ADDED, LAST_ADDED + 1):
        _empty(lines[line])
    for line in range(RENT, BILLED + 1):
        _empty(lines[line])
    for track in range(FIRST_SERVED, LAST_SERVED + 1):
        _empty(tracks[track])
    _empty(tracks[LIVE])
    _empty(tracks[CAPEX])
    _empty(tracks[OVER])


@bare
def _empty(months: Array) -> None:
    for month in range(months.size):
        months[month] = 0.0


@bare
def tax_after(one: Factory, deducted: Array, gain: float, tax: Array) -> float:
    """Fill in tax by month after what finance deducts, negative; return that on the final sale."""
    income = one.book.tracks[TAXABLE]
    for month in range(tax.size):
        tax[month] = income[month] - deducted[month]
    return tax_on(one, gain, tax)


@bare
def tax_on(one: Factory, gain: float, tax: Array) -> float:
    """Turn income by month into tax by month, negative; return that on the final sale."""
    months = tax.size
    first = first_live(one.build, months)
    years = one.book.years
    on_sale = due_by_year(one.terms[0], tax, one.site.first_month, first, gain, years)
    pay(years[0], one.site.first_month, first, tax)
    return on_sale


@bare
def bring(one: Factory, gain: float) -> None:
    """Sort a path's cash into what finance asks for.

    Owners put in what customers come to owe and get back what is freed: a month in which sales
    begin says nothing about the cover of debt.
    """
    lines, tracks, brought = one.book.lines, one.book.tracks, one.purse.brought
    months = lines.shape[1]
    operating, invested, other = brought[OPERATING], brought[INVESTED], brought[OTHER]
    revenue, opex, capex = tracks[REVENUE], tracks[OPEX], tracks[CAPEX]
    refresh, grants, tied = lines[REFRESH], lines[GRANTS], lines[WORKING]
    resale, terminal = lines[RESALE], lines[TERMINAL]
    for month in range(months):
        operating[month] = revenue[month] + opex[month]
    for month in range(months):
        spent = refresh[month] + grants[month] + min(tied[month], 0.0) + capex[month]
        invested[month] = 0.0 - spent
    for month in range(months):
        other[month] = resale[month] + terminal[month] + max(tied[month], 0.0)
    earned, taxable = brought[EARNED], tracks[TAXABLE]
    for month in range(months):
        earned[month] = taxable[month]
    earned[months - 1] += gain


@bare
def _cover(one: Factory, cover: Array) -> None:
    """Fill in the cover asked by month: contracted and merchant cash weighed by power sold.

    A lease counts as a contract.
    """
    tracks = one.book.tracks
    firm, free = 1 / one.terms[0].target_dscr, 1 / one.terms[0].merchant_dscr
    for month in range(cover.size):
        contracted = 0.0
        if tracks[SOLD, month] > 0:
            contracted = tracks[FIRM, month] / tracks[SOLD, month]
        if tracks[LET, month] > 0:
            hours = (tracks[LIVE, month] - tracks[LEASED, month]) * tracks[SOLD, month]
            let = tracks[LET, month] / (tracks[LET, month] + hours)
            contracted += (1 - contracted) * let
        cover[month] = 1 / (contracted * firm + (1 - contracted) * free)


@compiled
def sign(one: Factory, gain: float, uses: Array) -> int:
    """Size the loans on this path, which becomes the bank's case; return the rounds it took.

    Returns 0 when tax and interest did not settle.
    """
    tracks, purse, loans = one.book.tracks, one.purse, one.loans
    months = tracks.shape[1]
    cash = np.ones((2, months))
    _cover(one, cash[1])
    bring(one, gain)
    tax_after(one, np.zeros(months), gain, purse.tax)
    before = purse.tax.copy()
    found = np.zeros(months)
    settled = 0
    for rounds in range(MOST_ROUNDS):
        for month in range(months):
            kw = max((tracks[LIVE, month] - tracks[LEASED, month]) * 1e3, 1e-9)
            cash[0, month] = (purse.brought[OPERATING, month] + purse.tax[month]) / kw
        deducted(one.terms[0], one.build, uses, cash, found)
        tax_after(one, found, gain, purse.tax)
        change = np.abs(purse.tax - before).max()
        if change <= SETTLED * max(np.abs(purse.tax).max(), 1.0):
            settled = rounds + 1
            break
        before[:] = purse.tax
    lend(one.terms[0], one.build, uses, cash, loans)
    return settled


@bare
def pay_out(one: Factory, gain: float) -> None:
    """Carry a path through the loans as signed: tax after interest, service, owners' cash."""
    purse, loans = one.purse, one.loans
    bring(one, gain)
    signed, interest, fees = loans.totals[INTEREST], one.book.work[0], loans.totals[DEDUCTED]
    for month in range(interest.size):
        interest[month] = signed[month]
    income, tax, swept = one.book.tracks[TAXABLE], purse.tax, purse.finance[F_INTEREST]
    for _ in range(MOST_ROUNDS):
        for month in range(tax.size):
            tax[month] = income[month] - (interest[month] + fees[month])
        on_sale = tax_on(one, gain, tax)
        distribute(one.terms[0], purse, on_sale, loans, purse.finance)
        if one.terms[0].cash_sweep <= 0:
            return
        change, most = 0.0, 1.0
        for month in range(interest.size):
            change = max(change, abs(swept[month] - interest[month]))
            interest[month] = swept[month]
            most = max(most, interest[month])
        if change <= SETTLED * most:
            return
