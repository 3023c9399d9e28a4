"""The parts of the page of scenarios: compare, save, history, notes, lock and approve."""

import pandas as pd
import streamlit as st

from dashboard import saved_state, selection_state, state, store_state, versus_state
from dashboard.changes import between, told
from dashboard.charts import versus
from dashboard.charts.study import Study
from dashboard.theme import change_text, plain
from dashboard.widgets import chart_card, download, problem_list, table
from data.problems import RefusedError
from data.scenario_rows import Saved
from forecasts.presets import PRESETS
from forecasts.scenario import QUANTITIES, Scenario

SCREEN = "on screen"
"""What the scenario on screen is called among the others."""


def said() -> None:
    """Tell what the last action came to."""
    found = saved_state.said()
    if found is not None:
        done, text = found
        (st.success if done else st.warning)(plain(text))


def headline(study: Study, label: str) -> str:
    """Say how the scenario on screen differs from the one it is shown against."""
    now, before = study.portfolio["npv"].value, state.approved().portfolio["npv"].value
    if now is None or before is None:
        return f"What is on screen, against {plain(label)}"
    change = change_text("USD", now - before)
    if change is None:
        return f"What is on screen is worth as much as {plain(label)}"
    word = "more" if now > before else "less"
    return f"What is on screen is worth {change.lstrip('+-')} {word} than {plain(label)}"


def _scenario(name: str) -> Scenario:
    return state.scenario() if name == SCREEN else store_state.scenario_of(name)


def compare() -> None:
    """Set scenarios side by side, and split the difference of two by its causes."""
    options = [*PRESETS, SCREEN, *(one.name for one in store_state.listed())]
    labels = {name: name.capitalize() if name in PRESETS else name for name in options}
    left, middle, right = st.columns([1, 1, 2])
    with left:
        before = selection_state.choose("From", "from", labels)
    with middle:
        ends = {name: labels[name] for name in [SCREEN, *(o for o in options if o != SCREEN)]}
        after = selection_state.choose("To", "to", ends)
    with right:
        more = st.multiselect(
            "Beside them", options, key="beside", format_func=lambda name: labels[str(name)]
        )
    chosen = list(dict.fromkeys([before, after, *more]))
    try:
        found = {name: _scenario(name) for name in chosen}
        studies = {name: state.study_of(one) for name, one in found.items()}
    except RefusedError as refused:
        problem_list(refused.problems)
        return
    _bridge(found, before, after, labels)
    st.markdown("**Side by side**, all factories together")
    frame = versus.side_by_side({labels[name]: one for name, one in studies.items()})
    table(frame, alt="Scenarios side by side")
    download(frame, "scenarios")
    _differing(found, before, labels)


def _bridge(found: dict[str, Scenario], before: str, after: str, labels: dict[str, str]) -> None:
    if found[before].hash == found[after].hash:
        st.info(
            f"{plain(labels[before])} and {plain(labels[after])} state the same: move a driver, or "
            "choose another scenario."
        )
        return
    metrics = {label: name for name, label in versus.BRIDGED.items()}
    chosen = st.segmented_control("Difference of", list(metrics), default="NPV", key="bridged")
    made = versus_state.bridge_of(found[before], found[after], metrics[str(chosen or "NPV")])
    if made.steps:
        chart_card(versus.bridge_chart(made, (labels[before], labels[after])), "bridge")
    else:
        st.info(plain(made.reason))


def _differing(found: dict[str, Scenario], before: str, labels: dict[str, str]) -> None:
    first = found[before]
    differing = versus.stated_table(
        {
            labels[name]: list(told(between(first, one), first))
            for name, one in found.items()
            if name != before
        }
    )
    if not differing.empty:
        st.markdown(f"**What they state otherwise than {plain(labels[before])}**")
        table(differing, alt="What differs between the scenarios")


def save() -> None:
    """Save what is on screen, as the next revision of what is open or under a new name."""
    if _unusable():
        return
    held = {one.name: one for one in store_state.listed()}
    now = held.get(state.opened())
    if now is not None:
        st.markdown(f"Open: **{plain(now.name)}**, revision {now.revision}.")
        st.button(
            f"Save as revision {now.revision + 1}",
            type="primary",
            on_click=saved_state.save_again,
            args=(now,),
            disabled=bool(now.locked_by),
            help=f"Locked by {now.locked_by}." if now.locked_by else "Earlier revisions are kept.",
        )
    with st.form("save_new"):
        st.text_input("Name of a new scenario", key=saved_state.NEW_NAME, max_chars=80)
        st.selectbox(
            "Inherits from",
            [*PRESETS, *held],
            key=saved_state.NEW_PARENT,
            help="It keeps only what differs, and follows its parent in everything else.",
        )
        st.text_area("What it supposes", key=saved_state.NEW_TEXT, max_chars=2000)
        st.form_submit_button("Save as new", on_click=saved_state.save_new)
    st.caption(f"Saved as {plain(store_state.actor().name)} in {plain(store_state.store().place)}.")


def _unusable() -> bool:
    problems = store_state.unusable()
    if problems:
        problem_list(problems)
    return bool(problems)


def manage() -> None:
    """Show what is saved: open, copy, note, restore, lock, approve."""
    if _unusable():
        return
    saved = {one.name: one for one in store_state.listed()}
    if not saved:
        st.info("Nothing is saved yet: move a driver, then save it under **Save**.")
        return
    table(_list(list(saved.values())), alt="Saved scenarios")
    name = selection_state.choose("Scenario", "of", {name: name for name in saved})
    held = saved[name]
    _buttons(held)
    left, right = st.columns(2)
    with left:
        _notes(held)
    with right:
        _copy_and_approve(held)
    _history(held)


def _list(saved: list[Saved]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Scenario": [one.name for one in saved],
            "Inherits from": [one.draft.parent for one in saved],
            "Revision": [str(one.revision) for one in saved],
            "Saved by": [one.who for one in saved],
            "Saved at": [_minute(one) for one in saved],
            "Locked by": [one.locked_by for one in saved],
            "Approved": [
                f"revision {one.approval.revision} by {one.approval.who}" if one.approval else ""
                for one in saved
            ],
            "What it supposes": [one.draft.description for one in saved],
        }
    )


def _minute(saved: Saved) -> str:
    moment = saved.at
    return moment[:16].replace("T", " ")


def _buttons(held: Saved) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Show it", type="primary", on_click=saved_state.show, args=(held.name, held.revision)
        )
        st.button(
            "Unlock" if held.locked_by else "Lock",
            on_click=saved_state.lock,
            args=(held,),
            icon=":material/lock_open:" if held.locked_by else ":material/lock:",
        )
        with st.popover("Take off the list"):
            st.markdown("Its revisions are kept. Scenarios that inherit from it must go first.")
            st.button("Take it off", on_click=saved_state.remove, args=(held,))


def _notes(held: Saved) -> None:
    with st.form("note_form"):
        st.selectbox(
            "Note on an assumption",
            list(QUANTITIES),
            key=saved_state.NOTE_ON,
            format_func=lambda name: QUANTITIES[name].label,
        )
        st.text_area("Note (empty takes it away)", key=saved_state.NOTE_TEXT, max_chars=2000)
        st.form_submit_button("Save note", on_click=saved_state.note, args=(held,))
    for name, text in held.draft.notes.items():
        label = QUANTITIES[name].label if name in QUANTITIES else name
        st.markdown(f"**{plain(label)}**: {plain(text)}")


def _copy_and_approve(held: Saved) -> None:
    with st.form("approve_form"):
        st.text_input("Remark on the approval", key=saved_state.REMARK, max_chars=500)
        st.form_submit_button(
            f"Approve revision {held.revision}",
            on_click=saved_state.approve,
            args=(held,),
            disabled=held.approved,
        )
    with st.form("copy_form"):
        st.text_input("Name of the copy", key=saved_state.COPY_NAME, max_chars=80)
        st.form_submit_button("Copy", on_click=saved_state.copy, args=(held,))


def _history(held: Saved) -> None:
    past = store_state.past(held.name)
    rows = []
    for before, now in zip([None, *past[:-1]], past, strict=True):
        old = {} if before is None else before.draft.parts()
        new = now.draft.parts()
        changed = [path for path in {**old, **new} if old.get(path) != new.get(path)]
        rows += [
            {
                "Revision": now.revision,
                "When": _minute(now),
                "Who": now.who,
                "How": now.what,
                "What": path.removeprefix("changes."),
                "Old": _value(old.get(path)),
                "New": _value(new.get(path)),
            }
            for path in changed or [""]
        ]
    st.markdown("**Who changed what**, newest first")
    table(pd.DataFrame(rows[::-1]).astype({"Revision": str}), alt=f"History of {held.name}")
    if len(past) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            older = [one.revision for one in past[:-1]][::-1]
            wanted = st.selectbox("Earlier revision", older, key="old_revision", width=200)
            st.button(
                "Restore it as the newest", on_click=saved_state.restore, args=(held, int(wanted))
            )


def _value(one: object) -> str:
    return "" if one is None else str(one)
