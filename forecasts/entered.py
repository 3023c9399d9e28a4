"""Phases that a scenario states itself, instead of leaving them to the planner."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field


class EnteredPhase(BaseModel):
    """One phase as entered. Dates are months: their day is not used."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    decision: dt.date
    """Month of the decision: permits, orders and building start from it."""

    racks: int = Field(ge=1, le=100_000)
    """Rack places of the hall: racks are bought for all that are not let to tenants."""

    energised: dt.date | None = None
    """Month in which the hall has power and racks; empty: from the lead times."""

    rack_model: str | None = Field(default=None, max_length=40)
    """Key of a rack system; empty: the generation on sale then."""
