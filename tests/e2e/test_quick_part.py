"""A moved driver moves figures and charts at once, alone; the whole page follows, and agrees."""

import re
from pathlib import Path

import pytest
from test_browser import IDLE, Visit, address, browser, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATHS = ".rc-paths-4096"

ORDER = """() => {
  const figures = () => [...document.querySelectorAll('.rc-kpi-value')]
    .map(one => one.textContent).join('|');
  const before = figures(), panel = () => document.body.innerText.includes('1 changed');
  window.rcOrder = [];
  const look = () => {
    for (const [name, seen] of [['figures', figures() !== before], ['panel', panel()]])
      if (seen && !window.rcOrder.includes(name)) window.rcOrder.push(name);
    if (window.rcOrder.length < 2) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
"""Notes which comes first: figures that have moved, or a panel that counts the change."""


def opened(visit: Visit, query: str = "") -> Visit:  # noqa: F811
    visit.open(query)
    visit.page.wait_for_selector(PATHS)
    visit.page.wait_for_selector(IDLE)
    return visit


def moved(visit: Visit, key: str = "ArrowLeft", times: int = 1) -> None:  # noqa: F811
    before = visit.figures()
    slider = visit.page.get_by_role("slider", name=re.compile("GPU hour price"))
    slider.focus()
    for _ in range(times):
        slider.press(key)
    visit.wait_for_change(before)


def settled(visit: Visit) -> None:  # noqa: F811
    visit.page.wait_for_selector("text=1 changed")
    visit.page.wait_for_selector(IDLE)
    visit.page.wait_for_selector(PATHS)


def test_figures_move_first_and_the_panel_follows(visit: Visit) -> None:  # noqa: F811
    opened(visit)
    visit.page.evaluate(ORDER)
    moved(visit)
    settled(visit)
    assert visit.page.evaluate("window.rcOrder") == ["figures", "panel"]
    assert visit.page.get_by_role("button", name="Undo").is_enabled()
    visit.page.wait_for_url(re.compile("gpu_hour_price=8.45"))
    visit.fine()


def test_what_a_move_shows_alone_is_what_the_whole_page_shows(visit: Visit) -> None:  # noqa: F811
    opened(visit)
    moved(visit, times=5)
    settled(visit)
    after, page = visit.figures(), visit.page
    texts = [one.inner_text() for one in page.locator(".rc-card, .rc-insights, h2").all()]
    page.reload()
    page.wait_for_selector(PATHS)
    page.wait_for_selector(IDLE)
    assert visit.figures() == after
    assert [one.inner_text() for one in page.locator(".rc-card, .rc-insights, h2").all()] == texts
    visit.fine()


def test_a_card_that_shows_its_table_keeps_it_and_its_numbers_move(
    visit: Visit,  # noqa: F811
    tmp_path: Path,
) -> None:
    opened(visit)
    card = visit.page.locator(".st-key-small_cash")
    card.get_by_text("Table", exact=True).click()
    card.locator("[data-testid=stDataFrame]").wait_for()
    visit.page.wait_for_selector(IDLE)
    moved(visit)
    settled(visit)
    assert card.locator("[data-testid=stDataFrame]").count() == 1
    with visit.page.expect_download() as coming:
        card.get_by_role("button", name="CSV").last.click()
    first = tmp_path / "first.csv"
    coming.value.save_as(first)
    card.get_by_text("Table", exact=True).click()
    card.locator(".rc-plot").wait_for()
    moved(visit, "ArrowRight")
    visit.page.wait_for_selector("text=as given")
    visit.page.wait_for_selector(IDLE)
    with visit.page.expect_download() as coming:
        card.get_by_role("button", name="CSV").last.click()
    coming.value.save_as(tmp_path / "second.csv")
    assert first.read_text() != (tmp_path / "second.csv").read_text()
    assert visit.page.locator("[data-testid=stException]").count() == 0
    visit.fine()


HELD = "() => getComputedStyle(document.querySelector('.st-key-csv_cash')).pointerEvents"


def test_a_file_of_a_card_waits_until_it_is_of_what_is_on_screen(visit: Visit) -> None:  # noqa: F811
    opened(visit)
    assert visit.page.evaluate(HELD) == "auto"
    moved(visit)
    settled(visit)
    visit.page.evaluate(
        f"""() => {{ const held = {HELD}; window.rcHeld = [];
        new MutationObserver(() => window.rcHeld.push(held())).observe(
          document.body, {{subtree: true, childList: true, characterData: true}}); }}"""
    )
    moved(visit)
    settled(visit)
    visit.page.wait_for_function(f"({HELD})() === 'auto'")
    assert "none" in visit.page.evaluate("window.rcHeld")
    with visit.page.expect_download() as coming:
        visit.page.locator(".st-key-small_cash").get_by_role("button", name="CSV").last.click()
    stamp = visit.page.get_by_text(re.compile("^Scenario base, 1 change")).inner_text()
    assert re.search(r"\((\w+)\)", stamp)[1] in coming.value.suggested_filename
    visit.fine()


def test_a_move_taken_back_at_once_leaves_what_was(visit: Visit) -> None:  # noqa: F811
    opened(visit, "?gpu_hour_price=7.3")
    page, before = visit.page, visit.figures()
    moved(visit)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("text => document.body.innerText.includes(text)", arg=before[0])
    page.wait_for_selector(IDLE)
    page.wait_for_selector(PATHS)
    assert visit.figures() == before
    page.wait_for_url(re.compile("gpu_hour_price=7.3$"))
    visit.fine()


def test_a_filtered_map_stays_filtered_when_a_driver_moves(visit: Visit) -> None:  # noqa: F811
    opened(visit, "?map=region~Europe")
    visit.page.wait_for_selector("text=Belgium is the largest of 2 shown")
    moved(visit)
    settled(visit)
    assert visit.page.get_by_text("Belgium is the largest of 2 shown").count() == 1
    visit.fine()


def test_another_page_moves_as_a_whole(visit: Visit) -> None:  # noqa: F811
    visit.open("factory?factory=malaysia")
    visit.page.wait_for_selector(IDLE)
    moved(visit)
    settled_panel = visit.page.wait_for_selector("text=1 changed")
    assert settled_panel is not None
    visit.fine()
