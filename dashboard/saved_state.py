"""What this session does with saved scenarios, and what came of it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import state, store_state
from dashboard.changes import between, stated_form
from data import scenario_store
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_rows import Conflict, Saved
from forecasts.presets import PRESETS, preset

SAID = "said"
"""Key of the session: what the last action came to, told on the next run."""

NEW_NAME, NEW_PARENT, NEW_TEXT = "new_name", "new_parent", "new_description"
"""Keys of the form that saves a new scenario."""

NOTE_ON, NOTE_TEXT, COPY_NAME, REMARK = "note_on", "note_text", "copy_name", "remark"
"""Keys of the fields of the page that manages a scenario."""


def said() -> tuple[bool, str] | None:
    """Return whether the last action worked and what to say of it, once."""
    found = st.session_state.pop(SAID, None)
    return None if found is None else (bool(found[0]), str(found[1]))


def told(work: Callable[[], str]) -> None:
    """Do something with the store and keep what to say of it for the next run."""
    try:
        st.session_state[SAID] = (True, work())
    except RefusedError as refused:
        st.session_state[SAID] = (False, "; ".join(str(one) for one in refused.problems))
    store_state.forget()


def written(key: str) -> str:
    """Return what a field holds."""
    return str(st.session_state.get(key) or "").strip()


def draft(name: str, parent: str, description: str) -> Draft:
    """Return the scenario on screen as a draft that inherits from a parent."""
    now = state.scenario()
    changes = between(store_state.scenario_of(parent), now)
    if parent not in PRESETS and any(value is None for value in changes.values()):
        parent, changes = "base", between(preset("base"), now)
    return Draft(name, stated_form(changes, now), parent, description)


def _keep(wanted: Draft, base: int) -> str:
    made = scenario_store.save(store_state.store(), store_state.actor(), wanted, base=base)
    return _kept(made)


def _kept(made: Saved | Conflict) -> str:
    if isinstance(made, Conflict):
        found, fix = (
            f"{made.theirs.who} saved revision {made.theirs.revision} meanwhile",
            "Open it, or save under another name.",
        )
        return f"Nothing was saved: {found}. {fix}"
    state.name_opened(made.name, made.revision)
    return f"{made.name} is saved as revision {made.revision}."


def save_new() -> None:
    """Save what is on screen under the name in the form."""
    told(lambda: _keep(draft(written(NEW_NAME), written(NEW_PARENT), written(NEW_TEXT)), 0))


def save_again(held: Saved) -> None:
    """Save what is on screen as the next revision of the open scenario."""

    def work() -> str:
        old = held.draft
        made = replace(draft(old.name, old.parent, old.description), notes=old.notes)
        return _keep(made, state.opened_revision() or held.revision)

    told(work)


def note(held: Saved) -> None:
    """Save a note on an assumption; an empty one takes the note away."""
    name, text = written(NOTE_ON), written(NOTE_TEXT)
    notes = {key: old for key, old in held.draft.notes.items() if key != name}
    if text:
        notes[name] = text
    told(lambda: _keep(replace(held.draft, notes=notes), held.revision))


def show(name: str, revision: int) -> None:
    """Put a saved scenario on screen."""

    def work() -> str:
        start = str(store_state.stated(name).get("parent", "base"))
        changes = between(preset(start), store_state.scenario_of(name))
        state.open_saved(f"{name}@{revision}", start, changes)
        return f"{name}, revision {revision}, is on screen. Undo brings back what was there."

    told(work)


def copy(held: Saved) -> None:
    """Save a scenario under another name."""
    place, who = store_state.store(), store_state.actor()
    told(
        lambda: (
            f"{scenario_store.duplicate(place, who, held.name, written(COPY_NAME)).name} "
            f"is a copy of {held.name}."
        )
    )


def restore(held: Saved, revision: int) -> None:
    """Save an old revision again as the newest."""
    place, who = store_state.store(), store_state.actor()
    told(lambda: _kept(scenario_store.restore(place, who, held.name, revision, base=held.revision)))


def remove(held: Saved) -> None:
    """Take a scenario off the list; its revisions stay."""
    place, who = store_state.store(), store_state.actor()

    def work() -> str:
        scenario_store.delete(place, who, held.name, base=held.revision)
        return f"{held.name} is off the list; its revisions are kept."

    told(work)


def lock(held: Saved) -> None:
    """Lock a scenario, or unlock a locked one."""
    place, who = store_state.store(), store_state.actor()

    def work() -> str:
        if held.locked_by:
            scenario_store.unlock(place, who, held.name)
            return f"{held.name} can be saved again."
        scenario_store.lock(place, who, held.name)
        return f"{held.name} is locked: nobody saves over it."

    told(work)


def approve(held: Saved) -> None:
    """Approve the newest revision of a scenario; every page then shows changes against it."""
    place, who = store_state.store(), store_state.actor()

    def work() -> str:
        scenario_store.approve(place, who, held.name, revision=held.revision, note=written(REMARK))
        return f"{held.name}, revision {held.revision}, is approved: changes are shown against it."

    told(work)
