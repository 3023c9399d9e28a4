"""Writers killed at any moment and many at once: nothing acknowledged is ever lost."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from faults import ANA, FORK, rows

from data.actors import Actor
from data.catalog import Catalog
from data.catalog_store import accept, in_force, versions
from data.scenario_merging import Draft
from data.scenario_store import Conflict, Saved, history, save, scenario, scenarios
from data.store import open_store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
KILLS = 100
WRITERS = 50


def keep_saving(where: str, catalog: Catalog, tell: int) -> None:
    """Save a scenario and accept rows, again and again; tell each once it is acknowledged."""
    with open_store(where) as store:
        known = {one.name: one.revision for one in scenarios(store, ANA)}
        revision, version = known.get("counted", 0), in_force(store, ANA).version
        accepted = len(versions(store, ANA))
        while accepted < 400:
            draft = Draft("counted", {"pue": 1 + revision / 1e6}, notes={"pue": "n" * 5000})
            saved = save(store, ANA, draft, base=revision)
            revision = saved.revision
            os.write(tell, f"scenario {revision}\n".encode())
            version = accept(store, ANA, rows(accepted), base=version, below=catalog).version
            accepted += 1
            os.write(tell, f"data {accepted}\n".encode())


def test_no_acknowledged_save_is_lost_by_killing_at_any_moment(tmp_path: Path, monkeypatch):
    """A store that kept every acknowledged row, after each of 100 kills during saves."""
    tables = {name: frame.head(0) for name, frame in in_force_of_nothing().tables.items()}
    small = Catalog(tables, "small0000000")
    # Children are forked: they see it too.
    monkeypatch.setattr("data.catalog_store.bundled", lambda: small)
    where, chance = str(tmp_path / "s.sqlite"), random.Random(7)
    acknowledged = {"scenario": 0, "data": 0}
    for _ in range(KILLS):
        read, write = os.pipe()
        child = FORK.Process(target=keep_saving, args=(where, small, write))
        child.start()
        os.close(write)
        with os.fdopen(read, "rb") as told:
            lines = [told.readline()]
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child.pid, signal.SIGKILL)
            lines += told.read().splitlines()
        child.join()
        for line in filter(None, lines):
            kind, number = line.split()
            acknowledged[kind.decode()] = int(number)
        with open_store(where) as store:
            assert store.notices == ()
            kept = history(store, ANA, "counted")
            assert [one.revision for one in kept] == list(range(1, len(kept) + 1))
            # One more may have been saved than was told.
            assert 0 <= len(kept) - acknowledged["scenario"] <= 1
            assert 0 <= len(versions(store, ANA)) - acknowledged["data"] <= 1
    assert acknowledged["scenario"] >= KILLS / 2


def in_force_of_nothing() -> Catalog:
    from data.catalog import bundled

    return bundled()


def write_once(where: str, number: int, tell: int) -> None:
    with open_store(where) as store:
        made = save(store, Actor(f"writer {number}"), Draft(f"own {number}"))
        assert isinstance(made, Saved)
        base = 0
        while isinstance(made := save(store, ANA, Draft("shared"), base=base), Conflict):
            base = made.theirs.revision
        os.write(tell, f"{made.revision}\n".encode())


def test_fifty_writers_at_once_all_save_and_none_overwrites_another(where: str):
    open_store(where).close()
    read, write = os.pipe()
    children = [
        FORK.Process(target=write_once, args=(where, number, write)) for number in range(WRITERS)
    ]
    for child in children:
        child.start()
    os.close(write)
    with os.fdopen(read, "rb") as told:
        revisions = sorted(int(line) for line in told)
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * WRITERS
    assert revisions == list(range(1, WRITERS + 1))
    with open_store(where) as store:
        assert len(scenarios(store, ANA)) == WRITERS + 1
        assert scenario(store, ANA, "shared").revision == WRITERS
