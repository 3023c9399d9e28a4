"""How things look and are worded: factories, lines, metrics, drivers, amounts of money."""

from pathlib import Path

import pytest

from dashboard import theme
from dashboard.drivers_state import drivers
from dashboard.glossary import definition
from dashboard.theme import (
    FACTORY_STYLES,
    FORMATS,
    LINE_STYLES,
    change_text,
    factory_style,
    money,
    percent,
)
from data.catalog import bundled
from forecasts.lines import CAPEX_LINES, LINES
from forecasts.metric_register import METRICS
from forecasts.scenario import QUANTITIES


def test_factories_keep_their_look_and_no_two_share_it() -> None:
    registered = set(bundled().tables["factories"]["factory"])
    assert registered <= set(FACTORY_STYLES), "give a new factory its colour in theme.FACTORY_ORDER"
    looks = [(style.colour, style.pattern) for style in FACTORY_STYLES.values()]
    assert len(set(looks)) == len(looks)
    assert factory_style("elsewhere") == factory_style("elsewhere")


def test_cost_lines_have_looks_of_their_own() -> None:
    assert set(LINE_STYLES) == set(LINES)
    assert len({(s.colour, s.pattern) for s in LINE_STYLES.values()}) == len(LINES)
    assert set(CAPEX_LINES) <= set(LINE_STYLES)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_defined_and_can_be_written(name: str) -> None:
    assert definition(name), f"docs/definitions.md lacks the heading `## {name}`"
    assert FORMATS[METRICS[name].unit](0.123)


@pytest.mark.parametrize("name", drivers())
def test_every_driver_is_an_assumption_with_a_range(name: str) -> None:
    fact = bundled().fact("assumptions", quantity=name)
    assert fact.low is not None
    assert fact.high is not None
    assert fact.low < fact.high
    assert QUANTITIES[name].help


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0.0, "USD 0"),
        (950.0, "USD 950"),
        (8_388_384.0, "USD 8.39 m"),
        (999_700_000.0, "USD 1 bn"),
        (12_345_000_000.0, "USD 12.3 bn"),
        (-250e6, "\N{MINUS SIGN}USD 250 m"),
    ],
)
def test_money_is_short_and_exact_enough(usd: float, text: str) -> None:
    assert money(usd) == text


def test_changes_carry_their_sign_and_vanish_at_zero() -> None:
    assert change_text("USD", -250e6) == "\N{MINUS SIGN}USD 250 m"
    assert change_text("USD", 250e6) == "+USD 250 m"
    assert change_text("USD_per_gpu_hour", 0.001) is None
    assert percent(0.1234) == "12.3\N{NO-BREAK SPACE}%"
    assert percent(0.002, 0).startswith("<1")


def test_only_sliders_of_numbers_draw_a_hyphen_as_a_minus_sign() -> None:
    """The slider of a month shows 2028-12, whose hyphen is no minus."""
    rules = (Path(theme.__file__).parent / "static" / "rackcast.css").read_text("utf-8")
    (rule,) = [one for one in rules.splitlines() if 'font-family: "Minus", ' in one]
    heads = rule.partition("{")[0].split(",")
    assert all(one.strip().startswith('[class*="st-key-control_"] ') for one in heads)
