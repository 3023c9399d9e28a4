"""A series of one's own: brought by a form, forecast, tied in the scenario or for everyone."""

from pathlib import Path

import pandas as pd
import pytest
from app_visits import opened
from streamlit.testing.v1 import AppTest

from dashboard import data_state, state
from dashboard.changes import applied, between, read, shown, text_of
from dashboard.charts import impact
from data.catalog import bundled
from data.catalog_store import Incoming, accept, previewed
from data.store import open_store
from forecasts.impact import moved
from forecasts.presets import preset

TARIFF = "month,value\n" + "".join(
    f"{2022 + at // 12}-{at % 12 + 1:02d},{60 * 1.02**at:.2f}\n" for at in range(48)
)
NAME = "Johor tariff, peak ~ 50%"

pytestmark = pytest.mark.usefixtures("own_store")


def page() -> AppTest:
    app = opened("upload")
    app.segmented_control(key="upload_view").set_value("A series of your own").run()
    assert not app.exception, app.exception[0].message
    return app


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception, app.exception[0].message
    return app


def said(app: AppTest) -> str:
    kinds = ("header", "subheader", "markdown", "caption", "error", "success", "warning", "info")
    return "\n".join(str(one.value) for kind in kinds for one in app.get(kind))


@pytest.mark.parametrize(
    ("unit", "axis"),
    [("USD_per_kWh", "index, last known value 100"), ("EUR_per_MWh", "EUR per MWh")],
)
def test_what_follows_in_another_unit_is_drawn_as_an_index(unit: str, axis: str) -> None:
    """A tariff of 0.1 USD per kWh lay on the zero line of a market price in EUR per MWh."""
    proof = {"unit": unit, "confidence": "assumption", "notes": "Stated for a test."}
    rows = [
        {"series": NAME, "period": f"{2022 + at // 4}Q{at % 4 + 1}", "value": 0.08 + at / 400}
        | proof
        for at in range(16)
    ]
    own = previewed(bundled(), Incoming("own_series", pd.DataFrame(rows)))
    link = {"driver": "power_BEL", "text": NAME, "unit": "text"} | proof | {"unit": "text"}
    after = previewed(own, Incoming("series_links", pd.DataFrame([link])))
    (found,) = [one for one in moved(own, after) if one.key == "power_BEL"]
    chart = impact.series_chart(found)
    assert chart.figure.layout.yaxis.title.text == axis
    known = chart.table[chart.table["What"] == "known"].groupby("Version")[axis].last()
    assert (known == 100).all() == (unit == "USD_per_kWh")


@pytest.mark.slow
def test_the_other_of_two_columns_holds_the_values_whatever_its_name() -> None:
    app = page()
    app.text_input(key="own_name").input("Tariff").run()
    assert "text" not in app.selectbox(key="own_unit").options
    app.selectbox(key="own_unit").set_value("EUR_per_MWh").run()
    given = TARIFF.replace("month,value", "month,Our tariff")
    app.file_uploader(key="own_file").upload("t.csv", given.encode(), "text/csv").run()
    click(app, "accept")
    assert "48 rows are in force" in said(app)


@pytest.mark.slow
def test_a_series_is_brought_tied_in_the_scenario_and_taken_back() -> None:
    app = page()
    assert "No series of your own is in force yet" in said(app)
    app.text_input(key="own_name").input(NAME).run()
    app.selectbox(key="own_unit").set_value("EUR_per_MWh").run()
    app.file_uploader(key="own_file").upload("tariff.csv", TARIFF.encode(), "text/csv").run()
    assert not app.exception, app.exception[0].message
    click(app, "accept")
    assert "48 rows are in force" in said(app)
    app.selectbox(key="own_driver").set_value("power_MYS").run()
    assert "NPV of all factories" in said(app)
    click(app, "tie_scenario")
    now = app.session_state[state.NOW]
    assert now.follows == {"power_MYS": NAME}
    assert "power_MYS follows" in said(app).replace("\\", "")
    assert app.button(key="tie_scenario").disabled
    click(app, "undo_data")
    assert "No series of your own is in force yet" in said(app)


@pytest.mark.slow
def test_a_tie_for_everyone_is_a_row_of_the_data(own_store: Path) -> None:
    proof = {"source": "Own", "confidence": "assumption", "notes": "Why.", "date": "", "url": ""}
    rows = [
        {"series": "Tariff", "period": line.split(",")[0], "value": float(line.split(",")[1])}
        | proof
        | {"unit": "EUR_per_MWh"}
        for line in TARIFF.splitlines()[1:]
    ]
    with open_store(str(own_store)) as store:
        who = data_state.actor()
        accept(store, who, Incoming("own_series", pd.DataFrame(rows)), base=bundled().version)
    app = page()
    app.selectbox(key="own_driver").set_value("power_MYS").run()
    click(app, "tie_all")
    links = data_state.catalog().tables["series_links"]
    assert links[["driver", "text"]].to_numpy().tolist() == [["power_MYS", "Tariff"]]


def test_a_tie_goes_through_a_link_whole() -> None:
    proof = {"source": "Own", "confidence": "assumption", "notes": "Why.", "date": "", "url": ""}
    row = {"series": NAME, "period": "2024", "value": 1.0, "unit": "USD_bn"} | proof
    rows = [row, row | {"period": "2025", "value": 2.0}]
    catalog = previewed(bundled(), Incoming("own_series", pd.DataFrame(rows)))
    parent = preset("base")
    child = applied(parent, {"follows": {"ai_capex": NAME}})
    changes = between(parent, child)
    text = {key: text_of(value) for key, value in changes.items()}
    found, problems = read(text, parent, catalog)
    assert problems == []
    assert applied(parent, found) == child
    assert shown("follows", changes["follows"]) == f"ai_capex follows {NAME}"
    kept, problems = read(text, parent, bundled())
    assert kept == {}
    assert problems
