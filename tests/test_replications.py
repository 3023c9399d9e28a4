"""Published worked examples, each reproduced by its file in scenarios/replications alone."""

import json
from pathlib import Path

import pytest
import yaml

from forecasts.stated import is_stated, stated_projection

FOLDER = Path(__file__).parent.parent / "scenarios" / "replications"
FILES = sorted(FOLDER.glob("*.yaml"))


def projected(name: str) -> dict:
    (path,) = FOLDER.glob(f"{name}*.yaml")
    return stated_projection(yaml.safe_load(path.read_text("utf-8")), path.name)


def project(result: dict, name: str) -> dict:
    return next(one for one in result["factories"] if one["factory"] == name)


def value(result: dict, metric: str, name: str = "base") -> float:
    return project(result, name)["returns"][metric]["value"]


def warnings(result: dict, name: str | None = None) -> dict[str, str]:
    return {
        one["name"]: one["message"]
        for one in result["checks"]
        if one["level"] == "warning" and name in (None, one["factory"])
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_gives_its_published_figures(path: Path):
    stated = yaml.safe_load(path.read_text("utf-8"))
    assert is_stated(stated)
    result = stated_projection(stated, path.name)
    json.dumps(result, allow_nan=False)
    assert result["source"]["publisher"]
    for one in result["factories"]:
        for row in one["published"]:
            wanted = not row["contradicts"]
            assert row["agrees"] is wanted, f"{one['factory']} {row}"
    assert not [one for one in result["checks"] if one["level"] == "failed"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_publishes_something(path: Path):
    projects = yaml.safe_load(path.read_text("utf-8"))["projects"]
    assert any(one.get("expected") for one in projects.values())


EPOCH = {
    "total_capex": 3787842080,
    "capex.shell": 251579250,
    "capex.electrical": 571866750,
    "capex.cooling": 320199750,
    "capex.network": 493242750,
    "capex.power_sources": 16160000,
    "capex.land": 16999980,
    "capex.gpu": 2117793600,
    "capex_per_mw": 43166291.50997151,
    "lcoc": 3.299703963316063,
    "npv": -236358696.77952087,
    "irr": 8.01521982470581 / 100,
    "yield_on_cost": 21.944783085835507 / 100,
    "development_spread": 1594.4783085835506 / 10_000,
    "break_even_utilisation": 78.09299379848015 / 100,
    "demand_captured": 72.80588728716094 / 100,
    "stranded": 2.3999999999998636,
    "shortfall": 1572.35,
    "time_to_power": 36,
    "it_mw": 87.75,
    "facility_mw": 100.035,
    "racks": 702,
    "gpus": 50544,
    "total_opex": 210467115.1699999,
    "total_power": 315826908,
    "total_revenue": 3772361548.799997,
    "total_terminal": 1948621060,
    "pv_gpu_hours": 788640544.3703164,
    "pv_cost": 2602280329.8904705,
}

ABILENE = {
    "total_capex": 6524000000,
    "capex.power_sources": 104000000,
    "capex.gpu": 4400000000,
    "capex_per_mw": 32620000,
    "lcoc": 2.1882577216171084,
    "npv": 109122648.80764924,
    "irr": 10.586266747161432 / 100,
    "yield_on_cost": 26.092753564700477 / 100,
    "development_spread": 1909.2753564700477 / 10_000,
    "break_even_utilisation": 78.25145177578868 / 100,
    "demand_captured": 82.09247648902821 / 100,
    "stranded": 325,
    "shortfall": 2285,
    "time_to_power": 30,
    "it_mw": 200,
    "facility_mw": 240,
    "racks": 5000,
    "gpus": 110000,
    "total_opex": 872946400.3514426,
    "total_power": 425736000,
    "total_revenue": 7658213345.048089,
    "total_terminal": 3074880000,
    "pv_gpu_hours": 2231676390.3507543,
    "pv_cost": 4883483093.335634,
}


@pytest.mark.parametrize(("name", "published"), [("rc-01", EPOCH), ("rc-02", ABILENE)])
def test_the_golden_campuses_to_nine_digits(name, published):
    result = projected(name)
    for metric, figure in published.items():
        assert value(result, metric) == pytest.approx(figure, rel=1e-9), metric


def test_a_loss_is_not_shown_as_profit():
    said = warnings(projected("rc-01"), "base")
    assert "21.9%" in said["price below LCOC"]
    assert "not profitable" in said["price below LCOC"]
    assert "8.02%" in said["IRR below discount rate"]
    assert "yield on cost" in said["yield on cost misleads"]
    assert "78.1%" in said["break-even above stated use"]


def test_no_such_warning_where_the_project_earns_its_rate():
    said = warnings(projected("rc-02"), "base")
    assert said == {}


def test_a_source_that_changed_is_named_with_both_versions():
    assert "72 GPUs in a rack" in warnings(projected("rc-02"))["source version"]


def test_tco_and_lcoc_are_told_apart_and_the_wrong_throughput_is_named():
    said = warnings(projected("rc-04"), "earth")
    assert "LCOC of USD 2.49" in said["LCOC is not TCO"]
    assert "-70.00%" in said["published pflops_per_gpu"]


def test_an_alternative_that_is_always_cheaper_says_never():
    result = projected("rc-07")
    against = project(result, "interactive")["returns"]
    assert against["alternatives.deepinfra.break_even_utilisation"]["status"] == "never"
    assert "113.87%" in warnings(result, "interactive")["never cheaper than deepinfra"]
    assert not warnings(result, "batch")


def test_energy_without_server_overhead_is_found_and_explained():
    result = projected("rc-15")
    said = warnings(result, "50 MW of B200")["published total_power"]
    assert "-23.07%" in said
    assert "server_overhead (1.3) were left out" in said
    published = warnings(result, "50 MW of B200, energy as published")
    assert "1.3 times" in published["energy without server overhead"]


def test_a_year_without_cash_carries_no_debt_and_says_so():
    said = warnings(projected("rc-14"), "cash below zero in the tenor")
    assert "1 period" in said["no cash in the tenor"]


def test_sculpting_after_tax_matches_the_closed_form():
    """B[t-1] = (B[t] + (1 - tax) x EBITDA / k) / (1 + r - tax x r / k), B[3] = 0."""
    size = 0.0
    for _ in range(3):
        size = (size + 0.75 * 150 / 1.3) / (1.08 - 0.25 * 0.08 / 1.3)
    assert value(projected("rc-14"), "debt.loan.size", "sculpted after tax") == pytest.approx(size)


def test_the_colocation_lease_by_hand():
    """Two leases at 140 a month with 5 % vacancy, 3 % a year from each start; energy recovered."""
    rent = 140 * 12 * 0.95 * 1000

    def income(year: int) -> float:
        one = 20 * rent * 1.03 ** (year - 1) if year >= 1 else 0.0
        two = 30 * rent * 1.03 ** (year - 3) if year >= 3 else 0.0
        staff = 150_000 * (20 * (year >= 1) + 30 * (year >= 3))
        return (one + two) * 0.97 - staff

    sale = income(10) / 0.065 * 0.99
    first, second = 20 * 10e6 + 20 * 100_000, 30 * 10e6 * 1.1
    npv = -first - second / 1.09**2 + sale / 1.09**10
    npv += sum(income(year) / 1.09 ** (year + 1) for year in range(10))
    result = projected("example-colocation-lease")
    assert value(result, "income_per_year") == pytest.approx(income(3), rel=1e-12)
    assert value(result, "terminal.exit") == pytest.approx(sale, rel=1e-12)
    assert value(result, "npv") == pytest.approx(npv, rel=1e-12)
    assert value(result, "yield_on_cost") == pytest.approx(income(3) / (first + second), rel=1e-12)
    spread = income(3) / (first + second) - 0.065
    assert value(result, "development_spread") == pytest.approx(spread, rel=1e-12)


def test_the_token_seller_by_hand():
    """Quarter by quarter: ramp in halves, cheapest energy first, prices 20 % down a year."""
    hours, gpus = 2190.0, 576_000
    revenue = energy = present_tokens = 0.0
    for quarter in range(4, 24):
        use = 0.60 * (0.5 if quarter == 4 else 1.0)
        made = 2000 * gpus * use * 0.98 * hours * 3600 / 1e6
        per_million = 0.75 * 0.4 * 0.30 + 0.75 * 0.6 * 0.05 + 0.25 * 2.50
        revenue += made * per_million * 0.8 ** ((quarter - 4) / 4)
        load = 1000 * 1.15 * (0.30 + 0.70 * use)
        energy += (min(load, 700) * 55 + max(load - 700, 0) * 80) * hours
        present_tokens += made * 1.12 ** (-(quarter + 0.5) / 4)
    result = projected("example-token-seller")
    assert value(result, "total_revenue") == pytest.approx(revenue, rel=1e-12)
    assert value(result, "total_power") == pytest.approx(energy, rel=1e-12)
    assert value(result, "opex.licence") == pytest.approx(0.15 * revenue, rel=1e-12)
    assert value(result, "capex.power_sources") == 500_000 * 900
    facility = 12e9 * sum(1 - (24 - 4) * 3 / 240 for _ in range(4)) / 4
    assert value(result, "total_terminal") == pytest.approx(facility + 0.1 * 8000 * 3.5e6)
    level = value(result, "pv_cost") / present_tokens
    assert value(result, "levelised_cost_per_million_tokens") == pytest.approx(level, rel=1e-12)
    assert "tokens sold below cost" in warnings(result)


def test_the_gpu_lease_by_hand():
    rate, cost = 0.09 / 12, 4096 * 35_000
    payment = cost * rate / (1 - (1 + rate) ** -48)
    cash = 4096 * 1.5 * 730
    result = projected("example-gpu-lease")
    assert value(result, "debt.vendor.payment") == pytest.approx(payment, rel=1e-12)
    assert value(result, "dscr_min") == pytest.approx(cash / payment, rel=1e-12)
    assert value(result, "debt.vendor.total_interest") == pytest.approx(48 * payment - cost)
    equity = 48 * (cash - payment) + 0.15 * cost
    assert value(result, "equity_cash") == pytest.approx(equity, rel=1e-12)
    assert "no equity is at risk" in warnings(result)["no equity IRR"]


def test_owning_against_the_cloud_by_hand():
    energy = 10 * 1.4 * (0.4 + 0.6 * 0.7) * 8760 * 0.12 * 5
    own = 300_000 * 0.9 + 100_000 + energy
    on_demand, reserved = 40 * 8760 * 0.7 * 5, 1.40 * 8 * 8760 * 5
    result = projected("example-cloud-or-own")
    name = "alternatives.on_demand."
    assert value(result, name + "own_cost", "owned") == pytest.approx(own)
    assert value(result, name + "cost", "owned") == pytest.approx(on_demand)
    saving = value(result, "alternatives.reserved.saving", "owned")
    assert saving == pytest.approx(reserved - own)
    fixed = own - 10 * 1.4 * 0.6 * 0.7 * 8760 * 0.12 * 5
    even = fixed / (40 * 8760 * 5 - 10 * 1.4 * 0.6 * 8760 * 0.12 * 5)
    assert value(result, name + "break_even_utilisation", "owned") == pytest.approx(even)
    hours = 300_000 / (40 - (100_000 + energy) / 5 / (8760 * 0.7))
    assert value(result, name + "break_even_hours", "owned") == pytest.approx(hours)
    colocated = value(result, "alternatives.colocated.cost", "owned")
    assert colocated == 260_000 + 5 * 60_000
