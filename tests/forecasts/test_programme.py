"""The programme that is chosen is the best of all that keep the limits: every one is tried."""

from itertools import product

import numpy as np
import pytest

from forecasts.binding import binding
from forecasts.programme import (
    Limits,
    Options,
    budget_steps,
    choose_programme,
    frontier,
    tail_mean,
    within,
)

YEARS, PATHS = 4, 60


def options(seed, sites=6, sizes=2):
    """Random options: larger ones cost and vary more, and a common cause moves all."""
    random = np.random.default_rng(seed)
    names, size, start, npv, capex = [], [], [], [], []
    common = random.normal(0, 1, PATHS)
    for site, one in product(range(sites), range(sizes)):
        scale = (one + 1) * random.uniform(50, 200)
        names.append(f"site {site}")
        size.append(f"size {one}")
        start.append("as registered")
        noise = random.normal(0, 1, PATHS)
        npv.append(scale * (random.normal(0.2, 0.2) + 0.3 * common + 0.3 * noise))
        spent = np.zeros(YEARS)
        spent[random.integers(0, YEARS)] = scale
        capex.append(spent)
    capex = np.array(capex)
    return Options(
        tuple(names), tuple(size), tuple(start), np.array(npv).T, capex, capex / 10, capex / 2
    )


def everything(found, limits):
    """Mean, tail and choice of every programme within the limits."""
    sites = list(dict.fromkeys(found.site))
    rows = [[None, *(n for n, own in enumerate(found.site) if own == site)] for site in sites]
    made = []
    for picked in product(*rows):
        chosen = [one for one in picked if one is not None]
        if within(found, limits, chosen):
            npv = found.npv_usd[:, chosen].sum(axis=1)
            made.append((float(npv.mean()), tail_mean(npv), tuple(chosen)))
    return made


LIMITS = Limits((150.0, 200.0), grid_mw=30.0, racks=140.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_programme_of_six_sites_is_the_best_of_all(seed):
    own = options(seed)
    every = everything(own, LIMITS)
    found = choose_programme(own, LIMITS)
    assert found.mean_usd == pytest.approx(max(one[0] for one in every), abs=1e-6)
    assert within(own, LIMITS, found.chosen)
    safest = choose_programme(own, LIMITS, safest=True)
    assert safest.tail_usd == pytest.approx(max(one[1] for one in every), abs=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_every_point_of_the_frontier_is_the_best_that_keeps_its_floor(seed):
    own = options(seed)
    every = everything(own, LIMITS)
    made = frontier(own, LIMITS, points=5)
    assert [one.tail_usd for one in made] == sorted(one.tail_usd for one in made)
    assert [one.mean_usd for one in made] == sorted((one.mean_usd for one in made), reverse=True)
    best = choose_programme(own, LIMITS)
    safest = choose_programme(own, LIMITS, safest=True)
    for floor in np.linspace(best.tail_usd, safest.tail_usd, 5)[1:-1]:
        found = choose_programme(own, LIMITS, float(floor))
        known = max(one[0] for one in every if one[1] >= floor - 1e-7)
        assert found.mean_usd == pytest.approx(known, abs=1e-5)
        assert found.tail_usd >= floor - 1e-5


def test_one_option_a_site_and_none_where_nothing_pays():
    own = options(1)
    chosen = choose_programme(own, Limits()).chosen
    sites = [own.site[row] for row in chosen]
    assert len(sites) == len(set(sites))
    poor = Options(
        own.site, own.size, own.start, -np.abs(own.npv_usd), own.capex_usd, own.grid_mw, own.racks
    )
    assert choose_programme(poor, Limits()).chosen == ()
    assert frontier(poor, Limits())[0].mean_usd == 0


def test_more_budget_never_buys_less():
    own = options(2)
    made = budget_steps(own, Limits(), [0.0, 100.0, 200.0, 400.0, 1e9])
    values = [one.mean_usd for one in made]
    assert values == sorted(values)
    assert made[0].chosen == ()


def test_a_floor_that_no_programme_keeps_is_told():
    assert choose_programme(options(0), Limits(), 1e9) is None


def test_the_tail_is_the_mean_of_the_worst_paths():
    assert tail_mean(np.arange(100.0)) == pytest.approx(2.0)
    assert tail_mean(np.arange(30.0)) == pytest.approx((0 + 0.5 * 1) / 1.5)


def test_slips_are_named():
    with pytest.raises(ValueError, match="amounts from 0 on"):
        Limits((-1.0,))
    with pytest.raises(ValueError, match="budget for a year"):
        Limits(())
    assert Limits((1.0, 2.0)).budgets(4).tolist() == [1, 2, 2, 2]


def test_where_nothing_can_be_built_the_programme_is_nothing():
    none = Options((), (), (), np.zeros((PATHS, 0)), *[np.zeros((0, YEARS))] * 3)
    assert choose_programme(none, LIMITS).chosen == ()
    assert choose_programme(none, LIMITS, 1.0) is None
    assert [one.chosen for one in frontier(none, LIMITS)] == [()]
    assert budget_steps(none, LIMITS, [1e9])[0].mean_usd == 0
    found = binding(none, LIMITS, choose_programme(none, LIMITS))
    assert found.without_any_usd == 0
    assert [one.binds for one in found.limits] == [False] * 3
