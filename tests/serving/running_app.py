"""The app as a process of its own, as people run it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 150


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    folder: Path,
    environment: Mapping[str, str],
    port: int | None = None,
    options: Sequence[str] = (),
) -> Iterator["App"]:
    """Start the app with settings and options of its own; stop it afterwards."""
    port = port or free_port()
    log = folder / f"log-{port}"
    own = {name: text for name, text in os.environ.items() if not name.startswith("STREAMLIT")}
    own |= {"RACKCAST_STORE": str(folder / "store.sqlite"), "RACKCAST_LOG": "json"}
    command = [sys.executable, "-m", "dashboard", "dashboard", "--port", str(port), *options]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=own | dict(environment), stdout=out, stderr=subprocess.STDOUT
        )
    app = App(f"http://127.0.0.1:{port}", process, log)
    try:
        app.wait()
        yield app
    finally:
        process.terminate()
        process.wait(20)


class App:
    """A running app: where it is, its process, its log."""

    def __init__(self, address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.address, self.process, self.log = address, process, log

    def wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            ended = self.process.poll()
            assert ended is None, f"the app ended with {ended}: {self.log.read_text()}"
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"no answer within {STARTS_WITHIN} s: {self.log.read_text()}")
