"""Whether this process can serve: asked by load balancers, containers and people."""

import os
import time
from importlib.metadata import version

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.board import place
from dashboard.jobs_state import queue
from data.catalog import bundled
from data.problems import RefusedError
from data.store import Store, open_store
from data.store_opening import address, exists

KINDS = ("working", "waiting")
"""Of jobs."""

BEGUN = time.monotonic()
"""When this process began."""


def check() -> tuple[bool, dict[str, object]]:
    """Return whether all is well and what there is to know; nothing of it is secret.

    The store is asked anew each time, by a connection that is closed again. A laptop's store that
    nobody has saved to yet is not made by looking.
    """
    told: dict[str, object] = {
        "version": version("rackcast"),
        "bundled_data": bundled().version,
        "seconds_up": round(time.monotonic() - BEGUN),
        "replica": place().number,
        "replicas": place().of,
        "process": os.getpid(),
        "jobs": {name: len(held) for name, held in zip(KINDS, queue().state(), strict=True)},
    }
    try:
        if not exists(address()):
            return True, {"status": "ok", "store": "none yet", **told}
        with open_store() as store:
            state = _state(store)
    except RefusedError as refused:
        why = "; ".join(str(one) for one in refused.problems)
        return False, {"status": "unavailable", "store": why, **told}
    return True, {"status": "ok", "store": state, **told}


def _state(store: Store) -> str:
    store.ping()
    return "read-only" if store.read_only else "ok"


async def health(request: Request) -> Response:  # noqa: ARG001
    """Answer with 200 while this process can serve, else with 503."""
    well, told = await to_thread.run_sync(check)
    return JSONResponse(told, 200 if well else 503, headers={"Cache-Control": "no-store"})
