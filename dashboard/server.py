"""Serve the app on this machine: everything is warm before the first page is drawn."""

import asyncio
import errno
import gc
import importlib
import inspect
import ipaddress
import os
import socket
import sys
import tomllib
from collections.abc import AsyncIterator, Mapping
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
ADDRESS = "127.0.0.1"

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
    _refuse_open_door(address, how)
    _refuse_unusable(port, address)
    held = secrets_of(os.environ) if how.mode is Mode.OIDC else None
    if how.mode is not Mode.OFF:
        _close_store(how)
    if held is not None:
        # Every replica signs alike; Streamlit takes this one from the environment alone.
        os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = str(held["cookie_secret"])
    # The peer is who speaks to us: a forwarded address is only a claim.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    tables = early.tables()
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
        middleware=[Middleware(Doorway, how=how), Middleware(FastAssets)],
        secrets=None if held is None else cast("dict[str, SecretsValue]", {"auth": held}),
    )
    app.run(config=_config() | _settings(port, address, how))


def _settings(port: int, address: str, how: SignIn) -> dict[str, object]:
    made: dict[str, object] = {"server.port": port, "server.address": address}
    if how.mode is Mode.PROXY:
        made["server.trustedUserHeaders"] = {how.header: PROXY_USER}
    return made


def _refuse_open_door(address: str, how: SignIn) -> None:
    try:
        own = ipaddress.ip_address(address).is_loopback
    except ValueError:
        fix = "give an address of this machine, as 127.0.0.1 or 0.0.0.0"
        raise RefusedError([Problem("--address", repr(address), "an address", fix)]) from None
    if not own and how.mode is Mode.OFF:
        fix = "set RACKCAST_SIGN_IN to oidc or proxy; see docs/deployment.md"
        found = f"{address} lets others in without signing in"
        raise RefusedError([Problem("--address", found, "sign-in", fix)])


def _close_store(how: SignIn) -> None:
    """Let nobody be admin by chance: a store that people sign in to has a first admin."""
    with open_store() as store:
        for name in store.appoint(how.admins):
            logs.event("first admin", who=name)
        if store.role(Actor("nobody in particular", MAIN)) is Role.ADMIN:
            fix = f"name the first ones in {ADMINS}, as ana@example.org"
            raise RefusedError([Problem(store.place, "it has no admin", "one or more", fix)])


def _refuse_unusable(port: int, address: str = ADDRESS) -> None:
    """Try the port: a busy or reserved one is said in one line, not in a traceback."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            reserved = error.errno == errno.EACCES
            found = "a port reserved for the system" if reserved else "a port in use"
            fix = "choose one from 1024 on" if reserved else f"try --port {_next(port)}"
            raise RefusedError([Problem(f"port {port}", found, "a free port", fix)]) from error


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8501


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
