"""Commands on trust: the model beside announced projects and published ranges."""

import typer

from dashboard.cli_options import AsJson, DataFolder, ScenarioName, say


def track_record(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Compare the cost model with announced projects: fitted on early ones, judged on later."""
    from dashboard.files import read_catalog
    from dashboard.trust_text import record_text
    from forecasts.track_record import record_data
    from forecasts.track_record import track_record as compared

    found = compared(read_catalog(data))
    say(as_json, lambda: record_data(found), lambda: record_text(found))


def ratios(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Set the ratios an expert checks first beside published ranges; flag what lies outside."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.trust_text import ratios_text
    from forecasts.engine import run
    from forecasts.sanity_bands import ratios as compared
    from forecasts.sanity_bands import ratios_data

    catalog = read_catalog(data)
    found = compared(run(read_scenario(scenario), catalog), catalog)
    say(as_json, lambda: ratios_data(found), lambda: ratios_text(found))


def announcement(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Walk the announcement line by line: place, value, source, what a tenth more moves."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.trust_text import announcement_text
    from forecasts.announcement import announcement_data, line_by_line
    from forecasts.engine import run

    catalog = read_catalog(data)
    found = line_by_line(run(read_scenario(scenario), catalog), catalog)
    say(as_json, lambda: announcement_data(found), lambda: announcement_text(found))


def scorecard(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Score what earlier data would have forecast, and published outlooks, against what came."""
    from dashboard.files import read_catalog
    from dashboard.trust_text import scorecard_text
    from forecasts.past_forecasts import past_forecasts, record_data
    from forecasts.published_record import published_record

    catalog = read_catalog(data)
    found, others = past_forecasts(catalog), published_record(catalog)
    say(as_json, lambda: record_data(found, others), lambda: scorecard_text(found, others))


def regimes(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Show the rules of every country and what they are worth: demand, compliance, licences."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.trust_text import regimes_text
    from forecasts.engine import run
    from forecasts.regimes import regimes as worked_out
    from forecasts.regimes import regimes_data

    catalog = read_catalog(data)
    found = worked_out(run(read_scenario(scenario), catalog), catalog)
    say(as_json, lambda: regimes_data(found), lambda: regimes_text(found))


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("track-record")(track_record)
    for command in (ratios, announcement, scorecard, regimes):
        app.command()(command)
