"""Break-even price: the factor on every price of an hour at which NPV after tax is zero.

The search of the engine in cells: each step draws a line through two points and works out tax anew;
a side that stays is halved (the Illinois rule).
"""

from dashboard.exports.model.grid import FIRST, SECOND, THIRD, Row
from dashboard.exports.model.loans import Lending
from dashboard.exports.model.taxes import Taxes
from forecasts.break_even import HIGHEST

STEPS = 16
"""Steps of the search; see the check that it has settled."""


def write_break_even(lend: Lending, taxes: Taxes, first: str) -> tuple[str, str, str]:
    """Write the search of one factory.

    Parameters
    ----------
    lend : Lending
        The factory.
    taxes : Taxes
        Tax years of this sheet.
    first : str
        First month of operation.

    Returns
    -------
    (str, str, str)
        The factor, whether there is one (1 or 0), and how far from zero the value is, over
        what one more factor is worth.
    """
    grid, months, q, key = taxes.grid, lend.grid, lend.site.q, lend.key
    grid.title(lend.site.name)
    taxes.calendar(key, lend.site.name, first, q)
    df = months.all("df")
    m = months.all("m")
    window = f'SUMIFS({df},{m},">="&[{key}_pays],{m},"<="&[end])'
    before = "SUMPRODUCT({},{})".format(months.all("net"), df)
    before += "-SUMPRODUCT({},{})".format(months.all("income_tax"), df)
    grid.add(
        Row(
            f"{key}_weight",
            "Value of a USD of tax, spread over its months",
            "USD",
            f"{window}/[{key}_months]",
            "fine",
        )
    )
    grid.add(Row(f"{key}_taxed", "Taxable income", "USD", taxes.by_year(months.all("taxable"))))
    grid.add(
        Row(
            f"{key}_margin",
            "What prices of hours leave",
            "USD",
            taxes.by_year(months.all("margin")),
        )
    )
    grid.add(
        Row(
            f"{key}_fixed",
            "NPV before tax, value of prices, last discount factor",
            "USD",
            "",
            "number",
            (before, months.constant("hour_worth"), f"INDEX({df},Horizon)"),
        )
    )
    _try(lend, taxes, "low", "0")
    _try(lend, taxes, "high", f"{HIGHEST}")
    worth = f"[{key}_fixed|D]"
    low = (f"[{key}_at_low|C]", f"[{key}_at_low|D]")
    high = (f"[{key}_at_high|C]", f"[{key}_at_high|D]")
    side, last = "0", low
    for step in range(1, STEPS + 1):
        line = f"({low[0]}*{high[1]}-{high[0]}*{low[1]})/({high[1]}-{low[1]})"
        done = f"OR(ABS({last[1]})<=1E-9*{worth},{high[1]}={low[1]})"
        tried = f"IF({done},{last[0]},{line})" if step > 1 else f"IF({high[1]}={low[1]},0,{line})"
        _try(lend, taxes, str(step), tried)
        last = (f"[{key}_at_{step}|C]", f"[{key}_at_{step}|D]")
        up = f"{last[1]}>0"
        grid.add(
            Row(
                f"{key}_below{step}",
                "Lower end: factor, value",
                "",
                "",
                "fine",
                (
                    f"IF({up},{low[0]},{last[0]})",
                    f"IF({up},IF({side}=1,{low[1]}/2,{low[1]}),{last[1]})",
                ),
            )
        )
        grid.add(Row(f"{key}_above{step}", "Upper end: factor, value; side", "", "", "fine", (
            f"IF({up},{last[0]},{high[0]})",
            f"IF({up},{last[1]},IF({side}=-1,{high[1]}/2,{high[1]}))",
            f"IF({up},1,-1)")))  # fmt: skip
        low = (f"[{key}_below{step}|C]", f"[{key}_below{step}|D]")
        high = (f"[{key}_above{step}|C]", f"[{key}_above{step}|D]")
        side = f"[{key}_above{step}|E]"
    found = f"AND({worth}>0,[{key}_at_low|D]<0,[{key}_at_high|D]>0)"
    grid.add(Row(f"{key}_found", "Factor; found (1 = yes); rest over its worth", "", "", "fine", (
        last[0], f"IF({found},1,0)", f"IF({found},ABS({last[1]})/{worth},0)")))  # fmt: skip
    return (
        grid.constant(f"{key}_found", FIRST),
        grid.constant(f"{key}_found", SECOND),
        grid.constant(f"{key}_found", THIRD),
    )


def _try(lend: Lending, taxes: Taxes, step: str, factor: str) -> None:
    """Write NPV at one factor on the prices: before tax it is a line, tax is worked out again."""
    key, q = lend.key, lend.site.q
    name = f"{key}_try{step}"
    value = (
        f"[{key}_fixed|C]+([{key}_at_{step}|C]-1)*[{key}_fixed|D]"
        f"-SUMPRODUCT([{name}_due:],[{key}_weight:])-SUM([{name}_sale:])*[{key}_fixed|E]"
    )
    income = f"[{key}_taxed]-(1-[{key}_at_{step}|C])*[{key}_margin]"
    at = Row(f"{key}_at_{step}", f"Factor tried ({step}), NPV", "", "", "fine", (factor, value))
    taxes.case_around(at, name, (key, income, f"SUM({lend.grid.all('gain')})"), q)
