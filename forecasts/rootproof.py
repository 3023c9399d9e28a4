"""Proofs that flows have one rate of return, or none, from the signs of running sums.

Let the flows be discounted at some rate. By Laguerre's extension of Descartes' rule, higher rates
at which the present value is zero are at most as many as changes of sign in the running sums of
the flows from the first on; so too in the running sums of the running sums, and so on, each proof
sharper than the last. Sums from the last flow back do the same for lower rates. Dividing out a
known root leaves the balances still to be recovered in place of the flows.
"""

import numpy as np

from forecasts.compiled import bare, compiled
from forecasts.units import Array

DEPTH = 64
"""How many times sums are summed again before the proof is given up."""


@bare
def surely_only(flows: Array, discounted: Array, margin: float, room: Array) -> bool:
    """Whether flows with a present value of zero at some rate are so at no other.

    Parameters
    ----------
    flows : (period,) array
        Only their signs count.
    discounted : (period,) array
        Flows discounted at that rate, up to a positive factor; far ones may have vanished.
    margin : float
        Share of the discounted flows up to which a sum is in doubt.
    room : (2 or more, period) array
        Room to work in.

    Returns
    -------
    bool
        True when the flows change sign once, when the balance still to be recovered never does
        (a pure project: Teichroew, Robichek and Montalbano 1965), or when its running sums never
        do. False proves nothing.
    """
    count = discounted.size
    turns = 0
    for place in range(count - 1):
        turns += (flows[place + 1] > 0) != (flows[place] > 0)
    if turns == 1:
        return True
    sums, doubts = room[0, : count - 1], room[1, : count - 1]
    if _run(discounted, margin, sums, doubts):
        return True
    if not _without_roots(sums, doubts):
        return False
    _run(discounted[::-1], margin, sums, doubts)
    for place in range(count - 1):
        sums[place] *= -1
    return _without_roots(sums, doubts)


@compiled
def surely_none(discounted: Array, margin: float) -> bool:
    """Whether no rate makes the present value of flows of both signs zero; False proves nothing.

    Parameters
    ----------
    discounted : (period,) array
        Flows discounted at any rate, best at one where the present value is nearest to zero.
    margin : float
        Share of the discounted flows up to which a sum is in doubt.
    """
    ahead, doubts = discounted.copy(), margin * np.abs(discounted)
    back, doubts_back = discounted[::-1].copy(), doubts[::-1].copy()
    return _without_roots(ahead, doubts) and _without_roots(back, doubts_back)


@bare
def _run(flows: Array, margin: float, sums: Array, doubts: Array) -> bool:
    """Fill in the running sums of all flows but the last, and how far they may be off.

    Return whether they surely never change sign.
    """
    total = size = 0.0
    up = down = True
    for place in range(flows.size - 1):
        total += flows[place]
        size += abs(flows[place])
        doubt = margin * size
        sums[place], doubts[place] = total, doubt
        up = up and (total > doubt or size == 0)
        down = down and (total < -doubt or size == 0)
    return up or down


@bare
def _without_roots(terms: Array, doubts: Array) -> bool:
    """Whether sums from the first term on, summed often enough, keep the sign of the total.

    Both arrays are used up.
    """
    sum_of = 0.0
    for place in range(terms.size):
        sum_of += terms[place]
    side = np.sign(sum_of)
    for place in range(terms.size):
        terms[place] *= side
    for _ in range(DEPTH):
        total = doubt = 0.0
        kept = True
        for place in range(terms.size):
            total += terms[place]
            doubt += doubts[place]
            kept = kept and (total > doubt or doubt == 0)
            terms[place], doubts[place] = total, doubt
        if kept:
            return True
        if total <= doubt:
            return False
    return False
