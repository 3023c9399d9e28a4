"""Who may call the REST service, who is sent away, and what becomes of work nobody waits for."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from asked import ask, post, problems

from dashboard.api import desk
from dashboard.api.doors import TOKEN, terms
from data.problems import RefusedError

ROOT = Path(__file__).parents[2]
SECRET = "0123456789abcdef-secret"


def test_a_token_is_asked_for_where_one_is_set():
    locked = terms("0.0.0.0", (), {TOKEN: SECRET})
    for path in ("/factories", "/quantities", "/openapi.json", "/nothing"):
        assert problems(ask("GET", path, locked), 401)["Authorization"]["value"] == "nothing"
    problems(post("/project", {}, of=locked), 401)
    for shown in (f"Bearer {SECRET}x", SECRET, f"Basic {SECRET}", "Bearer", "Bearer \xe9"):
        wrong = ask("GET", "/factories", locked, headers={"authorization": shown.encode("latin-1")})
        assert wrong.headers["www-authenticate"] == "Bearer"
        problems(wrong, 401)
    shown = {"authorization": f"Bearer {SECRET}", "host": "rackcast.example"}
    assert ask("GET", "/factories", locked, headers=shown).status_code == 200
    described = ask("GET", "/openapi.json", locked, headers=shown).json()
    assert described["security"] == [{"token": []}]
    assert SECRET not in json.dumps(described)
    assert ask("GET", "/health", locked).status_code == 200


def test_no_page_of_others_may_call():
    other = ask("GET", "/factories", headers={"origin": "https://evil.example"})
    assert "Origin" in problems(other, 403)
    named = ask("GET", "/factories", headers={"host": "evil.example:8600"})
    assert "Host" in problems(named, 403)
    own = ask("GET", "/factories", headers={"origin": "http://127.0.0.1:8600"})
    assert own.status_code == 200
    asked = ask("OPTIONS", "/project", headers={"origin": "http://127.0.0.1:8600"})
    for answer in (other, named, own, asked):
        assert not [one for one in answer.headers if one.startswith("access-control-")]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("host", "embed", "environ", "place"),
    [
        ("0.0.0.0", (), {}, "--host"),
        ("::", (), {}, "--host"),
        ("example.org", (), {}, "--host"),
        ("127.0.0.1", (), {TOKEN: "short"}, TOKEN),
        ("0.0.0.0", (), {TOKEN: "a token with spaces in it"}, TOKEN),
        ("127.0.0.1", ("intranet.example",), {}, "--embed-in"),
        ("127.0.0.1", ("https://a.example/x",), {}, "--embed-in"),
        ("127.0.0.1", ("https://a.example; script-src *",), {}, "--embed-in"),
    ],
)
def test_a_service_open_to_others_does_not_begin(host, embed, environ, place):
    with pytest.raises(RefusedError) as refused:
        terms(host, embed, environ)
    assert [one.place for one in refused.value.problems] == [place]
    assert all(text not in str(refused.value) for text in environ.values())


def test_the_command_says_so_in_one_line():
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "serve", "--host", "0.0.0.0"],
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert re.fullmatch(r"refused: --host: got 0\.0\.0\.0 lets others in .+\n", done.stderr)


def test_who_leaves_ends_what_was_begun_and_who_comes_late_is_sent_away():
    begun, ended = threading.Event(), threading.Event()

    def endless(tell):
        begun.set()
        try:
            while True:
                tell(1, 2)
                ended.wait(0.001)
        finally:
            ended.set()

    class Leaving:
        async def receive(self):
            while not begun.is_set():
                await asyncio.sleep(0.001)
            return {"type": "http.disconnect"}

    async def left():
        with pytest.raises(desk.LeftError):
            await at.worked(Leaving(), endless)
        assert at.waiting == 0
        at.waiting = desk.AT_ONCE + desk.MOST_WAITING
        with pytest.raises(desk.BusyError):
            await at.worked(Leaving(), endless)

    at = desk.Desk()
    asyncio.run(asyncio.wait_for(left(), 20))
    assert ended.is_set()


def test_who_comes_late_is_told_when_to_come_back(monkeypatch):
    monkeypatch.setattr(desk, "MOST_WAITING", -1)
    answer = post("/project", {})
    assert "service" in problems(answer, 503)
    assert int(answer.headers["retry-after"]) > 0
