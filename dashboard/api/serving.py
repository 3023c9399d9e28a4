"""Serve the REST service until it is stopped."""

from collections.abc import Sequence
from pathlib import Path

import typer
import uvicorn

from dashboard import logs
from dashboard.api.doors import terms_here
from dashboard.api.service import service
from dashboard.files import read_catalog
from dashboard.listening import refuse_unusable

MOST_CONNECTIONS = 100
"""Connections at once; one more is refused."""

LAST_S = 5
"""Seconds that answers under way have once the service is stopped."""


def serve(port: int, host: str, embed_in: Sequence[str], tables: Path | None) -> None:
    """Serve until stopped.

    Raises
    ------
    RefusedError
        If the port cannot be used, tables are missing or changed, or others could come in
        without a token.
    """
    terms = terms_here(host, embed_in)
    refuse_unusable(port, host)
    read_catalog(tables)
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Rackcast answers on http://{shown}:{port}; /openapi.json says what.", err=True)
    logs.begin()
    uvicorn.run(
        service(terms, tables),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=LAST_S,
    )
