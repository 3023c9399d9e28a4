"""A first page comes back on its own for its paths: what a visitor asks for meanwhile holds."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Download
from test_browser import IDLE, Visit, address, browser, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOMENTS_MS = (0, 400, 800, 1200)
"""After a first page stands: before it comes back for its paths, while it waits, and after."""

OPEN = "[role=dialog] .js-plotly-plot .legend"
PATHS = ".rc-paths-4096"

PRESS = """([label, after]) => {
  const found = () => [...document.querySelectorAll('button, [role=switch]')]
    .find(one => (one.ariaLabel || one.textContent).trim().endsWith(label));
  const press = () => { found().click(); window.rcPressed = true; };
  const look = () => found() ? setTimeout(press, after) : setTimeout(look, 5);
  look();
}"""
"""Presses the first button or switch of a label, milliseconds after it stands, by its clock."""


def pressed(visit: Visit, label: str, after: int, price: float, files: list[Download]) -> Visit:  # noqa: F811
    """A page of its own in the same browser, pressed once, its paths through."""
    page = visit.page.context.new_page()
    page.set_default_timeout(90_000)
    own = Visit(page, visit.address)
    page.on("download", lambda one: files.append(one))
    page.add_init_script(f"({PRESS})({[label, after]})")
    page.goto(f"{visit.address}/?gpu_hour_price={price}")
    page.wait_for_function("window.rcPressed")
    page.wait_for_selector(PATHS)
    return own


@pytest.mark.parametrize("after", MOMENTS_MS)
def test_a_chart_enlarged_at_any_moment_of_a_first_page_stays_open(
    visit: Visit,  # noqa: F811
    after: int,
) -> None:
    own = pressed(visit, "Enlarge", after, 3 + after / 10_000, [])
    own.page.wait_for_selector(OPEN)
    own.page.wait_for_selector(IDLE)
    assert own.page.locator(OPEN).count() == 1
    own.page.get_by_role("button", name="Close").click()
    own.page.wait_for_selector("[role=dialog]", state="detached")
    own.fine()


def test_a_filter_of_the_map_is_in_the_address_and_comes_back_with_it(visit: Visit) -> None:  # noqa: F811
    visit.open("?map=wave~first")
    visit.page.wait_for_selector(PATHS)
    visit.page.wait_for_selector(IDLE)
    visit.page.get_by_role("button", name="Filter").click()
    picker = visit.page.get_by_role("combobox", name="Region")
    picker.fill("Europe")
    picker.press("Enter")
    visit.page.wait_for_url(re.compile(r"map=wave~first%2Cregion~Europe"))
    visit.page.reload()
    visit.page.wait_for_selector("text=Belgium is the largest of 2 shown")
    visit.fine()


def test_a_closed_chart_stays_closed_when_a_slider_moves(visit: Visit) -> None:  # noqa: F811
    own = pressed(visit, "Enlarge", 0, 2.9, [])
    own.page.wait_for_selector(OPEN)
    own.page.get_by_role("button", name="Close").click()
    own.page.wait_for_selector("[role=dialog]", state="detached")
    before = own.figures()
    own.page.get_by_role("slider", name=re.compile("GPU hour price")).press("End")
    own.wait_for_change(before)
    assert own.page.locator("[role=dialog]").count() == 0
    own.fine()


@pytest.mark.parametrize("after", MOMENTS_MS)
def test_a_table_asked_for_at_any_moment_of_a_first_page_is_there(
    visit: Visit,  # noqa: F811
    after: int,
) -> None:
    own = pressed(visit, "Table", after, 4 + after / 10_000, [])
    own.page.wait_for_selector("[data-testid=stDataFrame]")
    own.page.wait_for_selector(IDLE)
    assert own.page.locator("[data-testid=stDataFrame]").count() == 1
    own.fine()


@pytest.mark.parametrize("after", MOMENTS_MS)
def test_a_file_asked_for_at_any_moment_of_a_first_page_comes(
    visit: Visit,  # noqa: F811
    tmp_path: Path,
    after: int,
) -> None:
    got: list[Download] = []
    own = pressed(visit, "CSV", after, 5 + after / 10_000, got)
    if not got:
        own.page.wait_for_event("download")
    got[0].save_as(tmp_path / "got.csv")
    assert (tmp_path / "got.csv").read_text().count("\n") > 2
    own.fine()
