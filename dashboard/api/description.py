"""The OpenAPI description, made from the scenario and the bodies themselves."""

from importlib.metadata import version

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dashboard.api.bodies import LARGEST_BODY, Body
from dashboard.api.doors import OPEN
from dashboard.api.questions import QUESTIONS
from forecasts.presets import PRESETS
from forecasts.reading import PARENT
from forecasts.scenario import Scenario

Json = dict[str, object]
"""A JSON object."""

LISTS = {
    "/health": "Whether questions can be answered; asks for no token.",
    "/factories": "The factories of the register.",
    "/quantities": "Every assumption: unit, range, base value, source.",
}
"""What can be read, by path."""

PROBLEM: Json = {
    "type": "object",
    "required": ["problems"],
    "properties": {
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    name: {"type": "string"}
                    for name in ("place", "value", "expected", "fix", "message")
                },
            },
        }
    },
}
"""What is wrong with a request, all at once."""

WRONG = {
    "413": f"The body is larger than {LARGEST_BODY:,} bytes.",
    "415": "The body is not application/json.",
    "422": "What was sent cannot be used: every problem with place, value, expected, fix.",
    "503": "Too many requests wait; Retry-After says when to ask again.",
}
"""What can go wrong with a question, by status."""


def described(*, locked: bool) -> Json:
    """Return the description.

    Parameters
    ----------
    locked : bool
        Whether a token is asked for.
    """
    schemas = _schemas()
    told: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Rackcast",
            "version": version("rackcast"),
            "description": "Every answer is what `rackcast NAME --json` prints.",
        },
        "paths": {
            **{path: {"get": _reading(path, said, locked)} for path, said in LISTS.items()},
            **{
                f"/{name}": {"post": _asking(name, one.body, locked)}
                for name, one in QUESTIONS.items()
            },
            "/embed/{chart}": {"get": _framing(locked)},
        },
        "components": {"schemas": schemas | {"Problems": PROBLEM}},
    }
    if locked:
        told["components"] = {
            "schemas": schemas | {"Problems": PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        }
        told["security"] = [{"token": []}]
    return told


def _schemas() -> Json:
    """Return what a scenario and every body may hold."""
    models: list[type[BaseModel]] = [Scenario, *(one.body for one in QUESTIONS.values())]
    _, made = models_json_schema(
        [(one, "validation") for one in models], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Json] = made["$defs"]
    known: Json = dict(found)
    properties: Json = dict(found["Scenario"]["properties"])  # type: ignore[call-overload]
    parent = {
        "type": "string",
        "enum": list(PRESETS),
        "default": "base",
        "description": "Preset it starts from.",
    }
    known["Scenario"] = found["Scenario"] | {"properties": {PARENT: parent} | properties}
    return known


def _asking(name: str, body: type[Body], locked: bool) -> Json:
    said = (body.__doc__ or "").strip()
    return {
        "operationId": name,
        "summary": said,
        "description": f"As `rackcast {name} --json`.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": f"#/components/schemas/{body.__name__}"}}
            },
        },
        "responses": {"200": _found("The answer."), **_wrong(WRONG), **_locked(locked)},
    }


def _reading(path: str, said: str, locked: bool) -> Json:
    told: Json = {
        "operationId": path.strip("/"),
        "summary": said,
        "responses": {"200": _found(said), **_locked(locked and path != OPEN)},
    }
    return told | {"security": []} if path == OPEN else told


def _framing(locked: bool) -> Json:
    from dashboard.exports.framed import CHARTS

    def parameter(name: str, place: str, schema: Json, said: str) -> Json:
        required = place == "path"
        return {
            "name": name, "in": place, "required": required, "schema": schema, "description": said,
        }  # fmt: skip

    text: Json = {"type": "string"}
    free: Json = {"type": "object", "additionalProperties": text}
    return {
        "operationId": "embed",
        "summary": "A chart as a page for a frame: drawing, figures, sources and stamp.",
        "parameters": [
            parameter("chart", "path", {"enum": list(CHARTS)}, "Which chart."),
            parameter("factory", "query", text, "A factory; all together if left out."),
            parameter("link", "query", free, "Parameters of a link of the app: the scenario.")
            | {"style": "form", "explode": True},
        ],
        "responses": {
            "200": {"description": "The page.", "content": {"text/html": {"schema": text}}},
            **_wrong({"404": "There is no such chart.", "422": WRONG["422"]}),
            **_locked(locked),
        },
    }


def _found(said: str) -> Json:
    return {"description": said, "content": {"application/json": {"schema": {}}}}


def _wrong(said: dict[str, str]) -> Json:
    schema = {"$ref": "#/components/schemas/Problems"}
    return {
        status: {"description": text, "content": {"application/json": {"schema": schema}}}
        for status, text in said.items()
    }


def _locked(locked: bool) -> Json:
    return _wrong({"401": "The token is missing or another one."}) if locked else {}
