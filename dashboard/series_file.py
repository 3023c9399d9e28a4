"""A user's file of series, forecast and judged on the command line."""

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    import pandas as pd

    from data.ingest import Ingested
    from data.ingest import Problem as FileProblem
    from forecasts.combine import Told
    from forecasts.overrides import Override
    from forecasts.scorecard import Backtest

Made = TypeVar("Made")

Tell = Callable[[int, int], None]
"""Told how many series are done, of how many; may raise to end the run."""


def read_series(file: Path) -> "pd.DataFrame":
    """Read `unique_id, ds, y`, or refuse the file with every problem's row and column."""
    from data.ingest import read

    frame, others = frame_of(read(file, "series"), file.name)
    for one in others:
        typer.echo(one, err=True)
    return frame


def frame_of(ingested: "Ingested", name: str) -> "tuple[pd.DataFrame, list[str]]":
    """Return the series that were read and what to know of them, or refuse them with every problem.

    Parameters
    ----------
    ingested : Ingested
        What was read as `series`.
    name : str
        What it was read from, for messages.
    """
    problems = ingested.report.problems
    if ingested.report.status == "rejected":
        raise RefusedError([_in_file(name, one) for one in problems if one.severity == "error"])
    return ingested.frame, [f"{one.severity}: {_in_file(name, one)}" for one in problems]


def _in_file(name: str, found: "FileProblem") -> Problem:
    """Say where in the user's file a problem is; a problem of the whole file has no row."""
    row = "" if found.row is None else f" row {found.row}"
    column = f", {found.column}" if found.column else ""
    got = str(found.value).strip() or "nothing"
    return Problem(f"{name}{row}{column}", got, found.expected, found.fix)


def read_overrides(file: Path) -> "tuple[Override, ...]":
    """Read an analyst's judgements, or refuse the file with every problem."""
    try:
        rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = Problem(str(file), str(error), "a UTF-8 CSV file", "check name and encoding")
        raise RefusedError([problem]) from error
    return judgements_of(rows, file.name)


def judgements_of(rows: Sequence[Mapping[str, str]], name: str) -> "tuple[Override, ...]":
    """Return an analyst's judgements from rows of text, or refuse them with every problem."""
    from forecasts.overrides import COLUMNS, overrides_of

    lacking = [column for column in COLUMNS if rows and column not in rows[0]]
    if lacking or not rows:
        expected = f"columns {', '.join(COLUMNS)} and a row"
        found = f"no {', '.join(lacking)}" if lacking else "no rows"
        raise RefusedError([Problem(name, found, expected, "add them")])
    made, problems = overrides_of(rows, name)
    if problems:
        raise RefusedError(problems)
    return made


def levels_of(text: str) -> tuple[int, ...]:
    """Read `80,95`; refuse anything but whole percentages between 1 and 99."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if parts and all(
        part.isdecimal() and len(part) <= 2 and 1 <= int(part) <= 99 for part in parts
    ):
        return tuple(sorted({int(part) for part in parts}))
    raise RefusedError(
        [Problem("--levels", repr(text), "whole percentages from 1 to 99", "write e.g. 80,95")]
    )


def forecast_all(
    frame: "pd.DataFrame",
    horizon: int,
    freq: str | None,
    levels: tuple[int, ...],
    *,
    tell: Tell | None = None,
) -> "Told":
    """Forecast every series; `tell` is told how far it is, or else a bar on a terminal."""
    from forecasts.combine import told

    _require_values(frame)
    return _with_bar(
        "forecasting", lambda done: told(frame, horizon, freq, levels, done=done), tell
    )


def backtest_all(
    frame: "pd.DataFrame",
    horizon: int,
    freq: str | None,
    levels: tuple[int, ...],
    *,
    every: bool = False,
    tell: Tell | None = None,
) -> "Backtest":
    """Judge every series on its own past; `every` tries statsmodels' automatic models too."""
    from forecasts.models import STATSMODELS
    from forecasts.scorecard import backtest

    _require_values(frame)
    more = STATSMODELS if every else None
    return _with_bar(
        "backtest",
        lambda done: backtest(frame, horizon, freq, levels=levels, candidates=more, done=done),
        tell,
    )


def _require_values(frame: "pd.DataFrame") -> None:
    """Refuse every series that holds no value, by name."""
    counted = frame.groupby("unique_id", sort=False)["y"].count()
    fix = "give it a value or delete its rows"
    empty = [
        Problem(f"series {key!s}", "no value", "at least one number in y", fix)
        for key in counted.index[counted == 0]
    ]
    if empty:
        raise RefusedError(empty)


def _with_bar(label: str, work: Callable[[Tell], Made], tell: Tell | None) -> Made:
    """Run work that tells its progress; what cannot be forecast is refused with its reason."""
    try:
        return _drawn(label, work) if tell is None else work(tell)
    except ValueError as error:
        fix = "correct the file, or name the frequency with --freq"
        raise RefusedError([Problem(label, str(error), "series that can be used", fix)]) from error


def _drawn(label: str, work: Callable[[Tell], Made]) -> Made:
    """Run work with a bar; nothing is drawn where stderr is not a terminal."""
    if not sys.stderr.isatty():
        return work(lambda _count, _of: None)
    with typer.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def done(count: int, of: int) -> None:
            bar.length = of
            bar.update(count - bar.pos)

        return work(done)


def write(made: "pd.DataFrame", out: Path) -> None:
    """Write forecasts as CSV, or say why the file cannot be written."""
    try:
        made.to_csv(out, index=False)
    except OSError as error:
        problem = Problem(
            str(out), error.strerror or str(error), "a place to write", "name another"
        )
        raise RefusedError([problem]) from error


def records(frame: "pd.DataFrame") -> list[dict[str, object]]:
    """Return a frame as plain rows; what is not a number is null."""
    rows: list[dict[str, object]] = json.loads(
        frame.to_json(orient="records", date_format="iso", double_precision=15) or "[]"
    )
    return rows


def backtest_data(report: "Backtest") -> dict[str, list[dict[str, object]]]:
    """Return a report as plain data: by series and model, by model and step, over all, verdicts."""
    return {
        "series": records(report.series),
        "steps": records(report.steps),
        "summary": records(report.summary),
        "verdicts": records(report.verdicts),
    }


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a file of series: forecasts, and on request backtest and judgements."""

    made: "pd.DataFrame"
    series: "pd.DataFrame"
    report: "Backtest | None" = None
    scores: "pd.DataFrame | None" = None
    analysts: "pd.DataFrame | None" = None

    def data(self) -> object:
        """Return it as plain data: rows of forecasts alone, or parts by name.

        Every row says whether the series' past lets its forecast beat naive, null being untold, and
        what was found in it.
        """
        verdicts = self.series[["unique_id", "beats_naive", "verdict", "notes"]]
        rows = records(self.made.merge(verdicts, on="unique_id", how="left"))
        if self.report is None and self.scores is None:
            return rows
        parts: dict[str, object] = {"forecast": rows, "series": records(self.series)}
        if self.report is not None:
            parts["backtest"] = backtest_data(self.report)
        if self.scores is not None and self.analysts is not None:
            parts["overrides"] = {"scores": records(self.scores), "by": records(self.analysts)}
        return parts


def answer_of(  # noqa: PLR0913 - what is asked, and what is known already
    frame: "pd.DataFrame",
    horizon: int,
    freq: str | None,
    levels: tuple[int, ...],
    *,
    report: "Backtest | None" = None,
    judgements: "tuple[Override, ...]" = (),
    tell: Tell | None = None,
) -> Answer:
    """Forecast every series, beside a backtest of theirs and with judgements where given."""
    told = forecast_all(frame, horizon, freq, levels, tell=tell)
    series = told.series if report is None else _as_tried(told.series, report)
    found = Answer(told.frame, series, report)
    return with_judgements(found, frame, judgements, freq) if judgements else found


def _as_tried(series: "pd.DataFrame", report: "Backtest") -> "pd.DataFrame":
    """Return what is told of each series with the report's verdict, which tries short ones too."""
    own = report.verdicts.set_index("unique_id")
    names = ["beats_naive", "skill", "errors", "verdict"]
    return series.assign(**{name: series["unique_id"].map(own[name]) for name in names}).astype(
        {"beats_naive": object}
    )


def with_judgements(
    answer: Answer, frame: "pd.DataFrame", judgements: "tuple[Override, ...]", freq: str | None
) -> Answer:
    """Apply judgements to the forecasts and score those whose period has come."""
    from forecasts.overrides import analysts, judged, misplaced, scored

    problems = misplaced(answer.made, frame, judgements, "overrides")
    if problems:
        raise RefusedError(problems)
    scores = scored(frame, judgements, freq)
    return replace(
        answer, made=judged(answer.made, judgements), scores=scores, analysts=analysts(scores)
    )
