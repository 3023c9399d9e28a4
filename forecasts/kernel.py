"""One factory on one path: every stage in turn. The base case and each simulated path run this."""

from typing import NamedTuple

import numpy as np

from forecasts.capex import facility, hardware
from forecasts.cohorts import fit_out
from forecasts.compiled import Record, Rows, apart, bare, compiled
from forecasts.demand import wanted
from forecasts.lease import host, sell_let
from forecasts.lines import LINE
from forecasts.loans import DEDUCTED, INTEREST, Loans, Sizing, lend
from forecasts.opex import operate, stand
from forecasts.phases import build_out
from forecasts.power_sources import bill, dim, source, with_dark
from forecasts.receipts import depreciate, first_live, receive, tie_up
from forecasts.records import TRACK, Book, Build, Paths, Site
from forecasts.revenue import sell, serve
from forecasts.sizing import Round, prepare, size_again, sizing_of
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

FIRST_ITEM, LAST_ITEM = LINE["racks"], REFRESH - 1
"""Lines of capex, which stages add to, stand together; so do those from refresh to the end."""

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
    _clear(one.book)
    wanted(q, paths.regional_mw, tracks[DEMAND])
    facility(q, build, paths, one.book, uses)
    hardware(q, one.site, build, paths, one.book, uses)
    serve(q, one.site, build, paths, tracks)
    dim(q, one.site, build, paths, tracks)
    if q.lease_share > 0:
        host(q, build, paths, one.book)
    bill(q, build, paths, one.book)
    stand(q, build, tracks)
    sell(q, paths, lines, tracks, one.book.work[0])
    operate(q, paths, lines, tracks, one.book.work)
    source(q, build, paths, one.book)
    receive(q, build, lines)
    if q.lease_share > 0:
        sell_let(q, build, lines, tracks)
    tie_up(q, lines, tracks)
    months = lines.shape[1]
    over = depreciate(q, build, tracks[DEPRECIATION])
    revenue, opex, tax = tracks[REVENUE], tracks[OPEX], lines[TAX]
    earned = (revenue, opex, lines[RESALE], tracks[DEPRECIATION])
    _tax_base(earned, over, tracks[TAXABLE], tax)
    tracks[OVER, months - 1] = over
    gain = lines[TERMINAL, months - 1] - over - land_of(build)
    on_sale = tax_on(one, gain, tax)
    tax[months - 1] -= on_sale
    spent = (tracks[CAPEX], lines[REFRESH], lines[GRANTS])
    freed = (lines[RESALE], lines[TERMINAL], lines[WORKING])
    _add_up((revenue, opex, tax), spent, freed, tracks[NET])
    return float(gain)


@apart
def _tax_base(earned: Rows, over: float, taxable: Array, tax: Array) -> None:
    """Fill in taxable income, twice: revenue, running costs, resale, less what is written off."""
    revenue, opex, resale, written = earned
    for month in range(tax.size):
        taxable[month] = revenue[month] + opex[month] + resale[month] - written[month]
        tax[month] = taxable[month]
    taxable[tax.size - 1] += over
    tax[tax.size - 1] += over


@apart
def _add_up(operating: Rows, spent: Rows, freed: Rows, net: Array) -> None:
    """Fill in the project's cash."""
    revenue, opex, tax = operating
    capex, refresh, grants = spent
    resale, terminal, working = freed
    for month in range(net.size):
        invested = capex[month] + refresh[month] + grants[month]
        received = resale[month] + terminal[month] + working[month]
        net[month] = revenue[month] + opex[month] + tax[month] + invested + received


@bare
def land_of(build: Build) -> float:
    """Cost of all land, which is sold for what it cost."""
    total = 0.0
    for place in range(build.made[0]):
        total += build.land_usd[place]
    return total


@bare
def _clear(book: Book) -> None:
    """Set to zero what the stages add to; all other rows they fill."""
    lines, tracks = book.lines, book.tracks
    for line in range(FIRST_ITEM, LAST_ITEM + 1):
        if book.itemised:
            _empty(lines[line])
    for line in range(REFRESH, TERMINAL + 1):
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
    sold = (tracks[REVENUE], tracks[OPEX], tracks[TAXABLE], lines[RESALE], lines[TERMINAL])
    spent = (tracks[CAPEX], lines[REFRESH], lines[GRANTS], lines[WORKING])
    found = (brought[OPERATING], brought[INVESTED], brought[OTHER], brought[EARNED])
    _sort_cash(sold, spent, found)
    brought[EARNED, lines.shape[1] - 1] += gain


@apart
def _sort_cash(sold: Rows, spent: Rows, found: Rows) -> None:
    """Fill in operating cash before tax, what is invested, other cash, and income."""
    revenue, opex, taxable, resale, terminal = sold
    capex, refresh, grants, tied = spent
    operating, invested, other, earned = found
    for month in range(earned.size):
        operating[month] = revenue[month] + opex[month]
        cost = refresh[month] + grants[month] + min(tied[month], 0.0) + capex[month]
        invested[month] = 0.0 - cost
        other[month] = resale[month] + terminal[month] + max(tied[month], 0.0)
        earned[month] = taxable[month]


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
    months = uses.shape[1]
    case = Round(np.empty((2, months)), one.loans.size_usd, one.loans.bound, np.zeros(months))
    sizing = sizing_of(one.build.made[1], months)
    _cover(one, case.cash[1])
    bring(one, gain)
    tax_after(one, case.found, gain, one.purse.tax)
    prepare(one.terms[0], one.build, uses, sizing, case)
    settled = _settle(one, gain, sizing, case, np.empty((2, months)))
    lend(one.terms[0], one.build, sizing, one.loans)
    return settled


@bare
def _settle(one: Factory, gain: float, sizing: Sizing, case: Round, room: Array) -> int:
    """Size the loans until tax stands still; return the rounds, 0 when it does not."""
    tracks, tax, kw, before = one.book.tracks, one.purse.tax, room[0], room[1]
    for month in range(kw.size):
        kw[month] = max((tracks[LIVE, month] - tracks[LEASED, month]) * 1e3, 1e-9)
    with_dark(one.terms[0], one.build, kw)
    for rounds in range(MOST_ROUNDS):
        _per_kw(one.purse.brought[OPERATING], tax, kw, before, case.cash[0])
        size_again(one.terms[0], one.build, sizing, case)
        tax_after(one, case.found, gain, tax)
        if _stands(tax, before):
            return rounds + 1
    return 0


@apart
def _per_kw(operating: Array, tax: Array, kw: Array, before: Array, cash: Array) -> None:
    """Fill in cash after tax per kW in service, and keep the tax."""
    for month in range(cash.size):
        before[month] = tax[month]
        cash[month] = (operating[month] + tax[month]) / kw[month]


@bare
def _stands(tax: Array, before: Array) -> bool:
    """Whether no month's tax has moved."""
    most, moved = 1.0, 0
    for month in range(tax.size):
        most = max(most, abs(tax[month]))
    for month in range(tax.size):
        moved += 0 if abs(tax[month] - before[month]) <= SETTLED * most else 1
    return moved == 0


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
