"""Alerts in the store: raised once, never changed, acknowledged with a name."""

import os
from pathlib import Path

import pytest
from faults import ANA, FORK
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data import store_opening
from data.actors import Actor, Role
from data.alert_store import Alert, acknowledge, alerts, raise_alerts
from data.audit import trail
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_store import save, scenarios
from data.store import Store, open_store
from data.store_backup import back_up, contents, restore_backup

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def alert(same: object, told: str = "It moved.") -> Alert:
    return Alert("npv", told, {"change_usd": -6e7}, same, "data1")


def test_an_alert_is_raised_once_and_the_first_words_stand(store: Store):
    (made,) = raise_alerts(store, ANA, [alert(["sec", 1]), alert(["sec", 1], "Again.")])
    assert (made.number, made.told, made.who) == (1, "It moved.", "ana")
    assert made.content == {"change_usd": -6e7}
    assert made.waits
    assert raise_alerts(store, ANA, [alert(["sec", 1], "Next day.")]) == ()
    assert raise_alerts(store, ANA, []) == ()
    assert len(raise_alerts(store, ANA, [alert(["sec", 2])])) == 1
    assert len(raise_alerts(store, Actor("ana", "elsewhere"), [alert(["sec", 1])])) == 1
    assert [one.number for one in alerts(store, ANA)] == [1, 2]


def test_acknowledging_keeps_the_first_name_and_is_audited(store: Store):
    raise_alerts(store, ANA, [alert(1), alert(2)])
    (done,) = acknowledge(store, ANA, [1], "Asked the supplier.")
    assert (done.acknowledged_by, done.note, done.waits) == ("ana", "Asked the supplier.", False)
    acknowledge(store, Actor("ben"), [1, 2])
    assert [one.acknowledged_by for one in alerts(store, ANA)] == ["ana", "ben"]
    told = [(row["action"], row["subject"], row["who"]) for row in trail(store, ANA).rows]
    assert told[2:] == [
        ("acknowledge alert", "alert 1", "ana"),
        ("acknowledge alert", "alert 2", "ben"),
    ]
    assert trail(store, ANA).broken == ()
    with pytest.raises(RefusedError, match="got 9, expected the number of an alert"):
        acknowledge(store, ANA, [9])
    with pytest.raises(RefusedError, match="got 1, expected the number of an alert"):
        acknowledge(store, Actor("ana", "elsewhere"), [1])
    with pytest.raises(RefusedError, match="expected at most 2,000"):
        acknowledge(store, ANA, [1], "n" * 2001)


def test_alerts_and_acknowledgements_resist_sql(store: Store):
    raise_alerts(store, ANA, [alert(1)])
    acknowledge(store, ANA, [1])
    for table in ("alerts", "acknowledgements"):
        refused = pytest.raises(DBAPIError, match=f"{table} is append-only")
        with refused, store.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def test_a_viewer_sees_alerts_and_neither_raises_nor_acknowledges(store: Store):
    store.set_role(ANA, "ana", Role.ADMIN)
    store.set_role(ANA, "vera", Role.VIEWER)
    raise_alerts(store, ANA, [alert(1)])
    vera = Actor("vera")
    assert len(alerts(store, vera)) == 1
    for act in (
        lambda: raise_alerts(store, vera, [alert(2)]),
        lambda: acknowledge(store, vera, [1]),
    ):
        with pytest.raises(RefusedError, match="vera is viewer, expected analyst"):
            act()


def raise_once(where: str, tell: int) -> None:
    with open_store(where) as store:
        made = raise_alerts(store, Actor(f"writer {os.getpid()}"), [alert(1)])
        acknowledge(store, Actor(f"writer {os.getpid()}"), [1])
        os.write(tell, f"{len(made)}\n".encode())


def test_two_looks_at_once_raise_one_alert(where: str):
    open_store(where).close()
    read, write = os.pipe()
    children = [FORK.Process(target=raise_once, args=(where, write)) for _ in range(4)]
    for child in children:
        child.start()
    os.close(write)
    with os.fdopen(read, "rb") as told:
        raised = [int(line) for line in told]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * 4
    assert sum(raised) == 1
    with open_store(where) as store:
        assert len(alerts(store, ANA)) == 1
        assert trail(store, ANA).broken == ()


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_older_stores_gain_alerts_and_keep_what_they_hold(tmp_path: Path, monkeypatch, schema):
    where = str(tmp_path / "old.sqlite")
    with monkeypatch.context() as older:
        older.setattr(store_opening, "HEAD", schema)
        with open_store(where) as store:
            save(store, ANA, Draft("x", {"pue": 1.3}))
    with open_store(where) as store:
        assert [one.name for one in scenarios(store, ANA)] == ["x"]
        assert len(raise_alerts(store, ANA, [alert(1)])) == 1
        before = back_up(store, ANA, tmp_path / "b.zip")
    with open_store(str(tmp_path / "new.sqlite")) as other:
        restore_backup(other, ANA, tmp_path / "b.zip")
        assert contents(other, ANA) == before
        assert [one.told for one in alerts(other, ANA)] == ["It moved."]
