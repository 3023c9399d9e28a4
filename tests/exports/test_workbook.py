"""The workbook calculates what the engine does: as made, and after a change of its inputs."""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from spreadsheets import changed, recalculated

from dashboard.exports.case import Case
from dashboard.exports.model import classes
from dashboard.exports.model.assembly import sheet_names
from dashboard.exports.model.kinds import Kind, kind_of
from dashboard.exports.model.returns import STACK
from dashboard.exports.workbook import workbook
from forecasts.capex_stack import capex_lines
from forecasts.demand_classes import demand_years
from forecasts.engine import Result, run
from forecasts.lines import CAPEX_LINES
from forecasts.metric_register import METRICS
from forecasts.report import annual_frame
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import QUANTITIES, Scenario
from scenarios import LET, LINE_BY_LINE, MOST_LET, random_changes, random_scenario

DAY = dt.date(2026, 11, 26)
RANDOM = 20
CHANGED = 6
SAME = 1e-6


def made(result: Result, catalog, changes: dict[str, float] | None = None) -> bytes:
    return changed(workbook(Case(result, catalog, DAY)), changes or {})


def cells(path: Path, sheet: str) -> list[tuple]:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    found = [tuple(row) for row in book[sheet].iter_rows(values_only=True)]
    book.close()
    return found


def block(rows: list[tuple], title: str, skip: int = 0) -> int:
    """Place of the first row below a heading."""
    places = [place for place, row in enumerate(rows) if row and row[0] == title]
    return places[skip] + 1


def wrong_returns(result: Result, path: Path) -> list[str]:
    rows = cells(path, "Returns")
    values, statuses = block(rows, "Returns", 1), block(rows, "Status of each")
    engine = [portfolio_returns(result)]
    engine += [factory_returns(result, row) for row in range(len(result.plan.sites))]
    wrong = []
    for place, name in enumerate(METRICS):
        for column, own in enumerate(engine):
            found, status = rows[values + place][6 + column], rows[statuses + place][6 + column]
            wanted = own[name]
            if status != str(wanted.status):
                wrong.append(f"{name} of {column}: status {status}, engine {wanted}")
            elif wanted.value is not None and not (
                isinstance(found, float | int)
                and abs(found - wanted.value) <= SAME * abs(wanted.value) + 1e-9
            ):
                wrong.append(f"{name} of {column}: {found}, engine {wanted.value}")
    return wrong


def wrong_years(result: Result, path: Path) -> list[str]:
    rows, wrong = cells(path, "Yearly"), []
    names = ["All factories", *sheet_names([site.name for site in result.plan.sites])]
    for number, name in enumerate(names):
        frame = annual_frame(result, None if number == 0 else number - 1)
        first = block(rows, name)
        # What money of this size leaves after adding and taking away again.
        rounding = 1e-11 * max(float(frame["revenue_usd"].abs().max()), 1e5)
        for place, column in enumerate(frame.columns):
            wanted = frame[column].to_numpy()
            found = np.array([float(one) for one in rows[first + place][6 : 6 + wanted.size]])
            far = np.abs(found - wanted) > SAME * np.abs(wanted) + rounding
            if far.any():
                wrong.append(f"{name}, {column}: {found[far]}, engine {wanted[far]}")
    return wrong


def wrong_capex_lines(result: Result, path: Path) -> list[str]:
    wrong = []
    for row, name in enumerate(sheet_names([site.name for site in result.plan.sites])):
        rows = cells(path, name)
        first = block(rows, STACK)
        held = {line[0]: line[2:5] for line in rows[first : first + len(CAPEX_LINES)]}
        for line in capex_lines(result, row):
            wanted = (line.usd, line.usd_per_mw, line.usd_per_gpu)
            if held[line.label] != pytest.approx(wanted, rel=SAME):
                wrong.append(f"{name}, {line.label}: {held[line.label]}, engine {wanted}")
    return wrong


def wrong_classes(result: Result, path: Path) -> list[str]:
    rows, wrong = cells(path, "Yearly"), []
    blocks = enumerate(sheet_names([site.name for site in result.plan.sites]))
    for row, name in [*blocks, (None, "All factories")]:
        first = block(rows, f"{name}: {classes.TITLE.lower()}")
        years = demand_years(result, row)
        fields = ("wanted_mw_months", "met_mw_months", "sold_gpu_hours")
        wanted = [
            [getattr(year.classes[place], field) for year in years]
            for place in range(len(classes.OF_HOURS))
            for field in fields
        ]
        for offset, values in enumerate(wanted):
            found = [float(one) for one in rows[first + offset][6 : 6 + len(values)]]
            if found != pytest.approx(values, rel=SAME, abs=1e-6):
                wrong.append(f"{name}, {rows[first + offset][0]}: {found}, engine {values}")
    return wrong


def master(path: Path) -> tuple[float, list[tuple]]:
    rows = cells(path, "Checks")
    held = next(row[2] for row in rows if row and row[0] == "All checks hold (1 = yes)")
    return held, [row for row in rows if row[2] == 0]


@pytest.fixture(scope="module")
def recalculations(tmp_path_factory, catalog, base) -> dict[str, tuple[Result, Path]]:
    """Every workbook of this module, recalculated in one run of LibreOffice."""
    results, books = {"base": base}, {"base": made(base, catalog)}
    for number in range(RANDOM):
        scenario = random_scenario(catalog, number)
        results[f"random {number}"] = run(scenario, catalog)
        books[f"random {number}"] = made(results[f"random {number}"], catalog)
    plain = run(Scenario(factories=("egypt",), months=90), catalog)
    results["line by line"] = run(plain.plan.scenario.having(**LINE_BY_LINE), catalog)
    books["line by line"] = made(plain, catalog, LINE_BY_LINE)
    results["space let"] = run(plain.plan.scenario.having(**LET), catalog)
    books["space let"] = made(plain, catalog, LET)
    letting = run(Scenario(factories=("malaysia", "romania"), months=110, lease_share=0.4), catalog)
    results["a lease ends"] = run(letting.plan.scenario.having(lease_cap_rate=0.0), catalog)
    books["a lease ends"] = made(letting, catalog, {"lease_cap_rate": 0.0})
    bent = plain.plan.scenario.having(fx_curves={"egypt": {2026: 1.1, 2029: 0.7, 2031: 0.8}})
    results["forward curve"] = run(bent.having(fx_drift=-0.02, fx_change=0.1), catalog)
    books["forward curve"] = made(
        run(bent, catalog), catalog, {"fx_drift": -0.02, "fx_change": 0.1}
    )
    results["mostly let"] = run(Scenario(factories=("malaysia",), months=84, **MOST_LET), catalog)
    books["mostly let"] = made(results["mostly let"], catalog)
    for number in range(CHANGED):
        start = Scenario(factories=("malaysia", "kenya")[number % 2 :], months=96 + number)
        changes = random_changes(number)
        before, after = run(start, catalog), run(start.having(**changes), catalog)
        assert before.phases == after.phases, "an input marked as live moves the build-out"
        results[f"changed {number}"] = after
        books[f"changed {number}"] = made(before, catalog, changes)
    paths = recalculated(tmp_path_factory.mktemp("books"), books)
    return {name: (results[name], paths[name]) for name in books}


NAMES = [
    "base",
    "line by line",
    "space let",
    "a lease ends",
    "mostly let",
    "forward curve",
    *(f"random {number}" for number in range(RANDOM)),
    *(f"changed {number}" for number in range(CHANGED)),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_calculates_what_the_engine_does(recalculations, name):
    result, path = recalculations[name]
    assert wrong_returns(result, path) == []
    assert wrong_years(result, path) == []
    assert wrong_capex_lines(result, path) == []
    assert wrong_classes(result, path) == []
    held, failing = master(path)
    assert held == 1, failing


@pytest.mark.slow
def test_no_cell_holds_an_error(recalculations):
    _, path = recalculations["random 0"]
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    errors = [
        f"{sheet.title} {cell.coordinate}: {cell.value}"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and (cell.value[:1] == "#" or cell.value[:4] == "Err:")
    ]
    book.close()
    assert errors == []


def test_random_scenarios_have_phases_debt_and_none(catalog):
    results = [run(random_scenario(catalog, number), catalog) for number in range(RANDOM)]
    built = [any(own) for own in (result.phases for result in results)]
    owing = [result.debt.size_usd.sum() > 0 for result in results]
    swept = [(result.finance["prepaid"] > 0).any() for result in results]
    assert sum(built) >= RANDOM - 3
    assert sum(owing) >= 8
    assert len(owing) - sum(owing) >= 4
    assert sum(swept) >= 2


@pytest.fixture(scope="module")
def small(catalog) -> Result:
    return run(Scenario(factories=("malaysia", "oman"), months=72), catalog)


@pytest.mark.parametrize(
    "name", [name for name in QUANTITIES if kind_of(name, sweeps=True) is Kind.LIVE]
)
def test_an_input_that_recalculates_leaves_the_build_out_as_it_is(catalog, name):
    quantity = QUANTITIES[name]
    given = Scenario(factories=("malaysia", "kenya"), months=120)
    before = run(given, catalog)
    value = float(before.plan.quantities[name][0])
    other = value * 1.2 + 0.01
    if quantity.whole or isinstance(quantity.default, int):
        other = round(value) + 3
    other = min(max(other, quantity.low), quantity.high)
    if name in {"shell_cost_share", "electrical_cost_share"}:
        other = 0.1
    after = run(given.having(**{name: int(other) if other == round(other) else other}), catalog)
    assert after.phases == before.phases
    assert (after.cohorts.live == before.cohorts.live).all()


def formulas(book: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(book)) as held:
        names = [name for name in held.namelist() if name.startswith("xl/worksheets/sheet")]
        return "\n".join(held.read(name).decode() for name in names)


def test_every_input_marked_as_live_is_used_by_a_formula_and_no_other_idle_one(small, catalog):
    text = formulas(workbook(Case(small, catalog, DAY)))
    book = openpyxl.load_workbook(io.BytesIO(workbook(Case(small, catalog, DAY))))
    terms = {str(row[0].value): row[0].row for row in book["Terms"].iter_rows(max_col=1)}
    for name, quantity in QUANTITIES.items():
        place = terms[quantity.label]
        used = len(re.findall(rf"(?<!Inputs!)\$?G\$?{place}(?!\d)", _own(text)))
        if kind_of(name, sweeps=False) is Kind.LIVE and not name.startswith("sweep"):
            assert used, f"{name} is marked as live, and no formula reads it"


def _own(text: str) -> str:
    """Formulas that read the first factory's terms."""
    return "\n".join(re.findall(r"<f>[^<]*Terms[^<]*</f>", text)) + "\n".join(
        re.findall(r"<f>[^<]*G\d+[^<]*</f>", text)
    )


def test_the_same_case_gives_the_same_bytes_and_the_day_alone_differs(small, catalog):
    first = workbook(Case(small, catalog, DAY))
    assert first == workbook(Case(small, catalog, DAY))
    other = workbook(Case(small, catalog, dt.date(2027, 1, 1)))
    with zipfile.ZipFile(io.BytesIO(first)) as one, zipfile.ZipFile(io.BytesIO(other)) as two:
        differing = [name for name in one.namelist() if one.read(name) != two.read(name)]
    assert set(differing) <= {"docProps/core.xml", "xl/sharedStrings.xml"}


@pytest.mark.parametrize("evil", ["=1+1", "+A1", "-2", "@SUM(A1)", "\t=1", "\r=1", "<b>&amp;"])
def test_texts_from_users_never_become_formulas(catalog, evil):
    scenario = Scenario(factories=("oman",), months=60, name=evil, description=evil)
    book = workbook(Case(run(scenario, catalog), catalog, DAY))
    cover = openpyxl.load_workbook(io.BytesIO(book))["Cover"]
    found = [cover["B3"], cover["B8"]]
    assert all(evil.strip() in str(cell.value) for cell in found)
    assert all(cell.data_type == "s" for cell in found)


def test_it_has_no_macro_no_link_and_no_young_function(small, catalog):
    book = workbook(Case(small, catalog, DAY))
    with zipfile.ZipFile(io.BytesIO(book)) as held:
        names = held.namelist()
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]
    text = formulas(book)
    assert not re.search(r"<f>[^<]*\b(LET|LAMBDA|XLOOKUP|FILTER|OFFSET|INDIRECT|NOW|TODAY)\(", text)
    assert 1e5 < len(book) < 5e6


def test_the_base_case_fits_in_fifteen_megabytes(base, catalog):
    assert len(workbook(Case(base, catalog, DAY))) < 15e6


def test_sheets_print_across_pages_and_no_number_is_too_wide_for_its_column(small, catalog):
    book = openpyxl.load_workbook(io.BytesIO(workbook(Case(small, catalog, DAY))))
    for name in ("Rates", "Sources", "Inputs"):
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape", name
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, name
        assert sheet.print_title_rows, name
    assert all(book["Rates"].column_dimensions[one].width >= 16 for one in ("C",))
    heads = {cell.value: cell.column for cell in book["Inputs"][4]}
    helps = [row[0] for row in book["Inputs"].iter_rows(min_row=5, min_col=heads["What it is"],
                                                        max_col=heads["What it is"])]  # fmt: skip
    told = [cell for cell in helps if cell.value]
    assert len(told) == len(QUANTITIES)
    assert all(cell.alignment.indent >= 1 for cell in told), "help stands off the values"
