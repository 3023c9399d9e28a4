"""The series behind the model: histories out of the tables, and a forecast of each."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from data.catalog import Catalog
from data.provenance import Confidence, Fact
from data.schemas import COUNTRIES
from forecasts.combine import Forecast, forecast_series
from forecasts.units import MONTHS_PER_YEAR, Array, Whole

BUYERS = ("Amazon", "Microsoft", "Alphabet", "Meta", "Oracle")
"""The large buyers whose capital expenditure stands for global AI spending."""

STEP_MONTHS = {"Q": 3, "M": 1, "A": 12}
"""Months in a step of each frequency."""

HORIZON_MONTHS = 60
"""How far every series is forecast; the model trusts less of it."""

LEVELS = (50, 80, 95)
"""Prediction intervals, in percent."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """One series as it was observed, made regular.

    Attributes
    ----------
    key, title, unit : str
        Its name in the code, on screen, and its unit.
    drives : str
        What it moves in the model, in a sentence.
    freq : str
        Q, M or A: the step of the regular series.
    ends : (n,) array of int
        Last month of each step, counted as 12 x year + month - 1.
    values : (n,) array
        Regular values; gaps are filled along a straight line of logarithms.
    observations : int
        How many values were observed.
    facts : tuple of Fact
        The rows behind it, in order.
    """

    key: str
    title: str
    unit: str
    drives: str
    freq: str
    ends: Whole
    values: Array
    observations: int
    facts: tuple[Fact, ...]

    @property
    def season(self) -> int:
        """Steps in a year."""
        return MONTHS_PER_YEAR // STEP_MONTHS[self.freq]

    @property
    def filled(self) -> int:
        """Steps that were not observed but filled."""
        return max(0, self.values.size - self.observations)


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """All histories and their forecasts.

    Attributes
    ----------
    histories : mapping of str to History
        By key.
    forecasts : mapping of str to Forecast
        By key; steps of the history's frequency, the first right after its last value.
    """

    histories: Mapping[str, History]
    forecasts: Mapping[str, Forecast]

    def future_ends(self, key: str) -> Whole:
        """Last month of each forecast step."""
        history = self.histories[key]
        steps = np.arange(1, self.forecasts[key].mean.size + 1)
        ends: Whole = history.ends[-1] + steps * STEP_MONTHS[history.freq]
        return ends


def country_name(iso3: str) -> str:
    """Return the name of a country by its code; the code itself where it is not among ours."""
    return COUNTRIES.get(iso3, iso3)


def month_of(period: str) -> int:
    """Return the last month of a period as 12 x year + month - 1.

    Examples
    --------
    >>> month_of("2024") == month_of("2024H2") == month_of("2024Q4") == month_of("2024-12")
    True
    """
    year, rest = int(period[:4]), period[4:]
    if not rest:
        month = 12
    elif rest[0] == "H":
        month = 6 * int(rest[1])
    elif rest[0] == "Q":
        month = 3 * int(rest[1])
    else:
        month = int(rest[1:3])
    return 12 * year + month - 1


def period_name(end: int, freq: str) -> str:
    """Name the period that ends in a month.

    Examples
    --------
    >>> period_name(month_of("2024Q3"), "Q"), period_name(month_of("2024-09"), "M")
    ('2024Q3', '2024-09')
    """
    year, month = divmod(end, 12)
    if freq == "Q":
        return f"{year}Q{month // 3 + 1}"
    return f"{year}-{month + 1:02d}" if freq == "M" or month != 11 else str(year)


def _seen(facts: tuple[Fact, ...]) -> list[Fact]:
    """Drop what was not seen in a source: it stays out of the base case."""
    return [
        fact
        for fact in facts
        if fact.source.confidence is not Confidence.UNVERIFIED and fact.value is not None
    ]


def _period(fact: Fact, place: int) -> str:
    return fact.place.partition("[")[2].rstrip("]").split(", ")[place]


def regular(ends: list[int], values: list[float], step: int) -> tuple[Whole, Array]:
    """Put observations on a regular grid that ends with the last one.

    Values between observations lie on a straight line of logarithms (of values, where one is not
    positive); nothing is extrapolated.

    Parameters
    ----------
    ends : list of int
        Month of each observation, ascending.
    values : list of float
        The observations.
    step : int
        Months between grid points.
    """
    grid = np.arange(ends[-1], ends[0] - 1, -step)[::-1]
    known = np.array(values, dtype=np.float64)
    if (known > 0).all():
        return grid, np.exp(np.interp(grid, ends, np.log(known)))
    return grid, np.interp(grid, ends, known)


def _history(
    key: str,
    title: str,
    drives: str,
    freq: str,
    dated: Sequence[tuple[int, float, tuple[Fact, ...]]],
) -> History | None:
    if not dated:
        return None
    dated = sorted(dated, key=lambda item: item[0])
    ends, values = regular([d[0] for d in dated], [d[1] for d in dated], STEP_MONTHS[freq])
    facts = tuple(fact for _, _, own in dated for fact in own)
    return History(key, title, facts[0].unit, drives, freq, ends, values, len(dated), facts)


def _spending(catalog: Catalog, entity: str, indicator: str) -> dict[int, Fact]:
    facts = catalog.facts("ai_spending", entity=entity, indicator=indicator, status="actual")
    return {month_of(_period(fact, 2)): fact for fact in _seen(facts)}


def _buyers_capex(catalog: Catalog) -> History | None:
    """Sum of the buyers' quarterly capex, over the quarters all of them have reported."""
    each = [_spending(catalog, buyer, "capex") for buyer in BUYERS]
    common = sorted(set.intersection(*(set(facts) for facts in each)))
    dated = [
        (end, math.fsum(facts[end].value or 0.0 for facts in each), tuple(f[end] for f in each))
        for end in common
    ]
    drives = "Growth of demand in every country, through the demand elasticity."
    return _history("ai_capex", "Capex of the five large buyers", drives, "Q", dated)


def _vendor_revenue(catalog: Catalog) -> History | None:
    facts = _spending(catalog, "NVIDIA", "data_centre_revenue")
    dated = [(end, fact.value or 0.0, (fact,)) for end, fact in facts.items()]
    drives = "Nothing yet: shown beside capex as a second witness of AI spending."
    return _history("vendor_revenue", "NVIDIA data-centre revenue", drives, "Q", dated)


def _gpu_price(catalog: Catalog) -> History | None:
    """H100 by month: the generation with the longest record of prices, one tier throughout."""
    tier = "contract"
    rows = _seen(catalog.facts("gpu_hour_prices", gpu="H100", tier=tier))
    dated = [(month_of(_period(fact, 1)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "How the market price of a GPU generation falls, until it fades into the stated decay."
    return _history("gpu_hour_price", "H100 GPU-hour price", drives, "M", dated)


def _capacity(catalog: Catalog, iso3: str) -> History | None:
    rows = _seen(
        catalog.facts("regional_demand", iso3=iso3, indicator="dc_it_capacity", status="live")
    )
    dated = [(month_of(_period(fact, 3)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "The regional capacity from which the factory's demand is drawn."
    return _history(
        f"capacity_{iso3}", f"Live data-centre capacity, {country_name(iso3)}", drives, "A", dated
    )


def _power(catalog: Catalog, iso3: str) -> History | None:
    rows = _seen(catalog.facts("power_prices", iso3=iso3))
    dated = [(month_of(_period(fact, 2)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "How the site's power price moves, until it fades into the stated growth."
    return _history(
        f"power_{iso3}", f"Wholesale power price, {country_name(iso3)}", drives, "M", dated
    )


def _adoption(catalog: Catalog, iso3: str) -> History | None:
    rows = _seen(catalog.facts("regional_demand", iso3=iso3, indicator="enterprise_ai_adoption"))
    dated = [(month_of(_period(fact, 3)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "Nothing yet: a witness of demand beside the capacity series."
    return _history(
        f"adoption_{iso3}", f"Enterprises using AI, {country_name(iso3)}", drives, "A", dated
    )


def histories(catalog: Catalog) -> dict[str, History]:
    """Return every series the tables hold, by key."""
    countries = sorted(set(catalog.tables["sites"]["iso3"]))
    single: list[Callable[[Catalog], History | None]] = [_buyers_capex, _vendor_revenue, _gpu_price]
    found = [make(catalog) for make in single]
    for make in (_capacity, _power, _adoption):
        found += [make(catalog, iso3) for iso3 in countries]
    return {history.key: history for history in found if history is not None}


def outlook(catalog: Catalog) -> Outlook:
    """Forecast every series. Capacity series borrow growth from their peers.

    The same tables give the same forecasts, so the last few are kept by data version.
    """
    return _outlook(_Keyed(catalog))


class _Keyed:
    """A catalog that compares by its version, so that forecasts can be kept by it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.catalog.version == self.catalog.version

    def __hash__(self) -> int:
        return hash(self.catalog.version)


@lru_cache(maxsize=4)
def _outlook(keyed: _Keyed) -> Outlook:
    series = histories(keyed.catalog)
    growth = pooled_growth([h for h in series.values() if h.key.startswith("capacity_")])
    forecasts = {}
    for key, history in series.items():
        peer = growth if key.startswith("capacity_") else None
        forecasts[key] = forecast_series(
            history.values,
            HORIZON_MONTHS // STEP_MONTHS[history.freq],
            season=history.season,
            levels=LEVELS,
            peer_growth=peer,
            name=history.title,
        )
    return Outlook(series, forecasts)


def pooled_growth(capacities: list[History]) -> float | None:
    """Median yearly growth of the capacity series, as a share; None when none has two values."""
    rates = [
        (history.values[-1] / history.values[0]) ** (1 / (history.values.size - 1)) - 1
        for history in capacities
        if history.values.size > 1
    ]
    return float(np.median(rates)) if rates else None
