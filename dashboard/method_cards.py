"""Every stage of the model: in words, as a formula, with a number worked out, and its limits."""

import re
from functools import lru_cache
from pathlib import Path

import streamlit as st

from dashboard import selection_state, state
from dashboard.charts.study import Study, short
from dashboard.theme import plain
from forecasts.worked import worked

METHODS = Path(__file__).parents[1] / "docs" / "methods.md"
"""One heading of the second level for each stage."""


@lru_cache(maxsize=1)
def methods() -> dict[str, str]:
    """Return the text of every stage by its heading; empty where docs are not installed."""
    text = METHODS.read_text("utf-8") if METHODS.is_file() else ""
    parts = re.split(r"^## +(.+)$", text, flags=re.MULTILINE)
    return {name.strip(): body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def stages(study: Study) -> None:
    """Draw every stage, with a number worked out for the factory that is chosen."""
    keys = [site.key for site in study.sites]
    row = study.row(selection_state.picked("factory", keys))
    numbers = {one.stage: one for one in worked(study.result, row, state.outlook())}
    st.caption(f"Worked numbers: {short(study.sites[row])}, from the scenario on screen.")
    with st.grid(3, min_column_width=280):
        for place, (stage, text) in enumerate(methods().items(), start=1):
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{place}. {stage}**")
                before, _, limits = text.partition("**Limits.**")
                st.markdown(before)
                if stage in numbers:
                    st.markdown(f"**Worked out.** {plain(numbers[stage].said)}")
                st.markdown(f"**Limits.** {limits}")
