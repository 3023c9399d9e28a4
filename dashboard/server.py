"""Serve the app on this machine: everything is warm before the first visitor is let in."""

import errno
import gc
import importlib
import socket
import sys
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path

import anyio
import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from streamlit.starlette import App

from data.catalog import bundled
from data.problems import Problem, RefusedError
from forecasts.engine import run
from forecasts.scenario import Scenario

HERE = Path(__file__).parent
APP = HERE / "app.py"
CONFIG = HERE.parent / ".streamlit" / "config.toml"
ADDRESS = "127.0.0.1"

PAGES = ("/", "/factory", "/forecasts", "/data", "/methods")
"""Addresses of the pages."""

EARLY = ("PlotlyChart.", "DataFrame.")
"""Parts of Streamlit's page that every page of ours needs, by the beginning of their names."""

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
    doors = [Route(page, _door) for page in PAGES]
    App(APP, lifespan=_warm, routes=doors).run(config=_config() | {"server.port": port})


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


async def _door(request: Request) -> Response:  # noqa: ARG001
    return HTMLResponse(door(), headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def door() -> str:
    """Return Streamlit's page with our name, which looks for nothing in vain and loads ahead.

    Without the base address it asks for a server below each page's own address first, and the
    browser complains; without the early loading the charts' script comes after the first figures.
    """
    static = Path(streamlit.__file__).parent / "static"
    page = (static / "index.html").read_text("utf-8")
    scripts = sorted((static / "static" / "js").glob("*.js"))
    ahead = "".join(
        f'<script type="module">import("./static/js/{script.name}")</script>'
        for script in scripts
        if script.name.startswith(EARLY)
    )
    base = "<script>window.__streamlit={BACKEND_BASE_URL:window.location.origin}</script>"
    page = page.replace("<title>Streamlit</title>", "<title>Rackcast</title>")
    page = page.replace("./favicon.png", "/app/static/icon.svg")
    page = page.replace("</head>", f"{ahead}</head>", 1)
    return page.replace("</title>", f"</title>{base}", 1)


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
