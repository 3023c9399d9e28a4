"""Commands for other programs: the REST service, tools for agents."""

from importlib.util import find_spec
from inspect import getdoc
from typing import Annotated

import typer

from dashboard.cli_options import AsJson, DataFolder, say
from data.problems import Problem, RefusedError


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(serve)
    app.command()(agent)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8600,
    host: Annotated[
        str, typer.Option(help="Where to listen; others than this machine need a token.")
    ] = "127.0.0.1",
    embed_in: Annotated[
        list[str] | None,
        typer.Option(help="Origin whose pages may show charts, as https://intranet.example."),
    ] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Answer programs by HTTP, on this machine only unless RACKCAST_API_TOKEN is set."""
    from dashboard.api.serving import serve as begun

    if as_json:
        say(as_json, lambda: {"host": host, "port": port}, str)
    begun(port, host, embed_in or [], data)


def agent(as_json: Annotated[bool, typer.Option("--json", help="List the tools.")] = False) -> None:
    """Offer tools to an agent on standard input and output, by the Model Context Protocol."""
    if as_json:
        from dashboard.agent_answers import TOOLS

        tools = [{"name": one.__name__, "does": getdoc(one)} for one in TOOLS]
        say(as_json, lambda: {"tools": tools}, str)
        return
    if find_spec("mcp") is None:
        fix = "install it: `make setup`, or `pip install 'rackcast[agent]'`"
        raise RefusedError([Problem("agent", "no package mcp", "the extra agent", fix)])
    from dashboard.agent import server

    server().run("stdio")
