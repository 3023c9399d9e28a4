"""Series of one's own: what they may drive, and what tying one would change."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import data_state, state, upload_state
from dashboard.upload_state import Upload
from data.catalog import Catalog
from data.catalog_store import Incoming, previewed
from data.problems import RefusedError
from data.provenance import Confidence
from forecasts.impact import Impact, impact
from forecasts.outlook import History, country_name
from forecasts.own_series import DRIVERS, own_histories
from forecasts.scenario import Scenario


def series() -> dict[str, History]:
    """Return the own series in force by name; none where the tables do not fit together."""
    try:
        return own_histories(data_state.catalog())
    except RefusedError as refused:
        upload_state.remember(refused.problems)
        return {}


def given(name: str, content: bytes, series_name: str, unit: str) -> Upload:
    """Return a file of periods and values as rows of one own series."""
    made = upload_state.upload(name, content, "own_series")
    held = {**made.options.constants, "series": series_name, "unit": unit}
    wanted = replace(made.options, constants=held, mapping=_mapping(made))
    if made.options != wanted:
        upload_state.say(made, wanted)
        made = upload_state.upload(name, content, "own_series")
    return made


def _mapping(made: Upload) -> Mapping[str, str]:
    """Take the other of two columns as the values where one holds the periods, whatever its name.

    What the user said of a column stands.
    """
    stated, report = made.options.mapping, made.ingested.report
    known = {**report.mapping, **stated}
    rest = [name for name in report.columns if name not in known]
    if len(report.columns) == 2 and len(rest) == 1 and list(known.values()) == ["period"]:
        return {**stated, rest[0]: "value"}
    return stated


def drivers(unit: str) -> dict[str, str]:
    """Return the series of the model that one of a unit may drive, by key, as people read them."""
    places = sorted(set(data_state.catalog().tables["sites"]["iso3"]), key=country_name)
    kinds = {kind: [f"{kind}_{place}" for place in places] for kind in ("power", "capacity")}
    keys = ["ai_capex", "gpu_hour_price", *kinds["power"], *kinds["capacity"]]
    if "Wh" in unit:  # rather a price of power than growth of spending
        keys = [*kinds["power"], *keys[:2]]
    return {key: _words(key) for key in keys if _unit(key) in ("", unit)}


def _unit(key: str) -> str:
    return next(unit for pattern, unit, _ in DRIVERS if re.fullmatch(pattern, key))


def _words(key: str) -> str:
    kind, _, place = key.rpartition("_")
    if kind == "power":
        return f"Power price in {country_name(place)}: how it moves"
    if kind == "capacity":
        return f"Data-centre capacity in {country_name(place)}: its level"
    return {"ai_capex": "AI spending: its growth"}.get(key, "Price of a GPU-hour: how it falls")


def tie_row(key: str, name: str) -> Incoming:
    """Return the row that ties a series for everyone in the workspace."""
    row = {"driver": key, "text": name, "unit": "text", "source": "Own judgement", "date": ""}
    proof = {"confidence": str(Confidence.ASSUMPTION), "notes": f"{key} follows {name}.", "url": ""}
    return Incoming("series_links", pd.DataFrame([row | proof]), "A tie made on page Upload")


def effect(key: str, name: str) -> Impact:
    """Return what tying a series does to the scenario on screen; the last few are kept."""
    now, base = state.scenario(), data_state.catalog()
    bare = now.having(follows={one: own for one, own in now.follows.items() if one != key})
    found: Impact = _effect(bare, base, (bare.hash, base.version, key, name))
    return found


@st.cache_resource(max_entries=8, show_spinner="Working out what changes …")
def _effect(_bare: Scenario, _base: Catalog, marked: tuple[str, str, str, str]) -> Impact:
    return impact(_bare, _base, previewed(_base, tie_row(*marked[2:])))


def tie(key: str, name: str) -> None:
    """Let a series of the model follow an own one in the scenario on screen."""
    follows = {**state.scenario().follows, key: name}
    state.edit({**state.changed(), "follows": follows})


def untie(key: str) -> None:
    """Let a series of the model go its own way again in the scenario on screen."""
    follows = {one: own for one, own in state.scenario().follows.items() if one != key}
    state.edit({**state.changed(), "follows": follows})
