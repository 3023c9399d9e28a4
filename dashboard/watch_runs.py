"""One look at public sources: what changed, what it moves, and what somebody should see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.approved import that_counts
from dashboard.issue_runs import Held, held_issues
from dashboard.theme import change_text, money, signed
from data.actors import Actor, permit
from data.alert_store import Alert, alerts, raise_alerts
from data.catalog import Catalog
from data.catalog_store import in_force, previewed
from data.connectors.connector import Connector
from data.connectors.fetching import Fetcher
from data.connectors.refresh import Refreshed, refreshed
from data.issue_store import Issue, issues
from data.problems import Problem, RefusedError
from data.store import Store
from forecasts.impact import ALL, Impact, Step, bridge, impact
from forecasts.issue_scores import Score
from forecasts.scenario import Scenario

THRESHOLD_USD = 50e6
"""Move of NPV from which on an alert is raised, USD, unless another is asked for."""

MAIN_METRICS = ("npv", "irr")
"""What a look says of all factories together."""

OUTSIDE, NPV = "outside", "npv"
"""Kinds of alerts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a look is made.

    Attributes
    ----------
    connectors : tuple of Connector
        The sources.
    fetcher : Fetcher
        Asks them.
    day : str
        The day of reading, which new rows are dated with.
    threshold_usd : float
        Move of NPV from which on an alert is raised.
    """

    connectors: tuple[Connector, ...]
    fetcher: Fetcher
    day: str
    threshold_usd: float = THRESHOLD_USD


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What became of asking one source.

    Attributes
    ----------
    connector : Connector
        The source.
    found : Refreshed or None
        What it says; None where it could not be asked.
    effect : Impact or None
        What accepting it would do; None where nothing differs.
    steps : tuple of Step
        What each group of rows adds to NPV, the largest first.
    problems : tuple of Problem
        Why it could not be asked or weighed.
    """

    connector: Connector
    found: Refreshed | None = None
    effect: Impact | None = None
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def changes(self) -> pd.DataFrame:
        """Figures that are new or differ: `row, before, after, kind`."""
        if self.found is None:
            return pd.DataFrame(columns=["row", "column", "before", "after", "kind"])
        return self.found.changes

    def moved(self, metric: str) -> tuple[float | None, float | None]:
        """Return a metric of all factories before and after; None where it has no value."""
        if self.effect is None:
            return None, None
        frame = self.effect.metrics
        row = frame[(frame["factory"] == ALL) & (frame["metric"] == metric)].iloc[0]
        before, after = (None if pd.isna(row[name]) else float(row[name])
                         for name in ("before", "after"))  # fmt: skip
        return before, after

    @property
    def npv_change(self) -> float | None:
        """What it moves NPV of all factories by, USD; None where that has no value."""
        before, after = self.moved("npv")
        return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One look at all sources.

    Attributes
    ----------
    at, data_version : str
        Day, and data in force.
    label : str
        The scenario that counts.
    scenario : Scenario
        The same.
    seen : tuple of Seen
        Source by source.
    raised : tuple of Alert
        Alerts that this look raised; those of earlier looks are not raised again.
    waiting : int
        Alerts that nobody acknowledged yet.
    """

    at: str
    data_version: str
    label: str
    scenario: Scenario
    seen: tuple[Seen, ...]
    raised: tuple[Alert, ...]
    waiting: int

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why sources could not be asked."""
        return tuple(problem for one in self.seen for problem in one.problems)


def look(store: Store, actor: Actor, asked: Asked) -> Look:
    """Ask every source, weigh what differs, and raise alerts; nothing of the data is changed.

    A source that fails is told in the answer, and the others are asked all the same.

    Raises
    ------
    RefusedError
        If the store cannot be read or written, or the actor may not.
    """
    permit(actor, store.role(actor), "raise alert")
    catalog, kept = in_force(store, actor), issues(store, actor)
    label, scenario = that_counts(store, actor)
    found = _outside(held_issues(kept, catalog), catalog, "in force")
    seen = []
    for connector in asked.connectors:
        one = _asked(connector, asked, scenario, catalog)
        seen.append(one)
        told = "; ".join(str(problem) for problem in one.problems)
        store.record(actor, "refresh", connector.name, told or (one.found and one.found.told))
        found += _alerts(one, (label, scenario), (catalog, kept), asked.threshold_usd)
    raised = raise_alerts(store, actor, found)
    waiting = sum(one.waits for one in alerts(store, actor))
    return Look(asked.day, catalog.version, label, scenario, tuple(seen), raised, waiting)


def _asked(connector: Connector, asked: Asked, scenario: Scenario, catalog: Catalog) -> Seen:
    try:
        found = refreshed(connector, asked.fetcher, catalog, asked.day)
    except RefusedError as refused:
        return Seen(connector, problems=tuple(refused.problems))
    if found.incoming is None:
        return Seen(connector, found)
    try:
        effect = impact(scenario, catalog, previewed(catalog, found.incoming))
        ends = effect.before, effect.after
        steps = bridge(scenario, catalog, found.incoming, "npv", ends=ends)
    except RefusedError as refused:
        return Seen(connector, found, problems=tuple(refused.problems))
    return Seen(connector, found, effect, steps)


def _alerts(
    one: Seen, counts: tuple[str, Scenario], known: tuple[Catalog, Sequence[Issue]], most: float
) -> list[Alert]:
    """Return what one source gives reason to look at."""
    catalog, kept = known
    if one.found is None or one.found.incoming is None:
        return []
    after = held_issues(kept, previewed(catalog, one.found.incoming))
    found = _outside(after, catalog, f"{publisher(one.connector)} says so, not accepted yet")
    change = one.npv_change
    if change is not None and abs(change) > most:
        told = {
            "source": one.connector.name,
            "scenario": counts[0],
            "scenario_hash": counts[1].hash,
            "change_usd": change,
            "threshold_usd": most,
        }
        figures = one.changes[["row", "column", "after"]].to_dict("records")
        same = [one.connector.name, counts[1].hash, figures]
        found.append(Alert(NPV, _npv_text(one, counts[0], most), told, same, catalog.version))
    return found


def publisher(connector: Connector) -> str:
    """Return how a source is called."""
    return connector.title.partition(":")[0]


def _npv_text(one: Seen, label: str, most: float) -> str:
    change = one.npv_change or 0.0
    irr = [value for value in one.moved("irr") if value is not None]
    moved = change_text("share_per_year", irr[1] - irr[0]) if len(irr) == 2 else None
    told = f", IRR by {signed(moved)}" if moved else ""
    led = f"; most of it: {one.steps[0].label}" if one.steps else ""
    return (
        f"{publisher(one.connector)} would move NPV of {label} by {_plus(change)}{told} "
        f"(more than {money(most)}){led}"
    )


def _plus(usd: float) -> str:
    return f"+{money(usd)}" if usd > 0 else money(usd)


def _outside(found: Sequence[Held], catalog: Catalog, where: str) -> list[Alert]:
    """Return an alert for every value outside the interval of the newest issue that said it."""
    newest: dict[tuple[str, int], tuple[Held, Score]] = {}
    for held in found:
        newest |= {(score.key, score.month): (held, score) for score in held.scores}
    return [
        _outside_alert(held.issue, score, catalog, where)
        for held, score in newest.values()
        if not score.inside_80
    ]


def _outside_alert(issue: Issue, score: Score, catalog: Catalog, where: str) -> Alert:
    unit = score.unit.replace("_", " ")
    told = (
        f"{score.title}, {score.period}: {score.came:,.4g} {unit} came, outside "
        f"{score.low_80:,.4g} to {score.high_80:,.4g}, the 80 % interval of issue {issue.number} "
        f"({where})"
    )
    content: Mapping[str, object] = {
        "issue": issue.number,
        "series": score.key,
        "period": score.period,
        "said": score.said,
        "lo-80": score.low_80,
        "hi-80": score.high_80,
        "came": score.came,
        "unit": score.unit,
    }
    same = [score.key, score.month, float(f"{score.came:.6g}")]
    return Alert(OUTSIDE, told, content, same, catalog.version)
