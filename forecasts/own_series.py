"""Users' own series: histories like the others, and which series of the model follows one."""

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from data.catalog import Catalog
from data.problems import Problem, RefusedError
from data.provenance import Fact
from forecasts.series_grid import History, history_of_points, month_of, period_in, seen

OWN: Final = "own_"
"""Beginning of the key of a user's own series."""

DRIVERS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"ai_capex", "", "growth of AI spending"),
    (r"gpu_hour_price", "", "how the market price of a GPU generation falls"),
    (r"power_[A-Z]{3}", "", "how the power price of a country moves"),
    (r"capacity_[A-Z]{3}", "MW", "data-centre capacity of a country, whose level counts"),
)
"""Series of the model that may follow another: pattern of the key, the unit where the level counts
(any unit where only growth does), and what they are."""


KEYS: Final = "ai_capex, gpu_hour_price, power_XXX or capacity_XXX (XXX: country code)"
"""What a link or a tie may name, in words."""


def with_own(found: Mapping[str, History], catalog: Catalog) -> dict[str, History]:
    """Return all series: those of the model, users' own, and what follows one of these.

    Parameters
    ----------
    found : mapping of str to History
        Series out of the model's own tables.
    catalog : Catalog
        Tables `own_series` and `series_links`.

    Raises
    ------
    RefusedError
        If a link names a series or driver that is not there, or a unit does not fit.
    """
    own = own_histories(catalog)
    _no_loose_links(catalog, own)
    linked: dict[str, History] = {}
    problems: list[Problem] = []
    for driver, name, fact in _links(catalog):
        unit = next((unit for pattern, unit, _ in DRIVERS if re.fullmatch(pattern, driver)), "")
        follows = own[name]
        misfit = _misfit(follows, name, unit, fact.place)
        if misfit is not None:
            problems.append(misfit)
            continue
        before = found.get(driver)
        drives = before.drives if before else _meaning(driver)
        linked[driver] = replace(
            follows,
            key=driver,
            title=f"{before.title if before else driver}, following {name}",
            drives=drives,
        )
    if problems:
        raise RefusedError(problems)
    driven = {
        name: before
        for before, _, name in (
            follows.title.rpartition(", following ") for follows in linked.values()
        )
    }
    named = {
        history.key: replace(history, drives=f"{driven[name]}, which follows it.")
        if name in driven
        else history
        for name, history in own.items()
    }
    return {**found, **linked, **named}


def _misfit(follows: History, name: str, unit: str, place: str) -> Problem | None:
    """Return why a series cannot stand for one whose level counts in a unit; None where it can."""
    if unit and follows.unit != unit:
        fix = f"convert the series {name!r} to {unit}"
        return Problem(place, f"a series in {follows.unit}", unit, fix)
    lowest = float(np.min(follows.values))
    if unit and lowest < 0:
        fix = f"correct the series {name!r}"
        return Problem(place, f"a series that holds {lowest:g}", f"0 {unit} or more", fix)
    return None


def tied(catalog: Catalog, follows: Mapping[str, str]) -> Catalog:
    """Return tables with what a scenario lets series of the model follow; the same for none.

    Parameters
    ----------
    catalog : Catalog
        Tables in force.
    follows : mapping of str to str
        Name of an own series by key of a series of the model, as `Scenario.follows`.
    """
    if not follows:
        return catalog
    import pandas as pd

    from data.catalog_merging import changed_catalog

    proof = {"unit": "text", "source": "The scenario", "confidence": "assumption"}
    notes = {"date": "", "url": "", "notes": "Tied in the scenario."}
    rows = [{"driver": key, "text": name} | proof | notes for key, name in sorted(follows.items())]
    links = catalog.tables["series_links"]
    kept = links[~links["driver"].isin(list(follows))]
    added = pd.DataFrame(rows).reindex(columns=links.columns)
    both = pd.concat([kept, added], ignore_index=True) if len(kept) else added
    mark = hashlib.sha256(repr(sorted(follows.items())).encode()).hexdigest()[:12]
    version = f"{catalog.version}+{mark}"
    return changed_catalog(catalog, {**catalog.tables, "series_links": both}, version)


def tie_problems(catalog: Catalog, follows: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with what a scenario lets series of the model follow."""
    own = own_histories(catalog) if follows else {}
    for key, name in follows.items():
        place = f"follows.{key}"
        pattern = next((one for one in DRIVERS if re.fullmatch(one[0], key)), None)
        if pattern is None:
            yield Problem(place, repr(key), KEYS, "correct the key")
        elif name not in own:
            known = ", ".join(list(own)[:8]) or "none yet: add rows to own_series first"
            yield Problem(place, f"series {name!r}", known, "correct the name")
        else:
            misfit = _misfit(own[name], name, pattern[1], place)
            if misfit is not None:
                yield misfit


def own_histories(catalog: Catalog) -> dict[str, History]:
    """Return users' own series by the name they gave them."""
    names = dict.fromkeys(str(name) for name in catalog.tables["own_series"]["series"])
    rows = {name: seen(catalog.facts("own_series", series=name)) for name in names}
    problems = [
        Problem(f"own_series, {name}", ", ".join(sorted(units)), "one unit", "convert the values")
        for name, facts in rows.items()
        if len(units := {fact.unit for fact in facts}) > 1
    ]
    if problems:
        raise RefusedError(problems)
    made = {name: _history(name, facts) for name, facts in rows.items()}
    return {name: history for name, history in made.items() if history is not None}


def _history(name: str, facts: list[Fact]) -> History | None:
    """Return one series; the days of a month count as one observation, their mean."""
    periods = [fact.place.rpartition(", ")[2].rstrip("]") for fact in facts]
    by_month: dict[int, list[Fact]] = {}
    for period, fact in zip(periods, facts, strict=True):
        by_month.setdefault(month_of(_plain(period)), []).append(fact)
    dated = [
        (month, math.fsum(fact.value or 0.0 for fact in own) / len(own), tuple(own))
        for month, own in by_month.items()
    ]
    drives = "Nothing until it is tied to a series of the model, on page Upload."
    return history_of_points(OWN + name, name, drives, frequency(periods), dated)


def _plain(period: str) -> str:
    """Return a period without what month_of does not read: `FY`, and the first of two months."""
    return period.removeprefix("FY").partition("_")[2] or period.removeprefix("FY")


def frequency(periods: list[str]) -> str:
    """Return the step of a series: M, Q or A, by how its periods are written.

    Examples
    --------
    >>> frequency(["2024Q1", "2024Q2"]), frequency(["2024-01", "2024-02"]), frequency(["2024"])
    ('Q', 'M', 'A')
    """
    if all("Q" in period for period in periods):
        return "Q"
    monthly = re.compile(r"\d{4}-\d{2}(-\d{2})?")
    return "M" if all(monthly.fullmatch(period) for period in periods) else "A"


def _links(catalog: Catalog) -> list[tuple[str, str, Fact]]:
    return [(period_in(fact, 0), fact.text, fact) for fact in catalog.facts("series_links")]


def _meaning(driver: str) -> str:
    meant = next(text for pattern, _, text in DRIVERS if re.fullmatch(pattern, driver))
    return f"It stands for {meant}."


def _no_loose_links(catalog: Catalog, own: Mapping[str, History]) -> None:
    """Refuse links to or from something that is not there."""
    problems = []
    for driver, name, fact in _links(catalog):
        if not any(re.fullmatch(pattern, driver) for pattern, _, _ in DRIVERS):
            problems.append(Problem(fact.place, repr(driver), KEYS, "correct the driver"))
        if name not in own:
            known = ", ".join(list(own)[:8]) or "none yet: add rows to own_series first"
            problems.append(Problem(fact.place, f"series {name!r}", known, "correct the text"))
    if problems:
        raise RefusedError(problems)
