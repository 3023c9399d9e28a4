"""Commands on trust: the model beside announced projects."""

import typer

from dashboard.cli_options import AsJson, DataFolder, say


def track_record(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Compare the cost model with announced projects: fitted on early ones, judged on later."""
    from dashboard.files import read_catalog
    from dashboard.trust_text import record_text
    from forecasts.track_record import record_data
    from forecasts.track_record import track_record as compared

    found = compared(read_catalog(data))
    say(as_json, lambda: record_data(found), lambda: record_text(found))


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("track-record")(track_record)
