"""A scenario out of a mapping that a person wrote: every mistake named at once."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from unicodedata import category

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data.problems import Problem, RefusedError, named_again
from forecasts.beliefs import belief_problems
from forecasts.entered import EnteredPhase
from forecasts.presets import PRESETS, preset
from forecasts.quantities import Quantity
from forecasts.scenario import QUANTITIES, Scenario

LONGEST = 60
"""Characters of a wrong value that are repeated."""

MOST_UNKNOWN = 200
"""Unknown keys named one by one: the nearest name of each takes a millisecond to find."""

LARGEST_WHOLE = 10**300
"""Whole numbers beyond it fit no float."""

PLAIN: dict[str, tuple[str, str]] = {
    "date_type": ("a date as 2027-01-01", "write year, month and day"),
    "date_parsing": ("a date as 2027-01-01", "write year, month and day"),
    "date_from_datetime_parsing": ("a date as 2027-01-01", "write year, month and day"),
    "greater_than_equal": ("at least {ge}", "choose a value in that range"),
    "greater_than": ("more than {gt}", "choose a value in that range"),
    "less_than_equal": ("at most {le}", "choose a value in that range"),
    "date_from_datetime_inexact": ("a date without a time", "write 2027-01-01"),
    "int_from_float": ("a whole number", "round it"),
    "dict_type": ("a block of `name: value`", "indent it under the key"),
    "model_type": ("a block of `name: value`", "write its keys one a line"),
    "missing": ("a value", "add the key"),
    "too_short": ("at least {min_length} of them", "add one, or leave the key out"),
    "too_long": ("at most {max_length} of them", "leave some out"),
    "float_type": ("a number", "write digits and a point"),
    "float_parsing": ("a number", "write digits and a point"),
    "int_type": ("a whole number", "write digits"),
    "int_parsing": ("a whole number", "write digits"),
    "string_type": ("a text", "put it in quotes"),
    "string_too_long": ("at most {max_length} characters", "shorten it"),
    "string_too_short": ("a text that is not empty", "write one"),
    "value_error": ("shares that add up to at most 1", "lower one of them"),
    "literal_error": ("{expected}", "use one of these"),
    "bool_type": ("true or false", "write one of these"),
    "finite_number": ("a finite number", "write digits and a point"),
    "list_type": ("a list", "put it in brackets"),
    "tuple_type": ("a list, as [malaysia, belgium]", "put it in brackets"),
}
"""What pydantic's errors mean, and what mends them."""

MOST_NAMED = 6
"""Changes named in the description of a scenario that has none of its own."""

PARENT = "parent"
"""The key that names the preset a scenario starts from."""


def scenario_from(stated: object, place: str) -> Scenario:
    """Build a scenario from what a file states.

    Parameters
    ----------
    stated : object
        What the file holds: a mapping of assumptions, with an optional `parent` preset.
    place : str
        The file's name, for messages.

    Raises
    ------
    RefusedError
        With every unknown key, wrong type and value out of range.
    """
    if not isinstance(stated, Mapping):
        expected = "assumptions as `name: value`, one a line"
        raise RefusedError(
            [Problem(place, type(stated).__name__, expected, "see scenarios/example.yaml")]
        )
    problems = [
        *_unknown(stated, place),
        *_words(stated, place),
        *_values(stated, place),
        *named_again(f"{place}: factories", stated.get("factories")),
        *_site_values(stated.get("sites"), place),
        *belief_problems(stated, place),
    ]
    parent = stated.get(PARENT, "base")
    if not isinstance(parent, str) or parent not in PRESETS:
        fix = _nearest(str(parent), list(PRESETS))
        problems.append(Problem(f"{place}: {PARENT}", repr(parent), "a preset", fix))
    if problems:
        raise RefusedError(problems)
    changes = {str(key): value for key, value in stated.items() if key != PARENT}
    unsaid = {"name": "unnamed", "description": _told(str(parent), list(changes))}
    try:
        return preset(str(parent)).having(**(unsaid | changes))
    except ValidationError as invalid:
        raise RefusedError(
            [
                invalid_value(error, f"{place}: ", EnteredPhase.model_fields, "a phase")
                for error in invalid.errors()
            ]
        ) from invalid


def _told(parent: str, changed: list[str]) -> str:
    """Describe a scenario that does not say what it is by what it changes."""
    names = [name for name in changed if name not in ("name", "description")]
    shown = ", ".join(names[:MOST_NAMED]) + (" and more" if len(names) > MOST_NAMED else "")
    return f"The scenario {parent} with changes to: {shown}." if names else f"As {parent}."


def _unknown(stated: Mapping[object, object], place: str) -> Iterator[Problem]:
    known = [*Scenario.model_fields, PARENT]
    unknown = [str(key) for key in stated if key not in known]
    for key in unknown[:MOST_UNKNOWN]:
        yield Problem(f"{place}: {key}", "an unknown key", "an assumption", _nearest(key, known))
    if len(unknown) > MOST_UNKNOWN:
        found = f"{len(unknown) - MOST_UNKNOWN:,} further unknown keys"
        yield Problem(place, found, "assumptions", "see scenarios/example.yaml")


def _words(stated: Mapping[object, object], place: str) -> Iterator[Problem]:
    """Check that what is shown and printed holds no control characters."""
    for key in ("name", "description"):
        text = stated.get(key)
        hidden = {one for one in text if _is_hidden(one)} if isinstance(text, str) else set()
        if hidden:
            got = f"the character {min(hidden)!r}"
            yield Problem(f"{place}: {key}", got, "letters, figures and signs", "take it out")


def _is_hidden(character: str) -> bool:
    return category(character) in ("Cc", "Cs") and character not in "\n\t"


def _nearest(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    return f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known[:8])} …"


def _values(stated: Mapping[object, object], place: str) -> Iterator[Problem]:
    """Check every assumption stated for all factories."""
    for key, value in stated.items():
        quantity = QUANTITIES.get(str(key))
        silent = value is None and quantity is not None and quantity.default is None
        if quantity is not None and not silent:
            yield from _value(f"{place}: {key}", quantity, value)


def _site_values(sites: object, place: str) -> Iterator[Problem]:
    """Check what is stated for single factories against the same limits as for all."""
    if sites is None:
        return
    if not isinstance(sites, Mapping):
        yield Problem(f"{place}: sites", repr(sites), "factories with assumptions", "indent them")
        return
    for factory, changes in sites.items():
        path = f"{place}: sites.{factory}"
        if not isinstance(changes, Mapping):
            yield Problem(path, repr(changes), "assumptions as `name: value`", "indent them")
            continue
        for key, value in changes.items():
            quantity = QUANTITIES.get(str(key))
            if quantity is None:
                fix = _nearest(str(key), list(QUANTITIES))
                yield Problem(f"{path}.{key}", "an unknown key", "an assumption", fix)
            else:
                yield from _value(f"{path}.{key}", quantity, value)


def _value(path: str, quantity: Quantity, value: object) -> Iterator[Problem]:
    limits = quantity.limits
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Problem(path, repr(value), f"a number, {limits}", "write digits and a point")
    elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        yield Problem(path, "a number of too many digits", limits, "choose a value in that range")
    elif not quantity.within(value):
        fix = "choose a value in that range"
        if quantity.unit.scale == 100 and value > quantity.high:
            fix = f"write shares as fractions: {value / 100:g} for {value:g} %"
        yield Problem(path, f"{value:g}", limits, fix)
    elif quantity.whole and value != int(value):
        yield Problem(path, f"{value:g}", f"a whole number, {limits}", "round it")


def invalid_value(error: ErrorDetails, before: str, known: Iterable[str], of: str) -> Problem:
    """Say in plain words what pydantic found.

    Parameters
    ----------
    error : ErrorDetails
        One of its findings.
    before : str
        What stands before the path of the value in the message.
    known : iterable of str
        Keys there are where an unknown one stands.
    of : str
        What has these keys, in words.
    """
    path = ".".join(str(part) for part in error["loc"] if "[" not in str(part))
    if error["type"] == "extra_forbidden":
        fix = _nearest(str(error["loc"][-1]), list(known))
        return Problem(f"{before}{path}", "an unknown key", f"a key of {of}", fix)
    found = "nothing" if error["type"] == "missing" else str(error["input"])
    if isinstance(error["input"], str):
        found = repr(found)
    shown = found if len(found) <= LONGEST else f"{found[:LONGEST]}…"
    expected, fix = PLAIN.get(error["type"], (error["msg"], "correct it"))
    limits = error.get("ctx", {})
    return Problem(f"{before}{path}", shown, expected.format(**limits), fix)
