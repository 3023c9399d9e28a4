"""What is known of a file of series, as text for people at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from dashboard.series_file import Answer
    from forecasts.scorecard import Backtest

NAMED = 8
"""Series named in a line; the others are counted."""

NOTED = 20
"""Series whose notes are printed beside their forecasts; the others are counted."""

USED = "combination"
"""The model that forecasts every series."""

TRUST = {True: "beat naive", False: "nothing beats naive", None: "past errors cannot tell"}
"""Words for whether a series' past lets its forecast beat naive."""


def text(answer: Answer, out: Path | None) -> str:
    """Return it for people: the report where one was asked for, else forecasts as CSV.

    Parameters
    ----------
    answer : Answer
        What is known of the series.
    out : Path or None
        Where the forecasts were written.
    """
    rows = f"{len(answer.made)} rows written to {out}" if out else ""
    if answer.report is None:
        return rows or answer.made.to_csv(index=False)
    rest = rows or "The forecasts themselves: name a file with --out, or leave --backtest out."
    return "\n".join([*_report(answer, answer.report), *judged(answer), rest])


def aside(answer: Answer) -> str:
    """Say beside forecasts how far each may be trusted, what was found in its past, who judged."""
    noted = [one for one in _notes(answer) if one.partition(": ")[2]]
    more = f"{len(noted) - NOTED} more series have notes: --backtest or --json tells all"
    lines = [trust(answer.series), *noted[:NOTED], *([more] if len(noted) > NOTED else [])]
    return "\n".join([*lines, *judged(answer)])


def trust(series: pd.DataFrame) -> str:
    """Say for which series naive is beaten, for which not, and which cannot be told yet.

    Parameters
    ----------
    series : DataFrame
        `unique_id, beats_naive`, from `forecasts.combine.told`.
    """
    lines = []
    for mark, words in TRUST.items():
        names = [str(row.unique_id) for row in series.itertuples() if row.beats_naive is mark]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        if names:
            lines.append(f"{words} ({len(names)}): {', '.join(names[:NAMED])}{more}")
    return "on their own past: " + "; ".join(lines)


def judged(answer: Answer) -> list[str]:
    """Say of each judgement whose period has come which was closer, then of each analyst."""
    if answer.scores is None or answer.analysts is None:
        return []
    lines = [
        f"{row.who} judged {row.ds} of {row.unique_id} at {row.judgement:.6g}, the model said "
        f"{row.model:.6g}, {row.actual:.6g} came: {CLOSER[str(row.closer)]}"
        for row in answer.scores.head(NOTED).itertuples()
    ]
    return [*lines, *(f"{row.who}: {row.verdict}" for row in answer.analysts.itertuples())]


CLOSER = {
    "model": "the model was closer",
    "judgement": "the judgement was closer",
    "equal": "equally close",
}
"""Who was closer, in words."""


def _notes(answer: Answer) -> list[str]:
    columns = (answer.series[name].astype(str) for name in ("unique_id", "notes"))
    return [f"{key}: {notes}" for key, notes in zip(*columns, strict=True)]


def _report(answer: Answer, report: Backtest) -> list[str]:
    """Verdict and notes of every series, its scores, all models, the combination by step."""
    columns = (answer.series[name].astype(str) for name in ("unique_id", "verdict", "notes"))
    lines = [
        f"{key}: {verdict} {notes}".rstrip() for key, verdict, notes in zip(*columns, strict=True)
    ]
    if report.summary.empty:
        return lines
    scores = _scores([str(name) for name in report.summary])
    covered = [name for name in scores if name.startswith("coverage-")]
    steps = report.steps[report.steps["model"] == USED]
    best = report.summary.sort_values("owa")[["model", "series", *scores]]
    return [
        *lines,
        "",
        "the combination on each series' own past (closest: the model of the smallest errors)",
        _table(_by_series(answer, report, scores)),
        "",
        "models over the series each fits, best first (OWA 1 = naive there)",
        _table(best),
        "",
        "the combination, by step ahead",
        _table(steps[["step", "mase", *covered, "errors"]]),
        "",
        "Chosen for every series: the combination, whose members go by the number of values:",
        *_methods(answer),
        "Picking the model that was closest on the past does worse on new values than combining.",
    ]


def _by_series(answer: Answer, report: Backtest, scores: Sequence[str]) -> pd.DataFrame:
    """One row a series, also of those too short to be tried."""
    own = report.series[report.series["model"] == USED][["unique_id", *scores, "errors"]]
    known = answer.series[["unique_id", "observations"]].merge(own, on="unique_id", how="left")
    closest = report.verdicts.set_index("unique_id")["best"]
    known["errors"] = known["errors"].fillna(0).astype(int)
    known["closest"] = known["unique_id"].map(closest).replace("", "-")
    return known.rename(columns={"unique_id": "series", "observations": "values"})


def _scores(columns: Sequence[str]) -> list[str]:
    """Return the scores of the report: interval scores at the level nearest 95, all coverages."""
    covered = [name for name in columns if name.startswith("coverage-")]
    level = min((int(name.partition("-")[2]) for name in covered), key=lambda one: abs(one - 95))
    return ["mase", "smape", "owa", f"msis-{level}", *covered]


def _methods(answer: Answer) -> list[str]:
    """Say for each length among the series what forecasts it."""
    model = answer.made.groupby("unique_id", sort=False)["model"].first()
    used = answer.series.assign(model=answer.series["unique_id"].map(model))
    found = used.drop_duplicates("rung").sort_values("observations")
    return [f"  {row.rung}: {row.model}" for row in found.itertuples()]


def _table(frame: pd.DataFrame) -> str:
    return str(frame.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep="-"))
