"""Building blocks of a stated project: their units, and lines of money.

The docstring under a key is its help; its type holds unit and limits. docs/stated-projects.md is
made from both (`forecasts.stated_reference`).
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forecasts.units import MONTHS_PER_YEAR, Share, Unit, YearlyRate

Usd = Annotated[float, Unit("USD", "USD", 1, 0), Field(ge=0, le=1e13)]
UsdPerMwh = Annotated[float, Unit("USD/MWh", "USD_per_MWh"), Field(ge=0, le=5_000)]
UsdPerKwhStated = Annotated[float, Unit("USD/kWh", "USD_per_kWh", 1, 3), Field(ge=0, le=5)]
UsdPerKw = Annotated[float, Unit("USD/kW", "USD_per_kW", 1, 0), Field(ge=0, le=1e5)]
UsdPerKwMonth = Annotated[float, Unit("USD/kW-month", "USD_per_kW_month"), Field(ge=0, le=1e4)]
Mw = Annotated[float, Unit("MW", "MW", 1, 1), Field(gt=0, le=1e5)]
DemandMw = Annotated[float, Unit("MW", "MW", 1, 1), Field(ge=0, le=1e6)]
Kw = Annotated[float, Unit("kW", "kW", 1, 2), Field(gt=0, le=1e5)]
Number = Annotated[float, Unit("", "count"), Field(gt=0, le=1e9)]
Multiple = Annotated[float, Unit("x", "ratio"), Field(ge=1, le=10)]
Tflops = Annotated[float, Unit("TFLOP/s", "TFLOPS", 1, 0), Field(gt=0, le=1e7)]
Month = Annotated[int, Unit("month", "months", 1, 0), Field(ge=0, le=1200)]
SomeMonths = Annotated[int, Unit("months", "months", 1, 0), Field(ge=1, le=1200)]
LifeYears = Annotated[float, Unit("years", "years", 1, 1), Field(gt=0, le=100)]
Acres = Annotated[float, Unit("acres", "acres", 1, 1), Field(gt=0, le=1e6)]
Rate = Annotated[float, Unit("tokens/s", "tokens_per_second", 1, 0), Field(gt=0, le=1e15)]
Tokens = Annotated[float, Unit("tokens", "count", 1, 0), Field(ge=0, le=1e9)]
Billions = Annotated[float, Unit("billion tokens/day", "count", 1, 1), Field(ge=0, le=1e9)]

Stock = Literal[
    "project", "phase", "it_mw", "it_kw", "facility_mw", "facility_kw", "rack", "server", "gpu"
]
"""What there is one or more of while it stands."""

Per = Literal[
    Stock,
    "acre",
    "gpu_hour",
    "installed_gpu_hour",
    "mwh",
    "million_tokens",
    "million_input_tokens",
    "million_cached_tokens",
    "million_output_tokens",
    "thousand_requests",
]
"""What an amount is multiplied by."""

FLOWS = frozenset(
    (
        "gpu_hour",
        "installed_gpu_hour",
        "mwh",
        "million_tokens",
        "million_input_tokens",
        "million_cached_tokens",
        "million_output_tokens",
        "thousand_requests",
    )
)
"""What is sold or used over time, so that an amount for each needs no `every`."""

Step = Literal["continuous", "yearly"]
Since = Literal["decision", "live", "first_live"]
Every = Literal["hour", "day", "month", "quarter", "year"]
Mark = Literal["decision", "construction", "energised", "live"]


class Block(BaseModel):
    """Settings of every block: nothing unknown, nothing converted, nothing infinite."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


def one_of(block: Block, names: tuple[str, ...], most: int = 1) -> None:
    """Refuse a block that states none of these keys, or more than `most`."""
    said = [name for name in names if getattr(block, name) not in (None, ())]
    if not 1 <= len(said) <= most:
        got = " and ".join(said) or "none"
        raise ValueError(f"state {'one' if most == 1 else 'some'} of {', '.join(names)}; got {got}")


class Residual(Block):
    """What something is worth at the end, as a share of what was paid. State one form."""

    share: Share | None = None
    """A fixed share: 1 for land at cost."""
    curve: tuple[Share, ...] = ()
    """Share after 1, 2, … years; 1 at age 0, and the last value holds."""
    curve_between: Literal["full_years", "linear"] = "full_years"
    """Between two ages: the value at the last full year, or a straight line."""
    straight_line_months: SomeMonths | None = None
    """Months over which the value falls in a straight line to `floor_share`."""
    floor_share: Share = 0.0
    """Share left at the end of the straight line."""
    yearly_decline: Share | None = None
    """Share of its value lost each year."""
    age_from: Literal["paid", "live"] = "paid"
    """Whether age counts from the payment or from the first month of sales."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        one_of(self, ("share", "curve", "straight_line_months", "yearly_decline"))
        return self


class Priced(Block):
    """An amount of money: `usd` for each `per`."""

    usd: Usd | None = None
    """Amount for each `per` (and each `every`, for lines over time)."""
    usd_by_year: tuple[Usd, ...] = ()
    """Amount by year counted from `change_from`, instead; the last value holds."""
    per: Per = "project"
    """What the amount is multiplied by."""
    count: Number = 1.0
    """A further multiplier."""
    phases: tuple[str, ...] = ()
    """Phases the line is for; all when left out."""
    share: Share | None = None
    """The line as a share of other lines (`of`, `lines`), instead of an amount."""
    lines: tuple[str, ...] = ()
    """The lines that `share` is of; all of them when left out."""
    yearly_change: YearlyRate = 0.0
    """Yearly change of the amount."""
    change_step: Step = "continuous"
    """Whether it moves all the time, (1 + g)^t, or on each anniversary."""
    change_from: Since = "decision"
    """Where it begins: month 0, each phase's first month of sales, or the first phase's."""


class Capex(Priced):
    """One line of capital cost."""

    group: str | None = None
    """Lines of one group are also shown together, such as `it` and `facility`."""
    paid: Mark | Literal["month"] = "decision"
    """Date of payment; with `month`, the key below."""
    month: Month | None = None
    """Month of payment when `paid: month`."""
    lead_months: Month = 0
    """Months before that date, not before month 0."""
    spread_months: SomeMonths = 1
    """Months over which it is paid evenly, from that date on."""
    spread_shares: tuple[Share, ...] = ()
    """Shares paid in this and the next periods, adding up to 1, instead."""
    receipt: bool = False
    """Money that comes in: a grant or tax credit. Capex is then net of it; no income is taxed."""
    premium: bool = False
    """Whether a phase's `capex_premium` raises it."""
    repeat_months: SomeMonths | None = None
    """Months after which it is bought again (refresh); the old one goes at its residual."""
    life_years: LifeYears | None = None
    """Life in straight-line and annuity costs."""
    residual: Residual | None = None
    """What it is worth at the end; nothing when left out."""
    tax_life_years: LifeYears | None = None
    """Straight-line tax life from the first month of sales."""
    tax_shares: tuple[Share, ...] = ()
    """Tax depreciation by year, adding up to 1 (a MACRS table), instead."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        one_of(self, ("usd", "usd_by_year", "share"))
        if (self.paid == "month") != (self.month is not None):
            raise ValueError("`month` goes with `paid: month`; give both or neither")
        if self.receipt and self.residual is not None:
            raise ValueError("a receipt leaves nothing behind: take `residual` out")
        if self.per in FLOWS:
            raise ValueError(f"capex cannot be per {self.per}: that is counted over time")
        for name in ("spread_shares", "tax_shares"):
            shares = getattr(self, name)
            if shares and abs(sum(shares) - 1) > 1e-6:
                raise ValueError(f"{name} add up to {sum(shares):g}; they must add up to 1")
        return self


class Flow(Priced):
    """One line of operating cost or of revenue."""

    every: Every | None = None
    """How often the amount falls due; left out for what is counted over time, as GPU-hours."""
    amounts_usd: tuple[Annotated[float, Unit("USD", "USD", 1, 0)], ...] = ()
    """The line itself by period, instead; zero after the last."""
    of: Literal["revenue", "opex", "power", "capex", "capex_to_date"] | None = None
    """What `share` is of; capex to date counts yearly."""
    vacancy: Share = 0.0
    """Share of the amount that is not earned."""
    start: Mark = "live"
    """Where the line begins; each phase by itself, except lines per project or acre."""
    delay_months: Month = 0
    """Months later, such as a rent-free time."""
    end_month: Month | None = None
    """First month after the line."""
    ramp_months: Month = 0
    """Months over which it grows to its full amount in equal steps."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        one_of(self, ("usd", "usd_by_year", "share", "amounts_usd"))
        if (self.share is None) != (self.of is None):
            raise ValueError("`share` goes with `of`; give both or neither")
        timed = self.share is None and not self.amounts_usd and self.per not in FLOWS
        if timed and self.every is None:
            raise ValueError(f"an amount per {self.per} needs `every`, such as `every: year`")
        if not timed and self.every is not None:
            raise ValueError("`every` is only for amounts per thing that stands; leave it out")
        return self


def periods_of(months: int, per_year: int) -> int | None:
    """Number of periods in so many months; None when that is no whole number.

    Examples
    --------
    >>> periods_of(36, 12), periods_of(36, 1), periods_of(18, 1)
    (36, 3, None)
    """
    whole, rest = divmod(months * per_year, MONTHS_PER_YEAR)
    return None if rest else whole
