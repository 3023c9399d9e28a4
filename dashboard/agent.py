"""Tools for agents over stdio, by the Model Context Protocol; needs the extra `agent`."""

import json
import threading
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from typing import ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from dashboard.agent_answers import TOOLS
from data.problems import RefusedError

Asked = ParamSpec("Asked")

INSTRUCTIONS = """\
Rackcast forecasts the build-out, cost and return of sovereign AI factories. Money is nominal US
dollars, rates and shares are fractions. Every assumption has a source or is marked as one: quote
it, and the scenario's hash, with a figure. A metric without a value says why; do not guess it.\
"""

TURN = threading.Lock()
"""One answer at a time: a simulation keeps the machine busy by itself."""


def server() -> MCPServer:
    """Return the server with every tool; none of them changes anything."""
    made = MCPServer(
        "rackcast",
        title="Rackcast",
        instructions=INSTRUCTIONS,
        version=version("rackcast"),
        log_level="WARNING",
    )
    for tool in TOOLS:
        made.add_tool(
            told(tool),
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
            structured_output=False,
        )
    return made


def told(tool: Callable[Asked, object]) -> Callable[Asked, str]:
    """Return a tool that answers in JSON; what is refused is told with every problem."""

    @wraps(tool)
    def asked(*positional: Asked.args, **named: Asked.kwargs) -> str:
        try:
            with TURN:
                return json.dumps(tool(*positional, **named), allow_nan=False)
        except RefusedError as refused:
            raise ToolError("\n".join(f"refused: {one}" for one in refused.problems)) from refused

    return asked
