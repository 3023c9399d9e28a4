"""Refresh: what public sources say now beside the data in force, before anything is accepted."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from platformdirs import user_cache_path

from data.catalog import Catalog
from data.catalog_merging import as_text, differences
from data.catalog_store import Incoming, previewed
from data.connectors.connector import Connector
from data.connectors.eurostat import EUROSTAT
from data.connectors.fetching import TRIES, Fetcher
from data.connectors.owid import OWID
from data.connectors.sec import SEC
from data.connectors.world_bank import WORLD_BANK
from data.problems import Problem, RefusedError
from data.schemas import DATASETS

CONNECTORS: Final[Mapping[str, Connector]] = {
    one.name: one for one in (WORLD_BANK, EUROSTAT, SEC, OWID)
}
"""Every connector by name."""

ALIKE: Final = 1e-3
"""Relative difference up to which a published figure is the one we hold, rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Refreshed:
    """What a source says beside what is in force.

    Attributes
    ----------
    connector : Connector
        Which source.
    seen : int
        Rows read.
    incoming : Incoming or None
        Rows whose figure is new or differs; None where there are none.
    changes : DataFrame
        Their cells, as `data.catalog_merging.differences` gives them: figures only.
    """

    connector: Connector
    seen: int
    incoming: Incoming | None
    changes: pd.DataFrame

    @property
    def unchanged(self) -> int:
        """Rows that say what is in force already."""
        return self.seen - (0 if self.incoming is None else len(self.incoming.rows))

    @property
    def told(self) -> str:
        """What the audit trail keeps of it."""
        return f"{len(self.changes)} changes"


def cached_fetcher(tries: int = TRIES) -> Fetcher:
    """Return a fetcher that keeps answers in this person's cache."""
    return Fetcher(user_cache_path("rackcast") / "sources", tries=tries)


def chosen(names: Sequence[str]) -> tuple[Connector, ...]:
    """Return connectors by their own name or their dataset's; all where none is named.

    Raises
    ------
    RefusedError
        If a name is neither.
    """
    if not names:
        return tuple(CONNECTORS.values())
    problems, found = [], []
    for name in names:
        own = [one for one in CONNECTORS.values() if name in (one.name, one.dataset)]
        if not own:
            known = ", ".join([*CONNECTORS, *dict.fromkeys(c.dataset for c in CONNECTORS.values())])
            problems.append(Problem("dataset", repr(name), "one that is refreshed", f"use {known}"))
        found += own
    if problems:
        raise RefusedError(problems)
    return tuple(dict.fromkeys(found))


def refreshed(connector: Connector, fetcher: Fetcher, catalog: Catalog, day: str) -> Refreshed:
    """Ask a source and compare; nothing is saved.

    Raises
    ------
    RefusedError
        If the source cannot be reached or answers in another form.
    """
    rows: list[dict[str, object]] = []
    for url in connector.urls:
        rows += connector.rows_of(url, fetcher.get(url), day)
    dataset = DATASETS[connector.dataset]
    frame = as_text(pd.DataFrame(rows), dataset).drop_duplicates(list(dataset.key), keep="last")
    new = frame[[*_news(frame, catalog.tables[dataset.name], list(dataset.key))]]
    if new.empty:
        return Refreshed(connector, len(frame), None, differences(catalog, catalog))
    incoming = Incoming(
        dataset.name, new.reset_index(drop=True), connector.title, f"Refreshed {day}."
    )
    changes = differences(catalog, previewed(catalog, incoming))
    figures = changes["column"].isin(["value", "unit"])
    return Refreshed(connector, len(frame), incoming, changes[figures].reset_index(drop=True))


def _news(frame: pd.DataFrame, held: pd.DataFrame, key: list[str]) -> Iterator[bool]:
    """Whether each row says something new: another figure, or one where there was none."""
    known = {
        tuple(str(part) for part in row[:-1]): float(row[-1])
        for row in held[[*key, "value"]].itertuples(index=False, name=None)
    }
    for row in frame[[*key, "value"]].itertuples(index=False, name=None):
        before = known.get(tuple(str(part) for part in row[:-1]))
        value = float(row[-1])
        near = before is not None and abs(value - before) <= ALIKE * max(abs(before), abs(value))
        yield not near


def today() -> str:
    """Return the day by this machine's clock, which figures read now are dated with."""
    return dt.datetime.now(dt.UTC).date().isoformat()
