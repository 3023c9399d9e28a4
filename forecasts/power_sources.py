"""Power by source: what a bridge carries until the grid comes, and what each source costs.

Until the month its grid connection comes a phase runs on rented generators, so far as they reach:
the rest of its racks stands without power. Fuel is paid by energy, rent by power, from the month
the hall is energised. Of what the grid delivers a share may be bought at a price of its own. None
of this is worked out where a scenario states neither.
"""

from forecasts.compiled import Record, apart, bare, whole
from forecasts.hardware import hour_level
from forecasts.lines import LINE
from forecasts.opex import monthly_pue
from forecasts.records import TRACK
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3

LIVE, LEASED, LET = TRACK["live_mw"], TRACK["leased_mw"], TRACK["let_mw"]
INSTALLED, AVAILABLE = TRACK["installed_hours"], TRACK["available_hours"]
CONTRACT_VALUE, MARKET_VALUE = TRACK["contract_value"], TRACK["market_value"]
SOLD_SHARE, TENANTS, OPEX = TRACK["sold_share"], TRACK["tenant_power"], TRACK["opex"]
POWER, BILLED = LINE["power"], LINE["tenant_power"]


@bare
def lit(q: Record, phase: Record, month: int) -> float:
    """Share of a phase's load that has power: all of it once the grid carries it."""
    return q.bridge_power_share if month < phase.grid else 1.0


@bare
def dim(q: Record, site: Record, build: Record, paths: Record, tracks: Array) -> None:
    """Take out what stands without power: load in service, hours, their value.

    Parameters
    ----------
    q, site, build, paths
        Assumptions, roadmap, phases and cohorts, drivers.
    tracks : (track, month) array
        As `revenue.serve` left them.
    """
    if 0 < q.bridge_power_share < 1:
        _dim(q, site, build, paths, tracks)


@apart
def _dim(q: Record, site: Record, build: Record, paths: Record, tracks: Array) -> None:
    months, dark = tracks.shape[1], 1 - q.bridge_power_share
    ramp, term = max(whole(q.ramp_months), 1), max(whole(q.contract_months), 1)
    price = paths.gpu_price
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        rack = site.roadmap[cohort.generation]
        level = hour_level(q, rack, price) * dark
        launch, hours = min(max(rack.launch, 0), months - 1), cohort.gpus * HOURS_PER_MONTH
        until = min(min(cohort.end, build.phases[cohort.phase].grid), months)
        for month in range(cohort.live, until):
            gone = month - cohort.live
            new = 1.0 if cohort.is_refresh else min((gone + 1) / ramp, 1.0)
            ready = hours * q.availability * new
            signed = price[max(cohort.live + gone // term * term, launch)]
            tracks[LIVE, month] -= cohort.kw / KW_PER_MW * dark
            tracks[INSTALLED, month] -= hours * dark
            tracks[AVAILABLE, month] -= ready * dark
            tracks[CONTRACT_VALUE, month] -= ready * level * signed
            tracks[MARKET_VALUE, month] -= ready * level * price[max(month, launch)]


@bare
def with_dark(q: Record, build: Record, kw: Array) -> None:
    """Add the racks that stand without power to the kW in service: each of them carries debt.

    Parameters
    ----------
    q, build
        Assumptions, phases and cohorts.
    kw : (month,) array
        IT power in service, added to.
    """
    if 0 < q.bridge_power_share < 1:
        _with_dark(q, build, kw)


@apart
def _with_dark(q: Record, build: Record, kw: Array) -> None:
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        until = min(min(cohort.end, build.phases[cohort.phase].grid), kw.size)
        for month in range(cohort.live, until):
            kw[month] += cohort.kw * (1 - q.bridge_power_share)


@bare
def bill(q: Record, build: Record, paths: Record, book: Record) -> None:
    """Put what other sources cost more or less on the power of tenants' racks, and bill it.

    Parameters
    ----------
    q, build, paths
        Assumptions, phases and cohorts, drivers.
    book : Book
        As `lease.host` left it.
    """
    if (q.bridge_power_share > 0 or q.ppa_share > 0) and q.lease_share > 0:
        _bill(q, build, paths, (book.lines, book.tracks, book.work))


@apart
def _bill(q: Record, build: Record, paths: Record, book: tuple[Array, Array, Array]) -> None:
    lines, tracks, work = book
    pue, above = work[0], work[1]
    monthly_pue(q, paths.temperature, pue)
    _surcharge(q, build, paths, tracks[LIVE], above)
    for month in range(above.size):
        load = tracks[LET, month] * q.busy_power_share * pue[month]
        tracks[TENANTS, month] += load * above[month]
        lines[BILLED, month] = tracks[TENANTS, month] * q.lease_power_billed


@bare
def source(q: Record, build: Record, paths: Record, book: Record) -> None:
    """Put on power what its sources cost beside the grid's price: fuel, rent, energy bought.

    Parameters
    ----------
    q, build, paths
        Assumptions, phases and cohorts, drivers.
    book : Book
        As `opex.operate` left it: power at the grid's price, tenants' at what it costs.
    """
    if q.bridge_power_share > 0 or q.ppa_share > 0:
        _source(q, build, paths, (book.lines, book.tracks, book.work))


@apart
def _source(q: Record, build: Record, paths: Record, book: tuple[Array, Array, Array]) -> None:
    lines, tracks, work = book
    pue, above, rent = work[0], work[1], work[2]
    monthly_pue(q, paths.temperature, pue)
    _surcharge(q, build, paths, tracks[LIVE], above)
    _rent(q, build, rent)
    idle, busy = q.idle_power_share, q.busy_power_share - q.idle_power_share
    for month in range(above.size):
        own = tracks[LIVE, month] - tracks[LEASED, month]
        load = own * (idle + busy * tracks[SOLD_SHARE, month]) * pue[month]
        cost = load * above[month] + rent[month]
        lines[POWER, month] -= cost
        tracks[OPEX, month] -= cost


@bare
def _surcharge(q: Record, build: Record, paths: Record, live: Array, found: Array) -> None:
    """Fill in what a MW-month costs above the grid's price, USD, from the mix of each month."""
    unit = KW_PER_MW * HOURS_PER_MONTH
    tariff = q.power_price * (1 + q.power_price_change) * unit
    bridged_mw(q, build, found)
    for month in range(found.size):
        level = (1 + q.inflation) ** (month / MONTHS_PER_YEAR) * unit
        grid = tariff * paths.power[month] * (1 + q.power_local_share * (paths.local[month] - 1))
        part = min(found[month] / live[month], 1.0) if live[month] > 0 else 0.0
        bought = q.ppa_share * (q.ppa_price * level - grid)
        found[month] = part * (q.bridge_fuel_cost * level - grid) + (1 - part) * bought


@bare
def bridged_mw(q: Record, build: Record, found: Array) -> None:
    """Fill in the IT load that generators carry in each month, tenants' space included."""
    for month in range(found.size):
        found[month] = 0.0
    share = q.bridge_power_share
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        until = min(min(cohort.end, build.phases[cohort.phase].grid), found.size)
        for month in range(cohort.live, until):
            found[month] += cohort.kw / KW_PER_MW * share
    for place in range(build.made[0]):
        phase = build.phases[place]
        for month in range(phase.live, min(phase.grid, found.size)):
            found[month] += phase.leased_mw * share


@bare
def _rent(q: Record, build: Record, found: Array) -> None:
    """Fill in the rent of generators by month, from an energised hall to its grid connection."""
    for month in range(found.size):
        found[month] = 0.0
    rent = q.bridge_power_share * q.pue * KW_PER_MW * q.bridge_rent
    for place in range(build.made[0]):
        phase = build.phases[place]
        for month in range(phase.energised, min(phase.grid, found.size)):
            found[month] += phase.it_mw * rent * (1 + q.inflation) ** (month / MONTHS_PER_YEAR)
