"""The assumptions on what may turn out otherwise than expected: a part of every scenario.

They move nothing along the expected path; simulated paths are drawn with them.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from forecasts.beliefs import Belief, RankCorrelation
from forecasts.quantities import FromData, Section
from forecasts.units import Correlation, LeadMonths, Volatility, Years

RISK = Section("Risk")


class RiskTerms(BaseModel):
    """How far drivers stray, and how much they stray together."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    delay_likely_months: Annotated[LeadMonths, RISK] = 2.0
    """Months by which energisation most likely slips after the money is committed."""
    delay_worst_months: Annotated[LeadMonths, RISK] = 12.0
    """Months by which energisation slips at worst."""
    demand_correlation: Annotated[Correlation, RISK] = 0.5
    """Correlation of a region's surprises in demand with those of global AI spending."""
    price_correlation: Annotated[Correlation, RISK] = 0.3
    """Correlation of surprises in GPU-hour prices with those in AI spending."""
    power_correlation: Annotated[Correlation, RISK] = 0.6
    """Correlation of surprises between power markets, and between exchange rates."""
    rack_price_volatility: Annotated[Volatility, RISK] = 0.1
    """Yearly standard deviation of rack prices about their trend."""
    fx_volatility: Annotated[Volatility | None, RISK, FromData("sites", "fx_volatility", 0.01)] = (
        None
    )
    """Yearly standard deviation of the real exchange rate against the dollar."""
    fx_half_life_years: Annotated[Years, Field(ge=0.1), RISK] = 4.0
    """Years in which half of a deviation from purchasing-power parity has gone."""

    beliefs: dict[str, Belief] = Field(default_factory=dict)
    """What an assumption may be, by name; without one, a beta-PERT over its stated range."""

    rank_correlations: tuple[RankCorrelation, ...] = ()
    """Which drawn assumptions go together."""
