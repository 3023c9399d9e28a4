"""Income tax by calendar year: losses carried forward, holidays, the sale at the end."""

from collections.abc import Sequence

from dashboard.exports.model.grid import Grid, Row


class Taxes:
    """The sheet of tax years; a block for each case of income.

    Parameters
    ----------
    grid : Grid
        Sheet with one column a calendar year.
    years : str
        The row of the monthly axis that numbers the years, from 1.
    """

    def __init__(self, grid: Grid, years: str) -> None:
        self.grid = grid
        self._years = years
        grid.title("Tax years")
        grid.add(Row("begin", "First month", "month", f'COUNTIF({years},"<"&[y])', "whole"))
        grid.add(Row("end", "Last month", "month", f"[begin]+COUNTIF({years},[y])-1", "whole"))

    def by_year(self, monthly: str) -> str:
        """Formula that sums a monthly row over each year."""
        return f"SUMIF({self._years},[y],{monthly})"

    def calendar(self, key: str, label: str, first: str, q: dict[str, str]) -> None:
        """Write which years are free and in which months tax is paid.

        Parameters
        ----------
        key, label : str
            Name of the case, and words.
        first : str
            First month of operation.
        q : dict of str to str
            Terms by name.
        """
        rows = (
            Row(f"{key}_first", f"{label}: first month of operation", "month", f"{first}", "whole"),
            Row(f"{key}_free", f"{label}: tax holiday", "1 = free",
                f"IF(AND({q['free_months']}>0,[end]<[{key}_first]+{q['free_months']}),1,0)",
                "whole"),
            Row(f"{key}_pays", f"{label}: tax is paid from", "month",
                f"IF([{key}_first]>[end],[begin],MAX([begin],[{key}_first]))", "whole"),
            Row(f"{key}_months", f"{label}: months of payment", "months",
                f"MAX([end]+1-[{key}_pays],1)", "whole"),
        )  # fmt: skip
        for row in rows:
            self.grid.add(row)

    def case(self, key: str, when: str, income: str, gain: str, q: dict[str, str]) -> None:
        """Write one case of income; see `_rows`."""
        self.grid.add_together(self._rows(key, (when, income, gain), q))

    def case_around(self, head: Row, key: str, of: tuple[str, str, str], q: dict[str, str]) -> None:
        """Write one case below a row that sums it up."""
        self.grid.add_together([head, *self._rows(key, of, q)])

    def _rows(self, key: str, of: tuple[str, str, str], q: dict[str, str]) -> Sequence[Row]:
        """Return one case of income: losses, tax of each year, tax on the final sale.

        Parameters
        ----------
        key : str
            Name of the case.
        of : (str, str, str)
            Name of its calendar; formula of a year's income; the gain of the final sale.
        q : dict of str to str
            Terms by name.
        """
        when, income, gain = of
        span = q["loss_span"]
        lapsed = f"IF(AND({span}>=0,[y]-{span}>1),INDEX([{key}_losses:],[y]-{span}-1),0)"
        open_to = f"MAX([{key}_used<],{lapsed})"
        share, rate = q["loss_use_share"], q["corporate_tax"]

        def relief(amount: str) -> str:
            return f"MIN({amount}*{share},[{key}_losses<]-{open_to})"

        sold = f"([{key}_income]+{gain})"
        due = f"({sold}-{relief(sold)})*{rate}"
        return (
            Row(f"{key}_income", "Taxable income", "USD", income),
            Row(f"{key}_losses", "Losses so far", "USD",
                f"[{key}_losses<]+MAX(-[{key}_income],0)"),
            Row(f"{key}_relief", "Losses used", "USD",
                f"IF(OR([{key}_income]<0,[{when}_free]=1),0,{relief(f'[{key}_income]')})"),
            Row(f"{key}_used", "Losses used or lapsed so far", "USD",
                f"{open_to}+[{key}_relief]"),
            Row(f"{key}_due", "Tax", "USD",
                f"IF([{when}_free]=1,0,(MAX([{key}_income],0)-[{key}_relief])*{rate})"),
            Row(f"{key}_each", "Tax a month of payment", "USD",
                f"[{key}_due]/[{when}_months]"),
            Row(f"{key}_sale", "Tax on the final sale", "USD",
                f"IF([end]<Horizon-1,0,IF(OR({sold}<0,[{when}_free]=1),0,{due})-[{key}_due])"),
        )  # fmt: skip

    def monthly(self, key: str, when: str) -> str:
        """Formula of the tax of a month, negative, without that on the final sale."""
        pays, each = self.grid.all(f"{when}_pays"), self.grid.all(f"{key}_each")
        return f"-IF([m]>=INDEX({pays},[yr]),INDEX({each},[yr]),0)"

    def sale(self, key: str) -> str:
        """Formula of the tax on the final sale."""
        return f"SUM({self.grid.all(f'{key}_sale')})"
