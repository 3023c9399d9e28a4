"""Load the tables: check hash and schema, keep the source beside every value."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.cell_checks import cell_problems
from data.late import Late
from data.problems import Problem, RefusedError
from data.provenance import Confidence, Fact, Source
from data.schemas import (
    DATASETS,
    NUMBERS,
    Dataset,
)

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

TABLES: Final = Path(__file__).parent / "tables"
"""The bundled tables."""

DESCRIPTOR: Final = "datapackage.json"
"""The descriptor beside the tables: title, fields and hash of each."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """All tables of one data version.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        Each table with numbers as floats and everything else as text; those that only users
        fill may be empty.
    version : str
        First 12 hex digits of the hash over all tables: two catalogs with the same version
        hold the same numbers.
    memo : dict
        Look-ups already made; holds nothing that the tables do not.
    """

    tables: Mapping[str, pd.DataFrame]
    version: str
    memo: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], tuple[Fact, ...]]] = field(
        default_factory=dict, repr=False
    )

    def fact(self, table: str, **key: str) -> Fact:
        """Return the newest row of `table` that matches `key`.

        Parameters
        ----------
        table : str
            A name of `data.schemas.DATASETS`.
        **key : str
            Key columns and the values they must have; where several rows match, the last
            by `period` wins.

        Raises
        ------
        RefusedError
            If no row matches.
        """
        found = self.facts(table, **key)
        if not found:
            raise RefusedError([_missing(table, key)])
        return found[-1]

    def facts(self, table: str, **key: str) -> tuple[Fact, ...]:
        """Return every row of `table` that matches `key`, oldest period first."""
        columns = tuple(sorted(key))
        if (table, columns) not in self.memo:
            self.memo[table, columns] = _index(table, self.tables[table], columns)
        return self.memo[table, columns].get(tuple(key[name] for name in columns), ())

    def number(self, table: str, **key: str) -> float:
        """Return the value of the newest matching row; refuse a row that holds a text."""
        fact = self.fact(table, **key)
        if fact.value is None:
            raise RefusedError(
                [Problem(fact.place, repr(fact.text), "a number", "write it in the value column")]
            )
        return fact.value


def _index(
    table: str, frame: pd.DataFrame, columns: tuple[str, ...]
) -> dict[tuple[str, ...], tuple[Fact, ...]]:
    """Group the rows of a table by some columns, so that a look-up need not search."""
    ordered = frame.sort_values("period", kind="stable") if "period" in frame.columns else frame
    found: dict[tuple[str, ...], list[Fact]] = {}
    for row in ordered.to_dict("records"):
        cells = {str(name): value for name, value in row.items()}
        key = tuple(str(cells[name]) for name in columns)
        found.setdefault(key, []).append(_fact(table, cells))
    return {key: tuple(facts) for key, facts in found.items()}


def _missing(table: str, key: Mapping[str, str]) -> Problem:
    named = ", ".join(f"{column}={value}" for column, value in key.items())
    return Problem(f"{table}.csv", f"no row with {named}", "one row", "add the row with its source")


def _fact(table: str, row: Mapping[str, object]) -> Fact:
    dataset = DATASETS[table]
    number = {name: _optional(row[name]) for name in NUMBERS}
    source = Source(
        publisher=str(row["source"]),
        url=str(row["url"]),
        date=str(row["date"]),
        confidence=Confidence(str(row["confidence"])),
    )
    return Fact(
        value=number["value"],
        text=str(row["text"]) if dataset.has_text else "",
        low=number["low"],
        high=number["high"],
        unit=str(row["unit"]),
        source=source,
        notes=str(row["notes"]),
        place=f"{table}[{', '.join(str(row[column]) for column in dataset.key)}]",
    )


def _optional(value: object) -> float | None:
    number = float(str(value))
    return None if math.isnan(number) else number


def read_table(path: Path, dataset: Dataset) -> pd.DataFrame:
    """Read one table as text and numbers.

    Raises
    ------
    RefusedError
        With every problem of the file: missing file or columns, cells that are no numbers,
        unknown units, missing sources, repeated keys, values outside their range.
    """
    if not path.is_file():
        raise RefusedError(
            [Problem(str(path.name), "no such file", f"the table {dataset.name}", "restore it")]
        )
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RefusedError(
            [Problem(path.name, str(error), "a UTF-8 CSV table", "save it as UTF-8 CSV")]
        ) from error
    return checked(frame, dataset, path.name)


def empty(dataset: Dataset) -> pd.DataFrame:
    """Return a table without rows."""
    columns = {name: float if name in NUMBERS else str for name in dataset.columns}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def checked(frame: pd.DataFrame, dataset: Dataset, file: str) -> pd.DataFrame:
    """Return a table of texts with its numbers as floats, once every cell obeys the schema.

    Raises
    ------
    RefusedError
        With every problem; the first row of the frame is row 2 of the file.
    """
    if tuple(frame.columns) != dataset.columns:
        raise RefusedError([_wrong_columns(file, frame, dataset)])
    found = list(cell_problems(frame, dataset, file))
    if found:
        raise RefusedError(found)
    numbers = {
        name: [float(cell) if cell else math.nan for cell in frame[name]] for name in NUMBERS
    }
    return frame.assign(**numbers)


def _wrong_columns(file: str, frame: pd.DataFrame, dataset: Dataset) -> Problem:
    missing = [name for name in dataset.columns if name not in frame.columns]
    extra = [name for name in frame.columns if name not in dataset.columns]
    fix = f"add {missing}, remove {extra}" if missing or extra else "reorder the columns"
    return Problem(f"{file} row 1", str(list(frame.columns)), str(list(dataset.columns)), fix)


def load(folder: Path = TABLES) -> Catalog:
    """Load and check every table of a folder.

    Parameters
    ----------
    folder : Path
        A folder with one CSV per dataset of `data.schemas.DATASETS`. The bundled tables are also
        checked against the hashes of their descriptor.

    Raises
    ------
    RefusedError
        With all problems of all tables.
    """
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name, dataset in DATASETS.items():
        path = folder / f"{name}.csv"
        if not (dataset.bundled or path.is_file()):
            tables[name] = empty(dataset)
            continue
        try:
            tables[name] = read_table(path, dataset)
        except RefusedError as refused:
            problems += refused.problems
    if not problems:
        problems += _hash_problems(folder)
    if problems:
        raise RefusedError(problems)
    return Catalog(tables, version(folder))


def version(folder: Path = TABLES) -> str:
    """Return the data version: a hash over the bytes of every table, 12 hex digits."""
    digest = hashlib.sha256()
    for name in sorted(DATASETS):
        path = folder / f"{name}.csv"
        if DATASETS[name].bundled or path.is_file():
            digest.update(name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def bundled() -> Catalog:
    """Return the bundled tables; read once, since they do not change while the program runs."""
    return load(TABLES)


def _hash_problems(folder: Path) -> Iterator[Problem]:
    descriptor = folder.parent / DESCRIPTOR
    if not descriptor.is_file():
        return
    stated = json.loads(descriptor.read_text("utf-8"))["resources"]
    for resource in stated:
        path = folder / Path(resource["path"]).name
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != resource["hash"].removeprefix("sha256:"):
            yield Problem(
                f"{path.name}",
                f"hash {found[:12]}",
                f"{resource['hash'][7:19]} of {DESCRIPTOR}",
                "undo the change, or run `make data` if it is meant",
            )
