"""`rackcast watch`: look at public sources once or again and again, and raise alerts."""

import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.cli_options import AsJson, StoreName, Workspace, unreachable
from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    from dashboard.watch_runs import Look
    from data.connectors.connector import Connector

ALERTED: Final = 3
"""Exit code of a single look that raised an alert; 2 is wrong usage, of every command."""

UNITS: Final = {"m": 60, "h": 3600, "d": 86400}
"""Seconds of the units of `--every`."""

LONGEST_DAYS: Final = 31
"""Most days between two looks."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a watch was asked for.

    Attributes
    ----------
    connectors : tuple of Connector
        Sources.
    threshold_usd : float
        Move of NPV from which on an alert is raised.
    store : str or None
        Store as it was named.
    workspace : str
        Whose data.
    tell : Path or None
        File that every new alert is added to.
    as_json : bool
        Whether to print JSON.
    """

    connectors: "tuple[Connector, ...]"
    threshold_usd: float
    store: str | None
    workspace: str
    tell: Path | None
    as_json: bool


def watch(  # noqa: PLR0913 - one option a parameter
    sources: Annotated[
        list[str] | None, typer.Argument(help="Sources or datasets; all when left out.")
    ] = None,
    every: Annotated[
        str, typer.Option(help="Look again after 30m, 24h or 7d, until stopped.")
    ] = "",
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="Look once; exit code 3 where an alert was raised, 2 is wrong usage."
        ),
    ] = False,
    threshold: Annotated[
        float, typer.Option(min=0, help="USD of NPV moved from which on an alert is raised.")
    ] = 50e6,
    tell: Annotated[Path | None, typer.Option(help="File to add every new alert to.")] = None,
    acknowledge: Annotated[
        str, typer.Option(help="Instead of looking: acknowledge alerts, as 3,4 or all.")
    ] = "",
    note: Annotated[str, typer.Option(help="Said with an acknowledgement.")] = "",
    store: StoreName = None,
    workspace: Workspace = "main",
    as_json: AsJson = False,
) -> None:
    """Ask public sources what changed and what it moves; raise alerts, keep them in the store."""
    from data.connectors.refresh import chosen

    _refuse_mixed({"--every": bool(every), "--once": once, "--acknowledge": bool(acknowledge)})
    if note and not acknowledge:
        fix = "add --acknowledge, or leave the note out"
        raise RefusedError([Problem("--note", repr(note[:40]), "an acknowledgement", fix)])
    if acknowledge:
        _acknowledged(acknowledge, note, (store, workspace), as_json=as_json)
        return
    pause = seconds_of(every) if every else None
    asked = Watch(chosen(sources or []), threshold, store, workspace, tell, as_json)
    if tell is not None:
        _add(tell, [])
    if pause is not None:
        keep_looking(lambda: _again(asked), pause)
        return
    made = _look(asked)
    _say(made, asked)
    if made.raised:
        _complain(made.problems)
        raise typer.Exit(ALERTED)
    if made.problems:
        raise RefusedError(made.problems)


def _refuse_mixed(asked: dict[str, bool]) -> None:
    given = [name for name, wanted in asked.items() if wanted]
    if len(given) > 1:
        found = " and ".join(given)
        raise RefusedError([Problem("watch", found, "one of them", "leave the others out")])


def seconds_of(text: str) -> int:
    """Return the seconds of `30m`, `24h` or `7d`.

    Raises
    ------
    RefusedError
        If it is none of these, or longer than a month.

    Examples
    --------
    >>> seconds_of("24h")
    86400
    """
    found = re.fullmatch(r"([1-9]\d{0,6})([mhd])", text.strip().lower())
    seconds = int(found[1]) * UNITS[found[2]] if found else 0
    if not 0 < seconds <= LONGEST_DAYS * UNITS["d"]:
        expected = f"minutes, hours or days up to {LONGEST_DAYS}d, as 30m, 24h, 7d"
        raise RefusedError([Problem("--every", repr(text[:20]), expected, "correct it")])
    return seconds


def keep_looking(again: Callable[[], None], pause: float) -> None:
    """Call something now and after every pause, until SIGINT or SIGTERM; then end quietly."""
    try:
        with _ended_by_signal():
            while True:
                began = time.monotonic()
                again()
                wait(max(pause - (time.monotonic() - began), 0.0))
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)


def wait(seconds: float) -> None:
    """Sleep."""
    time.sleep(seconds)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let SIGTERM end what runs as Ctrl-C does: transactions under way are rolled back."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _again(asked: Watch) -> None:
    """Look once of many times: what fails is said, and the next look comes all the same."""
    try:
        made = _look(asked)
        _say(made, asked)
    except RefusedError as refused:
        _complain(refused.problems)
    else:
        _complain(made.problems)


def _look(asked: Watch) -> "Look":
    from dashboard.store_cli import opened
    from dashboard.watch_runs import Asked, look
    from dashboard.watch_text import alert_text
    from data.connectors.refresh import cached_fetcher, today

    with opened(asked.store) as held:
        wanted = Asked(asked.connectors, cached_fetcher(), today(), asked.threshold_usd)
        made = look(held, held.operator(asked.workspace), wanted)
    if asked.tell is not None and made.raised:
        _add(asked.tell, [f"{one.at} {alert_text(one)}" for one in made.raised])
    return made


def _say(made: "Look", asked: Watch) -> None:
    """Print a look; as JSON, one line where more are to follow is what programs read easily."""
    from dashboard.watch_text import look_data, look_text

    if asked.as_json:
        typer.echo(json.dumps(look_data(made, asked.threshold_usd), allow_nan=False))
    else:
        typer.echo(look_text(made))


def _complain(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        typer.echo(f"not done: {problem}", err=True)


def _add(file: Path, lines: list[str]) -> None:
    """Add lines to a file; none to see whether that can be done."""
    try:
        with file.open("a", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise RefusedError([unreachable(error)]) from error


def _acknowledged(text: str, note: str, place: tuple[str | None, str], *, as_json: bool) -> None:
    """Acknowledge alerts by number, or all that wait."""
    from dashboard.store_cli import opened
    from dashboard.watch_text import alert_data
    from data.alert_store import acknowledge, alerts

    with opened(place[0]) as held:
        who = held.operator(place[1])
        waiting = [one.number for one in alerts(held, who) if one.waits]
        numbers = waiting if text.strip().lower() == "all" else _numbers(text)
        made = acknowledge(held, who, numbers, note) if numbers else ()
    if as_json:
        typer.echo(json.dumps([alert_data(one) for one in made], indent=1, allow_nan=False))
        return
    for one in made:
        typer.echo(f"alert {one.number}: acknowledged by {one.acknowledged_by}")
    if not made:
        typer.echo("no alert waits")


def _numbers(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    wrong = [part for part in parts if not (part.isascii() and part.isdigit() and len(part) < 10)]
    if wrong:
        expected = "numbers of alerts, as 3,4, or all"
        raise RefusedError(
            [Problem("--acknowledge", repr(part[:20]), expected, "correct it") for part in wrong]
        )
    return [int(part) for part in parts]


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(watch)
