"""A portfolio of many factories is carried as a small one is: each as if it stood alone."""

import numpy as np
import pytest

from benchmarks.many_sites import SITES, copied_register
from forecasts.engine import run
from forecasts.figures import FIGURE
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertainty import simulate


@pytest.fixture(scope="module")
def tables():
    return copied_register(SITES)


def test_a_hundred_factories_are_projected_each_as_its_original(tables):
    result = run(Scenario(), tables)
    keys = [site.key for site in result.plan.sites]
    assert len(keys) == len(set(keys)) == SITES
    npv = dict(zip(keys, result.figures[0, :, FIGURE["npv"]], strict=True))
    for key, value in npv.items():
        original = key.rstrip("0123456789").rstrip("_")
        assert value == npv[original], key


def test_a_hundred_factories_are_carried_along_paths(tables):
    found = simulate(compile_plan(Scenario(), tables), outlook(tables), tables, Design(64, 0))
    assert found.values["npv"].shape == (64, SITES)
    assert np.isfinite(found.values["npv"]).all()
    np.testing.assert_allclose(found.portfolio["npv"], found.values["npv"].sum(axis=1))
    keys = [site.key for site in found.plan.sites]
    same = np.corrcoef(
        found.values["npv"][:, keys.index("malaysia")],
        found.values["npv"][:, keys.index("malaysia_2")],
    )[0, 1]
    assert 0.5 < same < 1  # the country's drivers are shared, the delay is each site's own
