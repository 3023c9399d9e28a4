"""Opex by line: what running the factory costs, month by month. Costs are negative cash.

What is paid in local currency (power, staff, upkeep, compliance, property tax, connectivity) moves
with the real exchange rate `Paths.local`; the rest is paid in USD.
"""

from forecasts.compiled import Record, compiled
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
TOKENS, SERVICES = LINE["tokens"], LINE["services"]


@compiled
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


@compiled
def operate(q: Record, paths: Record, lines: Array, tracks: Array) -> None:
    """Fill in every running cost.

    Parameters
    ----------
    q, paths
        Assumptions and drivers.
    lines : (line, month) array
        Filled; revenue is read from it.
    tracks : (track, month) array
        What is live, sold and in use.
    """
    general = wages = software = 1.0 / MONTHS_PER_YEAR
    step = (1 + q.inflation) ** (1 / MONTHS_PER_YEAR)
    wage_step = (1 + q.wage_growth) ** (1 / MONTHS_PER_YEAR)
    software_step = (1 + q.software_price_growth) ** (1 / MONTHS_PER_YEAR)
    tariff = q.power_price * (1 + q.power_price_change) * KW_PER_MW * q.pue * HOURS_PER_MONTH
    idle, busy = q.idle_power_share, q.busy_power_share - q.idle_power_share
    tax, cover = q.property_tax / MONTHS_PER_YEAR, q.insurance_share / MONTHS_PER_YEAR
    support_share = q.hardware_support_share / MONTHS_PER_YEAR
    upkeep_share = q.facility_maintenance_share
    licence = q.software_cost / HOURS_PER_MONTH
    crew, crew_mw = q.staff_base * q.labour_index, q.staff_cost * q.labour_index
    for month in range(tracks.shape[1]):
        live, local = tracks[LIVE, month], paths.local[month]
        facility, hardware = tracks[FACILITY, month], tracks[HARDWARE, month]
        spent = 0.0
        if facility > 0:
            upkeep = tracks[UPKEEP, month] * upkeep_share * general * local
            owned, insured = facility * tax * local, (facility + hardware) * cover
            lines[MAINTENANCE, month], lines[PROPERTY_TAX, month] = -upkeep, -owned
            lines[INSURANCE, month] = -insured
            spent += upkeep + owned + insured
        if live > 0:
            draw = idle + busy * tracks[SOLD_SHARE, month]
            power = live * draw * tariff * paths.power[month] * local
            staff = (crew + crew_mw * live) * wages * local
            support = hardware * support_share
            licences = tracks[INSTALLED, month] * licence * software
            security = live * q.security_operations_cost * wages
            compliance = q.compliance_cost * wages * local
            connectivity = live * q.connectivity_cost * general * local
            lines[POWER, month], lines[STAFF, month] = -power, -staff
            lines[SUPPORT, month], lines[SOFTWARE, month] = -support, -licences
            lines[SECURITY, month], lines[COMPLIANCE, month] = -security, -compliance
            lines[CONNECTIVITY, month] = -connectivity
            spent += power + staff + support + licences + security + compliance + connectivity
            spent += _selling(q, lines, month)
        tracks[OPEX, month] = -spent
        general *= step
        wages *= wage_step
        software *= software_step


@compiled
def _selling(q: Record, lines: Array, month: int) -> float:
    """Fill in the costs that are shares of what is sold; return their sum."""
    tokens, services = lines[TOKENS, month], lines[SERVICES, month]
    compute = lines[CONTRACTED, month] + lines[MERCHANT, month] + tokens
    cloud = compute * q.cloud_platform_share
    licence = tokens * q.model_licence_share
    delivery = services * (1 - q.services_margin)
    overhead = (compute + services) * q.overhead_share
    lines[CLOUD, month], lines[LICENCE, month] = -cloud, -licence
    lines[DELIVERY, month], lines[OVERHEAD, month] = -delivery, -overhead
    return float(cloud + licence + delivery + overhead)
