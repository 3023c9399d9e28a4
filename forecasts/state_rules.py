"""Is a factory on the government's balance sheet? Rules of ESA 2010 and GFSM 2014, with reasons.

The rules are those of Eurostat's Manual on Government Deficit and Debt (6.4), as the European PPP
Expertise Centre (EPEC) explains them, also in its guide with Eurostat of 2016; GFSM 2014 (A4.63)
asks who has the majority of
risks and rewards and should come to the same answer. What is told is no legal advice: statistical
offices read contracts, which the model does not have.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasts.engine import Result
from forecasts.leased import HALLS, RACKS, bought
from forecasts.lines import OPEX_LINES, REVENUE_LINES
from forecasts.loans import CONCESSIONAL
from forecasts.tax import by_year, calendar_years

Bearer = Literal["partner", "state"]
"""Who bears a risk: the company that builds and runs the factory, or the state."""

BEARERS: tuple[Bearer, ...] = ("partner", "state")

HALF = 0.5
"""Share above which the state has the majority."""

HAIR = 1e-9
"""Distance from half within which a share is half: shares are quotients of sums."""

TEST_YEARS = 3
"""Years over which sales are held against cost: the market test looks at several."""

MGDD = (
    "Eurostat, Manual on Government Deficit and Debt, 2019, 6.4; IMF, Government Finance "
    "Statistics Manual 2014, Box A4.5"
)
MGDD_URL = "https://ec.europa.eu/eurostat/web/products-manuals-and-guidelines/-/ks-gq-19-007"
PAYS = "EPEC, Risk Distribution and Balance Sheet Treatment, 2011: government financing"
PAYS_URL = "https://ppponline.affinitext.com/public/book?id=1502&toc_id=510590"
VOUCHES = "EPEC, State Guarantees in PPPs, 2011: Eurostat's treatment"
VOUCHES_URL = "https://ppponline.affinitext.com/public/book?id=1411&toc_id=510334"
ESA = "European System of Accounts 2010, Regulation (EU) 549/2013, 20.19 to 20.31"
ESA_URL = "https://eur-lex.europa.eu/eli/reg/2013/549/oj"


@dataclass(frozen=True, slots=True)
class StateTerms:
    """What the contract between state and factory says; the model has none, a reader states it.

    Attributes
    ----------
    construction, availability, demand : Bearer
        Who bears the risk that building costs more or takes longer, that the factory is not there
        as promised, that fewer hours are wanted.
    bought_share : float
        Share of the revenue that the state pays as a customer.
    guaranteed_share : float
        Share of the loans of others that the state guarantees.
    """

    construction: Bearer = "partner"
    availability: Bearer = "partner"
    demand: Bearer = "partner"
    bought_share: float = 0.0
    guaranteed_share: float = 0.0

    def __post_init__(self) -> None:
        for name in ("construction", "availability", "demand"):
            if getattr(self, name) not in BEARERS:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}, not partner or state; give one of them"
                )
        for name in ("bought_share", "guaranteed_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}, not 0 to 1; write 40 % as 0.4"
                )


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule, what is the case here, and where it points.

    Attributes
    ----------
    rule, fact : str
        The rule and what it finds, a sentence each.
    on : bool
        Whether it puts the factory on the government's balance sheet by itself.
    counts : bool
        Whether it is part of the answer; one that is told beside it is not.
    source, url : str
        Where the rule stands.
    """

    rule: str
    fact: str
    on: bool
    counts: bool
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the factory is on the government's balance sheet, and why.

    Attributes
    ----------
    on : bool
        Whether it is.
    kind : str
        What the arrangement is, in words.
    reasons : tuple of Reason
        Every rule, in the order in which they are asked.
    """

    on: bool
    kind: str
    reasons: tuple[Reason, ...]

    @property
    def said(self) -> str:
        """The answer in a sentence."""
        if self.kind == PRIVATE:
            return "Off the government's balance sheet: a private investment, with no contract"
        side = "On" if self.on else "Off"
        return f"{side} the government's balance sheet, as a {self.kind}"


PRIVATE, PPP, CONCESSION = "private investment", "public-private partnership", "concession"
"""Without the state; with the state as the main customer; with others as customers."""


@dataclass(frozen=True, slots=True)
class Support:
    """What the state gives to the first build of a factory, shares of its capital cost.

    Attributes
    ----------
    cost_usd : float
        First-time capex.
    financed, guaranteed : float
        Grants and concessional loans; loans of others with a guarantee.
    """

    cost_usd: float
    financed: float
    guaranteed: float


def support(result: Result, row: int, terms: StateTerms) -> Support:
    """Return what the state gives; loans are those of the first racks of every phase."""
    spent, granted = bought(result, row, (RACKS, HALLS))
    cost = float(spent.sum() + result.lines["refresh"][0, row].sum())
    first = ~result.cohorts.is_refresh[row] & (result.cohorts.kw[row] > 0)
    lent = result.debt.size_usd[row, first[: result.debt.size_usd.shape[1]]]
    soft = float(lent[:, CONCESSIONAL].sum())
    others = float(lent.sum()) - soft
    if cost <= 0:
        return Support(0.0, 0.0, 0.0)
    financed = (float(granted.sum()) + soft) / cost
    return Support(cost, financed, others * terms.guaranteed_share / cost)


def answer(result: Result, row: int, terms: StateTerms) -> Answer:
    """Say whether a factory is on the government's balance sheet, with every rule."""
    given = support(result, row, terms)
    reasons = (
        _financed(given),
        _guaranteed(given),
        _built(terms),
        _used(terms),
        _market(result, row),
    )
    return Answer(any(one.on for one in reasons if one.counts), _kind(given, terms), reasons)


def _kind(given: Support, terms: StateTerms) -> str:
    borne = {terms.construction, terms.availability, terms.demand}
    money = given.financed + given.guaranteed + terms.bought_share
    if "state" not in borne and money <= 0:
        return PRIVATE
    return PPP if terms.bought_share > HALF else CONCESSION


def _share(value: float) -> str:
    """Write a share with the decimals that tell it from half, four at most.

    Examples
    --------
    >>> _share(0.5), _share(0.504), _share(0.50004), _share(0.328)
    ('50 %', '50.4 %', '50.004 %', '33 %')
    """
    half = abs(value - HALF) <= HAIR
    texts = (f"{100 * value:.{digits}f}" for digits in range(5))
    return f"{next((text for text in texts if half or float(text) != 100 * HALF), '50')} %"


def _financed(given: Support) -> Reason:
    return Reason(
        "Whoever pays for most of the cost bears its risk: with more than half of capital cost "
        "from grants and loans of the state, the factory is on the state's balance sheet.",
        f"Grants and concessional loans pay for {_share(given.financed)} of the first build. "
        "Concessional loans count as the state's own.",
        given.financed > HALF + HAIR,
        True,
        PAYS,
        PAYS_URL,
    )


def _guaranteed(given: Support) -> Reason:
    both = given.financed + given.guaranteed
    return Reason(
        "Guarantees count with what the state pays, called or not: more than half of capital cost "
        "together puts it on the state's balance sheet.",
        f"Guaranteed loans are {_share(given.guaranteed)} of the first build, "
        f"with grants and loans {_share(both)}.",
        given.guaranteed > 0 and both > HALF + HAIR,
        True,
        VOUCHES,
        VOUCHES_URL,
    )


def _built(terms: StateTerms) -> Reason:
    ours = terms.construction == "state"
    return Reason(
        "The partner must bear construction risk: late delivery, higher cost, defects.",
        f"Construction risk is borne by the {terms.construction}, as stated.",
        ours,
        True,
        MGDD,
        MGDD_URL,
    )


def _used(terms: StateTerms) -> Reason:
    ours = terms.availability == "state" and terms.demand == "state"
    return Reason(
        "Beside construction risk the partner must bear availability risk or demand risk.",
        f"Availability risk is borne by the {terms.availability}, demand risk by the "
        f"{terms.demand}, as stated.",
        ours,
        True,
        MGDD,
        MGDD_URL,
    )


def _market(result: Result, row: int) -> Reason:
    """Sales over production cost, for a company that the state would control."""
    calendar = calendar_years(result.plan.start, result.plan.months)
    sales = result.total(REVENUE_LINES)[0, row]
    cost = -result.total(OPEX_LINES)[0, row] + result.depreciation_usd[row]
    cost = cost + result.finance["interest"][0, row]
    sold, spent = (by_year(one * (sales > 0), calendar) for one in (sales, cost))
    rule = (
        "A company that the state controls is part of government where its sales cover less than "
        f"half of its cost of production, here over {TEST_YEARS} years."
    )
    there = sold > 0
    if not there.any():
        return Reason(rule, "Nothing is sold here.", False, False, ESA, ESA_URL)
    window = np.ones(min(TEST_YEARS, int(there.sum())))
    years, costs = (np.convolve(one[there], window, "valid") for one in (sold, spent))
    least = float((years / costs).min())
    fact = f"Sales cover {_share(least)} of running cost, depreciation and interest at the least."
    return Reason(rule, fact, least < HALF - HAIR, False, ESA, ESA_URL)
