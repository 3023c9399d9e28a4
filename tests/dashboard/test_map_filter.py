"""The map of the overview shows what its filter lets through, and nothing else moves."""

import pytest
from app_visits import figures, opened
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.drawn_map import map_drawing
from dashboard.charts.map_filter import (
    REGIONS,
    WAVES,
    MapFilter,
    first_year,
    read_filter,
    rows_shown,
    years,
)
from dashboard.charts.sitemap import STATES, largest_site, map_words, site_map_table, state_of
from dashboard.charts.study import study
from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def own():
    return study(run(preset("accelerated"), bundled()))


def names(own, asked):
    return {own.sites[row].key for row in rows_shown(own, asked)}


def test_each_filter_shows_what_it_says(own):
    assert names(own, MapFilter(wave="first")) == {"malaysia", "belgium", "romania"}
    assert len(names(own, MapFilter(wave="candidates"))) == 9
    assert names(own, MapFilter(region="Europe")) == {"belgium", "romania"}
    assert names(own, MapFilter(wave="candidates", region="Europe")) == set()
    for pays in STATES:
        for row in rows_shown(own, MapFilter(pays=pays)):
            assert state_of(own, row) == pays
    first = years(own)[0]
    early = rows_shown(own, MapFilter(live=first))
    assert early
    assert all(first_year(own, row) == int(first) for row in early)
    assert len(rows_shown(own, MapFilter(live="2090"))) == len(own.sites)
    assert rows_shown(own, MapFilter()) == list(range(len(own.sites)))
    assert names(own, MapFilter(region="Asia Pacific")) == {"malaysia"}


def test_every_country_of_the_register_has_a_region(own):
    members = [one for countries in REGIONS.values() for one in countries]
    assert {site.iso3 for site in own.sites} <= set(members)
    assert len(members) == len(set(members))


def test_a_first_sale_falls_into_the_year_of_its_month(own):
    row = next(n for n, site in enumerate(own.sites) if site.key == "malaysia")
    live = own.result.phases[row][0].live
    assert first_year(own, row) == 2027 + live // 12


def test_map_table_and_words_follow_the_filter(own):
    rows = rows_shown(own, MapFilter(region="Europe"))
    drawn = map_drawing(own, map_words(own, rows), str, 168, rows)
    assert drawn.count("<a ") == 2
    assert "Belgium" in drawn
    assert "Malaysia" not in drawn
    assert site_map_table(own, rows)["Factory"].tolist() == ["Belgium", "Romania"]
    assert largest_site(own, rows).startswith("Belgium is the largest of 2 shown: ")
    assert largest_site(own, range(12)) == largest_site(own)
    assert largest_site(own, []) == "No factory fits the filter of this map"
    assert map_drawing(own, map_words(own, []), str, 168, []).count("<a ") == 0
    assert map_drawing(own, "", str, 168) == map_drawing(own, "", str, 168, range(12))


def test_where_nothing_is_built_no_year_is_offered():
    bare = study(run(Scenario(factories=("uae",), site_capacity_mw=0.0), bundled()))
    assert years(bare) == []
    assert rows_shown(bare, MapFilter(live="2040")) == []


@given(
    st.builds(
        MapFilter,
        wave=st.sampled_from(["", *WAVES]),
        region=st.sampled_from(["", *REGIONS]),
        pays=st.sampled_from(["", *STATES]),
        live=st.sampled_from(["", "2028", "2031"]),
    )
)
def test_a_filter_is_read_back_from_a_link(asked):
    assert read_filter(asked.text()) == asked


@given(st.text(max_size=40))
def test_any_text_of_a_link_is_some_filter(text):
    assert read_filter(read_filter(text).text()) == read_filter(text)


def test_a_link_brings_the_filter_and_figures_stay():
    plain, filtered = opened("overview"), opened("overview", map="region~Europe,pays~nonsense")
    assert figures(plain) == figures(filtered)
    drawn = "".join(str(one.proto.body) for one in filtered.get("html"))
    assert "Belgium is the largest of 2 shown" in drawn
