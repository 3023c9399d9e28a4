"""Numbers in tables: one sign below zero, decimals that fit, numbers that stay numbers."""

import json
from io import BytesIO

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.table_widgets import STYLED, _columns
from dashboard.theme import MINUS, NOTHING


def drawn(frame: pd.DataFrame, *, exact: bool = False, digits: int | None = None) -> AppTest:
    """Draw a table alone."""

    def page(frame, exact, digits):
        from dashboard.table_widgets import table

        table(frame, alt="a table", exact=exact, digits=digits)

    given = {"frame": frame, "exact": exact, "digits": digits}
    app = AppTest.from_function(page, default_timeout=30, kwargs=given)
    app.run()
    assert not app.exception
    return app


def written(app: AppTest) -> pd.DataFrame | None:
    """Return what the browser writes instead of the numbers, if anything."""
    values = app.dataframe[0].proto.arrow_data.styler.display_values
    return pa.ipc.open_stream(BytesIO(values)).read_pandas() if values else None


def formats(app: AppTest) -> dict[str, object]:
    """Return the format that the browser itself gives the numbers of each column."""
    columns = json.loads(app.dataframe[0].proto.columns)
    return {
        name: one["type_config"]["format"]
        for name, one in columns.items()
        if "format" in one.get("type_config", {})
    }


def test_numbers_below_zero_have_a_true_minus_and_stay_numbers() -> None:
    frame = pd.DataFrame({"NPV, USD m": [-1077.4, 191.0, None], "Share": [0.5, 0.25, 0.0]})
    app = drawn(frame)
    assert written(app)["NPV, USD m"].tolist() == [f"{MINUS}1,077", "191", NOTHING]
    assert app.dataframe[0].value["NPV, USD m"].tolist()[:2] == [-1077.0, 191.0]
    assert formats(app)["Share"] == "%.2f"
    assert "NPV, USD m" not in formats(app)


def test_columns_that_are_read_across_have_the_same_decimals() -> None:
    frame = pd.DataFrame({"Income": ["Sales"] * 2, "2029": [9.3, -10.0], "2030": [1118.0, 0.0]})
    app = drawn(frame, digits=1)
    assert written(app)["2029"].tolist() == ["9.3", f"{MINUS}10.0"]
    assert written(app)["2030"].tolist() == ["1,118.0", "0.0"]


def test_whole_numbers_below_zero_have_a_true_minus_too() -> None:
    app = drawn(pd.DataFrame({"Bias, %": [-8, 1200], "Forecasts": [78, 1320]}))
    assert written(app)["Bias, %"].tolist() == [f"{MINUS}8", "1,200"]
    assert written(app)["Forecasts"].tolist() == ["78", "1320"]
    assert formats(app)["Forecasts"] == "localized"


@pytest.mark.parametrize("exact", [True, False])
def test_where_nothing_is_below_zero_or_figures_are_stated_the_browser_writes(exact: bool) -> None:
    low = -8.0 if exact else 8.0
    assert written(drawn(pd.DataFrame({"value": [low, 1.25]}), exact=exact)) is None


def test_a_long_table_is_left_to_the_browser() -> None:
    app = drawn(pd.DataFrame({"value": [-1.0] * (STYLED + 1)}))
    assert written(app) is None


def test_an_error_has_the_decimals_of_the_column_before_it() -> None:
    app = drawn(pd.DataFrame({"Mean, USD m": [191.2, 0.0], "Its error, USD m": [8.62, 0.0]}))
    assert set(formats(app).values()) == {"localized"}
    assert app.dataframe[0].value["Its error, USD m"].tolist() == [9.0, 0.0]


def test_whole_numbers_have_no_decimals_and_a_mark_at_thousands_years_have_none() -> None:
    app = drawn(
        pd.DataFrame(
            {"Loan": [0.0, 0.0], "GPUs": [5184, 72], "Year": [2027, 2028], "Price": [1.0, 1.5]}
        )
    )
    assert formats(app) == {"Loan": "localized", "GPUs": "localized", "Price": "%.2f"}


def test_only_addresses_of_the_web_can_be_opened():
    fine = pd.DataFrame({"Address": ["https://example.org/a", "", None]})
    assert "Address" in _columns(fine, {}, exact=False)
    for bad in ("javascript:alert(1)", "data:text/html,x", "a drawer"):
        mixed = pd.DataFrame({"Address": ["https://example.org/a", bad]})
        assert "Address" not in _columns(mixed, {}, exact=False)
