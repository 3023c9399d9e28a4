"""`rackcast verify`: whether exports are what this version, data and scenario produce."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli_options import AsJson, DataFolder, say
from data.problems import Problem, RefusedError


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(verify)


def verify(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="An export, its manifest, or a folder of them.")
    ],
    anew: Annotated[
        bool,
        typer.Option(
            "--anew/--quick", help="Make each file anew, or compare hashes and versions alone."
        ),
    ] = True,
    template: Annotated[
        Path | None, typer.Option(help="The company's PPTX that a deck was made with.")
    ] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Verify exports against their manifests, this version and the data; say what differs."""
    from dashboard.export_runs import template_of
    from dashboard.files import read_catalog
    from dashboard.verifying import Here, text, verified

    here = Here(read_catalog(data), template_of(template), anew)
    found = verified(path, here)
    wrong = [one for one in found if one.reasons]
    told = {"verified": not wrong, "files": [one.data() for one in found]}
    say(as_json, lambda: told, lambda: text(found))
    if wrong:
        expected = "what this version, data and scenario produce"
        raise RefusedError(
            [
                Problem(
                    one.file, one.reasons[0], expected, "ask whoever sent it, or export it anew"
                )
                for one in wrong
            ]
        )
