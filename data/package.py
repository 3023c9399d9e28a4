"""The Data Package descriptor beside the tables: title, fields, sources and hash of each.

`python -m data.package --verify` checks tables and descriptor; `--describe` rewrites it.
"""

import hashlib
import json
import sys
from pathlib import Path

import pandas as pd

from data.catalog import DESCRIPTOR, TABLES, load, read_table
from data.problems import RefusedError
from data.schemas import COLUMN_MEANING, DATASETS, NUMBERS, Dataset


def describe(folder: Path = TABLES) -> dict[str, object]:
    """Return the Data Package descriptor of a folder of tables."""
    return {
        "profile": "data-package",
        "name": "rackcast-data",
        "title": "Rackcast: regional demand, hardware cost and AI spending",
        "description": "Every row carries unit, source, address, date and grade.",
        "publisher": "Rackcast",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Compilation: CC BY 4.0; single figures remain their publishers'",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "resources": [
            _resource(folder, dataset) for dataset in DATASETS.values() if dataset.bundled
        ],
    }


def _resource(folder: Path, dataset: Dataset) -> dict[str, object]:
    path = folder / f"{dataset.name}.csv"
    content = path.read_bytes()
    frame = read_table(path, dataset)
    return {
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "path": f"tables/{dataset.name}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": len(frame),
        "accessed": max((date for date in frame["date"] if date), default=""),
        "sources": _publishers(frame),
        "schema": {
            "fields": [
                {
                    "name": name,
                    "type": "number" if name in NUMBERS else "string",
                    "description": COLUMN_MEANING[name],
                }
                for name in dataset.columns
            ],
            "primaryKey": list(dataset.key),
        },
    }


def _publishers(frame: pd.DataFrame, most: int = 10) -> list[dict[str, str]]:
    """Name the most used sources of a table; each row names its own."""
    named = frame[frame["url"] != ""]
    counted = named.groupby(["source", "url"]).size().sort_values(ascending=False, kind="stable")
    return [{"title": str(title), "path": str(url)} for title, url in list(counted.index)[:most]]


def main(arguments: list[str]) -> int:
    """Verify the bundled tables (`--verify`) or rewrite their descriptor (`--describe`)."""
    descriptor = TABLES.parent / DESCRIPTOR
    try:
        if "--describe" in arguments:
            text = json.dumps(describe(), indent=1, ensure_ascii=False) + "\n"
            descriptor.write_text(text, "utf-8")
        catalog = load()
    except RefusedError as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    rows = sum(len(table) for table in catalog.tables.values())
    filled = sum(not table.empty for table in catalog.tables.values())
    sys.stdout.write(f"{filled} tables, {rows} rows, version {catalog.version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
