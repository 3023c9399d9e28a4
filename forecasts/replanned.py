"""Many sets of assumptions at once, each planned, financed and carried along the expected path.

As if each set had been known when the money was committed: what a driver that is moved on screen
does. (Simulated paths are the other question: what happens to what was committed.)
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace

import numpy as np

from data.catalog import Catalog
from forecasts.cases import commit
from forecasts.compiled import Record
from forecasts.drivers import Drivers, central
from forecasts.engine import discount_rate, evaluate, inputs, outputs
from forecasts.figures import FIGURES
from forecasts.metric_register import METRICS
from forecasts.metrics import discount_factors
from forecasts.outlook import Outlook
from forecasts.path_runs import run_paths
from forecasts.plan import Plan
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.roadmap import entered_rows, roadmap_rows, roadmaps_of
from forecasts.uncertainty import decisions, metrics_of, together_of
from forecasts.units import Array

ROADMAP = (
    "rack_power_kw",
    "gpus_per_rack",
    "generation_months",
    "gpu_hour_price",
    "rack_price",
)
"""Assumptions that the list of racks on sale depends on."""

THREADS = 2
"""Sets planned at the same time."""

SHARE = 32
"""Sets planned one after the other by one thread."""


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Every metric of every set of assumptions.

    Attributes
    ----------
    values : mapping of str to (case, factory) array
        Metrics by factory; NaN where there is none, infinite payback where it never comes.
    portfolio : mapping of str to (case,) array
        Metrics of all factories together.
    """

    values: Mapping[str, Array]
    portfolio: Mapping[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Planner:
    """Plans a scenario anew for other assumptions.

    Attributes
    ----------
    plan : Plan
        The scenario resolved.
    outlook : Outlook
        Every forecast.
    catalog : Catalog
        The tables.
    """

    plan: Plan
    outlook: Outlook
    catalog: Catalog

    def copies(self, count: int) -> Record:
        """Return the assumptions as they are, (case, factory), to be changed."""
        return np.repeat(self.plan.quantities[None], count, axis=0)

    def planned(self, quantities: Record) -> Plan:
        """Return the plan under other assumptions, (factory,)."""
        changed = replace(self.plan, quantities=quantities)
        if all((quantities[name] == self.plan.quantities[name]).all() for name in ROADMAP):
            return changed
        scenario, keys = self.plan.scenario, [site.key for site in self.plan.sites]
        generations = roadmaps_of(scenario, self.catalog, quantities, keys)
        return replace(
            changed,
            generations=generations,
            roadmap=roadmap_rows(generations),
            entered=entered_rows(scenario, keys, generations),
        )

    def cases(self, quantities: Record) -> Cases:
        """Plan and carry every set of assumptions, (case, factory)."""
        count, sites = quantities.shape
        figures = np.zeros((count, sites, len(FIGURES)))
        rates, begun = np.empty((count, sites + 1, 2)), np.empty((count, sites))
        together = np.empty((count, 4))

        def carry(first: int) -> None:
            rows = slice(first, min(first + SHARE, count))
            drivers = central(self.plan, self.outlook, quantities[rows])
            for place in range(rows.start, rows.stop):
                plan = self.planned(quantities[place])
                given, out = inputs(plan, _one(drivers, place - rows.start)), outputs(plan)
                commit(given, out)
                factors = discount_factors(discount_rate(plan), plan.months)
                found, _ = run_paths(given, out, (0, 1), factors)
                figures[place], rates[place] = found.figures[0], found.rates[0]
                together[place], begun[place] = found.together[0], decisions(out)

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(carry, range(0, count, SHARE)))
        values = metrics_of(figures, rates[:, :-1], begun)
        return Cases(values, together_of(values, rates[:, -1], together, begun))

    def metric(self, quantities: Record, metric: str, factory: str | None) -> Array:
        """Return one metric of every set of assumptions, (case,).

        Parameters
        ----------
        quantities : (case, factory) array of QUANTITY
            Assumptions of each set.
        metric : str
            Any of `METRICS`; what simulated paths do not keep takes ten times as long.
        factory : str or None
            Key of a factory; None for all together.

        Raises
        ------
        ValueError
            If there is no such metric or factory.
        """
        row = self.row(factory)
        if metric not in METRICS:
            raise ValueError(f"there is no metric {metric!r}; use one of {', '.join(METRICS)}")
        if metric in (FAST_TOGETHER if row is None else FAST):
            found = self.cases(quantities)
            return found.portfolio[metric] if row is None else found.values[metric][:, row]
        drivers = central(self.plan, self.outlook, quantities)

        def slowly(place: int) -> float:
            result = evaluate(self.planned(quantities[place]), _one(drivers, place))
            told = portfolio_returns(result) if row is None else factory_returns(result, row)
            value = told[metric].value
            return np.nan if value is None else value

        with ThreadPoolExecutor(THREADS) as pool:
            return np.array(list(pool.map(slowly, range(len(quantities)))))

    def row(self, factory: str | None) -> int | None:
        """Return the place of a factory; None stands for all together."""
        if factory is None:
            return None
        keys = [site.key for site in self.plan.sites]
        if factory not in keys:
            raise ValueError(f"there is no factory {factory!r}; use one of {', '.join(keys)}")
        return keys.index(factory)


FAST = frozenset(
    {"npv", "irr", "equity_irr", "payback", "moic", "lcoc", "capex", "debt", "peak_funding"}
    | {"min_dscr", "min_dscr_12m", "average_dscr", "llcr", "plcr"}
)
"""Metrics of a factory that need no search of their own."""

FAST_TOGETHER = frozenset(
    {"npv", "irr", "equity_irr", "payback", "moic", "capex", "debt", "peak_funding"}
)
"""The same of all factories together."""


def _one(drivers: Drivers, place: int) -> Drivers:
    """Return one path of drivers."""
    rows = {
        field.name: getattr(drivers, field.name)[place : place + 1]
        for field in fields(drivers)
        if field.name != "regional_weight"
    }
    return replace(drivers, **rows)
