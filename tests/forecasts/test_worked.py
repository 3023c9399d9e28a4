"""Every stage of the methods page has a worked number, and it is the model's own."""

import re
from pathlib import Path

import pytest

from data.catalog import Catalog
from forecasts.engine import run
from forecasts.outlook import outlook
from forecasts.presets import PRESETS, preset
from forecasts.scenario import Scenario
from forecasts.worked import worked

METHODS = Path(__file__).parents[2] / "docs" / "methods.md"


def test_every_stage_has_words_formula_limits_and_a_worked_number(catalog: Catalog) -> None:
    text = METHODS.read_text("utf-8")
    stages = re.findall(r"^## (.+)$", text, re.M)
    for body in re.split(r"^## .+$", text, flags=re.M)[1:]:
        assert all(part in body for part in ("**In words.**", "**Formula.**", "**Limits.**"))
    found = worked(run(Scenario(), catalog), 0, outlook(catalog))
    assert [one.stage for one in found] == stages


@pytest.mark.parametrize("name", PRESETS)
def test_worked_numbers_are_those_of_the_model(name: str, catalog: Catalog) -> None:
    result = run(preset(name), catalog)
    for row in range(len(result.plan.sites)):
        for one in worked(result, row, outlook(catalog)):
            assert one.by_hand == pytest.approx(one.by_model, rel=1e-9), one
            assert "nan" not in one.said


def test_a_factory_without_a_phase_works_nothing_out(catalog: Catalog) -> None:
    result = run(Scenario(max_phases=1, site_capacity_mw=0.0), catalog)
    assert worked(result, 0, outlook(catalog)) == ()


def test_the_worked_interval_says_how_often_such_intervals_held(catalog: Catalog) -> None:
    known = outlook(catalog)
    first = worked(run(Scenario(), catalog), 0, known)[0]
    held = known.forecasts["ai_capex"].verdict.held
    assert first.said.endswith(f"made for 80 % but held {100 * held:.0f} % of past values.")
