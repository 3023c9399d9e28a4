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

UPKEEP = TRACK["upkeep_base"]

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
    tariff = q.power_price * (1 + q.power_price_change)
    for month in range(tracks.shape[1]):
        live, local = tracks[LIVE, month], paths.local[month]
        facility, hardware = tracks[FACILITY, month], tracks[HARDWARE, month]
        if facility > 0:
            upkeep = tracks[UPKEEP, month] * q.facility_maintenance_share * general
            lines[MAINTENANCE, month] = -upkeep * local
            lines[PROPERTY_TAX, month] = -facility * q.property_tax / MONTHS_PER_YEAR * local
            lines[INSURANCE, month] = -(facility + hardware) * q.insurance_share / MONTHS_PER_YEAR
        if live > 0:
            draw = q.idle_power_share
            draw += (q.busy_power_share - q.idle_power_share) * tracks[SOLD_SHARE, month]
            energy_kwh = live * KW_PER_MW * draw * q.pue * HOURS_PER_MONTH
            lines[POWER, month] = -energy_kwh * tariff * paths.power[month] * local
            crew = (q.staff_base + q.staff_cost * live) * q.labour_index
            lines[STAFF, month] = -crew * wages * local
            lines[SUPPORT, month] = -hardware * q.hardware_support_share / MONTHS_PER_YEAR
            gpus = tracks[INSTALLED, month] / HOURS_PER_MONTH
            lines[SOFTWARE, month] = -gpus * q.software_cost * software
            lines[SECURITY, month] = -live * q.security_operations_cost * wages
            lines[COMPLIANCE, month] = -q.compliance_cost * wages * local
            lines[CONNECTIVITY, month] = -live * q.connectivity_cost * general * local
            tokens = lines[TOKENS, month]
            compute = lines[CONTRACTED, month] + lines[MERCHANT, month] + tokens
            services = lines[SERVICES, month]
            lines[CLOUD, month] = -compute * q.cloud_platform_share
            lines[LICENCE, month] = -tokens * q.model_licence_share
            lines[DELIVERY, month] = -services * (1 - q.services_margin)
            lines[OVERHEAD, month] = -(compute + services) * q.overhead_share
        general *= step
        wages *= wage_step
        software *= software_step
