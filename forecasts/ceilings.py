"""Where a series could stop growing: ceilings stated by others or by what is possible at all.

A growth curve needs a ceiling, and a short history does not contain it (see `growth`). It is taken
from published plans, targets and outlooks of the same quantity, or from a physical bound. Curves
under these ceilings are candidates: they are tried on the past beside every other model, and shown
as scenarios; none joins the combination.
"""

from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog
from data.provenance import Confidence, Fact
from forecasts.backtest import Trial, origins_of
from forecasts.growth import CURVES, SHORTEST, Curve, Saturation, saturation
from forecasts.history import scale_of
from forecasts.outlook import History, country_name
from forecasts.units import Array

STATUSES = ("planned", "target", "forecast", "all_stages", "committed")
"""States of capacity that a ceiling may be read from."""

ABOVE = 1.05
"""A stated figure counts as a ceiling from this multiple of the largest value seen on."""

TOPICS = ("Data-centre capacity", "Data-centre power demand")
"""How topics of outlooks on capacity begin."""

ADOPTION = (60.0, 80.0, 100.0)
"""Ceilings of the share of firms that use AI, percent: all firms is the bound; the others are an
assumption, since no technology has yet been taken up by every firm."""


@dataclass(frozen=True, slots=True, eq=False)
class Ceilings:
    """A range of ceilings of one series, in its unit.

    Attributes
    ----------
    low, mid, high : float
        Smallest, middle and largest.
    basis : str
        Where they come from, as a sentence.
    facts : tuple of Fact
        The rows they were read from; empty for a physical bound.
    """

    low: float
    mid: float
    high: float
    basis: str
    facts: tuple[Fact, ...]

    @property
    def range(self) -> tuple[float, float, float]:
        """Low, middle, high."""
        return self.low, self.mid, self.high


def ceilings_of(catalog: Catalog, history: History) -> Ceilings | None:
    """Return the ceilings of a series; None where none is known or the history is too short.

    Parameters
    ----------
    catalog : Catalog
        Tables of regional demand and of outlooks.
    history : History
        A series of `forecasts.outlook.histories`.
    """
    seen = history.values
    if seen.size < SHORTEST or seen.min() <= 0:
        return None
    kind, _, iso3 = history.key.partition("_")
    if kind == "adoption" and seen.max() < ADOPTION[0]:
        basis = "All firms is the bound; 60 and 80 percent below it are an assumption."
        return Ceilings(*ADOPTION, basis, ())
    if kind != "capacity":
        return None
    facts = [
        fact
        for fact in _stated(catalog, iso3)
        if fact.value is not None and fact.value > ABOVE * float(seen.max())
    ]
    if not facts:
        return None
    values = np.array([float(fact.value or 0.0) for fact in facts])
    basis = (
        f"Smallest, median and largest of {values.size} published plans, targets and outlooks of "
        "the country's capacity; definitions differ, and plans are not all built."
    )
    low, mid, high = (float(value) for value in np.quantile(values, [0, 0.5, 1]))
    return Ceilings(low, mid, high, basis, tuple(facts))


def _stated(catalog: Catalog, iso3: str) -> list[Fact]:
    """Return what is stated of a country's capacity beyond what runs, in MW, seen in a source."""
    plans = [
        fact
        for status in STATUSES
        for fact in catalog.facts("regional_demand", iso3=iso3, region="national", status=status)
        if ", dc_it_capacity" in fact.place
    ]
    outlooks = [
        fact
        for fact in catalog.facts("outlooks", region=country_name(iso3), status="outlook")
        if fact.place.partition("[")[2].startswith(TOPICS)
    ]
    return [
        fact
        for fact in (*plans, *outlooks)
        if fact.unit == "MW" and fact.source.confidence is not Confidence.UNVERIFIED
    ]


def curves(history: Array, horizon: int, ceilings: Ceilings) -> dict[Curve, Saturation]:
    """Return every growth curve under the ceilings, by name.

    Parameters
    ----------
    history : (n,) array
        Positive values, n >= 3, all below the lowest ceiling.
    horizon : int
        Steps ahead.
    ceilings : Ceilings
        From `ceilings_of`.
    """
    return {curve: saturation(history, horizon, ceilings.range, curve) for curve in CURVES}


def curve_trials(history: Array, horizon: int, ceilings: Ceilings, season: int = 1) -> list[Trial]:
    """Try every curve under the middle ceiling from the history's own past, at every origin.

    The ceiling is today's, known at no origin: that favours the curves, and the screen says so.

    Parameters
    ----------
    history : (n,) array
        Positive values in time order.
    horizon, season : int
        Steps ahead; steps in a year.
    ceilings : Ceilings
        From `ceilings_of`.
    """
    scale, trials = scale_of(history), []
    for origin in origins_of(history.size, horizon, season):
        if origin < SHORTEST:
            continue
        actual = history[origin : origin + horizon] / scale
        for curve, made in _ahead(history[:origin], actual.size, ceilings).items():
            trials.append(Trial(f"{curve} to {ceilings.mid:,.0f}", actual, made / scale, {}))
    return trials


def _ahead(past: Array, steps: int, ceilings: Ceilings) -> dict[Curve, Array]:
    return {curve: made.mid for curve, made in curves(past, steps, ceilings).items()}
