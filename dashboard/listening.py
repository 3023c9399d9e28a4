"""Where the app may listen: a free port, and never open to others without signing in."""

import errno
import ipaddress
import socket
from typing import Final

from dashboard.signing_in import Mode, SignIn
from data.problems import Problem, RefusedError

ADDRESS: Final = "127.0.0.1"
"""This machine alone."""


def refuse_open_door(address: str, how: SignIn) -> None:
    """Refuse to let others in who have not signed in.

    Raises
    ------
    RefusedError
        If the address is no address, or is open to others while nobody signs in.
    """
    try:
        own = ipaddress.ip_address(address).is_loopback
    except ValueError:
        fix = "give an address of this machine, as 127.0.0.1 or 0.0.0.0"
        raise RefusedError([Problem("--address", repr(address), "an address", fix)]) from None
    if not own and how.mode is Mode.OFF:
        fix = "set RACKCAST_SIGN_IN to oidc or proxy; see docs/deployment.md"
        found = f"{address} lets others in without signing in"
        raise RefusedError([Problem("--address", found, "sign-in", fix)])


def refuse_unusable(port: int, address: str = ADDRESS) -> None:
    """Try the port: a busy or reserved one is said in one line, not in a traceback.

    Raises
    ------
    RefusedError
        If it cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            reserved = error.errno == errno.EACCES
            found = "a port reserved for the system" if reserved else "a port in use"
            fix = "choose one from 1024 on" if reserved else f"try --port {_next(port)}"
            raise RefusedError([Problem(f"port {port}", found, "a free port", fix)]) from error


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8501
