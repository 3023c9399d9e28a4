"""Tables of the main figures in other currencies, in the money of each year or of one month."""

import math
from collections.abc import Mapping

import pandas as pd

from dashboard.charts.study import Study, short
from dashboard.theme import NOTHING, money, number
from data.catalog import Catalog
from data.problems import Problem, RefusedError
from forecasts.money_terms import (
    DOLLAR,
    FIGURES,
    FIRST,
    MoneyFigure,
    Rate,
    currency_of,
    exchange_rates,
    main_figures,
)
from forecasts.report import month_name

NOMINAL, REAL = "nominal", "real"

Rates = Mapping[str, Rate]


def terms(study: Study) -> dict[str, str]:
    """Return the terms that a reader may choose, with their names."""
    base = month_name(study.result, 0)
    return {NOMINAL: "Nominal: money of each year", REAL: f"Real: money of {base}"}


def rates_of(study: Study, catalog: Catalog) -> Rates:
    """Return every currency of the factories and of the announced ones."""
    return exchange_rates(catalog, study.sites)


def local_of(study: Study, row: int, catalog: Catalog) -> str:
    """Return the currency of a factory's country; the dollar where no row says it."""
    return currency_of(catalog, study.sites[row].iso3) or DOLLAR


def written(figure: MoneyFigure, rate: Rate, terms: str) -> str:
    """Write a figure in a currency; a dash where there is none."""
    value = figure.real if terms == REAL else figure.nominal
    if value is None:
        return NOTHING
    amount = value * rate.per_usd
    if figure.unit == "USD":
        return money(amount).replace(DOLLAR, rate.code)
    return f"{rate.code} {number(amount, 2)}"


def figures_table(study: Study, row: int, rates: Rates, local: str, terms: str) -> pd.DataFrame:
    """Table of a factory's main figures, one column a currency: the first four and its own."""
    shown = [rate for code, rate in rates.items() if code in FIRST or code == local]
    return pd.DataFrame(
        [
            {f"Figure, {terms}": figure.label}
            | {rate.code: written(figure, rate, terms) for rate in shown}
            for figure in main_figures(study.result, row)
        ]
    )


def factories_table(study: Study, rate: Rate, terms: str) -> pd.DataFrame:
    """Table of all factories and their sum in one currency, with units in the headings."""
    rows = [(short(site), row) for row, site in enumerate(study.sites)]
    lines = []
    for name, row in [*rows, ("All factories", None)]:
        line: dict[str, object] = {f"Factory, {terms}": name}
        for figure in main_figures(study.result, row):
            value = figure.real if terms == REAL else figure.nominal
            summed = figure.unit == "USD"
            unit, scale = (f"{rate.code} m", 1e-6) if summed else (f"{rate.code}/h", 1.0)
            shown = None if value is None else value * rate.per_usd * scale
            line[f"{SHORT[figure.name]}, {unit}"] = shown
        lines.append(line)
    frame = pd.DataFrame(lines)
    numbers = frame.columns[1:]
    return frame.astype(dict.fromkeys(numbers, "float64"))


SHORT = {
    "capex": "Capex",
    "refresh": "Refreshes",
    "revenue": "Revenue",
    "opex": "Opex",
    "npv": "NPV",
    "levelised_price": "Price",
    "lcoc": "LCOC",
}
"""Headings of the figures."""


def rates_table(rates: Rates) -> pd.DataFrame:
    """Table of the rates with year, row and source."""
    return pd.DataFrame(
        [
            {
                "Currency": rate.code,
                "For one USD": f"{rate.per_usd:,.4f}",
                "Mean of": rate.year,
                "Row": rate.fact.place,
                "Source": rate.fact.source.cite(),
                "Address": rate.fact.source.url,
            }
            for rate in rates.values()
            if rate.fact is not None
        ]
    )


def long_table(study: Study, rates: Rates) -> pd.DataFrame:
    """Every figure of every factory in every currency and both terms: for a file."""
    base = month_name(study.result, 0)
    rows = [(site.key, row) for row, site in enumerate(study.sites)]
    return pd.DataFrame(
        [
            {
                "factory": key,
                "figure": figure.name,
                "label": FIGURES[figure.name][0],
                "per": "GPU-hour" if figure.unit != "USD" else "",
                "terms": how,
                "money_of": base if how == REAL else "each year",
                "currency": rate.code,
                "value": _converted(usd, rate.per_usd),
                "per_usd": rate.per_usd,
                "mean_of_year": rate.year,
                "reason": figure.reason,
            }
            for key, row in [*rows, ("all", None)]
            for figure in main_figures(study.result, row)
            for how, usd in ((NOMINAL, figure.nominal), (REAL, figure.real))
            for rate in rates.values()
        ]
    ).astype({"value": "float64"})


def data(study: Study, catalog: Catalog, code: str, terms: str) -> dict[str, object]:
    """Return rates, and every figure in USD in both terms and as it was asked for, as plain data.

    Raises
    ------
    RefusedError
        If no rate of that currency is on record.
    """
    rates, result = rates_of(study, catalog), study.result
    per_usd = _known(rates, code).per_usd
    named: list[tuple[str, str, int | None]] = [
        (site.key, local_of(study, row, catalog), row) for row, site in enumerate(study.sites)
    ]
    return {
        "scenario": result.plan.scenario.name,
        "scenario_hash": result.plan.scenario.hash,
        "data_version": result.plan.data_version,
        "money_of_real_terms": month_name(result, 0),
        "asked": {"currency": code, "terms": terms, "per_usd": per_usd},
        "rates": [
            {
                "currency": rate.code,
                "per_usd": rate.per_usd,
                "mean_of_year": rate.year,
                "row": rate.fact.place,
                "source": rate.fact.source.cite(),
                "url": rate.fact.source.url,
            }
            for rate in rates.values()
            if rate.fact is not None
        ],
        "factories": [
            {
                "factory": key,
                "currency": local,
                "figures": [
                    {
                        "name": one.name,
                        "label": one.label,
                        "unit": one.unit,
                        "nominal": one.nominal,
                        "real": one.real,
                        "asked": _converted(one.real if terms == REAL else one.nominal, per_usd),
                        "reason": one.reason,
                    }
                    for one in main_figures(result, row)
                ],
            }
            for key, local, row in [*named, ("all", DOLLAR, None)]
        ],
    }


def _known(rates: Rates, code: str) -> Rate:
    if code not in rates:
        expected = f"one of {', '.join(rates)}"
        raise RefusedError([Problem("--in", repr(code), expected, "use one of these codes")])
    return rates[code]


def _converted(usd: float | None, per_usd: float) -> float | None:
    return None if usd is None else usd * per_usd


def text(study: Study, rates: Rates, code: str, terms: str) -> str:
    """Return the table of all factories in a currency for a terminal.

    Raises
    ------
    RefusedError
        If no rate of that currency is on record.
    """
    rate = _known(rates, code)
    table = factories_table(study, rate, terms)
    base = month_name(study.result, 0)
    money_of = f"money of {base}" if terms == REAL else "money of each year"
    year = f", at {rate.per_usd:,.4f} for one USD, mean of {rate.year}" if rate.year else ""
    lines = [f"{study.result.plan.scenario.name}: {code}, {terms} ({money_of}){year}", ""]
    heads = [str(head) for head in table.columns[1:]]
    lines.append(f"{'factory':18}" + "".join(f"{head:>17}" for head in heads))
    for name, *values in table.itertuples(index=False):
        cells = ("-" if math.isnan(value) else _plain(value) for value in values)
        lines.append(f"{name:18}" + "".join(f"{cell:>17}" for cell in cells))
    return "\n".join([*lines, "", "A view: the model is in nominal USD. Sources with --json"])


def _plain(value: float) -> str:
    """Write a number as terminals take it."""
    return f"{value:,.{0 if abs(value) >= 100 else 2}f}"
