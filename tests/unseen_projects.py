"""One stated project solved, and plain sums for a calculation by hand beside it."""

import json

import pytest

from forecasts.stated import stated_projection

HOURS = 8760


def solved(**project) -> dict:
    """Returns and warnings of one project."""
    file = {"kind": "stated", "name": "case", "projects": {"base": project}}
    result = stated_projection(json.loads(json.dumps(file)), "case.yaml")
    json.dumps(result, allow_nan=False)
    assert not [one for one in result["checks"] if one["level"] == "failed"]
    (made,) = result["factories"]
    figures = {name: one["value"] for name, one in made["returns"].items()}
    said = {one["name"]: one["message"] for one in result["checks"] if one["level"] == "warning"}
    return {"figures": figures, "said": said, "returns": made["returns"], "made": made}


def near(value, rel=1e-10):
    return pytest.approx(value, rel=rel, abs=1e-9)


def worth(flows, rate):
    return sum(flow / (1 + rate) ** time for time, flow in enumerate(flows))
