"""Opex by line: what running the factory costs, month by month. Costs are negative cash.

What is paid in local currency (power, staff, upkeep, compliance, property tax, connectivity) moves
with the real exchange rate `Paths.local`; the rest is paid in USD.
"""

from forecasts.compiled import Record, Rows, apart, bare
from forecasts.exponential import powers
from forecasts.lines import LINE
from forecasts.records import TRACK
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3

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
def operate(q: Record, paths: Record, lines: Array, tracks: Array, work: Array) -> None:
    """Fill in every running cost, and their sum.

    Parameters
    ----------
    q, paths
        Assumptions and drivers.
    lines : (line, month) array
        Filled; revenue is read from it.
    tracks : (track, month) array
        What is live, sold and in use.
    work : (4, month) array
        Room to work in.
    """
    _facility(q, paths, lines, tracks, work)
    _people(q, paths, lines, tracks, work)
    _machines(q, paths, lines, tracks, work)
    sold = (lines[CONTRACTED], lines[MERCHANT], lines[TOKENS], lines[SERVICES], lines[RENT])
    paid = (lines[CLOUD], lines[LICENCE], lines[DELIVERY], lines[OVERHEAD])
    _pay_selling(q, sold, paid, tracks[OPEX])


@bare
def rising(yearly: float, own: float, found: Array) -> None:
    """Fill in a twelfth of what grows from 1 by two yearly rates: a yearly cost, paid monthly."""
    step = ((1 + yearly) * (1 + own)) ** (1 / MONTHS_PER_YEAR)
    powers(1 / MONTHS_PER_YEAR, step, found)


@bare
def _facility(q: Record, paths: Record, lines: Array, tracks: Array, work: Array) -> None:
    """Fill in upkeep, property tax, insurance and connectivity."""
    kept, owned = work[0], work[1]
    wired, insured = kept, owned
    rising(q.inflation, q.maintenance_growth, kept)
    if q.connectivity_growth != q.maintenance_growth:
        wired = work[2]
        rising(q.inflation, q.connectivity_growth, wired)
    rising(0.0, q.property_tax_growth, owned)
    if q.insurance_growth != q.property_tax_growth:
        insured = work[3]
        rising(0.0, q.insurance_growth, insured)
    stood = (tracks[UPKEEP], tracks[LIVE], tracks[FACILITY], tracks[HARDWARE], paths.local)
    paid = (lines[MAINTENANCE], lines[CONNECTIVITY], lines[PROPERTY_TAX], lines[INSURANCE])
    _pay_facility(q, stood, (kept, wired, owned, insured), paid, tracks[OPEX])


@apart
def _pay_facility(q: Record, stood: Rows, levels: Rows, paid: Rows, opex: Array) -> None:
    """Fill in what the facility costs, and begin the sum of all costs with it."""
    base, live, standing, hardware, local = stood
    kept, wired, owned, insured = levels
    upkeep, connectivity, property_tax, insurance = paid
    for month in range(opex.size):
        dearer = local[month] - 1
        cost = base[month] * q.facility_maintenance_share * kept[month]
        upkeep[month] = 0.0 - cost * (1 + q.maintenance_local_share * dearer)
        cost = live[month] * q.connectivity_cost * wired[month]
        connectivity[month] = 0.0 - cost * (1 + q.connectivity_local_share * dearer)
        cost = standing[month] * q.property_tax * owned[month]
        property_tax[month] = 0.0 - cost * (1 + q.property_tax_local_share * dearer)
        cost = (standing[month] + hardware[month]) * q.insurance_share * insured[month]
        insurance[month] = 0.0 - cost * (1 + q.insurance_local_share * dearer)
        plant = upkeep[month] + property_tax[month] + insurance[month]
        opex[month] = plant + connectivity[month]


@bare
def _people(q: Record, paths: Record, lines: Array, tracks: Array, work: Array) -> None:
    """Fill in crew, security and compliance: they cost once anything is live."""
    wages = work[0]
    watched = ruled = wages
    rising(q.wage_growth, 0.0, wages)
    if q.security_growth != 0:
        watched = work[1]
        rising(q.wage_growth, q.security_growth, watched)
    if q.compliance_growth != 0:
        ruled = work[2]
        rising(q.wage_growth, q.compliance_growth, ruled)
    paid = (lines[STAFF], lines[SECURITY], lines[COMPLIANCE])
    _pay_people(q, (tracks[LIVE], paths.local), (wages, watched, ruled), paid, tracks[OPEX])


@apart
def _pay_people(q: Record, stood: Rows, levels: Rows, paid: Rows, opex: Array) -> None:
    """Fill in what people cost, and add it to the sum of all costs."""
    live, local = stood
    wages, watched, ruled = levels
    staff, security, compliance = paid
    crew, crew_mw = q.staff_base * q.labour_index, q.staff_cost * q.labour_index
    for month in range(opex.size):
        dearer, any_live = local[month] - 1, live[month] > 0
        yearly = (crew if any_live else 0.0) + crew_mw * live[month]
        staff[month] = 0.0 - yearly * wages[month] * (1 + q.staff_local_share * dearer)
        yearly = live[month] * q.security_operations_cost
        security[month] = 0.0 - yearly * watched[month] * (1 + q.security_local_share * dearer)
        yearly = q.compliance_cost if any_live else 0.0
        compliance[month] = 0.0 - yearly * ruled[month] * (1 + q.compliance_local_share * dearer)
        opex[month] += staff[month] + security[month] + compliance[month]


@bare
def _machines(q: Record, paths: Record, lines: Array, tracks: Array, work: Array) -> None:
    """Fill in power, hardware support and software."""
    pue, supported, licensed = work[0], work[1], work[2]
    monthly_pue(q, paths.temperature, pue)
    rising(0.0, q.support_growth, supported)
    rising(q.software_price_growth, 0.0, licensed)
    ran = (tracks[LIVE], tracks[LEASED], tracks[SOLD_SHARE], tracks[TENANTS], pue, paths.power)
    stood = (tracks[HARDWARE], supported, tracks[INSTALLED], licensed, paths.local)
    paid = (lines[POWER], lines[SUPPORT], lines[SOFTWARE])
    _pay_machines(q, ran, stood, paid, tracks[OPEX])


@apart
def _pay_machines(q: Record, ran: Rows, stood: Rows, paid: Rows, opex: Array) -> None:
    """Fill in what racks and their plant cost, and add it to the sum of all costs."""
    live, leased, sold, tenants, pue, market = ran
    hardware, supported, installed, licensed, local = stood
    power, support, software = paid
    tariff = q.power_price * (1 + q.power_price_change) * KW_PER_MW * HOURS_PER_MONTH
    idle, busy = q.idle_power_share, q.busy_power_share - q.idle_power_share
    licence = q.software_cost / HOURS_PER_MONTH
    for month in range(opex.size):
        dearer = local[month] - 1
        load = (live[month] - leased[month]) * (idle + busy * sold[month]) * pue[month]
        own = load * tariff * market[month] * (1 + q.power_local_share * dearer)
        power[month] = 0.0 - own - tenants[month]
        cost = hardware[month] * q.hardware_support_share * supported[month]
        support[month] = 0.0 - cost * (1 + q.support_local_share * dearer)
        cost = installed[month] * licence * licensed[month]
        software[month] = 0.0 - cost * (1 + q.software_local_share * dearer)
        opex[month] += power[month] + support[month] + software[month]


@bare
def monthly_pue(q: Record, temperature: Array, found: Array) -> None:
    """Fill in facility energy over IT energy by month; its mean over a year is the stated PUE.

    A stated part of the energy beside the racks is chillers: none runs up to one temperature, from
    another on they carry all, in between along a straight line. The rest stays as it is.
    """
    cold = q.free_cooling_below
    per_degree = 1 / max(q.chillers_full_above - cold, 1e-3)
    year = min(MONTHS_PER_YEAR, found.size)
    for month in range(found.size):
        found[month] = min(max((temperature[month] - cold) * per_degree, 0.0), 1.0)
    mean = 0.0
    for month in range(year):
        mean += found[month] / year
    share = q.chiller_overhead_share if mean > 0 else 0.0
    steady, moving = 1 - share, share / max(mean, 1e-9)
    for month in range(found.size):
        found[month] = 1 + (q.pue - 1) * (steady + moving * found[month])


@apart
def _pay_selling(q: Record, sold: Rows, paid: Rows, opex: Array) -> None:
    """Fill in the costs that are shares of what is sold, and add them to the sum of all costs."""
    contracted, merchant, tokens, services, rent = sold
    cloud, licence, delivery, overhead = paid
    kept = 1 - q.services_margin
    for month in range(opex.size):
        compute = contracted[month] + merchant[month] + tokens[month]
        cloud[month] = 0.0 - compute * q.cloud_platform_share
        licence[month] = 0.0 - tokens[month] * q.model_licence_share
        delivery[month] = 0.0 - services[month] * kept
        overhead[month] = 0.0 - (compute + services[month] + rent[month]) * q.overhead_share
        opex[month] += cloud[month] + delivery[month] + overhead[month] + licence[month]
