"""The app served by two processes on one port, as `rackcast dashboard --replicas 2` does it."""

import asyncio
import json
import os
import re
import signal
from pathlib import Path

import httpx
import pytest
from running_app import App, running
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from waiting import until

from benchmarks.visitor import Visitor
from dashboard.usher import COOKIE

pytestmark = pytest.mark.slow

DECIDED = "earns its cost of capital"


def health(app: App, home: int) -> dict[str, object]:
    try:
        cookies = {"cookie": f"{COOKIE}={home}"}
        return httpx.get(f"{app.address}/health", headers=cookies, timeout=10).json()
    except (httpx.TransportError, json.JSONDecodeError):
        return {"replica": 0}


def all_serve(app: App) -> bool:
    return all(health(app, number)["replica"] == number for number in (1, 2))


def children(process: int) -> list[int]:
    """The processes of replicas, each told by its own number."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == process:
            found.append(int(place.name))
    return found


def gone(processes: list[int]) -> bool:
    return not any(Path(f"/proc/{one}").exists() for one in processes)


def home_of(visitor: Visitor) -> int:
    said = str(visitor.socket.response.headers["set-cookie"])
    return int(re.search(rf"{COOKIE}=(\d)", said)[1])


def at_home(number: int) -> dict[str, str]:
    return {"cookie": f"{COOKIE}={number}"}


async def visitors_spread_and_stay(app: App) -> None:
    pages = [Visitor(app.address) for _ in range(4)]
    try:
        for page in pages:
            await page.__aenter__()
        assert sorted(home_of(page) for page in pages) == [1, 1, 2, 2]
    finally:
        for page in pages:
            await page.socket.close()
    for number in (1, 2):
        async with Visitor(app.address, at_home(number)) as page:
            assert "set-cookie" not in page.socket.response.headers
            await page.run()
            await page.until()
            assert any(DECIDED in text for text in page.texts)
            assert page.problems == []


async def uploads_and_files_find_their_session(app: App) -> None:
    async with httpx.AsyncClient(base_url=app.address) as browser:
        first = await browser.get("/")
        assert COOKIE in first.cookies
        home = int(first.cookies[COOKIE])
        await browser.get("/_stcore/health")
        token = browser.cookies["_streamlit_xsrf"]
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        async with Visitor(app.address, {"cookie": cookies, "xsrf": token}) as page:
            await page.run()
            await page.until()
            await page.run(page="Operations")
            await page.until()
            await page.socket.send(asks_for_a_file(page, "Audit trail"))
            answer = await answered(page, "backend_operation_response")
            kept = await browser.get(answer.backend_operation_response.deferred_file.url)
            assert "Shared by both" in kept.text
            await page.run(page="Upload")
            await page.until()
            await page.socket.send(asks_for_a_place())
            answer = await answered(page, "file_urls_response")
            place = answer.file_urls_response.file_urls[0]
            content = {"file": ("mine.csv", b"country,mw\nROU,5\n")}
            sent = await browser.put(
                place.upload_url, files=content, headers={"X-Xsrftoken": token}
            )
            assert sent.status_code == 204
            await page.run(set_widget=lambda message: uses(message, page, place))
            await page.until()
            assert any("mine.csv" in text for text in page.texts)
        # The other replica does not know this page: that is what the cookie is for.
        browser.cookies.set(COOKIE, str(3 - home))
        sent = await browser.put(place.upload_url, files=content, headers={"X-Xsrftoken": token})
        assert sent.status_code == 400


async def answered(page: Visitor, kind: str) -> ForwardMsg:
    answer = ForwardMsg()
    async with asyncio.timeout(30):
        while answer.WhichOneof("type") != kind:
            answer.ParseFromString(await page.socket.recv())
    return answer


def asks_for_a_file(page: Visitor, label: str) -> bytes:
    message = BackMsg()
    asked = message.backend_operation_request
    asked.request_id, asked.session_id = "1", page.session
    asked.deferred_file.file_id = page.downloads[label]
    return message.SerializeToString()


def asks_for_a_place() -> bytes:
    message = BackMsg()
    message.file_urls_request.file_names.append("mine.csv")
    return message.SerializeToString()


def uses(message: BackMsg, page: Visitor, place: object) -> None:
    one = message.rerun_script.widget_states.widgets.add()
    one.id = page.widgets["A spreadsheet or text file"]
    held = one.file_uploader_state_value.uploaded_file_info.add()
    held.file_id, held.name, held.size = place.file_id, "mine.csv", 20
    held.file_urls.CopyFrom(place)


async def a_scenario_saved_here_is_seen_there(app: App) -> None:
    query = "scenario_view=Save"
    async with Visitor(app.address, at_home(1)) as one:
        await one.run(query=query)
        await one.until()
        await one.run(query=query, page="Scenarios")
        await one.until()

        def names(message: BackMsg) -> None:
            field = message.rerun_script.widget_states.widgets.add()
            field.id, field.string_value = one.widgets["Name of a new scenario"], "Shared by both"
            pressed = message.rerun_script.widget_states.widgets.add()
            pressed.id, pressed.trigger_value = one.widgets["Save as new"], True

        await one.run(query=query, set_widget=names)
        await one.until()
    async with Visitor(app.address, at_home(2)) as two:
        await two.run(query="scenario_view=Manage&of=Shared+by+both")
        await two.until()
        await two.run(query="scenario_view=Manage&of=Shared+by+both", page="Scenarios")
        await two.until()
        assert "Approve revision 1" in two.widgets


def test_two_replicas_serve_one_store_and_a_killed_one_is_begun_again(tmp_path: Path) -> None:
    with running(tmp_path, {}, options=["--replicas", "2"]) as app:
        until(lambda: all_serve(app), 120)
        asyncio.run(visitors_spread_and_stay(app))
        asyncio.run(a_scenario_saved_here_is_seen_there(app))
        asyncio.run(uploads_and_files_find_their_session(app))
        before = children(app.process.pid)
        assert len(before) == 2
        killed = int(health(app, 2)["process"])
        os.kill(killed, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{killed}").exists())
        # Whoever was at home there is served by the other until it is back.
        assert health(app, 2)["replica"] == 1
        until(lambda: all_serve(app), 120)
        assert "replica 2 of 2 ended (signal 9) and is begun again" in app.log.read_text()
        after = children(app.process.pid)
        app.process.terminate()
        assert app.process.wait(20) == 0
        assert gone([*before, *after])
    assert "Traceback" not in app.log.read_text()


def test_replicas_end_when_the_process_that_began_them_was_killed(tmp_path: Path) -> None:
    with running(tmp_path, {}, options=["--replicas", "2"]) as app:
        held = children(app.process.pid)
        assert held
        app.process.kill()
        until(lambda: gone(held), 40)


def test_settings_that_cannot_serve_end_the_start_in_words(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"")
    settings = {"RACKCAST_SIGN_IN": "proxy", "RACKCAST_PROXIES": "127.0.0.1"}
    with (
        pytest.raises(AssertionError, match=r"ended with 1: .*it has no admin"),
        running(tmp_path, settings, options=["--replicas", "2"]),
    ):
        raise AssertionError("it serves")
