"""Serve the app on this machine: everything is warm before the first page is drawn."""

import asyncio
import gc
import importlib
import inspect
import os
import sys
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.starlette import App

from dashboard import early, logs
from dashboard.assets import FastAssets, door
from dashboard.doorway import Doorway
from dashboard.health import health
from dashboard.listening import ADDRESS, refuse_open_door, refuse_unusable
from dashboard.pages import PAGES, address_of
from dashboard.signing_in import ADMINS, PROXY_USER, Mode, SignIn, secrets_of, sign_in
from data.actors import MAIN, Actor, Role
from data.problems import Problem, RefusedError
from data.store import open_store

if TYPE_CHECKING:
    from streamlit.runtime.secrets import SecretsValue

HERE = Path(__file__).parent
APP = HERE / "app.py"
CONFIG = HERE.parent / ".streamlit" / "config.toml"

TURN_S = 0.001
"""Seconds after which a thread that works lets others in: a browser asks for a hundred files while
paths are drawn for it, and each answer waits for its turn several times."""

NEEDED = (
    "dashboard.panel",
    "dashboard.overview_cards",
    "dashboard.cards",
    "dashboard.charts.overview",
    "plotly.graph_objects",
    "plotly.validators",
    "pyarrow",
)
"""Imported before the server answers."""

SOON = ("dashboard.charts.factory", "dashboard.charts.series", "PIL.Image")
"""Imported as soon as the server is ready, while the first visitor's browser still connects."""


def serve(port: int, address: str = ADDRESS) -> None:
    """Serve the app until stopped.

    Parameters
    ----------
    port : int
        Port; it must be free.
    address : str
        Where to listen; anything but this machine itself asks for sign-in.

    Raises
    ------
    RefusedError
        If the port cannot be used, tables are missing or changed, or others could come in
        without signing in.
    """
    how = sign_in(os.environ)
    refuse_open_door(address, how)
    refuse_unusable(port, address)
    app, settings = ready(how)
    app.run(config=settings | {"server.port": port, "server.address": address})


def ready(how: SignIn, before: Sequence[Middleware] = ()) -> tuple[App, dict[str, object]]:
    """Return the app, its tables checked and its libraries loaded, and its settings.

    Parameters
    ----------
    how : SignIn
        How people sign in.
    before : sequence of Middleware
        What every request passes before the app's own.
    """
    held = secrets_of(os.environ) if how.mode is Mode.OIDC else None
    if how.mode is not Mode.OFF:
        _close_store(how)
    if held is not None:
        # Every replica signs alike; Streamlit takes this one from the environment alone.
        os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = str(held["cookie_secret"])
    # The peer is who speaks to us: a forwarded address is only a claim.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    tables = early.tables()
    with logs.before_pages():
        for name in NEEDED:
            importlib.import_module(name)
    tables.result()
    sys.setswitchinterval(TURN_S)
    sys.argv = [str(APP)]
    app = App(
        APP,
        lifespan=_warm,
        routes=[
            Route("/health", health),
            *(Route(address_of(name, title), door) for name, title, _, _ in PAGES),
        ],
        middleware=[*before, Middleware(Doorway, how=how), Middleware(FastAssets)],
        secrets=None if held is None else cast("dict[str, SecretsValue]", {"auth": held}),
    )
    return app, _config() | _settings(how)


def _settings(how: SignIn) -> dict[str, object]:
    trusted = how.mode is Mode.PROXY
    return {"server.trustedUserHeaders": {how.header: PROXY_USER}} if trusted else {}


def _close_store(how: SignIn) -> None:
    """Let nobody be admin by chance: a store that people sign in to has a first admin."""
    with open_store() as store:
        for name in store.appoint(how.admins):
            logs.event("first admin", who=name)
        if store.role(Actor("nobody in particular", MAIN)) is Role.ADMIN:
            fix = f"name the first ones in {ADMINS}, as ana@example.org"
            raise RefusedError([Problem(store.place, "it has no admin", "one or more", fix)])


def _config() -> dict[str, object]:
    """Read the app's settings, so that they hold wherever the app is started from."""
    if not CONFIG.is_file():
        return {"server.address": ADDRESS, "server.headless": True, "runner.postScriptGC": False}
    return dict(_flat(tomllib.loads(CONFIG.read_text("utf-8"))))


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Write nested tables as dotted names.

    Examples
    --------
    >>> _flat({"theme": {"light": {"primaryColor": "#000"}}})
    {'theme.light.primaryColor': '#000'}
    """
    flat: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat


@asynccontextmanager
async def _warm(app: App) -> AsyncIterator[None]:  # noqa: ARG001
    """Make the model ready while the first browser fetches its scripts; pages wait for it."""
    logs.begin()
    settling = asyncio.create_task(asyncio.to_thread(_settle))
    yield
    await settling
    logs.event("stopping")


def _settle() -> None:
    """Do what the first visitors would else wait for, and look no more at what stays for good."""
    try:
        early.model().result()
        from dashboard import drivers_state, state

        with logs.before_pages():
            state.warm()
            drivers_state.drivers()
        for name in SOON:
            importlib.import_module(name)
        # Streamlit looks at the whole stack once, and Python for each file of it.
        inspect.stack()
    finally:
        gc.enable()
        gc.freeze()
    logs.event("ready")
