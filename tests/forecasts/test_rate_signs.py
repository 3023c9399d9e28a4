"""Several rates by signs alone: the answers of the search for every root, in far less time."""

import numpy as np
import pytest
from irr_cases import CASES

from data.catalog import bundled
from forecasts.metrics import Status, irr
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.rate_signs import rate_and_status, surely_several
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertainty import here, simulate
from forecasts.units import Array


def _product(roots: list[float]) -> Array:
    """Flows with these rates and no other."""
    flows = np.ones(1)
    for root in roots:
        flows = np.convolve(flows, [1.0, -1.0 - root])
    return flows


def _noise(random: np.random.Generator) -> Array:
    return random.standard_normal(random.integers(3, 200))


def _refreshed(random: np.random.Generator) -> Array:
    flows = np.concatenate([-random.uniform(5, 10, 24), random.uniform(0, 4, 157)])
    flows[[84, 144, 180]] -= random.uniform(0, 60, 3)
    return flows


def _granted(random: np.random.Generator) -> Array:
    parts = [np.zeros(random.integers(0, 60)), random.uniform(0, 2, random.integers(1, 4))]
    return np.concatenate([*parts, -random.uniform(0, 10, 9), random.uniform(0, 20, 120)])


def _near(random: np.random.Generator) -> Array:
    root = 10.0 ** random.uniform(-3, 1)
    return _product([root, root + 10.0 ** random.uniform(-13, -1)])


def _repeated(random: np.random.Generator) -> Array:
    root = random.integers(1, 60) / 100
    more = [root + 10.0 ** random.uniform(-9, -1)] * random.integers(0, 2)
    return _product([root] * random.integers(1, 4) + more)


def _whole(random: np.random.Generator) -> Array:
    return random.integers(-3, 4, random.integers(3, 12)).astype(float)


def _of_all_sizes(random: np.random.Generator) -> Array:
    flows = random.standard_normal(random.integers(3, 60)) * 10.0 ** random.integers(-12, 12)
    flows[[0, -1]] *= 10.0 ** random.integers(-30, 3, 2)
    return flows


def _growing(random: np.random.Generator) -> Array:
    return random.standard_normal(180) * np.exp(random.uniform(-0.3, 0.3) * np.arange(180))


KINDS = (_noise, _refreshed, _granted, _near, _repeated, _whole, _of_all_sizes, _growing)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_answers_are_those_of_the_search_for_every_root(kind):
    random = np.random.default_rng(11)
    for _ in range(60):
        flows = kind(random)
        one = irr(flows)
        assert rate_and_status(flows) == (
            pytest.approx(np.nan if one.rate is None else one.rate, abs=0, nan_ok=True),
            one.status,
        ), flows.tolist()


@pytest.mark.parametrize("case", [one for one in CASES if not one.dates], ids=lambda one: one.name)
def test_signs_never_prove_roots_that_references_do_not_have(case):
    flows = np.asarray(case.flows, dtype=float)
    if surely_several(flows):
        assert irr(flows).status is Status.MULTIPLE


def test_nothing_is_proven_of_a_value_that_only_touches_zero():
    for flows in ([1.0, -2.2, 1.21], [1.0, -2.0, 1.0], [1.0, -2.0, 1.0 + 1e-12], [-1.0, 2.0], []):
        assert not surely_several(np.array(flows))


def test_two_rates_beyond_and_between_the_places_looked_at_are_proven():
    assert surely_several(_product([1.74, 2.89]))
    assert surely_several(_product([0.30, 0.301]))
    assert surely_several(_product([50.0, 1e6]))
    assert surely_several(_product([-0.9999, -0.99]))


def test_paths_of_a_factory_paid_for_by_grants_hardly_search_for_roots(monkeypatch):
    asked = []
    monkeypatch.setattr("forecasts.rate_signs.irr", lambda row: asked.append(row) or irr(row))
    tables = bundled()
    plan = compile_plan(Scenario(factories=("belgium", "malaysia"), grant_share=1.0), tables)
    found = simulate(plan, outlook(tables), tables, Design(32, 5), here(1))
    none = sum(int(np.isnan(found.values[name]).sum()) for name in ("irr", "equity_irr"))
    assert none > 60, "several rates fit"
    assert len(asked) < none / 10
