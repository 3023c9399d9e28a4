"""The scenario that counts: the newest approved one, else the base case."""

from collections.abc import Iterable

from data.actors import Actor
from data.problems import RefusedError
from data.scenario_rows import Saved
from data.scenario_store import scenarios
from data.store import Store
from forecasts.presets import preset
from forecasts.reading import scenario_from
from forecasts.scenario import Scenario

BASE_CASE = "the base case"
"""What changes are counted from as long as nothing is approved."""

LONGEST_NAME = 80
"""Characters of a scenario's name in the model; the store takes more."""


def newest_approval(held: Iterable[Saved]) -> tuple[str, dict[str, object]]:
    """Return how the newest approved scenario is called and what it states; nothing for none."""
    approved = [one for one in held if one.approval is not None]
    newest = max(approved, key=lambda one: one.approval.at if one.approval else "", default=None)
    if newest is None or newest.approval is None:
        return BASE_CASE, {}
    return f"{newest.name}, approved by {newest.approval.who}", dict(newest.approval.stated)


def scenario_of_approval(label: str, stated: dict[str, object]) -> tuple[str, Scenario]:
    """Return the approved scenario; the base case where none is, or the tables take it no more."""
    if stated:
        try:
            return label, scenario_from(stated | {"name": label[:LONGEST_NAME]}, label)
        except RefusedError:
            pass
    return BASE_CASE, preset("base")


def that_counts(store: Store, actor: Actor) -> tuple[str, Scenario]:
    """Return name and scenario that headline results are kept and watched of."""
    return scenario_of_approval(*newest_approval(scenarios(store, actor)))
