"""The file asked for on the briefing page: made on demand, kept for the session until replaced."""

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from dashboard import state
from dashboard.exports.formats import Order, maker_of
from dashboard.exports.manifest import manifest_of
from dashboard.exports.picture import charts_of
from dashboard.exports.story import AUDIENCES, TOPICS
from dashboard.store_state import notes_on_screen
from forecasts.checks import refuse_failed
from forecasts.presets import PRESETS, preset

MADE = "briefing_made"
"""Key of the session: the last file made, with what it was made for."""

FORMATS = {
    "PowerPoint deck": (".pptx", "data"),
    "Excel model with live formulas": (".xlsx", "data"),
    "Brief to print (PDF)": (".pdf", "data"),
    "Brief as one page (HTML)": (".html", "data"),
    "One chart (PNG)": (".png", "data"),
    "One chart (SVG)": (".svg", "data"),
    "All charts (ZIP)": (".zip", "charts"),
    "All tables and results (ZIP)": (".zip", "data"),
}
"""What can be made: its ending, and what a ZIP holds."""

MIME = {
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page asks for."""

    form: str
    topics: tuple[str, ...]
    against: str
    chart: str = "capacity"
    theme: str = "light"
    scale: int = 2

    @property
    def told(self) -> bool:
        """Whether it tells the story, with topics and comparison."""
        return FORMATS[self.form][0] in (".pptx", ".pdf", ".html")

    @property
    def drawn(self) -> bool:
        """Whether it draws pictures."""
        ending, pack = FORMATS[self.form]
        return ending in (".png", ".svg") or pack == "charts"


@dataclass(frozen=True, slots=True)
class File:
    """A finished file: name, kind, content, manifest, and the choice and case it was made for."""

    name: str
    mime: str
    content: bytes
    choice: Choice
    case: str
    manifest: bytes

    def read(self) -> bytes:
        """Return the content."""
        return self.content

    def read_manifest(self) -> bytes:
        """Return the manifest."""
        return self.manifest


def audiences() -> dict[str, tuple[str, ...]]:
    """Return the topics by audience."""
    return {**AUDIENCES, "Everything": tuple(TOPICS)}


FIRST = ("base", "constrained")
"""What a scenario is compared with where nobody says otherwise, as `rackcast export` does."""


def comparable() -> list[str]:
    """Return the scenarios that the one on screen can be compared with, as commands would first."""
    now = state.scenario().hash
    order = sorted(PRESETS, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    return [name for name in order if preset(name).hash != now]


def chart_names() -> list[str]:
    """Return the charts of the scenario on screen."""
    return list(charts_of(state.current()))


def make(choice: Choice) -> File:
    """Make what is asked for, with a bar of progress; keep it for the session.

    Raises
    ------
    RefusedError
        If it cannot be made here: pictures need a browser on the server.
    """
    ending, pack = FORMATS[choice.form]
    study = state.current()
    with st.status(f"Making the {choice.form}", expanded=True) as told:
        bar = st.progress(0.0)

        def tell(share: float, what: str) -> None:
            bar.progress(share, what)

        refuse_failed(state.checks())
        order = Order(
            study=study,
            catalog=state.catalog(),
            made=dt.datetime.now(dt.UTC).date(),
            against=preset(choice.against),
            topics=choice.topics,
            app=_address(),
            chart=choice.chart,
            theme=choice.theme,
            scale=float(choice.scale),
            notes=notes_on_screen(state.opened(), state.opened_revision()),
            tell=tell,
        )
        content = maker_of(ending, pack)(order)
        bar.progress(1.0, "Done")
        told.update(label=f"{choice.form} is ready", state="complete", expanded=False)
    case = state.scenario().hash
    name = f"rackcast_{case}_{order.made.isoformat()}{ending}"
    told_by = manifest_of(order, ending, pack, (name, content)).written()
    made = File(name, MIME[ending], content, choice, case, told_by)
    st.session_state[MADE] = made
    return made


def _address() -> str:
    """Address at which this app is open, without its query."""
    return str(st.context.url or "http://127.0.0.1:8501").partition("?")[0].rpartition("/")[0]


def ready(choice: Choice) -> File | None:
    """Return the file made last, if it is the one asked for and the scenario is still the same."""
    made: File | None = st.session_state.get(MADE)
    fits = made is not None and made.choice == choice and made.case == state.scenario().hash
    return made if fits else None
