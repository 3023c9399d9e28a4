"""The assumptions on where power comes from: a part of every scenario.

Until the grid connection comes, rented generators on the site may carry a share of a phase (a
bridge); afterwards a share of the energy may be bought at a fixed indexed price (a power purchase
agreement, PPA). The base case takes all power from the grid.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from forecasts.quantities import Section
from forecasts.units import GramsPerKwh, Months, Share, UsdPerKilowattMonth, UsdPerKwh

SOURCES = Section("Power sources")


class SourceTerms(BaseModel):
    """What carries a phase before the grid does, and at what price energy is bought after."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    bridge_power_share: Annotated[Share, SOURCES] = 0.0
    """Share of a phase's power that generators carry until its grid connection comes; 0 waits."""
    bridge_lead_months: Annotated[Months, SOURCES] = 15
    """Months from the decision on a phase to permitted and running generators."""
    bridge_fuel_cost: Annotated[UsdPerKwh, SOURCES] = 0.10
    """Fuel and running cost of the generators at the start of the model; rises with inflation."""
    bridge_rent: Annotated[UsdPerKilowattMonth, SOURCES] = 25.0
    """Rent of the generators per kW of facility power carried; rises with inflation."""
    bridge_carbon: Annotated[GramsPerKwh, SOURCES] = 600.0
    """Carbon intensity of what the generators make."""
    ppa_share: Annotated[Share, SOURCES] = 0.0
    """Share of the energy bought at a fixed indexed price once the grid carries a phase."""
    ppa_price: Annotated[UsdPerKwh, SOURCES] = 0.09
    """Delivered price of that energy at the start of the model; rises with inflation."""
    ppa_carbon: Annotated[GramsPerKwh, SOURCES] = 48.0
    """Carbon intensity of that energy."""
