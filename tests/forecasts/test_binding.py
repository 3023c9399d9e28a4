"""What limits cost: equal to trying every programme by hand, for each limit and each step."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from data.catalog import bundled
from forecasts.binding import UNIT, binding, raised
from forecasts.entered import EnteredPhase
from forecasts.options import ENTERED, Variant, options_of, start_label, with_programme
from forecasts.presets import preset
from forecasts.programme import Limits, Options, choose_programme, within
from forecasts.sampling import Design
from forecasts.sensitivity import planner_of


def options(seed):
    """Five sites of two sizes; larger ones cost, connect and order more."""
    random = np.random.default_rng(seed)
    rows = list(product(range(5), range(2)))
    scale = np.array([(size + 1) * random.uniform(50e6, 200e6) for _, size in rows])
    npv = scale * (random.normal(0.2, 0.2, 10) + 0.3 * random.normal(0, 1, (40, 10)))
    year = random.integers(0, 3, 10)
    capex = np.where(np.arange(3) == year[:, None], scale[:, None], 0.0)
    return Options(
        tuple(f"site {site}" for site, _ in rows),
        tuple(f"size {size}" for _, size in rows),
        ("as registered",) * 10,
        npv,
        capex,
        np.round(capex / 4e6),
        np.round(capex / 1.5e6),
    )


def best_of_all(found, limits):
    rows = [[None, 2 * site, 2 * site + 1] for site in range(5)]
    every = ([one for one in picked if one is not None] for picked in product(*rows))
    return max(
        float(found.npv_usd[:, own].mean(axis=0).sum())
        for own in every
        if within(found, limits, own)
    )


LIMITS = Limits((150e6, 200e6), grid_mw=45.0, racks=120.0)
WIDE = Limits((1e9,), grid_mw=45.0, racks=1e9)


@pytest.mark.parametrize("limits", [LIMITS, WIDE], ids=["all", "grid"])
@pytest.mark.parametrize("seed", [0, 3, 4])
def test_each_limit_is_worth_what_trying_every_programme_says(seed, limits):
    own = options(seed)
    best = choose_programme(own, limits)
    found = binding(own, limits, best)
    assert found.without_any_usd == pytest.approx(best_of_all(own, Limits()) - best.mean_usd, abs=2)
    assert {one.name for one in found.limits} == set(UNIT)
    for one in found.limits:
        for step in (one.unit, one.lifted):
            wanted = best_of_all(own, raised(limits, one.name, step.more)) - best.mean_usd
            assert step.gain_usd == pytest.approx(wanted, abs=500)
        assert one.binds == (one.lifted.gain_usd > 0)
        assert one.alone_usd <= found.without_any_usd + 1
        if one.smallest is None:
            continue
        more = one.smallest.more
        assert one.smallest.gain_usd > 0
        enough = best_of_all(own, raised(limits, one.name, more))
        too_little = best_of_all(own, raised(limits, one.name, more * 0.999))
        assert enough == pytest.approx(best.mean_usd + one.smallest.gain_usd, abs=500)
        assert too_little == pytest.approx(best.mean_usd, abs=500)


def test_limits_bind_alone_or_only_together_and_their_use_is_told():
    together = options(0)
    found = binding(together, LIMITS, choose_programme(together, LIMITS))
    assert not any(one.binds for one in found.limits)
    assert found.without_any_usd > 0
    assert found.limits[1].alone_usd > 0
    own = options(3)
    best = choose_programme(own, LIMITS)
    found = binding(own, LIMITS, best)
    assert [one.binds for one in found.limits] == [True, False, False]
    spent = own.capex_usd[list(best.chosen)].sum(axis=0)
    assert found.limits[0].used == pytest.approx(tuple(spent))
    assert found.limits[0].stated == (150e6, 200e6, 200e6)


def test_what_is_not_limited_has_no_price():
    own = options(1)
    found = binding(own, Limits(), choose_programme(own, Limits()))
    assert found.without_any_usd == 0
    assert all(one.unit is one.smallest is one.lifted is None for one in found.limits)
    assert not any(one.binds for one in found.limits)


@pytest.fixture(scope="module")
def planner():
    wanted = preset("accelerated").having(
        factories=("malaysia", "romania", "uae"),
        phases={"romania": (EnteredPhase(decision="2027-06-01", racks=32),)},
    )
    return planner_of(wanted, bundled())


@pytest.fixture(scope="module")
def real(planner):
    variants = tuple(Variant(size, later) for later in (0, 24) for size in ("first phase", "half"))
    return options_of(planner, Design(64), variants=variants)


def test_phases_that_a_scenario_enters_are_one_option(real):
    own = [row for row, site in enumerate(real.site) if site == "romania"]
    assert len(own) == 1
    assert real.start[own[0]] == ENTERED


def test_a_programme_written_into_a_scenario_builds_what_was_chosen(planner, real):
    def row(site, size, start):
        told = list(zip(real.site, real.size, real.start, strict=True))
        return told.index((site, size, start))

    romania = real.site.index("romania")
    chosen = [row("malaysia", "half", start_label(24)), romania]
    wanted = with_programme(planner.plan, real, chosen)
    assert wanted.factories == ("malaysia", "romania")
    assert wanted.phases == planner.plan.scenario.phases
    again = options_of(
        replace(planner, plan=planner_of(wanted, bundled()).plan),
        Design(64),
        variants=(Variant("all phases", 0),),
    )
    for name in ("capex_usd", "grid_mw", "racks"):
        np.testing.assert_array_equal(getattr(again, name), getattr(real, name)[chosen])


def test_a_programme_of_nothing_is_no_scenario(planner, real):
    with pytest.raises(ValueError, match="at least one factory"):
        with_programme(planner.plan, real, [])
