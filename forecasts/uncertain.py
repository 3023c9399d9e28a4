"""Sampled drivers: every series along paths of its forecast, every uncertain assumption drawn.

AI spending is shared by all factories and pulls demand and GPU-hour prices with it; power markets
and exchange rates have a factor in common. What is agreed before the money is committed (sites,
phases, orders, loans) is not drawn: the paths show what may happen to it.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from math import sqrt

import numpy as np

from data.catalog import Catalog
from forecasts.beliefs import UNCERTAIN
from forecasts.compiled import Record, compiled
from forecasts.copula import copula
from forecasts.distributions import Distribution
from forecasts.driver_paths import Course
from forecasts.drivers import Drivers, along, first_kept, grid_of
from forecasts.exponential import exponential
from forecasts.outlook import Outlook
from forecasts.plan import Plan
from forecasts.sampled_series import COMPONENTS, Mix, Steps, course_by, drawn_course
from forecasts.sampling import Design, correlated, normal_scores, principal, reverting_covariance
from forecasts.scenario import QUANTITIES
from forecasts.units import MONTHS_PER_YEAR, Array

BENDS = 2
"""Scores by which rack prices and exchange rates stray."""

SHAPE = "pert"
"""Distribution of an assumption over its range."""


@compiled
def _strayed(scores: Array, weights: Array, row: int, found: Array) -> None:
    """Multiply levels, (path, factory, month), by deviations drawn by scores, at one factory."""
    months = found.shape[2]
    logs, room = np.empty(months), np.empty(months)
    for path in range(found.shape[0]):
        logs[:] = 0.0
        for part in range(weights.shape[0]):
            score, weight = scores[path, part], weights[part]
            for month in range(months):
                logs[month] += weight[month] * score
        exponential(logs, room)
        level = found[path, row]
        for month in range(months):
            level[month] *= logs[month]


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
        drawn = ("scores", "_assumed", "_together", "_delays")
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
        _ = self._assumed, self._delays
        if self._given is None:
            for key in self.keys:
                self._growth(key, slice(0, 0))

    def _market(self, iso3: str) -> bool:
        return f"power_{iso3}" in self.outlook.histories

    @cached_property
    def scores(self) -> Array:
        """Normal scores of all paths, (path, dimension)."""
        if self._given is not None:
            return self._given
        return normal_scores(self.design, sum(len(places) for places in self.layout.values()))

    @property
    def keys(self) -> tuple[str, ...]:
        """Every series that is drawn."""
        found = ["ai_capex", "gpu_hour_price"]
        found += [f"capacity_{site.region}" for site in self.plan.sites]
        found += [f"power_{site.iso3}" for site in self.plan.sites if self._market(site.iso3)]
        return tuple(dict.fromkeys(found))

    @cached_property
    def _steps(self) -> Steps:
        grid = grid_of(self.plan)
        return Steps(int(grid[0]), grid.size, first_kept(self.plan, self.outlook))

    def _places(self, name: str) -> tuple[int, ...]:
        return () if name.split("_")[0] in self.still else self.layout[name]

    def _mix(self, common: str, own: str, share: float) -> Mix:
        return Mix(self._places(common), self._places(own), share)

    def _series(self, key: str) -> Mix:
        """Where the scores of a series stand."""
        plan, row = self.plan, 0
        if key == "ai_capex":
            return Mix((), self._places(key), 0.0)
        if key == "gpu_hour_price":
            return self._mix("ai_capex", "gpu_market", float(plan["price_correlation"][0, 0]))
        if key.startswith("power_"):
            share = sqrt(max(float(plan["power_correlation"][0, 0]), 0.0))
            return self._mix("power", key, share)
        row = next(n for n, site in enumerate(plan.sites) if key == f"capacity_{site.region}")
        return self._mix("ai_capex", key, float(plan["demand_correlation"][row, 0]))

    def _growth(self, key: str, rows: slice) -> Course:
        """Growth of a series on some paths."""
        mix = self._series(key)
        if self._given is not None:
            return course_by(self.outlook, key, mix.of(self._given[rows]), self._steps)
        where = (self.design, self.scores.shape[1], mix)
        whole = drawn_course(self.outlook, key, where, self._steps)
        return Course(whole.begun[rows], whole.first, whole.growth[rows])

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
        limits = QUANTITIES[name].low, QUANTITIES[name].high
        made: dict[Distribution, Array] = {}
        found = []
        for value in self.plan.quantities[name].tolist():
            over = self._belief(name, value)
            if over not in made and alone:
                made[over] = _quantiles(self.design, self.scores.shape[1], place, over, limits)
            elif over not in made:
                made[over] = np.clip(over.quantile(ndtr(scores)), *limits)
            found.append(made[over])
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

    @cached_property
    def _delays(self) -> Array:
        """Months of delay on all paths, (path, factory): each site's own, a cause in common."""
        from scipy.special import ndtr

        if "delay" in self.still:
            return np.zeros((len(self.scores), len(self.plan.sites)))
        found = []
        for row, site in enumerate(self.plan.sites):
            likely = float(self.plan["delay_likely_months"][row, 0])
            worst = max(float(self.plan["delay_worst_months"][row, 0]), likely)
            both = self._mix("delay", f"delay_{site.key}", sqrt(0.5)).of(self.scores)[:, 0]
            months = Distribution("triangular", (0.0, likely, worst)).quantile(ndtr(both))
            found.append(np.rint(months))
        return np.stack(found, axis=1)

    def draw(self, rows: slice) -> tuple[Record, Drivers]:
        """Return assumptions and drivers on some paths."""
        plan, quantities = self.plan, self.quantities(rows)

        @lru_cache(maxsize=64)
        def growth(key: str) -> Course:
            return self._growth(key, rows)

        level = np.ones(quantities.shape)
        for row, column in enumerate(self._assumed.get("gpu_hour_price", ())):
            level[:, row] = column[rows] / max(float(plan.quantities["gpu_hour_price"][row]), 1e-9)
        drivers = along(plan, self.outlook, quantities, growth, level)
        drawn = self.scores[rows]
        volatility = float(plan["rack_price_volatility"][0, 0])
        weights = _bends(plan.months, volatility, float(plan["fx_half_life_years"][0, 0]))
        racks = Mix((), self._places("rack_price"), 0.0).of(drawn)
        _strayed(racks, weights, 0, drivers.rack_price_index[:, None])
        for row, site in enumerate(plan.sites):
            share = sqrt(max(float(plan["power_correlation"][row, 0]), 0.0))
            scores = self._mix("dollar", f"local_{site.iso3}", share).of(drawn)
            volatility = float(plan["fx_volatility"][row, 0])
            weights = _bends(plan.months, volatility, float(plan["fx_half_life_years"][row, 0]))
            _strayed(scores, weights, row, drivers.local_index)
        return quantities, replace(drivers, slip_months=self._delays[rows].astype(np.int64))


@lru_cache(maxsize=512)
def _quantiles(
    design: Design, width: int, place: int, over: Distribution, limits: tuple[float, float]
) -> Array:
    from scipy.special import ndtr

    found = np.clip(over.quantile(ndtr(normal_scores(design, width)[:, place])), *limits)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=64)
def _bends(months: int, volatility: float, half_life_years: float) -> Array:
    covariance = reverting_covariance(months, volatility, half_life_years * MONTHS_PER_YEAR)
    return principal(covariance, BENDS)
