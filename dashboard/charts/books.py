"""Books of a factory with leases: what a rule of accounts does to EBITDA, net debt and cover."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart, scaled
from dashboard.charts.study import Study
from dashboard.theme import (
    BLUE,
    GREY,
    NOTHING,
    ORANGE,
    drawn,
    hatch,
    money,
    number,
    percent,
    titled,
)
from forecasts.accounts import VIEWS, Accounts, View, accounts
from forecasts.leased import Lease
from forecasts.lessor import lessor_books
from forecasts.report import month_name

LEASED = {
    "racks": "Racks",
    "halls": "Halls and land",
    "both": "Racks, halls and land",
    "nothing": "Nothing, as in the model",
}
"""What a lessor may buy instead of the factory; the first is shown first."""

NO_EBITDA = "EBITDA not above 0"
NOTHING_OWED = "nothing owed"
"""Why a ratio has no value."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The books with rent as a cost, and in the view asked for."""

    before: Accounts
    after: Accounts
    what: str

    @property
    def name(self) -> str:
        """Name of the view."""
        return VIEWS[self.after.view]

    @property
    def sides(self) -> tuple[Accounts, ...]:
        """The books to show: only one where rent as a cost is what is asked for."""
        return (self.after,) if self.after.view is View.CASH else (self.before, self.after)

    @property
    def years(self) -> list[int]:
        """Calendar years."""
        return [int(year) for year in self.after.income.columns]


def pair(study: Study, row: int, view: View, what: str) -> Pair:
    """Write the books of a factory in both views."""
    before, after = (accounts(study.result, row, one, what) for one in (View.CASH, view))
    return Pair(before, after, what)


def _item(made: Accounts, name: str) -> np.ndarray:
    frame = made.income if name in made.income.index else made.balance
    return np.asarray(frame.loc[name], dtype=float)


def _named(view: View) -> str:
    """Name of a view after a comma."""
    return VIEWS[view].lower() if view is View.CASH else VIEWS[view]


def finding(made: Pair) -> str:
    """Say what the view changes in the year of the largest lease liability."""
    if made.after.view is View.CASH:
        paid = float(made.after.paid_usd.sum())
        if paid <= 0:
            return "Nothing is leased here"
        said = f"ent of {money(paid)} over all years stands in EBITDA, and no debt beside it"
        return f"R{said}" if made.what == "nothing" else f"{_leased(made)}r{said}"
    owed = _item(made.after, "Lease liabilities")
    if owed.max(initial=0.0) <= 0:
        return f"Nothing is leased here for more than a year, so {made.name} moves no debt"
    place = int(owed.argmax())
    earned = [_item(one, "EBITDA")[place] for one in (made.before, made.after)]
    debt = [one.net_debt_usd[place] for one in (made.before, made.after)]
    times = [one.leverage[place] for one in (made.before, made.after)]
    said = (
        f"{_leased(made)}{made.name} takes EBITDA of {made.years[place]} from {money(earned[0])} "
        f"to {money(earned[1])} and net debt from {money(debt[0])} to {money(debt[1])}"
    )
    if np.isfinite(times).all():
        said += f": {number(times[1], 1)} times EBITDA instead of {number(times[0], 1)}"
    return said


def _leased(made: Pair) -> str:
    return "" if made.what == "nothing" else f"With {LEASED[made.what].lower()} leased, "


def covenants(made: Pair) -> str:
    """Say in which years cover is below the covenant, in both views."""
    floor = number(made.after.covenant, 2)
    said = []
    for one in made.sides:
        counted = int(np.isfinite(one.cover).sum())
        if counted == 0:
            said.append(f"{VIEWS[one.view]}: no year owes lenders anything")
            continue
        years = f", first in {one.breaches[0]}" if one.breaches else ""
        said.append(f"{VIEWS[one.view]}: {len(one.breaches)} of {counted} years{years}")
    return f"Cover below the covenant of {floor}: " + "; ".join(said) + "."


def chart(made: Pair) -> Chart:
    """EBITDA as bars and net debt as lines, with rent as a cost and in the view."""
    frame = pd.DataFrame(
        {
            f"{item}, {_named(one.view)}": _item(one, item)
            if item == "EBITDA"
            else one.net_debt_usd
            for item in ("EBITDA", "Net debt")
            for one in made.sides
        },
        index=made.years,
    )
    shown, unit = scaled(frame)
    names = [str(year) for year in made.years]
    count = len(made.sides)
    traces = [
        _trace(shown, heading, names, unit) | (bar if place < count else line)
        for place, (heading, (bar, line)) in enumerate(
            zip(shown.columns, LOOKS[-count:] * 2, strict=True)
        )
    ]
    table = shown.rename(columns={name: f"{name}, {unit}" for name in shown.columns})
    for one in made.sides:
        name = _named(one.view)
        table[f"Net debt / EBITDA, {name}"] = _ratios(one.leverage, NO_EBITDA)
        table[f"Cover, {name}"] = _ratios(one.cover, NOTHING_OWED)
    said = finding(made)
    return Chart(
        headline=said,
        subtitle=f"EBITDA (bars) and net debt at year end (lines), {unit}, nominal",
        plot=drawn(
            traces,
            height=380,
            barmode="group",
            xaxis={"type": "category", "tickangle": 0, "nticks": 8},
            yaxis=titled(unit),
        ),
        table=table.rename_axis("Year").reset_index(),
        alt=f"Bars of EBITDA and lines of net debt by year, with rent as a cost and under "
        f"{made.name}. {said}. {covenants(made)}",
    )


def with_racks_leased(study: Study, row: int) -> Chart:
    """EBITDA and net debt under IFRS 16 with racks leased: for a picture."""
    return chart(pair(study, row, View.IFRS, "racks"))


def _trace(shown: pd.DataFrame, heading: str, names: list[str], unit: str) -> dict[str, object]:
    return {
        "x": names,
        "y": shown[heading].to_numpy().round(4),
        "name": heading,
        "hovertemplate": f"<b>{heading}</b> %{{x}}: %{{y:,.2f}} {unit}<extra></extra>",
    }


def _look(bar: str, line: str, shape: str, dash: str) -> tuple[dict[str, object], ...]:
    return (
        {"type": "bar", "marker": {"color": bar, "pattern": hatch(shape)}},
        {
            "type": "scatter",
            "mode": "lines+markers",
            "line": {"color": line, "width": 2, "dash": dash},
        },
    )


LOOKS = (_look(GREY, GREY, "/", "dot"), _look(BLUE, ORANGE, "", "solid"))
"""Bar and line of rent as a cost, and of the view."""


def _ratios(values: np.ndarray, reason: str) -> list[str]:
    return [number(one, 2) if np.isfinite(one) else reason for one in values]


def year_table(name: str, frame: pd.DataFrame, kept: Sequence[str]) -> pd.DataFrame:
    """Items by year in USD m, named in the heading; rows of nothing go unless `kept` names them."""
    some = [str(item) in kept or bool((row.abs() > LEAST).any()) for item, row in frame.iterrows()]
    table = (frame[some].astype(float) / 1e6).round(DIGITS) + 0.0
    table.columns = [str(year) for year in table.columns]
    return table.rename_axis(f"{name}, USD m").reset_index()


DIGITS = 1
"""Decimals of every year in tables of USD m."""

LEAST = 0.5
"""USD of a year below which it is nothing."""

ALWAYS = ("EBITDA", "Profit before tax", "Profit", "Right of use", "Lease liabilities", "Loans")
"""Rows of the books that stand also where they are nothing."""


def statement_tables(made: Accounts) -> dict[str, pd.DataFrame]:
    """Income statement and balance sheet of a view by year, by name."""
    return {
        name: year_table(name, frame, ALWAYS)
        for name, frame in (("Income", made.income), ("Balance sheet", made.balance))
    }


def lease_table(study: Study, held: Sequence[Lease]) -> pd.DataFrame:
    """Every lease with its terms and both tests."""
    return pd.DataFrame(
        [
            {
                "What is leased": one.name,
                "From": month_name(study.result, one.start),
                "Months": one.months,
                "First rent, USD m a month": one.schedule.payments_usd[0] / 1e6,
                "Liability at the start, USD m": one.schedule.opening_usd / 1e6,
                "Left at the end": NOTHING if one.residual_usd is None else money(one.residual_usd),
                "Term / life": percent(one.tests.term_share, 0) if one.chosen else NOTHING,
                "Worth / price": percent(one.tests.worth_share, 0) if one.chosen else NOTHING,
                "US GAAP; lessor under IFRS": "a cost: a year or less"
                if one.short
                else one.tests.said,
            }
            for one in held
        ]
    )


def lessor_table(study: Study, held: tuple[Lease, ...]) -> pd.DataFrame:
    """Books of who lets, by year."""
    return year_table("Lessor", lessor_books(study.result, held), ("Rent received",))


CONTRACTS = (
    "Contracts for hours count as a service, since the factory may serve them from any rack "
    "(substantive substitution, IFRS 16.B14); a contract on named racks whose use the customer "
    "directs would be a lease. Space let to tenants is an operating lease of a lessor."
)

TERMS = (
    "A lessor buys instead of the factory and asks {rate} a year, the rate of the senior loan "
    "(incremental borrowing rate); rent is paid in advance and repays cost less what is left at "
    "the end. Loans shrink with the cost left to pay for; tax stays as the model pays it. No cash "
    "and no figure elsewhere moves. Rent as a cost is what covenants written before IFRS 16 look "
    "at: rent lowers the cash for service. Under IFRS 16 rent counts as debt service; under US "
    "GAAP that of finance leases does, that of operating ones stays a cost beside their liability."
)


def long_table(study: Study, what: str = "racks") -> pd.DataFrame:
    """Every item of every factory in every view by year: for a file."""
    return pd.DataFrame(
        [
            {
                "factory": site.key,
                "view": str(view),
                "leased": what,
                "statement": statement,
                "item": str(item),
                "year": int(str(year)),
                "usd": float(value) + 0.0,
            }
            for row, site in enumerate(study.sites)
            for view in VIEWS
            for made in (accounts(study.result, row, view, what),)
            for statement, frame in (("income", made.income), ("balance", made.balance))
            for item, values in frame.iterrows()
            for year, value in values.items()
        ]
    )
