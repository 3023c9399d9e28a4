"""Public sources on the upload page: asked by a click, compared, accepted, left, undone."""

from pathlib import Path

import httpx
import pytest
from app_visits import opened
from streamlit.testing.v1 import AppTest

from dashboard import data_state, refresh_cards
from data.actors import Actor, Role
from data.catalog import bundled
from data.connectors import fetching
from data.store import open_store

pytestmark = pytest.mark.slow

OWID = "Entity,Code,Year,co2_intensity\n"
HELD = bundled().tables["country_year"]
KNOWN = HELD[(HELD["indicator"] == "carbon_intensity") & (HELD["iso3"] == "MYS")].iloc[-1]


@pytest.fixture(autouse=True)
def own_cache(own_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def says(monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str, float]] | None) -> None:
    """Let every address answer with rows of code, year and value; None: no network."""

    def answer(request: httpx.Request) -> httpx.Response:
        if rows is None:
            raise httpx.ConnectError("no network", request=request)
        lines = [f"Land,{code},{year},{value}\n" for code, year, value in rows]
        return httpx.Response(200, text=OWID + "".join(lines))

    transport = httpx.MockTransport(answer)
    monkeypatch.setattr(fetching, "new_client", lambda: httpx.Client(transport=transport))
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(fetching, "LONGEST_WAIT", 0.0)


def page() -> AppTest:
    app = opened("upload")
    app.segmented_control(key="upload_view").set_value("Public sources").run()
    return app


def ask(app: AppTest) -> AppTest:
    app.button(key="ask_owid").click().run()
    assert not app.exception, app.exception[0].message
    return app


def said(app: AppTest) -> str:
    kinds = ("header", "subheader", "markdown", "caption", "error", "success", "warning", "info")
    return "\n".join(str(one.value) for kind in kinds for one in app.get(kind))


def test_what_a_source_says_is_weighed_accepted_and_taken_back(monkeypatch) -> None:
    year, value = str(KNOWN["period"]), float(KNOWN["value"])
    says(monkeypatch, [("MYS", year, value * 1.25), ("MYS", "2031", 1.0), ("MYS", "2012", 1e-9)])
    app = ask(page())
    assert "new, " in said(app)
    frames = {tuple(one.value.columns): one.value for one in app.dataframe}
    changed = frames["Figure", "In force", "Now", "Change"]
    row = changed[changed["Figure"].str.contains(year)].iloc[0]
    assert row["Change"] == "+25.0%"
    assert float(row["In force"]) == value
    assert "NPV of all factories" in said(app)
    before = data_state.catalog().version
    app.text_input(key="accept_note").input("Newest year.").run()
    app.button(key="accept").click().run()
    assert not app.exception, app.exception[0].message
    assert "3 rows are in force" in said(app)
    newest = data_state.versions()[0].stack[0]
    assert newest.note == "Newest year."
    assert newest.source.startswith("Our World in Data")
    app.button(key="undo_data").click().run()
    assert data_state.catalog().version == before


def test_what_a_source_says_can_be_left(monkeypatch) -> None:
    says(monkeypatch, [("MYS", "2031", 1.0)])
    app = ask(page())
    assert "1 new, 0 changed, 0 unchanged" in said(app)
    app.button(key="refresh_leave").click().run()
    assert "1 new" not in said(app)
    assert data_state.catalog().version == bundled().version


def test_figures_already_in_force_are_no_news(monkeypatch) -> None:
    says(monkeypatch, [("MYS", str(KNOWN["period"]), float(KNOWN["value"]))])
    assert "says nothing new" in said(ask(page()))


def test_without_a_network_the_page_says_so_and_keeps_what_it_has(monkeypatch, own_store) -> None:
    says(monkeypatch, None)
    app = ask(page())
    assert "could not be asked" in said(app)
    assert "stay as they are" in said(app)
    assert "when this machine is online" in said(app)
    assert data_state.catalog().version == bundled().version
    with open_store(str(own_store)) as store:
        rows = store.audit(data_state.actor())
    assert [row["subject"] for row in rows if row["action"] == "refresh"] == ["owid"]


def test_a_viewer_cannot_ask(own_store: Path) -> None:
    with open_store(str(own_store)) as store:
        me = data_state.actor()
        store.set_role(me, "boss", Role.ADMIN)
        store.set_role(Actor("boss"), me.name, Role.VIEWER)
    app = page()
    assert all(app.button(key=f"ask_{name}").disabled for name in ("owid", "world_bank", "sec"))


def test_figures_that_moved_tell_how_far() -> None:
    import pandas as pd

    changes = pd.DataFrame(
        [
            ("country_year", "MYS, gdp_real_growth, 2025", "value", "4.0", "3.0", "changed"),
            ("country_year", "MYS, gdp_real_growth, 2026", "value", "", "5.0", "added"),
        ],
        columns=["dataset", "row", "column", "before", "after", "kind"],
    )
    new, changed = refresh_cards.tables(changes)
    assert new["Figure"].tolist() == ["Malaysia, gdp real growth, 2026"]
    assert changed["Change"].tolist() == ["\N{MINUS SIGN}25.0%"]
