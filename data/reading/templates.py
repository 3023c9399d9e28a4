"""A file to start from for every dataset: its header and a row or two that are right."""

import csv
import io

from data.reading.mapping import TABLES
from data.schemas import DATASETS

SERIES = "unique_id,ds,y\ncapacity,2024Q1,12.5\ncapacity,2024Q2,14\n"

ROWS = 2
"""Rows of example in a template."""


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
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    with (TABLES / f"{dataset}.csv").open(encoding="utf-8", newline="") as stream:
        for at, row in enumerate(csv.reader(stream)):
            if at > ROWS:
                break
            writer.writerow(row)
    return out.getvalue()
