"""The upload page: drop, mend, see what changes, accept, undo; and the commands on the store."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data_state
from data.actors import Actor, Role
from data.catalog import bundled
from data.store import open_store

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
CLEAN = "Country,Year,MW\nMalaysia,2025,2500\nMalaysia,2026,3500\n"
MESSY = "Country,Year,MW,unit\nMalaysia,2025,2.5,GW\nMalaysia,2026,3.5,GW\nNowhere,soon,1,GW\n"

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_store")]


def dropped(content: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=300)
    app.run()
    app.switch_page("app_pages/upload.py").run()
    app.file_uploader(key="upload_file").upload("mw.csv", content.encode(), "text/csv").run()
    return app


def said(app: AppTest) -> str:
    kinds = ("header", "subheader", "markdown", "caption", "error", "success", "warning", "info")
    return "\n".join(str(one.value) for kind in kinds for one in app.get(kind))


def test_a_clean_file_shows_its_impact_is_accepted_and_undone() -> None:
    before = bundled().version
    app = dropped(CLEAN)
    assert not app.exception, app.exception[0].message
    assert "NPV of all factories" in said(app)
    assert "wins its backtest" in said(app) or "Too short" in said(app)
    assert f"Data version {before} is in force" in said(app)
    app.text_input(key="accept_note").input("From the broker.").run()
    app.button(key="accept").click().run()
    assert not app.exception, app.exception[0].message
    assert "2 rows are in force" in said(app)
    assert data_state.catalog().version != before
    assert data_state.versions()[0].stack[0].note == "From the broker."
    app.button(key="undo_data").click().run()
    assert not app.exception, app.exception[0].message
    assert data_state.catalog().version == before
    assert "NPV of all factories" in said(app)


def test_a_messy_file_is_mended_by_clicks() -> None:
    app = dropped(MESSY)
    assert not app.exception, app.exception[0].message
    assert "cannot count yet" in said(app)
    labels = {one.label: one for one in app.button if (one.key or "").startswith("fix_")}
    assert "accept" not in [one.key for one in app.button]
    labels["Leave out the row with errors"].click().run()
    assert not app.exception, app.exception[0].message
    assert "cannot count yet" not in said(app)
    assert "Choose among the 2 rows" in [one.label for one in app.expander]
    assert "NPV of all factories" in said(app)


def test_a_viewer_can_look_but_not_accept(own_store: Path) -> None:
    with open_store(str(own_store)) as store:
        me = data_state.actor()
        store.set_role(me, "boss", Role.ADMIN)
        store.set_role(Actor("boss"), me.name, Role.VIEWER)
    app = dropped(CLEAN)
    assert "NPV of all factories" in said(app)
    assert app.button(key="accept").disabled
    assert data_state.catalog().version == bundled().version
