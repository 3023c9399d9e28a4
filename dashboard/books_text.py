"""Books with leases and accounts of the state for a terminal and as JSON."""

import math
from typing import Any

import numpy as np
import pandas as pd

from dashboard.charts import books, state_books
from dashboard.charts.study import Study
from data.catalog import Catalog
from forecasts.accounts import Accounts, View
from forecasts.government import StateAccounts, StateView
from forecasts.leased import Lease
from forecasts.lessor import lessor_books
from forecasts.report import month_name
from forecasts.state_rules import StateTerms

GOVERNMENT = "government"
"""Name of the state's view beside those of `accounts.View`."""

Rows = list[int]
"""Places of the factories told of."""


def lease_text(study: Study, rows: Rows, view: View, what: str) -> str:
    """Tell what a view does to every factory, and its main figures by year."""
    told = []
    for row in rows:
        made = books.pair(study, row, view, what)
        told += [
            study.sites[row].name,
            f"{books.finding(made)}.",
            books.covenants(made),
            "",
            _columns(made),
            "",
        ]
    return "\n".join(told).rstrip()


def _columns(made: books.Pair) -> str:
    sides = [("rent" if one.view is View.CASH else str(one.view), one) for one in made.sides]
    items = {
        "EBITDA": [_millions(one.income.loc["EBITDA"].to_numpy(dtype=float)) for _, one in sides],
        "net debt": [_millions(one.net_debt_usd) for _, one in sides],
        "debt/EBITDA": [_ratios(one.leverage) for _, one in sides],
        "cover": [_ratios(one.cover) for _, one in sides],
    }
    shown = pd.DataFrame({"year": made.years})
    for item, columns in items.items():
        for (name, _), column in zip(sides, columns, strict=True):
            shown[f"{item}, {name}"] = column
    return f"USD m; rent: rent as a cost\n{shown.to_string(index=False)}"


def _millions(usd: np.ndarray) -> list[str]:
    return [f"{round(one / 1e6, books.DIGITS) + 0.0:,.{books.DIGITS}f}" for one in usd]


def _ratios(values: np.ndarray) -> list[str]:
    return [f"{round(one, 2) + 0.0:,.2f}" if math.isfinite(one) else "-" for one in values]


def state_text(study: Study, rows: Rows, terms: StateTerms, catalog: Catalog) -> str:
    """Tell the answer for every factory, its reasons and the accounts by year."""
    told = []
    for row in rows:
        view = state_books.view_of(study, row, terms)
        output = state_books.output_of(study, row, catalog)
        told += [study.sites[row].name, f"{state_books.finding(view)}."]
        told += [state_books.against_output(view, output)]
        told += [
            f"- {_points(one.on, one.counts)}: {one.fact} {one.rule} [{one.source}]"
            for one in view.answer.reasons
        ]
        for frame in state_books.tables(view.counted).values():
            told += ["", frame.to_string(index=False)]
        said = state_books.memoranda(view.counted)
        told += ["", said, ""] if said else [""]
    return "\n".join([*told, state_books.RULES])


def _points(on: bool, counts: bool) -> str:
    return ("on" if on else "off") + ("" if counts else ", beside the answer")


def lease_data(study: Study, rows: Rows, view: View, what: str) -> dict[str, Any]:
    """Return the books of factories in a view, and with rent as a cost, as plain data."""
    return {
        "view": str(view),
        "leased": what,
        "factories": [_factory(study, row, view, what) for row in rows],
    }


def _factory(study: Study, row: int, view: View, what: str) -> dict[str, Any]:
    made = books.pair(study, row, view, what)
    return {
        "factory": study.sites[row].key,
        "finding": books.finding(made),
        "covenant": made.after.covenant,
        "years": made.years,
        "leases": [_lease(study, one) for one in made.after.leases],
        "lessor": _frame(lessor_books(study.result, made.after.leases)),
        str(View.CASH): _accounts(made.before),
        **({} if view is View.CASH else {str(view): _accounts(made.after)}),
    }


def _lease(study: Study, one: Lease) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "from": month_name(study.result, one.start),
        "months": one.months,
        "rate_per_year": 12 * one.rate,
        "cost_usd": one.cost_usd,
        "residual_usd": one.residual_usd,
        "first_rent_usd": float(one.schedule.payments_usd[0]),
        "paid_usd": float(one.schedule.payments_usd.sum()),
        "liability_usd": one.schedule.opening_usd,
        "term_share": one.tests.term_share if one.chosen else None,
        "worth_share": one.tests.worth_share if one.chosen else None,
        "class": "short" if one.short else one.tests.said,
    }


def _accounts(made: Accounts) -> dict[str, Any]:
    return {
        "income": _frame(made.income),
        "balance": _frame(made.balance),
        "rent_paid_usd": _numbers(made.paid_usd),
        "net_debt_usd": _numbers(made.net_debt_usd),
        "net_debt_to_ebitda": _numbers(made.leverage),
        "cover": _numbers(made.cover),
        "years_below_covenant": list(made.breaches),
    }


def state_data(study: Study, rows: Rows, terms: StateTerms, catalog: Catalog) -> dict[str, Any]:
    """Return answer, reasons and accounts of the state for factories as plain data."""
    return {
        "view": GOVERNMENT,
        "terms": {name: getattr(terms, name) for name in StateTerms.__dataclass_fields__},
        "factories": [
            _state(
                study.sites[row].key,
                state_books.view_of(study, row, terms),
                state_books.output_of(study, row, catalog),
            )
            for row in rows
        ],
    }


def _state(key: str, view: StateView, output: state_books.Output | None) -> dict[str, Any]:
    return {
        "factory": key,
        "finding": state_books.finding(view),
        "on_balance_sheet": view.answer.on,
        "kind": view.answer.kind,
        "reasons": [
            {
                "rule": one.rule,
                "fact": one.fact,
                "points_to": "on" if one.on else "off",
                "counts": one.counts,
                "source": one.source,
                "url": one.url,
            }
            for one in view.answer.reasons
        ],
        "years": [int(year) for year in view.counted.flows.columns],
        "gdp": None
        if output is None
        else {
            "usd": output.usd,
            "year": output.year,
            "source": output.fact.source.cite(),
            "url": output.fact.source.url,
        },
        "as_answered": _state_accounts(view.counted, output),
        "otherwise": _state_accounts(view.otherwise, output),
    }


def _state_accounts(made: StateAccounts, output: state_books.Output | None) -> dict[str, Any]:
    return {
        "on_balance_sheet": made.on,
        "flows": _frame(made.flows),
        "stocks": _frame(made.stocks),
        "concessional_benefit_usd": made.benefit_usd,
        "most_over_gdp": None if output is None else state_books.shares(made, output),
    }


def _frame(frame: pd.DataFrame) -> dict[str, list[float | None]]:
    return {str(name): _numbers(row.to_numpy(dtype=float)) for name, row in frame.iterrows()}


def _numbers(values: np.ndarray) -> list[float | None]:
    return [float(one) + 0.0 if math.isfinite(one) else None for one in values.tolist()]
