"""Proofs that flows have one rate of return, or none, from the signs of running sums.

Let the flows be discounted at some rate. By Laguerre's extension of Descartes' rule, higher rates
at which the present value is zero are at most as many as changes of sign in the running sums of
the flows from the first on; so too in the running sums of the running sums, and so on, each proof
sharper than the last. Sums from the last flow back do the same for lower rates. Dividing out a
known root leaves the balances still to be recovered in place of the flows.
"""

import numpy as np

from forecasts.units import Array, Flags

DEPTH = 8
"""How many times sums are summed again before the proof is given up."""


def surely_only(positive: Flags, discounted: Array, margin: float) -> Flags:
    """Whether flows with a present value of zero at some rate are so at no other.

    Parameters
    ----------
    positive : (row, period) array
        Which flows are positive.
    discounted : (row, period) array
        Flows discounted at that rate, up to a positive factor.
    margin : float
        Share of the discounted flows up to which a sum is in doubt.

    Returns
    -------
    (row,) array
        True when the flows change sign once, when the balance still to be recovered never does
        (a pure project: Teichroew, Robichek and Montalbano 1965), or when its running sums never
        do. False proves nothing.
    """
    turns = np.count_nonzero(positive[:, 1:] != positive[:, :-1], axis=1)
    only: Flags = np.asarray(turns == 1)
    left = np.flatnonzero(~only)
    if left.size:
        ahead, back = discounted[left], discounted[left, ::-1]
        only[left] = _without_roots(
            np.cumsum(ahead, axis=1)[:, :-1],
            margin * np.cumsum(np.abs(ahead), axis=1)[:, :-1],
            -np.cumsum(back, axis=1)[:, :-1],
            margin * np.cumsum(np.abs(back), axis=1)[:, :-1],
        )
    return only


def surely_none(discounted: Array, margin: float) -> Flags:
    """Whether no rate makes the present value of flows of both signs zero; False proves nothing.

    Parameters
    ----------
    discounted : (row, period) array
        Flows discounted at any rate, best at one where the present value is nearest to zero.
    margin : float
        Share of the discounted flows up to which a sum is in doubt.
    """
    sizes = margin * np.abs(discounted)
    return _without_roots(discounted, sizes, discounted[:, ::-1], sizes[:, ::-1])


def _without_roots(ahead: Array, ahead_doubt: Array, back: Array, back_doubt: Array) -> Flags:
    """Whether sums in both directions, summed often enough, keep the sign of the total.

    Each direction comes with its own values of the same terms, the first summed being the most
    accurate, and with their doubt.
    """
    sides = np.concatenate([ahead, back])
    doubts = np.concatenate([ahead_doubt, back_doubt])
    sides *= np.sign(sides.sum(axis=1, keepdims=True))
    proven = np.zeros(len(sides), dtype=np.bool_)
    rows = np.arange(len(sides))
    for _ in range(DEPTH):
        sides, doubts = np.cumsum(sides, axis=1), np.cumsum(doubts, axis=1)
        kept = ((sides > doubts) | (doubts == 0)).all(axis=1)
        proven[rows[kept]] = True
        hopeful = ~kept & (sides[:, -1] > doubts[:, -1])
        if not hopeful.any():
            break
        rows, sides, doubts = rows[hopeful], sides[hopeful], doubts[hopeful]
    both: Flags = proven[: len(ahead)] & proven[len(ahead) :]
    return both
