"""The components of the risk score: what each is, its scale, and where its value is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.engine import Result
from forecasts.plan import Site

RATINGS = (
    "Aaa", "Aa1", "Aa2", "Aa3", "A1", "A2", "A3", "Baa1", "Baa2", "Baa3", "Ba1", "Ba2", "Ba3",
    "B1", "B2", "B3", "Caa1", "Caa2", "Caa3", "Ca", "C",
)  # fmt: skip
"""Moody's ratings, best first; the place in the list is the notch."""

YEARS_OF_RECORD = 10
"""Yearly changes of the exchange rate that its record is taken from."""


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that may go wrong.

    Attributes
    ----------
    name, label, unit : str
        Key, words on screen, unit of the values.
    safe, worst : float
        Values that count 0 and 100 points; straight between, and no more beyond.
    scale : str
        The scale in words.
    weight : float
        Usual weight; only the proportions count.
    in_rate : bool
        Whether the discount rate already charges for it.
    counted : str
        Where the model counts it already.
    """

    name: str
    label: str
    unit: str
    safe: float
    worst: float
    scale: str
    weight: float
    in_rate: bool
    counted: str


COMPONENTS = (
    Component(
        "rating", "Sovereign rating", "notches below Aaa", 0, 16,
        "0 at Aaa, 100 at Caa1 and below", 25, True,
        "In the discount rate (country premium times exposure) and in the rate of loans (spread)",
    ),
    Component(
        "outage_firms", "Firms with power outages", "% of firms", 0, 100,
        "0 at none, 100 at every firm", 10, False, "Nowhere",
    ),
    Component(
        "outage_loss", "Hours of sale lost to outages", "% of hours", 0, 5,
        "0 at none, 100 at 5 % and more", 10, False,
        "Nowhere: availability is the same at every site",
    ),
    Component(
        "currency", "Exchange rate on record", "% a year", 0, 25,
        "0 at a peg, 100 at 25 % a year and more", 15, False,
        "Not in the rate; the paths draw exchange rates by the assumed volatility",
    ),
    Component(
        "export", "Export control of chips", "level", 0, 4,
        "0 close ally, 25 no own licence, 50 own permit or a draft limit, 75 licence with a cap, "
        "100 refused", 15, False,
        "Nowhere unless the rule switch for licences is on; the stress test tries it",
    ),
    Component(
        "merchant", "Hours sold without contract", "% of hours sold", 0, 100,
        "0 at none, 100 at all", 15, False,
        "In cash (price and use of these hours) and in the cover that lenders ask, not in the rate",
    ),
    Component(
        "delay", "How much later the grid may come", "months", 0, 48,
        "0 at no later, 100 at 48 months and more", 10, False,
        "Not in the expected path; the paths draw a delay of the same kind at every site",
    ),
)  # fmt: skip
"""Components with their usual weights and scales, which are our own judgement: change them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value with what is said of it.

    Attributes
    ----------
    value : float or None
        In the component's unit; None where there is none.
    shown : str
        As its source writes it, or why there is none.
    facts : tuple of Fact
        Rows it comes from.
    grade : str
        Grade where it is not that of the last row.
    counted : str
        Where the model counts it already, where figures are to be named.
    """

    value: float | None
    shown: str
    facts: tuple[Fact, ...] = ()
    grade: str = ""
    counted: str = ""


def _row(catalog: Catalog, site: Site, parameter: str) -> Fact | None:
    rows = catalog.facts("sites", iso3=site.iso3, parameter=parameter)
    return rows[-1] if rows else None


def _rating(result: Result, catalog: Catalog, row: int) -> Found:
    site, q = result.plan.sites[row], result.plan.quantities[row]
    fact = _row(catalog, site, "moodys_rating")
    rate = float(q["country_risk_exposure"] * q["country_risk_premium"])
    counted = (
        f"{rate:.2%} of the discount rate and {float(q['country_default_spread']):.2%} of the "
        "rate of loans".replace("%", " %")
    )
    if fact is None or fact.text not in RATINGS:
        return Found(None, _none(fact, "a rating from Aaa to C"), counted=counted)
    return Found(float(RATINGS.index(fact.text)), fact.text, (fact,), counted=counted)


def _none(fact: Fact | None, expected: str) -> str:
    if fact is None:
        return "no row in the table sites"
    return f"{(fact.text or str(fact.value))[:40]!r} is not {expected}"


def _number(parameter: str, pattern: str) -> Callable[[Result, Catalog, int], Found]:
    """Read a component that is a number of a row of `sites`."""

    def read(result: Result, catalog: Catalog, row: int) -> Found:
        fact = _row(catalog, result.plan.sites[row], parameter)
        if fact is None or fact.value is None:
            return Found(None, _none(fact, "a number"))
        return Found(fact.value, pattern.format(fact.value), (fact,))

    return read


def _currency(result: Result, catalog: Catalog, row: int) -> Found:
    """Standard deviation of the yearly change of the exchange rate over its last years."""
    site = result.plan.sites[row]
    volatility = float(result.plan.quantities[row]["fx_volatility"])
    counted = f"Not in the rate; the paths draw {volatility:.0%} a year".replace("%", " %")
    facts = catalog.facts("country_year", iso3=site.iso3, indicator="exchange_rate")
    last = facts[-YEARS_OF_RECORD - 1 :]
    values = np.array([one.value or np.nan for one in last], dtype=np.float64)
    if values.size < YEARS_OF_RECORD + 1 or not (values > 0).all():
        return Found(None, f"fewer than {YEARS_OF_RECORD + 1} years on record", counted=counted)
    spread = 100 * float(np.diff(np.log(values)).std(ddof=1))
    return Found(spread, f"{spread:.1f} % a year", tuple(last), "derived", counted)


def _export(result: Result, catalog: Catalog, row: int) -> Found:
    site = result.plan.sites[row]
    level, text = (_row(catalog, site, one) for one in ("export_control_level", "export_control"))
    if level is None or level.value is None:
        return Found(None, _none(level, "a level from 0 to 4"))
    said = text.text if text is not None else ""
    facts = (level,) if text is None else (text, level)
    return Found(level.value, f"{level.value:g}: {said}".rstrip(": "), facts)


def _merchant(result: Result, catalog: Catalog, row: int) -> Found:  # noqa: ARG001 - one shape
    sales = result.sales
    sold = float(sales.sold_gpu_hours[0, row].sum())
    if sold <= 0:
        return Found(None, "nothing is sold in this scenario")
    firm = float((sales.available_gpu_hours[row] * sales.firm_share[0, row]).sum())
    share = 100 * max(1 - firm / sold, 0.0)
    return Found(share, f"{share:.0f} % of hours sold", (), "derived")


def _delay(result: Result, catalog: Catalog, row: int) -> Found:
    """High end of the row's range above the lead time in use."""
    fact = _row(catalog, result.plan.sites[row], "grid_lead_months")
    used = float(result.plan.quantities[row]["grid_lead_months"])
    if fact is None or fact.high is None:
        return Found(None, _none(fact, "a lead time with a high end"))
    later = max(fact.high - used, 0.0)
    return Found(later, f"{later:.0f} months: up to {fact.high:g}, {used:g} in use", (fact,))


READERS: Mapping[str, Callable[[Result, Catalog, int], Found]] = {
    "rating": _rating,
    "outage_firms": _number("outage_firms", "{:.0f} % of firms"),
    "outage_loss": _number("outage_loss", "{:g} % of hours"),
    "currency": _currency,
    "export": _export,
    "merchant": _merchant,
    "delay": _delay,
}
"""What reads each component."""
