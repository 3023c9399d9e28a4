"""Takes every connection to a replica, the same one for all that a browser opens.

A connection is accepted here and handed over whole: the replica speaks with the visitor itself, so
that nothing passes through a process in between, and it sees who the visitor's peer is. Which
replica is read from a cookie that each replica sets, without taking the request away from it.
"""

import asyncio
import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

COOKIE: Final = "rackcast_replica"
"""Names the replica that a browser is at home in."""

READY, CAME, LEFT = b"r", b"+", b"-"
"""What a replica tells: it serves; a page was opened, or closed."""

HEAD: Final = 16_384
"""Bytes of a request in which its cookies are looked for."""

NAMED: Final = re.compile(rb"^cookie:[^\n]*\b" + COOKIE.encode() + rb"=(\d{1,3})\b", re.I | re.M)

LOOK_S, WHOLE_S, IDLE_S = 0.02, 5.0, 75.0
"""Seconds between looks at a request that is not whole yet, until it is taken as it is, and until
a connection on which nothing is asked is closed."""

NOBODY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nRetry-After: 5\r\n"
    b"Connection: close\r\n\r\nRackcast is being started again: try again in a few seconds.\n"
)
"""The answer while no replica serves."""

PAUSE_S: Final = 0.5
"""Seconds without new connections where the system has no more files to open."""


@dataclass(slots=True, eq=False)
class Home:
    """A replica, as the usher sees it.

    Attributes
    ----------
    number : int
        From 1.
    connections : socket
        What it is given its connections on.
    ready : bool
        Whether it serves.
    pages : int
        Open pages.
    given : int
        Connections that it was given so far.
    """

    number: int
    connections: socket.socket
    ready: bool = False
    pages: int = 0
    given: int = 0


@dataclass(slots=True)
class Usher:
    """Accepts connections and hands each to a replica.

    Parameters
    ----------
    listener : socket
        Bound to its address; listened on from when the first replica serves.
    """

    listener: socket.socket
    homes: dict[int, Home] = field(default_factory=dict)
    _open: bool = False

    def add(self, home: Home) -> asyncio.Event:
        """Take a replica in; return what is set when it serves."""
        served = asyncio.Event()
        home.connections.setblocking(False)
        self.homes[home.number] = home
        asyncio.get_running_loop().add_reader(home.connections, self._hear, home, served)
        return served

    def drop(self, home: Home) -> None:
        """Take a replica out that has ended."""
        asyncio.get_running_loop().remove_reader(home.connections)
        home.ready = False
        home.connections.close()
        if self.homes.get(home.number) is home:
            del self.homes[home.number]

    def close(self) -> None:
        """Accept nobody any more."""
        asyncio.get_running_loop().remove_reader(self.listener)
        self.listener.close()

    def chosen(self, named: int) -> Home | None:
        """Return the replica of this number if it serves, else the one with the fewest pages."""
        serving = {home.number: home for home in self.homes.values() if home.ready}
        if named in serving:
            return serving[named]
        return min(serving.values(), key=lambda home: (home.pages, home.given), default=None)

    def _hear(self, home: Home, served: asyncio.Event) -> None:
        try:
            told = home.connections.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            told = b""
        if not told:
            asyncio.get_running_loop().remove_reader(home.connections)
            home.ready = False
        home.pages += told.count(CAME) - told.count(LEFT)
        if READY in told:
            home.ready = True
            served.set()
            self._listen()

    def _listen(self) -> None:
        if not self._open:
            self._open = True
            self.listener.listen(2048)
            self.listener.setblocking(False)
            asyncio.get_running_loop().add_reader(self.listener, self._accept)

    def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            visitor, _ = self.listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:  # no more files may be opened: those who wait are let in later
            loop.remove_reader(self.listener)
            loop.call_later(PAUSE_S, loop.add_reader, self.listener, self._accept)
            return
        visitor.setblocking(False)
        visitor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        idle = loop.call_later(IDLE_S, self._forget, visitor)
        loop.add_reader(visitor, self._look, visitor, idle, loop.time() + IDLE_S)

    @staticmethod
    def _forget(visitor: socket.socket) -> None:
        with suppress(ValueError):
            asyncio.get_running_loop().remove_reader(visitor)
        visitor.close()

    def _look(self, visitor: socket.socket, idle: asyncio.TimerHandle, until: float) -> None:
        """Look at a request without taking it, until all that stands before its text is there."""
        loop = asyncio.get_running_loop()
        idle.cancel()
        loop.remove_reader(visitor)
        try:
            head = visitor.recv(HEAD, socket.MSG_PEEK)
        except OSError:
            head = b""
        if not head:
            visitor.close()
            return
        until = min(until, loop.time() + WHOLE_S)
        if b"\r\n\r\n" not in head and len(head) < HEAD and loop.time() < until:
            loop.call_later(LOOK_S, self._look, visitor, idle, until)
            return
        named = NAMED.search(head)
        self._hand_over(visitor, int(named[1]) if named else 0)

    def _hand_over(self, visitor: socket.socket, named: int) -> None:
        home = self.chosen(named)
        if home is None:
            with suppress(OSError):
                visitor.recv(HEAD)
                visitor.send(NOBODY)
            visitor.close()
            return
        try:
            socket.send_fds(home.connections, [b"c"], [visitor.fileno()])
        except BlockingIOError:
            asyncio.get_running_loop().call_later(LOOK_S, self._hand_over, visitor, named)
            return
        except OSError:  # it has just ended: another takes over
            home.ready = False
            self._hand_over(visitor, named)
            return
        home.given += 1
        visitor.close()
