"""The same bytes from one thread, two threads, and any number of workers, also when one is lost."""

import os
import pickle
import signal
import socket

import pytest

from data.catalog import bundled
from data.problems import RefusedError
from forecasts import cluster as clusters
from forecasts.cluster import cluster
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertainty import carrier_of, here, simulate

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

FEW = Scenario(factories=("belgium", "romania"), months=120)
DESIGN = Design(1024, 9)


def simulated(mapper, progress=None):
    tables = bundled()
    return simulate(compile_plan(FEW, tables), outlook(tables), tables, DESIGN, mapper, progress)


@pytest.fixture(scope="module")
def expected():
    return simulated(here(1)).result_hash


def test_threads_give_the_same_bytes(expected):
    assert simulated(here(2)).result_hash == expected


def test_what_is_sent_is_small_and_carries_the_same():
    tables = bundled()
    carrier = carrier_of(compile_plan(FEW, tables), outlook(tables), tables, DESIGN)
    sent = pickle.dumps(carrier)
    assert len(sent) < 10_000_000
    rows = slice(256, 260)
    assert pickle.loads(sent)(rows).figures.tobytes() == carrier(rows).figures.tobytes()


def test_workers_give_the_same_bytes_also_after_one_is_lost(expected):
    from distributed import Client, LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as local:
        carried = cluster(local.scheduler_address)
        assert simulated(carried).result_hash == expected
        for count in (2, 3):
            local.scale(count)
            with Client(local) as client:
                client.wait_for_workers(count, timeout=60)
            assert simulated(carried).result_hash == expected
        killed = []

        def kill_one(done, of):
            if not killed and done < of:
                worker = next(iter(local.workers.values()))
                killed.append(worker.pid)
                os.kill(worker.pid, signal.SIGKILL)

        assert simulated(carried, kill_one).result_hash == expected
        assert killed


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(clusters, "SECONDS", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(RefusedError, match="running Dask scheduler"):
        simulated(cluster(f"tcp://127.0.0.1:{port}"))
    with pytest.raises(RefusedError, match="running Dask scheduler"):
        simulated(cluster("nonsense://x"))


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(RefusedError, match="rackcast\\[cluster\\]"):
        simulated(cluster("tcp://127.0.0.1:1"))


def test_whoever_stops_early_gets_an_end():
    def stop(done, of):
        raise KeyboardInterrupt(done, of)

    with pytest.raises(KeyboardInterrupt):
        simulated(here(2), stop)
