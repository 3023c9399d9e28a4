"""Colocation: powered space let to tenants who bring racks of their own.

Tenants pay rent for power and their own energy. Their space needs no racks, but a hall, crew,
upkeep, tax and insurance like the rest. The largest part of the rent never depends on the price of
an hour, which is why lenders count a lease as a contract.
"""

from forecasts.compiled import Record, bare, whole
from forecasts.lines import LINE
from forecasts.opex import monthly_pue
from forecasts.power_sources import lit
from forecasts.receipts import hall_left
from forecasts.records import TRACK
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3

DEMAND, LIVE = TRACK["demand_mw"], TRACK["live_mw"]
LEASED, LET, TENANTS = TRACK["leased_mw"], TRACK["let_mw"], TRACK["tenant_power"]
FACILITY, HARDWARE = TRACK["facility_usd"], TRACK["hardware_usd"]

RENT, BILLED, TERMINAL = LINE["lease_rent"], LINE["tenant_power"], LINE["terminal_value"]
STAFF, SECURITY, COMPLIANCE = LINE["staff"], LINE["security_operations"], LINE["compliance"]
UPKEEP, TAXED, CONNECTIVITY = LINE["maintenance"], LINE["property_tax"], LINE["connectivity"]
INSURANCE = LINE["insurance"]


@bare
def host(q: Record, build: Record, paths: Record, book: Record) -> None:
    """Let the space kept for tenants: load in service, what is let, rent, their power.

    A phase's space is let up along a straight line, less vacancy; its rent steps on the
    anniversary of its own first month. Tenants are part of the demand for the factory and are
    served first: no more is let than is wanted.

    Parameters
    ----------
    q, build, paths
        Assumptions, phases, drivers.
    book : Book
        Rent and billed power are added to; live load grows by the space for tenants; demand is
        read.
    """
    lines, tracks = book.lines, book.tracks
    months, up = tracks.shape[1], max(whole(q.lease_up_months), 1)
    live, leased, let = tracks[LIVE], tracks[LEASED], tracks[LET]
    rent, step = lines[RENT], 1 + q.lease_escalator
    for place in range(build.made[0]):
        phase = build.phases[place]
        begun = q.lease_rent * KW_PER_MW * (1 + q.inflation) ** (phase.live / MONTHS_PER_YEAR)
        for month in range(phase.live, months):
            gone, space = month - phase.live, phase.leased_mw * lit(q, phase, month)
            taken = space * (1 - q.lease_vacancy) * min((gone + 1) / up, 1.0)
            live[month] += space
            leased[month] += space
            let[month] += taken
            rent[month] += taken * begun * step ** (gone // MONTHS_PER_YEAR)
    for month in range(months):
        wanted = tracks[DEMAND, month]
        if let[month] > wanted:
            rent[month] *= wanted / let[month]
            let[month] = wanted
    _energy(q, paths, lines, tracks, book.work[0])


@bare
def _energy(q: Record, paths: Record, lines: Array, tracks: Array, pue: Array) -> None:
    """Fill in the power of the tenants' racks, at work all the time, and what they are billed."""
    monthly_pue(q, paths.temperature, pue)
    tariff = q.power_price * (1 + q.power_price_change) * KW_PER_MW * HOURS_PER_MONTH
    home, draw = q.power_local_share, q.busy_power_share
    for month in range(pue.size):
        price = tariff * paths.power[month] * (1 + home * (paths.local[month] - 1))
        tracks[TENANTS, month] = tracks[LET, month] * draw * pue[month] * price
        lines[BILLED, month] = tracks[TENANTS, month] * q.lease_power_billed


@bare
def net_rent(q: Record, lines: Array, tracks: Array, month: int) -> float:
    """Return what is left of a month's rent: less tenants' power not billed, and their share.

    Their share, by power in service, of crew, security, compliance, upkeep, property tax,
    connectivity and the facility's insurance; and administration.
    """
    if tracks[LEASED, month] <= 0:
        return 0.0
    people = lines[STAFF, month] + lines[SECURITY, month] + lines[COMPLIANCE, month]
    plant = lines[UPKEEP, month] + lines[TAXED, month] + lines[CONNECTIVITY, month]
    insured = tracks[FACILITY, month] + tracks[HARDWARE, month]
    if insured > 0:
        plant += lines[INSURANCE, month] * tracks[FACILITY, month] / insured
    shared = (people + plant) * tracks[LEASED, month] / tracks[LIVE, month]
    energy = lines[BILLED, month] - tracks[TENANTS, month]
    return float(lines[RENT, month] * (1 - q.overhead_share) + energy + shared)


@bare
def sell_let(q: Record, build: Record, lines: Array, tracks: Array) -> None:
    """Value the space for tenants by its income: net rent of the last year over the cap rate.

    It takes the place of what is left of that share of facility and land. Without a cap rate, that
    stays.
    """
    if q.lease_cap_rate <= 0:
        return
    months = lines.shape[1]
    income, replaced = 0.0, 0.0
    for month in range(months - MONTHS_PER_YEAR, months):
        income += net_rent(q, lines, tracks, month)
    for place in range(build.made[0]):
        phase = build.phases[place]
        replaced += hall_left(q, build, place, months) * phase.leased_mw / phase.it_mw
    lines[TERMINAL, months - 1] += max(income, 0.0) / q.lease_cap_rate - replaced
