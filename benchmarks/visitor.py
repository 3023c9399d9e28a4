"""A visitor without a browser: speaks Streamlit's own protocol over a real websocket."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from html import unescape
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_S = 60.0
FIGURE = re.compile(r'"rc-kpi-name"><span>(.*?)</span>.*?"rc-kpi-value">(.*?)<')
"""Name and value of a figure on a page."""

PATHS = re.compile(r"rc-paths-(\d+)")
"""Sampled paths that a chart of a page rests on."""

WIDGETS = (
    "metric",
    "slider",
    "button",
    "checkbox",
    "selectbox",
    "text_input",
    "file_uploader",
)
"""Kinds of elements that are known by their label."""


class Visitor:
    """One open page.

    Parameters
    ----------
    address : str
        Of the app, as http://127.0.0.1:8501.
    headers : mapping, optional
        Sent with the handshake: cookies, a proxy's name for the visitor.
    origin : str, optional
        What the browser says the page came from; the address itself where not given.
    """

    def __init__(
        self, address: str, headers: Mapping[str, str] | None = None, origin: str | None = None
    ) -> None:
        self.address, self.headers = address.rstrip("/"), dict(headers or {})
        self.origin = origin or self.address
        self.widgets: dict[str, str] = {}
        self.sliders: dict[str, tuple[float, float, float, float]] = {}
        self.texts: list[str] = []
        self.problems: list[str] = []
        self.downloads: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        self.page = ""
        self.session = ""
        self.bytes = self.runs = self.metrics = self.charts = self.paths = 0
        self._known: dict[str, ForwardMsg] = {}
        self._socket: ClientConnection | None = None
        self._coming_back: asyncio.Task[None] | None = None
        self._parts = 0

    async def __aenter__(self) -> Self:
        address = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        token = self.headers.pop("xsrf", "")
        self._socket = await connect(
            address,
            origin=self.origin,
            subprotocols=["streamlit", *([token] if token else [])],
            additional_headers=self.headers,
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=PATIENCE_S,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stay()
        await self.socket.close()

    @property
    def socket(self) -> ClientConnection:
        """The open connection."""
        if self._socket is None:
            raise ValueError("the visitor has not come in: use `async with`")
        return self._socket

    def expect(self) -> None:
        """Count runs, figures and charts anew: what comes next belongs to a new run."""
        self.runs = self.metrics = self.charts = self.paths = 0

    async def run(
        self,
        *,
        query: str = "",
        page: str = "",
        set_widget: Callable[[BackMsg], None] | None = None,
    ) -> None:
        """Ask for a run of the script; what the page still wanted to come back for is over."""
        self._stay()
        self._parts = 0
        message = BackMsg()
        state = message.rerun_script
        state.query_string = query
        state.page_script_hash = self.pages.get(page, self.page)
        state.page_name = page if not self.pages else ""
        state.context_info.url = self.address
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en-GB"
        state.cached_message_hashes.extend(self._known)
        if set_widget is not None:
            set_widget(message)
        await self.socket.send(message.SerializeToString())

    async def _come_back(self, fragment: str, every_s: float) -> None:
        """Ask for a part of the page again and again, as a browser does when it is told to."""
        while True:
            await asyncio.sleep(every_s)
            message = BackMsg()
            state = message.rerun_script
            state.page_script_hash, state.fragment_id = self.page, fragment
            state.is_auto_rerun = True
            state.context_info.url = self.address
            self._parts += 1
            await self.socket.send(message.SerializeToString())

    def _stay(self) -> None:
        if self._coming_back is not None:
            self._coming_back.cancel()
        self._coming_back = None

    async def press(self, label: str) -> None:
        """Click a button."""

        def set_widget(message: BackMsg) -> None:
            one = message.rerun_script.widget_states.widgets.add()
            one.id, one.trigger_value = self.widgets[label], True

        await self.run(set_widget=set_widget)

    async def move(self, label: str, value: float) -> None:
        """Move a slider."""

        def set_widget(message: BackMsg) -> None:
            one = message.rerun_script.widget_states.widgets.add()
            one.id = self.widgets[label]
            one.double_array_value.data.append(value)

        await self.run(set_widget=set_widget)

    async def until(
        self, seen: Callable[[Self], bool] | None = None, *, or_end: bool = True
    ) -> float:
        """Read until something was seen, or until the script has finished; seconds taken."""
        begun = time.perf_counter()
        async with asyncio.timeout(PATIENCE_S):
            while True:
                raw = await self.socket.recv()
                message = ForwardMsg()
                message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
                self.bytes += len(raw)
                kind = self._take(message)
                if seen is not None and seen(self):
                    break
                if kind == "script_finished" and or_end:
                    break
        return time.perf_counter() - begun

    def _take(self, message: ForwardMsg) -> str:
        kind = str(message.WhichOneof("type"))
        if kind == "ref_hash":
            return self._take(self._known[message.ref_hash])
        if message.metadata.cacheable:
            self._known[message.hash] = message
        if kind == "new_session":
            self._begin(message.new_session)
        elif kind == "auto_rerun":
            self._stay()
            again = self._come_back(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            self._coming_back = asyncio.create_task(again)
        elif kind == "navigation":
            self.pages = {
                one.page_name: one.page_script_hash for one in message.navigation.app_pages
            }
        elif kind == "delta" and message.delta.HasField("new_element"):
            self._element(message.delta.new_element)
        elif kind == "auth_redirect":
            self.texts.append(f"redirect {message.auth_redirect.url}")
        return kind

    def _begin(self, told: NewSession) -> None:
        self.page = told.page_script_hash
        self.session = told.initialize.session_id
        if self._parts:
            self._parts -= 1
        else:
            self._stay()
            self.texts = []
            self.runs += 1
            self.metrics = self.charts = self.paths = 0

    def _element(self, element: object) -> None:
        kind = element.WhichOneof("type")
        one = getattr(element, kind or "", None)
        if kind == "exception":
            self.problems.append(one.message)
        if kind in WIDGETS:
            self.widgets[one.label] = getattr(one, "id", "")
        if kind == "download_button":
            self.downloads[one.label] = one.deferred_file_id
        if kind == "slider":
            self.sliders[one.label] = (one.min, one.max, one.step, one.default[0])
        self.charts += kind == "plotly_chart" or (kind == "html" and "rc-plot" in one.body)
        if kind == "html":
            figures = [": ".join(map(unescape, found)) for found in FIGURE.findall(one.body)]
            self.metrics += len(figures)
            self.texts.extend(figures)
            self.paths = max([self.paths, *map(int, PATHS.findall(element.html.body))])
        elif kind in ("markdown", "heading", "alert", "text"):
            self.texts.append(one.body.replace("\\", ""))
