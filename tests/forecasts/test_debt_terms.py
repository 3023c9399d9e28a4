"""Terms of loans and tax that cannot be are refused with value, rule and fix."""

import numpy as np
import pytest
from debt_cases import UNTAXED, built_at_once, cash_of, yearly

from forecasts.debt import Repayment, TaxTerms, Terms, Tranche, balances_of
from forecasts.funding import financed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate": 7.0}, "tranche 's': rate is 7, not within 0 to 1; write 7 % a year as 0.07"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"tenor": 0}, "tenor is 0"),
        ({"dscr": (0.9,)}, "dscr is 0.9"),
        ({"dscr": (1.3, 1.4)}, "give one, or 3"),
        ({"dscr": ()}, "dscr is empty"),
        ({"grace": 1}, "drop grace"),
        ({"shares": (0.5, 0.5)}, "give both or neither"),
        ({"gearing": 1.2}, "a loan cannot exceed what it pays for"),
        ({"repayment": Repayment.STATED, "shares": (0.5, 0.2, 0.2)}, "repay it all"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_value_rule_and_fix(changes, message):
    with pytest.raises(ValueError, match="tranche 's'") as refused:
        Tranche(**({"name": "s", "rate": 0.07, "tenor": 3, "dscr": (1.3,)} | changes))
    assert message in str(refused.value)


def test_other_slips_are_refused_too():
    loan = Tranche("s", 0.07, 3, dscr=(1.3,))
    with pytest.raises(ValueError, match="give a loan"):
        Terms((), availability=1)
    with pytest.raises(ValueError, match="divisor of 12"):
        Terms((loan,), availability=1, periods_per_year=5)
    with pytest.raises(ValueError, match=r"write 25 % as 0\.25"):
        TaxTerms(25)
    cash = cash_of([0.0, 1, 1, 1])
    with pytest.raises(ValueError, match="put costs after availability into cash"):
        financed(cash, np.array([1.0, 1, 0, 0]), yearly(loan), UNTAXED)
    with pytest.raises(ValueError, match="loans end in period 5"):
        financed(cash, np.zeros(4), yearly(loan, availability=2), UNTAXED)
    with pytest.raises(ValueError, match="cash sets its balances"):
        balances_of(loan, np.full(3, 0.01))


def test_fees_and_reserve_that_eat_the_loan_are_refused():
    loan = Tranche("s", 0.5, 3, Repayment.ANNUITY, upfront_fee=0.2)
    with pytest.raises(ValueError, match="outgrow the loan"):
        financed(
            cash_of([0, 100, 100, 100]),
            built_at_once(100, 4),
            yearly(loan, dsra_months=24),
            UNTAXED,
        )
