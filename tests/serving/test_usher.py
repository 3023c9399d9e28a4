"""The usher: which replica a connection is brought to, and what happens when replicas end."""

import asyncio
import io
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable

import pytest

from dashboard import replicas, usher
from dashboard.replicas import Keeper, serve_replicas
from dashboard.usher import CAME, COOKIE, LEFT, READY, Home, Usher
from data.problems import RefusedError

PLAIN = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


def cookie(number: object) -> bytes:
    return f"GET / HTTP/1.1\r\ncookie: a=1; {COOKIE}={number}; b=2\r\n\r\n".encode()


class Hall:
    """An usher with replicas that only tell what they were given."""

    def __init__(self, count: int) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.usher = Usher(self.listener)
        self.theirs: dict[int, socket.socket] = {}
        for number in range(1, count + 1):
            ours, theirs = socket.socketpair()
            self.theirs[number] = theirs
            self.usher.add(Home(number, ours))

    async def tell(self, number: int, what: bytes) -> None:
        self.theirs[number].send(what)
        await asyncio.sleep(0.02)

    async def sent(self, *parts: bytes) -> socket.socket:
        """Ask for something in one or several parts."""
        visitor = await asyncio.to_thread(socket.create_connection, self.listener.getsockname())
        for part in parts:
            visitor.send(part)
            await asyncio.sleep(0.05)
        return visitor

    def given(self, number: int) -> list[bytes]:
        """Take what a replica was given: what each visitor asked, still whole."""
        found = []
        self.theirs[number].setblocking(False)
        while True:
            try:
                _, files, _, _ = socket.recv_fds(self.theirs[number], 1, 1)
            except BlockingIOError:
                return found
            with socket.socket(fileno=files[0]) as held:
                found.append(held.recv(65536))

    def close(self) -> None:
        for home in list(self.usher.homes.values()):
            self.usher.drop(home)
        self.usher.close()
        for one in self.theirs.values():
            one.close()


def in_a_hall(count: int, story: "Callable[[Hall], object]") -> None:
    async def run() -> None:
        hall = Hall(count)
        try:
            await story(hall)
        finally:
            hall.close()

    asyncio.run(run())


def test_new_visitors_go_where_fewest_pages_are_and_known_ones_home() -> None:
    async def story(hall: Hall) -> None:
        await hall.tell(1, READY)
        await hall.tell(2, READY)
        visitors = [await hall.sent(PLAIN) for _ in range(4)]
        assert [len(hall.given(number)) for number in (1, 2)] == [2, 2]
        await hall.tell(1, CAME + CAME)
        visitors += [await hall.sent(PLAIN) for _ in range(2)]
        assert [len(hall.given(number)) for number in (1, 2)] == [0, 2]
        await hall.tell(1, LEFT + LEFT)
        await hall.tell(2, CAME)
        visitors += [await hall.sent(cookie(2)), await hall.sent(cookie(1))]
        assert (hall.given(1), hall.given(2)) == ([cookie(1)], [cookie(2)])
        for visitor in visitors:
            visitor.close()

    in_a_hall(2, story)


def test_a_home_that_is_gone_or_never_was_is_another_one() -> None:
    async def story(hall: Hall) -> None:
        await hall.tell(1, READY)
        visitors = [await hall.sent(cookie(name)) for name in (2, 9, "x", -1)]
        assert len(hall.given(1)) == 4
        await hall.tell(2, READY)
        hall.theirs[2].close()
        await asyncio.sleep(0.05)
        visitors.append(await hall.sent(cookie(2)))
        assert hall.given(1) == [cookie(2)]
        hall.theirs[1].close()
        await asyncio.sleep(0.05)
        visitors.append(await hall.sent(PLAIN))
        visitors[-1].settimeout(5)
        answer = await asyncio.to_thread(visitors[-1].recv, 4096)
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"try again in a few seconds" in answer
        for visitor in visitors:
            visitor.close()

    in_a_hall(2, story)


def test_a_request_in_pieces_is_waited_for_and_one_that_never_ends_is_not(monkeypatch) -> None:
    async def story(hall: Hall) -> None:
        await hall.tell(1, READY)
        await hall.tell(2, READY)
        whole = cookie(2)
        visitors = [await hall.sent(whole[:20], whole[20:50], whole[50:])]
        assert (hall.given(1), hall.given(2)) == ([], [whole])
        monkeypatch.setattr(usher, "WHOLE_S", 0.05)
        visitors.append(await hall.sent(b"GET / HT", b""))
        await asyncio.sleep(0.15)
        assert hall.given(1) + hall.given(2) == [b"GET / HT"]
        left = await hall.sent()
        left.close()  # asks for nothing: given to nobody
        await asyncio.sleep(0.05)
        assert hall.given(1) + hall.given(2) == []
        for visitor in visitors:
            visitor.close()

    in_a_hall(2, story)


def test_a_connection_on_which_nothing_is_asked_is_closed(monkeypatch) -> None:
    monkeypatch.setattr(usher, "IDLE_S", 0.05)

    async def story(hall: Hall) -> None:
        await hall.tell(1, READY)
        visitor = await hall.sent()
        visitor.settimeout(5)
        assert await asyncio.to_thread(visitor.recv, 1) == b""
        visitor.close()

    in_a_hall(1, story)


SERVES = """
import os, signal, socket, time
n, of, file, board = map(int, os.environ["RACKCAST_REPLICA"].split())
{first}
usher = socket.socket(fileno=file)
usher.send(b"r")
{then}
"""


def keeper(then: str, held: io.FileIO, first: str = "") -> Keeper:
    code = SERVES.format(first=first, then=then)
    listener = socket.create_server(("127.0.0.1", 0))
    return Keeper(2, Usher(listener), held, "http://here", command=(sys.executable, "-c", code))


def test_a_replica_that_never_serves_ends_the_start_in_words() -> None:
    with tempfile.TemporaryFile() as held:
        kept = keeper("", held)
        kept.command = (sys.executable, "-c", "import sys; sys.exit(3)")
        with pytest.raises(RefusedError, match=r"exit code 3\) before it served.*said above"):
            asyncio.run(kept.keep())


def test_replicas_that_end_again_and_again_are_given_up_and_all_end(capsys) -> None:
    with tempfile.TemporaryFile() as held:
        kept = keeper("time.sleep(60) if n == 1 else os.kill(os.getpid(), 9)", held)
        with pytest.raises(
            RefusedError, match="4 replicas ended within 60 s, the last by signal 9"
        ):
            asyncio.run(kept.keep())
    said = capsys.readouterr()
    assert said.err.count("replica 2 of 2 ended (signal 9) and is begun again") == 3
    assert "served by 2 processes" in said.out
    assert all(one.returncode is not None for one in kept.processes.values())


def test_a_stop_ends_replicas_by_force_where_they_do_not_end_by_themselves(monkeypatch) -> None:
    monkeypatch.setattr(replicas, "ENDS_WITHIN_S", 0.3)

    async def story(kept: Keeper) -> None:
        task = asyncio.create_task(kept.keep())
        async with asyncio.timeout(60):
            while [home.ready for home in kept.usher.homes.values()] != [True, True]:
                await asyncio.sleep(0.02)
            os.kill(os.getpid(), signal.SIGTERM)
            await task

    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN) if n == 1 else 0"
    with tempfile.TemporaryFile() as held:
        kept = keeper("time.sleep(60)", held, first=deaf)
        asyncio.run(story(kept))
    assert {number: one.returncode for number, one in kept.processes.items()} == {1: -9, 2: -15}


def test_what_cannot_be_begun_is_refused_before_anything_is(monkeypatch) -> None:
    monkeypatch.setenv("RACKCAST_SIGN_IN", "off")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RefusedError, match="a port in use"):
            serve_replicas(port, "127.0.0.1", 2)
    with pytest.raises(RefusedError, match="without signing in"):
        serve_replicas(port, "0.0.0.0", 2)
    monkeypatch.delattr(socket, "send_fds")
    with pytest.raises(RefusedError, match="Linux or macOS"):
        serve_replicas(port, "127.0.0.1", 2)
