"""`rackcast watch` and the banner: what changed, what it moves, alerts, and a clean end."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from app_visits import opened

from dashboard import cli, watch_commands
from data.actors import Actor, Role
from data.alert_store import alerts
from data.catalog import bundled
from data.connectors import fetching, refresh
from data.connectors.connector import Connector
from data.store import open_store

PRICES = bundled().tables["gpu_hour_prices"]
NEWEST = PRICES[(PRICES["gpu"] == "H100") & (PRICES["tier"] == "contract")].iloc[-1]


def rows_of(_url: str, content: bytes, day: str) -> list[dict[str, object]]:
    """Read `period,value` lines as prices of an H100."""
    if b"," not in content:
        return []
    lines = [line.split(",") for line in content.decode().splitlines()]
    fixed = {name: NEWEST[name] for name in PRICES.columns}
    return [
        fixed | {"period": period, "value": float(value), "low": "", "high": "", "date": day}
        for period, value in lines
    ]


FAKE = Connector("prices", "Price tracker: GPU-hours", "gpu_hour_prices",
                 ("https://prices.example/h100",), rows_of)  # fmt: skip
DOWN = Connector("down", "Silent source: nothing", "gpu_hour_prices",
                 ("https://down.example/x",), rows_of)  # fmt: skip


@pytest.fixture(autouse=True)
def sources(own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(refresh, "CONNECTORS", {"prices": FAKE, "down": DOWN})
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(fetching, "LONGEST_WAIT", 0.0)


def says(monkeypatch: pytest.MonkeyPatch, *rows: tuple[str, float]) -> None:
    """Let the price tracker say rows of period and value; the other source is silent."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "down.example":
            raise httpx.ConnectError("no network", request=request)
        return httpx.Response(200, text="".join(f"{period},{value}\n" for period, value in rows))

    transport = httpx.MockTransport(answer)
    monkeypatch.setattr(fetching, "new_client", lambda: httpx.Client(transport=transport))


def run(*arguments: str) -> int:
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def same(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, (str(NEWEST["period"]), float(NEWEST["value"])))


def test_nothing_new_is_code_0(monkeypatch, capsys):
    same(monkeypatch)
    assert run("watch", "prices", "--once") == 0
    out = capsys.readouterr().out
    assert "Price tracker: nothing new among 1 figures" in out
    assert "no new alert" in out


def test_a_value_outside_the_issued_interval_raises_one_alert(monkeypatch, capsys, own_store):
    assert run("scorecard", "--issue") == 0
    says(monkeypatch, ("2026-09", 2.9), ("2026-10", 20.0))
    tell = own_store.with_name("told.txt")
    big = ("--threshold", "1e12", "--tell", str(tell))
    capsys.readouterr()
    assert run("watch", "prices", "--once", *big) == 3
    lines = [one for one in capsys.readouterr().out.splitlines() if one.startswith("ALERT")]
    assert len(lines) == 1
    assert "H100 GPU-hour price, 2026-10: 20 USD per gpu hour came, outside" in lines[0]
    assert "issue 1 (Price tracker says so, not accepted yet)" in lines[0]
    assert tell.read_text("utf-8").count("\n") == 1
    assert run("watch", "prices", *big) == 0
    assert "1 earlier alert waits" in capsys.readouterr().out
    assert tell.read_text("utf-8").count("\n") == 1
    assert run("refresh", "prices", "--accept") == 0
    assert run("watch", "prices", *big) == 0


def test_a_move_of_npv_beyond_the_threshold_raises_an_alert_with_its_bridge(monkeypatch, capsys):
    says(monkeypatch, ("2026-09", 1.9))
    assert run("watch", "prices", "--threshold", "1e12", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    source = made["sources"][0]
    assert source["series"] == ["gpu_hour_price"]
    change = source["metrics"]["npv"]["after"] - source["metrics"]["npv"]["before"]
    assert change < -1e6
    assert sum(one["change_usd"] for one in source["npv_steps"]) == pytest.approx(change)
    assert made["alerts"] == []
    assert made["scenario"] == "the base case"
    assert run("watch", "prices", "--threshold", "1e6", "--json") == 3
    made = json.loads(capsys.readouterr().out)
    (alert,) = made["alerts"]
    assert alert["kind"] == "npv"
    assert alert["figures"]["change_usd"] == pytest.approx(change)
    assert made["threshold_usd"] == 1e6
    assert run("watch", "prices", "--threshold", "1e6") == 0
    out = capsys.readouterr().out
    assert "moves H100 GPU-hour price; NPV" in out


def test_wrong_usage_cannot_be_taken_for_an_alert(monkeypatch, capsys):
    says(monkeypatch, ("2026-09", 1.9))
    wrong = [("--threshold", "much"), ("--ones",), ("--threshold", "-1")]
    assert [run("watch", "prices", *one) for one in wrong] == [2, 2, 2]
    assert run("watch", "prices", "--every", "soon") == 1
    capsys.readouterr()
    assert run("watch", "prices", "--threshold", "1e6") == 3
    assert "ALERT" in capsys.readouterr().out
    assert watch_commands.ALERTED not in {0, 1, 2}


def test_a_failing_source_is_told_and_the_others_are_asked(monkeypatch, capsys, own_store):
    same(monkeypatch)
    assert run("watch", "down", "prices") == 1
    out, err = capsys.readouterr()
    assert "Silent source: could not be asked; the others go on" in out
    assert "Price tracker: nothing new" in out
    assert len(err.strip().splitlines()) == 1
    assert "no answer" in err
    says(monkeypatch, ("2026-09", 1.9))
    assert run("watch", "down", "prices", "--threshold", "1e6") == 3
    assert "no answer" in capsys.readouterr().err
    with open_store(str(own_store)) as store:
        rows = [row for row in store.audit(store.operator()) if row["action"] == "refresh"]
    assert [row["subject"] for row in rows] == ["down", "prices"] * 2


def test_it_looks_again_and_again_until_it_is_stopped(monkeypatch, capsys):
    same(monkeypatch)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(watch_commands, "wait", wait)
    assert run("watch", "down", "prices", "--every", "24h", "--json") == 0
    assert signal.getsignal(signal.SIGTERM) is before
    out, err = capsys.readouterr()
    assert [len(json.loads(line)["sources"]) for line in out.splitlines()] == [2, 2]
    assert err.splitlines()[-1] == "stopped"
    assert err.count("no answer") == 2
    assert all(86000 < one <= 86400 for one in waits)


def test_a_store_that_fails_once_does_not_end_the_watch(monkeypatch, capsys):
    from data.problems import Problem, RefusedError

    same(monkeypatch)
    looks: list[int] = []
    real = watch_commands._look

    def sometimes(asked):
        looks.append(1)
        if len(looks) == 1:
            raise RefusedError([Problem("store", "locked", "a store that answers", "try again")])
        return real(asked)

    def wait(_: float) -> None:
        if len(looks) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch_commands, "_look", sometimes)
    monkeypatch.setattr(watch_commands, "wait", wait)
    assert run("watch", "prices", "--every", "30m") == 0
    out, err = capsys.readouterr()
    assert "not done: store: got locked" in err
    assert "nothing new" in out


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_cleanly(own_store: Path, stop):
    script = (
        "import httpx; from data.connectors import fetching; from dashboard import cli\n"
        "def down(request): raise httpx.ConnectError('down')\n"
        "fetching.new_client = lambda: httpx.Client(transport=httpx.MockTransport(down))\n"
        "fetching.LONGEST_WAIT = fetching.PAUSE_SECONDS = 0\n"
        "cli.main(['watch', 'owid', '--every', '24h'])\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    timer = threading.Timer(60, child.kill)
    timer.start()
    assert child.stdout is not None
    while (line := child.stdout.readline()) and "no new alert" not in line:
        pass
    time.sleep(0.3)
    child.send_signal(stop)
    _, err = child.communicate()
    timer.cancel()
    assert child.returncode == 0, err
    assert err.splitlines()[-1] == "stopped"
    assert "Traceback" not in err
    assert own_store.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--every", "soon"), "expected minutes, hours or days"),
        (("--every", "40d"), "up to 31d"),
        (("--every", "0m"), "expected minutes"),
        (("--every", "1h", "--once"), "--every and --once, expected one of them"),
        (("--note", "x"), "add --acknowledge"),
        (("--acknowledge", "one"), "expected numbers of alerts"),
        (("--acknowledge", "7"), "expected the number of an alert"),
        (("nowhere",), "expected one that is refreshed"),
        (("--tell", "/no/such/folder/x"), "a file that can be reached"),
    ],
)
def test_what_cannot_be_watched_is_refused_in_a_line(capsys, arguments, told):
    assert run("watch", *arguments) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert told in lines[0]


def test_a_viewer_cannot_watch(own_store: Path, monkeypatch, capsys):
    same(monkeypatch)
    closed_to_viewers(own_store)
    assert run("watch", "prices") == 1
    assert "is viewer, expected analyst" in capsys.readouterr().err


def closed_to_viewers(own_store: Path) -> None:
    with open_store(str(own_store)) as store:
        me = store.operator()
        store.set_role(me, "boss", Role.ADMIN)
        store.set_role(Actor("boss"), me.name, Role.VIEWER)


def test_alerts_are_acknowledged_by_command(monkeypatch, capsys):
    says(monkeypatch, ("2026-09", 1.9))
    assert run("watch", "prices", "--threshold", "1e6") == 3
    assert run("watch", "--acknowledge", "all", "--note", "Known.") == 0
    assert "alert 1: acknowledged by" in capsys.readouterr().out
    assert run("watch", "--acknowledge", "all") == 0
    assert "no alert waits" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("page", ["overview", "trust"])
def test_the_banner_stands_until_somebody_acknowledges(monkeypatch, own_store, page):
    says(monkeypatch, ("2026-09", 1.9))
    assert run("watch", "prices", "--threshold", "1e6") == 3
    app = opened(page)
    told = [one.value for one in app.warning]
    assert any("Price tracker would move NPV" in one.replace("\\", "") for one in told)
    app.button(key="alerts_seen").click().run()
    assert not app.exception, app.exception[0].message
    assert not any("Price tracker" in one.value for one in app.warning)
    with open_store(str(own_store)) as store:
        (one,) = alerts(store, store.operator())
        assert one.acknowledged_by == store.operator().name
        assert store.audit(store.operator())[-1]["action"] == "acknowledge alert"
    app = opened("trust")
    app.segmented_control(key="trust_view").set_value("Issued forecasts").run()
    assert any("Acknowledged by" in frame.value.columns for frame in app.dataframe)


@pytest.mark.slow
def test_a_viewer_sees_the_banner_and_cannot_take_it_away(monkeypatch, own_store):
    says(monkeypatch, ("2026-09", 1.9))
    assert run("watch", "prices", "--threshold", "1e6") == 3
    closed_to_viewers(own_store)
    assert opened("trust").button(key="alerts_seen").disabled
