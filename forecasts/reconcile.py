"""Forecasts that add up: site, country, region and world reconciled by one linear projection.

Coherent forecasts lie in the span of the summing matrix S (node, leaf). Base forecasts y are
projected onto it, S (S' W^-1 S)^-1 S' W^-1 y, where W says how far each node's forecast may be
moved: Wickramasuriya, Athanasopoulos and Hyndman (2019), Journal of the American Statistical
Association 114, equation 9. Bottom-up keeps the leaves; structural takes W as the number of leaves
under a node; weighted takes stated variances; MinT the shrunk covariance of one-step errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasts.history import power_of
from forecasts.units import Array

Method = Literal["bottom_up", "structural", "weighted", "mint"]

FEWEST_ERRORS = 8
"""Errors per node below which MinT falls back to structural scaling."""

FIRMEST = 1e-3
"""Smallest error of a node as a share of the largest: one that never erred is held, not fixed."""


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """Who adds up to whom.

    Attributes
    ----------
    nodes : tuple of str
        All nodes, parents before their children.
    leaves : tuple of str
        Nodes without children, in the order of the matrix's columns.
    summing : (node, leaf) array
        1 where a leaf belongs to a node.
    """

    nodes: tuple[str, ...]
    leaves: tuple[str, ...]
    summing: Array


def hierarchy(parents: Mapping[str, str]) -> Hierarchy:
    """Build a hierarchy from `child: parent`.

    Parameters
    ----------
    parents : mapping of str to str
        Parent of every node but the roots.

    Raises
    ------
    ValueError
        If it is empty or runs in a circle.

    Examples
    --------
    >>> hierarchy({"Kenya": "Africa", "Nigeria": "Africa"}).nodes
    ('Africa', 'Kenya', 'Nigeria')
    """
    if not parents:
        raise ValueError("a hierarchy without nodes; name at least one child and its parent")
    chains = {child: _chain(child, parents) for child in [*parents, *parents.values()]}
    nodes = tuple(sorted(chains, key=lambda node: (len(chains[node]), list(chains).index(node))))
    inner = set(parents.values())
    leaves = tuple(node for node in nodes if node not in inner)
    summing = np.array([[float(node in chains[leaf]) for leaf in leaves] for node in nodes])
    return Hierarchy(nodes, leaves, summing)


def _chain(node: str, parents: Mapping[str, str]) -> list[str]:
    """Return a node and all above it."""
    chain = [node]
    while chain[-1] in parents:
        above = parents[chain[-1]]
        if above in chain:
            raise ValueError(f"{above!r} is above itself; a hierarchy runs in no circle")
        chain.append(above)
    return chain


@dataclass(frozen=True, slots=True, eq=False)
class Reconciled:
    """Coherent forecasts and how they came about.

    Attributes
    ----------
    values : (node, h) array
        Every node is the sum of its leaves.
    moved : (node,) array
        Largest move from the base forecast as a share of it; 0 where that is 0.
    method : str
        What was used.
    note : str
        Why, in a sentence.
    """

    values: Array
    moved: Array
    method: Method
    note: str


def reconciled(
    base: Array,
    tree: Hierarchy,
    *,
    method: Method = "structural",
    errors: Array | None = None,
    nonnegative: bool = True,
) -> Reconciled:
    """Make base forecasts add up.

    Parameters
    ----------
    base : (node, h) array
        Forecasts in the order of `tree.nodes`.
    tree : Hierarchy
        What adds up to what.
    method : str
        bottom_up, structural, weighted or mint.
    errors : (node, n) array, optional
        For mint, one-step errors of every node; with fewer than 8 structural is used and said.
        For weighted, one standard error of every node, (node, 1).
    nonnegative : bool
        Whether leaves below zero are refitted at zero or above.

    Raises
    ------
    ValueError
        If the shapes differ, or a value or error is not finite.
    """
    _check(base, tree, errors)
    used, note = _usable(method, errors)
    weights = _weights(used, tree, errors)
    unit = power_of(base)
    with np.errstate(under="ignore"):
        leaves = _projection(used, tree, weights) @ (base / unit)
        if nonnegative and (leaves < 0).any():
            leaves = _nonnegative(base / unit, tree, weights, leaves)
            note += " Leaves below zero were refitted at zero or above."
        values = tree.summing @ leaves * unit
    size = np.abs(base)
    moved = np.where(size > 0, np.abs(values - base) / np.where(size > 0, size, 1.0), 0.0)
    return Reconciled(values, moved.max(axis=1), used, note)


def reconciled_paths(
    paths: Array, tree: Hierarchy, *, method: Method = "structural", errors: Array | None = None
) -> Array:
    """Make every sample path add up by the same projection, (node, path, h) in and out.

    Leaves are not cut at zero here: that would shift the mean of the paths.
    """
    used, _ = _usable(method, errors)
    shape, unit = paths.shape, power_of(paths)
    flat = paths.reshape(shape[0], -1) / unit
    leaves = _projection(used, tree, _weights(used, tree, errors)) @ flat
    whole: Array = (tree.summing @ leaves * unit).reshape(shape)
    return whole


def _check(base: Array, tree: Hierarchy, errors: Array | None) -> None:
    if base.ndim != 2 or base.shape[0] != len(tree.nodes):
        raise ValueError(f"base forecasts of shape {base.shape} for {len(tree.nodes)} nodes")
    if not np.isfinite(base).all():
        raise ValueError("a base forecast is not finite; forecast every node first")
    if errors is not None and errors.shape[0] != len(tree.nodes):
        raise ValueError(f"errors of {errors.shape[0]} nodes for {len(tree.nodes)} nodes")
    if errors is not None and not np.isfinite(errors).all():
        raise ValueError("an error of a node is not finite; leave out steps that lack one")


def _usable(method: Method, errors: Array | None) -> tuple[Method, str]:
    count = 0 if errors is None else errors.shape[1]
    if method == "weighted" and count != 1:
        raise ValueError(f"{count} standard errors a node; the weighted method takes one")
    if method == "mint" and count < FEWEST_ERRORS:
        return "structural", f"Structural scaling: {count} errors are too few for MinT."
    if method in {"mint", "weighted"} and errors is not None and not errors.any():
        return "structural", "Structural scaling: no node ever erred."
    notes = {
        "bottom_up": "Bottom-up: leaves stand, the others are their sums.",
        "structural": "Structural scaling: a node is moved in proportion to its leaves.",
        "weighted": "Weighted by variance: a node is moved the more, the less sure it is.",
        "mint": f"MinT with a covariance shrunk from {count} errors of each node.",
    }
    return method, notes[method]


def _weights(method: Method, tree: Hierarchy, errors: Array | None) -> Array:
    """Return W (node, node), up to a factor: only its proportions count."""
    if method == "mint" and errors is not None:
        return shrunk_covariance(errors / power_of(errors))
    if method == "weighted" and errors is not None:
        share = errors[:, 0] / power_of(errors)
        return np.diag(np.maximum(share, FIRMEST**2 * float(share.max())) ** 2)
    return np.diag(tree.summing.sum(axis=1))


def _projection(method: Method, tree: Hierarchy, weights: Array) -> Array:
    """Return P (leaf, node): leaves of the coherent forecast nearest to the base in W."""
    if method == "bottom_up":
        return np.array([[float(node == leaf) for node in tree.nodes] for leaf in tree.leaves])
    whitened = np.linalg.solve(weights, tree.summing)
    left: Array = np.linalg.solve(tree.summing.T @ whitened, whitened.T)
    return left


def _nonnegative(base: Array, tree: Hierarchy, weights: Array, leaves: Array) -> Array:
    """Refit the steps with a leaf below zero by least squares under leaves >= 0."""
    from scipy.optimize import nnls  # long to import

    root = np.linalg.cholesky(np.linalg.inv(weights)).T
    design, out = root @ tree.summing, leaves.copy()
    for step in np.flatnonzero((leaves < 0).any(axis=0)):
        out[:, step] = nnls(design, root @ base[:, step])[0]
    return out


def shrunk_covariance(errors: Array) -> Array:
    """Covariance of errors with correlations shrunk towards 0.

    The intensity is that of Schaefer and Strimmer (2005), Statistical Applications in Genetics and
    Molecular Biology 4, article 32: estimated variance of the correlations over their squares.

    Parameters
    ----------
    errors : (node, n) array
        Errors, n >= 2; a node that never erred keeps a tiny variance.
    """
    count = errors.shape[1]
    centred = errors - errors.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1))
    floor = FIRMEST * max(float(spread.max()), 1e-300)
    unit = centred / np.maximum(spread, floor)[:, None]
    product = unit[:, None, :] * unit[None, :, :]
    correlation = product.mean(axis=2)
    noise = ((product - correlation[..., None]) ** 2).sum(axis=2) / (count * max(count - 1, 1))
    off = ~np.eye(len(errors), dtype=bool)
    total = float((correlation[off] ** 2).sum())
    share = min(1.0, float(noise[off].sum()) / total) if total > 0 else 1.0
    kept = np.where(off, (1 - max(share, FIRMEST)) * correlation, 1.0)
    scale = np.maximum(spread, floor)
    return np.asarray(kept * np.outer(scale, scale))
