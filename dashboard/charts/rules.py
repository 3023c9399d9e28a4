"""Rules of each country and what they are worth, as tables."""

from collections.abc import Sequence

import pandas as pd

from dashboard.charts.study import Study, short
from dashboard.theme import money
from forecasts.regimes import Regime
from forecasts.rule_switches import LICENCE_MONTHS, RELIEFS
from forecasts.scenario import QUANTITIES

NAMES = {
    "data_sovereignty": "Data sovereignty",
    "ai_regulation": "AI law",
    "export_control": "Export control of chips",
    "incentives": "Incentives",
}
"""Rules as they are called on screen."""


def headline(found: Sequence[Regime], study: Study) -> str:
    """Say which effect is largest."""
    told = [(abs(one.wait_npv), one) for one in found if one.licensed and one.wait_npv is not None]
    if not told:
        return "No country here asks for a chip licence"
    worst = max(told, key=lambda pair: pair[0])[1]
    name = short(study.sites[study.row(worst.factory)])
    change = worst.wait_npv or 0.0
    way = "add" if change > 0 else "take"
    return (
        f"{LICENCE_MONTHS} months for a chip licence would {way} most in {name}: "
        f"{money(abs(change))}"
    )


def effects(found: Sequence[Regime], study: Study) -> pd.DataFrame:
    """Table of what each effect is worth, by factory: NPV in USD m."""
    return pd.DataFrame(
        [
            {
                "Factory": short(study.sites[study.row(one.factory)]),
                "Demand, EU = 1": one.demand,
                "Brings": _million(one.demand_npv),
                "Compliance, USD m/yr": one.compliance_usd / 1e6,
                "Takes": _million(one.cost_npv),
                "Chip licence": "yes" if one.licensed else "no",
                f"{LICENCE_MONTHS} months late": _million(one.wait_npv),
                "Strict law": _million(one.strict_npv),
                "Incentives": _million(one.relief_npv),
            }
            for one in found
        ]
    )


def _million(usd: float | None) -> float | None:
    return None if usd is None else round(usd / 1e6, 1) + 0.0


def rules(found: Sequence[Regime], study: Study) -> pd.DataFrame:
    """Table of the rules with date, grade, row and source."""
    return pd.DataFrame(
        [
            {
                "Factory": short(study.sites[study.row(one.factory)]),
                "About": NAMES[name],
                "Rule": fact.text,
                "Date": fact.source.date,
                "Grade": str(fact.source.confidence),
                "Row": fact.place,
                "Source": fact.source.cite(),
                "Address": fact.source.url,
                "Notes": fact.notes,
            }
            for one in found
            for name, fact in one.rules.items()
        ]
    )


def reliefs(found: Sequence[Regime], study: Study) -> pd.DataFrame:
    """Table of incentives that are stated as a number, with range, row and source."""
    return pd.DataFrame(
        [
            {
                "Factory": short(study.sites[study.row(one.factory)]),
                "Would become": QUANTITIES[RELIEFS[name].quantity].label,
                "If granted": fact.value,
                "Low": fact.low,
                "High": fact.high,
                "Unit": fact.unit,
                "Grade": str(fact.source.confidence),
                "Row": fact.place,
                "Source": fact.source.cite(),
                "Notes": fact.notes,
            }
            for one in found
            for name, fact in one.reliefs.items()
        ]
    )
