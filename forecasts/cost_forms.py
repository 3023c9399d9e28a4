"""From one form of the cost of a GPU-hour to the next: each step with the figure it leads to."""

from dataclasses import dataclass

import numpy as np

from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, LEASE_LINES, OPEX_LINES
from forecasts.returns import factory_returns

UNIT = "USD_per_gpu_hour"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bridge.

    Attributes
    ----------
    name, label : str
        Key, and name on screen.
    change, level : float
        What it adds to the cost of an hour, and the cost after it, USD per GPU-hour.
    form : bool
        Whether the level is one of the published forms, by its metric's name.
    help : str
        What the step does, in a sentence.
    """

    name: str
    label: str
    change: float
    level: float
    form: bool
    help: str


WORDS = {
    "lcoc_useful": (
        "LCOC per useful hour",
        "All cost less what is left, over the sold hours that do useful work, both discounted.",
    ),
    "lost_work": ("Restarts and waiting", "Every hour sold counts, whatever the user makes of it."),
    "lcoc": (
        "LCOC, present value",
        "All cost less what is left, discounted, over hours sold, discounted.",
    ),
    "left_over": (
        "Value left over",
        "Resale, value at the end and grants no longer lower the cost.",
    ),
    "refreshes": ("Refreshes", "Racks are bought once; their replacement is left out."),
    "unsold_hours": ("Hours not sold", "Cost is spread over all hours installed, sold or not."),
    "level_payment": (
        "Level payments",
        "Capex is a level payment over the hardware's life on the GPUs first installed, with no "
        "time to build; running cost is not discounted.",
    ),
    "tco_annuity": (
        "TCO, annuity",
        "What published cost models call total cost of ownership.",
    ),
    "service_level": ("Service level", "Only hours that meet the service level count."),
    "lcoc_sla": ("LCOC, SLA form", "TCO by annuity over the availability promised."),
    "cost_of_capital": (
        "No cost of capital",
        "Capex is spread over its life without interest.",
    ),
    "sold_hours": ("Hours sold only", "Cost is spread over hours sold, not hours available."),
    "tco_simple": ("TCO, simple", "Capex over life and running cost over hours sold."),
}
"""Label and help of every form and step, in the order of the bridge."""

FORMS = ("lcoc_useful", "lcoc", "tco_annuity", "lcoc_sla", "tco_simple")
"""The forms that the bridge leads through; each is a metric."""


def lcoc_bridge(result: Result, row: int, path: int = 0) -> tuple[Step, ...]:
    """Return the steps between the forms of cost of an hour; none where a form has no value.

    Every step is the difference of two figures that are computed by themselves, so steps add up.
    """
    found = factory_returns(result, row, path)
    forms = {name: found[name].value for name in FORMS}
    levels = {name: value for name, value in forms.items() if value is not None}
    if len(levels) < len(FORMS):
        return ()
    terms = result.plan.quantities[row]
    levels |= _present_values(result, row, path)
    installed = float(result.sales.installed_gpu_hours[row].sum())
    sold = float(result.sales.sold_gpu_hours[path, row].sum())
    levels["lost_work"] = levels["lcoc"]
    levels["service_level"] = levels["tco_annuity"] / float(terms["availability"])
    levels["level_payment"] = levels["tco_annuity"]
    levels["cost_of_capital"] = levels["tco_simple"] * sold / installed
    levels["sold_hours"] = levels["tco_simple"]
    steps: list[Step] = []
    level = 0.0
    for name, (label, text) in WORDS.items():
        change = 0.0 if name in FORMS else levels[name] - level
        level = levels[name]
        steps.append(Step(name, label, change, level, name in FORMS, text))
    return tuple(steps)


def _present_values(result: Result, row: int, path: int) -> dict[str, float]:
    """Figures between the present-value form and the annuity."""
    factors = result.factors[row]

    def worth(*names: str) -> float:
        return -float(result.total(names)[path, row] @ factors)

    sold = float(result.sales.sold_gpu_hours[path, row] @ factors)
    installed = float(result.sales.installed_gpu_hours[row] @ factors)
    first, running = worth(*CAPEX_LINES), worth(*OPEX_LINES, *LEASE_LINES)
    return {
        "left_over": (first + worth("refresh") + running) / sold,
        "refreshes": (first + running) / sold,
        "unsold_hours": (first + running) / installed,
    }


def adds_up(steps: tuple[Step, ...]) -> bool:
    """Whether the steps lead from each form to the next."""
    levels = np.cumsum([steps[0].level, *(step.change for step in steps[1:])])
    return bool(np.allclose(levels, [step.level for step in steps], rtol=1e-9, atol=0.0))
