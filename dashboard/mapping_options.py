"""Column mappings on the command line: written out, in a JSON file, or as kept for a source."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    from data.ingest import Ingested
    from data.reading.findings import Options

KEPT = "kept"
"""Asks for the mapping that was kept for files of the same columns."""

FORM = "Country=iso3,MW=value, a JSON file, or kept"


def with_mapping(options: "Options", text: str, file: Path, dataset: str) -> "Options":
    """Return options with the mapping that a text names.

    Raises
    ------
    RefusedError
        If it cannot be read, names a column that the dataset lacks, or none was kept.
    """
    from data.mapping_store import options_from

    if not text:
        return options
    held = _kept(options, file, dataset) if text == KEPT else _stated(text)
    made = options_from(held, options)
    _judge(made, dataset)
    return made


def _stated(text: str) -> dict[str, object]:
    if text.lower().endswith(".json"):
        return _of_file(Path(text))
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if not pairs or any(not mark or not column.strip() for column, mark, _ in pairs):
        raise RefusedError([Problem("--mapping", repr(text), FORM, "write it so")])
    return {"columns": {column.strip(): target.strip() for column, _, target in pairs}}


def _of_file(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no JSON"
        expected = 'a file as {"columns": {"MW": "value"}, "constants": {"unit": "MW"}}'
        raise RefusedError(
            [Problem("--mapping", f"{path}: {reason}", expected, "mend it")]
        ) from error
    if not isinstance(found, dict):
        raise RefusedError([Problem("--mapping", str(path), "one JSON object", "mend it")])
    return {str(key): value for key, value in found.items()}


def _kept(options: "Options", file: Path, dataset: str) -> dict[str, object]:
    from data.ingest import read
    from data.mapping_store import saved_mapping, source_of
    from data.store import open_store

    columns = read(file, "any", options).report.columns
    with open_store() as store:
        held = saved_mapping(store, store.operator(), source_of(dataset, columns))
    if held is None:
        fix = "write the mapping, and add --keep-mapping"
        raise RefusedError([Problem("--mapping kept", "no mapping", "one for these columns", fix)])
    return held


def _judge(options: "Options", dataset: str) -> None:
    """Refuse targets that are no column of the dataset."""
    from data.ingest import ANY
    from data.reading.mapping import targets_of
    from data.schemas import DATASETS

    if dataset == ANY:
        fix = "say --dataset"
        raise RefusedError([Problem("--mapping", "no dataset", "a dataset to map to", fix)])
    if dataset != "series" and dataset not in DATASETS:
        return  # refused with the names that exist when the file is read
    known = targets_of(dataset)
    wrong = [one for one in {*options.mapping.values(), *options.constants} if one not in known]
    raised = [Problem("--mapping", repr(one), f"one of {', '.join(known)}", "correct it")
              for one in sorted(wrong) if one]  # fmt: skip
    if raised:
        raise RefusedError(raised)


def keep_mapping(options: "Options", made: "Ingested", dataset: str) -> None:
    """Keep how a file was read for the next one of its source."""
    from data.mapping_store import kept_form, save_mapping, source_of
    from data.store import open_store

    said = replace(options, mapping={**_found(made), **options.mapping})
    with open_store() as store:
        save_mapping(
            store, store.operator(), source_of(dataset, made.report.columns), kept_form(said)
        )


def _found(made: "Ingested") -> dict[str, str]:
    """Return the columns that stand for one of the dataset; values side by side are found anew."""
    return {name: to for name, to in made.report.mapping.items() if " " not in to}
