"""Forecasts issued from the store's data, and what came of those issued before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.approved import that_counts
from data.actors import Actor
from data.catalog import Catalog
from data.issue_store import Issue, issues, keep_issue
from data.problems import RefusedError
from data.store import Store
from forecasts.engine import run
from forecasts.issue_scores import Score, Scored, coverage, scored_issue
from forecasts.issued import Headline, follows_in, headlines_in, issue_content, said_in
from forecasts.outlook import History, histories, outlook
from forecasts.own_series import tied

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Held:
    """One kept issue with what can be scored of it."""

    issue: Issue
    series: tuple[Scored, ...]

    @property
    def scores(self) -> tuple[Score, ...]:
        """Every score of every series."""
        return tuple(score for one in self.series for score in one.scores)


@dataclass(frozen=True, slots=True)
class Step:
    """How one headline result moved between two issues.

    Attributes
    ----------
    before, after : Headline or None
        None where the factory is not among those of the issue.
    """

    before: Headline | None
    after: Headline | None

    @property
    def shown(self) -> Headline:
        """Whichever there is, the newer first."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a step has neither a figure before nor after; give one of them")
        return found

    @property
    def change(self) -> float | None:
        """After less before; None for months, and where either has no value."""
        was, now = (None if one is None else one.value for one in (self.before, self.after))
        return now - was if isinstance(was, float) and isinstance(now, float) else None

    @property
    def moved(self) -> bool:
        """Whether the figure is another."""
        return self.before is None or self.after is None or self.before.value != self.after.value


@dataclass(frozen=True, slots=True)
class Move:
    """What differs between an issue and the one before it."""

    before: Issue
    after: Issue
    steps: tuple[Step, ...]

    @property
    def causes(self) -> dict[str, tuple[str, str]]:
        """What changed between them: data version, scenario, code."""
        was, now = self.before, self.after
        pairs = {
            "data version": (was.data_version, now.data_version),
            "scenario": (
                f"{was.scenario} ({was.scenario_hash})",
                f"{now.scenario} ({now.scenario_hash})",
            ),
            "code": (was.code_version, now.code_version),
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def code_version() -> str:
    """Return version and hash of this program, as manifests name it."""
    from dashboard.exports.manifest import code_here

    code = code_here()
    return f"{code.rackcast} ({code.sha256[:12]})"


def issue_now(store: Store, actor: Actor, catalog: Catalog, note: str = "") -> tuple[Issue, bool]:
    """Issue today's forecasts of every series and the headline results; return whether new.

    Raises
    ------
    RefusedError
        If the actor may not, or the tables do not carry the scenario.
    """
    label, scenario = that_counts(store, actor)
    content = issue_content(run(scenario, catalog), outlook(catalog, scenario.follows))
    made = Issue(content, catalog.version, code_version(), label, scenario.hash, note.strip())
    return keep_issue(store, actor, made)


def held_issues(found: Sequence[Issue], catalog: Catalog) -> tuple[Held, ...]:
    """Hold issues against the tables as they are now, oldest first."""
    known: dict[tuple[tuple[str, str], ...], Mapping[str, History]] = {}
    made = []
    for issue in found:
        follows = tuple(sorted(follows_in(issue.content).items()))
        if follows not in known:
            known[follows] = _histories(catalog, dict(follows))
        made.append(Held(issue, scored_issue(said_in(issue.content), known[follows])))
    return tuple(made)


def _histories(catalog: Catalog, follows: dict[str, str]) -> Mapping[str, History]:
    """Return series with what the issue tied, where its own series are still there."""
    try:
        return histories(tied(catalog, follows))
    except RefusedError:
        return histories(catalog)


def moves(found: Sequence[Issue]) -> tuple[Move, ...]:
    """Return what differs from issue to issue, newest first."""
    return tuple(_move(before, after) for before, after in pairwise(found))[::-1]


def _move(before: Issue, after: Issue) -> Move:
    was, now = (
        {(one.factory, one.metric): one for one in headlines_in(issue.content)}
        for issue in (before, after)
    )
    keys = dict.fromkeys([*now, *was])
    return Move(before, after, tuple(Step(was.get(key), now.get(key)) for key in keys))


def kept(store: Store, actor: Actor, catalog: Catalog) -> tuple[Held, ...]:
    """Return every kept issue with its scores, oldest first."""
    return held_issues(issues(store, actor), catalog)


def kept_data(found: Sequence[Held]) -> Json:
    """Return kept issues, their scores and how results moved as plain data."""
    every = [score for one in found for score in one.scores]
    return {
        "issues": [_issue_data(one) for one in found],
        "scores": [
            {"issue": one.issue.number, **_score_data(score)}
            for one in found
            for score in one.scores
        ],
        "coverage": {
            str(level): dict(zip(("inside", "of"), coverage(every, level), strict=True))
            for level in (80, 95)
        },
        "moves": [_move_data(move) for move in moves([one.issue for one in found])],
    }


def identity(issue: Issue) -> Json:
    """Return what an issue is, without what it says."""
    return {
        "number": issue.number,
        "who": issue.who,
        "at": issue.at,
        "note": issue.note,
        "data_version": issue.data_version,
        "code_version": issue.code_version,
        "scenario": issue.scenario,
        "scenario_hash": issue.scenario_hash,
        "hash": issue.hash,
    }


def _issue_data(one: Held) -> Json:
    return identity(one.issue) | {
        "results": [
            {
                "factory": figure.factory,
                "metric": figure.metric,
                "unit": figure.unit,
                "value": figure.value,
                "reason": figure.reason,
            }
            for figure in headlines_in(one.issue.content)
        ],
        "series": [_series_data(series) for series in one.series],
    }


def _series_data(one: Scored) -> Json:
    inside = {level: coverage(one.scores, level)[0] for level in (80, 95)}
    return {
        "series": one.said.key,
        "title": one.said.title,
        "unit": one.said.unit,
        "scored": len(one.scores),
        "inside_80": inside[80],
        "inside_95": inside[95],
        "waits_for": one.waits_for or None,
        "reason": one.reason,
    }


def _score_data(score: Score) -> Json:
    return {
        "series": score.key,
        "period": score.period,
        "unit": score.unit,
        "said": score.said,
        "lo-80": score.low_80,
        "hi-80": score.high_80,
        "lo-95": score.low_95,
        "hi-95": score.high_95,
        "came": score.came,
        "naive": score.still,
        "error": score.error,
        "relative_error": score.relative,
        "error_over_naive": score.against_naive,
        "inside_80": score.inside_80,
        "inside_95": score.inside_95,
    }


def _move_data(move: Move) -> Json:
    return {
        "from": move.before.number,
        "to": move.after.number,
        "changed": {name: list(pair) for name, pair in move.causes.items()},
        "results": [
            {
                "factory": step.shown.factory,
                "metric": step.shown.metric,
                "unit": step.shown.unit,
                "before": None if step.before is None else step.before.value,
                "after": None if step.after is None else step.after.value,
                "change": step.change,
            }
            for step in move.steps
            if step.moved
        ],
    }
