"""The REST service: the commands' answers by HTTP."""

import asyncio
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard.api.bodies import LARGEST_BODY, parsed
from dashboard.api.description import described
from dashboard.api.desk import COME_BACK_S, BusyError, Desk, LeftError
from dashboard.api.doors import Doors, Terms, refused
from dashboard.api.embedding import chart_page, policy
from dashboard.api.questions import QUESTIONS, Question
from dashboard.cli_options import written
from dashboard.files import read_catalog
from dashboard.inventory import factories_data, quantities_data
from data.catalog import Catalog
from data.problems import Problem, RefusedError

SLOWEST_BODY_S = 30
"""Seconds a body may take to arrive."""

CLIENT_LEFT = 499
"""Status of an answer that nobody waits for."""


def service(terms: Terms, tables: Path | None = None) -> Starlette:
    """Return the service.

    Parameters
    ----------
    terms : Terms
        Who may call, and who may show its charts.
    tables : Path or None
        Folder of tables; the data in force where none is named.
    """
    desk, catalog = Desk(), partial(read_catalog, tables)
    lists = {"/factories": factories_data, "/quantities": quantities_data}
    return Starlette(
        routes=[
            Route("/health", partial(_health, catalog)),
            Route("/openapi.json", partial(_description, bool(terms.token))),
            *(Route(path, partial(_listed, catalog, made)) for path, made in lists.items()),
            *(
                Route(f"/{name}", partial(_answered, desk, catalog, one), methods=["POST"])
                for name, one in QUESTIONS.items()
            ),
            Route("/embed/{chart}", partial(_framed, desk, catalog, policy(terms))),
        ],
        middleware=[Middleware(Doors, terms=terms)],
        exception_handlers={
            RefusedError: _cannot_use,
            HTTPException: _not_found,
            BusyError: _busy,
            LeftError: _left,
            ClientDisconnect: _left,
        },
    )


async def _health(catalog: Callable[[], Catalog], _request: Request) -> Response:
    """Say that questions can be answered, or why not."""
    try:
        data = (await to_thread.run_sync(catalog)).version
    except RefusedError as broken:
        return refused(broken.problems, 503)
    return _json(written({"status": "ok", "version": version("rackcast"), "data_version": data}))


async def _description(locked: bool, _request: Request) -> Response:
    return _json(written(described(locked=locked)))


async def _listed(
    catalog: Callable[[], Catalog], made: Callable[[Catalog], object], _request: Request
) -> Response:
    return _json(await to_thread.run_sync(lambda: written(made(catalog()))))


async def _answered(
    desk: Desk, catalog: Callable[[], Catalog], question: Question, request: Request
) -> Response:
    """Answer a question as its command does."""
    raw = await _body(request)
    told = await desk.worked(
        request, lambda tell: written(question.answer(parsed(raw), catalog(), tell))
    )
    return _json(told)


async def _framed(
    desk: Desk, catalog: Callable[[], Catalog], allowed: str, request: Request
) -> Response:
    """Answer with a chart as a page."""
    from dashboard.exports.framed import CHARTS

    chart = request.path_params["chart"]
    if chart not in CHARTS:
        expected = f"one of {', '.join(CHARTS)}"
        problem = Problem("chart", repr(chart[:60]), expected, "use one of these names")
        return refused([problem], 404)
    given = dict(request.query_params)
    page = await desk.worked(request, lambda _tell: chart_page(chart, given, catalog()))
    return HTMLResponse(page, headers={"content-security-policy": allowed})


async def _body(request: Request) -> bytes:
    """Read a body that is JSON, not too large and not too slow.

    Raises
    ------
    HTTPException
        If it is not.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "a body of Content-Type application/json")
    held = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_BODY_S):
            async for part in request.stream():
                held += part
                if len(held) > LARGEST_BODY:
                    raise HTTPException(413, f"a body of at most {LARGEST_BODY:,} bytes")
    except TimeoutError:
        expected = f"a body that arrives within {SLOWEST_BODY_S} seconds"
        raise HTTPException(408, expected) from None
    return bytes(held)


def _json(told: str) -> Response:
    return Response(told, media_type="application/json")


async def _cannot_use(_request: Request, error: Exception) -> Response:
    """Answer with every problem of what was sent."""
    return refused(error.problems if isinstance(error, RefusedError) else (), 422)


async def _not_found(request: Request, error: Exception) -> Response:
    """Answer to a path, method or body that is none."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    expected = error.detail if isinstance(error, HTTPException) else ""
    if status in (404, 405):
        expected = "a method and path of /openapi.json"
    asked = f"{request.method} {request.url.path[:60]}"
    problem = Problem("request", asked, expected, "correct it")
    answer = refused([problem], status)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


async def _busy(_request: Request, _error: Exception) -> Response:
    answer = refused([BusyError.problem], 503)
    answer.headers["retry-after"] = str(COME_BACK_S)
    return answer


async def _left(_request: Request, _error: Exception) -> Response:
    return Response(status_code=CLIENT_LEFT)
