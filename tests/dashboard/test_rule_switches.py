"""Switches for country rules on page Trust: what they state, in the link and taken back."""

from app_visits import opened, press

LABEL = "Incentives granted"


def switched(app):
    return next(one for one in app.toggle if one.label == LABEL)


def test_a_switch_states_values_by_factory_in_the_link_and_undo_takes_them_back():
    app = opened("trust")
    app.session_state["trust_view"] = "Country rules"
    app.run()
    assert not switched(app).value
    switched(app).set_value(True).run()
    assert not app.exception
    now = app.session_state["now"]
    assert now.sites["malaysia"] == {"tax_holiday_years": 10.0}
    assert now.sites["saudi_arabia"] == {"corporate_tax": 0.05, "withholding_tax": 0.0}
    assert switched(app).value
    assert app.query_params["malaysia.tax_holiday_years"] == "10"
    again = opened("trust", **{name: held for name, held in app.query_params.items()})
    assert again.session_state["now"].hash == now.hash
    switched(app).set_value(False).run()
    assert app.session_state["now"].sites == {}
    press(app, "Undo")
    assert app.session_state["now"].hash == now.hash
