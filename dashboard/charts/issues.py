"""Issued forecasts as tables and sentences: what was said, what came, how results moved."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.issue_runs import Held, Move
from dashboard.theme import FORMATS, NOTHING, change_text, number
from data.issue_store import Issue
from forecasts.issue_scores import Score, coverage
from forecasts.issued import ALL, Headline, headlines_in

COLUMNS = {"capex": "Capex", "npv": "NPV", "irr": "IRR", "lcoc": "LCOC", "live": "First live"}
"""Headline results by metric, as a column is called."""


MOST_TOLD = 3
"""Issues and moves that the terminal tells in full, the newest; JSON has all."""


def scores_of(found: Sequence[Held]) -> list[Score]:
    """Return every score of every issue."""
    return [score for one in found for score in one.scores]


def headline(found: Sequence[Held]) -> str:
    """Say in a sentence how issued forecasts did so far."""
    if not found:
        return "No forecast was issued yet"
    scores = scores_of(found)
    if not scores:
        count = f"{len(found)} issues are" if len(found) > 1 else "One issue is"
        return f"{count} kept; nothing that was forecast has come yet"
    inside, every = coverage(scores)
    return f"{inside} of {every} inside the 80 % interval"


def meaning(found: Sequence[Held]) -> str:
    """Say what the count means."""
    scores = scores_of(found)
    if not scores:
        return "A forecast is scored as soon as the data in force hold its period."
    closer = [one.against_naive for one in scores if one.against_naive is not None]
    better = sum(ratio < 1 for ratio in closer)
    inside, every = coverage(scores, 95)
    return (
        f"{inside} of {every} lie inside the 95 % interval; {better} of {len(closer)} "
        "came closer than naive, which says the last value known then. Issues close to one another "
        "share what came: they are few independent events."
    )


def issues_table(found: Sequence[Held]) -> pd.DataFrame:
    """Table of issues, newest first."""
    rows = []
    for one in reversed(found):
        issue, (inside, every) = one.issue, coverage(one.scores)
        rows.append(
            {
                "Issue": issue.number,
                "When": day(issue),
                "Who": issue.who,
                "Scenario": issue.scenario,
                "Scored": every,
                "Inside 80 %": f"{inside} of {every}" if every else NOTHING,
                "Note": issue.note or NOTHING,
                "Data version": issue.data_version,
                "Code": issue.code_version,
                "Hash": issue.hash[:12],
            }
        )
    return pd.DataFrame(rows)


def day(issue: Issue) -> str:
    """Write when an issue was kept, UTC."""
    return str(issue.at)[:16].replace("T", " ")


def scores_table(found: Sequence[Held]) -> pd.DataFrame:
    """Table of what was said and what came, newest issue first."""
    rows = [
        {
            "Issue": one.issue.number,
            "Series": score.title,
            "Period": score.period,
            "Said": score.said,
            "Low": score.low_80,
            "High": score.high_80,
            "Came": score.came,
            "Unit": score.unit.replace("_", " "),
            "Off, %": np.nan if score.relative is None else round(100 * score.relative, 1),
            "Error over naive's": np.nan if score.against_naive is None else score.against_naive,
            "Inside 80 %": "yes" if score.inside_80 else "no",
            "Inside 95 %": "yes" if score.inside_95 else "no",
        }
        for one in reversed(found)
        for score in one.scores
    ]
    return pd.DataFrame(rows)


def readable(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with four digits, as a screen shows them."""
    made = scores.copy()
    for name in scores.select_dtypes("float"):
        made[name] = [float(f"{value:.4g}") for value in scores[name]]
    return made


def waiting_table(one: Held) -> pd.DataFrame:
    """Table of the series of an issue: what is scored, and from which period on more can be."""
    return pd.DataFrame(
        [
            {
                "Series": series.said.title,
                "Scored": len(series.scores),
                "Inside 80 %": coverage(series.scores)[0],
                "Can be scored from": series.waits_for or NOTHING,
                "Why not": series.reason or NOTHING,
            }
            for series in one.series
        ]
    )


def written(figure: Headline | None) -> str:
    """Write a headline result; a dash where there is none."""
    if figure is None or figure.value is None:
        return NOTHING
    if isinstance(figure.value, str):
        return figure.value
    return FORMATS[figure.unit](float(figure.value))


def results_table(found: Sequence[Issue]) -> pd.DataFrame:
    """Table of the results of all factories together by issue, newest first."""
    rows = []
    for issue in reversed(found):
        own = {one.metric: one for one in headlines_in(issue.content) if one.factory == ALL}
        figures = {label: written(own.get(name)) for name, label in COLUMNS.items()}
        rows.append({"Issue": issue.number, "When": day(issue)} | figures)
    return pd.DataFrame(rows)


def changed_text(move: Move) -> str:
    """Say what changed between two issues."""
    if not move.causes:
        return "nothing else changed"
    return "; ".join(f"{name} {was} to {now}" for name, (was, now) in move.causes.items())


def moves_table(found: Sequence[Move]) -> pd.DataFrame:
    """Table of the results that moved from issue to issue, newest first."""
    rows = [
        {
            "From, to": f"{move.before.number} to {move.after.number}",
            "Factory": step.shown.name,
            "Result": step.shown.label,
            "Before": written(step.before),
            "After": written(step.after),
            "Change": (
                NOTHING
                if step.change is None
                else change_text(step.shown.unit, step.change) or "too small to show"
            ),
            "What changed": changed_text(move),
        }
        for move in found
        for step in move.steps
        if step.moved
    ]
    return pd.DataFrame(rows)


def text(found: Sequence[Held], changes: Sequence[Move]) -> str:
    """Return issues, scores and moves for the terminal."""
    if not found:
        return "No forecast was issued yet: `rackcast scorecard --issue` keeps today's."
    lines = [f"{headline(found)}. {meaning(found)}", ""]
    for one in found:
        lines.append(_issue_text(one))
        lines += [_score_text(score) for score in one.scores if one in found[-MOST_TOLD:]]
    for move in changes[:MOST_TOLD]:
        lines.append(f"issue {move.before.number} to {move.after.number}: {changed_text(move)}")
        lines += [
            f"    {step.shown.label:18}{written(step.before):>16} to {written(step.after)}"
            for step in move.steps
            if step.moved and step.shown.factory == ALL
        ]
    if len(found) > MOST_TOLD:
        lines.append(f"Scores and moves of the newest {MOST_TOLD}; `--json` has all.")
    return "\n".join(lines)


def _issue_text(one: Held) -> str:
    issue, (inside, every) = one.issue, coverage(one.scores)
    told = f"{inside} of {every} inside the 80 % interval" if every else _waits(one)
    note = f"; {issue.note}" if issue.note else ""
    return f"issue {issue.number}, {day(issue)}, {issue.who}, {issue.scenario}: {told}{note}"


def _waits(one: Held) -> str:
    """Say from which periods on an issue can be scored, series by series where they differ."""
    periods: dict[str, list[str]] = {}
    for series in one.series:
        if series.waits_for:
            periods.setdefault(series.waits_for, []).append(series.said.key)
    told = [
        f"{period} ({', '.join(keys) if len(keys) < 4 else f'{len(keys)} series'})"
        for period, keys in sorted(periods.items())
    ]
    return f"nothing to score yet; can be scored from {', '.join(told)}"


def _score_text(score: Score) -> str:
    naive = score.against_naive
    off = "" if score.relative is None else f"{number(100 * score.relative, 1):>8} %"
    against = "naive was exact" if naive is None else f"{naive:.2f} of naive's"
    where = "inside 80 %" if score.inside_80 else "inside 95 %" if score.inside_95 else "OUTSIDE"
    return (
        f"    {score.key:16}{score.period:9}said {score.said:>12,.4g}, came {score.came:>12,.4g}"
        f"{off:>10}   {against}, {where}"
    )
