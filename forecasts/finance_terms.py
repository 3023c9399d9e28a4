"""The assumptions on tax, the return asked, loans and payment terms: a part of every scenario."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from forecasts.quantities import FromData, Section
from forecasts.units import (
    Beta,
    CoverRatio,
    Days,
    FeeShare,
    GearingShare,
    LoanRate,
    MarketRate,
    Ratio,
    ReserveMonths,
    RiskPremium,
    Share,
    TaxRate,
    Years,
)

RETURN = Section("Tax and return")
FINANCE = Section("Finance")


class FinanceTerms(BaseModel):
    """What the state, owners and lenders ask."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    corporate_tax: Annotated[
        TaxRate | None, RETURN, FromData("sites", "corporate_tax_rate", 0.01)
    ] = None
    """Corporate income tax."""
    tax_holiday_years: Annotated[Years | None, RETURN, FromData("sites", "tax_holiday_years")] = (
        None
    )
    """Years from first operation in which no income tax is due."""
    hardware_tax_life_years: Annotated[Years, Field(ge=1), RETURN] = 5.0
    """Straight-line tax life of hardware."""
    facility_tax_life_years: Annotated[Years, Field(ge=1), RETURN] = 20.0
    """Straight-line tax life of the facility."""
    declining_factor: Annotated[Ratio, RETURN] = 0.0
    """Declining-balance depreciation for tax at this multiple of straight line; 0 is straight."""
    loss_years: Annotated[Years, RETURN] = 0.0
    """Years a tax loss may be carried forward; 0 is without limit."""
    loss_use_share: Annotated[Share, RETURN] = 1.0
    """Most of a year's income that earlier losses may cover."""
    risk_free_rate: Annotated[MarketRate, RETURN] = 0.0448
    """Yield of long US government bonds."""
    equity_risk_premium: Annotated[MarketRate, RETURN] = 0.0423
    """Premium of a mature share market over bonds."""
    asset_beta: Annotated[Beta, RETURN] = 1.1
    """Sensitivity of AI infrastructure without debt to the share market."""
    country_risk_premium: Annotated[
        RiskPremium | None, RETURN, FromData("sites", "country_risk_premium", 0.01)
    ] = None
    """Extra return investors ask in the country."""
    country_risk_exposure: Annotated[Ratio, RETURN] = 1.0
    """Part of the country risk premium that the factory's revenue bears."""

    gearing: Annotated[GearingShare, FINANCE] = 0.60
    """Most of all uses of funds that loans pay for; 0 is all equity."""
    target_dscr: Annotated[CoverRatio, FINANCE] = 1.35
    """Cash over debt service that lenders ask of contracted cash."""
    merchant_dscr: Annotated[CoverRatio, FINANCE] = 2.0
    """Cash over debt service that lenders ask of uncontracted cash."""
    debt_margin: Annotated[LoanRate, FINANCE] = 0.045
    """Margin of the senior loan over government bonds and the country's spread."""
    country_default_spread: Annotated[
        RiskPremium | None, FINANCE, FromData("sites", "default_spread", 0.01)
    ] = None
    """Spread of the country's own bonds over United States bonds."""
    debt_tenor_years: Annotated[Years, FINANCE] = 4.5
    """Years over which the senior loan is repaid, no longer than its racks serve."""
    upfront_fee: Annotated[FeeShare, FINANCE] = 0.0125
    """Fee on a loan when it is signed, as a share of it."""
    commitment_fee: Annotated[FeeShare, FINANCE] = 0.01
    """Yearly fee on what is not drawn yet."""
    dsra_months: Annotated[ReserveMonths, FINANCE] = 6
    """Months of coming debt service held in a reserve account."""
    lockup_dscr: Annotated[Ratio, FINANCE] = 1.15
    """Cover below which nothing is paid out to owners; 0 is never."""
    covenant_dscr: Annotated[Ratio, FINANCE] = 1.05
    """Cover below which a loan is in default."""
    cash_sweep: Annotated[Share, FINANCE] = 0.0
    """Share of the cash above the sweep cover that prepays loans."""
    sweep_dscr: Annotated[CoverRatio, FINANCE] = 1.35
    """Cover above which cash is swept."""
    concessional_share: Annotated[Share, FINANCE] = 0.0
    """Part of the cost that a concessional loan pays for."""
    concessional_rate: Annotated[LoanRate, FINANCE] = 0.03
    """Yearly interest of the concessional loan."""
    concessional_tenor_years: Annotated[Years, FINANCE] = 10.0
    """Years over which the concessional loan is repaid."""
    mezzanine_share: Annotated[Share, FINANCE] = 0.0
    """Part of the cost that a mezzanine loan pays for."""
    mezzanine_rate: Annotated[LoanRate, FINANCE] = 0.13
    """Yearly interest of the mezzanine loan."""
    withholding_tax: Annotated[
        TaxRate | None, FINANCE, FromData("sites", "withholding_tax_dividends", 0.01)
    ] = None
    """Tax withheld from dividends paid abroad."""
    receivable_days: Annotated[Days, FINANCE] = 45
    """Days until customers pay."""
    payable_days: Annotated[Days, FINANCE] = 45
    """Days until suppliers are paid."""
