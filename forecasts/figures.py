"""The sums behind every return metric of one factory on one path, in one pass over its months."""

import numpy as np

from forecasts.break_even import break_even
from forecasts.capex import REFRESH
from forecasts.cases import Inputs, Outputs, factory, late
from forecasts.compiled import compiled
from forecasts.kernel import (
    ALL_LINES,
    ALL_TRACKS,
    CAPEX,
    FIRST_CAPEX,
    GRANTS,
    RESALE,
    TERMINAL,
    Factory,
    project,
)
from forecasts.lines import LINE
from forecasts.loans import senior_rate
from forecasts.receipts import opex_of, revenue_of
from forecasts.records import TRACK
from forecasts.units import MONTHS_PER_YEAR, Array
from forecasts.waterfall import (
    CFADS,
    F_DRAWN,
    F_EQUITY,
    F_INTEREST,
    F_PAID_IN,
    F_PRINCIPAL,
    F_SUPPORT,
)

FIGURES = (
    "npv",
    "pv_revenue",
    "pv_variable",
    "pv_fixed",
    "pv_hours",
    "pv_available",
    "pv_installed",
    "paid_in",
    "paid_out",
    "peak",
    "payback",
    "discounted_payback",
    "capex",
    "opex",
    "installed_hours",
    "sold_hours",
    "wanted_mw_months",
    "met_mw_months",
    "live_mw_months",
    "least_cover",
    "service_months",
    "sum_of_covers",
    "breaches",
    "pv_loan_cash",
    "pv_project_cash",
    "pv_service",
    "debt",
    "uses",
    "equity_in",
    "equity_out",
    "support",
    "break_even_scale",
    "delay_cost",
)
"""What is summed; months count from 0, covers are ratios, the rest is USD, hours or MW-months."""

FIGURE = {name: place for place, name in enumerate(FIGURES)}
"""Place of each."""

NPV, PV_REVENUE, PV_VARIABLE, PV_FIXED = (
    FIGURE["npv"],
    FIGURE["pv_revenue"],
    FIGURE["pv_variable"],
    FIGURE["pv_fixed"],
)
PV_HOURS, PV_AVAILABLE, PV_INSTALLED = (
    FIGURE["pv_hours"],
    FIGURE["pv_available"],
    FIGURE["pv_installed"],
)
PAID_IN, PAID_OUT, PEAK = FIGURE["paid_in"], FIGURE["paid_out"], FIGURE["peak"]
PAYBACK, DISCOUNTED = FIGURE["payback"], FIGURE["discounted_payback"]
CAPITAL, RUNNING = FIGURE["capex"], FIGURE["opex"]
INSTALLED_HOURS, SOLD_HOURS = FIGURE["installed_hours"], FIGURE["sold_hours"]
WANTED, MET, LIVE = (
    FIGURE["wanted_mw_months"],
    FIGURE["met_mw_months"],
    FIGURE["live_mw_months"],
)
LEAST, SERVED, COVERS, BREACHES = (
    FIGURE["least_cover"],
    FIGURE["service_months"],
    FIGURE["sum_of_covers"],
    FIGURE["breaches"],
)
PV_LOAN, PV_PROJECT, PV_SERVICE = (
    FIGURE["pv_loan_cash"],
    FIGURE["pv_project_cash"],
    FIGURE["pv_service"],
)
DEBT, USES, EQUITY_IN, EQUITY_OUT = (
    FIGURE["debt"],
    FIGURE["uses"],
    FIGURE["equity_in"],
    FIGURE["equity_out"],
)
SUPPORT, SCALE, DELAY = FIGURE["support"], FIGURE["break_even_scale"], FIGURE["delay_cost"]

T_DEMAND, T_LIVE = TRACK["demand_mw"], TRACK["live_mw"]
T_INSTALLED, T_AVAILABLE, T_SOLD = (
    TRACK["installed_hours"],
    TRACK["available_hours"],
    TRACK["sold_hours"],
)
OVER = TRACK["written_off_at_end"]
CONTRACTED, MERCHANT = LINE["contracted_compute"], LINE["merchant_compute"]

CLOUD, DELIVERY, OVERHEAD, LICENCE = (
    LINE["cloud_platform"],
    LINE["services_delivery"],
    LINE["overhead"],
    LINE["model_licence"],
)

SMALLEST_SERVICE = 1e-6
"""USD a month below which nothing is owed."""

MOST_STEPS = 60
"""Steps of the search for the break-even price."""

NEVER = -1.0
"""Payback that does not come, a price that does not exist."""


@compiled
def net_of(lines: Array, month: int) -> float:
    """Free cash flow of a month, before finance."""
    total = 0.0
    for place in range(ALL_LINES):
        total += lines[place, month]
    return total


@compiled
def figure_project(one: Factory, factors: Array, found: Array) -> None:
    """Fill in what is summed before finance."""
    lines = one.book.lines
    for month in range(lines.shape[1]):
        df = factors[month]
        revenue, opex = revenue_of(lines, month), opex_of(lines, month)
        variable = -(lines[CLOUD, month] + lines[DELIVERY, month])
        variable -= lines[OVERHEAD, month] + lines[LICENCE, month]
        first_time = 0.0
        for place in range(FIRST_CAPEX, FIRST_CAPEX + CAPEX):
            first_time -= lines[place, month]
        receipts = lines[GRANTS, month] + lines[RESALE, month] + lines[TERMINAL, month]
        fixed = -opex - variable + first_time - lines[REFRESH, month] - receipts
        found[PV_REVENUE] += revenue * df
        found[PV_VARIABLE] += variable * df
        found[PV_FIXED] += fixed * df
        found[CAPITAL] += first_time
        found[RUNNING] -= opex
    _figure_cash(lines, factors, found)
    _figure_hours(one.book.tracks, factors, found)


@compiled
def _figure_cash(lines: Array, factors: Array, found: Array) -> None:
    """Fill in value, what is paid in and out, and the months of payback."""
    end = lines.shape[1] - 1
    cumulative = discounted = 0.0
    below, discounted_below = -1, -1
    for month in range(end + 1):
        net = net_of(lines, month)
        found[PAID_IN] += max(-net, 0.0)
        found[PAID_OUT] += max(net, 0.0)
        cumulative += net
        discounted += net * factors[month]
        found[PEAK] = max(found[PEAK], -cumulative)
        if cumulative < 0:
            below = month
        if discounted < 0:
            discounted_below = month
    found[NPV] = discounted
    found[PAYBACK] = NEVER if below < 0 or below >= end - 1 else below + 1
    late = discounted_below < 0 or discounted_below >= end - 1
    found[DISCOUNTED] = NEVER if late else discounted_below + 1


@compiled
def _figure_hours(tracks: Array, factors: Array, found: Array) -> None:
    """Fill in hours, and how capacity meets demand while anything is live."""
    for month in range(tracks.shape[1]):
        df, live, demand = factors[month], tracks[T_LIVE, month], tracks[T_DEMAND, month]
        found[PV_HOURS] += tracks[T_SOLD, month] * df
        found[PV_AVAILABLE] += tracks[T_AVAILABLE, month] * df
        found[PV_INSTALLED] += tracks[T_INSTALLED, month] * df
        found[INSTALLED_HOURS] += tracks[T_INSTALLED, month]
        found[SOLD_HOURS] += tracks[T_SOLD, month]
        if live > 0:
            found[WANTED] += demand
            found[MET] += min(demand, live)
            found[LIVE] += live


@compiled
def loan_rate(one: Factory) -> float:
    """Monthly interest of all loans together, weighed by what was lent."""
    q, sizes = one.terms[0], one.loans.size_usd
    senior, soft, junior = sizes[:, 0].sum(), sizes[:, 1].sum(), sizes[:, 2].sum()
    paid = senior * senior_rate(q) + soft * q.concessional_rate + junior * q.mezzanine_rate
    return float(paid / max(senior + soft + junior, 1e-9) / MONTHS_PER_YEAR)


@compiled
def figure_finance(one: Factory, finance: Array, found: Array) -> None:
    """Fill in what is summed after finance; cash is discounted at the loans' average rate."""
    q = one.terms[0]
    rate = loan_rate(one)
    months = finance.shape[1]
    last = -1
    for month in range(months):
        if finance[F_INTEREST, month] + finance[F_PRINCIPAL, month] > SMALLEST_SERVICE:
            last = month
    found[LEAST] = np.inf
    worth, begun = 1.0, False
    for month in range(months):
        service = finance[F_INTEREST, month] + finance[F_PRINCIPAL, month]
        cash = finance[CFADS, month]
        if service > SMALLEST_SERVICE:
            begun = True
            cover = cash / service
            found[LEAST] = min(found[LEAST], cover)
            found[COVERS] += cover
            found[SERVED] += 1
            if cover < q.covenant_dscr:
                found[BREACHES] += 1
        if begun:
            worth /= 1 + rate
            found[PV_PROJECT] += cash * worth
            if month <= last:
                found[PV_LOAN] += cash * worth
                found[PV_SERVICE] += service * worth
        found[DEBT] += finance[F_DRAWN, month]
        found[USES] += finance[F_DRAWN, month] + finance[F_PAID_IN, month]
        found[EQUITY_IN] += max(-finance[F_EQUITY, month], 0.0)
        found[EQUITY_OUT] += max(finance[F_EQUITY, month], 0.0)
        found[SUPPORT] += finance[F_SUPPORT, month]


@compiled
def figures(
    given: Inputs,
    out: Outputs,
    path: int,
    books: tuple[Array, Array, Array],
    factors: Array,
    found: Array,
) -> None:
    """Fill in `FIGURES` for every factory on one path, (factory, figure).

    Parameters
    ----------
    given, out, path, books
        As in `kernel.follow`, which has filled the books.
    factors : (factory, month) array
        Discount factors.
    found : (factory, figure) array
        Filled; must hold zeros.
    """
    months = factors.shape[1]
    for row in range(found.shape[0]):
        one = factory(given, out, row, path, books[0][row], (books[1][row], books[2][row]))
        figure_project(one, factors[row], found[row])
        figure_finance(one, books[2][row], found[row])
        end = months - 1
        gain = books[0][row][TERMINAL, end] - one.build.land_usd[: one.build.made[0]].sum()
        gain -= books[1][row][OVER, end]
        found[row, SCALE] = break_even(one, gain, factors[row], found[row, NPV])
        fresh = (np.zeros((ALL_TRACKS, months)), np.zeros((0, 0)))
        other = factory(given, out, row, path, np.zeros((ALL_LINES, months)), fresh)
        slipped = late(other, 1)
        project(slipped, np.zeros((0, 0)))
        npv = 0.0
        for month in range(months):
            npv += net_of(slipped.book.lines, month) * factors[row, month]
        found[row, DELAY] = found[row, NPV] - npv
