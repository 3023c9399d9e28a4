"""The state's accounts: deficit and debt tie, the rules answer as they say, nothing else moves."""

import numpy as np
import pytest

from forecasts.engine import Result, run
from forecasts.government import FLOWS, StateAccounts, state_accounts, state_view, taxes
from forecasts.leased import borrowing_rate
from forecasts.presets import preset
from forecasts.scenario import Scenario
from forecasts.sovereign import sovereign_value
from forecasts.state_rules import CONCESSION, PPP, PRIVATE, StateTerms, answer

ADDED = FLOWS[:5]


def _case(**changed: object) -> Scenario:
    first = {"factories": ("belgium", "malaysia", "romania")}
    return Scenario.model_validate(preset("base").model_dump() | first | changed)


CASES = {
    "base": _case(),
    "helped": _case(grant_share=0.3, concessional_share=0.3),
    "lent": _case(concessional_share=0.5, gearing=0.8),
    "swept": _case(concessional_share=0.2, cash_sweep=0.5),
    "empty": _case(site_capacity_mw=0.0),
}

TERMS = StateTerms(bought_share=0.4, guaranteed_share=0.5)


@pytest.fixture(scope="module", params=list(CASES))
def result(request: pytest.FixtureRequest) -> Result:
    return run(CASES[request.param])


def _both(result: Result) -> list[StateAccounts]:
    return [
        state_accounts(result, row, TERMS, on=on)
        for row in range(len(result.plan.sites))
        for on in (True, False)
    ]


def test_deficit_and_debt_tie_in_every_year(result: Result) -> None:
    for made in _both(result):
        size = 1e-9 * float(np.abs(made.stocks.to_numpy()).max()) + 0.01
        assert made.gap_usd <= size
        net = made.flows.loc[list(ADDED)].sum()
        assert net.to_numpy() == pytest.approx(made.flows.loc["Net lending"].to_numpy(), abs=size)
        moved = made.flows.loc["Loans to the factory"] - made.flows.loc["Net lending"]
        wanted = np.diff(made.stocks.loc["Gross debt"].to_numpy(dtype=float), prepend=0.0)
        assert moved.to_numpy() == pytest.approx(wanted, abs=size)
        both = made.stocks.loc["Gross debt"] - made.flows.loc["Taxes received"].cumsum()
        assert made.stocks.loc["Gross debt with taxes"].to_numpy() == pytest.approx(
            both.to_numpy(), abs=size
        )


def test_the_imputed_loan_is_the_partner_s_cost_and_is_repaid_in_full(result: Result) -> None:
    for row in range(len(result.plan.sites)):
        made = state_accounts(result, row, StateTerms(), on=True)
        owed = made.stocks.loc["Imputed loan"]
        spent = -made.flows.loc["Gross fixed capital formation"].sum()
        granted = float(result.lines["grants"][0, row].sum())
        repaid = made.flows.loc["Payments that repay the imputed loan"].sum()
        assert repaid == pytest.approx(spent - granted, rel=1e-9, abs=1.0)
        assert owed.iloc[-1] == pytest.approx(0, abs=1.0)
        assert (owed >= -1.0).all()
        # Without purchases, what is left of gross debt at the end is what grants paid for.
        assert made.stocks.loc["Gross debt"].iloc[-1] == pytest.approx(granted, rel=1e-9, abs=1.0)


def test_off_the_balance_sheet_loans_at_face_move_debt_and_not_the_deficit() -> None:
    made = run(CASES["lent"])
    for row in range(3):
        books = state_accounts(made, row, StateTerms(), on=False)
        face = books.stocks.loc["Loans to the factory at face"]
        assert face.max() > 0
        assert books.flows.loc["Grants"].abs().max() == 0
        assert (books.flows.loc["Net lending"] >= 0).all(), "only interest is received"
        lent = books.flows.loc["Loans to the factory"].cumsum()
        assert lent.to_numpy() == pytest.approx(face.to_numpy(), abs=1.0)


def test_guarantees_are_their_share_of_other_loans_and_no_debt() -> None:
    made = run(CASES["lent"])
    last = np.flatnonzero(np.arange(made.plan.months) % 12 == 11)
    for row in range(3):
        books = state_accounts(made, row, TERMS, on=False)
        others = made.finance["debt"][0, row] - made.debt.owed_usd[row, 1]
        wanted = TERMS.guaranteed_share * others[last]
        held = books.stocks.loc["Guaranteed debt (contingent)"].to_numpy()
        assert held == pytest.approx(wanted, rel=1e-9, abs=1.0)
        none = state_accounts(made, row, StateTerms(bought_share=0.4), on=False)
        assert (none.stocks.loc["Gross debt"] == books.stocks.loc["Gross debt"]).all()


def test_the_benefit_of_a_low_rate_is_nothing_at_the_senior_rate() -> None:
    plain = run(_case(concessional_share=0.3, factories=("malaysia",)))
    rate = borrowing_rate(plain, 0)
    soft = state_accounts(plain, 0, StateTerms(), on=False).benefit_usd
    even = run(_case(concessional_share=0.3, concessional_rate=rate, factories=("malaysia",)))
    face = float(even.debt.owed_usd[0, 1].max())
    assert state_accounts(even, 0, StateTerms(), on=False).benefit_usd == pytest.approx(
        0, abs=1e-6 * face
    )
    assert 0.02 * face < soft < 0.6 * face


@pytest.mark.parametrize(
    ("terms", "changed", "on", "kind"),
    [
        (StateTerms(), {}, False, PRIVATE),
        (StateTerms(construction="state"), {}, True, CONCESSION),
        (StateTerms(availability="state"), {}, False, CONCESSION),
        (StateTerms(demand="state", bought_share=0.9), {}, False, PPP),
        (StateTerms(availability="state", demand="state", bought_share=0.9), {}, True, PPP),
        (StateTerms(), {"grant_share": 0.45}, False, CONCESSION),
        (StateTerms(), {"grant_share": 0.55}, True, CONCESSION),
        (StateTerms(), {"grant_share": 0.3, "concessional_share": 0.45}, True, CONCESSION),
        (StateTerms(guaranteed_share=1.0), {"grant_share": 0.4}, True, CONCESSION),
        (StateTerms(guaranteed_share=0.1), {"grant_share": 0.3}, False, CONCESSION),
    ],
)
def test_the_rules_answer_as_they_say(
    terms: StateTerms, changed: dict[str, float], on: bool, kind: str
) -> None:
    made = run(_case(factories=("malaysia",), **changed))
    found = answer(made, 0, terms)
    assert (found.on, found.kind) == (on, kind)
    assert found.on == any(one.on for one in found.reasons if one.counts)
    for one in found.reasons:
        assert one.rule.endswith(".")
        assert one.fact.endswith(".")
        assert one.url.startswith("https://")


def test_the_view_holds_the_answer_and_the_other_one(result: Result) -> None:
    view = state_view(result, 0, StateTerms(construction="state"))
    assert (view.counted.on, view.otherwise.on) == (True, False)


def test_taxes_are_those_of_the_value_to_the_country(result: Result) -> None:
    for row in range(len(result.plan.sites)):
        items = {one.name: one.value for one in sovereign_value(result, row)}
        assert taxes(result, row).sum() == pytest.approx(items["taxes"], rel=1e-9, abs=1e-3)


def test_a_bearer_or_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not partner or state"):
        StateTerms(demand="nobody")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="write 40 % as"):
        StateTerms(bought_share=40)


def test_half_is_not_more_than_half_whatever_its_last_bit_and_reads_apart_from_a_little_more():
    for share, on, said in ((0.5, False, "50 %"), (0.504, True, "50.4 %")):
        made = run(preset("base").having(grant_share=share))
        found = [answer(made, row, StateTerms()) for row in range(len(made.plan.sites))]
        assert {one.on for one in found} == {on}
        assert all(f"pay for {said} of" in one.reasons[0].fact for one in found)
