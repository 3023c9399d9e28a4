"""A file to start from for every dataset: its header and a row or two that are right."""

import csv
import io

from data.reading.mapping import TABLES
from data.schemas import DATASETS, Dataset

SERIES = "unique_id,ds,y\ncapacity,2024Q1,12.5\ncapacity,2024Q2,14\n"

ROWS = 2
"""Rows of example in a template."""


EXAMPLE = {"period": "2024Q1", "value": "12.5", "unit": "MW", "confidence": "unverified"}
"""Cells of the row of example where no bundled table gives one."""


def _invented(dataset: Dataset) -> str:
    """Return a template for a dataset that holds users' rows only."""
    held = dict.fromkeys(dataset.key, "example") | EXAMPLE
    held |= {"text": "example"} if dataset.has_text else {}
    cells = ",".join(held.get(name, "") for name in dataset.columns)
    return f"{','.join(dataset.columns)}\n{cells}\n"


def template(dataset: str) -> str:
    """Return a CSV with a dataset's columns and rows of the bundled table as examples.

    Raises
    ------
    ValueError
        If the dataset is unknown.
    """
    if dataset == "series":
        return SERIES
    if dataset not in DATASETS:
        raise ValueError(f"dataset {dataset!r} has no template; use one of {', '.join(DATASETS)}")
    if not (TABLES / f"{dataset}.csv").is_file():
        return _invented(DATASETS[dataset])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    with (TABLES / f"{dataset}.csv").open(encoding="utf-8", newline="") as stream:
        for at, row in enumerate(csv.reader(stream)):
            if at > ROWS:
                break
            writer.writerow(row)
    return out.getvalue()
