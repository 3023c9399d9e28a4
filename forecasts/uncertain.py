"""Sampled drivers: every series along paths of its forecast, every uncertain assumption drawn.

AI spending is shared by all factories and pulls demand and GPU-hour prices with it; power markets
and exchange rates have a factor in common. What is agreed before the money is committed (sites,
phases, orders, loans) is not drawn: the paths show what may happen to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import sqrt

import numpy as np

from data.catalog import Catalog
from forecasts.beliefs import UNCERTAIN
from forecasts.calibration import reach
from forecasts.combine import LARGEST, TINY, Forecast
from forecasts.compiled import Record, compiled
from forecasts.copula import copula
from forecasts.distributions import Distribution
from forecasts.driver_paths import history_of, monthly_growth
from forecasts.drivers import Drivers, along, grid_of
from forecasts.outlook import Outlook
from forecasts.plan import Plan
from forecasts.sampling import (
    Design,
    chain_covariance,
    correlated,
    normal_scores,
    principal,
    reverting_covariance,
)
from forecasts.scenario import QUANTITIES
from forecasts.units import MONTHS_PER_YEAR, Array

COMPONENTS = 4
"""Scores by which a forecast path is drawn."""

BENDS = 2
"""Scores by which rack prices and exchange rates stray."""

SHAPE = "pert"
"""Distribution of an assumption over its range."""


@dataclass(frozen=True, slots=True)
class Fan:
    """What turns scores into a forecast's paths.

    Attributes
    ----------
    knots : (knot,) array
        Normal scores of the known quantiles.
    values : (step, knot) array
        The quantiles.
    weights : (component, step) array
        Score of a step = sum over components of weight x score.
    floor : float
        Lowest possible value.
    """

    knots: Array
    values: Array
    weights: Array
    floor: float


@lru_cache(maxsize=128)
def fan_of(forecast: Forecast) -> Fan:
    """Return the fan of a forecast: its intervals, and the chain of `Forecast.paths`."""
    levels = sorted(forecast.upper)
    z = np.array([reach(level) for level in levels])
    below = [forecast.lower[level] for level in reversed(levels)]
    above = [forecast.upper[level] for level in levels]
    width = np.maximum(above[-1] - below[0], TINY)
    ratio = np.minimum(width[:-1] / width[1:], width[1:] / width[:-1])
    return Fan(
        knots=np.concatenate([-z[::-1], [0.0], z]),
        values=np.ascontiguousarray(np.stack([*below, forecast.mean, *above], axis=1)),
        weights=principal(chain_covariance(ratio), COMPONENTS),
        floor=max(forecast.floor, -LARGEST),
    )


@compiled
def _fanned(scores: Array, weights: Array, knots: Array, values: Array, floor: float) -> Array:
    """Return values of a forecast by path and step; beyond the widest interval, along its slope."""
    paths, steps = scores.shape[0], values.shape[0]
    last = knots.size - 1
    found = np.empty((paths, steps))
    for path in range(paths):
        for step in range(steps):
            z = 0.0
            for part in range(weights.shape[0]):
                z += weights[part, step] * scores[path, part]
            place = 0
            while place < last - 1 and z > knots[place + 1]:
                place += 1
            low, high = values[step, place], values[step, place + 1]
            share = (z - knots[place]) / (knots[place + 1] - knots[place])
            found[path, step] = max(low + share * (high - low), floor)
    return found


@compiled
def _strayed(scores: Array, weights: Array, logs: Array) -> None:
    """Add a path of deviations, (path, month), drawn by its scores."""
    for path in range(logs.shape[0]):
        for month in range(logs.shape[1]):
            for part in range(weights.shape[0]):
                logs[path, month] += weights[part, month] * scores[path, part]


class Sampler:
    """Draws drivers and assumptions for any of the paths of a design.

    A path has the same bits whichever others are drawn with it.

    Parameters
    ----------
    plan : Plan
        The scenario, resolved.
    outlook : Outlook
        Every forecast.
    catalog : Catalog
        The ranges of the assumptions.
    design : Design
        The points.
    still : frozenset of str, optional
        Names of `names` that keep their expected value.
    """

    def __init__(
        self,
        plan: Plan,
        outlook: Outlook,
        catalog: Catalog,
        design: Design,
        still: frozenset[str] = frozenset(),
    ) -> None:
        self.plan, self.outlook, self.catalog, self.design = plan, outlook, catalog, design
        self.still = still
        self._given: Array | None = None

    def __getstate__(self) -> dict[str, object]:
        """What is sent to other machines: scores are drawn there anew, to the same bits."""
        drawn = ("scores", "_assumed", "_together")
        return {name: value for name, value in vars(self).items() if name not in drawn}

    def over(self, scores: Array) -> "Sampler":
        """Return a sampler of other paths, by independent normal scores, (path, dimension).

        Correlations stated between assumptions are left out.
        """
        other = Sampler(self.plan, self.outlook, self.catalog, self.design, self.still)
        other._given = scores
        return other

    @property
    def drawn(self) -> tuple[str, ...]:
        """Assumptions that are drawn: those that always are, then those the scenario adds."""
        added = [name for name in self.plan.scenario.beliefs if name not in UNCERTAIN]
        return (*UNCERTAIN, *added)

    @cached_property
    def layout(self) -> Mapping[str, tuple[int, ...]]:
        """Which dimensions each name draws on: the most important parts of all come first."""
        regions = dict.fromkeys(site.region for site in self.plan.sites)
        nations = dict.fromkeys(site.iso3 for site in self.plan.sites)
        series = ["ai_capex", "gpu_market", *(f"capacity_{one}" for one in regions)]
        series += ["power", *(f"power_{one}" for one in nations if self._market(one))]
        strays = ["rack_price", "dollar", *(f"local_{one}" for one in nations)]
        delays = ["delay", *(f"delay_{site.key}" for site in self.plan.sites)]
        parts = dict.fromkeys(series, COMPONENTS) | dict.fromkeys(strays, BENDS)
        parts |= dict.fromkeys((*delays, *UNCERTAIN), 1)
        found: dict[str, list[int]] = {name: [] for name in parts}
        taken = 0
        for part in range(COMPONENTS):
            for name, count in parts.items():
                if part < count:
                    found[name].append(taken)
                    taken += 1
        for name in self.drawn[len(UNCERTAIN) :]:
            found[name] = [taken]
            taken += 1
        return {name: tuple(places) for name, places in found.items()}

    def prepare(self) -> None:
        """Draw every score now: threads only read them."""
        assert self._given is not None or self.scores.shape[0] == self.design.paths
        _ = self._assumed

    def _market(self, iso3: str) -> bool:
        return f"power_{iso3}" in self.outlook.histories

    @cached_property
    def scores(self) -> Array:
        """Normal scores of all paths, (path, dimension)."""
        if self._given is not None:
            return self._given
        return normal_scores(self.design, sum(len(places) for places in self.layout.values()))

    def _drawn(self, name: str, rows: slice) -> Array:
        found = self.scores[rows][:, self.layout[name]]
        return np.zeros_like(found) if name.split("_")[0] in self.still else found

    def _shared(self, common: str, own: str, share: float, rows: slice) -> Array:
        """Scores with a correlation to those in common."""
        mixed = share * self._drawn(common, rows)
        return np.asarray(mixed + sqrt(1 - share**2) * self._drawn(own, rows))

    def _series(self, key: str, rows: slice) -> Array:
        """Scores of a series."""
        plan, row = self.plan, 0
        if key == "ai_capex":
            return self._drawn(key, rows)
        if key == "gpu_hour_price":
            return self._shared(
                "ai_capex", "gpu_market", float(plan["price_correlation"][0, 0]), rows
            )
        if key.startswith("power_"):
            share = sqrt(max(float(plan["power_correlation"][0, 0]), 0.0))
            return self._shared("power", key, share, rows)
        row = next(n for n, site in enumerate(plan.sites) if key == f"capacity_{site.region}")
        return self._shared("ai_capex", key, float(plan["demand_correlation"][row, 0]), rows)

    def quantities(self, rows: slice) -> Record:
        """Return the assumptions on some paths, (path, factory)."""
        count = len(range(*rows.indices(len(self.scores))))
        found = np.repeat(self.plan.quantities[None], count, axis=0)
        for name, columns in self._assumed.items():
            if name != "gpu_hour_price":
                for row, column in enumerate(columns):
                    found[name][:, row] = column[rows]
        return found

    @cached_property
    def _assumed(self) -> Mapping[str, tuple[Array, ...]]:
        """Each drawn assumption by factory, on all paths."""
        return {name: self._over_range(name) for name in self.drawn if name not in self.still}

    @cached_property
    def _together(self) -> Mapping[str, Array]:
        """Scores of the assumptions that the scenario says move together, by name."""
        stated = copula(self.plan.scenario.rank_correlations)
        if not stated.names or self._given is not None:
            return {}
        unknown = [name for name in stated.names if name not in self.drawn]
        if unknown:
            raise ValueError(f"{', '.join(unknown)} has no belief; state one, or no correlation")
        columns = [self.layout[name][0] for name in stated.names]
        made = correlated(self.scores[:, columns], stated.scores)
        return dict(zip(stated.names, made.T, strict=True))

    def _over_range(self, name: str) -> tuple[Array, ...]:
        """Draws of an assumption on all paths, by factory, within its legal limits."""
        from scipy.special import ndtr

        (place,) = self.layout[name]
        alone = self._given is None and name not in self._together
        scores = self._together.get(name, self.scores[:, place])
        made: dict[Distribution, Array] = {}
        found = []
        for value in self.plan.quantities[name].tolist():
            over = self._belief(name, value)
            if over not in made and alone:
                made[over] = _quantiles(self.design, self.scores.shape[1], place, over)
            elif over not in made:
                made[over] = over.quantile(ndtr(scores))
            found.append(np.clip(made[over], QUANTITIES[name].low, QUANTITIES[name].high))
        return tuple(found)

    def _belief(self, name: str, value: float) -> Distribution:
        """As the scenario states, or over the assumption's range about its value."""
        stated = self.plan.scenario.beliefs.get(name)
        if stated is not None:
            return stated.over()
        fact = self.catalog.fact("assumptions", quantity=name)
        low = min(fact.low if fact.low is not None else value, value)
        high = max(fact.high if fact.high is not None else value, value)
        return Distribution(SHAPE, (low, value, high))

    def _slips(self, rows: slice) -> Array:
        """Months of delay, (path, factory): each site's own, with a cause in common."""
        from scipy.special import ndtr

        found = []
        for row, site in enumerate(self.plan.sites):
            likely = float(self.plan["delay_likely_months"][row, 0])
            worst = max(float(self.plan["delay_worst_months"][row, 0]), likely)
            both = self._shared("delay", f"delay_{site.key}", sqrt(0.5), rows)[:, 0]
            months = Distribution("triangular", (0.0, likely, worst)).quantile(ndtr(both))
            found.append(np.rint(months))
        return np.stack(found, axis=1)

    def draw(self, rows: slice) -> tuple[Record, Drivers]:
        """Return assumptions and drivers on some paths."""
        plan, outlook = self.plan, self.outlook
        quantities, grid = self.quantities(rows), grid_of(plan)

        @lru_cache(maxsize=64)
        def growth(key: str) -> Array:
            history_of(outlook, key)
            fan = fan_of(outlook.forecasts[key])
            scores = np.ascontiguousarray(self._series(key, rows))
            ahead = _fanned(scores, fan.weights, fan.knots, fan.values, fan.floor)
            return monthly_growth(outlook, key, ahead, grid)

        drivers = along(plan, outlook, quantities, growth)
        for row, column in enumerate(self._assumed.get("gpu_hour_price", ())):
            level = column[rows] / max(float(plan.quantities["gpu_hour_price"][row]), 1e-9)
            drivers.gpu_price_index[:, row] *= level[:, None]
        racks = np.zeros(drivers.rack_price_index.shape)
        volatility = float(plan["rack_price_volatility"][0, 0])
        weights = _bends(plan.months, volatility, float(plan["fx_half_life_years"][0, 0]))
        _strayed(np.ascontiguousarray(self._drawn("rack_price", rows)), weights, racks)
        local = np.zeros(drivers.local_index.shape)
        for row, site in enumerate(plan.sites):
            share = sqrt(max(float(plan["power_correlation"][row, 0]), 0.0))
            scores = self._shared("dollar", f"local_{site.iso3}", share, rows)
            volatility = float(plan["fx_volatility"][row, 0])
            weights = _bends(plan.months, volatility, float(plan["fx_half_life_years"][row, 0]))
            _strayed(np.ascontiguousarray(scores), weights, local[:, row])
        slips = np.zeros(drivers.slip_months.shape)
        if "delay" not in self.still:
            slips = self._slips(rows)
        return quantities, replace(
            drivers,
            rack_price_index=np.exp(racks, out=racks),
            local_index=drivers.local_index * np.exp(local, out=local),
            slip_months=slips.astype(np.int64),
        )


@lru_cache(maxsize=512)
def _quantiles(design: Design, width: int, place: int, distribution: Distribution) -> Array:
    from scipy.special import ndtr

    found = distribution.quantile(ndtr(normal_scores(design, width)[:, place]))
    found.flags.writeable = False
    return found


@lru_cache(maxsize=64)
def _bends(months: int, volatility: float, half_life_years: float) -> Array:
    covariance = reverting_covariance(months, volatility, half_life_years * MONTHS_PER_YEAR)
    return principal(covariance, BENDS)
