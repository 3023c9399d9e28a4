"""The row of figures: what each says, how a change reads, and that nothing in it is markup."""

import re

import pytest

from dashboard.charts.kpi_row import hint, kpi_row_html
from dashboard.charts.kpis import Kpi
from dashboard.theme import MINUS


def row(*kpis: Kpi) -> str:
    return kpi_row_html(kpis, lambda name: f"What {name} means")


@pytest.mark.parametrize(
    ("change", "better", "kind", "said"),
    [
        ("+1.2 points", "high", "rc-good", "↑ +1.2 points"),
        ("\N{MINUS SIGN}1.2 points", "high", "rc-bad", f"↓ {MINUS}1.2 points"),
        ("\N{MINUS SIGN}0.09", "low", "rc-good", f"↓ {MINUS}0.09"),
        ("+0.09", "low", "rc-bad", "↑ +0.09"),
        ("+40 MW", "", "", "↑ +40 MW"),
    ],
)
def test_a_change_says_its_direction_and_whether_it_is_better(
    change: str, better: str, kind: str, said: str
) -> None:
    (found,) = re.findall(
        r'class="rc-kpi-note ?([^"]*)">(.*?)</div>', row(Kpi("npv", "NPV", "1 bn", change, better))
    )
    assert found[0] == kind
    assert re.sub("<[^>]*>", "", found[1]) == said


def test_a_figure_without_change_stands_beside_its_context() -> None:
    made = row(Kpi("irr", "IRR", "7.0 %", None, "high", context="10 to 19 % asked"))
    assert ">10 to 19 % asked<" in made
    assert "rc-good" not in made
    assert "&nbsp;" in row(Kpi("irr", "IRR", "7.0 %", None, "high"))


def test_its_meaning_reaches_keyboards_and_ears() -> None:
    made = row(Kpi("irr", "IRR", "7.0 %", None, "high"))
    assert 'tabindex="0" role="note" aria-label="What irr means"' in made
    assert made.count('role="listitem"') == 1


def test_no_text_becomes_markup() -> None:
    made = row(Kpi("x", "<b>", '"><img>', "+<i>", "high")) + hint('"><script>')
    for tag in ("<b>", "<img>", "<i>", "<script>"):
        assert tag not in made
