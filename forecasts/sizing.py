"""How large the loans of one factory are: on the bank's case, sized again until tax stands still.

Interest, fees and the reserve while building are linear in the loan, so gearing needs one division.
Where a loan adds more to the uses than gearing asks of them, no size is too large for gearing.
Tax depends on interest and interest on tax: each round shrinks the gap about tenfold. A round
brings other cash, and with it another senior loan repaid in another shape. All else stands before
the first round: what is built and when, the two loans that are stated shares of its cost, and what
a senior loan of 1 costs month by month until the first sale.
"""

from typing import NamedTuple

import numpy as np

from forecasts.compiled import Record, apart, bare, compiled, whole
from forecasts.loans import (
    BY_COVER,
    BY_GEARING,
    CONCESSIONAL,
    MEZZANINE,
    NO_LOAN,
    SENIOR,
    TRANCHES,
    Sizing,
    Terms,
    even,
    reserve,
    senior_rate,
    service,
    shaped,
)
from forecasts.units import MONTHS_PER_YEAR, Array, Whole

LIMIT = SENIOR
"""Place of the senior loan's limit in `loans.Sizing.fixed`."""


class Round(NamedTuple):
    """What loans are sized on, and what comes of it.

    Attributes
    ----------
    cash : (2, month) array
        Cash for debt service per kW in service, after tax; and the cover asked of it.
    size_usd, bound
        As in `loans.Loans`; filled.
    found : (month,) array
        Filled with what the loans let the factory deduct from income: interest of service, and
        that and the fees of construction written off.
    """

    cash: Array
    size_usd: Array
    bound: Whole
    found: Array


@compiled
def sizing_of(cohorts: int, months: int) -> Sizing:
    """Return room for what sizes rest on."""
    return Sizing(
        np.zeros((cohorts, 3), np.int64),
        np.zeros((cohorts, 3)),
        np.zeros((cohorts, months)),
        np.empty((cohorts, months)),
        np.zeros((cohorts, months)),
        np.empty((cohorts, months)),
        np.empty(months),
    )


@bare
def prepare(q: Record, build: Record, uses: Array, sizing: Sizing, one: Round) -> None:
    """Fill in what stays whatever the cash, and the sizes of all but the senior loans.

    Parameters
    ----------
    q, build
        Assumptions; phases and cohorts.
    uses : (cohort, month) array
        Cost by month, net of grants.
    sizing : Sizing
        Filled; must hold zeros.
    one : Round
        Its sizes are filled in.
    """
    months = uses.shape[1]
    for place in range(build.made[1]):
        cohort, spans = build.cohorts[place], sizing.spans[place]
        one.bound[place] = NO_LOAN
        for tranche in range(len(TRANCHES)):
            one.size_usd[place, tranche] = 0.0
        cost = 0.0
        for month in range(months):
            cost += uses[place, month]
        last = min(cohort.end, months) - 1
        tenor = min(whole(q.debt_tenor_years * MONTHS_PER_YEAR), last - cohort.live)
        if cost <= 0 or tenor <= 0 or q.gearing <= 0:
            continue
        while uses[place, spans[0]] == 0:
            spans[0] += 1
        softest = whole(q.concessional_tenor_years * MONTHS_PER_YEAR)
        spans[1], spans[2] = tenor, max(min(softest, months - 1 - cohort.live), 1)
        share, waits = sizing.share[place], sizing.waits[place]
        _wait(q, (spans[0], cohort.live), (uses[place], cost), share, waits)
        _lend_beside(q, cohort.live, cost, (sizing, place), one.size_usd[place])


@bare
def _wait(
    q: Record, span: tuple[int, int], built: tuple[Array, float], share: Array, waits: Array
) -> None:
    """Fill in the part of the cost paid by month, and what a senior loan of 1 costs meanwhile."""
    (uses, cost), drawn, rate = built, 0.0, senior_rate(q) / MONTHS_PER_YEAR
    for month in range(span[0], span[1] + 1):
        share[month] = uses[month] / cost
        waits[month] = drawn * rate + (1 - drawn) * q.commitment_fee / MONTHS_PER_YEAR
        drawn += share[month]


@bare
def _lend_beside(
    q: Record, live: int, cost: float, where: tuple[Sizing, int], sizes: Array
) -> None:
    """Size the two loans beside the senior one, and fill in what they leave to it."""
    sizing, place = where
    sizes[CONCESSIONAL] = min(q.concessional_share, q.gearing) * cost
    left = q.gearing - sizes[CONCESSIONAL] / cost
    sizes[MEZZANINE] = min(q.mezzanine_share, left) * cost
    share, taken, uses = sizing.share[place], sizing.taken[place], 0.0
    for tranche in (CONCESSIONAL, MEZZANINE):
        size = sizes[tranche]
        if size == 0:
            continue
        terms = shaped(q, tranche, place, sizing)
        held = reserve(terms, 0, whole(q.dsra_months))
        drawn, extra = 0.0, terms.fee + held
        for month in range(sizing.spans[place, 0], live + 1):
            extra += drawn * terms.rate + (1 - drawn) * q.commitment_fee / MONTHS_PER_YEAR
            drawn += share[month]
        uses += extra * size
        sizing.fixed[place, tranche] = size * (extra - held) if size > 0 else 0.0
        for step in range(sizing.spans[place, 1]):
            taken[step] += size * service(terms, step)
    most = q.gearing * (cost + uses) - sizes[CONCESSIONAL] - sizes[MEZZANINE]
    sizing.fixed[place, LIMIT] = max(most, 0.0)


@bare
def size_again(q: Record, build: Record, sizing: Sizing, one: Round) -> None:
    """Size every senior loan on the cash of a round, and fill in what all loans let deduct."""
    for month in range(one.found.size):
        one.found[month] = 0.0
    for place in range(build.made[1]):
        tenor, begin = sizing.spans[place, 1], build.cohorts[place].live + 1
        if tenor == 0:
            continue
        cost = _size(q, build.cohorts[place], place, sizing, one)
        for tranche in (CONCESSIONAL, MEZZANINE):
            size = one.size_usd[place, tranche]
            if size > 0:
                _deduct(shaped(q, tranche, place, sizing), size, one.found[begin:])
                cost += sizing.fixed[place, tranche]
        _spread(cost, one.found[begin : begin + tenor])


@bare
def _size(q: Record, cohort: Record, place: int, sizing: Sizing, one: Round) -> float:
    """Size a senior loan; return what it costs until the first sale, without the reserve."""
    terms, tenor, begin = shaped(q, SENIOR, place, sizing), sizing.spans[place, 1], cohort.live + 1
    cash, cover = one.cash[0, begin : begin + tenor], one.cash[1, begin : begin + tenor]
    _headroom(cash, cover, cohort.kw, sizing.taken[place], terms.shape[:tenor])
    worth = _worth(terms.rate, terms.shape)
    if worth > 0:
        _divide(terms.shape, worth)
    else:
        even(terms.shape)
    held = reserve(terms, 0, whole(q.dsra_months))
    extra = terms.fee + held
    for month in range(sizing.spans[place, 0], begin):
        extra += sizing.waits[place, month]
    left = 1 - q.gearing * extra
    limit = sizing.fixed[place, LIMIT] / left if left > 0 else np.inf
    one.bound[place] = NO_LOAN
    if worth > 0:
        one.bound[place] = BY_COVER if worth <= limit else BY_GEARING
    size = min(worth, limit)
    one.size_usd[place, SENIOR] = size
    if size <= 0:
        return 0.0
    _deduct(terms, size, one.found[begin:])
    return float(size * (extra - held))


@apart
def _headroom(cash: Array, cover: Array, kw: float, taken: Array, found: Array) -> None:
    """Fill in the service that cash allows beside that of the other loans."""
    for step in range(found.size):
        found[step] = max(cash[step] * kw / cover[step] - taken[step], 0.0)


@bare
def _worth(rate: float, shape: Array) -> float:
    """Turn service into the debt it repays, before each payment, and 0 at the end; return all."""
    worth, factor = 0.0, 1 / (1 + rate)
    shape[shape.size - 1] = 0.0
    for step in range(shape.size - 2, -1, -1):
        worth = (worth + shape[step]) * factor
        shape[step] = worth
    return worth


@bare
def _divide(shape: Array, worth: float) -> None:
    for step in range(shape.size):
        shape[step] /= worth


@apart
def _deduct(terms: Terms, size: float, found: Array) -> None:
    """Add the interest of a loan's payments."""
    shape = terms.shape
    for step in range(shape.size - 1):
        found[step] += size * terms.rate * shape[step]


@apart
def _spread(cost: float, found: Array) -> None:
    """Add equal parts of a cost."""
    for step in range(found.size):
        found[step] += cost / found.size
