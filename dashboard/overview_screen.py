"""What the overview shows of a scenario: worked out before it is drawn, put into its places."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from streamlit.delta_generator import DeltaGenerator

from dashboard import overview_cards, state, sure_state, widgets
from dashboard.charts import findings, kpis, overview
from dashboard.charts.kpis import Kpi
from dashboard.charts.study import Study
from dashboard.overview_cards import Places
from dashboard.small_cards import Maker, fill, small
from dashboard.sure_state import Sureness
from forecasts.scenario import Scenario

HEIGHT = 168
"""Pixels of a small chart."""


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """Everything on the overview that follows a driver.

    Attributes
    ----------
    scenario, study, sure
        What is shown; None for `sure` while its paths are not through.
    begun : bool
        Whether its paths were begun.
    headline, said, size : str
        The heading; what decides, as HTML; how much is built in all.
    figures : list of Kpi
        The row of figures.
    places : Places
        The map.
    capacity, capex, money : callable
        Give the small charts.
    ranked : str
        The ranking, as HTML.
    """

    scenario: Scenario
    study: Study
    sure: Sureness | None
    begun: bool
    headline: str
    said: str
    size: str
    figures: list[Kpi]
    places: Places
    capacity: Maker
    capex: Maker
    money: Maker
    ranked: str


def screen() -> Screen:
    """Work out what follows a driver, and begin the paths where they are not known."""
    scenario, study = state.scenario(), state.current()
    sure, begun = sure_state.known(scenario), sure_state.begin(scenario)
    capacity = cache(lambda: small(overview.capacity_by_year(study), HEIGHT))
    capex = cache(lambda: small(overview.capex_by_year(study), HEIGHT))
    money = overview_cards.money_maker(study, scenario, HEIGHT)
    for make in (capacity, capex, money):
        make()
    return Screen(
        scenario=scenario,
        study=study,
        sure=sure,
        begun=begun,
        headline=findings.headline(study),
        said=overview_cards.insight_text(study, sure),
        size=findings.size_sentence(study) + widgets.moved(),
        figures=kpis.portfolio_kpis(study, state.approved()),
        places=overview_cards.places(study, HEIGHT),
        capacity=capacity,
        capex=capex,
        money=money,
        ranked=overview_cards.ranks(study, sure),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Where the page shows it."""

    headline: DeltaGenerator
    said: DeltaGenerator
    figures: DeltaGenerator
    places: DeltaGenerator
    capacity: DeltaGenerator
    capex: DeltaGenerator
    money: DeltaGenerator
    ranked: DeltaGenerator
    size: DeltaGenerator

    def show(self, one: Screen) -> None:
        """Show everything that follows a driver."""
        self.headline.header(one.headline, anchor=False)
        self.said.html(one.said)
        with self.figures.container():
            widgets.kpi_row(one.figures)
        overview_cards.fill_map(self.places, one.study, one.places)
        fill(self.capacity, one.capacity(), "capacity")
        fill(self.capex, one.capex(), "capex")
        fill(self.money, one.money(), "cash")
        self.ranked.html(one.ranked)
        self.size.caption(one.size)

    def surer(self, one: Screen, words: Callable[[str], object]) -> None:
        """Show what rests on sampled paths: on a few first, unless all of them are quick.

        What decides is found last, and said last.
        """
        for paths in sure_state.stages():
            found = sure_state.sureness(one.scenario, paths, sure_state.yielding(words))
            fill(self.money, overview_cards.money(one.study, found, HEIGHT), "cash")
            self.ranked.html(overview_cards.ranks(one.study, found))
            self.said.html(overview_cards.insight_text(one.study, found))
