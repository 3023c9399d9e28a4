"""Streamlit's own page and scripts, served fast: the first visit needs some 150 small files.

Streamlit reads each from disk through a thread, about 10 ms apiece on two cores; from memory it
is under one. The page itself is Streamlit's with our name, and begins early with what every page
of ours needs.
"""

import mimetypes
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

ROOT = Path(streamlit.__file__).parent / "static"

EARLY = ("PlotlyChart.", "DataFrame.")
"""Large scripts to begin with while the page still connects, by the beginning of their names; the
overview draws without them, so there they are only fetched, once it stands."""

SOON = (
    "Button.",
    "ButtonGroup.",
    "Checkbox.",
    "DownloadButton.",
    "Expander.",
    "Html.",
    "Metric.",
    "Selectbox.",
    "Slider.",
)
"""Small scripts that the first page needs; the browser would ask for each only when it is due."""

LATE = """setTimeout(() => document.head.append(Object.assign(document.createElement("link"),
{rel: "prefetch", as: "script", crossOrigin: "", href: "%s"})), 8000)"""
"""Fetches a script when the first page has long been drawn."""

FOREVER = {"Cache-Control": "public, immutable, max-age=31536000"}
"""Names of these files change with their content."""


class FastAssets:
    """Answers requests for Streamlit's scripts, styles and fonts from memory.

    Parameters
    ----------
    app : ASGIApp
        What answers everything else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.known = {
            f"/{path.relative_to(ROOT).as_posix()}": path
            for folder in ("js", "css", "media")
            for path in (ROOT / "static" / folder).glob("*")
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        known = scope["type"] == "http" and scope["method"] == "GET"
        path = self.known.get(scope["path"]) if known else None
        if path is None:
            await self.app(scope, receive, send)
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        answer = Response(_content(path), media_type=kind, headers=FOREVER)
        await answer(scope, receive, send)


@lru_cache(maxsize=256)
def _content(path: Path) -> bytes:
    return path.read_bytes()


async def door(request: Request) -> Response:
    """Answer with the page that every address of ours begins with."""
    text = page(light=request.url.path == "/")
    return HTMLResponse(text, headers={"Cache-Control": "no-cache"})


IMPORTED = re.compile(r"""(?:from|import)\s*[`"']\./([\w.-]+\.js)[`"']""")
"""How a script names another that it cannot begin without."""

HEAD = 20_000
"""Letters of a script in which it names the others."""


def _with_imports(names: Iterable[str]) -> set[str]:
    """Return scripts with all that they import: else a browser learns of each step only in turn."""
    known: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        path = ROOT / "static" / "js" / name
        if name in known or not path.is_file():
            continue
        known.add(name)
        with path.open(encoding="utf-8") as script:
            waiting.extend(IMPORTED.findall(script.read(HEAD)))
    return known


@lru_cache(maxsize=2)
def page(*, light: bool) -> str:
    """Return Streamlit's page with our name, which asks for nothing in vain and loads ahead.

    Without the base address it looks for a server below each page's own address first, and the
    browser complains.

    Parameters
    ----------
    light : bool
        Whether the page begins without the large scripts.
    """
    scripts = sorted(path.name for path in (ROOT / "static" / "js").glob("*.js"))
    first = [name for name in scripts if name.startswith(SOON)]
    soon = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'
        for name in sorted(_with_imports(first))
    )
    large = [f"./static/js/{name}" for name in scripts if name.startswith(EARLY)]
    early = "".join(
        f"<script>{LATE % one}</script>"
        if light
        else f'<script type="module">import("{one}")</script>'
        for one in large
    )
    base = "<script>window.__streamlit={BACKEND_BASE_URL:window.location.origin}</script>"
    text = (ROOT / "index.html").read_text("utf-8")
    text = text.replace("<title>Streamlit</title>", f"<title>Rackcast</title>{base}")
    text = text.replace("./favicon.png", "./app/static/icon.svg")
    return text.replace("</head>", f"{soon}{early}</head>", 1)
