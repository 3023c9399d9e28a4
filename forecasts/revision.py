"""What the newest values changed: today's forecast beside the one made without them."""

from dataclasses import dataclass

import numpy as np

from forecasts.combine import Forecast, forecast_series
from forecasts.units import Array
from forecasts.written import percent

CALM = 0.02
"""Change of a forecast, as a share, below which it counts as unchanged."""


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """Two forecasts of the same steps.

    Attributes
    ----------
    before : Forecast
        Made without the newest values; its first steps are those left out.
    withheld : int
        Values it did not see.
    ahead : int
        Steps from the newest value to the last one of both forecasts.
    came : (withheld,) array
        What they were.
    inside : float
        Share of them inside the 80 % interval they were given.
    change : float
        Today's forecast of the last common step over the earlier one, less 1.
    text : str
        The finding in a sentence.
    """

    before: Forecast
    withheld: int
    ahead: int
    came: Array
    inside: float
    change: float
    text: str

    def said(self, newest: str, end: str) -> str:
        """Return the finding with its periods named.

        Parameters
        ----------
        newest, end : str
            Period of the newest value, and of the last step of both forecasts.
        """
        return _text(self.inside, self.withheld, self.change, (f"The value of {newest}", end))


def revised(
    history: Array,
    now: Forecast,
    *,
    season: int = 1,
    withheld: int = 1,
    filled: int = 0,
    peer_growth: float | None = None,
) -> Revision | None:
    """Forecast a history again without its newest values and compare.

    Parameters
    ----------
    history : (n,) array
        Finite values in time order.
    now : Forecast
        The forecast made from all of them.
    season : int
        Steps in a year.
    withheld : int
        How many of the newest values to leave out, at least 1.
    filled : int
        Values before these that were not observed but lie on a line to them: left out as well, and
        not judged.
    peer_growth : float or None
        As the forecast was given it.

    Returns
    -------
    Revision or None
        None when no value would be left, or the forecast is too short to compare.
    """
    left, ahead = history.size - withheld - filled, now.mean.size
    if withheld < 1 or left < 1:
        return None
    levels = tuple(sorted({80, *now.upper}))
    before = forecast_series(
        history[:left],
        ahead + withheld + filled,
        season=season,
        levels=levels,
        peer_growth=peer_growth,
    )
    came = history[left + filled :]
    newest = slice(filled, filled + withheld)
    inside = (came >= before.lower[80][newest]) & (came <= before.upper[80][newest])
    earlier, today = float(before.mean[-1]), float(now.mean[-1])
    change = today / earlier - 1 if earlier > 0 else 0.0
    share = float(np.mean(inside))
    return Revision(before, withheld, ahead, came, share, change, _text(share, withheld, change))


def _text(
    inside: float,
    withheld: int,
    change: float,
    named: tuple[str, str] = ("The newest value", "the last step"),
) -> str:
    where, (newest, end) = "the 80 % interval given before", named
    if withheld == 1:
        fell = f"{newest} fell {'inside' if inside else 'outside'} {where}"
    else:
        fell = f"{round(inside * withheld)} of the newest {withheld} values fell inside {where}"
    if abs(change) < CALM:
        return f"{fell}; the forecast of {end} stayed."
    moved = f"{'rose' if change > 0 else 'fell'} by {percent(abs(change))}"
    return f"{fell}; the forecast of {end} {moved}."
