"""Warnings on stated projects: figures that do not follow, versions left out, known traps."""

import pytest
from stated_cases import levels, stated

from forecasts.stated import stated_projection


def test_published_figures_that_do_not_follow_are_warned_of_with_a_cause():
    file = stated(expected={"total_revenue": {"value": 1000 * 8760 * 5 * 2.0, "relative": 0.001}})
    said = stated_projection(file, "test.yaml")["checks"]
    message = next(one for one in said if one["name"] == "published total_revenue")
    assert message["level"] == "warning"
    assert "utilisation (0.75) were left out" in message["message"]


def test_a_repository_without_a_commit_is_warned_of():
    file = stated()
    file["source"]["url"] = "https://github.com/someone/model"
    assert levels(file)["source version"] == "warning"
    file["source"]["commit"] = "0123abc"
    assert "source version" not in levels(file)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"exit": {"cap_rate": 0.06}}, "value counted twice"),
        ({"timeline__periods": 8}, "used beyond its life"),
        ({"capacity__kw_per_gpu": 1500}, "power of a GPU"),
        ({"power": {"sources": {"g": {"usd_per_mwh": 0.08}}}}, "power price"),
        ({"conventions__irr_quoted": "nominal"}, "nominal IRR"),
        ({"revenue__hours__usd": 0.2}, "price below LCOC"),
        ({"use__utilisation": 0.5, "revenue__hours__usd": 0.9}, "no break-even"),
        ({"capex__late": {"usd": 5, "paid": "month", "month": 60}}, "paid after the end"),
    ],
)
def test_a_trap_is_warned_of(changes, name):
    assert levels(stated(**changes)).get(name) == "warning"
    assert name not in levels(stated())
