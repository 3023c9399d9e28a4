"""What a team runs: container, compose file, proxy, wheelhouse, list of parts."""

import asyncio
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import yaml
from running_app import ROOT, free_port, running

from benchmarks.visitor import Visitor
from dashboard.signing_in import NAMES
from data.actors import Actor
from data.scenario_merging import Draft
from data.scenario_store import save
from data.store import open_store

DEPLOY = ROOT / "deploy"
KNOWN = {*NAMES, "RACKCAST_STORE", "RACKCAST_LOG", "PGPASSFILE"}
DECIDED = "earns its cost of capital"


def test_the_container_runs_without_rights_and_says_whether_it_is_well() -> None:
    lines = [
        line
        for line in re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text("utf-8")).splitlines()
        if line and not line.startswith("#")
    ]
    words = [line.split()[0] for line in lines]
    assert words.count("FROM") == 2
    assert "ADD" not in words
    user = next(line for line in lines if line.startswith("USER"))
    assert int(user.split()[1]) > 1000
    assert words.index("USER") < words.index("CMD")
    health = next(line for line in lines if line.startswith("HEALTHCHECK"))
    assert "/health" in health
    assert "--require-hashes" in " ".join(lines)
    command = json.loads(next(line for line in lines if line.startswith("CMD")).partition(" ")[2])
    assert command[:2] == ["rackcast", "dashboard"]
    assert not [line for line in lines if re.search(r"secret|password|token", line, re.IGNORECASE)]
    for line in lines:
        if line.startswith("COPY") and "--from" not in line:
            assert all((ROOT / name).exists() for name in line.split()[1:-1])


def test_secrets_reach_neither_an_image_nor_the_repository() -> None:
    for name in (".dockerignore", ".gitignore"):
        left_out = (ROOT / name).read_text("utf-8").split()
        for place in ("deploy/.env", "deploy/secrets", "deploy/certificates"):
            assert place in left_out or f"{place}/" in left_out, (name, place)
    copied = re.findall(r"^COPY (?!--from)(\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"), re.M)
    assert not set(copied) & set((ROOT / ".dockerignore").read_text("utf-8").split())


def test_the_services_fit_together_and_hold_no_secret() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    held = yaml.safe_load(text)
    services = held["services"]
    assert {"app1", "app2", "proxy", "db", "scheduler", "worker"} <= set(services)
    app = services["app1"]
    assert set(app["environment"]) <= KNOWN, "a setting that nothing reads"
    assert app["environment"]["RACKCAST_SIGN_IN"] != "off"
    assert app["cap_drop"] == ["ALL"]
    assert all("ports" not in one for name, one in services.items() if name != "proxy")
    for one in services.values():
        for name, value in dict(one.get("environment", {})).items():
            secret = re.search(r"password|secret|key$", name, re.IGNORECASE)
            assert not secret or str(value).startswith("/run/secrets/"), name
        assert set(one.get("secrets", [])) <= set(held["secrets"])
        assert set(one.get("depends_on", [])) <= set(services)
    proxy = (DEPLOY / "nginx.conf").read_text("utf-8")
    assert set(re.findall(r"server (\w+):8501", proxy)) == {"app1", "app2"}
    assert "healthcheck" in services["db"]


def configured(folder: Path, port: int, replicas: list[int], user: str = "") -> Path:
    """The proxy's own configuration, on ports of the tests, without encryption."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"^ *(ssl_|add_header Strict).*\n", "", text, flags=re.MULTILINE)
    for number, replica in enumerate(replicas, start=1):
        text = text.replace(f"app{number}:8501", f"127.0.0.1:{replica}")
    text = text.replace('X-Forwarded-Email "";', f'X-Forwarded-Email "{user}";')
    places = [f"{name}_temp_path {folder}/{name};" for name in TEMPORARY]
    text = text.replace("http {", "http {\n access_log off;\n " + "\n ".join(places))
    path = folder / "nginx.conf"
    path.write_text(f"pid {folder}/pid;\nerror_log {folder}/errors;\ndaemon off;\n{text}")
    return path


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def proxied(config: Path, port: int) -> Iterator[str]:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("nginx is missing: apt-get install nginx-light")
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    checked = subprocess.run(
        [found, "-t", "-e", f"{config.parent}/errors", "-c", str(config)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    with subprocess.Popen([found, "-e", f"{config.parent}/errors", "-c", str(config)]) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(100):
                try:
                    httpx.get(address)
                    break
                except httpx.ConnectError:
                    time.sleep(0.05)
            yield address
        finally:
            process.terminate()


def stands(visitor: Visitor) -> bool:
    """Whether the page and who is at work are drawn: the panel comes last."""
    roles = ("viewer", "analyst", "approver", "admin")
    return any(DECIDED in text for text in visitor.texts) and any(
        text.endswith(roles) for text in visitor.texts
    )


async def looked(address: str, headers: dict[str, str] | None = None) -> list[str]:
    async with Visitor(address, headers) as visitor:
        await visitor.run()
        await visitor.until(stands)
        assert visitor.problems == []
        return visitor.texts


async def from_elsewhere(address: str) -> None:
    async with Visitor(address, origin="https://evil.example"):
        raise AssertionError("a page from elsewhere came in")


@pytest.mark.slow
def test_replicas_behind_the_proxy_serve_one_store_and_the_proxy_says_who_comes(
    tmp_path: Path,
) -> None:
    settings = {
        "RACKCAST_SIGN_IN": "proxy",
        "RACKCAST_PROXIES": "127.0.0.1",
        "RACKCAST_ADMINS": "ana@example.org",
    }
    port = free_port()
    with running(tmp_path, settings) as one, running(tmp_path, settings) as two:
        replicas = [int(app.address.rpartition(":")[2]) for app in (one, two)]
        config = configured(tmp_path, port, replicas, "ana@example.org")
        with proxied(config, port) as address:
            forged = {"X-Forwarded-Email": "eve@example.org"}
            texts = asyncio.run(looked(address, forged))
            assert any("ana@example.org, admin" in text for text in texts)
            with pytest.raises(Exception, match="403"):
                asyncio.run(from_elsewhere(address))
            for hidden in ("/health", "/_stcore/metrics"):
                assert httpx.get(f"{address}{hidden}").status_code == 404
            first = httpx.get(address)
            assert first.headers["x-frame-options"] == "SAMEORIGIN"
            known = re.search(
                "rackcast_visitor=([0-9a-f]{32}); .*HttpOnly", first.headers["set-cookie"]
            )
            again = httpx.get(address, headers={"cookie": f"rackcast_visitor={known[1]}"})
            assert "rackcast_visitor" not in again.headers.get("set-cookie", "")
        # Nobody is named: nobody is let in, though the visitor names somebody.
        with proxied(configured(tmp_path, port, replicas), port) as address:
            texts = asyncio.run(looked(address, {"X-Forwarded-Email": "ana@example.org"}))
            assert not any(DECIDED in text for text in texts)
        with open_store(str(tmp_path / "store.sqlite")) as store:
            save(store, Actor("ana@example.org"), Draft("Shared"))
        named = {"X-Forwarded-Email": "ana@example.org"}
        for app in (one, two):
            texts = asyncio.run(saved_on(app.address, named))
            assert any("Approve revision 1" in text for text in texts)


async def saved_on(address: str, headers: dict[str, str]) -> list[str]:
    async with Visitor(address, headers) as visitor:
        await visitor.run(query="scenario_view=Manage&of=Shared")
        await visitor.until()
        await visitor.run(query="scenario_view=Manage&of=Shared", page="Scenarios")
        await visitor.until()
        return [*visitor.texts, *visitor.widgets]


def test_the_wheelhouse_is_checked_before_anything_is_installed(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("changed on the way\n")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  requirements.lock\n")
    command = ["bash", str(DEPLOY / "wheelhouse.sh"), "install", str(tmp_path), str(tmp_path / "v")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the wheelhouse is damaged" in done.stderr
    assert not (tmp_path / "v").exists()
    assert "--no-index" in (DEPLOY / "wheelhouse.sh").read_text()
    wrong = subprocess.run(command[:2], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2


def sbom():
    spec = importlib.util.spec_from_file_location("sbom", DEPLOY / "sbom.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_of_parts_names_every_package_of_the_lock() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    made = sbom().bill(text)
    names = {part["name"] for part in made["components"]}
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[.*\])?==", text, re.MULTILINE)
    assert len(names) == len(set(pinned)) > 80
    assert {"streamlit", "pandas", "sqlalchemy", "authlib"} <= names
    assert made == sbom().bill(text)
    assert all(len(hashes) >= 1 for _, _, hashes in sbom().locked(text))


def test_advisories_are_compared_with_versions_without_a_network(tmp_path: Path) -> None:
    text = "pandas==3.0.1 \\\n    --hash=sha256:" + "a" * 64 + "\nzlib-ng==1.0\n"
    audit = sbom().audit

    def advisory(fixed: str, name: str = "Pandas") -> dict[str, object]:
        events = [{"introduced": "0"}, {"fixed": fixed}]
        affected = {"package": {"name": name}, "ranges": [{"events": events}]}
        return {"id": "X-1", "summary": "Reads too much.", "affected": [affected]}

    assert audit(text, advisory("3.0.2")) == ["pandas 3.0.1: X-1 Reads too much."]
    assert audit(text, [advisory("3.0.1"), advisory("9", "numpy")]) == []
    assert audit(text, advisory("not a version")) == ["pandas 3.0.1: X-1 Reads too much."]
    path = tmp_path / "advisories.json"
    path.write_text(json.dumps([advisory("999", "streamlit")]))
    command = [sys.executable, str(DEPLOY / "sbom.py"), "--audit", str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
