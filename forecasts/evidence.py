"""Why a forecast of a bundled series may be believed: backtest, checks of errors, revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.backtest import COMBINATION, NAIVE, Trial, Verdict, rolled, verdict_of
from forecasts.ceilings import Ceilings, curve_trials
from forecasts.combine import Forecast
from forecasts.diagnosis import Finding, diagnosed, one_step_errors
from forecasts.issue_scores import observed
from forecasts.models import STATSMODELS
from forecasts.outlook import History
from forecasts.revision import Revision, revised
from forecasts.scorecard import leaderboard

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the past of a series says about its forecast.

    Attributes
    ----------
    verdict : Verdict
        The combination against naive.
    board : DataFrame
        Scores of every model, best first; see `forecasts.scorecard.leaderboard`.
    steps : DataFrame
        `step, combination, naive, covered, errors`: mean absolute errors in the series' unit and
        the share of values inside the 80 % interval, by step ahead; empty when nothing was tried.
    findings : tuple of Finding
        Checks of the one-step errors.
    revision : Revision or None
        What the newest value changed.
    """

    verdict: Verdict
    board: pd.DataFrame
    steps: pd.DataFrame
    findings: tuple[Finding, ...]
    revision: Revision | None


def evidence(
    history: History,
    forecast: Forecast,
    *,
    every: bool = False,
    ceilings: Ceilings | None = None,
    peer_growth: float | None = None,
) -> Evidence:
    """Judge a forecast on its series' own past.

    Parameters
    ----------
    history : History
        The series.
    forecast : Forecast
        Its forecast, from `forecasts.outlook.outlook`.
    every : bool
        Whether statsmodels' automatic families are tried too; that takes seconds.
    ceilings : Ceilings or None
        Where given, growth curves towards its middle are tried too.
    peer_growth : float or None
        As the forecast was given it, from `forecasts.outlook.peers_growth`. What the newest value
        changed is told under it; the backtest tries the series' own method without it.
    """
    values = history.values  # noqa: PD011 - an array, which ruff takes for a frame
    candidates = STATSMODELS if every else None
    horizon, season = forecast.mean.size, history.season
    trials = rolled(values, horizon, season, candidates=candidates)
    if ceilings is not None and not history.filled:  # filled points lie on a curve already
        trials += curve_trials(values, horizon, ceilings, season)
    return Evidence(
        verdict=verdict_of(trials),
        board=leaderboard(trials, values, season),
        steps=_steps(trials, float(np.abs(values).max())),
        findings=diagnosed(one_step_errors(values, season)),
        revision=revised(
            values, forecast, season=season, filled=_filled(history), peer_growth=peer_growth
        ),
    )


def _filled(history: History) -> int:
    """Count the filled points right before the newest value: they lie on a line that knows it."""
    if not history.filled:
        return 0
    months = sorted(observed(history))
    return int((history.ends > months[-2]).sum()) - 1 if len(months) > 1 else 0


def _steps(trials: list[Trial], unit: float) -> pd.DataFrame:
    """Errors by step; trials are in units of the history's largest magnitude."""
    rows = [
        {"model": one.model, "step": step + 1, "error": error * unit, "inside": error <= half}
        for one in trials
        if one.model in {COMBINATION, NAIVE}
        for step, (error, half) in enumerate(
            zip(np.abs(one.actual - one.path), one.half[80], strict=True)
        )
    ]
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows)
    errors = frame.pivot_table(index="step", columns="model", values="error")
    ours = frame[frame["model"] == COMBINATION].groupby("step")["inside"]
    return errors.assign(covered=ours.mean(), errors=ours.size()).reset_index()
