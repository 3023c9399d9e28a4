"""A plan holds what the scenario states, and else what the tables say of each factory."""

import datetime as dt

import numpy as np
import pytest

from data.problems import RefusedError
from data.schemas import DATASETS
from forecasts.plan import compile_plan
from forecasts.presets import PRESETS, preset
from forecasts.scenario import QUANTITIES, Scenario


def differing(plan, catalog):
    """Places at which a plan holds another number than the one stated or tabled."""
    scenario = plan.scenario
    for row, site in enumerate(plan.sites):
        for name, quantity in QUANTITIES.items():
            expected = scenario.sites.get(site.key, {}).get(name, getattr(scenario, name))
            tabled = expected is None
            if tabled:
                read = quantity.from_data
                key = {"iso3": site.iso3} if read.table == "sites" else {"factory": site.key}
                found = catalog.number(read.table, parameter=read.parameter, **key)
                expected = found * read.scale
            if plan.quantities[name][row] != expected or ((site.key, name) in plan.facts) != tabled:
                yield site.key, name


def test_every_quantity_is_the_one_stated_or_the_factory_s_row(catalog):
    own = {"romania": {"grid_lead_months": 40, "pue": 1.3}, "qatar": {"gpu_hour_price": 7.0}}
    cases = [preset(name) for name in PRESETS]
    cases += [Scenario(sites=own), Scenario(pue=1.2), Scenario(factories=("uae", "belgium"))]
    for scenario in cases:
        assert not list(differing(compile_plan(scenario, catalog), catalog))


def test_plans_share_no_quantities(catalog):
    first, second = compile_plan(Scenario(), catalog), compile_plan(Scenario(), catalog)
    first.quantities["pue"] = 1.9
    assert second.quantities["pue"].max() < 1.9
    assert first.having(pue=np.float64(1.2)).quantities["pue"].max() == 1.2


def test_each_factory_has_its_own_roadmap_as_rows(catalog):
    own = {"malaysia": {"generation_months": 12}, "egypt": {"generation_months": 60}}
    plan = compile_plan(Scenario(sites=own, months=240), catalog)
    lengths = [len(generations) for generations in plan.generations]
    assert lengths[1] > lengths[0] > lengths[3] < lengths[4] == lengths[0] == lengths[-1]
    for generations, rows in zip(plan.generations, plan.roadmap, strict=True):
        assert rows["on_sale"].tolist() == [True] * len(generations) + [False] * (
            max(lengths) - len(generations)
        )
        launches = [one.launch_month for one in generations]
        assert rows["launch"][: len(generations)].tolist() == launches
        assert not rows["kw"][len(generations) :].any()


def test_a_factory_named_twice_is_refused_however_the_scenario_was_made(catalog):
    with pytest.raises(RefusedError, match="'uae' a second time") as refused:
        compile_plan(Scenario(factories=("uae", "oman", "uae")), catalog)
    assert len(refused.value.problems) == 1


FROM_DATA = {name: one for name, one in QUANTITIES.items() if one.from_data is not None}


@pytest.mark.parametrize("name", FROM_DATA)
def test_what_a_table_may_hold_is_what_a_scenario_may_state(name, catalog):
    quantity, read = FROM_DATA[name], FROM_DATA[name].from_data
    rule = DATASETS[read.table].rules.get(read.parameter)
    assert rule is not None, f"{read.parameter} of table {read.table} has no limits in schemas.py"
    for end in (rule.low, rule.high):
        assert quantity.within(end * read.scale), (
            f"table {read.table} takes {read.parameter} of {end:g} {rule.unit}, "
            f"a scenario refuses it: {quantity.limits}"
        )
    held = catalog.tables[read.table]
    own = held[held["parameter"] == read.parameter]
    assert own["value"].between(rule.low, rule.high).all()


def test_the_assumptions_of_the_tables_lie_within_what_a_scenario_may_state(catalog):
    rows = catalog.tables["assumptions"].dropna(subset="value").set_index("quantity")
    rows = rows[rows.index.isin(list(QUANTITIES))]
    assert len(rows) > 60
    for name, row in rows.iterrows():
        for end in ("value", "low", "high"):
            assert np.isnan(row[end]) or QUANTITIES[name].within(row[end]), (name, end, row[end])


def test_as_many_phases_may_be_entered_as_planned():
    entered = Scenario.model_json_schema()["properties"]["phases"]["additionalProperties"]
    assert entered["maxItems"] == QUANTITIES["max_phases"].high
    assert entered["maxItems"] == DATASETS["factories"].rules["max_phases"].high


def test_any_day_of_a_month_starts_the_model_in_that_month() -> None:
    within = Scenario(start=dt.date(2027, 2, 15))
    assert within.start == dt.date(2027, 2, 1)
    assert within.hash == Scenario(start=dt.date(2027, 2, 1)).hash != Scenario().hash
    with pytest.raises(ValueError, match="start"):
        Scenario(start=dt.date(2025, 12, 31))
