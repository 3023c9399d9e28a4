"""A projection with its returns, worked out once and shown on every page."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.engine import Result
from forecasts.metrics import Metric
from forecasts.plan import Site
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.tax import calendar_years


def short(site: Site) -> str:
    """Return a factory's name as charts and sentences write it: the country.

    A name of three words or more is written by its initials.
    """
    words = site.name.removesuffix(" AI Factory").split()
    return " ".join(words) if len(words) < 3 else "".join(word[0] for word in words)


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What the pages show of one scenario.

    Attributes
    ----------
    result : Result
        The projection.
    returns : tuple of mappings of str to Metric
        Metrics by factory, in the order of the sites.
    portfolio : mapping of str to Metric
        Metrics of all factories together.
    """

    result: Result
    returns: tuple[Mapping[str, Metric], ...]
    portfolio: Mapping[str, Metric]

    @property
    def sites(self) -> tuple[Site, ...]:
        """Factories in order."""
        return self.result.plan.sites

    def row(self, key: str) -> int:
        """Return the place of a factory on the factory axis."""
        return [site.key for site in self.sites].index(key)

    def clears(self, row: int) -> bool:
        """Whether a factory earns its cost of capital: its NPV is not below zero."""
        npv = self.returns[row]["npv"].value
        return bool(self.result.phases[row]) and npv is not None and npv >= 0

    def value_per_capex(self, row: int) -> float | None:
        """Return NPV over first-time capex, which compares large and small factories."""
        npv, capex = self.returns[row]["npv"].value, self.returns[row]["capex"].value
        return npv / capex if npv is not None and capex else None

    def order(self) -> list[int]:
        """Return the factories, most NPV per capex first; those without a phase last."""

        def rank(row: int) -> float:
            value = self.value_per_capex(row)
            return math.inf if value is None else -value

        return sorted(range(len(self.sites)), key=rank)

    def live_mw_at_end_of(self, year: int) -> float:
        """Return the IT load live at the end of a calendar year, all factories, MW."""
        live = self.result.sales.live_mw.sum(axis=0)
        calendar = calendar_years(self.result.plan.start, self.result.plan.months)
        months = np.flatnonzero(calendar + self.result.plan.start.year <= year)
        return float(live[months[-1]]) if months.size else 0.0


def study(result: Result) -> Study:
    """Work out the returns of a projection."""
    rows = range(len(result.plan.sites))
    return Study(
        result=result,
        returns=tuple(factory_returns(result, row) for row in rows),
        portfolio=portfolio_returns(result),
    )
