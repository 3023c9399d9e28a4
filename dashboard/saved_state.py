"""What this session does with saved scenarios, and what came of it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard import state, store_state
from dashboard.changes import between, stated_form
from data import scenario_store
from data.problems import RefusedError
from data.scenario_merging import Draft, draft_of
from data.scenario_rows import Conflict, Saved
from forecasts.presets import PRESETS, preset

SAID = "said"
"""Key of the session: what the last action came to, told on the next run."""

NOT_SAVED = "Nothing was saved"
"""How it is told that somebody else was quicker."""

CONFLICT = "conflict"
"""Key of the session: a save that somebody else's came before."""

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
        text = work()
        st.session_state[SAID] = (not text.startswith(NOT_SAVED), text)
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
        st.session_state[CONFLICT] = made
        found = f"{made.theirs.who} saved revision {made.theirs.revision} meanwhile"
        return f"{NOT_SAVED}: {found}. Both versions are below."
    st.session_state.pop(CONFLICT, None)
    state.name_opened(made.name, made.revision)
    return f"{made.name} is saved as revision {made.revision}."


def conflict() -> Conflict | None:
    """Return the save that somebody else's came before, until it is settled."""
    found: Conflict | None = st.session_state.get(CONFLICT)
    return found


def drop_conflict() -> None:
    """Forget the save that was not made; what is on screen stays."""
    st.session_state.pop(CONFLICT, None)


def choice_key(place: int) -> str:
    """Return the key of the choice between both versions of a part."""
    return f"merge_{place}"


def settle() -> None:
    """Save both versions together: what only one changed, and of the rest what was chosen."""
    found = conflict()
    if found is None:
        return
    merge = found.merge()
    parts, theirs = merge.draft.parts(), found.theirs.draft.parts()
    for place, path in enumerate(merge.disputed):
        if st.session_state.get(choice_key(place)) == "theirs":
            parts.pop(path, None)
            parts |= {path: theirs[path]} if path in theirs else {}
    told(lambda: _keep(draft_of(found.mine.name, parts), found.theirs.revision))
    left = conflict()
    if left is None:
        _show_newest(found.mine.name)


def yield_to_theirs() -> None:
    """Leave theirs as it is, and put it on screen."""
    found = conflict()
    if found is not None:
        drop_conflict()
        show(found.theirs.name, found.theirs.revision)


def _show_newest(name: str) -> None:
    said_before = st.session_state.get(SAID)
    show(name, store_state.past(name)[-1].revision)
    st.session_state[SAID] = said_before


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
