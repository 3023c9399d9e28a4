"""Evidence on the page of a factory: beside the plan, none said where there is none, rows typed."""

import datetime as dt
import json

import pytest
from app_visits import opened, press
from streamlit.testing.v1 import AppTest

from dashboard.charts import progress_seen
from dashboard.charts.study import Study, study
from dashboard.cli import main
from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.report import month_name

pytestmark = pytest.mark.usefixtures("own_store")

READ = dt.date(2026, 11, 28)
"""Day on which evidence is read."""

TYPED = {
    "evidence_project": "Ours",
    "evidence_period": "2027-09-14",
    "evidence_text": "Permit of the county",
    "evidence_source": "County council",
    "evidence_url": "https://example.org/permit",
    "evidence_date": "2027-09-20",
}


@pytest.fixture(scope="module")
def base() -> Study:
    return study(run(preset("base")))


def _captions(app: AppTest) -> str:
    said = "\n".join(str(one.value) for one in [*app.caption, *app.markdown])
    return said.replace("\\", "").replace("\N{NON-BREAKING HYPHEN}", "-")


def test_the_verdict_names_the_evidence_the_plan_and_the_months(base: Study) -> None:
    row = base.row("romania")
    planned = month_name(base.result, base.result.phases[row][0].construction)
    assert progress_seen.verdict(base, row, bundled(), READ) == (
        "Latest seen: announced, 2026-06-02. Ground broken (only stated, 2026-06 to 2026-12): "
        f"7 to 13 months ahead; the plan says {planned}."
    )
    assert progress_seen.verdict(base, base.row("oman"), bundled(), READ) == (
        "No public evidence of this factory's progress."
    )
    said = progress_seen.verdict(base, base.row("saudi_arabia"), bundled(), READ)
    assert "agreement or memorandum signed, 2026-06" in said
    assert "No milestone that the plan dates has public evidence." in said


def test_a_statement_whose_time_has_passed_is_said_to_have_passed(base: Study) -> None:
    row, said = base.row("romania"), "That time has passed, and no public evidence says"
    for day, over in ((dt.date(2026, 12, 31), False), (dt.date(2027, 1, 1), True)):
        assert (said in progress_seen.verdict(base, row, bundled(), day)) == over


def test_commands_print_sites_and_evidence_and_refuse_what_is_not_there(capsys) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["site", "--at", "2030-06", "--factory", "malaysia"])
    said = capsys.readouterr().out
    assert "malaysia: 2030-06: 43.6 of 92.2 MW live, phase 3 under construction" in said
    assert "Phase 2: Live since 2029-10; racks 96 of 96" in said
    with pytest.raises(SystemExit, match="0"):
        main(["site", "--at", "2030-06", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert len(told["factories"]) == 12
    for one in told["factories"]:
        assert sum(hall["live_mw"] for hall in one["halls"]) == pytest.approx(one["live_mw"])
    with pytest.raises(SystemExit, match="0"):
        main(["evidence", "--factory", "belgium", "--json"])
    (belgium,) = json.loads(capsys.readouterr().out)["factories"]
    held = {one["milestone"]: one for one in belgium["milestones"]}
    assert held["ground_breaking"]["ahead_months"] == [3, 9]
    assert held["ground_breaking"]["evidence"]["url"].startswith("https://")
    assert held["live"]["evidence"] is None
    with pytest.raises(SystemExit, match="0"):
        main(["evidence"])
    assert "oman: No public evidence of this factory's progress." in capsys.readouterr().out
    for wrong in (["site", "--at", "2050-01"], ["evidence", "--factory", "malasia"]):
        with pytest.raises(SystemExit, match="1"):
            main(wrong)
        assert "refused" in capsys.readouterr().err


def test_every_milestone_has_evidence_or_says_that_there_is_none(base: Study) -> None:
    for row in range(len(base.sites)):
        table = progress_seen.plan_table(base, row, bundled())
        assert not table.isna().any().any()
        bare = table["Dated"] == "\N{EN DASH}"
        assert (table.loc[bare, "Against the plan"] == "no public evidence").all()
        assert (table.loc[~bare, "Address"].str.startswith("http")).all()


def test_rows_of_the_factory_come_before_those_of_other_projects(base: Study) -> None:
    for site in base.sites:
        about = list(progress_seen.rows_table(bundled(), site.key).get("About", []))
        assert about == sorted(about, key=lambda one: one != "This factory or its partners")


def test_the_page_shows_evidence_with_its_rule_to_everybody() -> None:
    app = opened("factory", factory="belgium", view="executive")
    assert "3 to 9 months ahead" in _captions(app)
    app = opened("factory", factory="kenya")
    assert "No public evidence of this factory's progress." in _captions(app)
    assert progress_seen.RULE in _captions(app)


def _form() -> AppTest:
    app = opened("factory", factory="kenya")
    assert not [one for one in app.text_input if one.key == "evidence_project"]
    return _opened(app)


def _opened(app: AppTest) -> AppTest:
    """Open both expanders, which a test must do before every run: it knows them as no widgets."""
    app.session_state["evidence_form"] = True
    app.session_state["evidence_rows"] = True
    return app.run()


def test_a_typed_row_is_in_force_counts_and_can_be_taken_back() -> None:
    app = _form()
    for key, text in TYPED.items():
        app.text_input(key=key).set_value(text)
    app.selectbox(key="evidence_milestone").set_value("permit")
    press(app, "Keep the evidence")
    assert "Permit granted (seen, 2027-09-14)" in _captions(app)
    assert any("1 row is in force" in str(one.value) for one in app.success)
    again = opened("factory", factory="kenya")
    assert "Permit granted (seen, 2027-09-14)" in _captions(again)
    _opened(app)
    listed = next(frame.value for frame in app.dataframe if "About" in frame.value.columns)
    assert list(listed["Project"]).count("Ours") == 1
    press(app, "Undo")
    assert "Permit granted (seen" not in _captions(app)


def test_the_form_asks_in_the_order_in_which_a_row_is_read() -> None:
    app = _form()
    asked = [one.label for one in app.main if getattr(one, "form_id", "").startswith("evidence_")]
    fields = [one for one in asked if one != "Keep the evidence"]
    assert fields == [
        *("Project", "What was reached", "Whose", "Did it happen?", "When", "What exactly"),
        *("Source", "Address", "Published on", "Grade", "Notes"),
    ]


def test_a_row_that_cannot_be_is_refused_with_every_problem() -> None:
    app = _form()
    press(app, "Keep the evidence")
    (error,) = app.error
    for label in ("Project", "What exactly", "Published on"):
        assert label in str(error.value)
    for key, text in {**TYPED, "evidence_period": "soon", "evidence_url": "none"}.items():
        app.text_input(key=key).set_value(text)
    press(app, "Keep the evidence")
    (error,) = app.error
    assert "2 things to mend" in str(error.value)
    assert "period" in str(error.value)
    assert "source" in str(error.value)
