"""Projects stated as published calculators state them, each beside a plain calculation by hand."""

from unseen_projects import HOURS, near, solved, worth

from forecasts.metrics import irr


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
