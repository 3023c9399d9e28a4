"""Capex by line: what is paid for facility, land and racks, and when. Costs are negative cash."""

import numpy as np

from forecasts.compiled import Record, bare
from forecasts.hardware import rack_price_per_kw
from forecasts.lines import LINE
from forecasts.records import TRACK
from forecasts.units import MONTHS_PER_YEAR, Array

WATTS_PER_MW = 1e6
KW_PER_MW = 1e3

RACKS, NETWORK_STORAGE = LINE["racks"], LINE["network_storage"]
INTEGRATION, SECURITY_PLATFORM = LINE["integration"], LINE["security_platform"]
FREIGHT_DUTY, REFRESH = LINE["freight_duty"], LINE["refresh"]
SHELL, ELECTRICAL, COOLING = LINE["shell"], LINE["electrical"], LINE["cooling"]
GRID_CONNECTION, LAND = LINE["grid_connection"], LINE["land"]
CONTINGENCY, OWNERS_COST, GRANTS = LINE["contingency"], LINE["owners_cost"], LINE["grants"]


CAPEX = TRACK["capex"]


@bare
def progress(month: int, start: int, end: int) -> float:
    """Share of a cost paid before a month: slow, fast, slow (3x² - 2x³) from start to end.

    Equal months mean a single payment in that month.
    """
    done = min(max((month - start) / max(end - start, 1), 0.0), 1.0)
    return done**2 * (3 - 2 * done)


def s_curve(start: int, end: int, months: int) -> Array:
    """Share of a cost paid in each month, (month,); it sums to 1 when `end` lies within."""
    paid = [progress(month, start, end) for month in range(months + 1)]
    return np.diff(np.array(paid))


@bare
def facility(q: Record, build: Record, paths: Record, book: Record, uses: Array) -> None:
    """Facility and land of every phase: cost, and spending by line.

    Parameters
    ----------
    q, build, paths
        Assumptions, phases (their costs are filled in), drivers.
    book : Book
        Spending is taken from its lines and from their sum.
    uses : (cohort, month) array
        Spending by the cohort that opens with the phase; (0, 0) when nobody asks.
    """
    lines, spent = book.lines, book.tracks[CAPEX]
    per_mw = q.build_cost * (1 + q.ai_build_premium) * WATTS_PER_MW
    cooling = 1 - q.shell_cost_share - q.electrical_cost_share
    extra = q.contingency_share + q.owners_cost_share
    opening = 0
    for place in range(build.made[0]):
        phase = build.phases[place]
        midway = (phase.construction + phase.energised) / 2 / MONTHS_PER_YEAR
        inflation = (1 + q.construction_inflation) ** midway
        plant = phase.it_mw * per_mw * inflation
        grid = phase.it_mw * KW_PER_MW * q.pue * q.grid_connection_cost * inflation
        land = phase.it_mw * q.land_area * q.land_price * paths.local[phase.decision]
        while build.cohorts[opening].phase != place or build.cohorts[opening].is_refresh:
            opening += 1
        total, before = 0.0, 0.0
        for month in range(phase.construction, max(phase.energised, phase.construction + 1)):
            after = progress(month + 1, phase.construction, phase.energised)
            share = (after - before) * (1 + q.local_build_share * (paths.local[month] - 1))
            before = after
            if book.itemised:
                lines[SHELL, month] -= plant * q.shell_cost_share * share
                lines[ELECTRICAL, month] -= plant * q.electrical_cost_share * share
                lines[COOLING, month] -= plant * cooling * share
                lines[GRID_CONNECTION, month] -= grid * share
                lines[CONTINGENCY, month] -= (plant + grid) * q.contingency_share * share
                lines[OWNERS_COST, month] -= (plant + grid) * q.owners_cost_share * share
            cost = (plant + grid) * (1 + extra) * share
            lines[GRANTS, month] += cost * q.grant_share
            spent[month] -= cost
            total += cost
            if uses.size > 0:
                uses[opening, month] += cost * (1 - q.grant_share)
        if book.itemised:
            lines[LAND, phase.decision] -= land
        spent[phase.decision] -= land
        lines[GRANTS, phase.decision] += land * q.grant_share
        if uses.size > 0:
            uses[opening, phase.decision] += land * (1 - q.grant_share)
        build.facility_usd[place] = total
        build.land_usd[place] = land


@bare
def hardware(
    q: Record, site: Record, build: Record, paths: Record, book: Record, uses: Array
) -> None:
    """Racks of every cohort and all that comes with them: cost, deposit and payment.

    The deposit is paid at order, the rest at delivery, at the price of the month of delivery. What
    replaces other racks is one line, `refresh`.

    Parameters
    ----------
    q, site, build, paths
        Assumptions, roadmap, cohorts (their costs are filled in), drivers.
    book, uses
        As in `facility`.
    """
    lines, spent = book.lines, book.tracks[CAPEX]
    bringing = (1 + q.network_storage_share) * (q.freight_share + q.import_duty)
    extras = q.network_storage_share + q.integration_share + q.security_platform_share + bringing
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        rack = site.roadmap[cohort.generation]
        due = min(cohort.delivery, paths.rack_price.size - 1)
        per_kw = rack_price_per_kw(q, rack, cohort.delivery) * paths.rack_price[due]
        racks = cohort.kw * per_kw
        build.racks_usd[place] = racks
        build.hardware_usd[place] = racks * (1 + extras)
        for payment in range(2):
            month = cohort.order if payment == 0 else cohort.delivery
            share = q.rack_deposit_share if payment == 0 else 1 - q.rack_deposit_share
            if month >= spent.size:
                continue
            paid = racks * share
            if uses.size > 0:
                kept = 1.0 if cohort.is_refresh else 1 - q.grant_share
                uses[place, month] += paid * (1 + extras) * kept
            if cohort.is_refresh:
                lines[REFRESH, month] -= paid * (1 + extras)
                continue
            if book.itemised:
                lines[RACKS, month] -= paid
                lines[NETWORK_STORAGE, month] -= paid * q.network_storage_share
                lines[INTEGRATION, month] -= paid * q.integration_share
                lines[SECURITY_PLATFORM, month] -= paid * q.security_platform_share
                lines[FREIGHT_DUTY, month] -= paid * bringing
            lines[GRANTS, month] += paid * (1 + extras) * q.grant_share
            spent[month] -= paid * (1 + extras)
