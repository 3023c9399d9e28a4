"""Books with leases: they close, cost what was paid, and leave the model's own figures alone."""

import numpy as np
import pytest

from forecasts.accounts import VIEWS, View, accounts
from forecasts.engine import Result, run
from forecasts.leased import CHOICES, GENERATORS, HALLS, RACKS, bought, leases, written_off
from forecasts.presets import preset
from forecasts.scenario import Scenario
from forecasts.statements import statements


def _case(**changed: object) -> Scenario:
    """The base case of the first wave, with some assumptions changed."""
    first = {"factories": ("belgium", "malaysia", "romania")}
    return Scenario.model_validate(preset("base").model_dump() | first | changed)


CASES = {
    "base": _case(),
    "tenants": _case(lease_share=0.25),
    "helped": _case(grant_share=0.3, concessional_share=0.3),
    "bridged": _case(bridge_power_share=1.0, grid_delay_months=24),
    "declining": _case(declining_factor=2.0),
    "short lives": _case(hardware_life_years=3.2, months=150),
    "empty": _case(site_capacity_mw=0.0),
}


@pytest.fixture(scope="module", params=list(CASES))
def result(request: pytest.FixtureRequest) -> Result:
    return run(CASES[request.param])


def _rows(result: Result) -> range:
    return range(len(result.plan.sites))


def test_with_nothing_leased_the_books_are_the_statements(result: Result) -> None:
    for row in _rows(result):
        own = statements(result, row)
        made = accounts(result, row, View.CASH)
        for name in ("Revenue", "EBITDA", "Depreciation", "Interest", "Tax", "Profit"):
            wanted = own.income.loc[name].to_numpy()
            assert made.income.loc[name].to_numpy() == pytest.approx(wanted, rel=1e-9, abs=1.0)
        equity = own.balance.loc["Paid-in capital"] + own.balance.loc["Retained profit"]
        assert made.balance.loc["Equity"].to_numpy() == pytest.approx(equity.to_numpy(), abs=1.0)
        assert made.balance.loc["Loans"].to_numpy() == pytest.approx(
            own.balance.loc["Debt"].to_numpy(), abs=1.0
        )


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("what", list(CHOICES))
def test_every_book_closes_and_every_lease_ends(result: Result, view: View, what: str) -> None:
    for row in _rows(result):
        made = accounts(result, row, view, what)
        size = 1e-9 * max(float(np.abs(made.balance.to_numpy()).max()), 1.0) + 0.01
        assert made.gap_usd <= size
        for name in ("Fixed assets", "Right of use", "Lease liabilities", "Loans"):
            assert made.balance.loc[name].iloc[-1] == pytest.approx(0, abs=1.0)
        assert made.balance.loc["Rent earned, not yet billed"].iloc[-1] == pytest.approx(0, abs=1.0)


@pytest.mark.parametrize("what", list(CHOICES))
def test_over_the_life_every_view_costs_the_rent_that_was_paid(result: Result, what: str) -> None:
    spans = ("Rent", "ROU depreciation", "Interest on leases")
    for row in _rows(result):
        made = {view: accounts(result, row, view, what) for view in VIEWS}
        paid = float(made[View.CASH].paid_usd.sum())
        for one in made.values():
            assert -one.income.loc[list(spans)].to_numpy().sum() == pytest.approx(paid, abs=1.0)
        profit = [one.income.loc["Profit"].sum() for one in made.values()]
        assert profit == pytest.approx([profit[0]] * len(profit), abs=5.0)


def test_the_lessor_gets_its_rate_on_what_it_paid(result: Result) -> None:
    """NPV of the lessor: cost out, rent in, value at the end in; nothing is left over."""
    for row in _rows(result):
        for one in leases(result, row, "both"):
            if one.cost_usd is None or one.residual_usd is None:
                continue
            worth = (1 + one.rate) ** -np.arange(one.months + 1.0)
            flows = np.append(one.schedule.payments_usd, one.residual_usd)
            flows[0] -= one.cost_usd
            assert flows @ worth == pytest.approx(0, abs=1e-6 * one.cost_usd + 1e-6)


def test_leases_cost_what_the_model_pays_for_racks_and_halls(result: Result) -> None:
    for row in _rows(result):
        for kind in (RACKS, HALLS):
            spent, granted = bought(result, row, (kind,))
            costs = sum(one.cost_usd or 0.0 for one in leases(result, row, kind) if one.chosen)
            assert costs == pytest.approx(float((spent - granted).sum()), rel=1e-9, abs=1.0)
        written = written_off(result, row, (RACKS, HALLS))
        assert written == pytest.approx(result.depreciation_usd[row], rel=1e-9, abs=0.01)
        left = sum(one.residual_usd or 0.0 for one in leases(result, row, "both"))
        sold = float(result.total(("resale", "terminal_value"))[0, row].sum())
        assert left == pytest.approx(sold, rel=1e-9, abs=1.0)


@pytest.mark.parametrize("what", list(CHOICES))
def test_what_is_left_of_leased_assets_is_the_lessor_s(result: Result, what: str) -> None:
    """Gain on sales = what is sold less land; a lessor takes both of what it owns."""
    for row in _rows(result):
        made = accounts(result, row, View.IFRS, what)
        own = accounts(result, row, View.IFRS)
        left = sum(one.residual_usd or 0.0 for one in made.leases)
        land = float(result.assets.land_usd[row].sum()) if HALLS in CHOICES[what] else 0.0
        gain = [one.income.loc["Gain on sales"].sum() for one in (made, own)]
        assert gain[0] == pytest.approx(gain[1] - left + land, rel=1e-9, abs=1.0)


def test_loans_shrink_with_the_cost_that_is_left_to_pay_for() -> None:
    made = run(_case(grant_share=0.2))
    for row in _rows(made):
        own = accounts(made, row, View.CASH).balance.loc["Loans"].to_numpy(dtype=float)
        left = accounts(made, row, View.CASH, RACKS).balance.loc["Loans"].to_numpy(dtype=float)
        spent = made.assets.hardware_usd[row]
        first = ~made.cohorts.is_refresh[row, : spent.size]
        racks = spent.sum() - 0.2 * spent[first].sum()
        halls = 0.8 * float((made.assets.facility_usd + made.assets.land_usd)[row].sum())
        assert left == pytest.approx(own * halls / (racks + halls), rel=1e-9, abs=1.0)
        assert accounts(made, row, View.CASH, "both").balance.loc["Loans"].max() < 1.0


def test_cover_counts_rent_as_cost_before_ifrs_16_and_as_debt_service_after() -> None:
    made = run(_case(factories=("malaysia",)))
    months = slice(72, 84)  # 2033: every month serves
    held = leases(made, 0, RACKS)
    rent = sum(one.along(one.schedule.payments_usd, made.plan.months) for one in held)[months]
    cash = made.finance["cfads"][0, 0, months]
    own = accounts(made, 0, View.CASH).balance.loc["Loans"][2032]
    kept = accounts(made, 0, View.CASH, RACKS).balance.loc["Loans"][2032] / own
    service = kept * (made.finance["interest"] + made.finance["principal"])[0, 0, months]
    assert (service > 0).all()
    place = 2033 - made.plan.start.year
    before, after = (accounts(made, 0, view, RACKS).cover[place] for view in (View.CASH, View.IFRS))
    assert before == pytest.approx((cash - rent).sum() / service.sum())
    assert after == pytest.approx(cash.sum() / (service + rent).sum())


def test_ifrs_lifts_ebitda_by_the_rent_and_debt_by_the_liability() -> None:
    made = run(_case())
    row = [site.key for site in made.plan.sites].index("malaysia")
    cash, ifrs = (accounts(made, row, view, RACKS) for view in (View.CASH, View.IFRS))
    lifted = (ifrs.income - cash.income).loc["EBITDA"].to_numpy()
    assert lifted == pytest.approx(ifrs.paid_usd, abs=1.0)
    assert ifrs.net_debt_usd - cash.net_debt_usd == pytest.approx(
        ifrs.balance.loc["Lease liabilities"].to_numpy(dtype=float), abs=1.0
    )
    assert lifted[2] > 0
    us = accounts(made, row, View.USGAAP, HALLS)
    kept = [one for one in us.leases if not one.tests.finance]
    assert kept, "no hall is an operating lease here: the test says nothing"
    months = made.plan.months
    cost = sum(one.along(one.schedule.cost_usd, months) for one in kept).sum()
    assert -us.income.loc["Rent"].sum() == pytest.approx(cost, rel=1e-9)


@pytest.mark.parametrize(("delay", "short"), [(24, True), (30, False)])
def test_generators_up_to_a_year_stay_a_cost_and_longer_ones_do_not(
    delay: int, *, short: bool
) -> None:
    made = run(_case(bridge_power_share=1.0, grid_delay_months=delay, factories=("romania",)))
    rented = [one for one in leases(made, 0) if one.kind == GENERATORS]
    assert rented[0].short == short
    ifrs, cash = accounts(made, 0, View.IFRS), accounts(made, 0, View.CASH)
    owed = sum(one.schedule.opening_usd for one in rented if not one.short)
    assert (ifrs.balance.loc["Lease liabilities"].max() > 0) == (owed > 0)
    model = statements(made, 0).income.loc["EBITDA"].to_numpy()
    assert cash.income.loc["EBITDA"].to_numpy() == pytest.approx(model, abs=1.0)
    us = accounts(made, 0, View.USGAAP).income.loc["EBITDA"]
    assert us.sum() == pytest.approx(model.sum(), abs=1.0), "rent of generators is one cost"


def test_an_unknown_choice_is_refused() -> None:
    made = run(_case(factories=("romania",)))
    with pytest.raises(ValueError, match="not one of nothing, racks, halls, both"):
        accounts(made, 0, View.IFRS, "cars")
