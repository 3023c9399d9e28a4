"""A real PostgreSQL server for the tests: the distribution's, in a temporary folder, no network."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SETTINGS = ("listen_addresses=", "fsync=off", "max_connections=80", "shared_buffers=16MB")


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Server:
    """One server; `start`, `stop` and `kill` may follow each other."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        # A socket's path may hold 107 characters: pytest's folders can be longer.
        self.folder = Path(tempfile.mkdtemp(prefix="rc-pg-", dir="/tmp"))
        self.unprivileged = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.unprivileged:
            shutil.chown(self.folder, "postgres")
        self.folder.chmod(0o711)
        self._run(
            "initdb", "-U", "rackcast", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale"
        )

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.unprivileged, str(self.programs / program), "-D", f"{self.folder}/db"]
        made = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, cwd="/", check=False
        )
        assert made.returncode == 0, f"{program}: {made.stdout}{made.stderr}"

    def start(self) -> None:
        settings = " ".join(f"-c {one}" for one in SETTINGS)
        options = f"-k {self.folder} {settings}"
        self._run("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """Kill the server as a power cut would, and wait until it is gone."""
        number = int((self.folder / "db" / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL)
        while Path(f"/proc/{number}").exists():
            time.sleep(0.02)

    def remove(self) -> None:
        shutil.rmtree(self.folder)

    def address(self, name: str) -> str:
        """Return the address of a database, created if need be."""
        import psycopg

        where = f"postgresql://rackcast@/postgres?host={self.folder}"
        with psycopg.connect(where, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql://rackcast@/{name}?host={self.folder}"


@contextmanager
def started() -> Iterator[Server]:
    """Run a server; without its programs a test is skipped, and in CI it fails."""
    found = programs()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    made = Server(found)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        made.remove()
