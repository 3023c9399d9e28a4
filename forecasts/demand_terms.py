"""The assumptions on what is wanted of a factory: a part of every scenario."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from forecasts.quantities import FromData, Section
from forecasts.units import (
    Ratio,
    Share,
    SignedShare,
    YearlyRate,
    Years,
)

DEMAND = Section("Demand")


class DemandTerms(BaseModel):
    """How regional capacity and AI spending become demand for a factory."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    ai_spending_growth_change: Annotated[YearlyRate, DEMAND] = 0.0
    """Points added to the yearly growth of AI spending while its forecast is trusted."""
    demand_change: Annotated[SignedShare, DEMAND] = 0.0
    """Change of every factory's demand against the forecast."""
    demand_elasticity: Annotated[Ratio, DEMAND] = 0.5
    """Growth of regional capacity per growth of global AI spending, where history is short."""
    pooling_strength: Annotated[Ratio, DEMAND] = 8.0
    """Observations a region needs before its own growth weighs as much as the pooled growth."""
    forecast_trust: Annotated[Years, DEMAND] = 3.0
    """Years over which series forecasts fade into the long-run rates."""
    long_run_growth: Annotated[YearlyRate, DEMAND] = 0.06
    """Yearly growth of regional capacity and AI spending once the forecast has faded."""
    ai_share_now: Annotated[Share, DEMAND] = 0.25
    """Share of data-centre capacity that AI takes in the first model year."""
    ai_share_later: Annotated[Share, DEMAND] = 0.60
    """Share of data-centre capacity that AI takes in the long run."""
    ai_share_years: Annotated[Years, DEMAND] = 6.0
    """Years until AI's share has gone from now to later, along a straight line."""
    sovereign_share: Annotated[Share, DEMAND] = 0.20
    """Share of a country's AI capacity that must stay under its own law."""
    regime_demand: Annotated[Ratio | None, DEMAND, FromData("sites", "regime_demand")] = None
    """Sovereign demand that the country's data regime makes, against the European Union's."""
    capture_share: Annotated[Share, DEMAND] = 0.35
    """Share of sovereign AI demand that the factory can win."""
    regulated_share: Annotated[Share, DEMAND] = 0.35
    """Part of the demand that law binds to the country: government, health, finance, defence."""
    training_share: Annotated[Share, DEMAND] = 0.30
    """Training's part of the demand that is not regulated; inference is the rest."""
    regulated_contract_share: Annotated[Share, DEMAND] = 0.95
    """Part of regulated demand that signs take-or-pay contracts."""
    training_contract_share: Annotated[Share, DEMAND] = 0.80
    """Part of training demand that signs take-or-pay contracts."""
    inference_contract_share: Annotated[Share, DEMAND] = 0.60
    """Part of inference demand that signs take-or-pay contracts."""
