"""The drivers of the panel: the assumptions that move all factories' NPV most, worked out once."""

import streamlit as st

from data.catalog import bundled
from forecasts.presets import preset
from forecasts.scenario import QUANTITIES
from forecasts.sensitivity import ranked_drivers

MOST_DRIVERS = 12
"""Drivers on the panel."""


def drivers() -> tuple[str, ...]:
    """Return the assumptions that move NPV most over their ranges, the widest first.

    Those that each site takes from its own row have no one value to move, and stay in the editor.

    Always those of the base case: a panel that reorders itself under the hand helps nobody.
    """
    found: tuple[str, ...] = _drivers(bundled().version)
    return found


@st.cache_resource(show_spinner=False)
def _drivers(data_version: str) -> tuple[str, ...]:  # noqa: ARG001
    found = ranked_drivers(preset("base"), "npv", None, bundled())
    shared = [one.name for one in found if QUANTITIES[one.name].from_data is None]
    return tuple(shared[:MOST_DRIVERS])
