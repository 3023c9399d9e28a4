"""The scenario panel beside every page: preset, drivers, all other assumptions, files."""

from collections.abc import Mapping

import streamlit as st
import yaml

from dashboard import go_state, scope_state, state
from dashboard.changes import told
from dashboard.charts.study import short
from dashboard.drivers_state import drivers
from dashboard.editor_tables import found
from dashboard.link import packed
from dashboard.sign_in_state import leaving
from dashboard.theme import plain
from dashboard.widgets import controls, problem_list
from data.problems import RefusedError
from forecasts.presets import PRESETS
from forecasts.scenario import QUANTITIES, SECTIONS

MOST_FOUND = 40
"""Controls drawn at once."""


def scenario_panel() -> None:
    """Draw the panel; what it says is already in the scenario when the page runs."""
    _picker()
    _changes()
    with st.container(gap="xsmall"):
        controls(_act_on())
    go_state.view_switch()
    if go_state.for_executives():
        return
    others = st.expander("All other assumptions", key="others", on_change="rerun")
    if others.open:
        with others:
            _others()
    files = st.expander("Scenario file", key="files", on_change="rerun")
    if files.open:
        with files:
            _files()


def _picker() -> None:
    names = state.presets()
    state.show_preset()
    st.selectbox(
        "Scenario",
        names,
        names.index(state.preset_name()),
        format_func=lambda name: str(name).capitalize(),
        key="preset_picker",
        on_change=state.choose_preset,
        help="Where the drivers start from. Choosing another one drops your changes.",
    )
    described = PRESETS.get(state.preset_name(), {}).get("description")
    st.caption(plain(str(described or state.parent().description or state.parent().name)))


LATE = "grid_delay_months"
"""What differs most from site to site: a driver where one factory is chosen."""


def _act_on() -> list[str]:
    """Draw the picker of whose values the drivers are; return the drivers."""
    sites = {site.key: short(site) for site in state.current().sites}
    names = {scope_state.ALL: "All factories"} | sites
    st.selectbox(
        "Drivers act on",
        list(names),
        format_func=lambda key: names.get(str(key), str(key)),
        key=scope_state.PICKER,
        on_change=state.choose_scope,
        help="One factory: the drivers below are its own values. Where it has none of its own, it "
        "follows all factories; a driver of all factories leaves alone who has their own.",
    )
    shared = list(drivers())
    return [LATE, *(one for one in shared if one != LATE)] if scope_state.scope() else shared


def _changes() -> None:
    count = len(state.changed())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if count:
            with st.popover(f"{count} changed"):
                _changed_list()
        else:
            st.badge("as given", color="green", icon=":material/check:")
        st.button("Undo", on_click=state.undo, disabled=not state.can_undo(), type="tertiary")
        st.button("Redo", on_click=state.redo, disabled=not state.can_redo(), type="tertiary")
        st.button("Reset", on_click=state.reset, disabled=not count, type="tertiary")


def _changed_list() -> None:
    """List every change with the way back."""
    for place, (name, one) in enumerate(
        zip(state.changed(), told(state.changed(), state.parent()), strict=True)
    ):
        label, before, now = one
        st.button(
            "Reset",
            key=f"reset_{place}",
            on_click=state.forget,
            args=(name,),
            icon=":material/undo:",
            help=f"Back to {before}",
        )
        st.caption(f"**{plain(label)}**: {plain(before)} → {plain(now)}")


def _others() -> None:
    titles = [section.title for section in SECTIONS]
    wanted = st.text_input("Search", key="panel_search", placeholder="e.g. grid delay")
    title = st.selectbox("Section", titles, key="section_picker", disabled=bool(wanted))
    names = [name for name in found(title, wanted) if name not in drivers()]
    controls(names[:MOST_FOUND])
    if len(names) > MOST_FOUND and wanted:
        st.caption(f"{len(names) - MOST_FOUND} more: page Assumptions holds all.")
    if wanted and not names:
        st.caption("No other assumption holds these words.")


def _files() -> None:
    now = state.scenario()
    name = f"rackcast_{now.hash}.yaml"
    st.download_button(
        "Download this scenario",
        data=leaving(name, lambda: yaml.safe_dump(now.stated(), sort_keys=False).encode()),
        file_name=name,
        mime="application/yaml",
        on_click="ignore",
        icon=":material/download:",
    )
    given = st.file_uploader(
        "Use a scenario file (YAML)", type=["yaml", "yml"], key="scenario_file"
    )
    if given is not None:
        _read(given.name, given.getvalue())


def _read(name: str, content: bytes) -> None:
    """Take a scenario file over, or say what is wrong with it."""
    from dashboard.files import stated_in  # its schemas take half a second: not at every start

    try:
        stated = stated_in(name, content)
    except RefusedError as refused:
        problem_list(refused.problems)
        return
    st.button(
        "Use it",
        type="primary",
        on_click=state.use,
        args=(stated,),
        help="Replaces the scenario on screen; Undo brings it back.",
    )
    st.caption(f"{_count(stated)} assumptions stated, all within their limits.")
    if not packed(stated):
        st.warning(
            "Too long for the address of the page: reloading the page drops this scenario, and "
            "others need the file itself."
        )


def _count(stated: Mapping[str, object]) -> int:
    """Count the assumptions that a scenario states, those of single sites among them."""
    sites = stated.get("sites")
    own = (
        [one for one in sites.values() if isinstance(one, dict)] if isinstance(sites, dict) else []
    )
    return sum(name in QUANTITIES for part in (stated, *own) for name in part)
