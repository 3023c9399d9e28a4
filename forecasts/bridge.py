"""What the difference between two scenarios is made of, whatever the order of the changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from data.catalog import Catalog, bundled
from forecasts.engine import run
from forecasts.metric_register import METRICS
from forecasts.metrics import Metric
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import QUANTITIES, TOGETHER, Scenario

MOST_EXACT = 7
"""Changes up to which every order counts; more are averaged over some orders."""

ORDERS = 6
"""Orders drawn for more changes, each walked forward and backward."""

PLAIN = ("name", "description")
"""Fields that change no figure."""

Coalition = frozenset[str]
"""The changes made so far, by name."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one change adds.

    Attributes
    ----------
    name : str
        The change: an assumption, `factory.assumption`, or another field of the scenario.
    label : str
        As people read it.
    change : float
        What it adds to the metric, in its unit: the mean over all orders of changing.
    """

    name: str
    label: str
    change: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """The way from one scenario's metric to another's.

    Attributes
    ----------
    metric : str
        Which.
    before, after : Metric
        Its value at both ends.
    steps : tuple of Step
        Widest first; they add up to after less before. Empty when a value between is undefined.
    exact : bool
        Whether every order was counted (Shapley values) or some were drawn.
    reason : str
        Why there are no steps; empty when there are.
    """

    metric: str
    before: Metric
    after: Metric
    steps: tuple[Step, ...]
    exact: bool
    reason: str = ""


def bridge(
    before: Scenario,
    after: Scenario,
    metric: str = "npv",
    factory: str | None = None,
    catalog: Catalog | None = None,
) -> Bridge:
    """Split the difference of a metric between two scenarios by what was changed.

    Each change is credited with its mean effect over all orders in which the changes could have
    been made (L. S. Shapley, A value for n-person games, 1953), so that no order is favoured.

    Parameters
    ----------
    before, after : Scenario
        The two ends.
    metric : str
        Any of `METRICS`.
    factory : str, optional
        Whose; that of all factories together when not given.
    catalog : Catalog, optional
        Tables; the bundled ones when not given.

    Raises
    ------
    ValueError
        If there is no such metric.
    RefusedError
        If a scenario and the tables do not fit together.
    """
    if metric not in METRICS:
        raise ValueError(f"there is no metric {metric!r}; use one of {', '.join(METRICS)}")
    tables = catalog if catalog is not None else bundled()
    changes = differences(before, after)
    seen: dict[Coalition, Metric] = {}

    def at(made: Coalition) -> Metric:
        if made not in seen:
            seen[made] = _metric(_having(before, changes, made), metric, factory, tables)
        return seen[made]

    names = tuple(changes)
    first, last = at(frozenset()), at(frozenset(names))
    for end in (first, last):
        if end.value is None:
            return Bridge(metric, first, last, (), exact=False, reason=end.reason)
    exact = len(names) <= MOST_EXACT
    weigh = _shapley if exact else _drawn
    found = weigh(names, lambda made: at(made).value)
    if found is None:
        reason = "With some of the changes alone the metric has no value."
        return Bridge(metric, first, last, (), exact=exact, reason=reason)
    steps = [Step(name, label_of(name), found[name]) for name in names]
    ordered = tuple(sorted(steps, key=lambda one: (-abs(one.change), one.name)))
    return Bridge(metric, first, last, ordered, exact=exact)


def differences(before: Scenario, after: Scenario) -> dict[str, dict[str, object]]:
    """Return what differs, by name: the fields that one change sets.

    Shares that must fit into one whole are one change; what is stated for one factory alone is a
    change of its own.
    """
    was, now = before.model_dump(), after.model_dump()
    changes: dict[str, dict[str, object]] = {}
    for name in now:
        if name in PLAIN or name == "sites" or now[name] == was[name]:
            continue
        pair = next((pair for pair in TOGETHER if name in pair), (name,))
        key = pair[0] if pair[0] in changes or now[pair[0]] != was[pair[0]] else name
        changes.setdefault(key, {})[name] = now[name]
    for factory in dict.fromkeys([*was["sites"], *now["sites"]]):
        if was["sites"].get(factory) != now["sites"].get(factory):
            changes[f"sites.{factory}"] = {factory: now["sites"].get(factory, {})}
    return changes


def label_of(name: str) -> str:
    """Name a change as people do.

    Examples
    --------
    >>> label_of("pue"), label_of("sites.romania"), label_of("start")
    ('PUE', 'What is stated for Romania', 'Start')
    """
    if name in QUANTITIES:
        return QUANTITIES[name].label
    if name.startswith("sites."):
        site = name.removeprefix("sites.").replace("_", " ").title().replace("Uae", "UAE")
        return f"What is stated for {site}"
    return name.replace("_", " ").capitalize()


def _having(
    before: Scenario, changes: Mapping[str, Mapping[str, object]], made: Coalition
) -> Scenario:
    fields: dict[str, object] = {}
    sites = {name: dict(stated) for name, stated in before.sites.items()}
    for name in made:
        if name.startswith("sites."):
            for factory, stated in changes[name].items():
                sites[factory] = dict(stated)  # type: ignore[call-overload]
        else:
            fields |= changes[name]
    return before.having(**fields, sites=sites)


def _metric(scenario: Scenario, metric: str, factory: str | None, catalog: Catalog) -> Metric:
    result = run(scenario, catalog)
    if factory is None:
        return portfolio_returns(result)[metric]
    row = [site.key for site in result.plan.sites].index(factory)
    return factory_returns(result, row)[metric]


Value = Callable[[Coalition], float | None]


def _shapley(names: tuple[str, ...], value: Value) -> dict[str, float] | None:
    """Return the mean effect of every change over all orders; None where a value is missing."""
    count = len(names)
    found = dict.fromkeys(names, 0.0)
    for name in names:
        others = [other for other in names if other != name]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for chosen in combinations(others, size):
                low, high = value(frozenset(chosen)), value(frozenset((*chosen, name)))
                if low is None or high is None:
                    return None
                found[name] += weight * (high - low)
    return found


def _drawn(names: tuple[str, ...], value: Value) -> dict[str, float] | None:
    """Return the mean effect over some orders, each also walked backward."""
    rng = np.random.default_rng(1953)
    orders = [rng.permutation(len(names)) for _ in range(ORDERS)]
    found = dict.fromkeys(names, 0.0)
    for order in [walk for one in orders for walk in (one, one[::-1])]:
        made: Coalition = frozenset()
        before = value(made)
        for place in order.tolist():
            made = made | {names[place]}
            after = value(made)
            if before is None or after is None:
                return None
            found[names[place]] += (after - before) / (2 * ORDERS)
            before = after
    return found
