"""Fetch public data politely: named, seldom, cached, tried again with pauses, within bounds."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from data.problems import Problem, RefusedError

LARGEST: Final = 30_000_000
"""Bytes of an answer."""

LONGEST_SECONDS: Final = 90.0
"""Time for one address with all its tries."""

PAUSE_SECONDS: Final = 0.25
"""Time between two requests to the same host."""

TRIES: Final = 4
"""How often an address is asked when it fails or is busy, unless a caller says otherwise."""

LONGEST_WAIT: Final = 20.0
"""Most seconds between two tries, whatever the server asks for."""

BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which asking again makes sense."""

CONTACT: Final = "RACKCAST_CONTACT"
"""Environment variable: the mail address that data publishers ask to be told."""


@dataclass(slots=True)
class Fetcher:
    """Fetches addresses and remembers what it got.

    Attributes
    ----------
    cache : Path
        Folder of answers, with the marks that let a server say that nothing changed.
    client : Client
        Makes the requests; tests hand in one with a transport of their own.
    pause : callable
        Waits some seconds.
    clock : callable
        Gives seconds that only go forward.
    tries : int
        How often an address is asked when it fails or is busy.
    """

    cache: Path
    client: httpx.Client = field(default_factory=lambda: new_client())
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    asked: dict[str, float] = field(default_factory=dict)
    tries: int = TRIES

    def get(self, url: str) -> bytes:
        """Return what an address holds; from the cache where the server says it is unchanged.

        Raises
        ------
        RefusedError
            In one line: offline, refused, too large, too slow.
        """
        place, began = self._place(url), self.clock()
        headers, known = _remembered(place)
        trouble = ""
        for attempt in range(self.tries):
            self._wait_for_host(url)
            if self.clock() - began > LONGEST_SECONDS:
                break
            try:
                answer = self._asked(url, headers)
            except httpx.TransportError as error:
                trouble = f"no answer ({type(error).__name__})"
                self.pause(min(0.5 * 2**attempt, LONGEST_WAIT))
                continue
            if answer.status_code == httpx.codes.NOT_MODIFIED and known is not None:
                return known
            if answer.status_code == httpx.codes.OK:
                return self._kept(place, answer)
            trouble = f"HTTP {answer.status_code}"
            if answer.status_code not in BUSY:
                break
            self.pause(_asked_wait(answer, attempt))
        raise _refused(url, trouble or "too slow")

    def _asked(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """Ask once; an answer beyond the bounds is not read to its end."""
        with self.client.stream("GET", url, headers=dict(headers)) as answer:
            if answer.status_code == httpx.codes.OK:
                held = bytearray()
                for piece in answer.iter_bytes():
                    held += piece
                    if len(held) > LARGEST:
                        raise _refused(url, f"more than {LARGEST:,} bytes")
                return httpx.Response(200, headers=_marks(answer), content=bytes(held))
            return httpx.Response(answer.status_code, headers=_marks(answer))

    def _wait_for_host(self, url: str) -> None:
        host = httpx.URL(url).host
        if host in self.asked:
            left = PAUSE_SECONDS - (self.clock() - self.asked[host])
            if left > 0:
                self.pause(left)
        self.asked[host] = self.clock()

    def _place(self, url: str) -> Path:
        return self.cache / hashlib.sha256(url.encode()).hexdigest()[:32]

    def _kept(self, place: Path, answer: httpx.Response) -> bytes:
        """Keep an answer for the next time; a cache that cannot be written costs nothing else."""
        content = answer.content
        marks = {name: answer.headers[name] for name in MARKS if name in answer.headers}
        if not marks:
            return content
        held = {"marks": marks, "sha256": hashlib.sha256(content).hexdigest()}
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            place.with_suffix(".bin").write_bytes(content)
            place.with_suffix(".json").write_text(json.dumps(held), "utf-8")
        except OSError:
            place.with_suffix(".json").unlink(missing_ok=True)
        return content


MARKS: Final = {"etag": "if-none-match", "last-modified": "if-modified-since"}
"""Headers of an answer, and what they become in the next request."""


def new_client() -> httpx.Client:
    """Return a client that says who asks; addresses of other schemes are not followed."""
    contact = os.environ.get(CONTACT, "").strip()
    agent = f"Rackcast/0.1 ({contact})" if contact else "Rackcast/0.1"
    return httpx.Client(
        headers={"user-agent": agent, "accept-encoding": "gzip, deflate"},
        timeout=httpx.Timeout(20.0, connect=8.0),
        follow_redirects=True,
        max_redirects=3,
    )


def _marks(answer: httpx.Response) -> dict[str, str]:
    names = (*MARKS, "retry-after")
    return {name: answer.headers[name] for name in names if name in answer.headers}


def _remembered(place: Path) -> tuple[dict[str, str], bytes | None]:
    """Return what to ask with, and the answer known, where a whole one is kept."""
    try:
        held = json.loads(place.with_suffix(".json").read_text("utf-8"))
        content = place.with_suffix(".bin").read_bytes()
        whole = hashlib.sha256(content).hexdigest() == held["sha256"]
        marks = {MARKS[name]: str(value) for name, value in held["marks"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, None
    return (marks, content) if whole else ({}, None)


def _asked_wait(answer: httpx.Response, attempt: int) -> float:
    try:
        wanted = float(answer.headers.get("retry-after", ""))
    except ValueError:
        wanted = 0.5 * 2**attempt
    return min(max(wanted, 0.0), LONGEST_WAIT)


def _refused(url: str, found: str) -> RefusedError:
    host = httpx.URL(url).host
    fix = "try again when this machine is online; everything stays as it is"
    if found == "HTTP 403" and host.endswith("sec.gov"):
        fix = f"set {CONTACT} to your mail address, which the SEC asks for"
    return RefusedError([Problem(host, found, "data", fix)])
