"""What stands before every page where people sign in: the way in, or why there is none."""

import streamlit as st

from dashboard import sign_in_state
from dashboard.signing_in import Mode
from dashboard.theme import plain
from dashboard.widgets import problem_list
from data.problems import RefusedError


def admitted() -> bool:
    """Let a visitor in, or draw why not; nothing else may be drawn then."""
    if sign_in_state.how().mode is Mode.OFF:
        return True
    name, why = sign_in_state.visitor()
    if not name:
        _door("Sign in to Rackcast", why)
        return False
    sign_in_state.settle_workspace()
    try:
        sign_in_state.note_sign_in()
    except RefusedError as refused:
        text = "An admin of Rackcast gives roles. Reload this page once you have one."
        _door("You have no role here yet", f"You are signed in as {plain(name)}. {text}", name)
        problem_list(refused.problems)
        return False
    return True


def _door(title: str, text: str, name: str = "") -> None:
    _, middle, _ = st.columns([1, 2, 1])
    with middle, st.container(border=True):
        st.header(title, anchor=False)
        st.caption("Where to build AI factories, when, how large, and how good they are.")
        st.markdown(text)
        if sign_in_state.how().mode is not Mode.OIDC:
            return
        if name:
            st.button("Sign out", on_click=st.logout)
        else:
            st.button("Sign in", type="primary", on_click=st.login, icon=":material/login:")


PICKED = "workspace_picked"
"""Key of the picker."""


def _workspaces() -> None:
    """Let people who belong to several workspaces choose one, their role in each beside it."""
    own, here = sign_in_state.workspaces(), sign_in_state.actor().workspace
    if len(own) < 2:
        return
    places = list(own)
    st.selectbox(
        "Workspace",
        places,
        index=places.index(here) if here in places else 0,
        format_func=lambda place: f"{place} ({own[place]})",
        key=PICKED,
        on_change=_go,
        help="Data, scenarios and approvals of one workspace are not seen in another.",
    )


def _go() -> None:
    picked = str(st.session_state[PICKED])
    try:
        sign_in_state.go_to(picked)
    except RefusedError as refused:
        problem_list(refused.problems)


def who() -> None:
    """Say in the panel who is at work, as what, and offer the way out."""
    if sign_in_state.how().mode is Mode.OFF:
        return
    role = sign_in_state.role()
    _workspaces()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{plain(sign_in_state.actor().name)}, {role}", width="stretch")
        if sign_in_state.how().mode is Mode.OIDC:
            st.button("Sign out", on_click=st.logout, type="tertiary", key="sign_out")
