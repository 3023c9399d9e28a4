"""Long work on a page: stopped by its owner, ended by somebody else, started again."""

from streamlit.testing.v1 import AppTest


def ended() -> None:
    """A page whose work an admin ends."""
    import streamlit as st

    from dashboard.run_state import long_run
    from data.problems import Problem, RefusedError

    def work(_: object) -> dict[str, object]:
        raise RefusedError([Problem("programme", "ended by ana", "its end", "try again later")])

    found = long_run(("test of an ended run",), "Working", work)
    st.caption("nothing" if found is None else "done")


def stopped() -> None:
    """A page whose work was stopped before it began."""
    import streamlit as st

    from dashboard.run_state import long_run

    st.session_state.setdefault("stopped_test of a stopped run", True)
    found = long_run(("test of a stopped run",), "Working", lambda told: {"told": told is not None})
    st.caption("nothing" if found is None else "done")


def test_work_that_somebody_else_ends_is_said_and_can_start_again() -> None:
    page = AppTest.from_function(ended, default_timeout=60).run()
    assert not page.exception
    assert "ended by ana" in page.warning[0].value
    assert [one.label for one in page.button] == ["Start again"]
    assert page.caption[0].value == "nothing"


def test_work_that_was_stopped_can_start_again() -> None:
    page = AppTest.from_function(stopped, default_timeout=60).run()
    assert page.caption[0].value == "nothing"
    page.button[0].click().run()
    assert page.caption[0].value == "done"
