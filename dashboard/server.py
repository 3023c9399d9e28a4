"""Serve the app on this machine: everything is warm before the first visitor is let in."""

import errno
import gc
import importlib
import socket
import sys
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.starlette import App

from dashboard.assets import FastAssets, door
from data.catalog import bundled
from data.problems import Problem, RefusedError
from forecasts.engine import run
from forecasts.scenario import Scenario

HERE = Path(__file__).parent
APP = HERE / "app.py"
CONFIG = HERE.parent / ".streamlit" / "config.toml"
ADDRESS = "127.0.0.1"

PAGES = (
    "/",
    "/scenarios",
    "/assumptions",
    "/factory",
    "/risk",
    "/forecasts",
    "/data",
    "/methods",
)
"""Addresses of the pages."""

NEEDED = (
    "dashboard.widgets",
    "dashboard.charts.overview",
    "dashboard.charts.factory",
    "dashboard.charts.cash",
    "dashboard.charts.series",
    "plotly.graph_objects",
    "plotly.validators",
    "pyarrow",
)
"""Imported before the first visitor comes."""


def serve(port: int) -> None:
    """Serve the app on 127.0.0.1 until stopped.

    Parameters
    ----------
    port : int
        Port; it must be free.

    Raises
    ------
    RefusedError
        If the port cannot be used, or tables are missing or changed.
    """
    _refuse_unusable(port)
    run(Scenario(), bundled())
    sys.argv = [str(APP)]
    app = App(
        APP,
        lifespan=_warm,
        routes=[Route(page, door) for page in PAGES],
        middleware=[Middleware(FastAssets)],
    )
    app.run(config=_config() | {"server.port": port})


def _refuse_unusable(port: int) -> None:
    """Try the port: a busy or reserved one is said in one line, not in a traceback."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
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
    """Import, work out and freeze before the server accepts anyone."""
    await anyio.to_thread.run_sync(_prepare)
    yield


def _prepare() -> None:
    for name in NEEDED:
        importlib.import_module(name)
    from dashboard import state

    state.warm()
    gc.collect()
    gc.freeze()
