"""Puts the sheets of the model together, in the order in which they need each other."""

import numpy as np
import xlsxwriter

from dashboard.exports.case import Case
from dashboard.exports.model import build, classes, loans, operations, returns, sources, waterfall
from dashboard.exports.model.breakeven import write_break_even
from dashboard.exports.model.build import Slots, slots_of
from dashboard.exports.model.cash_lines import Site
from dashboard.exports.model.checks import factory_checks, write_checks
from dashboard.exports.model.cover import write_cover, write_returns_sheet
from dashboard.exports.model.grid import START, Grid, letter
from dashboard.exports.model.inputs import write_drivers, write_inputs, write_sources, write_timing
from dashboard.exports.model.layout import dress, dress_table
from dashboard.exports.model.loans import Lending
from dashboard.exports.model.notes import write_notes
from dashboard.exports.model.portfolio import write_portfolio
from dashboard.exports.model.rates import Rates
from dashboard.exports.model.styles import formats
from dashboard.exports.model.table import Table
from dashboard.exports.model.taxes import Taxes
from dashboard.exports.model.terms import TERMS, Terms
from dashboard.exports.model.yearly import Years, write_statements, write_yearly
from forecasts.cases import commit
from forecasts.engine import inputs, outputs
from forecasts.scenario import QUANTITIES

FEWEST_ROUNDS = 8
"""Rounds between tax and interest: the gap shrinks about tenfold in each."""

SWEEP_ROUNDS = 10
"""Rounds between tax and interest when cash is swept."""


class Assembly:
    """One workbook in the making."""

    def __init__(self, book: xlsxwriter.Workbook, case: Case) -> None:
        self._book = book
        self._case = case
        self._result = case.result
        self._styles = formats(book)
        plan = case.result.plan
        self._months = plan.months
        self._years = (plan.start.month - 1 + plan.months - 1) // 12 + 1
        self._rounds = _rounds(case)
        swept = bool((plan.quantities["cash_sweep"] > 0).any())
        self._sweeps = SWEEP_ROUNDS if swept else 0

    def write(self) -> None:
        """Write every sheet."""
        book, styles, case, plan = self._book, self._styles, self._case, self._result.plan
        cover = book.add_worksheet("Cover")
        results = Grid(book, styles, "Returns", len(plan.sites) + 1)
        annual = Grid(book, styles, "Yearly", self._years)
        statements = Grid(book, styles, "Statements", self._years)
        portfolio = Grid(book, styles, "Portfolio", self._months)
        inputs_sheet = write_inputs(book, styles, case, bool(self._sweeps))
        sites = [site.name for site in plan.sites]
        terms = Terms(Grid(book, styles, "Terms", len(plan.sites)), inputs_sheet)
        terms.grid.names(sites)
        timing = write_timing(book, styles, case)
        self._timing = timing
        self._q = [
            {name: terms.of(place, name) for name in (*QUANTITIES, *(row.key for row in TERMS))}
            for place in range(len(plan.sites))
        ]
        self._drivers = self._monthly("Drivers")
        rows = write_drivers(self._drivers, case, self._q)
        self._q = [terms | own for terms, own in zip(self._q, rows, strict=True)]
        self._tables()
        names = sheet_names(sites)
        grids = [self._monthly(name) for name in names]
        named = list(zip(names, grids, strict=True))
        self._taxes = Taxes(self._yearly("Tax"), timing.all("yr"))
        self._search = Taxes(self._yearly("Break-even"), timing.all("yr"))
        self._rates = Rates(book, styles, timing.all("m"))
        self._head(portfolio)
        self._head_years(annual)
        self._head_years(statements)
        rests = [self._factory(place, grid) for place, grid in enumerate(grids)]
        write_portfolio(portfolio, grids, self._rates)
        tax = self._taxes.grid
        years = Years(timing.all("yr"), tax.at("begin"), tax.at("end"))
        self._by_year(annual, years, named)
        write_statements(statements, years, named)
        check = Grid(book, styles, "Checks", len(plan.sites))
        check.names(sites)
        master = self._checks(check, grids, statements, rests)
        self._origins()
        write_returns_sheet(results, named, portfolio, self._result)
        write_cover(cover, styles, case, master)
        self._dress(
            (portfolio, timing, self._drivers, *grids),
            (annual, statements, tax, self._search.grid),
            (results, check, terms.grid),
        )

    def _by_year(self, annual: Grid, years: Years, named: list[tuple[str, Grid]]) -> None:
        """Write every yearly line, demand by class of use, and energy by source."""
        write_yearly(annual, years, self._result, named)
        classes.write_years(annual, years, self._result, named)
        sources.write_years(annual, years, self._result, named)

    def _origins(self) -> None:
        """Write where values come from, and what people noted on them."""
        write_sources(self._book, self._styles, self._case)
        if self._case.notes:
            write_notes(self._book, self._styles, self._case)

    def _checks(self, check: Grid, grids: list[Grid], statements: Grid, rests: list[str]) -> str:
        """Write the checks; return the cell that says whether all hold."""
        gaps = ("gap_balance", "gap_cash", "gap_profit")
        found = [
            factory_checks(grid, self._rounds, self._sweeps, rests[place],
                           tuple(statements.all(f"{gap}{place}") for gap in gaps))
            for place, grid in enumerate(grids)
        ]  # fmt: skip
        return write_checks(check, found)

    def _dress(
        self, monthly: tuple[Grid, ...], yearly: tuple[Grid, ...], by_site: tuple[Grid, ...]
    ) -> None:
        """Make the sheets ready to be read and printed."""
        for grid in monthly:
            dress(grid)
        for grid in yearly:
            dress(grid, constants=15)
        for grid in by_site:
            dress(grid, width=15)
        for table, title in self._dressed:
            dress_table(table, title)

    def _monthly(self, name: str) -> Grid:
        grid = Grid(self._book, self._styles, name, self._months)
        self._head(grid)
        return grid

    def _head(self, grid: Grid) -> None:
        timing = self._timing
        grid.head(grid.name, "Months; USD, nominal; cash in positive, cash out negative", (
            ("m", "Month", timing.at("m"), "head_year"),
            ("date", "Date", timing.at("date"), "head_date"),
            ("yr", "Number of the year", timing.at("yr"), "head_year"),
        ))  # fmt: skip

    def _yearly(self, name: str) -> Grid:
        grid = Grid(self._book, self._styles, name, self._years)
        self._head_years(grid)
        return grid

    def _head_years(self, grid: Grid) -> None:
        grid.head(grid.name, "Calendar years; USD, nominal", (
            ("y", "Number of the year", f"COLUMN()-{START}", "head_year"),
            ("year", "Calendar year", "YEAR(Start)+[y]-1", "head_year"),
        ))  # fmt: skip

    def _tables(self) -> None:
        """Write racks, phases and sets of racks of every factory, on time and late."""
        book, styles, result = self._book, self._styles, self._result
        racks = Table(book, styles, "Racks", build.RACKS)
        self._phases = Table(book, styles, "Phases", build.PHASES)
        self._sets = Table(book, styles, "Sets", (*build.SETS, *loans.LOANS))
        self._late_phases = Table(book, styles, "Phases late", build.PHASES)
        self._late_sets = Table(book, styles, "Sets late", build.SETS)
        self._dressed = (
            (racks, "Rack systems on sale, and those that phases name"),
            (self._phases, "Phases: dates and racks are decided by the planner"),
            (self._sets, "Sets of racks: first fit-out and refreshes, and their loans"),
            (self._late_phases, "Phases, energised a month later"),
            (self._late_sets, "Sets of racks, a month later"),
        )
        self._slots: list[Slots] = []
        self._phase_rows: list[tuple[int, int]] = []
        self._late_rows: list[tuple[int, int]] = []
        self._set_rows: list[tuple[int, int]] = []
        self._roadmaps: list[tuple[Table, tuple[int, int], int, str]] = []
        index = self._drivers.all("racks")
        for place, site in enumerate(result.plan.sites):
            q = self._q[place]
            first = racks.next_row()
            build.add_racks(racks, result, place, q, self._drivers.all(f"price{place}"))
            rows = (first, racks.next_row() - 1)
            on_sale = sum(one.on_sale for one in result.plan.generations[place])
            self._roadmaps.append((racks, rows, on_sale, index))
            begin = self._phases.next_row()
            build.add_phases(self._phases, result.phases[place], q, (racks, rows))
            self._phase_rows.append((begin, self._phases.next_row() - 1))
            begin = self._late_phases.next_row()
            build.add_late_phases(self._late_phases, self._phases, self._phase_rows[-1], q)
            self._late_rows.append((begin, self._late_phases.next_row() - 1))
            slots = slots_of(result, place)
            self._slots.append(slots)
            begin = self._late_sets.next_row()
            late = (self._late_phases, self._late_rows[-1][0])
            build.add_sets(self._late_sets, slots, q, late, self._roadmaps[-1])
            self._set_rows.append((begin, self._late_sets.next_row() - 1))
            on_time = (self._phases, self._phase_rows[-1][0])
            build.add_sets(self._sets, slots, q, on_time, self._roadmaps[-1])
            for table, span in ((self._phases, self._phase_rows[-1]),
                                (self._late_phases, self._late_rows[-1])):  # fmt: skip
                for number, row in enumerate(range(span[0], span[1] + 1), start=1):
                    table.text(row, "factory", site.name)
                    table.text(row, "name", f"Phase {number}")
            for table in (self._sets, self._late_sets):
                for offset, (phase, turn) in enumerate(zip(slots.phase, slots.turn, strict=True)):
                    kind = "first racks" if turn == 0 else f"refresh {turn}"
                    row = self._set_rows[-1][0] + offset
                    table.text(row, "factory", site.name)
                    table.text(row, "name", f"Phase {phase + 1}, {kind}")

    def _site(self, place: int, late: bool) -> Site:
        phases = self._late_phases if late else self._phases
        sets = self._late_sets if late else self._sets
        phase_rows = self._late_rows[place] if late else self._phase_rows[place]
        set_rows = self._set_rows[place]

        def phase(key: str, which: int | None) -> str:
            if which is None:
                return phases.span(key, phase_rows)
            return phases.cell(key, phase_rows[0] + which)

        def racks(key: str, which: int | None) -> str:
            if which is None:
                return sets.span(key, set_rows)
            return sets.cell(key, set_rows[0] + which)

        drivers = self._drivers
        return Site(
            name=self._result.plan.sites[place].name,
            q=self._q[place],
            reach_phase=phase,
            reach_racks=racks,
            drivers={
                "demand": drivers.at(f"region{place}"),
                "price": drivers.at(f"price{place}"),
                "power": drivers.at(f"power{place}"),
                "local": drivers.at(f"local{place}"),
                "pue": drivers.at(f"pue{place}"),
            },
            prefix="late_" if late else "",
            phases=phase_rows[1] - phase_rows[0] + 1,
            sets=set_rows[1] - set_rows[0] + 1,
        )

    def _factory(self, place: int, grid: Grid) -> str:
        """Write one factory from demand to returns; return what its break-even search leaves."""
        site, taxes = self._site(place, late=False), self._taxes
        key, q = f"t{place}", site.q
        lend = Lending(grid, taxes, site, key, self._rounds)
        operations.write_operations(grid, site, self._result, place)
        classes.write_months(grid, site)
        sources.write_months(grid, site)
        taxes.grid.title(site.name)
        first = f"MIN({site.phase('live')})"
        taxes.calendar(key, site.name, first, q)
        gain = f"SUM({grid.all('gain')})"
        taxes.case(f"{key}_plain", key, taxes.by_year(grid.all("taxable")), gain, q)
        grid.title("Tax before debt")
        operations.write_tax(grid, "", taxes, (f"{key}_plain", key))
        slots = self._slots[place]
        grid.title("Cost of each set of racks, for its loans")
        begin = grid.last()
        loans.write_uses(grid, site, slots.phase, slots.turn)
        loans.write_sizing(lend)
        grid.fold(begin)
        self._loan_cells(place, grid, site)
        loans.write_service(lend)
        waterfall.write_waterfall(lend, self._sweeps)
        waterfall.write_owners(lend, swept=self._sweeps > 0)
        returns.write_discounting(grid, site)
        late = self._site(place, late=True)
        begin = grid.last()
        operations.write_late(grid, late)
        taxes.grid.title(f"{site.name}: a month late", "part")
        taxes.calendar(f"{key}l", site.name, f"MIN({late.phase('live')})", q)
        income = taxes.by_year(grid.all("late_taxable"))
        taxes.case(f"{key}l_plain", f"{key}l", income, f"SUM({grid.all('late_gain')})", q)
        operations.write_tax(grid, "late_", taxes, (f"{key}l_plain", f"{key}l"))
        returns.write_late_value(grid, late)
        grid.fold(begin)
        returns.write_covers(grid, site)
        scale, found, rest = write_break_even(lend, self._search, first)
        outside = returns.Outside(
            irr=self._rates.add(f"{site.name}: project", grid.all("net")),
            equity_irr=self._rates.add(f"{site.name}: owners", grid.all("f_equity_cash")),
            break_even=(scale, found),
            late_npv=grid.constant("late_net", 3),
        )
        returns.write_returns(grid, site, outside)
        return rest

    def _loan_cells(self, place: int, grid: Grid, site: Site) -> None:
        """Fill in the loans of each set of racks, now that the factory's rows have places."""
        last = letter(START + self._months - 1)
        for which in range(site.sets):
            row = self._set_rows[place][0] + which
            self._sets.fill(row, loans.loan_cells(grid, site, which, last))


def _rounds(case: Case) -> int:
    """Rounds that the workbook needs: most of those in which the engine's loans settled."""
    plan = case.result.plan
    found = outputs(plan)
    commit(inputs(plan, case.result.drivers), found)
    return int(max(FEWEST_ROUNDS, np.ceil(0.75 * found.rounds.max(initial=0)) + 1))


def sheet_names(names: list[str]) -> list[str]:
    """Return names that a spreadsheet takes for sheets: short, without signs, each once."""
    kept: list[str] = []
    for number, name in enumerate(names, start=1):
        plain = "".join(letter for letter in name if letter not in "[]:*?/\\'")[:24].strip()
        taken = {one.lower() for one in kept}
        kept.append(plain if plain and plain.lower() not in taken else f"{plain} {number}".strip())
    return kept
