"""What every request passes first: only a trusted proxy says who comes, and pages stay ours."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.signing_in import SignIn

HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"content-security-policy", b"frame-ancestors 'self'; base-uri 'self'; object-src 'none'"),
)
"""Headers of every answer."""


class Doorway:
    """Drops the identity header of everybody but trusted proxies, and adds safe headers.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    how : SignIn
        How people sign in here.
    """

    def __init__(self, app: ASGIApp, how: SignIn) -> None:
        self.app, self.how = app, how
        self.header = how.header.encode("latin-1")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        peer = scope.get("client")
        if not self.how.trusts(peer[0] if peer else ""):
            kept = [one for one in scope["headers"] if one[0].lower() != self.header]
            scope = dict(scope) | {"headers": kept}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                stated = {name.lower() for name, _ in message.get("headers", ())}
                own = [one for one in HEADERS if one[0] not in stated]
                message = dict(message) | {"headers": [*message.get("headers", ()), *own]}
            await send(message)

        await self.app(scope, receive, guarded)
