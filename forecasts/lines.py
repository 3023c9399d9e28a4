"""The cash lines of a factory: what each is, who it goes to, and how it is grouped."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What kind of cash a line is."""

    REVENUE = "revenue"
    OPEX = "opex"
    CAPEX = "capex"
    REFRESH = "refresh"
    CAPITAL_RECEIPT = "capital receipt"
    WORKING_CAPITAL = "working capital"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of cash.

    Attributes
    ----------
    name : str
        Key in `Result.lines`.
    label : str
        Its name on screen.
    group : Group
        What kind of cash it is.
    help : str
        What it holds, in a sentence.
    """

    name: str
    label: str
    group: Group
    help: str


LINES: Mapping[str, Line] = {
    line.name: line
    for line in (
        Line(
            "contracted_compute",
            "Contracted compute",
            Group.REVENUE,
            "GPU-hours sold under contract, at the price of the month the contract began.",
        ),
        Line(
            "merchant_compute",
            "Merchant compute",
            Group.REVENUE,
            "GPU-hours sold without contract, at the market price of the month.",
        ),
        Line(
            "tokens",
            "Tokens",
            Group.REVENUE,
            "Hours sold as tokens instead of without contract.",
        ),
        Line(
            "services",
            "Transformation services",
            Group.REVENUE,
            "Transformation services (Magna AI) sold with the compute.",
        ),
        Line(
            "lease_rent",
            "Colocation rent",
            Group.REVENUE,
            "Rent of powered space let to tenants who bring racks of their own.",
        ),
        Line(
            "tenant_power",
            "Power billed to tenants",
            Group.REVENUE,
            "Power of the tenants' racks, billed at cost; the cost itself stands under Power.",
        ),
        Line(
            "power",
            "Power",
            Group.OPEX,
            "Energy of racks, tenants' racks and plant at the site's price.",
        ),
        Line("staff", "Staff", Group.OPEX, "Operating crew at the country's labour cost."),
        Line("maintenance", "Facility upkeep", Group.OPEX, "Upkeep of the facility's plant."),
        Line(
            "hardware_support",
            "Hardware support",
            Group.OPEX,
            "Support contracts, spares and failed parts of the racks in service.",
        ),
        Line("software", "Software", Group.OPEX, "Licences per live GPU."),
        Line(
            "security_operations",
            "Security operations",
            Group.OPEX,
            "Watching and defending the site (Trend Micro).",
        ),
        Line(
            "compliance",
            "Compliance",
            Group.OPEX,
            "What the country's data-sovereignty and AI rules cost.",
        ),
        Line("insurance", "Insurance", Group.OPEX, "Cover of facility and hardware."),
        Line("property_tax", "Property tax", Group.OPEX, "Tax on the facility's value."),
        Line("connectivity", "Connectivity", Group.OPEX, "Fibre and transit."),
        Line(
            "cloud_platform",
            "Cloud platform",
            Group.OPEX,
            "GPU cloud that sells and schedules the hours (GMI Cloud).",
        ),
        Line(
            "services_delivery",
            "Services delivery",
            Group.OPEX,
            "What it costs to deliver the transformation services (Magna AI).",
        ),
        Line(
            "model_licence",
            "Model licence",
            Group.OPEX,
            "Fee to the owners of the models whose tokens are sold.",
        ),
        Line("overhead", "Overhead", Group.OPEX, "Sales, management and administration."),
        Line("racks", "Racks", Group.CAPEX, "Rack systems of the first fit-out."),
        Line(
            "network_storage",
            "Network and storage",
            Group.CAPEX,
            "Network and storage outside the racks.",
        ),
        Line(
            "integration",
            "Integration",
            Group.CAPEX,
            "Rack and systems integration (Wistron Digital Technology Holding).",
        ),
        Line(
            "security_platform",
            "Security platform",
            Group.CAPEX,
            "Security platform installed with the racks (Trend Micro).",
        ),
        Line(
            "freight_duty",
            "Freight and duty",
            Group.CAPEX,
            "Bringing the hardware into the country.",
        ),
        Line("shell", "Shell", Group.CAPEX, "Ground works, shell and core."),
        Line("electrical", "Electrical", Group.CAPEX, "Electrical plant behind the meter."),
        Line("cooling", "Cooling", Group.CAPEX, "Cooling plant and liquid loops."),
        Line("grid_connection", "Grid connection", Group.CAPEX, "The connection to the grid."),
        Line("land", "Land", Group.CAPEX, "Serviced land."),
        Line("contingency", "Contingency", Group.CAPEX, "Reserve on the facility's cost."),
        Line("owners_cost", "Owner's cost", Group.CAPEX, "Development, design, owner's team."),
        Line(
            "refresh",
            "Hardware refresh",
            Group.REFRESH,
            "Racks and all that comes with them, replaced at the end of their life.",
        ),
        Line("grants", "Grants", Group.CAPITAL_RECEIPT, "Public money towards capex."),
        Line(
            "resale",
            "Resale of hardware",
            Group.CAPITAL_RECEIPT,
            "What replaced hardware brings.",
        ),
        Line(
            "terminal_value",
            "Value at the end",
            Group.CAPITAL_RECEIPT,
            "Hardware, facility and land at the end of the projection.",
        ),
        Line(
            "working_capital",
            "Working capital",
            Group.WORKING_CAPITAL,
            "Change of what customers owe less what suppliers wait for; freed at the end.",
        ),
        Line(
            "income_tax",
            "Income tax",
            Group.TAX,
            "Corporate income tax, paid over the year it is due for.",
        ),
    )
}
"""Every cash line by name; a Result holds each, cash in positive and cash out negative."""


def in_group(group: Group) -> tuple[str, ...]:
    """Return the names of the lines of a group, in their order."""
    return tuple(name for name, line in LINES.items() if line.group is group)


CAPEX_LINES = in_group(Group.CAPEX)
OPEX_LINES = in_group(Group.OPEX)
REVENUE_LINES = in_group(Group.REVENUE)

LEASE_LINES = ("lease_rent", "tenant_power")
"""What tenants of powered space pay."""

LINE = {name: place for place, name in enumerate(LINES)}
"""Row of each line in the books of compiled stages."""
