"""Questions to the REST service within the process of a test."""

import asyncio

import httpx

from dashboard.api import service
from dashboard.api.doors import Terms

OPEN = Terms(frozenset({"127.0.0.1"}))


def ask(method, path, of=OPEN, **sent) -> httpx.Response:
    async def asked():
        through = httpx.ASGITransport(service.service(of))
        async with httpx.AsyncClient(transport=through, base_url="http://127.0.0.1:8600") as client:
            return await client.request(method, path, **sent)

    return asyncio.run(asked())


def post(path, body, **more) -> httpx.Response:
    return ask("POST", path, json=body, **more)


def problems(answer: httpx.Response, status: int = 422) -> dict[str, dict]:
    assert answer.status_code == status, answer.text
    held = answer.json()["problems"]
    assert held
    for one in held:
        assert set(one) == {"place", "value", "expected", "fix", "message"}
        assert all(one.values()), one
    return {one["place"]: one for one in held}
