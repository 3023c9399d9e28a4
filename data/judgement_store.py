"""Judgements of forecasts: an analyst's figure beside the model's, never erased."""

import math
from dataclasses import dataclass

from sqlalchemy import select

from data.actors import Actor
from data.problems import Problem, RefusedError
from data.store import Store, Writing
from data.store_schema import JUDGEMENTS


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement, in the terms of `forecasts.overrides.Override`.

    Attributes
    ----------
    unique_id, ds : str
        Series and period judged.
    value : float or None
        The figure, in the series' unit; None takes an earlier judgement back.
    known : str
        Last period known when it was judged.
    reason : str
        Why.
    who, at : str
        Who judged and when; filled in when it is saved.
    """

    unique_id: str
    ds: str
    value: float | None
    known: str
    reason: str
    who: str = ""
    at: str = ""


def judge(store: Store, actor: Actor, judgement: Judgement) -> None:
    """Save a judgement, which from now on stands instead of earlier ones of the same period.

    Raises
    ------
    RefusedError
        If the actor may not, a reason is missing or the figure is none.
    """
    problems = []
    if not judgement.reason.strip():
        problems.append(Problem("reason", "''", "a reason", "write why"))
    if judgement.value is not None and not math.isfinite(judgement.value):
        problems.append(Problem("value", str(judgement.value), "a finite number", "correct it"))
    if problems:
        raise RefusedError(problems)

    def change(writing: Writing) -> None:
        row = {name: getattr(judgement, name) for name in ("unique_id", "ds", "value", "known")}
        row |= {"workspace": actor.workspace, "reason": judgement.reason}
        writing.connection.execute(JUDGEMENTS.insert().values(**row, **writing.signed))
        subject = f"forecast of {judgement.unique_id} for {judgement.ds}"
        writing.log(subject, None, {"value": judgement.value, "reason": judgement.reason})

    store.write(actor, "judge", change)


def judgements(store: Store, actor: Actor, *, every: bool = False) -> tuple[Judgement, ...]:
    """Return the judgements in force, or every one there was, oldest first."""
    own = JUDGEMENTS.c.workspace == actor.workspace
    names = ("unique_id", "ds", "value", "known", "reason", "who", "at")
    with store.reading(actor) as connection:
        wanted = select(JUDGEMENTS).where(own).order_by(JUDGEMENTS.c.number)
        rows = connection.execute(wanted).mappings().all()
    found = [Judgement(**{name: row[name] for name in names}) for row in rows]
    if every:
        return tuple(found)
    newest = {(one.unique_id, one.ds): one for one in found}
    return tuple(one for one in newest.values() if one.value is not None)
