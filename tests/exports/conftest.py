"""One small case told once for all tests of exports."""

import pytest
from hostile import DAY, HOSTILE

from dashboard.charts.study import Study, study
from dashboard.exports.material import gathered
from dashboard.exports.story import Material
from forecasts.engine import run
from forecasts.scenario import Scenario


@pytest.fixture(scope="session")
def case() -> Scenario:
    return Scenario(name=HOSTILE, factories=("romania", "malaysia"), months=120)


@pytest.fixture(scope="session")
def told(case, catalog) -> Study:
    return study(run(case, catalog))


@pytest.fixture(scope="session")
def material(told, case, catalog) -> Material:
    other = case.having(name="@other", gpu_hour_price=7.5, grid_delay_months=6)
    return gathered(told, other, catalog, DAY)
