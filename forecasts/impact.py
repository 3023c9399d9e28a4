"""What new data change before they count: series, which model wins, every metric, and a bridge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from data.catalog import Catalog
from data.catalog_store import Incoming, previewed, previewed_parts
from data.schemas import DATASETS
from forecasts.backtest import Verdict, rolled, verdict_of
from forecasts.combine import Forecast
from forecasts.drivers import central
from forecasts.engine import Result, evaluate, run
from forecasts.metric_register import METRICS
from forecasts.metrics import Metric
from forecasts.outlook import Outlook, expected, outlook
from forecasts.plan import compile_plan
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import Scenario
from forecasts.scorecard import leaderboard
from forecasts.series_grid import History

ALL: Final = "all"
"""Key of all factories together."""

MOST_STEPS: Final = 8
"""Steps of a bridge; smaller groups of rows are taken together."""

OTHERS: Final = "other rows"
"""The step of what is taken together."""


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """A series of the model that new data change.

    Attributes
    ----------
    key, title, unit : str
        Its key, name and unit.
    before, after : History or None
        What was and is known; None where there was or is no series.
    forecast_before, forecast_after : Forecast or None
        The forecasts; no backtest has judged one of new values yet.
    """

    key: str
    title: str
    unit: str
    before: History | None
    after: History | None
    forecast_before: Forecast | None
    forecast_after: Forecast | None


@dataclass(frozen=True, slots=True)
class Winner:
    """Which model won the backtest of a series, and by how much.

    Attributes
    ----------
    model : str
        The model with the smallest error; empty where the series is too short.
    mase, naive : float
        Its mean absolute scaled error, and naive's.
    verdict : Verdict
        The combination, which the model uses, against naive.
    """

    model: str
    mase: float
    naive: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Step:
    """What one group of rows adds to a metric, in its unit."""

    label: str
    change: float


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """What accepting rows would do to a scenario.

    Attributes
    ----------
    series : tuple of Moved
        Series whose history or forecast changes.
    metrics : DataFrame
        A row per factory (and `all`) and metric: `factory, metric, label, unit, before, after,
        change, status_before, status_after`; NaN where a metric has no value.
    before, after : Result
        The projections.
    """

    series: tuple[Moved, ...]
    metrics: pd.DataFrame
    before: Result
    after: Result


def impact(
    scenario: Scenario, before: Catalog, after: Catalog, known: Result | None = None
) -> Impact:
    """Compare a scenario on two catalogs.

    Parameters
    ----------
    scenario : Scenario
        Assumptions.
    before, after : Catalog
        Tables.
    known : Result, optional
        The projection on the tables before, where it is there already.

    Raises
    ------
    RefusedError
        If scenario and tables do not fit together.
    """
    there = outlook(before, scenario.follows)
    coming = expected(after, scenario.follows, there)
    was, now = known or run(scenario, before), _projected(scenario, after, coming)
    return Impact(_moved(there, coming), metrics_of(was, now), was, now)


def _projected(scenario: Scenario, catalog: Catalog, known: Outlook) -> Result:
    """Project along the means of forecasts that are there."""
    plan = compile_plan(scenario, catalog)
    return evaluate(plan, central(plan, known))


def moved(before: Catalog, after: Catalog, scenario: Scenario | None = None) -> tuple[Moved, ...]:
    """Return the series whose history or forecast differs, with what a scenario ties."""
    follows = scenario.follows if scenario is not None else {}
    was = outlook(before, follows)
    return _moved(was, expected(after, follows, was))


def _moved(was: Outlook, now: Outlook) -> tuple[Moved, ...]:
    found = []
    for key in dict.fromkeys([*now.histories, *was.histories]):
        old, new = was.histories.get(key), now.histories.get(key)
        old_mean, new_mean = was.forecasts.get(key), now.forecasts.get(key)
        if _same(old, new) and _same_forecast(old_mean, new_mean):
            continue
        shown = new or old
        if shown is not None:
            found.append(Moved(key, shown.title, shown.unit, old, new, old_mean, new_mean))
    return tuple(found)


def _same(old: History | None, new: History | None) -> bool:
    if old is None or new is None:
        return old is new
    return np.array_equal(old.ends, new.ends) and np.array_equal(old.values, new.values)


def _same_forecast(old: Forecast | None, new: Forecast | None) -> bool:
    if old is None or new is None:
        return old is new
    return old is new or np.array_equal(old.mean, new.mean)


def winner(history: History | None, forecast: Forecast | None) -> Winner | None:
    """Return which model wins the backtest of a series; None where there is no series."""
    if history is None or forecast is None:
        return None
    values = history.values  # noqa: PD011 - an array, which ruff takes for a frame
    trials = rolled(values, forecast.mean.size, history.season)
    board = leaderboard(trials, values, history.season)
    verdict = verdict_of(trials)
    if board.empty:
        return Winner("", np.nan, np.nan, verdict)
    ordered = board.sort_values("mase", kind="stable").set_index("model")["mase"]
    naive = float(ordered.get("naive", np.nan))
    return Winner(str(ordered.index[0]), float(ordered.iloc[0]), naive, verdict)


def metrics_of(before: Result, after: Result) -> pd.DataFrame:
    """Return every metric of every factory on both sides."""
    was, now = _returns(before), _returns(after)
    none = dict.fromkeys(METRICS)
    rows = [
        (key, *_row(name, was.get(key, none).get(name), now.get(key, none).get(name)))
        for key in dict.fromkeys([*now, *was])
        for name in METRICS
    ]
    columns = ["factory", "metric", "label", "unit", "before", "after", "change"]
    return pd.DataFrame(rows, columns=[*columns, "status_before", "status_after"])


def _returns(result: Result) -> dict[str, Mapping[str, Metric | None]]:
    found: dict[str, Mapping[str, Metric | None]] = {ALL: portfolio_returns(result)}
    for row, site in enumerate(result.plan.sites):
        found[site.key] = factory_returns(result, row)
    return found


def _row(
    name: str, old: Metric | None, new: Metric | None
) -> tuple[str, str, str, float, float, float, str, str]:
    info = METRICS[name]
    was, now = (np.nan if one is None or one.value is None else one.value for one in (old, new))
    said = [str(one.status) if one is not None else "absent" for one in (old, new)]
    return (name, info.label, info.unit, was, now, now - was, said[0], said[1])


def groups(incoming: Incoming) -> dict[str, pd.DataFrame]:
    """Split rows into what a person would call one change: by what they measure, and where.

    Groups beyond the eight largest are one.
    """
    dataset = DATASETS[incoming.dataset]
    keys = [name for name in dataset.key if name not in ("period", "fiscal_period", "status")]
    found = {
        ", ".join(str(part) for part in label if str(part) != "national"): rows
        for label, rows in incoming.rows.groupby(keys, sort=False, dropna=False)
    }
    ordered = sorted(found, key=lambda label: -len(found[label]))
    if len(ordered) <= MOST_STEPS:
        return found
    kept = {label: found[label] for label in found if label in ordered[: MOST_STEPS - 1]}
    rest = [found[label] for label in found if label not in kept]
    return kept | {OTHERS: pd.concat(rest)}


def bridge(
    scenario: Scenario,
    before: Catalog,
    incoming: Incoming,
    metric: str = "npv",
    factory: str = ALL,
    ends: tuple[Result, Result] | None = None,
) -> tuple[Step, ...]:
    """Return what each group of rows adds to a metric, largest first; they add up to the change.

    What a group adds depends on what came before it: the mean of adding the groups in their order
    and in the opposite one. Empty where the metric has no value somewhere on the way. `ends` are
    the projections without and with all rows, where they are there already.
    """
    if ends is None:
        ends = run(scenario, before), run(scenario, previewed(before, incoming))
    incoming = replace(incoming, rows=incoming.rows.reset_index(drop=True))
    parts = groups(incoming)
    labels = list(parts)
    added = dict.fromkeys(labels, 0.0)
    for order in (labels, labels[::-1]):
        between = _along(scenario, before, incoming, [parts[label] for label in order])
        values = [ends[0], *between, ends[1]]
        changes = [_value(values[at + 1], metric, factory) for at in range(len(order))]
        first = _value(values[0], metric, factory)
        if first is None or any(change is None for change in changes):
            return ()
        last = first
        for label, change in zip(order, changes, strict=True):
            if change is not None:
                added[label] += (change - last) / 2
                last = change
    return tuple(
        Step(label, change) for label, change in sorted(added.items(), key=lambda one: -abs(one[1]))
    )


def _along(
    scenario: Scenario, before: Catalog, incoming: Incoming, parts: Sequence[pd.DataFrame]
) -> list[Result]:
    """Project with more and more of the rows, from the first part to all but the last."""
    indexes = [part.index for part in parts]
    grown = [indexes[0].append(indexes[1:count]) for count in range(1, len(parts))]
    there = outlook(before, scenario.follows)
    return [
        _projected(scenario, made, expected(made, scenario.follows, there))
        for made in previewed_parts(before, incoming, grown)
    ]


def _value(result: Result, metric: str, factory: str) -> float | None:
    if factory == ALL:
        return portfolio_returns(result)[metric].value
    rows = [row for row, site in enumerate(result.plan.sites) if site.key == factory]
    return factory_returns(result, rows[0])[metric].value if rows else None
