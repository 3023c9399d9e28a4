"""Books on the page of a factory: every view is drawn, says why, and a link restores it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def _page(**link: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=180)
    for name, value in {"factory": "malaysia", **link}.items():
        app.query_params[name] = value
    app.run().switch_page("app_pages/factory.py").run()
    assert not app.exception
    return app


def _headings(app: AppTest) -> set[str]:
    return {str(frame.value.columns[0]).split(",")[0] for frame in app.dataframe}


def _said(app: AppTest) -> str:
    return " ".join(str(one.value) for one in (*app.caption, *app.markdown)).replace("\n", " ")


@pytest.mark.parametrize("view", ["IFRS 16", "US GAAP"])
def test_a_link_restores_a_view_and_what_is_leased(view: str) -> None:
    app = _page(books_view=view, leased="both")
    assert {"Income", "Balance sheet", "What is leased"} <= _headings(app)
    assert "Cash flow" not in _headings(app)
    assert f"{view}" in _said(app)
    assert "Cover below the covenant of 1.05" in _said(app)
    assert "under US GAAP that of finance leases does" in _said(app)
    leases = next(f.value for f in app.dataframe if "What is leased" in f.value.columns)
    assert any("Hall" in name for name in leases["What is leased"])
    app.selectbox(key="pick_leased").set_value("nothing").run()
    assert not app.exception
    assert "Nothing is leased here" in _said(app)
    assert app.query_params["leased"] in ("nothing", ["nothing"])


def test_the_first_view_is_the_statements_of_the_model() -> None:
    app = _page()
    assert {"Income", "Balance sheet", "Cash flow"} <= _headings(app)
    assert "all that is built is bought" in _said(app)


def test_the_state_s_view_answers_anew_when_a_risk_moves() -> None:
    app = _page(books_view="Government")
    assert "Off the government's balance sheet: a private investment" in _said(app)
    assert _said(app).count("Points to: off") >= 4
    asked = [one.label for one in app.selectbox if " borne by" in one.label or "state" in one.label]
    assert [label.split()[0] for label in asked] == [
        *("Construction", "Availability", "Demand", "Revenue", "Loans")
    ]
    app.selectbox(key="pick_risk_construction").set_value("state").run()
    assert not app.exception
    assert "On the government's balance sheet, as a concession" in _said(app)
    assert {"Flows of the state", "At year end"} <= _headings(app)
    assert app.query_params["risk_construction"] in ("state", ["state"])
    app.selectbox(key="pick_state_buys").set_value("60").run()
    assert "as a public-private partnership" in _said(app)
