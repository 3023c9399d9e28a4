"""Stated projects: strict reading, laws that hold for any project, and each convention."""

import copy
import json
from pathlib import Path

import numpy as np
import numpy_financial
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from data.problems import RefusedError
from forecasts.stated import stated_projection
from forecasts.stated_reference import blocks, reference
from forecasts.stated_schema import StatedFile

ROOT = Path(__file__).parent.parent.parent
SIMPLE = {
    "timeline": {"period": "year", "periods": 5},
    "conventions": {"discount_rate": 0.10, "operating_flows": "end"},
    "capacity": {"kw_per_gpu": 1.5, "phases": {"one": {"gpus": 1000}}},
    "use": {"utilisation": 0.75},
    "capex": {"gpu": {"usd": 30000, "per": "gpu", "life_years": 5, "residual": {"share": 0.1}}},
    "opex": {"hosting": {"usd": 1000, "per": "gpu", "every": "year"}},
    "revenue": {"hours": {"usd": 2.0, "per": "gpu_hour"}},
}


def stated(**changes) -> dict:
    """One project with blocks replaced; dotted keys reach inside."""
    project = copy.deepcopy(SIMPLE)
    for key, new in changes.items():
        *path, last = key.split("__")
        block = project
        for part in path:
            block = block.setdefault(part, {})
        block[last] = new
    source = {"publisher": "nobody"}
    return {"kind": "stated", "name": "test", "source": source, "projects": {"base": project}}


def returns(file: dict) -> dict:
    result = stated_projection(file, "test.yaml")
    return {name: one["value"] for name, one in result["factories"][0]["returns"].items()}


def levels(file: dict) -> dict[str, str]:
    return {one["name"]: one["level"] for one in stated_projection(file, "test.yaml")["checks"]}


def refused(file: object) -> list[str]:
    with pytest.raises(RefusedError) as caught:
        stated_projection(file, "test.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_every_mistake_of_a_file_is_named_at_once():
    problems = refused(
        stated(
            capex__gpu={"usd": -5, "per": "gpus", "resdual": {"share": 0.1}},
            use={"utilisation": 71},
            opex__hosting={"usd": "1 million", "every": "year"},
            conventions__discount_rate="ten",
        )
    )
    text = "\n".join(problems)
    assert len(problems) == 6
    assert "test.yaml: projects.base.capex.gpu.resdual: got an unknown key" in text
    assert "did you mean 'residual'?" in text
    assert "projects.base.capex.gpu.usd: got -5" in text
    assert "did you mean 'gpu'?" in text
    assert "write shares as fractions: 0.71 for 71 %" in text
    assert "projects.base.opex.hosting.usd: got '1 million', expected a valid number (USD)" in text
    assert "projects.base.conventions.discount_rate: got 'ten'" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"capexx": {}}, "did you mean 'capex'?"),
        ({"capex__gpu__usd": "1e6"}, "write it without quotes"),
        ({"capex__gpu__usd": True}, "a valid number"),
        ({"capex__gpu__usd": float("inf")}, "a finite number"),
        (
            {"power": {"sources": {"grid": {"usd_per_kwh": 88}}}},
            "less than or equal to 5 (USD/kWh)",
        ),
        ({"power": {"sources": {"grid": {"usd_per_kw": 88}}}}, "did you mean 'usd_per_kwh'?"),
        ({"power": {"sources": {"grid": {}}}}, "one of usd_per_mwh, usd_per_kwh"),
        ({"timeline": {"period": "year"}}, "Number of periods"),
        ({"timeline__period": "annual"}, "one of day, month, quarter, year"),
        ({"opex__hosting__every": None}, "needs `every`"),
        ({"revenue__hours__every": "year"}, "only for amounts per thing that stands"),
        ({"opex__hosting__phases": ["oen"]}, "did you mean 'one'?"),
        (
            {"opex__fee": {"share": 0.1, "of": "revenue", "lines": ["hour"]}},
            "did you mean 'hours'?",
        ),
        ({"capex__land": {"usd": 5, "per": "acre"}}, "land_acres in capacity"),
        ({"revenue__t": {"usd": 5, "per": "million_tokens"}}, "a tokens block"),
        ({"capacity": {"phases": {"one": {"it_mw": 5}}}}, "gpus of every phase"),
        ({"capacity__phases__one__live_month": 6}, "use a multiple of 12"),
        ({"capacity__phases__one__live_month": 60}, "lengthen the timeline"),
        ({"expected": {"lcof": {"value": 3}}}, "did you mean 'lcoc'?"),
        ({"expected": {"lcoc": {"value": 3, "unit": "USD"}}}, "'USD_per_gpu_hour'"),
        ({"expected": {"lcoc": {}}}, "a value or a status"),
        ({"like": "bse"}, "a project further up"),
        ({"alternatives": {"rent": {"project": "other"}}}, "a project"),
        ({"alternatives": {"rent": {}}}, "no price"),
        (
            {"finance": {"loans": {"a": {"rate": 0.1, "tenor_months": 120}}}},
            "repayment before the end",
        ),
        (
            {
                "finance": {
                    "loans": {"a": {"rate": 0.1, "tenor_months": 24, "repayment": "sculpted"}}
                }
            },
            "a cover to sculpt to",
        ),
    ],
)
def test_a_mistake_is_named_with_what_to_do(changes, said):
    problems = refused(stated(**changes))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize("file", [None, [], "text", {}, {"kind": "stated", "projects": []}])
def test_what_is_no_such_file_is_refused(file):
    assert refused(file)


def test_a_mistake_that_others_inherit_is_named_once():
    file = stated(use={"utilisation": 2})
    file["projects"]["other"] = {"like": "base"}
    assert len(refused(file)) == 1


def test_a_project_like_another_differs_only_in_what_is_written():
    file = stated(expected={"gpus": {"value": 1000}})
    file["projects"]["other"] = {
        "like": "base",
        "use": {"utilisation": 0.5},
        "opex": {"hosting": None},
    }
    base, other = stated_projection(file, "test.yaml")["factories"]
    assert other["returns"]["total_opex"]["value"] == 0
    assert other["returns"]["total_revenue"]["value"] == 1000 * 8760 * 5 * 0.5 * 2.0
    assert base["published"]
    assert other["published"] == []


def test_npv_irr_and_payback_agree_with_a_spreadsheet():
    yearly = 1000 * 8760 * 0.75 * 2.0 - 1_000_000
    flows = [-30e6, *[yearly] * 4, yearly + 3e6]
    found = returns(stated())
    assert found["npv"] == pytest.approx(numpy_financial.npv(0.10, flows), rel=1e-12)
    assert found["irr"] == pytest.approx(numpy_financial.irr(flows), rel=1e-9)
    assert found["payback"] == pytest.approx(30e6 / yearly, rel=1e-12)
    assert found["moic"] == pytest.approx((5 * yearly + 3e6) / 30e6)
    assert found["tco_simple"] == pytest.approx((27e6 / 5 + 1e6) / (8.76e6 * 0.75))


@pytest.mark.parametrize(("when", "shift"), [("start", 0.0), ("mid", 0.5), ("end", 1.0)])
def test_flows_come_at_the_start_middle_or_end_of_a_period(when, shift):
    found = returns(stated(conventions__operating_flows=when))
    yearly = 1000 * 8760 * 0.75 * 2.0 - 1_000_000
    worth = sum(yearly / 1.1 ** (year + shift) for year in range(5)) + 3e6 / 1.1 ** (4 + shift)
    assert found["npv"] == pytest.approx(worth - 30e6, rel=1e-12)
    times = np.array([0.0, *(np.arange(5) + shift), 4 + shift])
    flows = np.array([-30e6, *[yearly] * 5, 3e6])
    assert abs((flows * (1 + found["irr"]) ** -times).sum()) < 1e-3


@pytest.mark.parametrize(
    ("compounding", "factor"),
    [
        ("effective", lambda month: 1.1 ** (-month / 12)),
        ("nominal", lambda month: (1 + 0.1 / 12) ** -month),
        ("yearly_steps", lambda month: 1.1 ** -(month // 12)),
    ],
)
def test_a_yearly_rate_becomes_monthly_in_each_way(compounding, factor):
    conventions = {"discount_rate": 0.1, "compounding": compounding}
    timeline = {"period": "month", "periods": 24}
    found = returns(stated(timeline=timeline, conventions=conventions))
    hours = 1000 * 730 * 0.75
    worth = sum(hours * factor(month) for month in range(24))
    assert found["pv_gpu_hours"] == pytest.approx(worth, rel=1e-12)


def test_hours_of_a_year_are_an_input():
    assert (
        returns(stated(conventions__hours_per_year=8640))["total_gpu_hours"]
        == 1000 * 8640 * 0.75 * 5
    )


def test_idle_hardware_draws_its_share():
    power = {"billed_on": "used", "idle_share": 0.3, "sources": {"grid": {"usd_per_mwh": 50}}}
    found = returns(stated(power=power))
    assert found["total_power"] == pytest.approx(1.5 * (0.3 + 0.7 * 0.75) * 8760 * 50 * 5)


def test_the_cheapest_source_serves_first_and_a_gap_is_told():
    sources = {
        "dear": {"usd_per_mwh": 90, "capacity_mw": 0.6},
        "cheap": {"usd_per_mwh": 40, "capacity_mw": 0.5},
    }
    file = stated(power={"sources": sources})
    assert returns(file)["total_power"] == pytest.approx((0.5 * 40 + 0.6 * 90) * 8760 * 5)
    assert levels(file)["power is short"] == "warning"
    listed = returns(stated(power={"sources": sources, "dispatch": "listed"}))
    assert listed["power.dear"] == pytest.approx(0.6 * 90 * 8760 * 5)


@pytest.mark.parametrize(
    ("residual", "share"),
    [
        ({"share": 0.25}, 0.25),
        ({"curve": [0.8, 0.6, 0.4]}, 0.4),
        ({"curve": [0.8, 0.6, 0.5, 0.4, 0.3]}, 0.3),
        ({"straight_line_months": 120}, 0.5),
        ({"straight_line_months": 120, "floor_share": 0.2}, 0.6),
        ({"straight_line_months": 24}, 0.0),
        ({"yearly_decline": 0.2}, 0.8**5),
    ],
)
def test_each_form_of_residual(residual, share):
    found = returns(stated(capex__gpu__residual=residual))
    assert found["total_terminal"] == pytest.approx(30e6 * share)


def test_a_refresh_is_bought_at_its_price_and_the_old_one_sold():
    gpu = {"usd": 30000, "per": "gpu", "repeat_months": 24, "yearly_change": -0.1}
    gpu["residual"] = {"yearly_decline": 0.5}
    found = returns(stated(capex={"gpu": gpu}))
    second, third = 30e6 * 0.9**2, 30e6 * 0.9**4
    assert found["total_capex"] == 30e6
    assert found["total_refresh"] == pytest.approx(second + third)
    assert found["total_terminal"] == pytest.approx(0.25 * (30e6 + second) + 0.5 * third)


def test_capex_is_spread_and_its_share_follows():
    capex = {
        "plant": {"usd": 9e6, "spread_months": 36},
        "works": {"usd": 1e6, "spread_shares": [0.2, 0.8]},
        "contingency": {"share": 0.1, "lines": ["plant"]},
    }
    result = stated_projection(stated(capex=capex), "test.yaml")
    paid = [-row["capex_usd"] for row in result["factories"][0]["annual"]]
    assert paid == pytest.approx([3.5e6, 4.1e6, 3.3e6, 0, 0])


def test_tax_waits_for_losses_and_depreciation():
    file = stated(
        timeline={"period": "year", "periods": 3},
        capex={"plant": {"usd": 900, "tax_life_years": 3}},
        opex={},
        revenue={"cash": {"amounts_usd": [200, 500, 500]}},
        tax={"rate": 0.25},
    )
    rows = stated_projection(file, "test.yaml")["factories"][0]["annual"]
    assert [row["tax_usd"] for row in rows] == pytest.approx([0, -25, -50])


def test_sales_can_be_limited_by_demand():
    demand = {"points": [{"month": 0, "mw": 0.75}, {"month": 24, "mw": 1.5}]}
    use = {"utilisation": 1.0, "limited_by_demand": True}
    found = returns(stated(demand=demand, use=use))
    assert found["total_gpu_hours"] == pytest.approx(8.76e6 * (0.5 + 0.75 + 3))
    assert found["demand_captured"] == pytest.approx(1.0)


def test_break_even_price_and_use_make_npv_zero():
    found = returns(stated())
    even = returns(stated(revenue={"hours": {"usd": found["break_even_price"], "per": "gpu_hour"}}))
    assert abs(even["npv"]) < 1e-6
    even = returns(stated(use={"utilisation": found["break_even_utilisation"]}))
    assert abs(even["npv"]) < 1e-6


def test_published_figures_that_do_not_follow_are_warned_of_with_a_cause():
    file = stated(expected={"total_revenue": {"value": 1000 * 8760 * 5 * 2.0, "relative": 0.001}})
    said = stated_projection(file, "test.yaml")["checks"]
    message = next(one for one in said if one["name"] == "published total_revenue")
    assert message["level"] == "warning"
    assert "utilisation (0.75) were left out" in message["message"]


def test_a_repository_without_a_commit_is_warned_of():
    file = stated()
    file["source"]["url"] = "https://github.com/someone/model"
    assert levels(file)["source version"] == "warning"
    file["source"]["commit"] = "0123abc"
    assert "source version" not in levels(file)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"exit": {"cap_rate": 0.06}}, "value counted twice"),
        ({"timeline__periods": 8}, "used beyond its life"),
        ({"capacity__kw_per_gpu": 1500}, "power of a GPU"),
        ({"power": {"sources": {"g": {"usd_per_mwh": 0.08}}}}, "power price"),
        ({"conventions__irr_quoted": "nominal"}, "nominal IRR"),
        ({"revenue__hours__usd": 0.2}, "price below LCOC"),
        ({"use__utilisation": 0.5, "revenue__hours__usd": 0.9}, "no break-even"),
        ({"capex__late": {"usd": 5, "paid": "month", "month": 60}}, "paid after the end"),
    ],
)
def test_a_trap_is_warned_of(changes, name):
    assert levels(stated(**changes)).get(name) == "warning"
    assert name not in levels(stated())


amounts = st.floats(1e3, 1e6)


@settings(max_examples=40, deadline=None)
@given(price=amounts, running=amounts, use=st.floats(0.1, 1.0), scale=st.floats(0.5, 20.0))
def test_scaling_all_money_scales_npv_and_leaves_irr(price, running, use, scale):
    def found(factor: float) -> dict:
        return returns(
            stated(
                capex={"gpu": {"usd": price * factor, "per": "gpu", "residual": {"share": 0.2}}},
                opex={"all": {"usd": running * factor, "every": "year"}},
                revenue={"hours": {"usd": 3.0 * factor, "per": "gpu_hour"}},
                use={"utilisation": use},
            )
        )

    one, more = found(1.0), found(scale)
    assert more["npv"] == pytest.approx(one["npv"] * scale, rel=1e-9, abs=1e-3)
    assert more["lcoc"] == pytest.approx(one["lcoc"] * scale, rel=1e-9)
    assert (one["irr"] is None) == (more["irr"] is None)
    if one["irr"] is not None:
        assert more["irr"] == pytest.approx(one["irr"], rel=1e-7, abs=1e-9)


def test_every_key_is_explained_and_the_reference_is_up_to_date():
    for block in blocks(StatedFile):
        for name, field in block.model_fields.items():
            assert (field.description or "").endswith("."), f"{block.__name__}.{name}"
    page = (ROOT / "docs" / "stated-projects.md").read_text("utf-8")
    assert reference() in page, "renew the reference: see forecasts/stated_reference.py"


def test_every_figure_is_defined_on_the_page():
    page = (ROOT / "docs" / "stated-projects.md").read_text("utf-8")
    for path in sorted((ROOT / "scenarios" / "replications").glob("*.yaml")):
        result = stated_projection(yaml.safe_load(path.read_text("utf-8")), path.name)
        for name in {name for one in result["factories"] for name in one["returns"]}:
            first, _, rest = name.partition(".")
            last = f".{rest.rpartition('.')[2]}`"
            known = (f"`{name}`", f"`{first}.", last)
            assert any(form in page for form in known), f"{name} is not defined"


def keys_of(value: object, before: tuple = ()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*before, key)
            yield from keys_of(inner, (*before, key))


@pytest.mark.parametrize("name", ["rc-01", "rc-14", "example-token", "example-cloud"])
def test_a_file_with_a_key_missing_is_computed_or_refused(name):
    (path,) = (ROOT / "scenarios" / "replications").glob(f"{name}*.yaml")
    whole = yaml.safe_load(path.read_text("utf-8"))
    for keys in list(keys_of(whole)):
        file = copy.deepcopy(whole)
        block = file
        for key in keys[:-1]:
            block = block[key]
        del block[keys[-1]]
        try:
            json.dumps(stated_projection(file, "test.yaml"), allow_nan=False)
        except RefusedError:
            continue


def test_the_example_of_the_page_runs():
    page = (ROOT / "docs" / "stated-projects.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    result = stated_projection(yaml.safe_load(example), "page")
    assert all(row["agrees"] for row in result["factories"][0]["published"])
