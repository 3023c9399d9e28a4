"""Faults of a PostgreSQL server: locked by another, killed in the middle, clients killed."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator

import psycopg
import pytest
from postgres_server import Server, started

from data import store as store_module
from data.actors import Actor
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_store import history, save
from data.store import open_store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
ANA = Actor("ana")
KILLS = 20


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    with started() as made:
        yield made


def test_a_server_locked_by_another_is_said_and_works_once_it_is_free(own_server, monkeypatch):
    monkeypatch.setattr(store_module, "WAIT_SECONDS", 1)
    where = own_server.address("locked")
    with open_store(where) as store:
        save(store, ANA, Draft("x"))
        with psycopg.connect(where) as other:
            other.execute("SELECT pg_advisory_xact_lock(7262)")
            with pytest.raises(RefusedError, match=r"locked by another program, .*; try again"):
                save(store, ANA, Draft("y"))
            assert len(history(store, ANA, "x")) == 1
        assert save(store, ANA, Draft("y")).revision == 1


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_server_restarted_or_killed_in_the_middle_of_a_save_saves_it_once(own_server, end):
    with open_store(own_server.address(f"faults_{end}")) as store:
        save(store, ANA, Draft("x"))
        calls = []

        def change(writing):
            calls.append(writing.at)
            writing.log("first half", None, None)
            if len(calls) == 1:
                getattr(own_server, end)()
                own_server.start()
            writing.log("second half", None, None)

        store.write(ANA, "save scenario", change)
        assert len(calls) == 2
        subjects = [row["subject"] for row in store.audit(ANA)]
        assert subjects == ["scenario x", "first half", "second half"]
        own_server.stop()
        with pytest.raises(RefusedError, match="the connection to the server was lost"):
            save(store, ANA, Draft("y"))
        own_server.start()
        assert save(store, ANA, Draft("y")).revision == 1


def keep_saving(where: str, tell: int) -> None:
    with open_store(where) as store:
        revision = len(history(store, ANA, "counted"))
        while True:
            draft = Draft("counted", {"pue": 1 + revision / 1e6}, notes={"pue": "n" * 5000})
            revision = save(store, ANA, draft, base=revision).revision
            os.write(tell, f"{revision}\n".encode())


def test_no_acknowledged_save_is_lost_by_killing_clients_at_any_moment(own_server):
    where, chance, acknowledged = own_server.address("clients"), random.Random(3), 1
    with open_store(where) as store:
        save(store, ANA, Draft("counted"))
    fork = multiprocessing.get_context("fork")
    for _ in range(KILLS):
        read, write = os.pipe()
        child = fork.Process(target=keep_saving, args=(where, write))
        child.start()
        os.close(write)
        with os.fdopen(read, "rb") as told:
            lines = [told.readline()]
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child.pid, signal.SIGKILL)
            lines += told.read().splitlines()
        child.join()
        acknowledged = max([acknowledged, *(int(line) for line in lines if line)])
        with open_store(where) as store:
            kept = [one.revision for one in history(store, ANA, "counted")]
        assert kept == list(range(1, len(kept) + 1))
        # One more may have been saved than was told.
        assert 0 <= len(kept) - acknowledged <= 1
        acknowledged = len(kept)
    assert acknowledged > KILLS / 2
