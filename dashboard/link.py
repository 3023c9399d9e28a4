"""A scenario as a link, and read back from one that anybody may have made."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping

from data.problems import RefusedError
from forecasts.presets import PRESETS, preset
from forecasts.reading import scenario_from
from forecasts.scenario import QUANTITIES, Scenario

LINK_PRESET, LINK_OWN, LINK_OPENED = "scenario", "own", "saved"
"""Names in the link: preset, uploaded scenario, and which saved scenario it came from."""

LONGEST_NAME = 80
"""Characters of a saved scenario's name that a link may carry."""

PICKABLE = (
    "factory",
    "scope",
    "series",
    "table",
    "row",
    "section",
    "view",
    "at",
    "from",
    "to",
    "of",
    "currency",
    "terms",
    "map",
    "scenario_view",
    "assumption_view",
    "risk_view",
    "trust_view",
    "trust_measure",
    "upload_view",
    "demand_view",
    "class_per",
    "cost_view",
    "cash_view",
    "capex_per",
    "power_per",
    "site_month",
    "books_view",
    "leased",
    "risk_construction",
    "risk_availability",
    "risk_demand",
    "state_buys",
    "state_guarantees",
)
"""Selections that the link carries; those of a switch bear its name."""

LONGEST_LINK = 6000
"""Characters of an uploaded scenario that a link may carry."""

MOST_CHANGES = 20
"""Changes against a preset that a link writes out one by one."""

LARGEST_SCENARIO = 200_000
"""Bytes an unpacked scenario may have: a link must not unpack without end."""


def packed(stated: Mapping[str, object]) -> str:
    """Return what a scenario states as link text; empty when it would be too long."""
    raw = json.dumps(stated, sort_keys=True, default=str).encode()
    text = base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode()
    return text if len(text) <= LONGEST_LINK else ""


def unpacked(text: str, problems: list[str]) -> dict[str, object]:
    """Read an uploaded scenario back from a link."""
    if not text:
        return {}
    try:
        raw = zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), LARGEST_SCENARIO)
        stated = json.loads(raw)
        scenario_from(stated, "link")
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError, RefusedError):
        problems.append("the uploaded scenario in the link cannot be read")
        return {}
    return {str(key): value for key, value in stated.items()}


def changed_name(parent: Scenario, count: int) -> str:
    """Return what a scenario with changes is called that nobody gave a name.

    Examples
    --------
    >>> changed_name(preset("base"), 2)
    'base, 2 changes'
    """
    return f"{parent.name[:60]}, {count} change" + "s" * (count > 1)


def query_of(scenario: Scenario) -> dict[str, str] | None:
    """Return the query of the link that opens a scenario; None when no link can hold it.

    A preset with some quantities changed is written as these changes, anything else whole. The
    opened scenario has the same hash, and so the same results.
    """
    for name in PRESETS:
        before, now = preset(name).model_dump(), scenario.model_dump()
        changes = {key: now[key] for key in now if now[key] != before[key]}
        changes.pop("name", None)
        changes.pop("description", None)
        if all(key in QUANTITIES and value is not None for key, value in changes.items()):
            start = {} if name == "base" else {"scenario": name}
            if len(changes) <= MOST_CHANGES or not changes:
                return start | {key: repr(value) for key, value in changes.items()}
    text = packed(scenario.stated())
    return {"own": text} if text else None
