"""The units of the scenario: data that widgets, messages and exports read."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

Array = npt.NDArray[np.float64]
"""Floats; the docstring at each use gives the shape, month last."""

Whole = npt.NDArray[np.int64]
"""Whole numbers: months, racks, generations."""

Flags = npt.NDArray[np.bool_]
"""Yes or no for each place."""

HOURS_PER_MONTH = 730.0
"""Hours in a month: 8,760 / 12, the convention of hourly compute pricing."""

MONTHS_PER_YEAR = 12
"""Months in a year."""


@dataclass(frozen=True, slots=True)
class Unit:
    """How a quantity is written.

    Attributes
    ----------
    text : str
        What stands behind the number on screen.
    scale : float
        Screen value = value x scale (100 for shares).
    digits : int
        Decimals on screen.
    table : str
        The unit's name in `data/tables`.
    """

    text: str
    table: str
    scale: float = 1.0
    digits: int = 2


Share = Annotated[float, Unit("%", "share", 100, 1), Field(ge=0, le=1)]
SignedShare = Annotated[float, Unit("%", "share", 100, 1), Field(ge=-0.95, le=5)]
YearlyRate = Annotated[float, Unit("%/yr", "share_per_year", 100, 1), Field(ge=-0.9, le=2)]
DecayRate = Annotated[float, Unit("%/yr", "share_per_year", 100, 1), Field(ge=-0.9, le=0.9)]
Ratio = Annotated[float, Unit("x", "ratio"), Field(ge=0, le=100)]
Months = Annotated[int, Unit("months", "months", 1, 0), Field(ge=0, le=360)]
Years = Annotated[float, Unit("years", "years", 1, 1), Field(ge=0, le=60)]
Count = Annotated[int, Unit("", "count", 1, 0), Field(ge=1, le=100_000)]
Megawatts = Annotated[float, Unit("MW", "MW", 1, 1), Field(ge=0, le=1e5)]
Kilowatts = Annotated[float, Unit("kW", "kW", 1, 0), Field(ge=1, le=1e4)]
UsdPerGpuHour = Annotated[float, Unit("USD/GPU-h", "USD_per_gpu_hour"), Field(ge=0, le=1000)]
UsdPerRack = Annotated[float, Unit("USD/rack", "USD_per_rack", 1, 0), Field(ge=0, le=1e9)]
UsdPerWatt = Annotated[float, Unit("USD/W", "USD_per_W"), Field(ge=0, le=100)]
UsdPerKilowatt = Annotated[float, Unit("USD/kW", "USD_per_kW", 1, 0), Field(ge=0, le=1e5)]
UsdPerKilowattMonth = Annotated[
    float, Unit("USD/kW-month", "USD_per_kW_month", 1, 0), Field(ge=0, le=1e4)
]
UsdPerKwh = Annotated[float, Unit("USD/kWh", "USD_per_kWh", 1, 3), Field(ge=0, le=5)]
UsdPerSquareMetre = Annotated[float, Unit("USD/m²", "USD_per_m2", 1, 0), Field(ge=0, le=1e5)]
SquareMetresPerMw = Annotated[float, Unit("m²/MW", "m2_per_MW", 1, 0), Field(ge=0, le=1e6)]
UsdPerMwYear = Annotated[float, Unit("USD/MW-yr", "USD_per_MW_year", 1, 0), Field(ge=0, le=1e9)]
UsdPerYear = Annotated[float, Unit("USD/yr", "USD_per_year", 1, 0), Field(ge=0, le=1e12)]
Racks = Annotated[float, Unit("racks", "racks", 1, 0), Field(ge=1, le=1e5)]
PhaseCount = Annotated[float, Unit("phases", "count", 1, 0), Field(ge=1, le=12)]
LeadMonths = Annotated[float, Unit("months", "months", 1, 0), Field(ge=0, le=240)]
Celsius = Annotated[float, Unit("°C", "degC", 1, 0), Field(ge=-60, le=60)]
Pue = Annotated[float, Unit("x", "ratio"), Field(ge=1, le=3)]
TaxRate = Annotated[float, Unit("%", "share", 100, 1), Field(ge=0, le=0.6)]
UsdPerGpuYear = Annotated[float, Unit("USD/GPU-yr", "USD_per_gpu_year", 1, 0), Field(ge=0, le=1e5)]
RiskPremium = Annotated[float, Unit("%/yr", "share_per_year", 100, 2), Field(ge=0, le=0.5)]
CoverRatio = Annotated[float, Unit("x", "ratio"), Field(ge=1, le=20)]
GearingShare = Annotated[float, Unit("%", "share", 100, 1), Field(ge=0, le=0.95)]
FeeShare = Annotated[float, Unit("%", "share", 100, 2), Field(ge=0, le=0.2)]
LoanRate = Annotated[float, Unit("%/yr", "share_per_year", 100, 1), Field(ge=0, le=1)]
ReserveMonths = Annotated[int, Unit("months", "months", 1, 0), Field(ge=0, le=24)]
Days = Annotated[int, Unit("days", "days", 1, 0), Field(ge=0, le=365)]
TokensPerSecond = Annotated[float, Unit("tokens/s", "tokens_per_s", 1, 0), Field(ge=0, le=1e7)]
UsdPerMillionTokens = Annotated[
    float, Unit("USD/m tokens", "USD_per_m_tokens"), Field(ge=0, le=1e3)
]
MarketRate = Annotated[float, Unit("%/yr", "share_per_year", 100, 2), Field(ge=-0.05, le=0.5)]
Beta = Annotated[float, Unit("x", "ratio"), Field(ge=0, le=5)]
GramsPerKwh = Annotated[float, Unit("g CO₂/kWh", "gCO2_per_kWh", 1, 0), Field(ge=0, le=2000)]
Correlation = Annotated[float, Unit("%", "share", 100, 0), Field(ge=-0.95, le=0.95)]
Volatility = Annotated[float, Unit("%/yr", "share_per_year", 100, 1), Field(ge=0, le=1)]
