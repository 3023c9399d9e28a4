"""Every page runs for every preset, and the link restores what was set."""

import errno
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_visits import figures
from streamlit.testing.v1 import AppTest

from dashboard import assets, server, state
from dashboard.drivers_state import drivers
from dashboard.pages import PAGES
from data.catalog import bundled
from data.problems import RefusedError
from forecasts.outlook import outlook
from forecasts.presets import PRESETS, preset
from forecasts.scenario import QUANTITIES

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
NAMES = [name for name, *_ in PAGES]
BROKEN = re.compile(r"\b(nan|NaN|None|inf)\b|Traceback")

pytestmark = pytest.mark.slow


def opened(page: str = "overview", **link: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=180)
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    if page != "overview":
        app.switch_page(f"app_pages/{page}.py").run()
    return app


def texts(app: AppTest) -> Iterator[str]:
    for kind in ("header", "subheader", "markdown", "caption", "title", "toast"):
        for element in app.get(kind):
            yield str(getattr(element, "value", ""))
            yield str(getattr(element, "label", "") or "")
    for element in app.get("html"):
        yield re.sub("<[^>]*>", " ", str(element.proto.body))


def fine(app: AppTest) -> None:
    assert not app.exception, app.exception[0].message
    assert not app.error
    for text in texts(app):
        assert not BROKEN.search(text), text


@pytest.mark.parametrize("page", NAMES)
@pytest.mark.parametrize("name", PRESETS)
def test_every_page_runs_for_every_preset(page: str, name: str) -> None:
    app = opened(page, scenario=name)
    fine(app)
    assert len(app.get("plotly_chart")) <= 4
    assert app.header, "every page opens with a finding"


@pytest.mark.parametrize("key", ["belgium", "south_africa", "oman"])
def test_the_factory_page_opens_on_the_factory_of_the_link(key: str) -> None:
    app = opened("factory", factory=key)
    fine(app)
    assert key.split("_")[0].capitalize() in app.header[0].value


def test_a_page_of_an_unbuilt_factory_says_so() -> None:
    app = opened("factory", site_capacity_mw="0", max_phases="1")
    fine(app)
    assert app.info


def test_each_series_can_be_shown() -> None:
    for key in list(outlook(bundled()).histories)[::4]:
        fine(opened("outlooks", series=key))


def test_moving_a_slider_moves_the_figures_and_the_link() -> None:
    app = opened()
    before = figures(app)
    app.slider(key=state.widget_key("gpu_hour_price")).set_value(
        app.slider(key=state.widget_key("gpu_hour_price")).min
    ).run()
    fine(app)
    assert figures(app) != before
    assert any(note[0] in "↑↓" for note in figures(app, "note"))
    assert "gpu_hour_price" in app.query_params


def test_a_slider_says_what_it_stands_on_in_every_run() -> None:
    """A browser that first draws after the second run knows no other run."""
    app = opened(gpu_hour_price="7.9")
    app.run()
    told = {slider.key: list(slider.proto.default) for slider in app.slider}
    assert told[state.widget_key("gpu_hour_price")] == [7.9]
    assert told[state.widget_key("gpu_price_decay")] == [10.0]
    assert app.selectbox(key="preset_picker").proto.default == 0


def test_undo_and_reset_bring_the_base_case_back() -> None:
    app = opened()
    before = figures(app)
    key = state.widget_key("gpu_price_decay")
    app.slider(key=key).set_value(14.0).run()
    assert figures(app) != before
    next(button for button in app.button if button.label == "Undo").click().run()
    assert figures(app) == before
    app.slider(key=key).set_value(16.0).run()
    next(button for button in app.button if button.label == "Reset").click().run()
    assert figures(app) == before
    assert app.slider(key=key).value == 10


def test_redo_brings_back_what_undo_took_until_something_else_changes() -> None:
    app = opened()

    def press(label: str) -> None:
        next(button for button in app.button if button.label == label).click().run()

    key = state.widget_key("gpu_price_decay")
    app.slider(key=key).set_value(14.0).run()
    app.slider(key=key).set_value(16.0).run()
    press("Undo")
    press("Undo")
    assert app.slider(key=key).value == 10
    press("Redo")
    press("Redo")
    assert app.slider(key=key).value == 16
    press("Undo")
    app.slider(key=key).set_value(12.0).run()
    assert next(button for button in app.button if button.label == "Redo").disabled


@pytest.mark.parametrize("page", ["overview", "methods"])
def test_a_link_restores_single_factories_and_entered_phases_on_every_page(page: str) -> None:
    link = {"romania.pue": "1.5", "belgium.phases": "2027-06~64", "months": "240"}
    app = opened(page, **link)
    fine(app)
    assert {name: app.query_params[name] for name in link} == link
    now = app.session_state[state.NOW]
    assert now.sites == {"romania": {"pue": 1.5}}
    assert now.phases["belgium"][0].racks == 64
    assert now.months == 240


def test_choosing_a_preset_moves_every_control() -> None:
    app = opened()
    app.selectbox(key="preset_picker").set_value("constrained").run()
    fine(app)
    wanted = preset("constrained").gpu_price_decay
    assert app.slider(key=state.widget_key("gpu_price_decay")).value == 100 * wanted
    assert app.query_params["scenario"] == "constrained"


@pytest.mark.parametrize("page", NAMES)
def test_a_link_works_on_every_page(page: str) -> None:
    app = opened(page, scenario="accelerated", gpu_price_decay="0.14")
    fine(app)
    assert app.slider(key=state.widget_key("gpu_price_decay")).value == 14


def test_a_bad_link_says_what_it_could_not_apply() -> None:
    app = opened(scenario="nonsense", gpu_hour_price="-5", colour="red", pue="abc")
    fine(app)
    said = " ".join(toast.value for toast in app.toast)
    assert "nonsense" in said
    assert "colour" in said
    assert "abc" in said
    assert "outside" in said
    assert app.slider(key=state.widget_key("gpu_hour_price")).value == pytest.approx(
        preset("base").gpu_hour_price
    )


def test_user_text_is_never_formatting() -> None:
    app = opened(scenario="**x**<b>[a](http://evil)")
    said = app.toast[0].value
    assert "[a](" not in said
    assert "**x" not in said


def test_every_other_assumption_can_be_reached_and_moved() -> None:
    app = opened()
    app.session_state["others"] = True
    app.run()
    reached = set(drivers())
    for title in app.selectbox(key="section_picker").options:
        app.selectbox(key="section_picker").set_value(title).run()
        fine(app)
        keys = {widget.key for widget in [*app.slider, *app.number_input]}
        reached |= {name for name in QUANTITIES if state.widget_key(name) in keys}
    assert reached == set(QUANTITIES)


def test_a_quantity_of_each_site_can_be_stated_for_all() -> None:
    app = opened()
    app.session_state["others"] = True
    app.run()
    app.selectbox(key="section_picker").set_value("Operations").run()
    before = figures(app)
    app.number_input(key=state.widget_key("pue")).set_value(1.9).run()
    fine(app)
    assert figures(app) != before
    assert app.query_params["pue"] == "1.9"


def uploaded(content: str) -> AppTest:
    app = opened()
    app.session_state["files"] = True
    app.run()
    app.file_uploader[0].upload("mine.yaml", content.encode()).run()
    return app


def test_a_scenario_file_can_be_used_and_its_link_restores_it() -> None:
    app = uploaded("name: '*mine*'\nparent: constrained\nsites:\n  romania: {pue: 1.5}\n")
    next(button for button in app.button if button.label == "Use it").click().run()
    fine(app)
    assert app.selectbox(key="preset_picker").value == state.UPLOADED
    before = figures(app)
    again = opened(own=app.query_params["own"])
    fine(again)
    assert figures(again) == before


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("utilisation_of_gpus: 0.5", "unknown key"),
        ("gpu\\_hour\\_price: [", "YAML"),
        ("gpu_hour_price: -3", "gpu"),
        ("- a\n- b", "assumptions"),
    ],
)
def test_a_bad_scenario_file_is_said_kindly_and_changes_nothing(content: str, named: str) -> None:
    app = uploaded(content)
    assert not app.exception
    assert named in app.error[0].value
    assert not any(button.label == "Use it" for button in app.button)
    assert "own" not in app.query_params


def test_a_broken_uploaded_scenario_in_a_link_is_left_out() -> None:
    app = opened(own="AAAA")
    fine(app)
    assert "cannot be read" in app.toast[0].value


def test_a_busy_port_is_refused_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(RefusedError, match=r"in use.*--port"):
            server.serve(taken.getsockname()[1])


def test_a_reserved_port_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(*_: object) -> None:
        raise PermissionError(errno.EACCES, "not yours")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(RefusedError, match="reserved for the system"):
        server.serve(80)


def test_the_settings_hold_wherever_the_app_is_started() -> None:
    settings = server._config()
    assert settings["server.address"] == "127.0.0.1"
    assert settings["runner.postScriptGC"] is False
    assert settings["browser.gatherUsageStats"] is False


@pytest.mark.parametrize("light", [True, False])
def test_the_page_is_ours_and_names_no_other_host(light: bool) -> None:
    text = assets.page(light=light)
    assert "<title>Rackcast</title>" in text
    assert "modulepreload" in text
    assert not re.search(r'(src|href)="https?:', text)


def test_the_overview_begins_without_the_large_scripts() -> None:
    assert "import(" in assets.page(light=False)
    light = assets.page(light=True)
    assert "import(" not in light
    assert light.count('rel: "prefetch"') == len(assets.EARLY)


@pytest.mark.parametrize(
    ("found", "page", "shown"),
    [
        ("factory:oman", "factory", "Oman"),
        ("metric:lcoc", "factory", "AI Factory"),
        ("page:methods", "methods", "One model"),
        ("assumption:pue", "assumptions", "assumptions"),
    ],
)
def test_everything_is_found_by_its_name_from_any_page(found: str, page: str, shown: str) -> None:
    app = opened("tables")
    app.selectbox(key="go_to").set_value(found).run()
    fine(app)
    assert shown in app.header[0].value, page


def test_an_executive_sees_fewer_tables_and_the_link_keeps_the_view() -> None:
    app = opened("factory", view="executive")
    fine(app)
    assert not app.tabs
    assert app.query_params["view"] == "executive"
    assert opened("factory").tabs
