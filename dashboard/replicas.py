"""Serve the app by several processes on one port: they are begun, watched and ended here."""

import asyncio
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Final

import typer

from dashboard import logs
from dashboard.board import DRAWN, MOST, VARIABLE, WAITING
from dashboard.listening import refuse_open_door, refuse_unusable
from dashboard.signing_in import sign_in
from dashboard.usher import Home, Usher
from data.problems import Problem, RefusedError

OFTEN, WITHIN_S = 4, 60.0
"""Ends of replicas within so many seconds after which all is given up."""

ENDS_WITHIN_S: Final = 12.0
"""Seconds that replicas have to end by themselves."""

SIGNS: Final = "STREAMLIT_SERVER_COOKIE_SECRET"
"""What cookies are signed with: all replicas sign alike."""


def serve_replicas(port: int, address: str, count: int) -> None:
    """Serve the app by several processes until stopped.

    Parameters
    ----------
    port, address
        As in `server.serve`.
    count : int
        How many processes.

    Raises
    ------
    RefusedError
        If they cannot be begun here, or end again and again.
    """
    if not hasattr(socket, "send_fds"):
        fix = "leave --replicas out, or run several behind a proxy; see docs/deployment.md"
        raise RefusedError([Problem("--replicas", sys.platform, "Linux or macOS", fix)])
    refuse_open_door(address, sign_in(os.environ))
    refuse_unusable(port, address)
    logs.begin()
    os.environ.setdefault(SIGNS, secrets.token_hex(32))
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener, tempfile.TemporaryFile() as board:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        board.write(bytes(2 * MOST))
        board.flush()
        keeper = Keeper(count, Usher(listener), board, f"http://{_in_url(address)}:{port}")
        asyncio.run(keeper.keep())


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@dataclass(slots=True)
class Keeper:
    """Begins replicas, begins those anew that end, and ends all.

    Attributes
    ----------
    count : int
        How many.
    usher : Usher
        Who brings them their connections.
    board : file
        What they tell each other on.
    address : str
        What people type.
    command : tuple of str
        What begins a replica.
    """

    count: int
    usher: Usher
    board: IO[bytes]
    address: str
    command: tuple[str, ...] = (sys.executable, "-m", "dashboard.replica")
    processes: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)
    ends: deque[float] = field(default_factory=deque)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self) -> None:
        """Serve until a signal or until replicas end again and again."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, self.stopping.set)
        # The first checks tables, store and compiled code; the others follow it.
        first = asyncio.Event()
        kept = [asyncio.create_task(self._kept(1, first.set))]
        rest = asyncio.create_task(self._others(first, kept))
        stop = asyncio.create_task(self._stopped())
        try:
            while not stop.done():
                done, _ = await asyncio.wait(
                    [stop, *kept], return_when="FIRST_COMPLETED", timeout=1
                )
                for task in done:
                    task.result()
        finally:
            self.stopping.set()
            self.usher.close()
            rest.cancel()
            await self._end(kept)

    async def _stopped(self) -> None:
        await self.stopping.wait()

    async def _others(self, first: asyncio.Event, kept: list[asyncio.Task[None]]) -> None:
        await first.wait()
        typer.echo(f"Rackcast is at {self.address}, served by {self.count} processes")
        for number in range(2, self.count + 1):
            kept.append(asyncio.create_task(self._kept(number, lambda: None)))

    async def _kept(self, number: int, served: Callable[[], object]) -> None:
        """Keep one replica: begin it, and again when it ends."""
        while not self.stopping.is_set():
            ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            home = Home(number, ours)
            said = f"{number} {self.count} {its.fileno()} {self.board.fileno()}"
            process = await asyncio.create_subprocess_exec(
                *self.command,
                env={**os.environ, VARIABLE: said},
                pass_fds=(its.fileno(), self.board.fileno()),
            )
            its.close()
            self.processes[number] = process
            ready = self.usher.add(home)
            try:
                code = await self._until_end(process, ready, served)
            finally:
                self.usher.drop(home)
            for place in (DRAWN, WAITING):
                os.pwrite(self.board.fileno(), b"\0", place + number - 1)
            if not self.stopping.is_set():
                self._say_why(number, code, begun=ready.is_set())

    async def _until_end(
        self,
        process: asyncio.subprocess.Process,
        ready: asyncio.Event,
        served: Callable[[], object],
    ) -> int:
        end = asyncio.create_task(process.wait())
        serves = asyncio.create_task(ready.wait())
        await asyncio.wait([end, serves], return_when="FIRST_COMPLETED")
        if serves.done():
            served()
        serves.cancel()
        return await end

    def _say_why(self, number: int, code: int, *, begun: bool) -> None:
        """Say that a replica ended; give up where that happens too often.

        Raises
        ------
        RefusedError
            If it never served, or too many ended lately.
        """
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        now = time.monotonic()
        self.ends.append(now)
        while self.ends and now - self.ends[0] > WITHIN_S:
            self.ends.popleft()
        place = f"replica {number} of {self.count}"
        if not begun:
            fix = "correct what was said above, then start again"
            raise RefusedError(
                [Problem(place, f"its end ({how}) before it served", "a process that serves", fix)]
            )
        if len(self.ends) >= OFTEN:
            found = f"{len(self.ends)} replicas ended within {WITHIN_S:.0f} s, the last by {how}"
            fix = "look at the log and at the machine's memory, then start again"
            raise RefusedError([Problem(place, found, f"fewer than {OFTEN} ends", fix)])
        logs.event("replica ended", replica=number, how=how)
        typer.echo(f"note: {place} ended ({how}) and is begun again", err=True)

    async def _end(self, kept: list[asyncio.Task[None]]) -> None:
        """End every replica, by force where it does not end by itself."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.terminate()
        waits = [asyncio.create_task(one.wait()) for one in self.processes.values()]
        if waits:
            await asyncio.wait(waits, timeout=ENDS_WITHIN_S)
        for process in self.processes.values():
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        await asyncio.wait(kept, timeout=1)
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, return_exceptions=True)
