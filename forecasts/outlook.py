"""The series behind the model: histories out of the tables, and a forecast of each."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from data.catalog import Catalog
from data.provenance import Fact
from data.schemas import COUNTRIES
from forecasts.combine import Forecast, forecast_series
from forecasts.own_series import tied, with_own
from forecasts.peers import spread_of
from forecasts.series_grid import STEP_MONTHS as STEP_MONTHS
from forecasts.series_grid import History as History
from forecasts.series_grid import history_of_points, period_in, seen
from forecasts.series_grid import month_of as month_of
from forecasts.series_grid import period_name as period_name
from forecasts.series_grid import regular as regular
from forecasts.units import Array, Whole

BUYERS = ("Amazon", "Microsoft", "Alphabet", "Meta", "Oracle")
"""The large buyers whose capital expenditure stands for global AI spending."""

HORIZON_MONTHS = 60
"""How far every series is forecast; the model trusts less of it."""

LEVELS = (50, 80, 95)
"""Prediction intervals, in percent."""


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


def _spending(catalog: Catalog, entity: str, indicator: str) -> dict[int, Fact]:
    facts = catalog.facts("ai_spending", entity=entity, indicator=indicator, status="actual")
    return {month_of(period_in(fact, 2)): fact for fact in seen(facts)}


def _buyers_capex(catalog: Catalog) -> History | None:
    """Sum of the buyers' quarterly capex, over the quarters all of them have reported."""
    each = [_spending(catalog, buyer, "capex") for buyer in BUYERS]
    common = sorted(set.intersection(*(set(facts) for facts in each)))
    dated = [
        (end, math.fsum(facts[end].value or 0.0 for facts in each), tuple(f[end] for f in each))
        for end in common
    ]
    drives = "Growth of demand in every country, through the demand elasticity."
    return history_of_points("ai_capex", "Capex of the five large buyers", drives, "Q", dated)


def _vendor_revenue(catalog: Catalog) -> History | None:
    facts = _spending(catalog, "NVIDIA", "data_centre_revenue")
    dated = [(end, fact.value or 0.0, (fact,)) for end, fact in facts.items()]
    drives = "Nothing yet: shown beside capex as a second witness of AI spending."
    return history_of_points("vendor_revenue", "NVIDIA data-centre revenue", drives, "Q", dated)


def _gpu_price(catalog: Catalog) -> History | None:
    """H100 by month: the generation with the longest record of prices, one tier throughout."""
    tier = "contract"
    rows = seen(catalog.facts("gpu_hour_prices", gpu="H100", tier=tier))
    dated = [(month_of(period_in(fact, 1)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "How the market price of a GPU generation falls, until it fades into the stated decay."
    return history_of_points("gpu_hour_price", "H100 GPU-hour price", drives, "M", dated)


def _capacity(catalog: Catalog, iso3: str) -> History | None:
    rows = seen(
        catalog.facts("regional_demand", iso3=iso3, indicator="dc_it_capacity", status="live")
    )
    dated = [(month_of(period_in(fact, 3)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "The regional capacity from which the factory's demand is drawn."
    return history_of_points(
        f"capacity_{iso3}", f"Live data-centre capacity, {country_name(iso3)}", drives, "A", dated
    )


def _power(catalog: Catalog, iso3: str) -> History | None:
    rows = seen(catalog.facts("power_prices", iso3=iso3))
    dated = [(month_of(period_in(fact, 2)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "How the site's power price moves, until it fades into the stated growth."
    return history_of_points(
        f"power_{iso3}", f"Wholesale power price, {country_name(iso3)}", drives, "M", dated
    )


def _adoption(catalog: Catalog, iso3: str) -> History | None:
    rows = seen(catalog.facts("regional_demand", iso3=iso3, indicator="enterprise_ai_adoption"))
    dated = [(month_of(period_in(fact, 3)), fact.value or 0.0, (fact,)) for fact in rows]
    drives = "Nothing yet: a witness of demand beside the capacity series."
    return history_of_points(
        f"adoption_{iso3}", f"Enterprises using AI, {country_name(iso3)}", drives, "A", dated
    )


def histories(catalog: Catalog) -> dict[str, History]:
    """Return every series the tables hold, by key; users' own and what follows them included."""
    countries = sorted(set(catalog.tables["sites"]["iso3"]))
    single: list[Callable[[Catalog], History | None]] = [_buyers_capex, _vendor_revenue, _gpu_price]
    found = [make(catalog) for make in single]
    for make in (_capacity, _power, _adoption):
        found += [make(catalog, iso3) for iso3 in countries]
    return with_own({one.key: one for one in found if one is not None}, catalog)


def outlook(catalog: Catalog, follows: Mapping[str, str] | None = None) -> Outlook:
    """Forecast every series. Capacity series borrow growth from their peers.

    The same tables give the same forecasts, so the last few are kept by data version.

    Parameters
    ----------
    catalog : Catalog
        Tables.
    follows : mapping of str to str, optional
        What a scenario lets series of the model follow: `Scenario.follows`.
    """
    return _outlook(_Keyed(tied(catalog, follows or {})))


class _Keyed:
    """A catalog that compares by its version, so that forecasts can be kept by it."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.catalog.version == self.catalog.version

    def __hash__(self) -> int:
        return hash(self.catalog.version)


@lru_cache(maxsize=24)
def _outlook(keyed: _Keyed) -> Outlook:
    series = histories(keyed.catalog)
    forecasts = {
        key: _forecast(_Values(history), peers_growth(series, key), peers_spread(series, key))
        for key, history in series.items()
    }
    return Outlook(series, forecasts)


def peers_growth(series: Mapping[str, History], key: str) -> float | None:
    """Return the growth by step that a series borrows from its peers; None where it borrows none.

    Parameters
    ----------
    series : mapping of str to History
        All series, from `histories`.
    key : str
        The series; capacity series alone borrow.
    """
    return _per_step(_growth(series), series[key]) if _borrows(key) else None


def peers_spread(series: Mapping[str, History], key: str) -> float:
    """Return how far that growth differs between peers, as a logarithm by step; 0 without peers.

    Takes what `peers_growth` does.
    """
    return pooled_spread(_capacities(series)) / series[key].season if _borrows(key) else 0.0


def expected(catalog: Catalog, follows: Mapping[str, str] | None, known: Outlook) -> Outlook:
    """Forecast every series along its mean; one that is as `known` keeps its whole forecast.

    New series and values have the mean they would have in `outlook`, bit by bit, but no backtest
    has judged them and widened their intervals: for what is shown before data count.

    Parameters
    ----------
    catalog : Catalog
        Tables.
    follows : mapping of str to str, optional
        What a scenario lets series of the model follow: `Scenario.follows`.
    known : Outlook
        Forecasts of other tables, mostly alike.
    """
    series = histories(tied(catalog, follows or {}))
    growth, before = _growth(series), _growth(known.histories)
    forecasts = {}
    for key, history in series.items():
        peer = _per_step(growth, history) if _borrows(key) else None
        own, old = _Values(history), known.histories.get(key)
        same = old is not None and _Values(old) == own and (peer is None or growth == before)
        forecasts[key] = known.forecasts[key] if same else _mean_forecast(own, peer)
    return Outlook(series, forecasts)


def _borrows(key: str) -> bool:
    return key.startswith("capacity_")


def _capacities(series: Mapping[str, History]) -> list[History]:
    return [one for key, one in series.items() if _borrows(key)]


def _growth(series: Mapping[str, History]) -> float | None:
    return pooled_growth(_capacities(series))


class _Values:
    """A series that compares by what its forecast depends on."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.held = (history.values.tobytes(), history.freq, history.title)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Values) and other.held == self.held

    def __hash__(self) -> int:
        return hash(self.held)


@lru_cache(maxsize=256)
def _forecast(series: _Values, peer: float | None, spread: float) -> Forecast:
    """Forecast a series; one that new data leave as it was is not forecast again."""
    return _made(series.history, peer, spread, judged=True)


@lru_cache(maxsize=256)
def _mean_forecast(series: _Values, peer: float | None) -> Forecast:
    return _made(series.history, peer, 0.0, judged=False)


def _made(history: History, peer: float | None, spread: float, *, judged: bool) -> Forecast:
    return forecast_series(
        history.values,
        HORIZON_MONTHS // STEP_MONTHS[history.freq],
        season=history.season,
        levels=LEVELS,
        peer_growth=peer,
        peer_spread=spread,
        name=history.title,
        judged=judged,
    )


def pooled_growth(capacities: list[History]) -> float | None:
    """Median yearly growth of the capacity series, as a share; None when none shows any.

    A series shows growth from its first value to its last where both are above nought.
    """
    rates = _rates(capacities)
    return float(np.median(rates)) if rates.size else None


def pooled_spread(capacities: list[History]) -> float:
    """How far the yearly growth of one more capacity series may differ, as a logarithm."""
    rates = _rates(capacities)
    return spread_of(rates) if rates.size else 0.0


def _rates(capacities: list[History]) -> Array:
    """Yearly growth of each series from its first value to its last, both above nought.

    What leaves the number range is left out: nobody builds so.
    """
    with np.errstate(over="ignore", under="ignore"):
        rates = np.array(
            [
                (one.values[-1] / one.values[0]) ** (one.season / (one.values.size - 1)) - 1
                for one in capacities
                if one.values.size > 1 and min(one.values[0], one.values[-1]) > 0
            ]
        )
    return np.asarray(rates[np.isfinite(rates) & (rates > -1)])


def _per_step(yearly: float | None, history: History) -> float | None:
    """Return yearly growth as growth by step of a series."""
    if yearly is None or history.season == 1:
        return yearly
    return float((1 + yearly) ** (1 / history.season) - 1)
