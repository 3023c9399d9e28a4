"""Factories, first month and length chosen on a page: taken over, undone, refused in words."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.terms_state import FACTORIES, MONTHS, START

APP = Path(state.__file__).parent / "app.py"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.session_state["terms_open"] = True
    for name, value in query.items():
        app.query_params[name] = value
    app.run().switch_page("app_pages/assumptions.py").run()
    assert not app.exception
    return app


def use(app: AppTest) -> list[str]:
    next(one for one in app.button if one.label == "Use these").click().run()
    assert not app.exception
    return [one.value.replace("\\", "") for one in app.warning]


@pytest.mark.slow
def test_a_user_chooses_factories_start_and_length_and_takes_it_back() -> None:
    app = opened()
    next(one for one in app.button if one.label == "First wave").click().run()
    assert app.multiselect(key=FACTORIES).value == ["belgium", "malaysia", "romania"]
    app.text_input(key=START).set_value("2028-07")
    app.number_input(key=MONTHS).set_value(240)
    assert use(app) == []
    now = app.session_state[state.NOW]
    assert now.factories == ("belgium", "malaysia", "romania")
    assert (f"{now.start:%Y-%m-%d}", now.months) == ("2028-07-01", 240)
    assert app.query_params["factories"] == "belgium,malaysia,romania"
    assert any("3 of 12 factories, from 2028-07, 20 years." in one.value for one in app.caption)
    next(one for one in app.button if one.label == "Undo").click().run()
    assert app.session_state[state.CHANGES] == {}
    assert app.text_input(key=START).value == "2027-01"
    assert len(app.multiselect(key=FACTORIES).value) == 12
    assert not app.exception


@pytest.mark.slow
def test_what_cannot_be_is_refused_in_words_and_nothing_moves() -> None:
    app = opened(**{"romania.phases": "2027-06~20", "months": "192"})
    app.multiselect(key=FACTORIES).set_value([])
    app.text_input(key=START).set_value("2031-05")
    assert use(app) == [
        "Choose one factory or more: a scenario without any has nothing to show.",
        "First month: '2031-05' is not a month from 2026-01 to 2030-12.",
    ]
    for wrong in ("", "2027-13", "soon", "2027-01-01"):
        app.text_input(key=START).set_value(wrong)
        app.multiselect(key=FACTORIES).set_value(["romania"])
        (said,) = use(app)
        assert "is not a month from" in said
    app.text_input(key=START).set_value("2028-01")
    assert "phases entered before the first month" in use(app)[0]
    assert set(app.session_state[state.CHANGES]) == {"romania.phases", "months"}


@pytest.mark.slow
def test_terms_that_hold_anyway_are_no_change() -> None:
    app = opened(factories="kenya,oman", months="36")
    assert app.multiselect(key=FACTORIES).value == ["kenya", "oman"]
    next(one for one in app.button if one.label == "All").click().run()
    app.number_input(key=MONTHS).set_value(180)
    assert use(app) == []
    assert app.session_state[state.CHANGES] == {}
