"""A simple stated project with blocks replaced, and what comes of it."""

import copy
from pathlib import Path

import pytest

from data.problems import RefusedError
from forecasts.stated import stated_projection

ROOT = Path(__file__).parent.parent.parent
SIMPLE = {
    "timeline": {"period": "year", "periods": 5},
    "conventions": {"discount_rate": 0.10, "operating_flows": "end"},
    "capacity": {"kw_per_gpu": 1.5, "phases": {"one": {"gpus": 1000}}},
    "use": {"utilisation": 0.75},
    "capex": {"gpu": {"usd": 30000, "per": "gpu", "life_years": 5, "residual": {"share": 0.1}}},
    "opex": {"hosting": {"usd": 1000, "per": "gpu", "every": "year"}},
    "revenue": {"hours": {"usd": 2.0, "per": "gpu_hour"}},
}


def stated(**changes) -> dict:
    """One project with blocks replaced; dotted keys reach inside."""
    project = copy.deepcopy(SIMPLE)
    for key, new in changes.items():
        *path, last = key.split("__")
        block = project
        for part in path:
            block = block.setdefault(part, {})
        block[last] = new
    source = {"publisher": "nobody"}
    return {"kind": "stated", "name": "test", "source": source, "projects": {"base": project}}


def returns(file: dict) -> dict:
    result = stated_projection(file, "test.yaml")
    return {name: one["value"] for name, one in result["factories"][0]["returns"].items()}


def levels(file: dict) -> dict[str, str]:
    return {one["name"]: one["level"] for one in stated_projection(file, "test.yaml")["checks"]}


def refused(file: object) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        stated_projection(file, "test.yaml")
    return [str(problem) for problem in caught.value.problems]
