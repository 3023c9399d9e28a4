"""What earlier data would have forecast, and what others forecast, against what came.

The tables are cut at an earlier month and the ordinary forecast is made from what is left: nothing
but the method knows what came later. Rows count from the end of their period, not from the day they
were published, so an origin knows a few weeks more than a reader did then. Values that arrive later
are scored as soon as they stand in the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from statistics import median

import numpy as np

from data.catalog import Catalog
from forecasts.combine import forecast_series
from forecasts.outlook import (
    LEVELS,
    Outlook,
    histories,
    outlook,
    peers_growth,
    peers_spread,
)
from forecasts.peers import Peers
from forecasts.published_record import Outside
from forecasts.series_grid import STEP_MONTHS, History, month_of, period_in

CUT = {"ai_spending": 2, "gpu_hour_prices": 1, "regional_demand": 3}
"""Tables that are cut at an origin, with the place of the period in their key."""

GROUPS: Mapping[str, tuple[str, str]] = {
    "ai_capex": ("AI spending", "ai_spending"),
    "gpu_hour_price": ("GPU-hour price", "gpu_hour_prices"),
    "capacity": ("Regional capacity", "regional_demand"),
}
"""What is scored, by the beginning of the series' key: its name and its table."""

AHEAD_MONTHS = 36
"""How far a past forecast is followed."""

ORIGIN_MONTHS = 6
"""Months between two origins."""

FEWEST = 1
"""Observations an origin must have seen."""

TINY = 1e-9
"""Keeps logarithms of empty lower ends finite."""

LEVEL = 80
"""Level of the interval that is judged, percent."""


@dataclass(frozen=True, slots=True)
class Past:
    """One forecast that earlier data would have given, and what came.

    Attributes
    ----------
    key, title, unit : str
        The series.
    origin, target : int
        Last month known, and month forecast: 12 x year + month - 1.
    said, low, high : float
        Forecast and its 80 % interval.
    still : float
        The last value known: what naive would have said.
    came : float
        What came.
    """

    key: str
    title: str
    unit: str
    origin: int
    target: int
    said: float
    low: float
    high: float
    still: float
    came: float

    @property
    def error(self) -> float:
        """Forecast over what came, less 1."""
        return self.said / self.came - 1

    @property
    def inside(self) -> bool:
        """Whether what came lies in the interval."""
        return self.low <= self.came <= self.high


@dataclass(frozen=True, slots=True)
class Record:
    """How past forecasts of one kind did.

    Attributes
    ----------
    group, ahead : str
        What was forecast, and how far ahead.
    forecasts : int
        How many there are.
    median_error, naive_error : float
        Medians of the absolute relative errors of the forecast and of the last value.
    bias : float
        Median of the relative error: below zero where forecasts were too low.
    covered : float
        Share of values inside the 80 % interval.
    """

    group: str
    ahead: str
    forecasts: int
    median_error: float
    naive_error: float
    bias: float
    covered: float


def past_forecasts(catalog: Catalog, group: str = "") -> tuple[Past, ...]:
    """Forecast every scored series from every origin its past allows, and see what came.

    One that follows a series of the user's own is not scored: its past is not the model's. The same
    tables give the same scores; they are kept by data version.

    Parameters
    ----------
    catalog : Catalog
        Tables.
    group : str
        One of `GROUPS`, where others are not wanted.
    """
    return _past(outlook(catalog), _Tables(catalog), group)


class _Tables:
    """A catalog that compares by its version."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tables) and other.catalog.version == self.catalog.version

    def __hash__(self) -> int:
        return hash(self.catalog.version)


@lru_cache(maxsize=8)
def _past(known: Outlook, tables: _Tables, group: str) -> tuple[Past, ...]:
    wanted = {group} if group else set(GROUPS)
    scored = {
        key: one for key, one in known.histories.items() if group_of(key) in wanted and _ours(one)
    }
    observed = {key: _observed(one) for key, one in scored.items()}
    months = sorted({month for own in observed.values() for month in own})
    if not months:
        return ()
    found: list[Past] = []
    for origin in range(months[-1] - ORIGIN_MONTHS, months[0], -ORIGIN_MONTHS):
        stood = histories(stood_at(tables.catalog, origin))
        for key, own in observed.items():
            then = stood.get(key)
            if then is not None and then.observations >= FEWEST:
                growth = peers_growth(stood, key)
                peers = None if growth is None else Peers(growth, peers_spread(stood, key))
                found += _held_against(then, own, origin, peers)
    return tuple(sorted(found, key=lambda one: (one.key, one.origin, one.target)))


def _held_against(
    then: History, came: Mapping[int, float], origin: int, peers: Peers | None
) -> list[Past]:
    """Forecast a series as it stood, and take the steps whose values are known by now."""
    step, last = STEP_MONTHS[then.freq], int(then.ends[-1])
    targets = [month for month in came if origin < month <= origin + AHEAD_MONTHS and came[month]]
    if not targets or then.values[-1] <= 0:
        return []
    made = forecast_series(
        then.values,
        -(-(max(targets) - last) // step),
        season=then.season,
        levels=LEVELS,
        peer_growth=peers.growth if peers else None,
        peer_spread=peers.spread if peers else 0.0,
        name=then.title,
    )
    ends = last + step * np.arange(made.mean.size + 1)

    logs = np.log(np.maximum(np.append(then.values[-1], made.mean), TINY))

    def at(month: int) -> tuple[float, float, float]:
        """Forecast and interval of a month; between steps as wide as at the step to come."""
        said = float(np.exp(np.interp(month, ends, logs)))
        place = -(-(month - last) // step) - 1
        whole = max(float(made.mean[place]), TINY)
        low, high = (float(side[LEVEL][place]) / whole for side in (made.lower, made.upper))
        return said, min(said * low, said), max(said * high, said)

    return [
        Past(
            key=then.key,
            title=then.title,
            unit=then.unit,
            origin=origin,
            target=month,
            said=said,
            low=low,
            high=high,
            still=float(then.values[-1]),
            came=came[month],
        )
        for month in targets
        for said, low, high in (at(month),)
    ]


def group_of(key: str) -> str:
    """Return the group of a series; empty when it is not scored."""
    return next((name for name in GROUPS if key == name or key.startswith(f"{name}_")), "")


def _ours(history: History) -> bool:
    """Tell whether a scored series was read from the model's own table."""
    return any(fact.place.startswith(GROUPS[group_of(history.key)][1]) for fact in history.facts)


def _observed(history: History) -> dict[int, float]:
    """Return the values that were observed, by month: filled points are no evidence."""
    table = GROUPS[group_of(history.key)][1]
    if history.freq == "A":  # counted at odd months, which the yearly grid does not keep
        dated = [(month_of(period_in(fact, CUT[table])), fact.value) for fact in history.facts]
        return {month: value for month, value in dated if value is not None}
    months = {month_of(period_in(fact, CUT[table])) for fact in history.facts}
    pairs = zip(history.ends.tolist(), history.values.tolist(), strict=True)
    return {month: value for month, value in pairs if month in months}


def stood_at(catalog: Catalog, origin: int) -> Catalog:
    """Return the tables without what is for a later month than `origin`."""
    tables = dict(catalog.tables)
    for name in CUT:
        frame = tables[name]
        tables[name] = frame[[month_of(str(period)) <= origin for period in frame["period"]]]
    return replace(catalog, tables=tables, version=f"{catalog.version}@{origin}", memo={})


def scored(found: Sequence[Past]) -> tuple[Record, ...]:
    """Return how past forecasts did, by group and distance."""
    records = []
    for group, (label, _) in GROUPS.items():
        for ahead, low, high in (("up to a year", 0, 12), ("one to three years", 12, 36)):
            own = [
                one
                for one in found
                if group_of(one.key) == group and low < one.target - one.origin <= high
            ]
            if own:
                records.append(_record(label, ahead, own))
    return tuple(records)


def _record(group: str, ahead: str, own: Sequence[Past]) -> Record:
    return Record(
        group=group,
        ahead=ahead,
        forecasts=len(own),
        median_error=median(abs(one.error) for one in own),
        naive_error=median(abs(one.still / one.came - 1) for one in own),
        bias=median(one.error for one in own),
        covered=sum(one.inside for one in own) / len(own),
    )


def record_data(found: Sequence[Past], others: Sequence[Outside]) -> dict[str, object]:
    """Return the scores as plain data."""
    return {
        "ours": [asdict(one) for one in scored(found)],
        "forecasts": [asdict(one) | {"error": one.error, "inside": one.inside} for one in found],
        "published": [
            {
                "topic": one.topic,
                "region": one.region,
                "period": one.period,
                "vintage": one.vintage,
                "said": one.said.value,
                "unit": one.said.unit,
                "against": one.value,
                "came": one.came,
                "error": one.error,
                "row": one.said.place,
            }
            for one in others
        ],
    }
