"""Scenarios for laws that hold whatever is assumed, and what laws are judged by.

`RACKCAST_EXAMPLES=2000` tries more scenarios than the few that fit into a test run.
"""

import dataclasses
import datetime as dt
import os
from collections.abc import Mapping

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from data.catalog import bundled
from forecasts.drivers import Drivers, central
from forecasts.engine import Result, evaluate
from forecasts.lines import LINES
from forecasts.outlook import outlook
from forecasts.plan import Plan, compile_plan, register
from forecasts.scenario import QUANTITIES, Scenario

EXAMPLES = int(os.environ.get("RACKCAST_EXAMPLES", "24"))

ANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    print_blob=True,
)

MONEY = 1e-9
"""Share of all cash moved up to which two sums of money count as the same."""

SITE_RANGES = {
    "corporate_tax": (0.0, 0.4),
    "tax_holiday_years": (0.0, 10.0),
    "withholding_tax": (0.0, 0.25),
    "country_default_spread": (0.0, 0.1),
    "import_duty": (0.0, 0.2),
    "build_cost": (7.0, 16.0),
    "power_price": (0.03, 0.25),
}
"""Ranges of what each site takes from its own row."""

OFTEN = (
    "gearing", "debt_tenor_years", "dsra_months", "lockup_dscr", "concessional_share",
    "concessional_tenor_years", "mezzanine_share", "cash_sweep", "sweep_dscr", "grant_share",
    "target_dscr", "merchant_dscr", "gpu_hour_price", "declining_factor", "loss_years",
    "tax_holiday_years", "corporate_tax", "hardware_life_years", "lease_share", "lease_rent",
)  # fmt: skip
"""Quantities of finance and leases, drawn in every second scenario each."""


def range_of(name: str) -> tuple[float, float]:
    """Plausible range of a quantity."""
    if name in SITE_RANGES:
        return SITE_RANGES[name]
    fact = bundled().fact("assumptions", quantity=name)
    return fact.low or 0.0, fact.high or 0.0


def whole(name: str) -> bool:
    """Whether a quantity takes whole numbers only."""
    return QUANTITIES[name].whole or isinstance(QUANTITIES[name].default, int)


@st.composite
def scenarios(draw, **stated: float) -> dict[str, object]:
    """Changes against the base case: one or two factories, quantities in plausible ranges."""
    free = [name for name in QUANTITIES if QUANTITIES[name].default is not None]
    names = draw(st.lists(st.sampled_from(sorted({*free, *SITE_RANGES})), max_size=10, unique=True))
    names += [name for name in OFTEN if draw(st.booleans())]
    changes: dict[str, object] = {}
    for name in names:
        value = draw(st.floats(*range_of(name)))
        changes[name] = round(value) if whole(name) else value
    keys = [site.key for site in register(bundled())]
    changes["factories"] = draw(
        st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True)
    )
    changes["months"] = draw(st.one_of(st.integers(24, 240), st.sampled_from([36, 60, 180])))
    changes["start"] = dt.date(2027, draw(st.integers(1, 12)), 1)
    return changes | stated


def planned(changes: Mapping[str, object]) -> tuple[Plan, Drivers]:
    plan = compile_plan(Scenario().having(**changes), bundled())
    return plan, central(plan, outlook(bundled()))


def ran(changes: Mapping[str, object]) -> Result:
    return evaluate(*planned(changes))


PATHS = ("regional_mw", "gpu_price_index", "power_index", "rack_price_index", "local_index")


def shaken(drivers: Drivers, paths: int, seed: int) -> Drivers:
    """Path 0 as it was, and others whose drivers wander."""
    rng = np.random.default_rng(seed)
    many = {}
    for name in PATHS:
        one = getattr(drivers, name)
        steps = rng.normal(0, 0.03, (paths, *one.shape[1:]))
        steps[0] = 0.0
        many[name] = one * np.exp(np.cumsum(steps, axis=-1))
        many[name][0] = one[0]
    return dataclasses.replace(drivers, **many)


def moved(result: Result, path: int = 0) -> float:
    """All cash a scenario moves, to judge gaps against."""
    lines = sum(np.abs(result.lines[name][path]).sum() for name in LINES)
    return float(max(lines, 1.0))
