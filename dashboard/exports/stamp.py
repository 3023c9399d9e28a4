"""What every exported file says of itself: which case, which data, which day, which sources."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from dashboard.charts.study import Study
from dashboard.link import query_of
from data.catalog import Catalog
from data.provenance import Fact
from data.scenario_notes import Note
from forecasts.outlook import outlook
from forecasts.plan import data_fact
from forecasts.scenario import QUANTITIES

APP = "http://127.0.0.1:8501"
"""Where the app answers when nothing else is said."""

LICENCE = "Figures of third parties remain theirs; cite them by the sources stated with each."
"""What a reader may do with the figures."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One source with the number of rows it stands for.

    Attributes
    ----------
    publisher, url, date, grade : str
        As in the tables.
    rows : int
        Rows of this case that rest on it.
    """

    publisher: str
    url: str
    date: str
    grade: str
    rows: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes an export traceable.

    Attributes
    ----------
    scenario, scenario_hash, description, data_version : str
        The case and the tables behind it.
    made : date
        The declared day of the file: the only thing that differs between two exports of a case.
    link : str
        Address that reopens exactly this case; empty when the case is too long for one.
    sources : tuple of Cited
        Every source behind the case, most used first.
    notes : tuple of Note
        What people noted on assumptions of the saved scenario behind it.
    """

    scenario: str
    scenario_hash: str
    description: str
    data_version: str
    made: dt.date
    link: str
    sources: tuple[Cited, ...]
    notes: tuple[Note, ...] = ()

    @property
    def line(self) -> str:
        """The stamp in one line, for a footer."""
        return (
            f"Rackcast, scenario {self.scenario} ({self.scenario_hash}), "
            f"data {self.data_version}, {self.made:%d %B %Y}"
        )


def stamp_of(study: Study, catalog: Catalog, made: dt.date, app: str = APP) -> Stamp:
    """Return the stamp of a case.

    Parameters
    ----------
    study : Study
        The case.
    catalog : Catalog
        The tables it was made from.
    made : date
        Day to declare.
    app : str
        Address of the app that the link opens.
    """
    plan = study.result.plan
    scenario = plan.scenario
    query = query_of(scenario)
    link = app if query == {} else "" if query is None else f"{app}/?{urlencode(query)}"
    return Stamp(
        scenario=scenario.name,
        scenario_hash=scenario.hash,
        description=scenario.description,
        data_version=plan.data_version,
        made=made,
        link=link,
        sources=cited(facts_behind(study, catalog)),
    )


def facts_behind(study: Study, catalog: Catalog) -> list[Fact]:
    """List every table row behind a case: its series, its sites, its assumptions as given."""
    plan = study.result.plan
    known = outlook(catalog, plan.scenario.follows)
    found = [fact for one in known.histories.values() for fact in one.facts]
    stated = plan.scenario.stated()
    for site in plan.sites:
        for name, quantity in QUANTITIES.items():
            fact = plan.facts.get((site.key, name))
            own = name in stated or name in plan.scenario.sites.get(site.key, {})
            if fact is None and not own:
                fact = data_fact(catalog, quantity, site)
            if fact is not None:
                found.append(fact)
    return list({fact.place: fact for fact in found}.values())


def cited(facts: Sequence[Fact]) -> tuple[Cited, ...]:
    """Count the sources of some rows, most used first."""
    counted: dict[tuple[str, str, str, str], int] = {}
    for fact in facts:
        one = fact.source
        key = (one.publisher, one.url, one.date, str(one.confidence))
        counted[key] = counted.get(key, 0) + 1
    ordered = sorted(counted.items(), key=lambda held: (-held[1], held[0]))
    return tuple(Cited(*key, rows) for key, rows in ordered)
