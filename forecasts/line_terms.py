"""The assumptions on single lines of cost: the currency each is paid in, what it grows by.

A part of every scenario. A line is paid partly in local currency, whose dollar value follows the
exchange rate path, and rises by its own rate on top of what it is tied to.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from forecasts.quantities import Section
from forecasts.units import Celsius, Share, YearlyRate

LINE_BY_LINE = Section("Line by line")

CurveYear = Annotated[int, Field(ge=2000, le=2100)]
CurveValue = Annotated[float, Field(ge=0.05, le=20)]
Curve = Annotated[dict[CurveYear, CurveValue], Field(min_length=1, max_length=40)]
"""Points of a forward curve: the real USD value of local currency at the start of some years."""


class LineTerms(BaseModel):
    """In which currency each running cost is paid, what it rises by, and cooling by climate."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    fx_curves: dict[str, Curve] = Field(default_factory=dict)
    """Forward curve of a factory's local currency: USD value against parity, by year."""

    power_local_share: Annotated[Share, LINE_BY_LINE] = 1.0
    """Part of the cost of power that is paid in local currency."""
    staff_local_share: Annotated[Share, LINE_BY_LINE] = 1.0
    """Part of the cost of the crew that is paid in local currency."""
    maintenance_local_share: Annotated[Share, LINE_BY_LINE] = 1.0
    """Part of the cost of facility upkeep that is paid in local currency."""
    support_local_share: Annotated[Share, LINE_BY_LINE] = 0.0
    """Part of the cost of hardware support that is paid in local currency."""
    software_local_share: Annotated[Share, LINE_BY_LINE] = 0.0
    """Part of the cost of software that is paid in local currency."""
    security_local_share: Annotated[Share, LINE_BY_LINE] = 0.0
    """Part of the cost of security operations that is paid in local currency."""
    compliance_local_share: Annotated[Share, LINE_BY_LINE] = 1.0
    """Part of the cost of compliance that is paid in local currency."""
    insurance_local_share: Annotated[Share, LINE_BY_LINE] = 0.0
    """Part of the cost of insurance that is paid in local currency."""
    property_tax_local_share: Annotated[Share, LINE_BY_LINE] = 1.0
    """Part of the cost of property tax that is paid in local currency."""
    connectivity_local_share: Annotated[Share, LINE_BY_LINE] = 1.0
    """Part of the cost of connectivity that is paid in local currency."""
    maintenance_growth: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly rise of facility upkeep on top of general prices."""
    support_growth: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly rise of hardware support on top of the price of the hardware."""
    security_growth: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly rise of security operations on top of wages."""
    compliance_growth: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly rise of compliance on top of wages."""
    insurance_growth: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly rise of insurance on top of the insured value."""
    property_tax_growth: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly rise of property tax on top of the facility's cost."""
    connectivity_growth: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly rise of connectivity on top of general prices."""
    fx_drift: Annotated[YearlyRate, LINE_BY_LINE] = 0.0
    """Yearly change of the local currency's real value along its forward curve; 0 is parity."""
    free_cooling_below: Annotated[Celsius, LINE_BY_LINE] = 16.0
    """Monthly mean outside temperature up to which no chiller runs."""
    chillers_full_above: Annotated[Celsius, LINE_BY_LINE] = 34.0
    """Monthly mean outside temperature from which chillers carry the whole load."""
    chiller_overhead_share: Annotated[Share, LINE_BY_LINE] = 0.4
    """Part of a year's energy beside the racks that is chillers and so follows the weather."""
