"""Everything public explains itself: assumptions, tables, lines, metrics, functions, modules."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from data.catalog import Catalog
from data.schemas import COLUMN_MEANING, DATASETS
from forecasts.lines import LINES
from forecasts.metric_register import METRICS
from forecasts.presets import PRESETS
from forecasts.scenario import QUANTITIES, Scenario

ROOT = Path(__file__).parent.parent
ROOMS = ("data", "forecasts", "dashboard")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=lambda q: q.name)
def test_every_assumption_explains_itself(catalog: Catalog, quantity):
    assert quantity.help.endswith("."), f"{quantity.name} needs a sentence under its field"
    assert len(quantity.help) > 15
    if quantity.default is None:
        assert quantity.from_data is not None, "nothing says where the value comes from"
        return
    fact = catalog.fact("assumptions", quantity=quantity.name)
    assert fact.value == quantity.default, "field and table disagree"
    assert fact.unit == quantity.unit.table
    assert fact.low is not None
    assert fact.high is not None
    assert quantity.low <= fact.low <= quantity.default <= fact.high <= quantity.high
    assert len(fact.notes) > 10


def test_no_assumption_in_the_table_is_unknown(catalog: Catalog):
    assert set(catalog.tables["assumptions"]["quantity"]) == {
        quantity.name for quantity in QUANTITIES.values() if quantity.default is not None
    }


def test_every_field_of_the_scenario_has_help():
    for name, field in Scenario.model_fields.items():
        assert field.description, name


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_is_defined(metric):
    text = (ROOT / "docs" / "definitions.md").read_text("utf-8")
    definition = re.search(rf"^## {metric}\n\n(.+?)(?=\n## |\n# |\Z)", text, re.S | re.M)
    assert definition, f"docs/definitions.md has no section {metric}"
    assert len(definition[1]) > 40


def test_every_table_and_column_is_described():
    for dataset in DATASETS.values():
        assert dataset.description.endswith(".")
        assert set(dataset.columns) <= set(COLUMN_MEANING)


def test_every_line_and_preset_is_explained():
    assert all(line.help.endswith(".") and line.label for line in LINES.values())
    assert all(str(changes["description"]).endswith(".") for changes in PRESETS.values())


def public_names(path: Path):
    tree = ast.parse(path.read_text("utf-8"))
    yield path.name, ast.get_docstring(tree)
    for node in tree.body:
        kinds = (ast.FunctionDef, ast.ClassDef)
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield f"{path.name}: {node.name}", ast.get_docstring(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_public_name_has_a_docstring(path: Path):
    for name, docstring in public_names(path):
        assert docstring, f"{name} is not explained"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_grows_beyond_350_lines(path: Path):
    count = len(path.read_text("utf-8").splitlines())
    assert count <= 350, f"{path.name} has {count} lines: it needs a second noun"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_exception_is_swallowed(path: Path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{path.name} line {node.lineno} catches everything"
            named = ast.unparse(node.type)
            assert named not in {"Exception", "BaseException"}, f"{path.name} line {node.lineno}"


def test_decisions_say_what_was_chosen_and_how_it_could_be_wrong():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(decisions) >= 5
    for path in decisions:
        text = path.read_text("utf-8")
        for part in ("Context", "Choice", "Rejected", "How we would know"):
            assert part in text, f"{path.name} lacks {part}"


def test_the_lock_names_versions_and_no_address():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > 100


def test_the_readme_example_is_what_the_command_prints():
    readme = (ROOT / "README.md").read_text("utf-8")
    stated = re.search(r"<!-- example: rackcast (.+?) -->\n\n((?:    .+\n)+)", readme)
    assert stated, "README.md lost its worked example"
    command = [sys.executable, "-m", "dashboard", *stated[1].split()]
    printed = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    lines = [line.strip() for line in stated[2].splitlines()]
    assert len(lines) == 5
    assert set(lines) <= {line.strip() for line in printed.splitlines()}
    before = subprocess.run(
        [*command[:4]], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout
    irr_before, irr_after = (
        re.search(r"^all .*?([\d.]+)%", text, re.M)[1] for text in (before, printed)
    )
    prose = " ".join(readme.split())
    assert f"portfolio from {irr_before} % to {irr_after} %" in prose
    live = re.search(r"^romania .*?(20\d\d-\d\d)", printed, re.M)[1]
    assert f"moves its first sale to {live}" in prose


def test_the_readme_lists_every_table():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", readme, re.M)) == set(DATASETS)
