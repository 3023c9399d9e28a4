"""Strict reading of stated projects: every mistake is named with its place and what to do."""

import copy
import json

import pytest
import yaml
from stated_cases import ROOT, refused, stated

from data.problems import RefusedError
from forecasts.stated import stated_projection


def test_every_mistake_of_a_file_is_named_at_once():
    problems = refused(
        stated(
            capex__gpu={"usd": -5, "per": "gpus", "resdual": {"share": 0.1}},
            use={"utilisation": 71},
            opex__hosting={"usd": "1 million", "every": "year"},
            conventions__discount_rate="ten",
        )
    )
    text = "\n".join(problems)
    assert len(problems) == 6
    assert "test.yaml: projects.base.capex.gpu.resdual: got an unknown key" in text
    assert "did you mean 'residual'?" in text
    assert "projects.base.capex.gpu.usd: got -5" in text
    assert "did you mean 'gpu'?" in text
    assert "write shares as fractions: 0.71 for 71 %" in text
    assert "projects.base.opex.hosting.usd: got '1 million', expected a valid number (USD)" in text
    assert "projects.base.conventions.discount_rate: got 'ten'" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"capexx": {}}, "did you mean 'capex'?"),
        ({"capex__gpu__usd": "1e6"}, "write it without quotes"),
        ({"capex__gpu__usd": True}, "a valid number"),
        ({"capex__gpu__usd": float("inf")}, "a finite number"),
        (
            {"power": {"sources": {"grid": {"usd_per_kwh": 88}}}},
            "less than or equal to 5 (USD/kWh)",
        ),
        ({"power": {"sources": {"grid": {"usd_per_kw": 88}}}}, "did you mean 'usd_per_kwh'?"),
        ({"power": {"sources": {"grid": {}}}}, "one of usd_per_mwh, usd_per_kwh"),
        ({"timeline": {"period": "year"}}, "Number of periods"),
        ({"timeline__period": "annual"}, "one of day, month, quarter, year"),
        ({"opex__hosting__every": None}, "needs `every`"),
        ({"revenue__hours__every": "year"}, "only for amounts per thing that stands"),
        ({"opex__hosting__phases": ["oen"]}, "did you mean 'one'?"),
        (
            {"opex__fee": {"share": 0.1, "of": "revenue", "lines": ["hour"]}},
            "did you mean 'hours'?",
        ),
        ({"capex__land": {"usd": 5, "per": "acre"}}, "land_acres in capacity"),
        ({"revenue__t": {"usd": 5, "per": "million_tokens"}}, "a tokens block"),
        ({"capacity": {"phases": {"one": {"it_mw": 5}}}}, "gpus of every phase"),
        ({"capacity__phases__one__live_month": 6}, "use a multiple of 12"),
        ({"capacity__phases__one__live_month": 60}, "lengthen the timeline"),
        ({"expected": {"lcof": {"value": 3}}}, "did you mean 'lcoc'?"),
        ({"expected": {"lcoc": {"value": 3, "unit": "USD"}}}, "'USD_per_gpu_hour'"),
        ({"expected": {"lcoc": {}}}, "a value or a status"),
        ({"like": "bse"}, "a project further up"),
        ({"alternatives": {"rent": {"project": "other"}}}, "a project"),
        ({"alternatives": {"rent": {}}}, "no price"),
        (
            {"finance": {"loans": {"a": {"rate": 0.1, "tenor_months": 120}}}},
            "repayment before the end",
        ),
        (
            {
                "finance": {
                    "loans": {"a": {"rate": 0.1, "tenor_months": 24, "repayment": "sculpted"}}
                }
            },
            "a cover to sculpt to",
        ),
    ],
)
def test_a_mistake_is_named_with_what_to_do(changes, said):
    problems = refused(stated(**changes))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize("file", [None, [], "text", {}, {"kind": "stated", "projects": []}])
def test_what_is_no_such_file_is_refused(file):
    assert refused(file)


def test_a_mistake_that_others_inherit_is_named_once():
    file = stated(use={"utilisation": 2})
    file["projects"]["other"] = {"like": "base"}
    assert len(refused(file)) == 1


def test_a_project_like_another_differs_only_in_what_is_written():
    file = stated(expected={"gpus": {"value": 1000}})
    file["projects"]["other"] = {
        "like": "base",
        "use": {"utilisation": 0.5},
        "opex": {"hosting": None},
    }
    base, other = stated_projection(file, "test.yaml")["factories"]
    assert other["returns"]["total_opex"]["value"] == 0
    assert other["returns"]["total_revenue"]["value"] == 1000 * 8760 * 5 * 0.5 * 2.0
    assert base["published"]
    assert other["published"] == []


def keys_of(value: object, before: tuple = ()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*before, key)
            yield from keys_of(inner, (*before, key))


@pytest.mark.parametrize("name", ["rc-01", "rc-14", "example-token", "example-cloud"])
def test_a_file_with_a_key_missing_is_computed_or_refused(name):
    (path,) = (ROOT / "scenarios" / "replications").glob(f"{name}*.yaml")
    whole = yaml.safe_load(path.read_text("utf-8"))
    for keys in list(keys_of(whole)):
        file = copy.deepcopy(whole)
        block = file
        for key in keys[:-1]:
            block = block[key]
        del block[keys[-1]]
        try:
            json.dumps(stated_projection(file, "test.yaml"), allow_nan=False)
        except RefusedError:
            continue
