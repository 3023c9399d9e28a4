"""Rank correlations between assumptions: stated by pairs, checked, mended if they cannot hold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.problems import Problem, RefusedError
from forecasts.beliefs import RankCorrelation
from forecasts.units import Array

LEAST_EIGENVALUE = 1e-6
"""Smallest eigenvalue of a correlation matrix that is used as it stands."""

MOST_MOVED = 0.1
"""Change of an entry up to which a matrix is mended; beyond, it says something else than meant."""

ROUNDS = 200
"""Rounds of alternating projections."""


@dataclass(frozen=True, slots=True, eq=False)
class Copula:
    """Which assumptions move together.

    Attributes
    ----------
    names : tuple of str
        The assumptions; empty when none is stated.
    scores : (name, name) array
        Correlation of their normal scores.
    moved : float
        Largest change of an entry that was needed to make the matrix possible; 0 when none was.
    """

    names: tuple[str, ...]
    scores: Array
    moved: float

    @property
    def ranks(self) -> Array:
        """Spearman's rank correlations that result."""
        return np.asarray(6 / np.pi * np.arcsin(np.clip(self.scores / 2, -0.5, 0.5)))

    def said(self) -> str:
        """What was changed, in a sentence; empty when nothing was."""
        if self.moved == 0:
            return ""
        return (
            "The rank correlations stated cannot hold together; the nearest that can are used, "
            f"at most {self.moved:.2f} away."
        )


def copula(pairs: Sequence[RankCorrelation]) -> Copula:
    """Return the correlation of normal scores that gives stated rank correlations.

    Raises
    ------
    RefusedError
        If a pair is stated twice, or the matrix is far from any that can be.
    """
    names = tuple(dict.fromkeys(name for pair in pairs for name in pair.between))
    wanted = np.eye(len(names))
    seen: set[frozenset[str]] = set()
    for pair in pairs:
        if frozenset(pair.between) in seen:
            both = " and ".join(pair.between)
            raise RefusedError([Problem("rank_correlations", both, "each pair once", "leave one")])
        seen.add(frozenset(pair.between))
        one, other = (names.index(name) for name in pair.between)
        wanted[one, other] = wanted[other, one] = 2 * np.sin(np.pi / 6 * pair.rank)
    found = nearest(wanted)
    moved = float(np.abs(found - wanted).max(initial=0.0))
    if moved > MOST_MOVED:
        raise RefusedError(
            [
                Problem(
                    "rank_correlations",
                    f"a matrix whose nearest possible one differs by {moved:.2f}",
                    "correlations that can hold together",
                    "weaken the strongest, or state the missing pairs",
                )
            ]
        )
    return Copula(names, found, moved if moved > 1e-9 else 0.0)


def nearest(matrix: Array) -> Array:
    """Return the nearest correlation matrix with all eigenvalues above `LEAST_EIGENVALUE`.

    Alternating projections with Dykstra's correction; a matrix that can be comes back unchanged.
    """
    if not matrix.size or np.linalg.eigvalsh(matrix).min() >= LEAST_EIGENVALUE:
        return matrix.copy()
    found, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(ROUNDS):
        held = found - correction
        spreads, shapes = np.linalg.eigh(held)
        possible = (shapes * np.maximum(spreads, 2 * LEAST_EIGENVALUE)) @ shapes.T
        correction = possible - held
        found = possible.copy()
        np.fill_diagonal(found, 1.0)
    scale = 1 / np.sqrt(np.diag(possible))
    return np.asarray(possible * scale[:, None] * scale)
