"""Why this rate: the discount rate of a factory and the rate of its loans, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from forecasts.engine import Result
from forecasts.returns import factory_returns

TIMES = "\N{MULTIPLICATION SIGN}"

MARKET = ("market", "Market: beta times equity premium")
COUNTRY = ("country", "Country: exposure times premium")
"""Key and name of the parts that are products."""


@dataclass(frozen=True, slots=True)
class RatePart:
    """One part of a rate.

    Attributes
    ----------
    name, label : str
        Key, and name on screen.
    share : float
        What it adds, a year; below zero where it takes away.
    said : str
        How it comes about, as arithmetic; the value alone where it is one assumption.
    inputs : tuple of str
        Assumptions behind it.
    """

    name: str
    label: str
    share: float
    said: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CostOfCapital:
    """What a factory's money costs.

    Attributes
    ----------
    rate : float
        The discount rate the model uses, a year; the parts add up to it.
    parts : tuple of RatePart
        Bond, market, country.
    loan_rate : float
        Rate of the senior loan, a year; its parts add up to it.
    loan_parts : tuple of RatePart
        Bond, the country's spread, margin.
    tax_relief : float
        What a year's interest saves in tax, a share of the loan, at the full tax rate.
    gearing : float
        Loans over everything paid for, as drawn.
    with_loans : float
        The rate less gearing times tax relief: shown beside, used by nothing.
    """

    rate: float
    parts: tuple[RatePart, ...]
    loan_rate: float
    loan_parts: tuple[RatePart, ...]
    tax_relief: float
    gearing: float
    with_loans: float


def cost_of_capital(result: Result, row: int) -> CostOfCapital:
    """Take the discount rate and the loan rate of a factory apart.

    Each group of parts, added up in order, is the model's own rate to the last bit.
    """
    q = result.plan.quantities[row]
    bond = RatePart("risk_free", "Long US government bond", float(q["risk_free_rate"]), "",
                    ("risk_free_rate",))  # fmt: skip
    parts = (
        bond,
        _product(result, row, MARKET, ("asset_beta", "equity_risk_premium")),
        _product(result, row, COUNTRY, ("country_risk_exposure", "country_risk_premium")),
    )
    spread, margin = float(q["country_default_spread"]), float(q["debt_margin"])
    loan = (
        bond,
        RatePart("spread", "The country's own bonds above it", spread, "",
                 ("country_default_spread",)),
        RatePart("margin", "Lenders' margin", margin, "", ("debt_margin",)),
    )  # fmt: skip
    loan_rate = sum(part.share for part in loan)
    relief = loan_rate * float(q["corporate_tax"])
    drawn = factory_returns(result, row)["gearing"].value or 0.0
    rate = float(result.discount_rate[row])
    return CostOfCapital(rate, parts, loan_rate, loan, relief, drawn, rate - drawn * relief)


def _product(result: Result, row: int, named: tuple[str, str], inputs: tuple[str, str]) -> RatePart:
    much, premium = (float(result.plan.quantities[row][name]) for name in inputs)
    said = f"{much:.2f} {TIMES} {premium * 100:.2f}\N{NO-BREAK SPACE}%"
    return RatePart(*named, much * premium, said, inputs)
