"""One of several processes that serve the app: it is handed its connections by the usher."""

import asyncio
import os
import select
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from threading import Thread, Timer

import typer
import uvicorn
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import early
from dashboard.board import VARIABLE, place
from dashboard.signing_in import sign_in
from dashboard.usher import CAME, COOKIE, LEFT, READY
from data.problems import RefusedError

PING_S = 30
"""Seconds between signs of life on an open page, as Streamlit has them."""

MOST_BYTES = 200 * 1024 * 1024
"""Of one message of a page, as Streamlit has them."""

CLOSES_WITHIN_S, ENDS_WITHIN_S = 5, 10.0
"""Seconds that open pages have to close when the replica ends, and that all of it has then."""


class Homed:
    """Tells the usher of pages that come and go, and the browser where it is at home.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    number : int
        Of this replica.
    tell : callable
        Tells the usher.
    """

    def __init__(self, app: ASGIApp, number: int, tell: Callable[[bytes], object]) -> None:
        self.app, self.number, self.tell = app, number, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        known = cookie_of(scope) == str(self.number)
        is_page = scope["type"] == "websocket"

        async def homed(message: Message) -> None:
            if not known and _begins(message):
                text = f"{COOKIE}={self.number}; Path=/; HttpOnly; SameSite=Lax"
                held = [*message.get("headers", ()), (b"set-cookie", text.encode())]
                message = dict(message) | {"headers": held}
            await send(message)

        if is_page:
            self.tell(CAME)
        try:
            await self.app(scope, receive, homed)
        finally:
            if is_page:
                self.tell(LEFT)


def cookie_of(scope: Scope) -> str:
    """Return which replica a request names as its home; empty where it names none."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            with suppress(CookieError):
                held = SimpleCookie(value.decode("latin-1"))
                if COOKIE in held:
                    return held[COOKIE].value
    return ""


def _begins(message: Message) -> bool:
    """Whether a message begins a page: its text, or its open connection."""
    if message["type"] == "websocket.accept":
        return True
    answer = message["type"] == "http.response.start"
    kind = dict(message.get("headers", ())).get(b"content-type", b"") if answer else b""
    return bool(kind.startswith(b"text/html"))


class Fed(uvicorn.Server):
    """A server that is handed its connections instead of listening.

    Parameters
    ----------
    config : uvicorn.Config
        What is served, and how.
    connections : socket
        Where they come from; when it is closed, the server ends.
    """

    def __init__(self, config: uvicorn.Config, connections: socket.socket) -> None:
        super().__init__(config)
        self.connections = connections

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Make ready, and tell the usher."""
        await super().startup(sockets=[])
        self.connections.setblocking(False)
        asyncio.get_running_loop().add_reader(self.connections, self._take)
        self.tell(READY)

    def tell(self, what: bytes) -> None:
        """Tell the usher; where it has ended, this server ends as well."""
        try:
            self.connections.send(what)
        except OSError:
            self._end()

    def _end(self) -> None:
        """End in order, and in any case: nobody is there who would see to it."""
        self.should_exit = True
        forced = Timer(ENDS_WITHIN_S, os._exit, [1])
        forced.daemon = True
        forced.start()

    def _take(self) -> None:
        try:
            said, files, _, _ = socket.recv_fds(self.connections, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            said, files = b"", []
        if not said:
            asyncio.get_running_loop().remove_reader(self.connections)
            self._end()
        for file in files:
            visitor = socket.socket(fileno=file)
            visitor.setblocking(False)
            task = asyncio.get_running_loop().create_task(self._welcome(visitor))
            self.server_state.tasks.add(task)
            task.add_done_callback(self.server_state.tasks.discard)

    async def _welcome(self, visitor: socket.socket) -> None:
        def protocol() -> asyncio.Protocol:
            return self.config.http_protocol_class(  # type: ignore[call-arg]
                config=self.config,
                server_state=self.server_state,
                app_state=self.lifespan.state,
            )

        with suppress(OSError):  # the visitor has left meanwhile
            await asyncio.get_running_loop().connect_accepted_socket(protocol, visitor)


def _watch(connections: socket.socket, servers: list[Fed]) -> None:
    """End at once where the usher ends before the server is ready: till then it says nothing."""
    select.select([connections], [], [])
    if not any(server.started for server in servers):
        os._exit(1)


def main() -> None:
    """Serve until the usher ends; what cannot be used is said on stderr and exits with 1."""
    here = place()
    # Programs that this one starts are no replicas.
    os.environ.pop(VARIABLE, None)
    connections = socket.socket(fileno=here.connections)
    servers: list[Fed] = []
    Thread(target=_watch, args=(connections, servers), daemon=True).start()
    early.tables()
    from streamlit.web import bootstrap

    from dashboard.server import ready

    middleware = Middleware(Homed, number=here.number, tell=lambda told: servers[0].tell(told))
    try:
        app, settings = ready(sign_in(os.environ), [middleware])
    except RefusedError as refused:
        for problem in refused.problems:
            typer.echo(f"refused: {problem}", err=True)
        sys.exit(1)
    bootstrap.load_config_options(settings)
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        ws_max_size=MOST_BYTES,
        ws_per_message_deflate=False,
        use_colors=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=CLOSES_WITHIN_S,
    )
    servers.append(Fed(config, connections))
    servers[0].run()


if __name__ == "__main__":
    main()
