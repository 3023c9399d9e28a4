"""What a connector is: addresses, and a function from what they hold to rows of a dataset."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.problems import Problem, RefusedError

Rows = list[dict[str, object]]
"""Rows by column of a dataset."""


@dataclass(frozen=True, slots=True)
class Connector:
    """One public source of one dataset.

    Attributes
    ----------
    name : str
        What `rackcast refresh` calls it.
    title : str
        Publisher and subject.
    dataset : str
        A name of `data.schemas.DATASETS`.
    urls : tuple of str
        Addresses, all https.
    rows_of : callable
        From an address, what it holds and the day it was read, to rows.
    """

    name: str
    title: str
    dataset: str
    urls: tuple[str, ...]
    rows_of: Callable[[str, bytes, str], Rows]


def parsed(content: bytes, url: str) -> object:
    """Return what JSON holds, or refuse what is none."""
    try:
        return json.loads(content)
    except ValueError as error:
        raise unlike(url, "no JSON") from error


def unlike(url: str, found: str) -> RefusedError:
    """Return the refusal of an answer of another form than documented."""
    host = url.split("/")[2]
    fix = "the service may have changed: report it; everything stays as it is"
    return RefusedError([Problem(host, found[:120], "the documented form", fix)])


def mapping_at(held: object, *path: str, url: str) -> Mapping[str, object]:
    """Return the object at a path of parsed JSON, or refuse."""
    for key in path:
        held = held.get(key) if isinstance(held, Mapping) else None
    if not isinstance(held, Mapping):
        raise unlike(url, f"nothing at {'.'.join(path) or 'the top'}")
    return held


def list_at(held: object, *path: str, url: str) -> Sequence[object]:
    """Return the list at a path of parsed JSON, or refuse."""
    for key in path:
        held = held.get(key) if isinstance(held, Mapping) else None
    if not isinstance(held, list):
        raise unlike(url, f"no list at {'.'.join(path)}")
    return held


def frame_of(rows: Rows) -> pd.DataFrame:
    """Return rows as a table."""
    return pd.DataFrame(rows)
