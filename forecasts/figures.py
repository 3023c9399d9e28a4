"""The sums behind every return metric of one factory on one path, in one pass over its months."""

import numpy as np

from forecasts.compiled import Rows, apart, bare, summing
from forecasts.exponential import powers
from forecasts.kernel import (
    CAPEX,
    GRANTS,
    NET,
    OPEX,
    REFRESH,
    RESALE,
    REVENUE,
    TERMINAL,
    Factory,
)
from forecasts.lines import LINE
from forecasts.loans import senior_rate
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
    "least_yearly_cover",
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
YEARLY = FIGURE["least_yearly_cover"]
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
RENT, BILLED = LINE["lease_rent"], LINE["tenant_power"]

CLOUD, DELIVERY, OVERHEAD, LICENCE = (
    LINE["cloud_platform"],
    LINE["services_delivery"],
    LINE["overhead"],
    LINE["model_licence"],
)

SMALLEST_SERVICE = 1.0
"""USD a month up to which nothing is owed: cash over less is no cover."""

MOST_STEPS = 60
"""Steps of the search for the break-even price."""

NEVER = -1.0
"""Payback that does not come, a price that does not exist."""


@bare
def figure_project(one: Factory, factors: Array, found: Array) -> None:
    """Fill in what is summed before finance."""
    lines, tracks = one.book.lines, one.book.tracks
    _figure_lines(lines, tracks, factors, found)
    if one.terms[0].lease_share > 0:
        _figure_lease(one.terms[0].overhead_share, lines, factors, found)
    _figure_cash(tracks[NET], factors, found)
    _figure_hours(tracks, factors, found)


@summing
def _figure_lines(lines: Array, tracks: Array, factors: Array, found: Array) -> None:
    """Fill in present values and sums of lines."""
    received = varied = fixed = spent = ran = 0.0
    for month in range(factors.size):
        df, revenue, opex = factors[month], tracks[REVENUE, month], tracks[OPEX, month]
        variable = lines[CLOUD, month] + lines[DELIVERY, month]
        variable += lines[OVERHEAD, month] + lines[LICENCE, month]
        receipts = lines[GRANTS, month] + lines[RESALE, month] + lines[TERMINAL, month]
        invested = tracks[CAPEX, month] + lines[REFRESH, month]
        received += revenue * df
        varied -= variable * df
        fixed -= (opex - variable + invested + receipts) * df
        spent -= tracks[CAPEX, month]
        ran -= opex
    found[PV_REVENUE], found[PV_VARIABLE], found[PV_FIXED] = received, varied, fixed
    found[CAPITAL], found[RUNNING] = spent, ran


@bare
def _figure_lease(general: float, lines: Array, factors: Array, found: Array) -> None:
    """Take what tenants pay out of the price of hours, and credit it against their cost."""
    for month in range(factors.size):
        paid, df = lines[RENT, month] + lines[BILLED, month], factors[month]
        administered = lines[RENT, month] * general * df
        found[PV_REVENUE] -= paid * df
        found[PV_VARIABLE] -= administered
        found[PV_FIXED] -= paid * df - administered
        found[RUNNING] -= paid


@bare
def _figure_cash(net: Array, factors: Array, found: Array) -> None:
    """Fill in value, what is paid in and out, and the months of payback."""
    end = net.size - 1
    paid_in = paid_out = cumulative = discounted = lowest = 0.0
    below, discounted_below = -1, -1
    for month in range(end + 1):
        paid_in += max(-net[month], 0.0)
        paid_out += max(net[month], 0.0)
        cumulative += net[month]
        discounted += net[month] * factors[month]
        lowest = min(lowest, cumulative)
        if cumulative < 0:
            below = month
        if discounted < 0:
            discounted_below = month
    found[PAID_IN], found[PAID_OUT] = paid_in, paid_out
    found[NPV], found[PEAK] = discounted, -lowest
    found[PAYBACK] = NEVER if below < 0 or below >= end - 1 else below + 1
    late = discounted_below < 0 or discounted_below >= end - 1
    found[DISCOUNTED] = NEVER if late else discounted_below + 1


@summing
def _figure_hours(tracks: Array, factors: Array, found: Array) -> None:
    """Fill in hours, and how capacity meets demand while anything is live."""
    pv_sold = pv_available = pv_installed = installed = sold = 0.0
    wanted = met = stood = 0.0
    for month in range(tracks.shape[1]):
        df, live, demand = factors[month], tracks[T_LIVE, month], tracks[T_DEMAND, month]
        pv_sold += tracks[T_SOLD, month] * df
        pv_available += tracks[T_AVAILABLE, month] * df
        pv_installed += tracks[T_INSTALLED, month] * df
        installed += tracks[T_INSTALLED, month]
        sold += tracks[T_SOLD, month]
        if live > 0:
            wanted += demand
            met += min(demand, live)
            stood += live
    found[PV_HOURS], found[PV_AVAILABLE], found[PV_INSTALLED] = pv_sold, pv_available, pv_installed
    found[INSTALLED_HOURS], found[SOLD_HOURS] = installed, sold
    found[WANTED], found[MET], found[LIVE] = wanted, met, stood


@bare
def loan_rate(one: Factory) -> float:
    """Monthly interest of all loans together, weighed by what was lent."""
    q, sizes = one.terms[0], one.loans.size_usd
    senior = soft = junior = 0.0
    for place in range(sizes.shape[0]):
        senior += sizes[place, 0]
        soft += sizes[place, 1]
        junior += sizes[place, 2]
    paid = senior * senior_rate(q) + soft * q.concessional_rate + junior * q.mezzanine_rate
    return float(paid / max(senior + soft + junior, 1e-9) / MONTHS_PER_YEAR)


@bare
def figure_finance(one: Factory, finance: Array, found: Array) -> None:
    """Fill in what is summed after finance; cash is discounted at the loans' average rate."""
    service, worth, cover = one.book.work[0], one.book.work[1], one.book.work[2]
    begin, last = _served(finance[F_INTEREST], finance[F_PRINCIPAL], service)
    step = 1 / (1 + loan_rate(one))
    powers(step, step, worth[begin:])
    months = (finance[CFADS], service, worth)
    _figure_covers(one.terms[0].covenant_dscr, months, (begin, last), cover, found)
    least = np.inf
    for month in range(begin, last + 1):
        least = min(least, cover[month])
    found[LEAST] = least
    found[YEARLY] = _least_yearly(finance[CFADS], service, begin, last)
    _figure_owners(finance, found)


@apart
def _served(interest: Array, principal: Array, service: Array) -> tuple[int, int]:
    """Fill in service by month; return its first and last month."""
    begin, last = service.size, -1
    for month in range(service.size):
        service[month] = interest[month] + principal[month]
    for month in range(service.size):
        if service[month] > SMALLEST_SERVICE:
            begin, last = min(begin, month), month
    return begin, last


@summing
def _figure_covers(
    covenant: float, months: Rows, span: tuple[int, int], cover: Array, found: Array
) -> None:
    """Fill in cover by month, infinite without service, and what is summed of it and of cash."""
    earned, service, worth = months
    begin, last = span
    covers = served = breaches = pv_cash = pv_loan = pv_service = 0.0
    for month in range(begin, last + 1):
        cash, due = earned[month], service[month]
        serves = due > SMALLEST_SERVICE
        ratio = cash / due if serves else np.inf
        cover[month] = ratio
        covers += ratio if serves else 0.0
        served += 1.0 if serves else 0.0
        breaches += 1.0 if ratio < covenant else 0.0
        pv_loan += cash * worth[month]
        pv_service += due * worth[month]
    for month in range(max(last + 1, begin), earned.size):
        pv_cash += earned[month] * worth[month]
    found[COVERS], found[SERVED], found[BREACHES] = covers, served, breaches
    found[PV_PROJECT], found[PV_LOAN], found[PV_SERVICE] = pv_cash + pv_loan, pv_loan, pv_service


@bare
def _least_yearly(earned: Array, due: Array, begin: int, last: int) -> float:
    """Lowest cash over service of any twelve months, the first year from first cash; inf if none.

    Lenders test the past twelve months, for the first time a year after the start.
    """
    first = begin
    while first <= last and earned[first] <= 0:
        first += 1
    least, cash, service = np.inf, 0.0, 0.0
    for month in range(first, last + 1):
        cash += earned[month]
        service += due[month]
        if month >= first + MONTHS_PER_YEAR:
            cash -= earned[month - MONTHS_PER_YEAR]
            service -= due[month - MONTHS_PER_YEAR]
        if month >= first + MONTHS_PER_YEAR - 1 and service > SMALLEST_SERVICE:
            least = min(least, cash / service)
    return least


@summing
def _figure_owners(finance: Array, found: Array) -> None:
    """Fill in what is lent, and what owners pay in and get."""
    debt = uses = equity_in = equity_out = support = 0.0
    for month in range(finance.shape[1]):
        drawn, cash = finance[F_DRAWN, month], finance[F_EQUITY, month]
        debt += drawn
        uses += drawn + finance[F_PAID_IN, month]
        equity_in += max(-cash, 0.0)
        equity_out += max(cash, 0.0)
        support += finance[F_SUPPORT, month]
    found[DEBT], found[USES], found[SUPPORT] = debt, uses, support
    found[EQUITY_IN], found[EQUITY_OUT] = equity_in, equity_out
