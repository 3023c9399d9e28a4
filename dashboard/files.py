"""Read what a person hands to the command line: scenario files, data folders."""

from pathlib import Path

import yaml

from data.catalog import Catalog, bundled, load
from data.problems import Problem, RefusedError
from forecasts.presets import PRESETS, preset
from forecasts.reading import scenario_from
from forecasts.scenario import Scenario

LARGEST_SCENARIO = 1_000_000
"""Bytes; a scenario file is a page of text."""


def read_scenario(named: str) -> Scenario:
    """Return a preset by name, or the scenario of a YAML file.

    Raises
    ------
    RefusedError
        If there is neither, or the file holds mistakes; all of them are named.
    """
    if named in PRESETS:
        return preset(named)
    path = Path(named)
    if not path.is_file():
        expected = f"one of {', '.join(PRESETS)}, or a YAML file"
        raise RefusedError([Problem("scenario", repr(named), expected, "check the name")])
    if path.stat().st_size > LARGEST_SCENARIO:
        raise RefusedError(
            [Problem(path.name, f"{path.stat().st_size} bytes", "a page of text", "shorten it")]
        )
    return scenario_from(_parse(path), path.name)


def _parse(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8")) or {}
    except UnicodeDecodeError as error:
        raise RefusedError(
            [Problem(path.name, f"byte {error.start} is not UTF-8", "UTF-8 text", "save it so")]
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path.name} line {mark.line + 1}" if mark else path.name
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise RefusedError(
            [Problem(place, problem, "YAML: `name: value`, one a line", "correct the line")]
        ) from error


def read_catalog(folder: Path | None) -> Catalog:
    """Return the tables of a folder, or the bundled ones when none is named."""
    return bundled() if folder is None else load(folder)
