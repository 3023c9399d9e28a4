"""A user's file, read on the command line: the verdict in plain words, and the frame as CSV."""

from pathlib import Path
from typing import TYPE_CHECKING

from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    from data.ingest import Ingested, Options
    from data.ingest import Problem as FileProblem

SHOWN = 40
"""Problems of each kind that are printed; `--json` has them all."""

VERDICTS = {
    "accepted": "accepted",
    "accepted_with_warnings": "accepted with warnings: read them, something was assumed",
    "rejected": "rejected: nothing was taken from the file",
}
"""Each status in words."""

KINDS = {
    "error": "Errors (mend these)",
    "warning": "Warnings (check these)",
    "note": "Notes",
}
"""Headings of the list of problems."""


def read_file(file: Path, dataset: str, options: "Options") -> "Ingested":
    """Read a file; an unknown dataset is refused with the names that exist."""
    from data.ingest import dataset_names, read

    if dataset not in dataset_names():
        known = ", ".join(dataset_names())
        raise RefusedError([Problem("--dataset", repr(dataset), f"one of {known}", "name one")])
    return read(file, dataset, options)


def template_of(dataset: str) -> str:
    """Return a CSV to start from; without a dataset, say what is missing."""
    from data.ingest import dataset_names
    from data.reading.templates import template

    named = [name for name in dataset_names() if name != "any"]
    if not dataset:
        raise RefusedError([Problem("FILE", "nothing", "a file, or --template", "name one")])
    if dataset not in named:
        expected = f"one of {', '.join(named)}"
        raise RefusedError([Problem("--template", repr(dataset), expected, "name one")])
    return template(dataset)


def write_frame(made: "Ingested", out: Path) -> None:
    """Write an accepted frame as CSV; a rejected one is not written."""
    from data.reading.writing import written

    if made.report.status == "rejected":
        return
    try:
        written(made.frame, out)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RefusedError(
            [Problem(str(out), reason, "a place to write", "name another")]
        ) from error


def report_text(made: "Ingested", name: str, out: Path | None) -> str:
    """Return verdict, assumptions and problems for a person to read."""
    report = made.report
    lines = [
        f"{name}: {VERDICTS[report.status]}",
        f"{report.rows} rows, {len(report.columns)} columns",
    ]
    if report.assumed:
        held = (f"{key.replace('_', ' ')} {value}" for key, value in report.assumed.items())
        lines.append(f"read with {', '.join(held)}")
    for severity, heading in KINDS.items():
        lines += _listed(heading, [one for one in report.problems if one.severity == severity])
    if out is not None:
        done = (
            "not written, since the file was rejected" if report.status == "rejected" else "written"
        )
        lines += ["", f"{out}: {done}"]
    return "\n".join(_printable(line) for line in lines)


def _listed(heading: str, problems: "list[FileProblem]") -> list[str]:
    if not problems:
        return []
    lines = ["", f"{heading}: {len(problems)}"]
    lines += [f"  {one.message}" for one in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"  and {len(problems) - SHOWN} more; --json lists them all")
    return lines


def _printable(line: str) -> str:
    """Return a line that cannot steer a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
