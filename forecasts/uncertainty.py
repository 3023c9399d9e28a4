"""Monte Carlo: sampled paths through what was committed, and what they say with what error.

Sites, phases, orders and loans are committed on the expected path. Each sampled path then brings
its own demand, prices, costs and delays, and pays the loans as signed.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from data.catalog import Catalog
from forecasts.cases import Outputs, commit
from forecasts.compounding import LARGEST_MONTHLY, annual
from forecasts.drivers import central
from forecasts.engine import discount_rate, inputs, outputs
from forecasts.figures import FIGURE
from forecasts.metrics import discount_factors
from forecasts.outlook import Outlook
from forecasts.path_runs import Chunk, run_paths
from forecasts.plan import Plan
from forecasts.sampling import Design
from forecasts.uncertain import Sampler
from forecasts.units import MONTHS_PER_YEAR, Array

CHUNK = 256
"""Paths carried together at most: they fit the processor's cache."""

THREADS = 2
"""Chunks carried at the same time."""

TOGETHER = ("irr", "equity_irr", "peak_funding", "payback", "moic")
"""Metrics of all factories' cash together; NPV, capex and MW-months add up."""

Progress = Callable[[int, int], None]
"""Told how many paths are done, of how many; may raise to end the run."""


def part_of(progress: Progress | None, place: int, count: int) -> Progress | None:
    """Return what tells a progress how far one of several equal runs is."""
    if progress is None:
        return None
    told = progress

    def tell(done: int, paths: int) -> None:
        told(place * paths + done, count * paths)

    return tell


Measured = tuple[dict[str, Array], dict[str, Array]]
"""Metrics by name: of each factory, (path, factory), and of all together, (path,)."""

Mapper = Callable[[Callable[[slice], Chunk], list[slice]], Iterable[Chunk]]
"""Carries chunks, here or elsewhere, and gives them back in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Every metric on every path.

    Attributes
    ----------
    plan : Plan
        What was committed.
    design : Design
        The points.
    values : mapping of str to (path, factory) array
        Metrics; NaN where a path has none.
    portfolio : mapping of str to (path,) array
        Metrics of all factories together.
    live_months : (factory,) array
        Months from the first sale as committed to the end; 0 where nothing is built.
    """

    plan: Plan
    design: Design
    values: Mapping[str, Array]
    portfolio: Mapping[str, Array]
    live_months: Array

    @property
    def result_hash(self) -> str:
        """Hash of every value: the same for any number of threads or machines."""
        found = hashlib.sha256()
        for held in (self.values, self.portfolio):
            for name, values in held.items():
                found.update(name.encode() + np.ascontiguousarray(values).tobytes())
        return found.hexdigest()[:16]


@dataclass(frozen=True, slots=True, eq=False)
class Carrier:
    """Carries any slice of paths through what was committed; sent whole to other machines."""

    sampler: Sampler
    committed: Outputs
    factors: Array

    def __call__(self, rows: slice) -> Chunk:
        """Return what some paths come to."""
        plan = self.sampler.plan
        quantities, drivers = self.sampler.draw(rows)
        given = inputs(plan, drivers, quantities)
        return run_paths(given, self.committed, (0, len(quantities)), self.factors)[0]


def here(threads: int = THREADS) -> Mapper:
    """Return a mapper that carries chunks on threads of this machine."""

    def carry(work: Callable[[slice], Chunk], slices: list[slice]) -> Iterable[Chunk]:
        pool = ThreadPoolExecutor(threads)
        try:
            yield from pool.map(work, slices)
        finally:  # whoever stops early does not wait for what is not begun
            pool.shutdown(cancel_futures=True)

    return carry


def carrier_of(
    plan: Plan,
    outlook: Outlook,
    catalog: Catalog,
    design: Design,
    still: frozenset[str] = frozenset(),
) -> Carrier:
    """Commit a plan on the expected path; return what carries sampled paths through it."""
    given, committed = inputs(plan, central(plan, outlook)), outputs(plan)
    commit(given, committed)
    sampler = Sampler(plan, outlook, catalog, design, still)
    sampler.prepare()
    return Carrier(sampler, committed, discount_factors(discount_rate(plan), plan.months))


def simulate(
    plan: Plan,
    outlook: Outlook,
    catalog: Catalog,
    design: Design,
    mapper: Mapper | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Carry sampled paths through a scenario.

    Parameters
    ----------
    plan, outlook, catalog
        The scenario resolved, every forecast, the tables.
    design : Design
        How many paths, and which.
    mapper : Mapper, optional
        Where chunks are carried; two threads of this machine when not given.
    progress : Progress, optional
        Told after each chunk.
    """
    carrier = carrier_of(plan, outlook, catalog, design)
    return simulated(plan, design, carrier.committed, carry_metrics(carrier, mapper, progress))


def simulated(plan: Plan, design: Design, committed: Outputs, found: Measured) -> Simulation:
    """Return a simulation with metrics of all paths."""
    values, portfolio = found
    built, first = committed.made[:, 0] > 0, committed.phases["live"][:, 0]
    live = np.where(built, plan.months - first, 0).astype(float)
    return Simulation(plan, design, values, portfolio, live)


def carry_metrics(
    carrier: Carrier, mapper: Mapper | None = None, progress: Progress | None = None
) -> Measured:
    """Carry all paths in chunks, wherever the mapper does; return every metric.

    Metrics of a chunk are worked out while others are carried.
    """
    sampler = carrier.sampler
    paths = len(sampler.scores)
    slices = chunks_of(paths)
    values: dict[str, Array] = {}
    portfolio: dict[str, Array] = {}
    carried = (mapper or here())(carrier, slices)
    for rows, chunk in zip(slices, carried, strict=True):
        for whole, own in zip((values, portfolio), measured(carrier.committed, chunk), strict=True):
            for name, part in own.items():
                if name not in whole:
                    whole[name] = np.empty((paths, *part.shape[1:]))
                whole[name][rows] = part
        if progress is not None:
            progress(rows.stop, paths)
    return values, portfolio


def chunks_of(paths: int) -> list[slice]:
    """Cut paths into equal chunks of at most `CHUNK`, as many for each thread."""
    count = min(-(-paths // (CHUNK * THREADS)) * THREADS, paths)
    edges = [place * paths // count for place in range(count + 1)]
    return [slice(*ends) for ends in pairwise(edges)]


def measured(committed: Outputs, chunk: Chunk) -> Measured:
    """Return every metric of every factory, and of all together, from what paths came to."""
    begun = decisions(committed)
    values = metrics_of(chunk.figures, chunk.rates[:, :-1], begun)
    return values, together_of(values, chunk.rates[:, -1], chunk.together, begun)


def together_of(
    values: Mapping[str, Array], rates: Array, together: Array, begun: Array
) -> dict[str, Array]:
    """Return metrics of all factories together, (path,) each.

    Parameters
    ----------
    values : mapping of str to (path, factory) array
        Metrics of the factories.
    rates : (path, 2) array
        Monthly rates of all cash.
    together : (path, 4) array
        As `Chunk` holds it.
    begun : (factory,) or (path, factory) array
        Month of each factory's first decision; NaN where nothing is built.
    """
    first = np.where(np.isfinite(begun), begun, np.inf).min(axis=-1)
    first = np.where(np.isfinite(first), first, np.nan)
    yearly = annualised(rates)
    return {name: np.asarray(values[name].sum(axis=1)) for name in ADDED} | {
        "irr": yearly[:, 0],
        "equity_irr": yearly[:, 1],
        "peak_funding": together[:, 0],
        "payback": _years(together[:, 1], first),
        "moic": _ratio(together[:, 3], together[:, 2]),
    }


ADDED = ("npv", "capex", "debt", "stranded", "shortfall")
"""Metrics of the portfolio that are sums."""


def decisions(committed: Outputs) -> Array:
    """Month of each factory's first decision; NaN where nothing is built."""
    built = committed.made[:, 0] > 0
    return np.where(built, committed.phases["decision"][:, 0].astype(float), np.nan)


def annualised(monthly: Array) -> Array:
    """(1 + i)^12 - 1; NaN where there is no rate or no float holds it."""
    usable = np.where(monthly < LARGEST_MONTHLY, monthly, np.nan)
    return annual(usable)


def _ratio(above: Array, below: Array) -> Array:
    """Quotient; NaN where there is nothing to divide by."""
    return np.asarray(np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan))


def _years(month: Array, decision: Array | float) -> Array:
    """Years from decision to the end of a month; infinite when the month never comes."""
    years = (month + 1 - decision) / MONTHS_PER_YEAR
    return np.asarray(np.where(month < 0, np.where(np.isnan(years), np.nan, np.inf), years))


def metrics_of(figures: Array, rates: Array, begun: Array) -> dict[str, Array]:
    """Return metrics from figures, (path, factory) each, as `returns.factory_returns` defines them.

    NaN where there is none; payback is infinite where operations never pay it back.
    """
    own = {name: figures[..., place] for name, place in FIGURE.items()}
    yearly = annualised(rates)
    served = np.where(own["pv_service"] > 0, own["service_months"], 0.0)
    at_risk = own["equity_in"] > 1e-6 * own["uses"]
    active = (own["wanted_mw_months"] > 0) & (own["live_mw_months"] > 0)
    return {
        "npv": own["npv"],
        "irr": yearly[..., 0],
        "equity_irr": np.where(at_risk, yearly[..., 1], np.nan),
        "payback": _years(own["payback"], begun),
        "moic": _ratio(own["paid_out"], own["paid_in"]),
        "lcoc": _ratio(own["pv_fixed"] + own["pv_variable"], own["pv_hours"]),
        "capex": own["capex"],
        "debt": own["debt"],
        "peak_funding": own["peak"],
        "min_dscr": np.where(served > 0, own["least_cover"], np.nan),
        "min_dscr_12m": np.where(
            np.isfinite(own["least_yearly_cover"]), own["least_yearly_cover"], np.nan
        ),
        "average_dscr": _ratio(own["sum_of_covers"], served),
        "llcr": _ratio(own["pv_loan_cash"], own["pv_service"]),
        "plcr": _ratio(own["pv_project_cash"], own["pv_service"]),
        "breaches": own["breaches"],
        "support": own["support"],
        "live": own["live_mw_months"],
        "stranded": np.where(active, own["live_mw_months"] - own["met_mw_months"], 0.0),
        "shortfall": np.where(active, own["wanted_mw_months"] - own["met_mw_months"], 0.0),
    }
