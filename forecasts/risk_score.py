"""What could go wrong at a factory, as one score with every component shown.

Each component runs from 0 (safe end of its stated scale) to 100 (its worst end); the score is their
mean by weights that anyone can change. The scales are absolute: another site in the list moves
nothing. A component without a value is left out and said, and the score is given with the range it
would have if that component were safest or worst. What the discount rate already charges for is
told apart, so that nothing is counted twice unseen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.engine import Result
from forecasts.risk_components import COMPONENTS, READERS, Component

FULL = 100.0
"""Points at the worst end of a scale."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One component of one factory.

    Attributes
    ----------
    component : Component
        Which.
    value, points : float or None
        In its unit, and from 0 to 100; None where there is no value.
    shown : str
        The value as its source writes it, or why there is none.
    facts : tuple of Fact
        Rows it comes from; empty where the model works it out.
    grade : str
        Grade of its rows; `derived` where it is worked out.
    counted : str
        Where the model counts it already, with this factory's figures.
    """

    component: Component
    value: float | None
    points: float | None
    shown: str
    facts: tuple[Fact, ...]
    grade: str
    counted: str


@dataclass(frozen=True, slots=True)
class RiskScore:
    """The score of one factory.

    Attributes
    ----------
    factory : str
        Key.
    score : float or None
        Weighted mean of the components that have a value; None where none has.
    lowest, highest : float
        What it would be if every missing component were safest, or worst.
    beside_rate : float or None
        The same mean without what the discount rate already charges for.
    parts : tuple of Scored
        Every component.
    """

    factory: str
    score: float | None
    lowest: float
    highest: float
    beside_rate: float | None
    parts: tuple[Scored, ...]


def risk_scores(
    result: Result, catalog: Catalog, weights: Mapping[str, float] | None = None
) -> tuple[RiskScore, ...]:
    """Score every factory of a projection, in the order of its plan.

    Parameters
    ----------
    result : Result
        The projection: shares of hours sold and lead times are its own.
    catalog : Catalog
        The tables.
    weights : mapping of str to float, optional
        Weight by component; the usual one where it is silent.

    Raises
    ------
    ValueError
        If a component is unknown, a weight is below 0, or none is above.
    """
    by = {one.name: one.weight for one in COMPONENTS} | dict(weights or {})
    unknown = set(by) - {one.name for one in COMPONENTS}
    if unknown:
        known = ", ".join(one.name for one in COMPONENTS)
        raise ValueError(f"there is no component {sorted(unknown)[0]!r}; use {known}")
    if not all(one >= 0 for one in by.values()) or not 0 < FULL * sum(by.values()) < float("inf"):
        raise ValueError(f"weights are {by}; give none below 0 and one above, all of usual size")
    return tuple(
        _score(site.key, tuple(_scored(result, catalog, row)), by)
        for row, site in enumerate(result.plan.sites)
    )


def _score(key: str, parts: tuple[Scored, ...], by: Mapping[str, float]) -> RiskScore:
    def mean(chosen: list[Scored], missing: float | None = None) -> float | None:
        told = [
            (one.points if one.points is not None else missing, by[one.component.name])
            for one in chosen
        ]
        known = [(points, weight) for points, weight in told if points is not None]
        total = sum(weight for _, weight in known)
        return sum(points * weight for points, weight in known) / total if total else None

    whole = list(parts)
    return RiskScore(
        key,
        mean(whole),
        mean(whole, 0.0) or 0.0,
        mean(whole, FULL) or 0.0,
        mean([one for one in parts if not one.component.in_rate]),
        parts,
    )


def _scored(result: Result, catalog: Catalog, row: int) -> Iterator[Scored]:
    for one in COMPONENTS:
        found = READERS[one.name](result, catalog, row)
        points = None
        if found.value is not None:
            points = float(np.clip((found.value - one.safe) / (one.worst - one.safe), 0, 1) * FULL)
        yield Scored(
            one,
            found.value,
            points,
            found.shown,
            found.facts,
            found.grade or _grade(found.facts),
            found.counted or one.counted,
        )


def _grade(facts: tuple[Fact, ...]) -> str:
    return str(facts[-1].source.confidence) if facts else ""


def risk_data(found: tuple[RiskScore, ...], weights: Mapping[str, float]) -> dict[str, object]:
    """Return the scores as plain data, the riskiest first; a missing value is null."""
    return {
        "meaning": "0 is safe, 100 the worst end of each stated scale; weights are judgement",
        "components": [
            {
                "name": one.name,
                "label": one.label,
                "unit": one.unit,
                "scale": one.scale,
                "weight": float(weights.get(one.name, one.weight)),
                "in_discount_rate": one.in_rate,
            }
            for one in COMPONENTS
        ],
        "factories": [
            {
                "factory": one.factory,
                "score": one.score,
                "lowest": one.lowest,
                "highest": one.highest,
                "score_beside_the_rate": one.beside_rate,
                "components": {part.component.name: _part_data(part) for part in one.parts},
            }
            for one in sorted(found, key=lambda one: -(one.score or -1.0))
        ],
    }


def _part_data(part: Scored) -> dict[str, object]:
    source = part.facts[-1].source if part.facts else None
    return {
        "value": part.value,
        "points": part.points,
        "shown": part.shown,
        "grade": part.grade,
        "rows": [fact.place for fact in part.facts],
        "source": "" if source is None else source.publisher,
        "date": "" if source is None else source.date,
        "already_counted": part.counted,
    }
