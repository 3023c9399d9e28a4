"""A browser that is closed in the middle leaves nothing running, and a queue is shared fairly."""

import asyncio
import sqlite3
import time
from pathlib import Path

import httpx
import pytest
from running_app import App, running

from benchmarks.visitor import Visitor

pytestmark = pytest.mark.slow


def jobs(app: App) -> tuple[int, int]:
    told = httpx.get(f"{app.address}/health").json()["jobs"]
    return told["working"], told["waiting"]


async def busy(app: App, visitors: int) -> None:
    """Open pages, and close them all while their paths are carried or wait for it."""
    open_pages = []
    try:
        for _ in range(visitors):
            visitor = Visitor(app.address)
            await visitor.__aenter__()
            open_pages.append(visitor)
            query = f"gpu_hour_price={5 + len(open_pages) / 10}"
            await visitor.run(query=query)
            await visitor.until()
            await visitor.run(query=query)  # a browser comes back on its own once it has drawn
        for _ in range(600):
            working, waiting = await asyncio.to_thread(jobs, app)
            if working and waiting >= visitors - 2:
                break
            await asyncio.sleep(0.1)
        assert working == 1
        assert waiting >= visitors - 2
    finally:
        for visitor in open_pages:
            await visitor.socket.close()


def test_a_closed_browser_leaves_nothing_running_and_others_are_served(tmp_path: Path) -> None:
    with running(tmp_path, {}) as app:
        asyncio.run(busy(app, 5))
        until = time.monotonic() + 30
        while jobs(app) != (0, 0) and time.monotonic() < until:
            time.sleep(0.1)
        assert jobs(app) == (0, 0)

        async def after() -> list[str]:
            async with Visitor(app.address) as visitor:
                await visitor.run()
                await visitor.until()
                return visitor.texts

        assert any("earns its cost of capital" in text for text in asyncio.run(after()))
        with sqlite3.connect(tmp_path / "store.sqlite") as store:
            assert store.execute("SELECT COUNT(*) FROM audit").fetchone() == (0,)
