"""Main money figures of a factory in real terms, and what a dollar is in other currencies.

Views of a result, for readers: the model reckons in nominal USD throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, OPEX_LINES, REVENUE_LINES
from forecasts.plan import Site
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.units import MONTHS_PER_YEAR, Array

FIGURES = {
    "capex": ("First-time capex", "USD"),
    "refresh": ("Refreshes of racks", "USD"),
    "revenue": ("Revenue, all years", "USD"),
    "opex": ("Operating costs, all years", "USD"),
    "npv": ("NPV", "USD"),
    "levelised_price": ("Levelised price of a GPU-hour", "USD_per_gpu_hour"),
    "lcoc": ("LCOC", "USD_per_gpu_hour"),
}
"""Name on screen and unit of the main figures, in the order shown."""

DOLLAR = "USD"
FIRST = (DOLLAR, "EUR", "MYR", "RON")
"""The dollar, then the currencies of the announced factories; others follow."""


@dataclass(frozen=True, slots=True)
class MoneyFigure:
    """One figure in both terms.

    Attributes
    ----------
    name, label, unit : str
        Key, name on screen, `USD` or `USD_per_gpu_hour`.
    nominal, real : float or None
        In the money of the years in which it is paid, and in that of the model's first month; costs
        are positive.
    reason : str
        Why there is none, else empty.
    """

    name: str
    label: str
    unit: str
    nominal: float | None
    real: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What a dollar is in another currency.

    Attributes
    ----------
    code : str
        ISO code of the currency.
    per_usd : float
        Units of it for one dollar, mean of the year.
    year : str
        That year; empty for the dollar itself.
    fact : Fact or None
        The row it comes from; None for the dollar itself.
    """

    code: str
    per_usd: float
    year: str
    fact: Fact | None


def price_level(result: Result) -> Array:
    """Return the general price level by month, 1 in the first, (factory, month).

    It is that of running costs in the model: `inflation` of each factory.
    """
    month = np.arange(result.plan.months)
    level: Array = (1 + result.plan["inflation"]) ** (month / MONTHS_PER_YEAR)
    return level


def main_figures(result: Result, row: int | None, path: int = 0) -> list[MoneyFigure]:
    """Return the main figures of a factory, or of all together, in both terms.

    Flows are deflated month by month. NPV is money of the first month already: deflated cash at the
    real rate has the same present value. A levelised price or cost in real terms is the constant
    price, in money of the first month, with the same present value: cash over hours discounted
    at the real rate.
    """
    rows = slice(None) if row is None else slice(row, row + 1)
    metrics = portfolio_returns(result, path) if row is None else factory_returns(result, row, path)
    level = price_level(result)[rows]
    hours = result.sales.sold_gpu_hours[path, rows] * result.factors[rows]
    sold = float((hours * level).sum())
    real_hour = float(hours.sum()) / sold if sold > 0 else 0.0

    def flow(names: tuple[str, ...], sign: float) -> tuple[float, float]:
        paid = sign * result.total(names)[path, rows]
        return float(paid.sum()) + 0.0, float((paid / level).sum()) + 0.0

    sums = {
        "capex": flow(CAPEX_LINES, -1.0),
        "refresh": flow(("refresh",), -1.0),
        "revenue": flow(REVENUE_LINES, 1.0),
        "opex": flow(OPEX_LINES, -1.0),
    }
    found = []
    for name, (label, unit) in FIGURES.items():
        if name in sums:
            found.append(MoneyFigure(name, label, unit, *sums[name], ""))
            continue
        metric = metrics[name]
        value, factor = metric.value, 1.0 if name == "npv" else real_hour
        real = None if value is None else value * factor
        found.append(MoneyFigure(name, label, unit, value, real, metric.reason))
    return found


def exchange_rates(catalog: Catalog, sites: Iterable[Site]) -> Mapping[str, Rate]:
    """Return the newest yearly mean of every currency on record, the dollar first.

    Parameters
    ----------
    catalog : Catalog
        Tables `sites` (currency of a country) and `country_year` (its rate).
    sites : iterable of Site
        Whose currencies are wanted beside those of the announced factories.
    """
    countries = dict.fromkeys(["BEL", "MYS", "ROU", *(site.iso3 for site in sites)])
    found = {DOLLAR: Rate(DOLLAR, 1.0, "", None)}
    for iso3 in countries:
        code, rate = currency_of(catalog, iso3), rate_fact(catalog, iso3)
        if code and rate is not None and rate.value:
            found.setdefault(code, Rate(code, rate.value, _year(rate), rate))
    order = sorted(found, key=lambda code: (code not in FIRST, [*FIRST, code].index(code), code))
    return {code: found[code] for code in order}


def currency_of(catalog: Catalog, iso3: str) -> str:
    """Return the ISO code of a country's currency; empty where no row says it."""
    known = catalog.facts("sites", iso3=iso3, parameter="currency")
    return known[-1].text if known else ""


def rate_fact(catalog: Catalog, iso3: str) -> Fact | None:
    """Return the newest row of a country's exchange rate, or None."""
    known = catalog.facts("country_year", iso3=iso3, indicator="exchange_rate")
    return known[-1] if known else None


def _year(fact: Fact) -> str:
    """Year of a row of `country_year`: the last part of its place."""
    return fact.place.rpartition(", ")[2].removesuffix("]")
