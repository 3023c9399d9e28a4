"""How a stated project ends, is taxed and is financed."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forecasts.stated_blocks import Block, Month, SomeMonths, Usd, one_of
from forecasts.units import Share, TaxRate, Unit

Cover = Annotated[float, Unit("x", "ratio"), Field(ge=1, le=20)]
Gearing = Annotated[float, Unit("%", "share", 100, 1), Field(ge=0, le=10)]


class Exit(Block):
    """Sale of the whole at the end, from net operating income (revenue - opex - power)."""

    cap_rate: Annotated[Share, Field(gt=0)] | None = None
    """Value = income / cap rate; or give `multiple`."""
    multiple: Annotated[float, Unit("x", "ratio"), Field(gt=0, le=100)] | None = None
    """Value = income x multiple."""
    income: Literal["next_year", "last_year", "last_period"] = "next_year"
    """Year of income: the twelve months after the end, the last twelve, or the last period x n."""
    cost_share: Share = 0.0
    """Cost of sale over value."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        one_of(self, ("cap_rate", "multiple"))
        return self


class Tax(Block):
    """Income tax; capex lines carry their own tax lives."""

    rate: TaxRate
    """Share of taxable income."""
    losses: Literal["carried", "refunded"] = "carried"
    """Losses are carried forward, or the tax on them is paid out."""
    settled: Literal["year", "period"] = "year"
    """Whether losses and profits meet over a year, or every period is taxed by itself."""
    holiday_months: Month = 0
    """Months from the first sales: tax years that end within them are free."""


class Loan(Block):
    """One tranche of debt."""

    rate: Annotated[Share, Unit("%/yr", "share_per_year", 100, 2)]
    """Quoted interest a year."""
    compounding: Literal["nominal", "effective"] = "nominal"
    """Interest of a period: rate / n, or (1 + rate)^(1/n) - 1."""
    tenor_months: SomeMonths
    """Months of service."""
    repayment: Literal["sculpted", "annuity", "straight", "bullet"] = "annuity"
    """How it is repaid."""
    grace_months: Month = 0
    """First months of the tenor with interest only."""
    balloon_share: Annotated[Share, Field(lt=1)] = 0.0
    """Part of the loan that is repaid with the last service, in one sum; not when sculpted."""
    gearing: Gearing = 1.0
    """Most it may be of all uses of funds; above 1 it is cut to 1, with a warning."""
    amount_usd: Usd | None = None
    """Most it may be."""
    dscr: Cover | None = None
    """Least cover of service by cash; sculpted loans need it."""
    upfront_fee: Annotated[Share, Field(le=0.2)] = 0.0
    """Fee on the loan in the first period."""
    commitment_fee: Annotated[Share, Field(le=0.1)] = 0.0
    """Yearly fee on what is not drawn."""


class Finance(Block):
    """Debt and the flows it leaves to equity."""

    loans: Annotated[dict[str, Loan], Field(min_length=1)]
    """Tranches by priority."""
    first_service_month: Month | None = None
    """Month of the first service; after the last first-time capex when left out."""
    draws: Literal["pro_rata", "equity_first"] = "pro_rata"
    """Who pays first while building."""
    max_gearing: Gearing = 1.0
    """Most all loans may be of all uses of funds; above 1 it is cut to 1, with a warning."""
    dsra_months: Annotated[float, Unit("months", "months"), Field(ge=0, le=24)] = 0.0
    """Debt service held in reserve."""
    sweep: Share = 0.0
    """Share of the cash above `sweep_dscr` times service that prepays loans, by priority."""
    sweep_dscr: Cover = 1.0
    """Cover above which cash is swept."""
    lockup_dscr: Annotated[float, Unit("x", "ratio"), Field(ge=0, le=20)] = 0.0
    """Cover below which nothing is paid out to equity; 0 is never."""


class WorkingCapital(Block):
    """Money that customers owe and that suppliers wait for; freed in the last period."""

    receivable_days: Annotated[float, Unit("days", "days"), Field(ge=0, le=365)] = 0.0
    """Days until customers pay."""
    payable_days: Annotated[float, Unit("days", "days"), Field(ge=0, le=365)] = 0.0
    """Days until operating cost and energy are paid."""
