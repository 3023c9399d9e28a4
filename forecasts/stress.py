"""Stress tests: every metric of the scenario as stated, and under each named stress."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.catalog import Catalog
from forecasts.engine import run
from forecasts.metrics import Metric
from forecasts.presets import STRESSES, stressed
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import Scenario
from forecasts.uncertainty import Progress

UNSTRESSED = "as stated"
"""Name of the scenario without stress."""


@dataclass(frozen=True, slots=True)
class Stressed:
    """Returns of one case.

    Attributes
    ----------
    name, description : str
        The stress, and what it supposes.
    factories : mapping of str to mapping of str to Metric
        Metrics by factory.
    portfolio : mapping of str to Metric
        Metrics of all together.
    """

    name: str
    description: str
    factories: Mapping[str, Mapping[str, Metric]]
    portfolio: Mapping[str, Metric]


def stress_tests(
    scenario: Scenario, catalog: Catalog, progress: Progress | None = None
) -> tuple[Stressed, ...]:
    """Return every metric of a scenario as it is, then under each named stress, planned anew.

    Parameters
    ----------
    scenario, catalog : Scenario, Catalog
        The case.
    progress : Progress, optional
        Told after each stress; may raise to end the run.
    """
    cases = [(UNSTRESSED, scenario.description, scenario)]
    cases += [
        (name, str(STRESSES[name]["description"]), stressed(scenario, name)) for name in STRESSES
    ]
    found = []
    for at, (name, description, one) in enumerate(cases, 1):
        found.append(_case(name, description, one, catalog))
        if progress is not None:
            progress(at, len(cases))
    return tuple(found)


def _case(name: str, description: str, scenario: Scenario, catalog: Catalog) -> Stressed:
    result = run(scenario, catalog)
    return Stressed(
        name,
        description,
        {site.key: factory_returns(result, row) for row, site in enumerate(result.plan.sites)},
        portfolio_returns(result),
    )


def stress_data(found: tuple[Stressed, ...]) -> list[dict[str, object]]:
    """Return stress tests as plain data: value, unit, status and reason of every metric."""

    def told(metrics: Mapping[str, Metric]) -> dict[str, object]:
        return {
            name: {
                "value": one.value,
                "unit": one.unit,
                "status": one.status.value,
                "reason": one.reason,
            }
            for name, one in metrics.items()
        }

    return [
        {
            "name": one.name,
            "description": one.description,
            "factories": {key: told(own) for key, own in one.factories.items()},
            "portfolio": told(one.portfolio),
        }
        for one in found
    ]
