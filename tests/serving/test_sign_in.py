"""Signing in, by OpenID Connect and by a trusted proxy, over real HTTP and real websockets."""

import asyncio
import json
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from identity_provider import CLIENT, SECRET, Provider
from running_app import App, free_port, running

from benchmarks.visitor import Visitor
from dashboard import logs
from dashboard.doorway import Doorway
from dashboard.signing_in import Mode, SignIn, person, secrets_of, sign_in
from data.actors import Actor, Role
from data.problems import RefusedError
from data.store import open_store

ADMIN = Actor("ana@example.org")
COOKIES = "a-secret-of-32-characters-or-more-for-cookies"
DECIDED = "earns its cost of capital"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def oidc(provider: Provider, tmp_path_factory) -> Iterator[App]:
    folder, port = Path(tmp_path_factory.mktemp("oidc")), free_port()
    secrets = folder / "auth.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{COOKIES}"\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{provider.metadata_url}"\n'
    )
    settings = {
        "RACKCAST_SIGN_IN": "oidc",
        "RACKCAST_AUTH_FILE": str(secrets),
        "RACKCAST_ADMINS": ADMIN.name,
    }
    with running(folder, settings, port) as app:
        yield app


def stands(visitor: Visitor) -> bool:
    """Whether the page and who is at work are drawn: the panel comes last."""
    roles = ("viewer", "analyst", "approver", "admin")
    return any(DECIDED in text for text in visitor.texts) and any(
        text.endswith(roles) for text in visitor.texts
    )


async def look(app: App, headers: dict[str, str] | None = None) -> Visitor:
    async with Visitor(app.address, headers) as visitor:
        await visitor.run()
        await visitor.until(stands)
        assert visitor.problems == []
        return visitor


async def signed_in(app: App) -> dict[str, str]:
    """Go the whole way a browser goes; return the headers of its next handshake."""
    async with Visitor(app.address) as visitor:
        await visitor.run()
        await visitor.until()
        await visitor.press("Sign in")
        await visitor.until(lambda one: any(text.startswith("redirect") for text in one.texts))
    away = next(text for text in visitor.texts if text.startswith("redirect"))
    async with httpx.AsyncClient(base_url=app.address, follow_redirects=True) as client:
        done = await client.get(away.removeprefix("redirect "))
        assert done.status_code == 200
        assert str(done.url) == f"{app.address}/"
        await client.get("/_stcore/health")
        jar = dict(client.cookies)
    cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
    return {"Cookie": cookie, "xsrf": jar.get("_streamlit_xsrf", "")}


def audit(app: App) -> list[tuple[str, str]]:
    store = app.log.parent / "store.sqlite"
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT who, action FROM audit ORDER BY number").fetchall()


@pytest.mark.slow
def test_signing_in_by_openid_connect_lets_members_in_and_nobody_else(
    oidc: App, provider: Provider
) -> None:
    stranger = asyncio.run(look(oidc))
    assert any("Please sign in" in text for text in stranger.texts)
    assert not any(DECIDED in text for text in stranger.texts)
    assert stranger.pages == {}
    headers = asyncio.run(signed_in(oidc))
    ana = asyncio.run(look(oidc, headers))
    assert any(DECIDED in text for text in ana.texts)
    assert any("ana@example.org, admin" in text for text in ana.texts)
    assert audit(oidc)[-1] == ("ana@example.org", "sign-in")
    provider.claims = {"email": "eve@example.org", "email_verified": True}
    eve = asyncio.run(look(oidc, asyncio.run(signed_in(oidc))))
    assert any("no role here" in text for text in eve.texts)
    assert not any(DECIDED in text for text in eve.texts)
    with open_store(str(oidc.log.parent / "store.sqlite")) as store:
        store.set_role(ADMIN, "eve@example.org", Role.VIEWER)
    assert any(
        DECIDED in text for text in asyncio.run(look(oidc, asyncio.run(signed_in(oidc)))).texts
    )
    provider.claims = {"email": "ana@example.org", "email_verified": False}
    claimed = asyncio.run(look(oidc, asyncio.run(signed_in(oidc))))
    assert any("not confirmed" in text for text in claimed.texts)
    provider.claims = {"email": "ana@example.org", "email_verified": True, "iat": 1_000_000_000}
    provider.claims |= {"exp": 4_000_000_000}
    old = asyncio.run(look(oidc, asyncio.run(signed_in(oidc))))
    assert any("too old" in text for text in old.texts)
    assert provider.refusals == []
    log = oidc.log.read_text()
    assert '"event": "sign-in refused"' in log
    for secret in (SECRET, COOKIES, headers["Cookie"]):
        assert secret not in log


@pytest.mark.slow
def test_a_cookie_that_is_changed_or_sent_from_elsewhere_signs_nobody_in(oidc: App) -> None:
    headers = asyncio.run(signed_in(oidc))
    name = "_streamlit_user="
    start = headers["Cookie"].index(name) + len(name)
    forged = headers["Cookie"][:start] + "A" + headers["Cookie"][start + 1 :]
    no_token = {"Cookie": headers["Cookie"]}
    for tried in ({**headers, "Cookie": forged}, no_token, {"X-Forwarded-Email": ADMIN.name}):
        seen = asyncio.run(look(oidc, dict(tried)))
        assert not any(DECIDED in text for text in seen.texts)

    async def from_elsewhere() -> None:
        async with Visitor(oidc.address, dict(headers), origin="https://evil.example"):
            pass

    with pytest.raises(Exception, match="403"):
        asyncio.run(from_elsewhere())


@pytest.mark.slow
def test_only_a_trusted_proxy_says_who_comes(tmp_path: Path) -> None:
    settings = {
        "RACKCAST_SIGN_IN": "proxy",
        "RACKCAST_PROXIES": "127.0.0.1",
        "RACKCAST_ADMINS": ADMIN.name,
    }
    with running(tmp_path, settings) as app:
        ana = asyncio.run(look(app, {"X-Forwarded-Email": ADMIN.name}))
        assert any("ana@example.org, admin" in text for text in ana.texts)
        eve = asyncio.run(look(app, {"X-Forwarded-Email": "eve@example.org"}))
        assert any("no role here" in text for text in eve.texts)
        nobody = asyncio.run(look(app))
        assert any("not said who you are" in text for text in nobody.texts)
        answer = httpx.get(f"{app.address}/health").json()
        assert answer["status"] == answer["store"] == "ok"
    elsewhere = settings | {"RACKCAST_PROXIES": "10.9.8.7"}
    with running(tmp_path, elsewhere) as app:
        # What the visitor says of a forwarded address counts for nothing either.
        claims = {"X-Forwarded-Email": ADMIN.name, "X-Forwarded-For": "10.9.8.7"}
        assert any("not said who you are" in text for text in asyncio.run(look(app, claims)).texts)
        answer = httpx.get(app.address)
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"RACKCAST_SIGN_IN": "maybe"}, "off, oidc, proxy"),
        ({"RACKCAST_SIGN_IN": "proxy"}, "name the proxy"),
        ({"RACKCAST_SIGN_IN": "proxy", "RACKCAST_PROXIES": "everybody"}, "addresses such as"),
        ({"RACKCAST_SIGN_IN_HOURS": "-1"}, "hours above 0"),
        ({"RACKCAST_SIGN_IN_HOURS": "nan"}, "hours above 0"),
    ],
    ids=["mode", "no proxy", "bad proxy", "hours", "no number"],
)
def test_half_settings_are_refused(environment: dict[str, str], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        sign_in(environment)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "lacks redirect_uri, cookie_secret, client_id"),
        ("[auth", "TOMLDecodeError"),
        (
            '[auth]\nredirect_uri="r"\ncookie_secret="short-secret"\nclient_id="c"\n'
            'client_secret="s3cr3t"\nserver_metadata_url="m"\n',
            "a short cookie_secret",
        ),
    ],
    ids=["empty", "torn", "short"],
)
def test_a_file_of_secrets_that_will_not_do_is_refused_without_showing_them(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "auth.toml"
    path.write_text(content)
    with pytest.raises(RefusedError, match=said) as refused:
        secrets_of({"RACKCAST_AUTH_FILE": str(path)})
    assert "s3cr3t" not in str(refused.value)
    assert "short-secret" not in str(refused.value)
    with pytest.raises(RefusedError, match="name a TOML file"):
        secrets_of({})


def test_nobody_is_somebody_by_a_claim_that_is_missing() -> None:
    how = SignIn(Mode.OIDC)
    signed = {"is_logged_in": True, "iat": 1000.0, "email": "a@b.c", "name": "Admin"}
    assert person(signed, how, 1000.0) == ("a@b.c", "")
    for lacking in ({"email": None}, {"email": "  "}, {"is_logged_in": False}, {"iat": None}):
        name, why = person(signed | lacking, how, 1e6)
        assert name == ""
        assert why.endswith(".")


def test_the_door_is_shut_to_others_unless_they_sign_in(tmp_path: Path, monkeypatch) -> None:
    from dashboard import server

    for name in [one for one in os.environ if one.startswith("RACKCAST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RACKCAST_STORE", str(tmp_path / "s.sqlite"))
    with pytest.raises(RefusedError, match="lets others in without signing in"):
        server.serve(free_port(), "0.0.0.0")
    with pytest.raises(RefusedError, match="an address of this machine"):
        server.serve(free_port(), "somewhere")
    monkeypatch.setenv("RACKCAST_SIGN_IN", "proxy")
    monkeypatch.setenv("RACKCAST_PROXIES", "10.0.0.2")
    with pytest.raises(RefusedError, match="it has no admin"):
        server.serve(free_port(), "0.0.0.0")


@pytest.mark.parametrize("peer", ["10.0.0.2", "10.0.0.3", "unknown", None])
def test_the_door_drops_the_name_that_others_than_the_proxy_send(peer: str | None) -> None:
    how = sign_in({"RACKCAST_SIGN_IN": "proxy", "RACKCAST_PROXIES": "10.0.0.2"})
    seen: list[list[tuple[bytes, bytes]]] = []

    async def app(scope, _receive, _send) -> None:
        seen.append(scope["headers"])

    scope = {
        "type": "websocket",
        "client": None if peer is None else (peer, 1),
        "headers": [(b"host", b"x"), (b"X-Forwarded-Email", b"ana")],
    }
    asyncio.run(Doorway(app, how)(scope, None, None))
    assert (len(seen[0]) == 2) == (peer == "10.0.0.2")


def test_only_work_before_pages_is_spared_what_streamlit_says_of_it(caplog) -> None:
    warns = [logging.getLogger(name) for name in logs.OUTSIDE]

    def warn(text: str) -> None:
        for one in warns:
            one.warning(text)

    for one in warns:
        one.addHandler(caplog.handler)
    try:
        with logs.before_pages():
            warn("here")
            page = threading.Thread(target=warn, args=("a page",))
            page.start()
            page.join()
        warn("after")
    finally:
        for one in warns:
            one.removeHandler(caplog.handler)
    said = {record.getMessage() for record in caplog.records if record.name in logs.OUTSIDE}
    assert said == {"a page", "after"}


def test_the_log_is_json_without_secrets(capsys, monkeypatch) -> None:
    monkeypatch.setenv("RACKCAST_LOG", "json")
    kept = (logs.LOGGER.handlers, logs.LOGGER.propagate, logs.LOGGER.level)
    logs.begin(())
    logs.event("opened", who="ana", place="postgresql://ana:pa55w0rd@db/x", count=2)
    logging.getLogger("rackcast").warning("client_secret = 'abc' and cookie: xyz")
    logs.LOGGER.handlers, logs.LOGGER.propagate = kept[:2]
    logs.LOGGER.setLevel(kept[2])
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["event"], first["who"], first["count"]) == ("opened", "ana", 2)
    assert "pa55w0rd" not in first["place"]
    assert "abc" not in second["event"]
    assert "xyz" not in second["event"]
