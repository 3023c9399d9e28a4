"""Issued forecasts: what was said on a day, kept as it was said and never changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, RowMapping, select

from data.actors import Actor
from data.problems import Problem, RefusedError
from data.store import Store, Writing, canonical
from data.store_schema import ISSUES

LONGEST_NOTE: Final = 2000
"""Characters of a note."""

Json = Mapping[str, object]
"""A JSON object."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What was said on a day.

    Attributes
    ----------
    content : mapping
        Forecasts and results as `forecasts.issued.issue_content` gives them.
    data_version, code_version : str
        Tables and program they were made from and by.
    scenario, scenario_hash : str
        Scenario of the results.
    note : str
        Why it was issued.
    number : int
        Counts up in the store; 0 before it is kept.
    hash : str
        SHA-256 of the content.
    who, at : str
        Who issued it and when (UTC); filled in when it is kept.
    """

    content: Json = field(repr=False)
    data_version: str
    code_version: str
    scenario: str
    scenario_hash: str
    note: str = ""
    number: int = 0
    hash: str = ""
    who: str = ""
    at: str = ""


def keep_issue(store: Store, actor: Actor, issue: Issue) -> tuple[Issue, bool]:
    """Keep an issue, unless the same was issued before.

    Returns
    -------
    (Issue, bool)
        The one that is kept, and whether it is new: the same content is kept once, under who
        issued it first.

    Raises
    ------
    RefusedError
        If the actor may not, or the note is too long.
    """
    if len(issue.note) > LONGEST_NOTE:
        found = f"{len(issue.note):,} characters"
        raise RefusedError([Problem("note", found, f"at most {LONGEST_NOTE:,}", "shorten it")])

    def change(writing: Writing) -> tuple[int, bool]:
        mark = writing.keep(canonical(issue.content).encode())
        own = (ISSUES.c.workspace == actor.workspace) & (ISSUES.c.content == mark)
        known = writing.connection.execute(select(ISSUES.c.number).where(own)).scalar()
        if known is not None:
            return int(known), False
        said = {"data_version": issue.data_version, "code_version": issue.code_version}
        said |= {"scenario": issue.scenario[:200], "scenario_hash": issue.scenario_hash}
        row = said | {"workspace": actor.workspace, "content": mark, "note": issue.note}
        made = writing.connection.execute(ISSUES.insert().values(**row, **writing.signed))
        key = made.inserted_primary_key
        number = int(key[0]) if key else 0
        writing.log(f"issue {number}", None, said | {"hash": mark, "note": issue.note})
        return number, True

    number, new = store.write(actor, "issue forecasts", change)
    with store.reading(actor) as connection:
        row = connection.execute(select(ISSUES).where(ISSUES.c.number == number)).mappings().one()
        return _issue(store, connection, row), new


def issues(store: Store, actor: Actor) -> tuple[Issue, ...]:
    """Return every issue of the actor's workspace, oldest first, each checked against its hash.

    Raises
    ------
    RefusedError
        If the actor may not look, or a content is not what was kept.
    """
    wanted = select(ISSUES).where(ISSUES.c.workspace == actor.workspace)
    with store.reading(actor) as connection:
        rows = connection.execute(wanted.order_by(ISSUES.c.number)).mappings().all()
        return tuple(_issue(store, connection, row) for row in rows)


def _issue(store: Store, connection: Connection, row: RowMapping) -> Issue:
    mark = str(row["content"])
    names = ("data_version", "code_version", "scenario", "scenario_hash", "note", "who", "at")
    said = {name: str(row[name]) for name in names}
    content = _parsed(store.blob(connection, mark))
    return Issue(content=content, number=int(row["number"]), hash=mark, **said)


@lru_cache(maxsize=512)
def _parsed(content: bytes) -> Json:
    held: Json = json.loads(content)
    return held
