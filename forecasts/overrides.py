"""An analyst's judgement beside the model's forecast: applied visibly, scored when the value came.

An override names the last period that was known when it was made, so that the model's forecast of
that day can be made again and both be judged by what came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from data.problems import Problem
from forecasts.combine import forecast
from forecasts.periods import calendar_of
from forecasts.units import Array
from forecasts.written import percent

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

COLUMNS = ("unique_id", "ds", "y", "known", "who", "reason")
"""Columns of a file of overrides; `known` is the last period known when it was judged."""

SCORED = ("unique_id", "ds", "who", "actual", "judgement", "model", "closer", "reason")
"""Columns of judgements whose period has come."""

HALF_LIFE = 4.0
"""Steps after the last judged one in which half of the judgement is left (an assumption)."""

ENOUGH = 20
"""Judged values from which on a difference of skill is called one."""


@dataclass(frozen=True, slots=True)
class Override:
    """One judgement.

    Attributes
    ----------
    unique_id, ds : str
        Series and period judged.
    value : float
        The analyst's figure, in the series' unit.
    known : str
        Last period known at the time.
    who, reason : str
        Who judged, and why.
    """

    unique_id: str
    ds: str
    value: float
    known: str
    who: str
    reason: str


def overrides_of(
    rows: Sequence[Mapping[str, str]], place: str
) -> tuple[tuple[Override, ...], list[Problem]]:
    """Read overrides from the rows of a file; return them and every problem.

    Parameters
    ----------
    rows : sequence of mapping
        Cells by column, as text; the first stands in row 2 of the file.
    place : str
        Name of the file, for messages.
    """
    made, problems = [], []
    seen: set[tuple[str, str]] = set()
    for line, row in enumerate(rows, start=2):
        where = f"{place} row {line}"
        cells = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        missing = [name for name, cell in cells.items() if not cell]
        problems += [Problem(f"{where}, {name}", "''", "a value", "fill it") for name in missing]
        value = _number(cells["y"])
        if cells["y"] and value is None:
            problems.append(Problem(f"{where}, y", repr(cells["y"]), "a number", "correct it"))
        key = cells["unique_id"], cells["ds"]
        if not missing and key in seen:
            found = f"a second judgement of {key[0]} for {key[1]}"
            problems.append(Problem(where, found, "one", "keep the newer"))
        seen.add(key)
        if not missing and value is not None:
            who = cells["who"], cells["reason"]
            made.append(Override(*key, value, cells["known"], *who))
    return tuple(made), problems


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def judged(made: pd.DataFrame, overrides: Sequence[Override]) -> pd.DataFrame:
    """Apply overrides to forecasts, keeping the model's beside them.

    The difference of a judged step fades in along a straight line from the last known value, runs
    straight between judged steps, and halves every 4 steps after the last. Intervals move along
    and keep their width.

    Parameters
    ----------
    made : DataFrame
        From `forecasts.combine.forecast`.
    overrides : sequence of Override
        Those of other series or periods change nothing.

    Returns
    -------
    DataFrame
        `made` with `model_mean` (as it was) and `judged_by` (empty where nothing changed).
    """
    out = made.assign(model_mean=made["mean"], judged_by="")
    for key, rows in made.groupby("unique_id", sort=False).groups.items():
        periods = [str(ds) for ds in made.loc[rows, "ds"]]
        own = {one.ds: one for one in overrides if one.unique_id == str(key) and one.ds in periods}
        if not own:
            continue
        steps = np.array(sorted(periods.index(ds) for ds in own))
        judgements = [own[periods[step]] for step in steps]
        means = made.loc[rows, "mean"].to_numpy()
        moved = _faded(
            steps, np.array([one.value for one in judgements]) - means[steps], means.size
        )
        for column in [name for name in made.columns if name == "mean" or name[:3] in LIMITS]:
            values = made.loc[rows, column].to_numpy()
            floor = 0.0 if values.min() >= 0 else -np.inf
            out.loc[rows, column] = np.maximum(values + moved, floor)
        out.loc[rows, "judged_by"] = ", ".join(dict.fromkeys(one.who for one in judgements))
    return out


def misplaced(
    made: pd.DataFrame, history: pd.DataFrame, overrides: Sequence[Override], place: str
) -> list[Problem]:
    """Name every override of a series or period that is neither forecast nor known.

    Parameters
    ----------
    made, history : DataFrame
        Forecasts, and what they were made from.
    overrides : sequence of Override
        The judgements.
    place : str
        Name of their file.
    """
    periods: dict[str, dict[str, None]] = {}  # in order, the last forecast last
    for frame in (history, made):
        for key, rows in frame.groupby("unique_id", sort=False):
            periods.setdefault(str(key), {}).update(dict.fromkeys(str(ds) for ds in rows["ds"]))
    problems = []
    for one in overrides:
        known = periods.get(one.unique_id)
        if known is None:
            names = ", ".join(list(periods)[:5])
            found = f"series {one.unique_id!r}"
            problems.append(Problem(place, found, "a series of the file", f"use one of {names}"))
        elif one.ds not in known:
            found = f"{one.unique_id}: period {one.ds!r}"
            fix = f"write it like {next(reversed(known))}, the last one, or lengthen the horizon"
            problems.append(Problem(place, found, "a period known or forecast", fix))
    return problems


LIMITS = ("lo-", "hi-")
"""Beginnings of the columns that hold interval limits."""


def _faded(steps: Array, differences: Array, count: int) -> Array:
    """Difference at every step, (count,)."""
    places = np.concatenate([[-1], steps])
    line = np.interp(np.arange(count), places, np.concatenate([[0.0], differences]))
    after = np.maximum(np.arange(count) - steps[-1], 0)
    return np.asarray(line * 0.5 ** (after / HALF_LIFE))


def scored(
    history: pd.DataFrame, overrides: Sequence[Override], freq: str | None = None
) -> pd.DataFrame:
    """Judge the judgements whose period has come, against the model's forecast of their day.

    Parameters
    ----------
    history : DataFrame
        `unique_id, ds, y` as known now.
    overrides : sequence of Override
        Those whose period, or last known period, has no value in the history are left out.
    freq : str or None
        As for `forecasts.combine.forecast`.

    Returns
    -------
    DataFrame
        `unique_id, ds, who, actual, judgement, model, closer, reason`, in the order given.
    """
    rows = []
    for one in overrides:
        own = history[history["unique_id"].astype(str) == one.unique_id]
        found = _came(own, one, freq)
        if found is None:
            continue
        actual, model = found
        closer = closer_of(one.value, model, actual)
        rows.append((one.unique_id, one.ds, one.who, actual, one.value, model, closer, one.reason))
    return pd.DataFrame(rows, columns=list(SCORED))


def closer_of(judgement: float, model: float, actual: float) -> str:
    """Return whether judgement or model was closer to what came: its name, or `equal`.

    Examples
    --------
    >>> closer_of(11.0, 12.0, 10.0), closer_of(9.0, 11.0, 10.0)
    ('judgement', 'equal')
    """
    gap = abs(judgement - actual) - abs(model - actual)
    return "model" if gap > 0 else "judgement" if gap < 0 else "equal"


def _came(own: pd.DataFrame, one: Override, freq: str | None) -> tuple[float, float] | None:
    """Return what came and what the model said on the day; None where that cannot be told.

    Rows may stand in any order and leave periods out: what was known goes by period.
    """
    own = own[own["y"].notna()].reset_index(drop=True)
    periods = [str(ds) for ds in own["ds"]]
    if one.ds not in periods or one.known not in periods:
        return None
    steps = calendar_of(own["ds"].tolist(), freq).steps
    came, last = (int(steps[periods.index(ds)]) for ds in (one.ds, one.known))
    if came <= last:
        return None
    then = forecast(own[steps <= last], came - last, freq)
    ahead = dict(zip(then["ds"].astype(str), then["mean"], strict=True))
    if one.ds not in ahead:
        return None
    return float(own["y"].iloc[periods.index(one.ds)]), float(ahead[one.ds])


def analysts(scores: pd.DataFrame) -> pd.DataFrame:
    """Sum scores up by analyst: `who, judged, closer, skill, verdict`.

    `skill` is 1 - the analyst's mean absolute error over the model's; NaN where the model was
    exact or all but. Under 20 judgements the verdict says that they are too few.
    """
    rows = []
    for who, own in scores.groupby("who", sort=False):
        errors = (own[["judgement", "model"]].sub(own["actual"], axis=0)).abs().mean()
        with np.errstate(over="ignore"):
            share = errors["judgement"] / errors["model"] if errors["model"] > 0 else np.nan
        skill = 1 - share if np.isfinite(share) else np.nan
        count = len(own)
        verdict = f"{count} judged: too few to tell."
        if count >= ENOUGH and np.isfinite(skill):
            side = "closer than" if skill > 0 else "further off than"
            verdict = f"{percent(abs(skill))} {side} the model over {count}."
        rows.append((who, count, float((own["closer"] == "judgement").mean()), skill, verdict))
    return pd.DataFrame(rows, columns=["who", "judged", "closer", "skill", "verdict"])
