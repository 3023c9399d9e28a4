"""The state's accounts: net lending and gross debt by year, on and off its balance sheet."""

from dataclasses import dataclass

import pandas as pd

from dashboard.charts.books import year_table
from dashboard.charts.card import Chart, scaled
from dashboard.charts.study import Study
from dashboard.theme import BLUE, GREY, ORANGE, Part, drawn, hatch, money, percent, titled
from data.catalog import Catalog
from data.provenance import Fact
from forecasts.government import StateAccounts, StateView, state_accounts, state_view
from forecasts.state_rules import StateTerms

NET, DEBT = "Net lending", "Gross debt"


def view_of(study: Study, row: int, terms: StateTerms) -> StateView:
    """Answer for a factory and write both accounts."""
    return state_view(study.result, row, terms)


def _peak(made: StateAccounts) -> tuple[float, int]:
    debt = made.stocks.loc[DEBT].to_numpy(dtype=float)
    return float(debt.max()), int(str(made.stocks.columns[int(debt.argmax())]))


def _debt(made: StateAccounts) -> str:
    most, year = _peak(made)
    if most <= 1.0:
        return "gross debt does not rise"
    return f"gross debt is highest in {year}, at {money(most)}"


def finding(view: StateView) -> str:
    """Say the answer, what gross debt does, and what it would do with the other answer."""
    other = "on" if view.otherwise.on else "off"
    most, year = _peak(view.otherwise)
    rest = f"{money(most)} in {year}" if most > 1.0 else "no rise"
    return f"{view.answer.said}: {_debt(view.counted)} ({other} it: {rest})"


def chart(view: StateView) -> Chart:
    """Bars of net lending, lines of gross debt as answered and with the other answer."""
    other = "on" if view.otherwise.on else "off"
    heads = (
        "Net lending (+) or borrowing (\u2212)",
        "Gross debt, as answered",
        f"Gross debt, were it {other} the balance sheet",
    )
    frame = pd.DataFrame(
        {
            heads[0]: view.counted.flows.loc[NET],
            heads[1]: view.counted.stocks.loc[DEBT],
            heads[2]: view.otherwise.stocks.loc[DEBT],
        }
    ).astype(float)
    shown, unit = scaled(frame)
    shown = shown + 0.0
    names = [str(year) for year in shown.index]
    hover = f"%{{x}}: %{{y:,.2f}} {unit}<extra></extra>"
    bars: Part = {
        "type": "bar",
        "x": names,
        "y": shown[heads[0]].to_numpy().round(4),
        "name": heads[0],
        "marker": {"color": ORANGE, "pattern": hatch("/")},
        "hovertemplate": f"<b>Net lending</b> {hover}",
    }
    lines: list[Part] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": names,
            "y": shown[heading].to_numpy().round(4),
            "name": heading,
            "line": {"color": colour, "width": 2, "dash": dash},
            "hovertemplate": f"<b>{heading}</b> {hover}",
        }
        for heading, colour, dash in ((heads[1], BLUE, "solid"), (heads[2], GREY, "dot"))
    ]
    said = finding(view)
    return Chart(
        headline=said,
        subtitle=f"Effect on the state against no factory, {unit}, nominal, without taxes",
        plot=drawn(
            [bars, *lines],
            height=380,
            xaxis={"type": "category", "tickangle": 0, "nticks": 8},
            yaxis=titled(unit),
        ),
        table=shown.rename(columns={name: f"{name}, {unit}" for name in heads})
        .rename_axis("Year")
        .reset_index(),
        alt="Bars of the state's net lending by year, and lines of its gross debt as answered and "
        f"with the other answer. {said}.",
    )


def without_contract(study: Study, row: int) -> Chart:
    """The state's accounts where it signs nothing, and were the factory its own: for a picture."""
    return chart(view_of(study, row, StateTerms()))


def tables(made: StateAccounts) -> dict[str, pd.DataFrame]:
    """Flows and balances of the state by year, by name; rows that are nothing are left out."""
    kept = (NET, DEBT, "Taxes received", "Change of gross debt")
    return {
        name: year_table(name, frame, kept)
        for name, frame in (("Flows of the state", made.flows), ("At year end", made.stocks))
    }


def memoranda(made: StateAccounts) -> str:
    """Say what the low rate of loans is worth; empty where there is none."""
    if made.benefit_usd <= 1.0:
        return ""
    return (
        f"Memorandum: the low rate of the concessional loans is worth {money(made.benefit_usd)} to "
        "the factory at their first draw (face less their service at the senior rate); they stand "
        "at face in the accounts."
    )


@dataclass(frozen=True, slots=True)
class Output:
    """Gross domestic product of a country in the newest year on record.

    Attributes
    ----------
    usd : float
        Current dollars.
    year : str
        That year.
    fact : Fact
        The row.
    """

    usd: float
    year: str
    fact: Fact


def output_of(study: Study, row: int, catalog: Catalog) -> Output | None:
    """Return the newest gross domestic product of a factory's country; None where none is known."""
    iso3 = study.sites[row].iso3
    known = catalog.facts("country_year", iso3=iso3, indicator="gdp_current_usd")
    for fact in reversed(known):
        if fact.value:
            return Output(fact.value, fact.place.rpartition(", ")[2].removesuffix("]"), fact)
    return None


def shares(made: StateAccounts, output: Output) -> dict[str, float]:
    """Highest gross debt, and largest deficit of a year, over gross domestic product."""
    net = made.flows.loc[NET].to_numpy(dtype=float)
    return {
        "gross_debt": max(_peak(made)[0], 0.0) / output.usd,
        "deficit": max(-float(net.min(initial=0.0)), 0.0) / output.usd,
    }


def against_output(view: StateView, output: Output | None) -> str:
    """Say how large highest gross debt and deficit are against the economy."""
    if output is None:
        return "No gross domestic product of the country is on record to hold this against."
    told = []
    for made, name in ((view.counted, "as answered"), (view.otherwise, "otherwise")):
        found = shares(made, output)
        debt, deficit = (percent(found[key], 2) for key in ("gross_debt", "deficit"))
        told.append(f"{name} gross debt is {debt} at its highest and the largest deficit {deficit}")
    return (
        f"Of the gross domestic product of {output.year} ({money(output.usd)}): "
        f"{told[0]}; {told[1]}. GDP: {output.fact.source.cite()}."
    )


RULES = (
    "What the state pays it borrows, what it gets repays debt; interest on that is left out. "
    "Concessional loans count as the state's own, grants as those of this state. Taxes come from "
    "the factory, not from the arrangement, and stand apart. No legal advice: statistical offices "
    "read contracts, which the model does not have."
)


def long_table(study: Study, terms: StateTerms) -> pd.DataFrame:
    """Flows and balances of every factory by year, on and off the balance sheet: for a file."""
    return pd.DataFrame(
        [
            {
                "factory": site.key,
                "balance_sheet": "on" if on else "off",
                "kind": kind,
                "item": str(item),
                "year": int(str(year)),
                "usd": float(value) + 0.0,
            }
            for row, site in enumerate(study.sites)
            for on in (False, True)
            for made in (state_accounts(study.result, row, terms, on=on),)
            for kind, frame in (("flow", made.flows), ("balance", made.stocks))
            for item, values in frame.iterrows()
            for year, value in values.items()
        ]
    )
