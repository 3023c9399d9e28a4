"""Changes against a scenario: found, applied and written in a link without loss."""

import numpy as np
import pytest
from annotated_types import Gt
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.changes import applied, between, read, text_of, told
from data.catalog import bundled
from forecasts.presets import PRESETS, preset
from forecasts.scenario import QUANTITIES, TOGETHER, Scenario

BOUND = {name for names in TOGETHER for name in names}
FREE = [name for name, one in QUANTITIES.items() if name not in BOUND and np.isfinite(one.high)]
SITES = sorted(set(bundled().tables["factories"]["factory"]))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    def value(name: str) -> float:
        one = QUANTITIES[name]
        if one.whole:
            return draw(st.integers(int(np.ceil(one.low)), int(min(one.high, 500))))
        above = any(isinstance(bound, Gt) for bound in Scenario.model_fields[name].metadata)
        return draw(st.floats(one.low, one.high, exclude_min=above))

    whole = {name: value(name) for name in draw(st.lists(st.sampled_from(FREE), max_size=5))}
    sites = {
        site: {name: value(name) for name in draw(st.lists(st.sampled_from(FREE), max_size=3))}
        for site in draw(st.lists(st.sampled_from(SITES), max_size=2))
    }
    phase = {"decision": "2027-06-01", "racks": draw(st.integers(1, 500))}
    models = st.sampled_from([{}, {"rack_model": "vr_nvl72"}, {"energised": "2029-03-01"}])
    return preset(draw(st.sampled_from(list(PRESETS)))).having(
        **whole,
        sites={site: own for site, own in sites.items() if own},
        phases={
            site: (phase | draw(models), phase | {"decision": "2028-06-01"})
            for site in draw(st.lists(st.sampled_from(SITES), max_size=2))
        },
        months=draw(st.integers(24, 480)),
        factories=tuple(sorted(set(draw(st.lists(st.sampled_from(SITES), max_size=3))))),
    )


@settings(max_examples=60, deadline=None)
@given(scenarios(), st.sampled_from(list(PRESETS)))
def test_a_link_restores_any_scenario_exactly(wanted: Scenario, parent: str) -> None:
    changes = between(preset(parent), wanted)
    assert applied(preset(parent), changes).hash == wanted.hash
    written = {name: text_of(value) for name, value in changes.items()}
    found, left = read(written, preset(parent), bundled())
    assert not left
    assert applied(preset(parent), found).hash == wanted.hash
    assert all(all(parts) for parts in told(changes, preset(parent)))


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("atlantis.pue", "1.2", "no such factory"),
        ("romania.colour", "1", "not an assumption"),
        ("romania.phases", "soon", "cannot be read"),
        ("romania.phases", "2027-06~0", "does not fit"),
        ("romania.phases", "2027-06~8~~warp_drive", "does not fit"),
        ("months", "9999", "does not fit"),
        ("factories", "atlantis", "does not fit"),
        ("factories", "oman,uae,oman", "Factories: 'oman' a second time; name it once"),
        ("romania.pue", "9", "outside 1 to 3"),
        ("romania.useful_share", "0", "outside above 0 up to 100"),
        ("pue", "nan", "outside"),
        ("gpu_hour_price", "data", "not a number"),
        ("start", "later", "cannot be read"),
        ("<b>x</b>", "1", "not an assumption"),
    ],
)
def test_a_part_that_cannot_be_used_is_named_and_the_rest_holds(
    key: str, text: str, said: str
) -> None:
    found, left = read({key: text, "grid_delay_months": "6"}, preset("base"), bundled())
    assert found == {"grid_delay_months": 6}
    assert len(left) == 1
    assert said in left[0]


def test_values_that_only_fit_together_are_taken_together() -> None:
    together = {"electrical_cost_share": "0.1", "shell_cost_share": "0.85"}
    found, left = read(together, preset("base"), bundled())
    assert not left
    assert set(found) == set(together)


def test_every_whole_number_is_known_as_one() -> None:
    fields = type(preset("base")).model_fields
    whole = {name for name in QUANTITIES if fields[name].annotation is int}
    assert whole
    assert all(QUANTITIES[name].whole for name in whole)
