"""Loans stated as published calculators state them, each beside a plain calculation by hand."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from unseen_projects import near, solved, worth

from forecasts.metrics import irr
from forecasts.stated import stated_projection

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
