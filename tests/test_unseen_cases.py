"""Projects stated as published calculators state them, each beside a plain calculation by hand."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from data.problems import RefusedError
from forecasts.metrics import irr
from forecasts.stated import stated_projection

HOURS = 8760


def solved(**project) -> dict:
    """Returns and warnings of one project."""
    file = {"kind": "stated", "name": "case", "projects": {"base": project}}
    result = stated_projection(json.loads(json.dumps(file)), "case.yaml")
    json.dumps(result, allow_nan=False)
    assert not [one for one in result["checks"] if one["level"] == "failed"]
    (made,) = result["factories"]
    figures = {name: one["value"] for name, one in made["returns"].items()}
    said = {one["name"]: one["message"] for one in result["checks"] if one["level"] == "warning"}
    return {"figures": figures, "said": said, "returns": made["returns"], "made": made}


def near(value, rel=1e-10):
    return pytest.approx(value, rel=rel, abs=1e-9)


def worth(flows, rate):
    return sum(flow / (1 + rate) ** time for time, flow in enumerate(flows))


def test_two_halls_let_with_free_rent_and_sold_at_a_multiple():
    found = solved(
        timeline={"period": "month", "periods": 60},
        conventions={"discount_rate": 0.12, "compounding": "nominal", "operating_flows": "end"},
        capacity={
            "pue": 1.3,
            "phases": {
                "a": {"it_mw": 4, "construction_month": 0, "live_month": 12, "capex_premium": 0.1},
                "b": {"it_mw": 6, "construction_month": 12, "live_month": 24},
            },
        },
        capex={
            "build": {
                "usd": 9e6,
                "per": "it_mw",
                "paid": "construction",
                "premium": True,
                "spread_shares": [0.2, 0.3, 0.5],
            }
        },
        opex={
            "staff": {
                "usd": 90_000.0,
                "per": "it_mw",
                "every": "year",
                "yearly_change": 0.03,
                "change_step": "yearly",
                "change_from": "first_live",
            }
        },
        revenue={
            "rent": {
                "usd": 150.0,
                "per": "it_kw",
                "every": "month",
                "vacancy": 0.08,
                "delay_months": 3,
                "yearly_change": 0.025,
                "change_step": "yearly",
                "change_from": "live",
            }
        },
        exit={"multiple": 14.0, "income": "last_year", "cost_share": 0.02},
    )["figures"]
    capital, running = [0.0] * 61, [0.0] * 61
    for mw, start, live, premium in ((4, 0, 12, 1.1), (6, 12, 24, 1.0)):
        for turn, share in enumerate((0.2, 0.3, 0.5)):
            capital[start + turn] -= 9e6 * mw * premium * share
        for month in range(live, 60):
            if month >= live + 3:
                years = (month - live) // 12
                running[month] += 150 * mw * 1000 * 0.92 * 1.025**years
            running[month] -= 90_000 * mw / 12 * 1.03 ** ((month - 12) // 12)
    sale = sum(running[48:60]) * 14 * 0.98
    net = worth(capital, 0.01) + (worth(running, 0.01) + sale / 1.01**59) / 1.01
    assert found["npv"] == near(net)
    assert found["total_terminal"] == near(sale)
    flows = [capital[month] + (running[month - 1] if month else 0.0) for month in range(61)]
    flows[60] += sale
    assert found["irr"] == near((1 + irr(flows).rate) ** 12 - 1, 1e-9)


def test_a_token_seller_of_a_gigawatt_with_two_generations():
    found = solved(
        timeline={"period": "year", "periods": 6},
        conventions={"discount_rate": 0.11, "operating_flows": "mid", "hours_per_year": 8640},
        capacity={
            "gpus_per_rack": 72,
            "kw_per_rack": 140,
            "whole": "racks",
            "rounding": "down",
            "phases": {
                "first": {"it_mw": 400, "live_month": 12},
                "second": {"it_mw": 600, "live_month": 24, "throughput": 2.5},
            },
        },
        use={"utilisation_by_year": [0.4, 0.65], "availability": 0.97},
        tokens={
            "tokens_per_second": 1500,
            "input_share": 0.8,
            "cache_hit_share": 0.5,
            "yearly_change": 0.1,
        },
        capex={"racks": {"usd": 3.4e6, "per": "rack", "paid": "live", "yearly_change": -0.05}},
        opex={"licence": {"share": 0.12, "of": "revenue"}},
        revenue={
            "input": {"usd": 0.25, "per": "million_input_tokens"},
            "cached": {"usd": 0.03, "per": "million_cached_tokens"},
            "output": {"usd": 1.6, "per": "million_output_tokens", "yearly_change": -0.2},
        },
    )["figures"]
    value = cost = tokens = 0.0
    for racks, live, factor in ((400e3 // 140, 1, 1.0), (600e3 // 140, 2, 2.5)):
        bill = racks * 3.4e6 * 0.95**live
        value -= bill / 1.11**live
        cost += bill / 1.11**live
        for year in range(live, 6):
            used = 0.4 if year == live else 0.65
            hours = racks * 72 * 8640 * used * 0.97
            made = 1500 * factor * hours * 3600 * 1.1**year / 1e6
            income = made * (0.4 * 0.25 + 0.4 * 0.03 + 0.2 * 1.6 * 0.8**year)
            df = 1.11 ** -(year + 0.5)
            value += income * 0.88 * df
            cost += income * 0.12 * df
            tokens += made * df
    assert found["npv"] == near(value)
    assert found["levelised_cost_per_million_tokens"] == near(cost / tokens)


LEASE = {
    "timeline": {"period": "month", "periods": 40},
    "conventions": {"discount_rate": 0.09},
    "capacity": {"phases": {"fleet": {"gpus": 1024, "live_month": 1}}},
    "capex": {"gpu": {"usd": 32_000.0, "per": "gpu"}},
    "opex": {"hosting": {"usd": 0.6, "per": "installed_gpu_hour"}},
    "revenue": {"lease": {"usd": 2.2, "per": "installed_gpu_hour"}},
    "finance": {
        "loans": {
            "vendor": {
                "rate": 0.1,
                "compounding": "effective",
                "tenor_months": 36,
                "balloon_share": 0.2,
            }
        }
    },
}


def test_gpus_leased_with_debt_alone_and_a_balloon():
    answer = solved(**LEASE)
    found = answer["figures"]
    rate, cost = 1.1 ** (1 / 12) - 1, 1024 * 32_000
    level = (cost - 0.2 * cost * (1 + rate) ** -36) * rate / (1 - (1 + rate) ** -36)
    assert found["debt"] == near(cost)
    assert found["debt.vendor.payment"] == near(level)
    last = answer["made"]["loans"][35]
    assert last["interest_usd"] + last["principal_usd"] == near(level + 0.2 * cost)
    cash = 1024 * 730 * 1.6
    assert found["dscr_average"] == near((35 * cash / level + cash / (level + 0.2 * cost)) / 36)
    assert answer["returns"]["equity_irr"]["status"] == "undefined"
    assert "no equity is at risk" in answer["said"]["no equity IRR"]


def test_fifty_thousand_gpus_as_their_model_counts_them():
    path = Path(__file__).parent.parent / "scenarios/replications/coreweave-b200-gpu-lease.yaml"
    (made,) = stated_projection(yaml.safe_load(path.read_text("utf-8")), path.name)["factories"]
    found = {name: one["value"] for name, one in made["returns"].items()}
    gpus, rate = 50_000, 1.08 ** (1 / 12) - 1
    capex = gpus * (37_500 + 14_936 + 1_750)
    owed = capex * (1 + rate) ** 2
    payment = owed * rate / (1 - (1 + rate) ** -48)
    kw = gpus * 1.85 * 0.8 * 1.25
    fixed = kw * 0.115 * 730 + gpus / 1000 * 4 * 150_000 / 12 + gpus * 52_436 * 0.016 / 12
    flows, interest = [-capex], 0.0
    for month in range(1, 63):
        sold = gpus * 730 * 2.93 * (1 if month < 51 else 0.4) if month > 2 else 0.0
        flows.append(sold * 0.99 - kw * 135 - (fixed if month > 2 else 0.0))
    for _ in range(48):
        interest += owed * rate
        owed -= payment - owed * rate
    assert owed == pytest.approx(0, abs=1)
    assert found["debt.vendor.payment"] == near(payment)
    assert found["total_interest"] == near(interest + capex * ((1 + rate) ** 2 - 1))
    assert found["net_cash"] == near(sum(flows))
    assert found["npv"] == near(worth(flows, rate))
    assert found["irr"] == near((1 + irr(flows).rate) ** 12 - 1, 1e-9)


@pytest.mark.parametrize("way", ["gearing", "amount_usd", "max_gearing"])
def test_debt_above_its_cost_is_cut_and_said(way):
    case = deepcopy(LEASE)
    cost = 1024 * 32_000.0
    loan = case["finance"]["loans"]["vendor"]
    if way == "max_gearing":
        case["finance"]["max_gearing"] = 1.2
    else:
        loan[way] = 1.2 if way == "gearing" else 1.2 * cost
    answer = solved(**case)
    assert answer["figures"]["debt"] == near(cost)
    assert "120.0%" in answer["said"]["debt above 100 %"]


def test_an_equity_irr_on_almost_nothing_is_said():
    case = deepcopy(LEASE)
    case["finance"]["loans"]["vendor"] |= {"gearing": 0.98, "balloon_share": 0.0}
    answer = solved(**case)
    assert answer["figures"]["equity_irr"] > 1
    assert "2.00% of the cost" in answer["said"]["thin equity"]


def test_owning_a_server_against_the_cloud_over_five_years():
    answer = solved(
        timeline={"period": "year", "periods": 5},
        conventions={"discount_rate": 0.0, "comparison": "cash"},
        capacity={"gpus_per_server": 8, "phases": {"box": {"servers": 1}}},
        use={"utilisation": 1.0},
        capex={"server": {"usd": 833_806.0, "per": "server", "life_years": 5}},
        opex={"power": {"usd": 0.87, "per": "server", "every": "hour"}},
        alternatives={
            "on_demand": {"usd_per_server_hour": 98.32},
            "reserved": {"usd_per_server_hour": 39.33},
            "cheap": {"usd_per_server_hour": 3.5},
        },
    )
    found = answer["figures"]
    owned = 833_806 + 0.87 * HOURS * 5
    assert found["alternatives.on_demand.own_cost"] == near(owned)
    assert found["alternatives.on_demand.cost"] == near(98.32 * HOURS * 5)
    assert found["alternatives.on_demand.saving"] == near(98.32 * HOURS * 5 - owned)
    assert found["alternatives.on_demand.break_even_hours"] == near(833_806 / (98.32 - 0.87))
    assert found["alternatives.reserved.break_even_utilisation"] == near(
        owned / (39.33 * HOURS * 5)
    )
    assert found["alternatives.cheap.break_even_ratio"] == near(owned / (3.5 * HOURS * 5))
    assert answer["returns"]["alternatives.cheap.break_even_utilisation"]["status"] == "never"
    assert "never cheaper than cheap" in answer["said"]


def test_a_grant_lowers_cost_debt_and_depreciation():
    found = solved(
        timeline={"period": "year", "periods": 6},
        conventions={"discount_rate": 0.08, "operating_flows": "end"},
        capacity={"phases": {"one": {"gpus": 100, "live_month": 12}}},
        use={"utilisation": 0.5},
        capex={
            "gpu": {"usd": 40_000.0, "per": "gpu", "paid": "decision", "tax_life_years": 5},
            "grant": {"share": 0.25, "lines": ["gpu"], "receipt": True, "tax_life_years": 5},
        },
        revenue={"hours": {"usd": 3.0, "per": "gpu_hour"}},
        tax={"rate": 0.3},
        finance={"loans": {"bank": {"rate": 0.06, "tenor_months": 60, "gearing": 0.6}}},
    )["figures"]
    income = 100 * HOURS * 0.5 * 3
    after = income - 0.3 * (income - 3e6 / 5)
    assert found["total_capex"] == near(3e6)
    assert found["npv"] == near(-3e6 + sum(after / 1.08 ** (year + 1) for year in range(1, 6)))
    assert found["debt"] == near(1.8e6)
    assert found["total_depreciation"] == near(3e6)


def test_a_grant_that_comes_late_is_owners_cash():
    found = solved(
        timeline={"period": "month", "periods": 36},
        capacity={"phases": {"one": {"gpus": 10, "live_month": 6}}},
        capex={
            "gpu": {"usd": 1e5, "per": "gpu"},
            "grant": {"usd": 3e5, "receipt": True, "paid": "live"},
        },
        revenue={"hours": {"usd": 9.0, "per": "installed_gpu_hour"}},
        finance={
            "first_service_month": 12,
            "loans": {"bank": {"rate": 0.0, "tenor_months": 24, "gearing": 0.5}},
        },
    )["figures"]
    assert found["total_capex"] == near(7e5)
    assert found["debt"] == near(5e5)
    assert found["equity_cash"] == near(30 * 10 * 730 * 9.0 - 7e5)


def test_working_capital_is_out_early_and_back_at_the_end():
    found = solved(
        timeline={"period": "year", "periods": 3},
        conventions={"discount_rate": 0.1, "operating_flows": "end"},
        capex={"plant": {"usd": 1000.0}},
        opex={"all": {"amounts_usd": [200.0, 300.0, 300.0]}},
        revenue={"sales": {"amounts_usd": [900.0, 1000.0, 1000.0]}},
        working_capital={"receivable_days": 73, "payable_days": 36.5},
    )["figures"]
    owed = [0.2 * 900 - 0.1 * 200, 0.2 * 1000 - 0.1 * 300, 0.0]
    moves = [owed[0], owed[1] - owed[0], -owed[1]]
    cash = [700 - moves[0], 700 - moves[1], 700 - moves[2]]
    assert found["npv"] == near(-1000 + sum(c / 1.1 ** (t + 1) for t, c in enumerate(cash)))
    assert found["net_cash"] == near(1100)


def test_a_tax_holiday_of_three_years():
    found = solved(
        timeline={"period": "year", "periods": 8},
        conventions={"discount_rate": 0.07, "operating_flows": "end"},
        capacity={"phases": {"one": {"gpus": 1, "live_month": 12}}},
        capex={"plant": {"usd": 700.0, "tax_life_years": 7}},
        revenue={"sales": {"amounts_usd": [0.0] + [250.0] * 7}},
        tax={"rate": 0.25, "holiday_months": 36},
    )["figures"]
    paid = [0.0] * 4 + [0.25 * (250 - 100)] * 4
    assert found["total_tax"] == near(sum(paid))
    flows = [(250.0 if year else 0.0) - paid[year] for year in range(8)]
    assert found["npv"] == near(-700 + worth(flows, 0.07) / 1.07)


def test_idle_power_salvage_and_a_refresh_at_mid_year():
    found = solved(
        timeline={"period": "year", "periods": 10},
        conventions={"discount_rate": 0.06, "operating_flows": "mid", "terminal_flows": "end"},
        capacity={
            "gpu_kw": 0.7,
            "server_overhead": 1.4,
            "pue": 1.5,
            "phases": {"one": {"gpus": 2000}},
        },
        use={"utilisation": 0.6},
        power={
            "billed_on": "used",
            "idle_share": 0.35,
            "rated_share": 0.9,
            "sources": {"grid": {"usd_per_kwh": 0.09, "yearly_change": 0.02}},
        },
        capex={
            "gpu": {
                "usd": 30_000.0,
                "per": "gpu",
                "repeat_months": 60,
                "yearly_change": -0.1,
                "residual": {"share": 0.1},
            }
        },
        revenue={"hours": {"usd": 2.4, "per": "gpu_hour", "yearly_change": -0.05}},
    )["figures"]
    again = 6e7 * 0.9**5
    # the old hardware is sold in the period in which the new is bought
    value = -6e7 - again / 1.06**5 + 0.1 * 6e7 / 1.06**6 + 0.1 * again / 1.06**10
    load = 2000 * 0.7 * 1.4 * 1.5 * 0.9 * (0.35 + 0.65 * 0.6)
    for year in range(10):
        sold = 2000 * HOURS * 0.6 * 2.4 * 0.95**year
        value += (sold - load * HOURS * 0.09 * 1.02**year) / 1.06 ** (year + 0.5)
    assert found["npv"] == near(value)


def test_a_sweep_repays_early_and_a_lock_up_holds_cash():
    case = {
        "timeline": {"period": "year", "periods": 6},
        "capex": {"plant": {"usd": 1000.0}},
        "revenue": {"sales": {"amounts_usd": [0.0, 300.0, 300.0, 300.0, 300.0, 300.0]}},
        "finance": {
            "sweep": 0.5,
            "loans": {
                "bank": {
                    "rate": 0.05,
                    "tenor_months": 60,
                    "repayment": "straight",
                    "gearing": 0.6,
                }
            },
        },
    }
    found = solved(**case)["figures"]
    owed, interest, left = 600.0, 0.0, 120.0
    for _ in range(5):
        due, due_interest = min(left, owed), owed * 0.05
        swept = min(0.5 * (300 - due - due_interest), owed - due)
        scale = (owed - due - swept) / (owed - due) if owed > due else 0.0
        interest += due_interest
        owed -= due + swept
        left *= scale
    assert found["total_interest"] == near(interest)
    assert found["debt.bank.closing"] == near(0.0)
    assert found["equity_cash"] == near(1500 - 1000 - interest)


def test_a_price_below_cost_and_a_break_even_beyond_full_use_are_said():
    answer = solved(
        timeline={"period": "month", "periods": 36},
        conventions={"discount_rate": 0.1},
        capacity={"phases": {"one": {"gpus": 64}}},
        use={"utilisation": 0.7},
        capex={"gpu": {"usd": 38_000.0, "per": "gpu"}},
        opex={"host": {"usd": 300.0, "per": "gpu", "every": "month"}},
        revenue={"hours": {"usd": 1.5, "per": "gpu_hour"}},
    )
    assert answer["returns"]["break_even_utilisation"]["status"] == "never"
    assert {"price below LCOC", "no break-even", "IRR below discount rate"} <= set(answer["said"])
    rate = 1.1 ** (1 / 12) - 1
    factor = sum((1 + rate) ** -month for month in range(36))
    cost = 64 * 38_000 + 64 * 300 * factor
    assert answer["figures"]["lcoc"] == near(cost / (64 * 0.7 * 730 * factor))
    assert answer["figures"]["break_even_ratio"] == near(
        0.7 * cost / (64 * 0.7 * 730 * 1.5 * factor)
    )


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"receipt": True, "residual": {"share": 1.0}}, "leaves nothing behind"),
        ({"receipt": "yes"}, "valid boolean"),
    ],
)
def test_a_receipt_that_makes_no_sense_is_refused(block, said):
    with pytest.raises(RefusedError, match=said):
        solved(timeline={"periods": 3}, capex={"grant": {"usd": 5.0} | block})
