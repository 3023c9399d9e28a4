"""Why this rate: what a factory has to earn, part by part, and what its loans cost beside it."""

from collections.abc import Sequence

import streamlit as st

from dashboard import origins
from dashboard.charts.study import Study
from dashboard.theme import percent, plain
from forecasts.rate_parts import CostOfCapital, RatePart, cost_of_capital

LOAN_INPUTS = ("country_default_spread", "debt_margin", "corporate_tax", "gearing")
"""Assumptions behind the rate of loans that the discount rate has not already."""


def why(study: Study, row: int) -> None:
    """Offer the parts of the discount rate with their sources, and the rate of loans."""
    made = cost_of_capital(study.result, row)
    with st.popover(
        f"Why {percent(made.rate)} a year?", icon=":material/percent:", type="tertiary"
    ):
        st.markdown(
            f"**{plain(percent(made.rate, 2))} a year** is what this factory has to earn: NPV is "
            "counted at it, the IRR is held against it."
        )
        st.markdown(_table(made.parts, ("Together", made.rate)))
        own = [name for part in made.parts for name in part.inputs]
        st.markdown("\n".join(origins.inputs(study, own, row)))
        st.markdown("**Beside it: what loans cost**")
        st.markdown(_table(made.loan_parts, ("Senior loan", made.loan_rate)))
        st.markdown(plain(beside(made)))
        st.markdown("\n".join(origins.inputs(study, LOAN_INPUTS, row)))


def beside(made: CostOfCapital) -> str:
    """Say what loans would change, and why the rate is without them."""
    if made.gearing <= 0:
        return "No loan is drawn here."
    return (
        f"Interest saves {percent(made.tax_relief, 2)} of tax a year on what is lent, and loans "
        f"pay for {percent(made.gearing, 0)} of everything. With that relief the rate would be "
        f"{percent(made.with_loans, 2)}. The model does not use it: this rate is that of a "
        "factory without debt, and loans count in the owners' return."
    )


def _table(parts: Sequence[RatePart], whole: tuple[str, float]) -> str:
    rows = [("Part", "a year", "how"), (":--", "--:", ":--")]
    rows += [(part.label, percent(part.share, 2), part.said) for part in parts]
    rows.append((f"**{whole[0]}**", f"**{percent(whole[1], 2)}**", ""))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
