"""Yearly figures and the three statements, by calendar year: sums of the monthly sheets."""

from collections.abc import Sequence

from dashboard.exports.model.grid import Grid, Row
from dashboard.exports.model.waterfall import FINANCE_LABELS
from forecasts.engine import Result
from forecasts.lines import LINES
from forecasts.report import BALANCES, annual_frame
from forecasts.statements import BALANCE, CASH, INCOME

LEVELS = {
    "demand_mw": ("demand", "Demand at the end of the year", "MW", "number"),
    "live_mw": ("live_mw", "Live IT load at the end of the year", "MW", "number"),
    "leased_mw": ("leased_mw", "Space for tenants at the end of the year", "MW", "number"),
    "let_mw": ("let_mw", "Space let at the end of the year", "MW", "number"),
}
SUMS = {
    "installed_gpu_hours": ("installed", "GPU-hours installed", "GPU-h"),
    "available_gpu_hours": ("available", "GPU-hours available", "GPU-h"),
    "contracted_gpu_hours": ("contracted", "GPU-hours under contract", "GPU-h"),
    "sold_gpu_hours": ("sold", "GPU-hours sold", "GPU-h"),
    "useful_gpu_hours": ("useful", "Useful GPU-hours", "GPU-h"),
    "revenue_usd": ("revenue", "Revenue", "USD"),
    "opex_usd": ("opex", "Operating costs", "USD"),
    "ebitda_usd": ("ebitda", "EBITDA", "USD"),
    "capex_usd": ("capex", "First-time capex", "USD"),
    "net_cash_usd": ("net", "Net cash before debt, after tax", "USD"),
}


def _rows() -> list[tuple[str, str, str, str, bool]]:
    """Column of the engine's yearly frame, monthly row, label, unit, whether it is a level."""
    found = [(name, row, label, unit, True) for name, (row, label, unit, _) in LEVELS.items()]
    found += [(name, row, label, unit, False) for name, (row, label, unit) in SUMS.items()]
    found += [(f"{name}_usd", name, line.label, "USD", False) for name, line in LINES.items()]
    found += [
        (f"{name}_usd", f"f_{name}", FINANCE_LABELS[name], "USD", name in BALANCES)
        for name in FINANCE_LABELS
    ]
    return found


class Years:
    """How the yearly sheets read the monthly ones.

    Parameters
    ----------
    years, begins, ends : str
        The monthly row that numbers the years; first and last month of each year.
    """

    def __init__(self, years: str, begins: str, ends: str) -> None:
        self._years = years
        self._begins = begins
        self._ends = ends

    def change(self, monthly: str) -> str:
        """Rise of a level over the year."""
        before = f"IF([y]=1,0,INDEX({monthly},MAX({self._begins},1)))"
        return f"{self.level(monthly)}-{before}"

    def flow(self, monthly: str) -> str:
        """Sum of the year."""
        return f"SUMIF({self._years},[y],{monthly})"

    def level(self, monthly: str) -> str:
        """Value at the end of the year."""
        return f"INDEX({monthly},{self._ends}+1)"


def write_yearly(
    grid: Grid, years: Years, result: Result, factories: Sequence[tuple[str, Grid]]
) -> None:
    """Write every yearly line of all factories together, then of each."""
    rows = _rows()
    blocks: list[tuple[int | None, str, Grid | None]] = [(None, "All factories", None)]
    blocks += [(row, name, months) for row, (name, months) in enumerate(factories)]
    width, start = len(rows) + 2, grid.last()
    for row, name, months in blocks:
        grid.title(name)
        frame = annual_frame(result, row)
        for offset, (column, source, label, unit, is_level) in enumerate(rows):
            style = "number" if unit == "MW" else "usd"
            if months is None:
                here = start + 2 + offset
                places = [here + width * (number + 1) + 1 for number in range(len(factories))]
                text = "+".join(f"@{place}" for place in places)
            elif is_level:
                text = years.level(months.all(source))
            else:
                text = years.flow(months.all(source))
            key = f"y_{'all' if row is None else row}_{column}"
            grid.add(Row(key, label, unit, text, style), frame[column].to_numpy())


def write_statements(
    grid: Grid, years: Years, factories: Sequence[tuple[str, Grid]]
) -> list[tuple[str, str]]:
    """Write the three statements of each factory; return the gaps of balance and cash flow."""
    gaps = []
    for row, (name, months) in enumerate(factories):
        items = _items(years, months)
        grid.title(f"{name}: income statement")
        key = f"f{row}_"

        def add(
            names: Sequence[str], totals: Sequence[str], text: dict[str, str], key: str = key
        ) -> None:
            rows = [
                Row(key + _plain(one), one, "USD", text[one].replace("{k}", key),
                    "usd_total" if one in totals else "usd")
                for one in names
            ]  # fmt: skip
            grid.add_together(rows)

        add(INCOME, ("EBITDA", "Profit"), items)
        grid.title(f"{name}: cash flow", "part")
        add(CASH, (CASH[-1],), _cash(years, months), f"c{row}_")
        grid.title(f"{name}: balance sheet at the end of the year", "part")
        add(tuple(BALANCE), ("Assets", "Debt and equity"), _balance(row), f"b{row}_")
        grid.title(f"{name}: gaps", "part")
        grid.add(
            Row(
                f"gap_balance{row}",
                "Assets less debt and equity",
                "USD",
                f"[b{row}_assets]-[b{row}_debt_and_equity]",
            )
        )
        parts = "+".join(f"[c{row}_{_plain(one)}]" for one in CASH[:-1])
        grid.add(
            Row(
                f"gap_cash{row}",
                "Cash flow less the change of cash held",
                "USD",
                f"{parts}-[c{row}_{_plain(CASH[-1])}]",
            )
        )
        profit = years.flow(months.all("f_profit"))
        grid.add(Row(f"gap_profit{row}", "Profit less that of the finance block", "USD",
                     f"[f{row}_profit]-{profit}"))  # fmt: skip
        gaps.append((f"gap_balance{row}", f"gap_cash{row}"))
    return gaps


def _plain(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")


def _items(years: Years, months: Grid) -> dict[str, str]:
    """Income statement: formulas by item; land is sold at cost."""

    def flow(*names: str) -> str:
        return "+".join(years.flow(months.all(name)) for name in names)

    return {
        "Revenue": flow("revenue"),
        "Operating costs": flow("opex"),
        "EBITDA": "[{k}revenue]+[{k}operating_costs]",
        "Depreciation": f"-({flow('depreciation', 'over')})",
        "Gain on sales": f"{flow('resale', 'gain', 'over')}",
        "Interest": f"-{years.flow(months.all('f_interest'))}",
        "Finance cost written off": f"-{years.flow(months.all('written_'))}",
        "Tax": f"-{years.flow(months.all('f_levered_tax'))}",
        "Profit": "[{k}ebitda]+[{k}depreciation]+[{k}gain_on_sales]+[{k}interest]"
        "+[{k}finance_cost_written_off]+[{k}tax]",
    }


def _cash(years: Years, months: Grid) -> dict[str, str]:
    def flow(*names: str) -> str:
        return "(" + "+".join(years.flow(months.all(name)) for name in names) + ")"

    held = [years.change(months.all(name)) for name in ("f_reserve", "f_locked")]
    return {
        "Cash from operations": f"{flow('revenue', 'opex')}-{flow('f_levered_tax')}",
        "Working capital": flow("working_capital"),
        "Capex": flow("capex", "refresh"),
        "Grants": flow("grants"),
        "Sales of assets": flow("resale", "terminal_value"),
        "Debt drawn": flow("f_debt_drawn"),
        "Interest and fees": f"-{flow('f_interest', 'f_interest_building', 'f_finance_fees')}",
        "Debt repaid": f"-{flow('f_principal', 'f_prepaid')}",
        "Paid in by owners": flow("f_equity_paid_in", "f_support"),
        "Paid to owners": f"-{flow('f_distributions')}",
        "Change in reserve and locked cash": "+".join(held),
    }


def _balance(row: int) -> dict[str, str]:
    """Balance sheet: last year's and what the other two statements add."""
    c, f, b = f"c{row}_", f"f{row}_", f"b{row}_"
    return {
        "Fixed assets": f"[{b}fixed_assets<]-[{c}capex]+[{f}depreciation]-[{c}sales_of_assets]"
        f"+[{f}gain_on_sales]",
        "Capitalised finance cost": f"[{b}capitalised_finance_cost<]-[{c}interest_and_fees]"
        f"+[{f}interest]+[{f}finance_cost_written_off]",
        "Working capital": f"[{b}working_capital<]-[{c}working_capital]",
        "Reserve and locked cash": f"[{b}reserve_and_locked_cash<]+[{c}{_plain(CASH[-1])}]",
        "Assets": f"[{b}fixed_assets]+[{b}capitalised_finance_cost]+[{b}working_capital]"
        f"+[{b}reserve_and_locked_cash]",
        "Debt": f"[{b}debt<]+[{c}debt_drawn]+[{c}debt_repaid]",
        "Grants": f"[{b}grants<]+[{c}grants]",
        "Paid-in capital": f"[{b}paid_in_capital<]+[{c}paid_in_by_owners]",
        "Retained profit": f"[{b}retained_profit<]+[{f}profit]+[{c}paid_to_owners]",
        "Debt and equity": f"[{b}debt]+[{b}grants]+[{b}paid_in_capital]+[{b}retained_profit]",
    }
