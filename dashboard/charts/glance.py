"""All series beside each other: where each goes, how sure that is, and what its past says."""

from math import isnan

import numpy as np
import pandas as pd

from dashboard.charts.series import quantity
from dashboard.theme import number, percent
from forecasts.combine import Forecast
from forecasts.outlook import History, Outlook, period_name

AGAINST = {True: "closer", False: "not closer", None: "cannot be told"}
"""Whether the past lets a forecast beat naive, in words."""


def summary(outlook: Outlook) -> str:
    """Say of how many series the past lets the forecast beat naive."""
    marks = [one.verdict.beats_naive for one in outlook.forecasts.values()]
    counted = {mark: sum(one is mark for one in marks) for mark in AGAINST}
    return (
        f"All {len(marks)} series at a glance: on their own past {counted[True]} beat naive, "
        f"{counted[False]} do not, {counted[None]} cannot be told"
    )


def glance(outlook: Outlook) -> pd.DataFrame:
    """Return a row a series: last value, forecast, its 80 % interval and what its past says.

    Parameters
    ----------
    outlook : Outlook
        All histories and forecasts.
    """
    rows = [_row(history, outlook.forecasts[key]) for key, history in outlook.histories.items()]
    return pd.DataFrame(rows)


def _row(history: History, forecast: Forecast) -> dict[str, object]:
    last = float(np.asarray(history.values)[-1])
    year = min(history.season, forecast.mean.size) - 1
    digits = 0 if max(abs(last), float(forecast.upper[80][-1])) >= 100 else 2

    def wide(step: int) -> float:
        half = float(forecast.upper[80][step] - forecast.lower[80][step]) / 2
        mean = float(forecast.mean[step])
        return 100 * half / mean if mean > 0 else np.nan

    ends = (float(side[80][-1]) for side in (forecast.lower, forecast.upper))
    held = forecast.verdict.held
    period = period_name(int(history.ends[-1]), history.freq)
    return {
        "Series": history.title,
        "Last value": f"{quantity(last, digits, history.unit)}, {period}",
        "In a year": number(float(forecast.mean[year]), digits),
        "± of 80 %, %": wide(year),
        "In 5 years": number(float(forecast.mean[-1]), digits),
        "80 % interval then": " to ".join(number(end, digits) for end in ends),
        "80 % held, %": np.nan if isnan(held) else 100 * held,
        "Against naive": _against(forecast),
        "Observed": history.observations,
    }


def _against(forecast: Forecast) -> str:
    tried = forecast.verdict
    words = AGAINST[tried.beats_naive]
    return f"{percent(tried.skill, 0)} {words}" if tried.beats_naive else words
