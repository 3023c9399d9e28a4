"""Scenario files, read and written, and data folders: what a person hands in."""

import difflib
from pathlib import Path

import yaml

from dashboard.strict_yaml import StrictLoader
from data.catalog import Catalog, bundled, load
from data.problems import Problem, RefusedError
from data.scenario_notes import Note, notes_of
from forecasts.presets import PRESETS, preset
from forecasts.reading import scenario_from
from forecasts.scenario import Scenario
from forecasts.stated import is_stated

LARGEST_SCENARIO = 1_000_000
"""Bytes; a scenario file is a page of text."""

MOST_VALUES = 100_000
"""Values of a file once its aliases are written out."""


def read_scenario(named: str) -> Scenario:
    """Return a preset or a saved scenario by name, or the scenario of a YAML file.

    Raises
    ------
    RefusedError
        If there is neither, or the file holds mistakes; all of them are named.
    """
    if named in PRESETS:
        return preset(named)
    path = Path(named)
    if not path.is_file():
        return _saved(named)
    with path.open("rb") as file:
        held = parsed(path.name, file.read(LARGEST_SCENARIO + 1))
    return scenario_of(held, path.name)


def scenario_of(held: object, place: str) -> Scenario:
    """Return the scenario that a file, or a request in its form, holds.

    Raises
    ------
    RefusedError
        If it holds mistakes, or projects stated whole.
    """
    if is_stated(held):
        expected = "a scenario of factories; projects stated whole know neither register nor paths"
        fix = "use `rackcast project` or `rackcast check`"
        raise RefusedError([Problem(place, "kind: stated", expected, fix)])
    return scenario_from(held, place)


def named_scenario(name: str) -> Scenario:
    """Return a preset or a saved scenario; never a file.

    Raises
    ------
    RefusedError
        If there is none of that name.
    """
    return preset(name) if name in PRESETS else _saved(name)


def write_scenario(out: Path, scenario: Scenario) -> None:
    """Write a scenario as a file that every command takes.

    Raises
    ------
    RefusedError
        If the file cannot be written.
    """
    try:
        out.write_text(yaml.safe_dump(scenario.stated(), sort_keys=False), "utf-8")
    except OSError as error:
        found = error.strerror or "it cannot be written"
        raise RefusedError(
            [Problem(str(out), found, "a file that can be written", "choose another place")]
        ) from error


def _saved(named: str) -> Scenario:
    """Return a scenario saved in the store in use, with all it inherits."""
    from data.store_opening import address, exists

    known = list(PRESETS)
    if exists(address()):
        from data.scenario_store import resolved, scenarios
        from data.store import open_store

        with open_store() as store:
            own = [one.name for one in scenarios(store, store.operator())]
            if named in own:
                held = resolved(store, store.operator(), named)
                return scenario_from(held | {"name": named}, named)
        known += own
    near = difflib.get_close_matches(named, known, n=1)
    fix = f"did you mean {near[0]!r}?" if near else "check the name"
    expected = f"one of {', '.join(PRESETS)}, a saved scenario, or a YAML file"
    raise RefusedError([Problem("scenario", repr(named), expected, fix)])


def read_notes(named: str) -> tuple[Note, ...]:
    """Return the notes on assumptions of a scenario saved in the store; none for any other."""
    from data.store_opening import address, exists

    if named in PRESETS or Path(named).is_file() or not exists(address()):
        return ()
    from data.scenario_store import history, scenarios
    from data.store import open_store

    with open_store() as store:
        who = store.operator()
        known = {one.name for one in scenarios(store, who)}
        return notes_of(history(store, who, named)) if named in known else ()


def read_stated(named: str) -> tuple[object, str] | None:
    """Return what a file of stated projects holds, and its name; None for any other scenario."""
    path = Path(named)
    if named in PRESETS or not path.is_file():
        return None
    with path.open("rb") as file:
        held = parsed(path.name, file.read(LARGEST_SCENARIO + 1))
    return (held, path.name) if is_stated(held) else None


def stated_in(name: str, content: bytes) -> dict[str, object]:
    """Return what a scenario file states, once it is known to be a scenario.

    Raises
    ------
    RefusedError
        If the file holds mistakes; all of them are named.
    """
    stated = parsed(name, content)
    scenario_from(stated, name)
    return {str(key): value for key, value in stated.items()} if isinstance(stated, dict) else {}


def parsed(name: str, content: bytes) -> object:
    """Return what a YAML file holds, or refuse it with the place of the mistake."""
    if len(content) > LARGEST_SCENARIO:
        found = f"more than {LARGEST_SCENARIO:,} bytes"
        raise RefusedError([Problem(name, found, "a page of text", "shorten it")])
    try:
        held = yaml.load(content.decode("utf-8"), StrictLoader) or {}
    except UnicodeDecodeError as error:
        raise RefusedError(
            [Problem(name, f"byte {error.start} is not UTF-8", "UTF-8 text", "save it so")]
        ) from error
    except RecursionError as error:
        expected = "assumptions as `name: value`, one a line"
        raise RefusedError([Problem(name, "nested too deeply", expected, "flatten it")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name} line {mark.line + 1}" if mark else name
        found = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise RefusedError(
            [Problem(place, found, "YAML: `name: value`, one a line", "correct the line")]
        ) from error
    if held == {}:
        fix = "write an assumption, or use the preset base"
        raise RefusedError([Problem(name, "nothing", "assumptions as `name: value`", fix)])
    if _too_many(held):
        found = f"more than {MOST_VALUES:,} values, aliases written out"
        raise RefusedError([Problem(name, found, "a page of assumptions", "write less")])
    return held


def _too_many(held: object) -> bool:
    """Whether writing out every alias makes more values than a scenario can mean."""
    waiting, count = [held], 0
    while waiting and count <= MOST_VALUES:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return count > MOST_VALUES


def read_catalog(folder: Path | None) -> Catalog:
    """Return the tables of a folder, or the data in force when none is named."""
    if folder is None:
        return _in_force()
    if not folder.is_dir():
        expected = "a folder of tables"
        raise RefusedError([Problem("--data", repr(str(folder)), expected, "check the name")])
    return load(folder)


def _in_force() -> Catalog:
    """Return the bundled tables, with what was accepted in the store laid over them."""
    from data.store_opening import address, exists

    if not exists(address()):
        return bundled()
    from data.catalog_store import in_force
    from data.store import open_store

    with open_store() as store:
        return in_force(store, store.operator())
