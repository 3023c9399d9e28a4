"""Books of who lets: what both kinds of lease earn over their term, and how they end."""

import numpy as np
import pytest

from forecasts.engine import Result, run
from forecasts.leased import Lease, leases
from forecasts.lessor import FLOWS, STOCKS, lessor_books, net_investment
from forecasts.presets import preset
from forecasts.scenario import Scenario


def _run(**changed: object) -> Result:
    first = {"factories": ("belgium", "malaysia", "romania")}
    return run(Scenario.model_validate(preset("base").model_dump() | first | changed))


CASES = ({}, {"grant_share": 0.5, "facility_life_years": 50.0}, {"hardware_residual_share": 0.9})


@pytest.fixture(scope="module", params=CASES)
def result(request: pytest.FixtureRequest) -> Result:
    return _run(**request.param)


def _priced(result: Result) -> list[Lease]:
    found = [one for row in range(3) for one in leases(result, row, "both")]
    return [one for one in found if one.cost_usd is not None]


def test_over_the_term_the_lessor_earns_rent_and_what_is_left_less_cost(result: Result) -> None:
    kinds = set()
    for one in _priced(result):
        books = lessor_books(result, (one,))
        assert one.cost_usd is not None
        assert one.residual_usd is not None
        earned = one.schedule.payments_usd.sum() + one.residual_usd - one.cost_usd
        size = {"rel": 1e-9, "abs": 1e-9 * one.cost_usd + 0.01}
        assert books.loc["Profit of the lessor"].sum() == pytest.approx(earned, **size)
        assert books.loc["Rent received"].sum() == pytest.approx(one.schedule.payments_usd.sum())
        for name in STOCKS:
            assert books.loc[name].iloc[-1] == pytest.approx(0, abs=size["abs"])
        kinds.add(one.tests.said)
    assert kinds == {"finance", "operating"}, "only one kind is held to this"


def test_the_net_investment_is_the_liability_and_what_is_left_at_its_rate(result: Result) -> None:
    """It rolls forward from cost: less rent, plus interest, to what is left at the end."""
    for one in _priced(result):
        held, level = net_investment(one), one.cost_usd or 0.0
        for month, rent in enumerate(one.schedule.payments_usd.tolist()):
            level = (level - rent) * (1 + one.rate)
            assert held[month] == pytest.approx(level, rel=1e-7, abs=1e-6 * (one.cost_usd or 1.0))
        assert held[-1] == pytest.approx(one.residual_usd, rel=1e-9)


def test_all_leases_of_a_factory_add_up() -> None:
    made = _run()
    held = leases(made, 1, "both")
    each = sum(lessor_books(made, (one,)).to_numpy() for one in held)
    assert lessor_books(made, held).to_numpy() == pytest.approx(np.asarray(each), abs=0.01)
    assert set(lessor_books(made, ()).index) == {*FLOWS, *STOCKS}
