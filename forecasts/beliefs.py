"""What a scenario believes of its assumptions: a distribution each, and which move together."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.problems import Problem
from forecasts.distributions import KINDS, Distribution

Kind = Literal["uniform", "triangular", "pert", "normal", "lognormal", "discrete"]
"""The distributions a scenario file may name."""

UNCERTAIN = (
    "gpu_hour_price",
    "gpu_price_decay",
    "merchant_utilisation",
    "merchant_price_premium",
    "sovereign_price_premium",
    "contracted_share",
    "capture_share",
    "sovereign_share",
    "ai_share_later",
    "demand_change",
    "demand_elasticity",
    "long_run_growth",
    "availability",
    "network_storage_share",
    "contingency_share",
    "construction_inflation",
    "power_price_change",
    "busy_power_share",
    "staff_cost",
    "hardware_support_share",
    "software_cost",
    "security_operations_cost",
    "facility_maintenance_share",
    "insurance_share",
    "cloud_platform_share",
    "overhead_share",
    "inflation",
    "wage_growth",
    "hardware_residual_share",
)
"""Assumptions that are always drawn: from a beta-PERT over the stated range about the value in use,
unless the scenario states another belief."""

ON_REQUEST = (
    "ai_spending_growth_change",
    "rack_price_trend",
    "generation_rack_price_change",
    "generation_price_change",
    "power_price",
    "power_price_growth",
    "pue",
    "idle_power_share",
    "connectivity_cost",
    "software_price_growth",
    "compliance_cost",
    "fx_change",
    "token_price",
    "tokens_per_gpu_second",
    "services_share",
    "services_margin",
    "freight_share",
    "lease_rent",
    "lease_vacancy",
    "lease_cap_rate",
    "bridge_fuel_cost",
    "bridge_rent",
    "ppa_price",
)
"""Assumptions that are drawn only when the scenario states a belief. All others are agreed before
the money is committed."""

DRAWABLE = (*UNCERTAIN, *ON_REQUEST)
"""Assumptions of which a scenario may state a belief."""

TERMS = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind[0]))
"""Every parameter of any distribution."""


class Belief(BaseModel):
    """What one assumption may be, in the model's unit. Draws outside its legal limits are cut."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    distribution: Kind = "pert"
    """Shape: uniform, triangular, pert, normal, lognormal or discrete."""
    low: float | None = None
    """Lowest value: uniform, triangular, pert."""
    mode: float | None = None
    """Most likely value: triangular, pert."""
    high: float | None = None
    """Highest value: uniform, triangular, pert."""
    mean: float | None = None
    """Mean: normal."""
    sd: float | None = None
    """Standard deviation: normal."""
    median: float | None = None
    """Median: lognormal."""
    sigma: float | None = None
    """Standard deviation of the logarithm: lognormal."""
    value: tuple[float, ...] = ()
    """Possible values: discrete."""
    weight: tuple[float, ...] = ()
    """Their weights, which need not add up to 1: discrete."""

    @model_validator(mode="after")
    def _makes_sense(self) -> "Belief":
        self.over()
        return self

    def over(self) -> Distribution:
        """Return the distribution.

        Raises
        ------
        ValueError
            If parameters are missing or make none.
        """
        if self.distribution == "discrete":
            if len(self.value) != len(self.weight):
                raise ValueError("discrete: give as many weights as values")
            pairs = zip(self.value, self.weight, strict=True)
            return Distribution("discrete", tuple(number for pair in pairs for number in pair))
        stated = [getattr(self, name) for name in KINDS[self.distribution][0]]
        return Distribution(self.distribution, tuple(one for one in stated if one is not None))


class RankCorrelation(BaseModel):
    """How two drawn assumptions go together."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    between: tuple[str, str]
    """The two assumptions."""
    rank: Annotated[float, Field(ge=-1, le=1)]
    """Spearman's rank correlation."""


def belief_problems(stated: Mapping[object, object], place: str) -> Iterator[Problem]:
    """Name every mistake in the beliefs and rank correlations of a scenario file."""
    beliefs = stated.get("beliefs") or {}
    if isinstance(beliefs, Mapping):
        for name, belief in beliefs.items():
            path = f"{place}: beliefs.{name}"
            yield from _known_name(path, name)
            yield from _shape(path, belief)
    else:
        yield Problem(
            f"{place}: beliefs", repr(beliefs), "assumptions with a distribution each", INDENT
        )
    pairs = stated.get("rank_correlations") or []
    if not isinstance(pairs, list):
        yield Problem(f"{place}: rank_correlations", repr(pairs), "a list", EXAMPLE)
        return
    for number, pair in enumerate(pairs):
        yield from _pair(f"{place}: rank_correlations.{number}", pair)


INDENT = "indent them"
EXAMPLE = "write - {between: [gpu_hour_price, merchant_utilisation], rank: 0.5}"


def _known_name(path: str, name: object) -> Iterator[Problem]:
    if name not in DRAWABLE:
        near = difflib.get_close_matches(str(name), DRAWABLE, n=1, cutoff=0.5)
        fix = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(DRAWABLE)}"
        expected = "an assumption that is still open when the money is committed"
        yield Problem(path, repr(name), expected, fix)


def _shape(path: str, belief: object) -> Iterator[Problem]:
    """Check one belief: a known distribution with exactly its parameters."""
    if not isinstance(belief, Mapping):
        expected = "a distribution with its parameters"
        yield Problem(
            path, repr(belief), expected, "write {distribution: pert, low: , mode: , high: }"
        )
        return
    kind = belief.get("distribution", "pert")
    if kind not in KINDS:
        yield Problem(
            f"{path}.distribution", repr(kind), "a distribution", f"use one of {', '.join(KINDS)}"
        )
        return
    wanted, rule, _ = KINDS[kind]
    stated = {key: value for key, value in belief.items() if key != "distribution"}
    if set(stated) != set(wanted):
        given = ", ".join(map(str, stated)) or "nothing"
        yield Problem(path, given, f"{kind} with {', '.join(wanted)}", "state exactly these")
        return
    try:
        Belief.model_validate(dict(belief))
    except ValueError:
        yield Problem(path, repr(stated), f"numbers with {rule}", "correct them")


def _pair(path: str, pair: object) -> Iterator[Problem]:
    between = pair.get("between") if isinstance(pair, Mapping) else None
    if not isinstance(pair, Mapping) or set(pair) != {"between", "rank"}:
        yield Problem(path, repr(pair), "two assumptions and their rank correlation", EXAMPLE)
        return
    if not isinstance(between, list) or len(between) != 2 or between[0] == between[1]:
        yield Problem(f"{path}.between", repr(between), "two different assumptions", EXAMPLE)
        return
    for name in between:
        yield from _known_name(f"{path}.between", name)
    rank = pair["rank"]
    number = isinstance(rank, int | float) and not isinstance(rank, bool)
    if not number or not -1 <= rank <= 1:
        yield Problem(f"{path}.rank", repr(rank), "a number from -1 to 1", "correct it")
