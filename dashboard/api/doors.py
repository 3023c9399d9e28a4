"""What every request passes first: right host, no page of others, the token if one is set."""

import hmac
import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.cli_options import written
from data.problems import Problem, RefusedError

TOKEN: Final = "RACKCAST_API_TOKEN"
"""Environment variable that holds the token."""

LEAST_TOKEN: Final = 16
"""Characters of a token; `openssl rand -hex 32` makes 64."""

OPEN: Final = "/health"
"""The one path that asks for no token: it tells no figure."""

ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")
"""A page's origin: scheme, host and port, nothing else."""

HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""Headers of every answer that states none of its own; none lets another origin read it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may call.

    Attributes
    ----------
    hosts : frozenset of str
        Names this machine answers to; any where empty (a token then says who may call).
    token : bytes
        What callers must show; empty for none.
    embed_in : tuple of str
        Origins whose pages may show charts in a frame, besides the service's own.
    """

    hosts: frozenset[str]
    token: bytes = b""
    embed_in: tuple[str, ...] = ()


def terms(host: str, embed_in: Sequence[str], environ: Mapping[str, str]) -> Terms:
    """Return who may call a service that listens on an address.

    Raises
    ------
    RefusedError
        If it would be open to others without a token, or a token or origin is none.
    """
    token = environ.get(TOKEN, "")
    usable = token.isascii() and token.isprintable() and " " not in token
    if token and (len(token) < LEAST_TOKEN or not usable):
        fix = "make one by `openssl rand -hex 32`"
        expected = f"at least {LEAST_TOKEN} letters and figures"
        raise RefusedError([Problem(TOKEN, "a token that is too weak", expected, fix)])
    try:
        own = ipaddress.ip_address(host).is_loopback
    except ValueError:
        fix = "give an address of this machine, as 127.0.0.1 or 0.0.0.0"
        raise RefusedError([Problem("--host", repr(host), "an address", fix)]) from None
    if not own and not token:
        found = f"{host} lets others in without a token"
        fix = f"set {TOKEN}, or listen on 127.0.0.1"
        raise RefusedError([Problem("--host", found, "a token", fix)])
    wrong = [
        Problem("--embed-in", repr(one[:60]), "an origin", "write it as https://intranet.example")
        for one in embed_in
        if not ORIGIN.fullmatch(one)
    ]
    if wrong:
        raise RefusedError(wrong)
    known = frozenset() if token else frozenset({"localhost", "127.0.0.1", "[::1]", _named(host)})
    return Terms(known, token.encode(), tuple(embed_in))


def terms_here(host: str, embed_in: Sequence[str]) -> Terms:
    """Return who may call, by the environment of this process."""
    return terms(host, embed_in, os.environ)


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def refused(problems: Sequence[Problem], status: int) -> Response:
    """Answer with what is wrong: place, value, what was expected, how to mend it."""
    told = [
        {
            "place": _field(one.place),
            "value": one.value,
            "expected": one.expected,
            "fix": one.fix,
            "message": str(one),
        }
        for one in problems
    ]
    return Response(written({"problems": told}), status, media_type="application/json")


def _field(place: str) -> str:
    """Name a body's field where a command names its flag."""
    return place[2:].replace("-", "_") if place.startswith("--") else place


class Doors:
    """Lets through who may call, and adds safe headers.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    terms : Terms
        Who may call.
    """

    def __init__(self, app: ASGIApp, terms: Terms) -> None:
        self.app, self.terms = app, terms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                stated = {name.lower() for name, _ in message.get("headers", ())}
                own = [one for one in HEADERS if one[0] not in stated]
                message = dict(message) | {"headers": [*message.get("headers", ()), *own]}
            await send(message)

        stopped = self._stopped(scope["path"], dict(scope["headers"]))
        await (stopped or self.app)(scope, receive, guarded)

    def _stopped(self, path: str, headers: Mapping[bytes, bytes]) -> Response | None:
        """Return the answer to who may not call; None for who may."""
        host = headers.get(b"host", b"").decode("latin-1")
        name = re.sub(r":\d*$", "", host).lower()
        if self.terms.hosts and name not in self.terms.hosts:
            fix = "call it by 127.0.0.1, or set a token"
            return refused([Problem("Host", repr(host[:60]), "this machine's name", fix)], 403)
        origin = headers.get(b"origin", b"").decode("latin-1")
        if origin and origin.lower() not in {f"http://{host.lower()}", f"https://{host.lower()}"}:
            fix = "call it from a program; pages of others may show charts by /embed alone"
            return refused([Problem("Origin", repr(origin[:60]), "none", fix)], 403)
        if path == OPEN or not self.terms.token or self._knows(headers.get(b"authorization", b"")):
            return None
        fix = f"send the token that the service was started with in {TOKEN}"
        told = "another token" if b"authorization" in headers else "nothing"
        answer = refused([Problem("Authorization", told, "Bearer and the token", fix)], 401)
        answer.headers["www-authenticate"] = "Bearer"
        return answer

    def _knows(self, shown: bytes) -> bool:
        """Whether a header shows the token, in a time that says nothing of it."""
        scheme, _, token = shown.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token, self.terms.token)
