"""Capacity adds up from countries to the world, and small countries are not moved by continents."""

import numpy as np
import pytest

from data.catalog import bundled
from data.schemas import COUNTRIES
from forecasts.coherence import REGIONS, WORLD, capacity_coherence
from forecasts.outlook import outlook


@pytest.fixture(scope="module")
def found():
    return capacity_coherence(bundled(), outlook(bundled()), 2028)


def test_children_sum_to_their_parent(found):
    table = found.table.set_index("node")
    for parent in (WORLD, *REGIONS):
        children = table[table["parent"] == parent]["coherent_mw"].sum()
        assert children == pytest.approx(table.loc[parent, "coherent_mw"], rel=1e-9)


def test_base_forecasts_do_not_add_up_by_construction(found):
    assert abs(found.gap) > 1e-3
    table = found.table.set_index("node")
    moved = table.loc[list(COUNTRIES.values()), "moved"].abs()
    assert 0 < moved.max() < 0.5
    assert (table["coherent_mw"] > 0).all()


def test_every_country_of_ours_is_in_one_region(found):
    named = [iso3 for _, _, countries in REGIONS.values() for iso3 in countries]
    assert sorted(named) == sorted(COUNTRIES)
    assert set(COUNTRIES.values()) <= set(found.table["node"])


def test_the_country_is_its_own_forecast(found):
    known = outlook(bundled())
    history, forecast = known.histories["capacity_MYS"], known.forecasts["capacity_MYS"]
    ends = np.concatenate([history.ends, known.future_ends("capacity_MYS")])
    whole = np.concatenate([history.values, forecast.mean])
    stated = found.table.set_index("node").loc["Malaysia", "base_mw"]
    assert stated == pytest.approx(np.interp(12 * 2028 + 11, ends, whole))


def test_a_year_beyond_the_forecasts_is_refused():
    with pytest.raises(ValueError, match="2060 lies beyond"):
        capacity_coherence(bundled(), outlook(bundled()), 2060)
