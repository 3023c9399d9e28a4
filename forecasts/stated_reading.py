"""A file of stated projects out of a mapping that a person wrote: every mistake named at once."""

import json
import types
import typing
from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from data.problems import Problem, RefusedError
from forecasts.stated_links import broken_links, nearest
from forecasts.stated_schema import StatedFile
from forecasts.units import Unit

NOT_INHERITED = ("description", "expected")
"""Keys of a project that one built `like` it does not take over."""

Table = dict[str, object]


def stated_file(stated: object, place: str) -> StatedFile:
    """Read and check a file of stated projects.

    Parameters
    ----------
    stated : object
        What the file holds.
    place : str
        The file's name, for messages.

    Raises
    ------
    RefusedError
        With every unknown key, wrong type, value out of range, and name that leads nowhere.
    """
    if not isinstance(stated, Mapping):
        expected = "blocks as `name: value`, beginning with `kind: stated`"
        fix = "see docs/stated-projects.md"
        raise RefusedError([Problem(place, type(stated).__name__, expected, fix)])
    whole, problems = _filled(_texts(stated), place)
    try:
        file = StatedFile.model_validate_json(json.dumps(whole, default=str))
    except ValidationError as invalid:
        problems += _named(invalid.errors(), whole, place)
        raise RefusedError(problems) from invalid
    problems += broken_links(file, place)
    if problems:
        raise RefusedError(problems)
    return file


def _texts(mapping: Mapping[object, object]) -> Table:
    """Copy mappings with keys as texts: YAML reads a year as a number."""

    def copied(value: object) -> object:
        if isinstance(value, Mapping):
            return _texts(value)
        return [copied(item) for item in value] if isinstance(value, list) else value

    return {str(key): copied(value) for key, value in mapping.items()}


def _filled(stated: Table, place: str) -> tuple[Table, list[Problem]]:
    """Give each project what it shares with the one it is `like`."""
    projects = stated.get("projects")
    if not isinstance(projects, dict):
        return stated, []
    problems: list[Problem] = []
    done: Table = {}
    for name, project in projects.items():
        done[name] = project
        parent = project.get("like") if isinstance(project, dict) else None
        if parent is None:
            continue
        shared = done.get(str(parent)) if parent != name else None
        if not isinstance(shared, dict):
            fix = nearest(str(parent), [other for other in done if other != name])
            path = f"{place}: projects.{name}.like"
            problems.append(Problem(path, repr(parent), "a project further up", fix))
            continue
        kept = {key: value for key, value in shared.items() if key not in NOT_INHERITED}
        done[name] = _merged(kept, project)
    return stated | {"projects": done}, problems


def _merged(base: Table, changes: Table) -> Table:
    """Lay changes over a base, mapping by mapping; a null removes a key."""
    merged = dict(base)
    for key, value in changes.items():
        under = merged.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            merged[key] = _merged(under, value)
        elif value is None:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def _named(errors: list[ErrorDetails], whole: Table, place: str) -> list[Problem]:
    """Name every error; one that a project only inherited is named where it was written."""
    seen: set[tuple[object, ...]] = set()
    problems = []
    for error in errors:
        path = tuple(str(part) for part in error["loc"])
        inner = (path[2:], error["type"], str(error["input"]))
        inherits = len(path) > 2 and _at(whole, (*path[:2], "like")) is not None
        if inherits and inner in seen:
            continue
        seen.add(inner)
        problems.append(_problem(error, path, place))
    return problems


def _at(value: object, path: tuple[str, ...]) -> object:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _problem(error: ErrorDetails, path: tuple[str, ...], place: str) -> Problem:
    where = f"{place}: {'.'.join(path)}" if path else place
    value, kind = error["input"], error["type"]
    if kind == "extra_forbidden":
        model = _model(path[:-1])
        known = list(model.model_fields) if model else []
        block = model.__name__ if model else "this block"
        return Problem(where, "an unknown key", f"a key of {block}", nearest(path[-1], known))
    field = _field(path)
    if kind == "missing":
        help_text = (field.description or "") if field else ""
        return Problem(where, "nothing", help_text.rstrip(".") or "a value", "add the key")
    if kind == "value_error":
        return Problem(where, _short(value), error["msg"].removeprefix("Value error, "), "mend it")
    if kind == "literal_error":
        known = str(error.get("ctx", {}).get("expected", "")).replace("'", "").split(", ")
        known = [name for part in known for name in part.split(" or ")]
        fix = nearest(str(value), known)
        return Problem(where, repr(value), f"one of {', '.join(known)}", fix)
    unit = _unit(field)
    return Problem(where, _short(value), _expectation(error, unit), _fix(value, unit))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _expectation(error: ErrorDetails, unit: Unit | None) -> str:
    text = error["msg"].removeprefix("Input should be ")
    return f"{text} ({unit.text})" if unit and unit.text else text


def _fix(value: object, unit: Unit | None) -> str:
    if isinstance(value, str):
        if _is_number(value):
            return "write it without quotes, with a point and no exponent: 1000000 or 1_000_000"
        return "write digits and a point; the unit belongs to the key"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and unit is not None and unit.scale == 100 and 1 < abs(float(str(value))) <= 100:
        return f"write shares as fractions: {float(str(value)) / 100:g} for {value:g} %"
    return "choose a value in that range" if number else "correct it"


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _field(path: tuple[str, ...]) -> FieldInfo | None:
    model = _model(path[:-1])
    if model is None:  # inside a list or a named line: the field that holds it
        return _field(path[:-1]) if len(path) > 1 else None
    return model.model_fields.get(path[-1])


def _unit(field: FieldInfo | None) -> Unit | None:
    if field is None:
        return None
    return next((found for found in _units(field.annotation, field.metadata)), None)


def _units(annotation: object, metadata: list[object]) -> Iterator[Unit]:
    yield from (one for one in metadata if isinstance(one, Unit))
    yield from (one for one in getattr(annotation, "__metadata__", ()) if isinstance(one, Unit))
    for inner in typing.get_args(annotation):
        yield from _units(inner, [])


def _model(path: tuple[str, ...]) -> type[BaseModel] | None:
    """Model that stands at a path of the file; None when that is no block."""
    here: object = StatedFile
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(part)
            here = _block_in(field.annotation) if field else None
        else:
            inner = typing.get_args(here)
            if not inner:
                return None
            here = _block_in(inner[1] if typing.get_origin(here) is dict else inner[0])
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _block_in(annotation: object) -> object:
    """Unwrap optional and annotated types."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _block_in(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        named = [one for one in typing.get_args(annotation) if one is not type(None)]
        return _block_in(named[0])
    return annotation
