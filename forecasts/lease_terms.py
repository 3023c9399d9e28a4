"""The assumptions on space let to tenants who bring racks of their own: a part of every scenario.

A share of every hall is powered space under lease (colocation) instead of racks whose hours are
sold. The base case lets none.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from forecasts.quantities import Section
from forecasts.units import Months, Share, UsdPerKilowattMonth, YearlyRate

LEASE = Section("Colocation lease")


class LeaseTerms(BaseModel):
    """How much of a hall is let, at what rent, how full it is, what it is worth at the end."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    lease_share: Annotated[Share, Field(le=0.9), LEASE] = 0.0
    """Share of every phase's rack places that is let to tenants with racks of their own."""
    lease_rent: Annotated[UsdPerKilowattMonth, LEASE] = 180.0
    """Rent of let power at the start of the model; a later phase begins at it plus inflation."""
    lease_escalator: Annotated[YearlyRate, LEASE] = 0.03
    """Yearly step of the rent, on the anniversary of each phase's own first month."""
    lease_vacancy: Annotated[Share, LEASE] = 0.066
    """Share of the space for tenants that stands empty once it is let up."""
    lease_up_months: Annotated[Months, LEASE] = 12
    """Months until the space of a new phase is let up, along a straight line."""
    lease_power_billed: Annotated[Share, LEASE] = 1.0
    """Part of the power of the tenants' racks that is billed to them at cost."""
    lease_cap_rate: Annotated[Share, Field(le=0.5), LEASE] = 0.065
    """Net rent of the last year over the value of let space at the end; 0 takes what is left."""
