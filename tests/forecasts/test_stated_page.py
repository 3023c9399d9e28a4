"""The page on stated projects: every key and figure is on it, and its example runs."""

import yaml
from stated_cases import ROOT

from forecasts.stated import stated_projection
from forecasts.stated_reference import blocks, reference
from forecasts.stated_schema import StatedFile


def test_every_key_is_explained_and_the_reference_is_up_to_date():
    for block in blocks(StatedFile):
        for name, field in block.model_fields.items():
            assert (field.description or "").endswith("."), f"{block.__name__}.{name}"
    page = (ROOT / "docs" / "stated-projects.md").read_text("utf-8")
    assert reference() in page, "renew the reference: see forecasts/stated_reference.py"


def test_every_figure_is_defined_on_the_page():
    page = (ROOT / "docs" / "stated-projects.md").read_text("utf-8")
    for path in sorted((ROOT / "scenarios" / "replications").glob("*.yaml")):
        result = stated_projection(yaml.safe_load(path.read_text("utf-8")), path.name)
        for name in {name for one in result["factories"] for name in one["returns"]}:
            first, _, rest = name.partition(".")
            last = f".{rest.rpartition('.')[2]}`"
            known = (f"`{name}`", f"`{first}.", last)
            assert any(form in page for form in known), f"{name} is not defined"


def test_the_example_of_the_page_runs():
    page = (ROOT / "docs" / "stated-projects.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    result = stated_projection(yaml.safe_load(example), "page")
    assert all(row["agrees"] for row in result["factories"][0]["published"])
