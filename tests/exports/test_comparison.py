"""What a comparison says when nothing, something or everything differs."""

import pytest

from dashboard.charts.study import Study, study
from dashboard.exports.comparison import Step, bridge_plot
from forecasts.engine import run
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def case(catalog) -> Study:
    return study(run(Scenario(factories=("qatar",), months=120), catalog))


def test_a_change_that_leaves_npv_alone_is_said_so(case):
    plot = bridge_plot(case, case, [Step("Gearing", 0.0)])
    assert plot.title.endswith("leaves NPV as it is")


def test_changes_that_cancel_out_are_told(case):
    plot = bridge_plot(case, case, [Step("Rack price", 3e6), Step("PUE", -3e6)])
    assert "adds USD 0 of NPV" in plot.title
    assert "Rack price weighs most: USD 3 m" in plot.title


def test_no_change_at_all_is_told(case):
    assert bridge_plot(case, case, []).title == "The two scenarios are the same"
