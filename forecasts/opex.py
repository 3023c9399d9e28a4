"""Opex by line: what running the factory costs, month by month. Costs are negative cash.

What is paid in local currency (power, staff, upkeep, compliance, property tax, connectivity) moves
with the real exchange rate `Paths.local`; the rest is paid in USD.
"""

from forecasts.compiled import Record, bare
from forecasts.lines import LINE
from forecasts.records import TRACK
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3

STRIDE = 16
"""Powers computed side by side."""

LIVE, SOLD_SHARE = TRACK["live_mw"], TRACK["sold_share"]
INSTALLED, HARDWARE, FACILITY = (
    TRACK["installed_hours"],
    TRACK["hardware_usd"],
    TRACK["facility_usd"],
)

UPKEEP, OPEX = TRACK["upkeep_base"], TRACK["opex"]

POWER, STAFF, MAINTENANCE = LINE["power"], LINE["staff"], LINE["maintenance"]
SUPPORT, SOFTWARE, SECURITY = (
    LINE["hardware_support"],
    LINE["software"],
    LINE["security_operations"],
)
COMPLIANCE, INSURANCE, PROPERTY_TAX = LINE["compliance"], LINE["insurance"], LINE["property_tax"]
CONNECTIVITY, CLOUD, DELIVERY = (
    LINE["connectivity"],
    LINE["cloud_platform"],
    LINE["services_delivery"],
)
OVERHEAD, LICENCE = LINE["overhead"], LINE["model_licence"]
CONTRACTED, MERCHANT = LINE["contracted_compute"], LINE["merchant_compute"]
TOKENS, SERVICES, RENT = LINE["tokens"], LINE["services"], LINE["lease_rent"]
LEASED, TENANTS = TRACK["leased_mw"], TRACK["tenant_power"]
FIRST_OPEX, LAST_OPEX = POWER, OVERHEAD


@bare
def stand(q: Record, build: Record, tracks: Array) -> None:
    """Fill in the cost of the facilities in use, by month, and what their upkeep grows from.

    Upkeep rises with prices from the middle of construction, when the cost was paid.
    """
    for place in range(build.made[0]):
        phase, cost = build.phases[place], build.facility_usd[place]
        paid = (phase.construction + phase.energised) / 2 / MONTHS_PER_YEAR
        base = cost / (1 + q.inflation) ** paid
        for month in range(phase.live, tracks.shape[1]):
            tracks[FACILITY, month] += cost
            tracks[UPKEEP, month] += base


@bare
def operate(q: Record, paths: Record, lines: Array, tracks: Array, level: Array) -> None:
    """Fill in every running cost.

    Parameters
    ----------
    q, paths
        Assumptions and drivers.
    lines : (line, month) array
        Filled; revenue is read from it.
    tracks : (track, month) array
        What is live, sold and in use.
    level : (month,) array
        Room to work in.
    """
    _facility(q, paths, lines, tracks, level)
    _people(q, paths, lines, tracks, level)
    _machines(q, paths, lines, tracks, level)
    _selling(q, lines)
    opex = tracks[OPEX]
    for month in range(opex.size):
        people = lines[STAFF, month] + lines[SECURITY, month] + lines[COMPLIANCE, month]
        plant = lines[MAINTENANCE, month] + lines[PROPERTY_TAX, month] + lines[INSURANCE, month]
        machines = lines[POWER, month] + lines[SUPPORT, month] + lines[SOFTWARE, month]
        selling = lines[CLOUD, month] + lines[DELIVERY, month] + lines[OVERHEAD, month]
        beside = lines[CONNECTIVITY, month] + lines[LICENCE, month]
        opex[month] = people + plant + machines + selling + beside


@bare
def rising(yearly: float, own: float, found: Array) -> None:
    """Fill in a twelfth of what grows from 1 by two yearly rates: a yearly cost, paid monthly."""
    if yearly == 0 and own == 0:
        for month in range(found.size):
            found[month] = 1.0 / MONTHS_PER_YEAR
        return
    step = ((1 + yearly) * (1 + own)) ** (1 / MONTHS_PER_YEAR)
    leap, level = step**STRIDE, 1.0 / MONTHS_PER_YEAR
    for month in range(min(STRIDE, found.size)):
        found[month] = level
        level *= step
    for month in range(STRIDE, found.size):
        found[month] = found[month - STRIDE] * leap


@bare
def _facility(q: Record, paths: Record, lines: Array, tracks: Array, level: Array) -> None:
    """Fill in upkeep, property tax, insurance and connectivity."""
    local = paths.local
    share, per_mw = q.facility_maintenance_share, q.connectivity_cost
    tax, cover = q.property_tax, q.insurance_share
    base, standing, hardware, live = (
        tracks[UPKEEP],
        tracks[FACILITY],
        tracks[HARDWARE],
        tracks[LIVE],
    )
    upkeep, owned, insured = lines[MAINTENANCE], lines[PROPERTY_TAX], lines[INSURANCE]
    connected = lines[CONNECTIVITY]
    home = q.maintenance_local_share
    rising(q.inflation, q.maintenance_growth, level)
    for month in range(level.size):
        paid = 1 + home * (local[month] - 1)
        upkeep[month] = 0.0 - base[month] * share * level[month] * paid
    home = q.connectivity_local_share
    if q.connectivity_growth != q.maintenance_growth:
        rising(q.inflation, q.connectivity_growth, level)
    for month in range(level.size):
        paid = 1 + home * (local[month] - 1)
        connected[month] = 0.0 - live[month] * per_mw * level[month] * paid
    home = q.property_tax_local_share
    rising(0.0, q.property_tax_growth, level)
    for month in range(level.size):
        owned[month] = 0.0 - standing[month] * tax * level[month] * (1 + home * (local[month] - 1))
    home = q.insurance_local_share
    if q.insurance_growth != q.property_tax_growth:
        rising(0.0, q.insurance_growth, level)
    for month in range(level.size):
        value = (standing[month] + hardware[month]) * cover * level[month]
        insured[month] = 0.0 - value * (1 + home * (local[month] - 1))


@bare
def _people(q: Record, paths: Record, lines: Array, tracks: Array, wages: Array) -> None:
    """Fill in crew, security and compliance: they cost once anything is live."""
    local, live = paths.local, tracks[LIVE]
    rising(q.wage_growth, 0.0, wages)
    crew, crew_mw = q.staff_base * q.labour_index, q.staff_cost * q.labour_index
    watch, rules = q.security_operations_cost, q.compliance_cost
    staff, security, compliance = lines[STAFF], lines[SECURITY], lines[COMPLIANCE]
    home = q.staff_local_share
    for month in range(wages.size):
        yearly = (crew if live[month] > 0 else 0.0) + crew_mw * live[month]
        staff[month] = 0.0 - yearly * wages[month] * (1 + home * (local[month] - 1))
    home = q.security_local_share
    if q.security_growth != 0:
        rising(q.wage_growth, q.security_growth, wages)
    for month in range(wages.size):
        paid = 1 + home * (local[month] - 1)
        security[month] = 0.0 - live[month] * watch * wages[month] * paid
    home = q.compliance_local_share
    if q.compliance_growth != q.security_growth:
        rising(q.wage_growth, q.compliance_growth, wages)
    for month in range(wages.size):
        yearly = rules if live[month] > 0 else 0.0
        compliance[month] = 0.0 - yearly * wages[month] * (1 + home * (local[month] - 1))


@bare
def _machines(q: Record, paths: Record, lines: Array, tracks: Array, prices: Array) -> None:
    """Fill in power, hardware support and software."""
    local, market = paths.local, paths.power
    tariff = q.power_price * (1 + q.power_price_change) * KW_PER_MW * HOURS_PER_MONTH
    idle, busy = q.idle_power_share, q.busy_power_share - q.idle_power_share
    support_share = q.hardware_support_share
    licence = q.software_cost / HOURS_PER_MONTH
    live, sold = tracks[LIVE], tracks[SOLD_SHARE]
    leased, tenants = tracks[LEASED], tracks[TENANTS]
    hardware, installed = tracks[HARDWARE], tracks[INSTALLED]
    power, support, software = lines[POWER], lines[SUPPORT], lines[SOFTWARE]
    monthly_pue(q, paths.temperature, prices)
    home = q.power_local_share
    for month in range(prices.size):
        load = (live[month] - leased[month]) * (idle + busy * sold[month]) * prices[month]
        own = load * tariff * market[month] * (1 + home * (local[month] - 1))
        power[month] = 0.0 - own - tenants[month]
    home = q.support_local_share
    rising(0.0, q.support_growth, prices)
    for month in range(prices.size):
        paid = 1 + home * (local[month] - 1)
        support[month] = 0.0 - hardware[month] * support_share * prices[month] * paid
    home = q.software_local_share
    rising(q.software_price_growth, 0.0, prices)
    for month in range(prices.size):
        paid = 1 + home * (local[month] - 1)
        software[month] = 0.0 - installed[month] * licence * prices[month] * paid


@bare
def monthly_pue(q: Record, temperature: Array, found: Array) -> None:
    """Fill in facility energy over IT energy by month; its mean over a year is the stated PUE.

    A stated part of the energy beside the racks is chillers: none runs up to one temperature, from
    another on they carry all, in between along a straight line. The rest stays as it is.
    """
    cold, span = q.free_cooling_below, max(q.chillers_full_above - q.free_cooling_below, 1e-3)
    year = min(MONTHS_PER_YEAR, found.size)
    for month in range(found.size):
        found[month] = min(max((temperature[month] - cold) / span, 0.0), 1.0)
    mean = 0.0
    for month in range(year):
        mean += found[month] / year
    share = q.chiller_overhead_share if mean > 0 else 0.0
    steady, moving = 1 - share, share / max(mean, 1e-9)
    for month in range(found.size):
        found[month] = 1 + (q.pue - 1) * (steady + moving * found[month])


@bare
def _selling(q: Record, lines: Array) -> None:
    """Fill in the costs that are shares of what is sold."""
    tokens, services = lines[TOKENS], lines[SERVICES]
    contracted, merchant = lines[CONTRACTED], lines[MERCHANT]
    cloud, licence, delivery = lines[CLOUD], lines[LICENCE], lines[DELIVERY]
    overhead, rent = lines[OVERHEAD], lines[RENT]
    platform, fee, kept = q.cloud_platform_share, q.model_licence_share, 1 - q.services_margin
    general = q.overhead_share
    for month in range(tokens.size):
        cloud[month] = 0.0 - (contracted[month] + merchant[month] + tokens[month]) * platform
    for month in range(tokens.size):
        licence[month] = 0.0 - tokens[month] * fee
    for month in range(tokens.size):
        delivery[month] = 0.0 - services[month] * kept
    for month in range(tokens.size):
        sales = contracted[month] + merchant[month] + tokens[month] + services[month]
        overhead[month] = 0.0 - (sales + rent[month]) * general
