"""Changes against a scenario: applied to it, found between two, and written in a link.

A key is an assumption (`pue`), one of a factory alone (`romania.pue`), the phases entered for a
factory (`romania.phases`), the forward curve of its currency (`romania.fx_curve`), or a term of the
whole model (`start`, `months`, `factories`, `follows`).
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from pydantic import ValidationError

from dashboard.link_values import CURVE as CURVE
from dashboard.link_values import DATA, READERS, WRITTEN
from dashboard.link_values import PHASES as PHASES
from data.catalog import Catalog
from data.problems import RefusedError, named_again
from forecasts.entered import EnteredPhase
from forecasts.plan import compile_plan
from forecasts.quantities import Quantity
from forecasts.scenario import QUANTITIES, Scenario

Changes = Mapping[str, object]

OF_FACTORY = (PHASES, CURVE)

TERMS = ("start", "months", "factories", "follows")
"""Fields of the scenario that are no assumption but can be changed."""

COUNTED = tuple(name for name, one in QUANTITIES.items() if one.whole)
"""Assumptions of which only whole numbers make sense, for all factories too."""

LONGEST = 40
"""Characters of a wrong text that are repeated."""


def applied(parent: Scenario, changes: Changes, **named: str) -> Scenario:
    """Return a scenario with changes applied; None takes a value back from the tables.

    Raises
    ------
    ValidationError
        If the scenario does not take one of them.
    """
    whole: dict[str, object] = {}
    sites = {key: dict(own) for key, own in parent.sites.items()}
    phases: dict[str, object] = dict(parent.phases)
    curves: dict[str, object] = dict(parent.fx_curves)
    for key, value in changes.items():
        site, _, name = key.rpartition(".")
        if not site:
            whole[name] = value
        elif name == PHASES:
            phases[site] = value
        elif name == CURVE:
            curves[site] = value
        elif value is None:
            sites.get(site, {}).pop(name, None)
        else:
            sites.setdefault(site, {})[name] = float(str(value))
    held = {key: own for key, own in sites.items() if own}
    own = {"phases": phases, "fx_curves": curves}
    kept = {field: {key: one for key, one in by.items() if one} for field, by in own.items()}
    return parent.having(**{**whole, **named, "sites": held, **kept})


def between(parent: Scenario, child: Scenario) -> dict[str, object]:
    """Return the changes that make one scenario the other; names and descriptions aside."""
    found: dict[str, object] = {
        name: getattr(child, name)
        for name in QUANTITIES
        if getattr(child, name) != getattr(parent, name)
    }
    for name in TERMS:
        if getattr(child, name) != getattr(parent, name):
            value = getattr(child, name)
            found[name] = value.isoformat() if isinstance(value, dt.date) else value
    for site in dict.fromkeys([*parent.sites, *child.sites]):
        before, after = parent.sites.get(site, {}), child.sites.get(site, {})
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                found[f"{site}.{name}"] = after.get(name)
    return found | _between_factories(parent, child)


def _between_factories(parent: Scenario, child: Scenario) -> dict[str, object]:
    """Changes of entered phases and forward curves."""
    found: dict[str, object] = {}
    for site in dict.fromkeys([*parent.phases, *child.phases]):
        if parent.phases.get(site, ()) != child.phases.get(site, ()):
            found[f"{site}.{PHASES}"] = entered(child.phases.get(site, ()))
    for site in dict.fromkeys([*parent.fx_curves, *child.fx_curves]):
        if parent.fx_curves.get(site) != child.fx_curves.get(site):
            found[f"{site}.{CURVE}"] = dict(child.fx_curves.get(site, {}))
    return found


def entered(phases: Sequence[EnteredPhase]) -> tuple[dict[str, object], ...]:
    """Return entered phases as plain data."""
    return tuple(one.model_dump(mode="json") for one in phases)


def stated_form(changes: Changes, child: Scenario) -> dict[str, object]:
    """Return changes as a scenario file states them: `sites` by factory, `phases` whole."""
    found: dict[str, object] = {}
    sites: dict[str, dict[str, object]] = {}
    for key, value in changes.items():
        site, _, name = key.rpartition(".")
        if name == PHASES:
            found[PHASES] = {place: list(entered(own)) for place, own in child.phases.items()}
        elif name == CURVE:
            found["fx_curves"] = {place: dict(own) for place, own in child.fx_curves.items()}
        elif site:
            sites.setdefault(site, {})[name] = value
        else:
            found[name] = list(value) if isinstance(value, tuple) else value
    return found | ({"sites": sites} if sites else {})


def fits(scenario: Scenario, catalog: Catalog) -> bool:
    """Whether the tables hold all a scenario names, and factories and counts keep the limits."""
    shared = [(name, getattr(scenario, name)) for name in COUNTED]
    own = [pair for site in scenario.sites.values() for pair in site.items()]
    own += [pair for pair in shared if pair[1] is not None]
    if not all(name in QUANTITIES and _within(QUANTITIES[name], value) for name, value in own):
        return False
    try:
        compile_plan(scenario, catalog)
    except RefusedError:
        return False
    return True


def _within(quantity: Quantity, value: float) -> bool:
    whole = not quantity.whole or float(value).is_integer()
    return quantity.within(value) and whole


def taken(parent: Scenario, changes: Changes, catalog: Catalog) -> bool:
    """Whether a scenario takes changes; the one truth is the scenario itself."""
    try:
        return fits(applied(parent, changes), catalog)
    except (ValidationError, OverflowError, ValueError):
        return False


def text_of(value: object) -> str:
    """Write one change for a link.

    Examples
    --------
    >>> text_of(0.7), text_of(None), text_of(("malaysia", "belgium"))
    ('0.7', 'data', 'malaysia,belgium')
    >>> text_of(({"decision": "2027-06-01", "racks": 64, "energised": None, "rack_model": None},))
    '2027-06~64'
    """
    if value is None:
        return DATA
    if isinstance(value, Mapping):
        return ",".join(_tie_text(str(key), str(one)) for key, one in value.items()) or DATA
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(one if isinstance(one, str) else _phase_text(one) for one in value) or DATA
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _tie_text(key: str, name: str) -> str:
    return f"{quote(key, safe='')}~{quote(name, safe='')}"


def _phase_text(phase: Mapping[str, object]) -> str:
    months = [str(phase[name] or "")[:7] for name in ("decision", "energised")]
    parts = [months[0], str(phase["racks"]), months[1], str(phase["rack_model"] or "")]
    return "~".join(parts).rstrip("~")


def read(
    given: Mapping[str, str], parent: Scenario, catalog: Catalog
) -> tuple[dict[str, object], list[str]]:
    """Read changes from a link; return those that can be used, and what is wrong with others."""
    found: dict[str, object] = {}
    problems: list[str] = []
    factories = set(catalog.tables["factories"]["factory"])
    for key, text in given.items():
        try:
            found[key] = _value(key, text, factories)
        except ValueError as wrong:
            problems.append(str(wrong))
    if taken(parent, found, catalog):
        return found, problems
    return _one_by_one(found, parent, catalog, problems)


def _one_by_one(
    found: Changes, parent: Scenario, catalog: Catalog, problems: list[str]
) -> tuple[dict[str, object], list[str]]:
    """Keep what the scenario takes; a second round, since some values only fit together."""
    kept: dict[str, object] = {}
    for _ in range(2):
        for key, value in found.items():
            if key not in kept and taken(parent, {**kept, key: value}, catalog):
                kept[key] = value
    left = [_outside(key, value) for key, value in found.items() if key not in kept]
    return kept, [*problems, *left]


def _outside(key: str, value: object) -> str:
    quantity = QUANTITIES.get(key.rpartition(".")[2])
    shown = text_of(value)[:LONGEST]
    if key == "factories" and (again := named_again(key, value)):
        return f"{label(key)}: {again[0].value}; {again[0].fix}"
    if quantity is None or not isinstance(value, int | float):
        return f"{label(key)}: {shown!r} does not fit this scenario"
    low, high = (round(end * quantity.unit.scale, 10) for end in (quantity.low, quantity.high))
    now = round(value * quantity.unit.scale, 10)
    if quantity.within(value) and not _within(quantity, value):
        return f"{label(key)}: {shown!r} is no whole number; round it"
    if quantity.within(value) or low < now < high:
        return f"{label(key)}: {shown!r} does not fit with the other values"
    least = f"above {low:g} up" if quantity.above else f"{low:g}"
    return f"{label(key)}: {shown!r} lies outside {least} to {high:g}"


def label(key: str) -> str:
    """Return how a change is called on screen.

    Examples
    --------
    >>> label("gpu_hour_price"), label("south_africa.pue"), label("romania.phases")
    ('GPU hour price', 'South africa: PUE', 'Romania: entered phases')
    """
    site, _, name = key.rpartition(".")
    where = f"{site.replace('_', ' ').capitalize()}: " if site else ""
    quantity = QUANTITIES.get(name)
    if quantity is not None:
        return where + quantity.label
    if name == PHASES:
        return f"{where}entered phases"
    if name == CURVE:
        return f"{where}forward curve of the currency"
    if name == "follows":
        return "Own series followed"
    return where + name.replace("_", " ").capitalize()


def _value(key: str, text: str, factories: set[str]) -> object:
    """Read one change.

    Raises
    ------
    ValueError
        Saying what is wrong with it, for the reader of the link.
    """
    site, _, name = key.rpartition(".")
    if site and site not in factories:
        raise ValueError(f"{key[:LONGEST]!r}: there is no such factory")
    if name in QUANTITIES:
        return _number(QUANTITIES[name], key, text)
    reader = READERS.get(name)
    if reader is None or (name in OF_FACTORY) != bool(site):
        raise ValueError(f"{key[:LONGEST]!r}: not an assumption")
    try:
        return reader(text)
    except (ValueError, IndexError):
        raise ValueError(
            f"{label(key)}: {text[:LONGEST]!r} cannot be read; write it as {WRITTEN[name]}"
        ) from None


def _number(quantity: Quantity, key: str, text: str) -> float | None:
    if text == DATA and (quantity.default is None or "." in key):
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{label(key)}: {text[:20]!r} is not a number") from None
    return typed(quantity, value)


def typed(quantity: Quantity, value: float) -> float:
    """Return a value as the scenario holds it: whole where only whole numbers make sense."""
    return int(value) if quantity.whole and float(value).is_integer() else value


def told(changes: Changes, parent: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield label, value before and value now of every change, as written on screen."""
    for key, value in changes.items():
        site, _, name = key.rpartition(".")
        own = {PHASES: parent.phases.get(site, ()), CURVE: parent.fx_curves.get(site, {})}
        before = own[name] if name in own else getattr(parent, name)
        if site and name not in own:
            before = parent.sites.get(site, {}).get(name, before)
        yield label(key), shown(name, before), shown(name, value)


def shown(name: str, value: object) -> str:
    """Write a value with its unit; what comes from the tables is said to."""
    quantity = QUANTITIES.get(name)
    if name == CURVE and isinstance(value, Mapping):
        return ", ".join(f"{year}: {one:.10g}" for year, one in value.items()) or "none"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} follows {one}" for key, one in value.items()) or "nothing"
    if value is None or value == ():
        return "planned" if name == PHASES else "each site's own" if quantity else "all"
    if name == PHASES and isinstance(value, Sequence):
        return f"{len(value)} phase{'s' * (len(value) > 1)} entered"
    if quantity is None or not isinstance(value, int | float):
        return text_of(value)
    return f"{round(value * quantity.unit.scale, 10):,.10g} {quantity.unit.text}".strip()
