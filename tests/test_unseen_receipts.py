"""Grants, working capital and tax of stated projects, beside a plain calculation by hand."""

import pytest
from unseen_projects import HOURS, near, solved, worth

from data.problems import RefusedError


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
