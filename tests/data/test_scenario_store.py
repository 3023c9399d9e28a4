"""Saved scenarios: revisions, conflicts, parents, locks, approval; on both databases."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.actors import Actor, Role
from data.problems import RefusedError
from data.scenario_merging import Draft, draft_of, flat, merged, nested
from data.scenario_store import (
    RESERVED,
    Conflict,
    Saved,
    approve,
    delete,
    duplicate,
    history,
    lock,
    resolved,
    restore,
    save,
    scenario,
    scenarios,
    unlock,
)
from data.store import Store
from forecasts.presets import PRESETS
from forecasts.reading import scenario_from

ANA, BEN = Actor("ana"), Actor("ben")
LATE = Draft(
    "Late grid",
    {"merchant_utilisation": 0.6, "sites": {"romania": {"grid_lead_months": 48}}},
    description="Romania waits.",
    notes={"merchant_utilisation": "Board's view."},
    data_version="abc",
)


def test_every_save_is_a_revision_with_who_and_when(store: Store):
    first = save(store, ANA, LATE)
    assert isinstance(first, Saved)
    second = save(store, BEN, replace(LATE, notes={}), base=1)
    assert (first.revision, first.who, second.revision, second.who) == (1, "ana", 2, "ben")
    assert first.draft == LATE
    assert history(store, ANA, "Late grid") == (first, second)
    assert scenario(store, ANA, "Late grid", 1) == first
    assert scenarios(store, ANA) == (second,)
    assert first.at.endswith("+00:00")


def test_a_second_writer_gets_both_versions_and_chooses(store: Store):
    base = save(store, ANA, LATE)
    theirs = save(store, BEN, replace(LATE, description="Ben's."), base=1)
    mine = replace(LATE, changes={**LATE.changes, "merchant_utilisation": 0.5})
    found = save(store, ANA, mine, base=1)
    assert found == Conflict(base, theirs, mine)
    merge = found.merge()
    assert not merge.disputed
    assert merge.draft.description == "Ben's."
    assert merge.draft.changes["merchant_utilisation"] == 0.5
    third = save(store, ANA, merge.draft, base=found.theirs.revision)
    assert isinstance(third, Saved)
    assert third.revision == 3


def test_two_new_scenarios_of_one_name_are_a_conflict(store: Store):
    first = save(store, ANA, LATE)
    found = save(store, BEN, Draft("Late grid", {"pue": 1.1}))
    assert isinstance(found, Conflict)
    assert found.theirs == first
    assert scenarios(store, ANA) == (first,)


def test_restoring_makes_a_new_revision_and_keeps_the_others(store: Store):
    save(store, ANA, LATE)
    save(store, ANA, Draft("Late grid"), base=1)
    back = restore(store, BEN, "Late grid", 1, base=2)
    assert (back.revision, back.draft, back.what) == (3, LATE, "restored from 1")
    assert isinstance(restore(store, BEN, "Late grid", 1, base=2), Conflict)
    assert len(history(store, ANA, "Late grid")) == 3


def test_deleted_scenarios_leave_the_list_and_can_be_brought_back(store: Store):
    save(store, ANA, LATE)
    gone = delete(store, ANA, "Late grid", base=1)
    assert scenarios(store, ANA) == ()
    with pytest.raises(RefusedError, match="a saved scenario"):
        scenario(store, ANA, "Late grid")
    back = restore(store, ANA, "Late grid", 1, base=gone.revision)
    assert scenarios(store, ANA) == (back,)
    assert [one.what for one in history(store, ANA, "Late grid")] == [
        "saved",
        "deleted",
        "restored from 1",
    ]


def test_children_inherit_what_their_parents_state(store: Store):
    save(store, ANA, LATE)
    child = Draft("Child", {"sites": {"romania": {"pue": 1.3}, "kenya": {"pue": 1.4}}}, "Late grid")
    save(store, ANA, child)
    stated = resolved(store, ANA, "Child")
    assert stated["parent"] == "base"
    assert stated["merchant_utilisation"] == 0.6
    assert stated["sites"] == {
        "romania": {"grid_lead_months": 48, "pue": 1.3},
        "kenya": {"pue": 1.4},
    }
    read = scenario_from(stated, "store")
    assert (read.name, read.merchant_utilisation) == ("Child", 0.6)
    with pytest.raises(RefusedError, match="parent of Child"):
        delete(store, ANA, "Late grid", base=1)


def test_no_scenario_becomes_its_own_ancestor(store: Store):
    save(store, ANA, Draft("a"))
    save(store, ANA, Draft("b", parent="a"))
    with pytest.raises(RefusedError, match="a -> b -> a, expected no circle"):
        save(store, ANA, Draft("a", parent="b"), base=1)


def test_locked_scenarios_refuse_every_save_until_unlocked(store: Store):
    save(store, ANA, LATE)
    lock(store, ANA, "Late grid")
    for attempt in (
        lambda: save(store, BEN, LATE, base=1),
        lambda: restore(store, BEN, "Late grid", 1, base=1),
        lambda: delete(store, BEN, "Late grid", base=1),
    ):
        with pytest.raises(RefusedError, match="locked by ana"):
            attempt()
    unlock(store, ANA, "Late grid")
    assert isinstance(save(store, BEN, LATE, base=1), Saved)


def test_approval_keeps_what_was_approved_though_a_parent_changes(store: Store):
    save(store, ANA, LATE)
    save(store, ANA, Draft("Child", {"pue": 1.3}, "Late grid"))
    approved = approve(store, BEN, "Child", revision=1, note="Board of 3 December.")
    assert approved.approved
    save(store, ANA, Draft("Late grid"), base=1)
    later = save(store, ANA, Draft("Child", {"pue": 1.5}, "Late grid"), base=1)
    assert not later.approved
    assert later.approval.stated["merchant_utilisation"] == 0.6
    assert later.approval.stated["pue"] == 1.3
    with pytest.raises(RefusedError, match="revision 2 was saved by ana since"):
        approve(store, BEN, "Child", revision=1)


def test_a_copy_needs_a_free_name(store: Store):
    save(store, ANA, LATE)
    assert duplicate(store, ANA, "Late grid", "Copy").draft.changes == LATE.changes
    with pytest.raises(RefusedError, match="a name that is free"):
        duplicate(store, ANA, "Late grid", "Copy")


def test_viewers_change_no_scenario_by_any_call_and_analysts_approve_none(store: Store):
    save(store, ANA, LATE)
    store.set_role(ANA, "ana", Role.ADMIN)
    store.set_role(ANA, "ben", Role.VIEWER)
    store.set_role(ANA, "cem", Role.ANALYST)
    before = store.audit(ANA)
    for attempt in (
        lambda: save(store, BEN, LATE, base=1),
        lambda: save(store, BEN, Draft("mine")),
        lambda: duplicate(store, BEN, "Late grid", "Copy"),
        lambda: restore(store, BEN, "Late grid", 1, base=1),
        lambda: delete(store, BEN, "Late grid", base=1),
        lambda: lock(store, BEN, "Late grid"),
        lambda: unlock(store, Actor("cem"), "Late grid"),
        lambda: approve(store, Actor("cem"), "Late grid", revision=1),
        lambda: store.set_role(BEN, "ben", Role.ADMIN),
    ):
        with pytest.raises(RefusedError, match=r"(ben is viewer|cem is analyst), expected"):
            attempt()
    assert store.audit(ANA) == before


def test_workspaces_do_not_see_each_other(store: Store):
    save(store, ANA, LATE)
    other = Actor("ana", "other")
    assert scenarios(store, other) == ()
    assert save(store, other, Draft("Late grid")).revision == 1
    assert len(store.audit(other)) == 1


@pytest.mark.parametrize("name", ["", " x", "x\n", "a" * 121, "base", "Base"])
def test_names_that_are_none_are_refused(store: Store, name: str):
    with pytest.raises(RefusedError):
        save(store, ANA, Draft(name))


def test_what_cannot_be_kept_exactly_is_refused(store: Store):
    for wrong in ({"pue": float("nan")}, {"pue": object()}, {"long": "x" * 300_000}):
        with pytest.raises(RefusedError):
            save(store, ANA, Draft("x", wrong))
    odd = Draft("x'; DROP TABLE audit; --", {"name": "é🏭\u202e"}, notes={"pue": '=cmd|"/c"!A1'})
    assert save(store, ANA, odd).draft == odd


def test_presets_cannot_be_saved_over():
    assert set(PRESETS) <= RESERVED


PARTS = st.dictionaries(
    st.sampled_from(
        ["pue", "merchant_utilisation", "sites.romania.pue", "sites.kenya.merchant_utilisation"]
    ),
    st.one_of(st.none(), st.floats(0, 2)),
)


@given(PARTS)
def test_taking_apart_and_putting_together_are_inverse(parts):
    assert flat(nested(parts)) == parts
    draft = Draft("x", nested(parts), notes={"pue": "n"})
    assert draft_of("x", draft.parts()) == draft


@given(PARTS, PARTS, PARTS)
def test_a_merge_takes_what_one_changed_and_disputes_what_both_did(was, left, right):
    base, theirs, mine = (Draft("x", nested(parts)) for parts in (was, left, right))
    found = merged(base, theirs, mine)
    assert merged(base, base, mine).draft == mine
    assert merged(base, theirs, base).draft == theirs
    absent = object()
    for path in {*was, *left, *right}:
        before, they, me = (parts.get(path, absent) for parts in (was, left, right))
        disputed = they != before and me != before and they != me
        assert (f"changes.{path}" in found.disputed) == disputed
