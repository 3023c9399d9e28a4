"""What a request may ask: options named as the flags of the command, with the same defaults."""

import json
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from data.problems import Problem, RefusedError
from forecasts.reading import invalid_value

LARGEST_BODY = 1_000_000
"""Bytes of a request: a scenario is a page of text, a hundred series of ten years fit too."""

MOST_PATHS = 16_384
"""Sampled paths of one request; the command takes more."""

MOST_SERIES = 200
"""Series of one forecast."""

MOST_TRIED = 10
"""Series of one forecast that tries every model, which takes seconds each."""

LONGEST_NUMBER = 18
"""Digits a whole number is read with; a longer one is read as a decimal number."""

ScenarioBody = Annotated[
    object,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "description": "A preset or a saved scenario, by name."},
                {"$ref": "#/components/schemas/Scenario"},
            ]
        }
    ),
]
"""A scenario by name, or what a scenario file states."""

Paths = Annotated[int, Field(ge=8, le=MOST_PATHS, description="Sampled paths.")]
Seed = Annotated[int, Field(ge=0, description="The same seed gives the same answer.")]
Row = dict[str, object]


class Body(BaseModel):
    """A request: nothing but what is named here, numbers as numbers."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    @classmethod
    def of(cls, held: object) -> Self:
        """Read a body.

        Raises
        ------
        RefusedError
            With every unknown key, wrong type and value out of range.
        """
        if not isinstance(held, dict):
            expected = 'an object, as {} or {"scenario": "base"}'
            raise RefusedError([Problem("body", _kind(held), expected, "send an object")])
        try:
            return cls.model_validate(held)
        except ValidationError as invalid:
            raise RefusedError(
                [
                    invalid_value(error, "", cls.model_fields, "a request")
                    for error in invalid.errors()
                ]
            ) from invalid


class ProjectBody(Body):
    """Project phases, costs and returns of every factory."""

    scenario: ScenarioBody = "base"
    """A scenario, or projects stated whole."""


class SimulateBody(Body):
    """Carry sampled paths through a scenario: distributions and probabilities, with errors."""

    scenario: ScenarioBody = "base"
    paths: Paths = 4096
    seed: Seed = 0
    method: Literal["sobol", "latin", "random"] = "sobol"
    """How points are spread."""
    hurdle: float | None = None
    """Project IRR asked, as 0.15; each factory's own if null."""
    covenant: float | None = None
    """Lowest 12-month DSCR asked; the scenario's if null."""
    stranded_mw: Annotated[float, Field(ge=0)] = 5.0
    """Mean MW without demand asked about."""
    payback: Annotated[float, Field(ge=0)] = 10.0
    """Years of payback asked about."""


class RankBody(Body):
    """Rank the sites under uncertainty; choose among them within a budget."""

    scenario: ScenarioBody = "base"
    budget: Annotated[float, Field(ge=0)] | None = None
    """USD of first-time capex to spend."""
    paths: Paths = 4096
    seed: Seed = 0


class SensitivityBody(Body):
    """Move every assumption over its stated range: what moves a metric most."""

    scenario: ScenarioBody = "base"
    metric: str = "npv"
    """Any metric, as npv, irr, lcoc, min_dscr."""
    factory: str | None = None
    """A factory; all together if null."""


class ForecastBody(Body):
    """Forecast every series, with prediction intervals."""

    series: Annotated[list[Row], Field(min_length=1)]
    """Rows of unique_id (series), ds (period) and y (value), as a file has them."""
    horizon: Annotated[int, Field(ge=1, le=1000)]
    """Steps ahead."""
    freq: str | None = None
    """Y, H (half), Q, M, W, B (workday), D or h; found otherwise."""
    levels: str = "80,95"
    """Interval levels in percent."""
    backtest: bool = False
    """Report how each model did on the past, and why."""
    every_model: bool = False
    """Backtest statsmodels' ETS, Theta, ARIMA, components too: slow."""
    overrides: list[Row] | None = None
    """Judgements: rows of unique_id, ds, y, known, who, reason."""
    driver: str | None = None
    """A series among them: explain the others by its yearly growth instead."""
    lag: Annotated[int, Field(ge=0, le=48)] = 0
    """Steps by which it leads."""


def parsed(raw: bytes) -> object:
    """Return what JSON text holds.

    Raises
    ------
    RefusedError
        If it is no JSON, names a key twice or holds what is no number.
    """
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is not UTF-8"
        raise RefusedError([Problem("body", found, "UTF-8 text", "encode it so")]) from error
    except RecursionError as error:
        expected = "an object of options"
        raise RefusedError(
            [Problem("body", "nested too deeply", expected, "flatten it")]
        ) from error
    except json.JSONDecodeError as error:
        place = f"body line {error.lineno}, column {error.colno}"
        raise RefusedError([Problem(place, error.msg, "JSON", "correct it")]) from error


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    held = dict(pairs)
    if len(held) < len(pairs):
        names = [name for name, _ in pairs]
        again = next(name for name in names if names.count(name) > 1)
        raise RefusedError([Problem(again[:60], "given twice", "each key once", "take one out")])
    return held


def _no_number(text: str) -> object:
    raise RefusedError([Problem("body", text, "numbers", "write null or a number")])


def _whole(text: str) -> float:
    return int(text) if len(text) <= LONGEST_NUMBER else float(text)


def _kind(held: object) -> str:
    return {list: "a list", str: "a text", type(None): "nothing"}.get(type(held), "a number")
