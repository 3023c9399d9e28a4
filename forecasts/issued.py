"""What is issued on a day: the forecast of every series, and the results that rest on them.

The content is plain data, rounded to ten digits, so that equal forecasts have equal hashes. It
holds no clock and no name: who issued it, and when, stands beside it in the store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from forecasts.engine import Result
from forecasts.metric_register import METRICS
from forecasts.metrics import Metric
from forecasts.outlook import Outlook
from forecasts.report import month_name
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.series_grid import month_of, period_name
from forecasts.units import Array

FORM: Final = "rackcast-issue-1"
"""What the content of an issue calls itself."""

HEADLINES: Final = ("capex", "npv", "irr", "lcoc")
"""Metrics that an issue keeps, beside the first live month."""

ALL: Final = "all"
"""Key of all factories together."""

DIGITS: Final = 10
"""Significant digits that are kept."""

Json = dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """The forecast of one series as it was issued.

    Attributes
    ----------
    key, title, unit, freq : str
        The series; its step is Q, M or A.
    known : int
        Last month known then: 12 x year + month - 1.
    last : float
        The value known for it: what naive says of every later month.
    ends : (n,) array of int
        Last month of each step.
    mean : (n,) array
        Forecast.
    lower, upper : mapping of int to (n,) array
        Ends of the intervals by level in percent.
    """

    key: str
    title: str
    unit: str
    freq: str
    known: int
    last: float
    ends: Array
    mean: Array
    lower: Mapping[int, Array]
    upper: Mapping[int, Array]


LEVELS: Final = (80, 95)
"""Levels of the intervals that are kept, percent."""


def issue_content(result: Result, known: Outlook) -> Json:
    """Return forecasts and headline results as plain data.

    Parameters
    ----------
    result : Result
        Projection of the scenario that counts.
    known : Outlook
        The forecasts behind it.
    """
    scenario = result.plan.scenario
    rows = range(len(result.plan.sites))
    return {
        "form": FORM,
        "data_version": result.plan.data_version,
        "scenario": {"hash": scenario.hash, "follows": dict(scenario.follows)},
        "series": [_series(known, key) for key in sorted(known.histories)],
        "results": [
            _results(ALL, "All factories", _first([_live(result, row) for row in rows]),
                     portfolio_returns(result)),
            *(
                _results(site.key, site.name, _live(result, row), factory_returns(result, row))
                for row, site in enumerate(result.plan.sites)
            ),
        ],
    }  # fmt: skip


def _series(known: Outlook, key: str) -> Json:
    history, made = known.histories[key], known.forecasts[key]
    sides = {
        f"{name}-{level}": side[level]
        for level in LEVELS
        for name, side in (("lo", made.lower), ("hi", made.upper))
    }
    return {
        "key": key,
        "title": history.title,
        "unit": history.unit,
        "freq": history.freq,
        "known": period_text(int(history.ends[-1]), history.freq),
        "last": _short(history.values[-1]),
        "periods": [period_text(int(end), history.freq) for end in known.future_ends(key)],
        **{
            name: [_short(one) for one in each]
            for name, each in ({"mean": made.mean} | sides).items()
        },
    }


def period_text(end: int, freq: str) -> str:
    """Name the period that ends in a month so that `month_of` reads the same month back.

    Examples
    --------
    >>> period_text(month_of("2024Q3"), "Q"), period_text(month_of("2024-08"), "Q")
    ('2024Q3', '2024-08')
    """
    name = period_name(end, freq)
    return name if month_of(name) == end else f"{end // 12}-{end % 12 + 1:02d}"


def _results(key: str, name: str, live: str, metrics: Mapping[str, Metric]) -> Json:
    held: Json = {"factory": key, "name": name, "live": live or None}
    for one in HEADLINES:
        metric = metrics[one]
        value = None if metric.value is None else _short(metric.value)
        held[one] = {
            "value": value,
            "unit": metric.unit,
            "status": str(metric.status),
            "reason": metric.reason,
        }
    return held


def _live(result: Result, row: int) -> str:
    phases = result.phases[row]
    return month_name(result, min(phase.live for phase in phases)) if phases else ""


def _first(months: Iterable[str]) -> str:
    return min((month for month in months if month), default="")


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def said_in(content: Mapping[str, object]) -> tuple[Said, ...]:
    """Read the forecasts of an issue back."""
    found = []
    series = content["series"]
    for one in series if isinstance(series, list) else ():
        arrays = {name: np.array(one[f"{name}"], dtype=np.float64) for name in _columns()}
        found.append(
            Said(
                key=one["key"],
                title=one["title"],
                unit=one["unit"],
                freq=one["freq"],
                known=month_of(one["known"]),
                last=one["last"],
                ends=np.array([month_of(period) for period in one["periods"]], dtype=np.float64),
                mean=arrays["mean"],
                lower={level: arrays[f"lo-{level}"] for level in LEVELS},
                upper={level: arrays[f"hi-{level}"] for level in LEVELS},
            )
        )
    return tuple(found)


def _columns() -> tuple[str, ...]:
    return ("mean", *(f"{side}-{level}" for level in LEVELS for side in ("lo", "hi")))


def follows_in(content: Mapping[str, object]) -> dict[str, str]:
    """Return what the scenario of an issue let series of the model follow."""
    scenario = content["scenario"]
    held = scenario["follows"] if isinstance(scenario, dict) else {}
    return {str(key): str(name) for key, name in held.items()}


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline result of one factory as it was issued.

    Attributes
    ----------
    factory, name : str
        Key and name of the factory; `all` for all together.
    metric, label, unit : str
        What it is; the first live month has the unit `month`.
    value : float, str or None
        The figure, or a month as `2028-04`; None where there is none.
    reason : str
        Why there is none.
    """

    factory: str
    name: str
    metric: str
    label: str
    unit: str
    value: float | str | None
    reason: str = ""


def headlines_in(content: Mapping[str, object]) -> tuple[Headline, ...]:
    """Read the headline results of an issue back."""
    found = []
    results = content["results"]
    for row in results if isinstance(results, list) else ():
        who = row["factory"], row["name"]
        for name in HEADLINES:
            held, label = row[name], METRICS[name].label
            found.append(Headline(*who, name, label, held["unit"], held["value"], held["reason"]))
        reason = "" if row["live"] else "No phase is built."
        found.append(Headline(*who, "live", "First live month", "month", row["live"], reason))
    return tuple(found)
