"""Three sentences on what a result means: what decides, who comes first, how sure it all is."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.charts.study import Study, short
from dashboard.theme import money, number, signed
from forecasts.decisive import Nudge
from forecasts.sampling import Estimate
from forecasts.scenario import QUANTITIES

Data = Mapping[str, Any]


def decides(nudges: Sequence[Nudge]) -> str:
    """Say which assumption moves the return most, and by how much.

    Parameters
    ----------
    nudges : sequence of Nudge
        The costliest first.
    """
    if not nudges or nudges[0].npv_usd >= 0:
        return "No assumption of the panel moves the return: nothing is built."
    top = nudges[0]
    costs = f"costs {money(-top.npv_usd)} of NPV"
    if top.irr is not None and top.irr < 0:
        points = number(-100 * top.irr, 1)
        costs = f"costs {points} {'point' if points == '1.0' else 'points'} of IRR"
    second = f"; next comes {_within(nudges[1].name)}" if len(nudges) > 1 else ""
    return f"{QUANTITIES[top.name].label} decides: {_moved(top)} {costs}{second}."


def _within(name: str) -> str:
    """Write an assumption's name inside a sentence."""
    label = QUANTITIES[name].label
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _moved(nudge: Nudge) -> str:
    if nudge.relative:
        return "10 % more" if nudge.relative > 0 else "10 % less"
    unit = QUANTITIES[nudge.name].unit
    value = signed(f"{nudge.value * unit.scale:,.4g}")
    return f"{value} {unit.text}".strip()


def first_place(study: Study, places: Sequence[tuple[int, float, float]]) -> str:
    """Say which site comes first on most paths, and which follows.

    Parameters
    ----------
    study : Study
        The scenario.
    places : sequence of (factory, share, standard error)
        Share of paths in which each factory has the highest NPV over capex, largest first.
    """
    if len(places) < 2:
        return ""
    (best, share, error), (second, other, _) = places[:2]
    names = [short(study.sites[row]) for row in (best, second)]
    return (
        f"{names[0]} comes first in {100 * share:.0f} ± {100 * error:.1f} % of paths, ahead of "
        f"{names[1]} ({100 * other:.0f} %)."
    )


def sureness(low: float, high: float, above: Estimate, record: str) -> str:
    """Say how often all factories together are worth their cost, and how wide NPV spreads.

    `record` says how often such ranges held before; empty where nothing is to be said.
    """
    said = f"; {record}" if record else ""
    return (
        f"All together are worth their cost in {100 * above.value:.0f} ± {100 * above.error:.1f} % "
        f"of paths; "
        f"8 of 10 end between {money(low)} and {money(high)} of NPV{said}."
    )
