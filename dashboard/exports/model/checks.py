"""Does the workbook hold together? One row a check, one column a factory, one cell for all."""

from collections.abc import Sequence

from dashboard.exports.model.grid import FIRST, Grid, Row, letter
from forecasts.lines import CAPEX_LINES

SAME = "1E-9"
"""Relative difference up to which two sums count as the same."""

SETTLED = "1E-7"
"""Change of tax in the last round, against the largest tax, up to which loans count as settled."""


def factory_checks(
    grid: Grid, rounds: int, sweep_rounds: int, rest: str, gaps: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return name and formula (a size that must be about zero, of 1) of each check.

    Parameters
    ----------
    grid : Grid
        The factory's months.
    rounds, sweep_rounds : int
        Rounds between tax and interest.
    rest : str
        What is left of the search for the break-even price.
    gaps : tuple of str
        Rows of gaps of the statements.
    """

    def all_of(key: str) -> str:
        return grid.all(key)

    scale = f"MAX(SUMPRODUCT(ABS({all_of('net')})),1)"
    capex = "+".join(f"SUM({all_of(name)})" for name in CAPEX_LINES)
    sources = f"{all_of('f_debt_drawn')}+{all_of('f_equity_paid_in')}"
    building = "+".join(
        all_of(f"f_{name}") for name in ("interest_building", "finance_fees", "reserve_funding")
    )
    uses = f"{building}+{all_of('invested')}"
    flow = (
        f"{all_of('net')}-{all_of('income_tax')}-{all_of('f_levered_tax')}"
        f"+{all_of('f_debt_drawn')}-{all_of('owing')}-{all_of('f_prepaid')}"
        f"-{all_of('f_interest_building')}-{all_of('f_finance_fees')}"
        f"-{all_of('f_withholding_tax')}-{all_of('f_equity_cash')}"
    )
    held = f"INDEX({all_of('f_reserve')},Horizon)+INDEX({all_of('f_locked')},Horizon)"
    last, before = all_of("tax_"), all_of(f"tax{rounds - 1}_")
    checks = [
        ("capex lines sum to the total", f"ABS({capex}-SUM({all_of('capex')}))/{scale}"),
        ("capex paid equals what was bought",
         f"ABS(SUM({all_of('capex')})+SUM({all_of('refresh')})+SUM({all_of('depreciation')})"
         f"+SUM({all_of('over')})+INDEX({all_of('terminal_value')},Horizon)"
         f"-SUM({all_of('over')})-SUM({all_of('gain')}))/{scale}"),
        ("lines sum to net cash",
         f"ABS(SUM({all_of('net')})-INDEX({all_of('cumulative')},Horizon))/{scale}"),
        ("sources equal uses, every month",
         f"SUMPRODUCT(ABS({sources}-({uses})))/{scale}"),
        ("all cash is paid to someone", f"ABS(SUMPRODUCT({flow})-({held}))/{scale}"),
        ("debt is repaid in full", f"ABS(INDEX({all_of('f_debt')},Horizon))/{scale}"),
        ("debt is never below zero", f"MAX(0,-MIN({all_of('f_debt')}))/{scale}"),
        ("hours sold are installed",
         f"SUMPRODUCT(({all_of('sold')}>{all_of('installed')}*(1+{SAME}))*1)"),
        ("tax and interest have settled",
         f"MAX(0,SUMPRODUCT(MAX(ABS({last}-{before})))/MAX(SUMPRODUCT(MAX(ABS({last}))),1)"
         f"-{SETTLED})"),
        ("the break-even search has settled", f"MAX(0,{rest}-{SETTLED})"),
        *((name, f"SUMPRODUCT(ABS({gap}))/{scale}") for name, gap in zip(
            ("balance sheet balances", "cash flow statement closes",
             "profit agrees with finance"), gaps, strict=True)),
    ]  # fmt: skip
    if sweep_rounds:
        swept, earlier = all_of("tax_s"), all_of(f"tax_s{sweep_rounds - 1}s")
        checks.append(("the sweep has settled",
                       f"MAX(0,SUMPRODUCT(MAX(ABS({swept}-{earlier})))"
                       f"/MAX(SUMPRODUCT(MAX(ABS({swept}))),1)-{SETTLED})"))  # fmt: skip
    return checks


def write_checks(grid: Grid, found: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Write the checks of all factories; return the cell that says whether all hold."""
    grid.title("How far each check is from zero, against the size of the cash")
    names = [name for name, _ in found[0]]
    for place, name in enumerate(names):
        key = f"check{place}"
        formulas = [own[place][1] for own in found]
        grid.each(Row(key, name, "", "", "general"), formulas)
    grid.title("Holds: 1 = yes")
    for place, name in enumerate(names):
        grid.add(Row(f"holds{place}", name, "", f"IF(ISNUMBER([check{place}]),"
                     f"IF([check{place}]<={SAME},1,0),0)", "whole",
                     (f"MIN([holds{place}:])",)))  # fmt: skip
    grid.title("Master check")
    first, last = grid.row("holds0"), grid.row(f"holds{len(names) - 1}")
    column = letter(FIRST)
    grid.add(Row("master", "All checks hold (1 = yes)", "", "", "whole",
                 (f"MIN({column}{first}:{column}{last})",)))  # fmt: skip
    return grid.constant("master")
