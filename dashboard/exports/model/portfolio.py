"""All factories together: their cash by month, and the returns of the sum."""

from collections.abc import Sequence

from dashboard.exports.model.grid import Grid, Row
from dashboard.exports.model.rates import Rates
from dashboard.exports.model.returns import (
    COVERS,
    hour_costs,
    payback,
    write_cover_rows,
    write_metrics,
)
from forecasts.returns import ONE_BY_ONE

SUMMED = (
    "npv", "delay", "capex", "opex", "pv_revenue", "pv_variable", "pv_fixed", "pv_hours",
    "pv_useful", "pv_available", "it_mw", "wanted", "met", "stood", "debt", "uses", "pv_service",
    "pv_loan", "pv_project",
)  # fmt: skip
"""Sums behind the returns that are those of the factories added up."""

UNDEFINED = ("0", '"undefined"')


def write_portfolio(grid: Grid, factories: Sequence[Grid], rates: Rates) -> None:
    """Write the sheet of the portfolio: months, sums, metrics."""
    grid.title("Cash of all factories")

    def summed(key: str) -> str:
        return "+".join(one.at(key) for one in factories)

    for key, label in (
        ("revenue", "Revenue"),
        ("opex", "Operating costs"),
        ("capex", "First-time capex"),
        ("net", "Net cash before debt, after tax"),
        ("f_equity_cash", "Owners' net cash"),
        ("f_cfads", "Cash available for debt service"),
        ("owing", "Interest and principal"),
        ("f_debt", "Debt"),
    ):
        grid.add(Row(key, label, "USD", summed(key)))
    sizes = "+".join(f"ABS({one.at('net')})" for one in factories)
    weighed = "+".join(f"ABS({one.at('net')})*{one.at('df')}" for one in factories)
    mean = f"({summed('df')})/{len(factories)}"
    grid.add(Row("df", "Discount factor, weighed by size of cash", "",
                 f"IF({sizes}>0,({weighed})/MAX({sizes},1E-9),{mean})", "fine"))  # fmt: skip
    grid.add(Row("cumulative", "Net cash so far", "USD", "[cumulative<]+[net]"))
    grid.add(Row("present", "Net cash so far, discounted", "USD", "[present<]+[net]*[df]"))
    grid.title("Cover of debt")
    write_cover_rows(grid, "([serves:]=0)")
    grid.title("Sums behind the returns")
    for key in SUMMED:
        total = "+".join(one.constant(f"s_{key}") for one in factories)
        grid.add(Row(f"s_{key}", key.replace("_", " "), "", "", "number", (total,)))
    for key, label, formula in (
        ("decision", "First decision",
         f"MIN({','.join(one.constant('s_decision') for one in factories)})"),
        ("paid_in", "Months that cost", '-SUMIF([net:],"<0")'),
        ("paid_out", "Months that bring", 'SUMIF([net:],">0")'),
        ("peak", "Deepest sum", "MAX(0,-MIN([cumulative:]))"),
        ("below", "Last month below zero before the last; -1: none", _below("cumulative")),
        ("present_below", "The same, discounted", _below("present")),
        ("equity_in", "Owners' months that cost", '-SUMIF([f_equity_cash:],"<0")'),
        ("equity_out", "Owners' months that bring", 'SUMIF([f_equity_cash:],">0")'),
        ("served", "Months of service", "SUM([serves:])"),
        ("covers", "Sum of covers", "SUM([dscr:])"),
    ):  # fmt: skip
        grid.add(Row(f"s_{key}", label, "", "", "number", (formula,)))
    irr = rates.add("Portfolio: project", grid.all("net"))
    equity = rates.add("Portfolio: owners", grid.all("f_equity_cash"))
    built = 'IF([s_it_mw|C]<=0,"undefined","ok")'
    metrics = {
        "npv": ("[s_npv|C]", '"ok"'),
        "irr": irr,
        "equity_irr": equity,
        "payback": payback("below"),
        "discounted_payback": payback("present_below"),
        "moic": ("[s_paid_out|C]/[s_paid_in|C]", 'IF([s_paid_in|C]<=0,"undefined","ok")'),
        "equity_moic": ("[s_equity_out|C]/[s_equity_in|C]",
                        'IF([s_equity_in|C]<=0,"undefined","ok")'),
        "debt": ("[s_debt|C]", '"ok"'),
        "gearing": ("[s_debt|C]/[s_uses|C]", 'IF([s_uses|C]<=0,"undefined","ok")'),
        "peak_funding": ("[s_peak|C]", '"ok"'),
        "capex": ("[s_capex|C]", '"ok"'),
        "capex_per_mw": ("[s_capex|C]/[s_it_mw|C]/1000000", built),
        "delay_cost": ("[s_delay|C]", '"ok"'),
    }  # fmt: skip
    alone = dict.fromkeys(ONE_BY_ONE, UNDEFINED)
    write_metrics(grid, metrics | hour_costs() | COVERS | alone)
    rates.dress()


def _below(key: str) -> str:
    return f"SUMPRODUCT(MAX(([m:]+1)*([{key}:]<0)*([m:]<Horizon-1)))-1"
