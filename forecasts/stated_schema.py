"""A file of stated projects: what may be written in it, block by block."""

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forecasts.stated_blocks import (
    Block,
    Capex,
    DemandMw,
    Flow,
    Month,
    Usd,
)
from forecasts.stated_plant import Capacity, Power, TokenSupply, Use
from forecasts.stated_terms import Exit, Finance, Tax, WorkingCapital
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Share, TaxRate, Unit, YearlyRate

UsdPerGpuHour = Annotated[float, Unit("USD/GPU-h", "USD_per_gpu_hour"), Field(ge=0, le=1000)]
UsdPerServerHour = Annotated[float, Unit("USD/server-h", "USD_per_server_hour"), Field(ge=0)]
UsdPerMillion = Annotated[float, Unit("USD/M tokens", "USD_per_million_tokens"), Field(ge=0)]
Periods = Annotated[int, Unit("periods", "count", 1, 0), Field(ge=1, le=1200)]
HoursPerYear = Annotated[float, Unit("h/year", "hours_per_year"), Field(ge=8000, le=8800)]

When = Literal["start", "mid", "end"]
PER_YEAR = {"month": 12, "quarter": 4, "year": 1, "day": 365}
"""Periods in a year, by the name of the period."""


class OtherVersion(Block):
    """Another version of the source that says something else."""

    commit: str
    """Its commit or date."""
    differs: str
    """What it says instead."""


class Source(Block):
    """Where the example was published."""

    publisher: str
    """Who published it."""
    title: str = ""
    """What it is called."""
    url: str = ""
    """Where it can be read."""
    commit: str = ""
    """Version of a source that changes: its commit hash."""
    published: dt.date | None = None
    """Date of publication."""
    note: str = ""
    """What a reader must know about it."""
    other_versions: tuple[OtherVersion, ...] = ()
    """Versions that differ from the one used here; each is shown as a warning."""

    @property
    def is_fixed(self) -> bool:
        """Whether a source kept in a repository names the version it was read at."""
        kept = re.search(r"git(hub|lab)|bitbucket|huggingface", self.url)
        return bool(not kept or self.commit or re.search(r"[0-9a-f]{7,40}", self.url))


class Timeline(Block):
    """Periods of the calculation. Times elsewhere are months from the decision, month 0."""

    period: Literal["day", "month", "quarter", "year"] = "month"
    """Length of a period; months in the file must then be whole periods."""
    periods: Periods
    """Number of periods."""

    @property
    def per_year(self) -> int:
        """Periods in a year."""
        return PER_YEAR[self.period]


class Conventions(Block):
    """How money is counted where publications differ."""

    discount_rate: YearlyRate | None = None
    """Discount rate a year; the cost of capital when left out, and 0 without one."""
    compounding: Literal["effective", "nominal", "yearly_steps"] = "effective"
    """Rate of a period: (1 + r)^(1/n) - 1, or r / n; or whole years, all flows of a year alike."""
    capital_flows: When = "start"
    """When capex is paid in its period; the start of the first period is not discounted."""
    operating_flows: When = "start"
    """When revenue and costs flow in their period."""
    terminal_flows: When | None = None
    """When residual and exit values come in the last period; as operating flows if left out."""
    irr_quoted: Literal["effective", "nominal"] = "effective"
    """Yearly IRR: (1 + i)^n - 1, or n x i (which understates it: a warning)."""
    hours_per_year: HoursPerYear = HOURS_PER_MONTH * MONTHS_PER_YEAR
    """Hours of a year; 8,760 is 730 a month."""
    annuity_rate: YearlyRate | None = None
    """Yearly rate of the annuity cost; the discount rate when left out."""
    annuity_compounding: Literal["effective", "nominal"] = "nominal"
    """Monthly rate of the annuity cost: r / 12, or (1 + r)^(1/12) - 1."""
    annuity_payments: Literal["monthly", "yearly"] = "monthly"
    """Whether the annuity is paid every month or every year."""
    unit_cost: Literal["lcoc", "lcoc_sla", "tco_annuity", "tco_simple"] = "lcoc"
    """Form of cost per GPU-hour that prices of tokens and FLOPs are made from."""
    reference_year: Literal["first_full", "last"] = "first_full"
    """Year of yield and yearly costs: the first twelve months after the last phase is live, or
    the last twelve months."""
    market_cap_rate: Share | None = None
    """Cap rate that the yield on cost is set against; that of the exit when left out."""
    break_even_costs: Literal["as_used", "fixed"] = "as_used"
    """Whether costs that follow use fall with it at break-even, or all count as fixed."""
    comparison: Literal["straight_line", "annuity", "cash", "present_value"] = "straight_line"
    """How alternatives are compared: cost of a year, or of the whole time."""


class CostOfCapital(Block):
    """Weighted average cost of capital, D/V x debt rate x (1 - tax) + E/V x equity rate."""

    debt_share: Share
    """Debt over all capital."""
    debt_rate: YearlyRate
    """Cost of debt."""
    equity_rate: YearlyRate
    """Return asked by equity."""
    tax_rate: TaxRate = 0.0
    """Tax rate that lowers the cost of debt; 0 for a pre-tax rate."""


class DemandPoint(Block):
    """Demand in one month."""

    month: Month
    """Month from the decision."""
    mw: DemandMw
    """IT power wanted."""


class Demand(Block):
    """Demand for IT power: nothing before the first point, and the last holds."""

    points: Annotated[tuple[DemandPoint, ...], Field(min_length=1)]
    """Points in the order of months."""
    between: Literal["linear", "step"] = "linear"
    """Between two points: a straight line, or the last point."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        months = [point.month for point in self.points]
        if sorted(set(months)) != months:
            raise ValueError(f"months must rise from point to point; got {months}")
        return self


class Alternative(Block):
    """Another way to get the same compute or tokens: rent, reserve, an API, another project."""

    usd_per_gpu_hour: UsdPerGpuHour | None = None
    """Price of a GPU-hour in use."""
    usd_per_server_hour: UsdPerServerHour | None = None
    """Price of a server-hour in use; needs `gpus_per_server` or `servers`."""
    usd_per_reserved_gpu_hour: UsdPerGpuHour | None = None
    """Price of a GPU-hour paid whether used or not."""
    usd_per_million_input_tokens: UsdPerMillion | None = None
    """Price of input tokens not in the cache."""
    usd_per_million_cached_tokens: UsdPerMillion | None = None
    """Price of cached input tokens; the input price when left out."""
    usd_per_million_output_tokens: UsdPerMillion | None = None
    """Price of output tokens."""
    usd_per_year: Usd = 0.0
    """Fixed cost of a year, while live."""
    upfront_usd: Usd = 0.0
    """Paid in the first period."""
    yearly_change: YearlyRate = 0.0
    """Yearly change of all prices but the upfront one, on each anniversary."""
    project: str | None = None
    """Another project of the file, instead of prices."""


class Expected(Block):
    """A published figure, compared with what the inputs give."""

    value: Annotated[float, Unit("", "as stated")] | None = None
    """The figure; left out when the publication gives none."""
    status: Literal["ok", "never", "none", "multiple", "same_sign", "undefined", "empty"] = "ok"
    """The status, when there is no figure, such as `never`."""
    unit: str | None = None
    """Its unit, checked against the metric's."""
    within: Annotated[float, Unit("", "as stated"), Field(ge=0)] | None = None
    """Most it may differ, in its unit: half of its last digit."""
    relative: Annotated[float, Unit("", "share"), Field(ge=0, le=1)] = 1e-9
    """Most it may differ as a share of the figure, when `within` is left out."""
    contradicts: bool = False
    """True for a published figure that is known not to follow from the inputs."""
    note: str = ""
    """Why it differs, or how it was rounded."""


class Project(Block):
    """One calculation."""

    like: str | None = None
    """Project of the file that this one repeats except for what is written here."""
    description: str = ""
    """What it is."""
    timeline: Timeline
    """Periods."""
    conventions: Conventions = Conventions()
    """How money is counted."""
    cost_of_capital: CostOfCapital | None = None
    """Weighted average cost of capital."""
    capacity: Capacity | None = None
    """What is built."""
    use: Use = Use()
    """How much is sold."""
    tokens: TokenSupply | None = None
    """Tokens made."""
    demand: Demand | None = None
    """Demand, for coverage."""
    power: Power | None = None
    """Energy."""
    capex: dict[str, Capex] = Field(default_factory=dict)
    """Capital cost by line."""
    opex: dict[str, Flow] = Field(default_factory=dict)
    """Operating cost by line."""
    revenue: dict[str, Flow] = Field(default_factory=dict)
    """Revenue by line."""
    exit: Exit | None = None
    """Sale at the end."""
    tax: Tax | None = None
    """Income tax."""
    working_capital: WorkingCapital | None = None
    """Payment terms."""
    finance: Finance | None = None
    """Debt."""
    alternatives: dict[str, Alternative] = Field(default_factory=dict)
    """Other ways to the same, compared with this one."""
    expected: dict[str, Expected] = Field(default_factory=dict)
    """Published figures by metric."""


class StatedFile(Block):
    """A published worked example."""

    kind: Literal["stated"]
    """Tells this form of scenario from the others."""
    name: str
    """What it is called."""
    description: str = ""
    """What it shows."""
    currency: str = "USD"
    """Currency of every amount; keys say usd whatever it is."""
    source: Source | None = None
    """Where it was published."""
    projects: Annotated[dict[str, Project], Field(min_length=1)]
    """Calculations by name."""
