"""How people sign in: not at all on one's own machine, by OpenID Connect, or by a trusted proxy.

Everything is set by environment variables, so that a container and a unit file say it alike:

- `RACKCAST_SIGN_IN`: `off` (the default), `oidc` or `proxy`.
- `RACKCAST_AUTH_FILE`: for `oidc`, a TOML file with Streamlit's table `[auth]`; it holds secrets.
- `RACKCAST_PROXIES`, `RACKCAST_PROXY_HEADER`: for `proxy`, who may say who comes, and where.
- `RACKCAST_ADMINS`: the first admins of a store that has no members yet.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final

from data.problems import Problem, RefusedError

SIGN_IN, AUTH_FILE = "RACKCAST_SIGN_IN", "RACKCAST_AUTH_FILE"
PROXIES, HEADER = "RACKCAST_PROXIES", "RACKCAST_PROXY_HEADER"
ADMINS, CLAIM, HOURS = "RACKCAST_ADMINS", "RACKCAST_CLAIM", "RACKCAST_SIGN_IN_HOURS"

NAMES: Final = (SIGN_IN, AUTH_FILE, PROXIES, HEADER, ADMINS, CLAIM, HOURS)
"""Every variable read here."""

PROXY_USER: Final = "proxy_user"
"""What Streamlit keeps the proxy's header under."""

NEEDED: Final = (
    "redirect_uri",
    "cookie_secret",
    "client_id",
    "client_secret",
    "server_metadata_url",
)
"""What the table `[auth]` must hold."""

SHORTEST_SECRET: Final = 32
"""Characters of the secret that signs cookies."""

Network = IPv4Network | IPv6Network


class Mode(StrEnum):
    """How people sign in."""

    OFF = "off"
    OIDC = "oidc"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people sign in.

    Attributes
    ----------
    mode : Mode
        By which way.
    admins : tuple of str
        First admins of a store without members.
    claim : str
        Which claim of the identity token names a person.
    hours : float
        How long a sign-in holds.
    proxies : tuple of networks
        Peers whose header is believed.
    header : str
        Name of that header, in small letters.
    """

    mode: Mode = Mode.OFF
    admins: tuple[str, ...] = ()
    claim: str = "email"
    hours: float = 12.0
    proxies: tuple[Network, ...] = ()
    header: str = "x-forwarded-email"

    def trusts(self, peer: str) -> bool:
        """Whether a peer may say who comes."""
        try:
            there = ip_address(peer)
        except ValueError:
            return False
        return self.mode is Mode.PROXY and any(there in one for one in self.proxies)


def sign_in(environment: Mapping[str, str]) -> SignIn:
    """Return how people sign in.

    Raises
    ------
    RefusedError
        With everything that is wrong: an unsafe half-setting never starts.
    """
    problems: list[Problem] = []
    mode = _mode(environment.get(SIGN_IN, "off"), problems)
    proxies = _proxies(environment.get(PROXIES, ""), problems)
    admins = tuple(filter(None, map(str.strip, environment.get(ADMINS, "").split(","))))
    if mode is Mode.PROXY and not proxies:
        problems.append(Problem(PROXIES, "nothing", "addresses", "name the proxy, as 10.0.0.2"))
    made = SignIn(
        mode=mode,
        admins=admins,
        claim=environment.get(CLAIM, "email"),
        hours=_hours(environment.get(HOURS, "12"), problems),
        proxies=proxies,
        header=environment.get(HEADER, "x-forwarded-email").strip().lower(),
    )
    if problems:
        raise RefusedError(problems)
    return made


def _mode(text: str, problems: list[Problem]) -> Mode:
    try:
        return Mode(text.strip().lower())
    except ValueError:
        problems.append(Problem(SIGN_IN, repr(text), ", ".join(Mode), "choose one"))
        return Mode.OFF


def _hours(text: str, problems: list[Problem]) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 < hours <= 720:
        problems.append(Problem(HOURS, repr(text), "hours above 0, up to 720", "try 12"))
    return hours


def _proxies(text: str, problems: list[Problem]) -> tuple[Network, ...]:
    found = []
    for one in filter(None, map(str.strip, text.split(","))):
        try:
            found.append(ip_network(one))
        except ValueError:
            expected = "addresses such as 10.0.0.2 or 10.0.0.0/24"
            problems.append(Problem(PROXIES, repr(one), expected, "correct it"))
    return tuple(found)


def secrets_of(environment: Mapping[str, str]) -> dict[str, object]:
    """Return the table `[auth]` of the file that the environment names.

    Raises
    ------
    RefusedError
        If it cannot be read, lacks something, or its cookie secret is short. No value is shown.
    """
    named = environment.get(AUTH_FILE, "")
    if not named:
        fix = "name a TOML file with a table [auth]"
        raise RefusedError([Problem(AUTH_FILE, "nothing", "a file", fix)])
    path = Path(named)
    try:
        held = tomllib.loads(path.read_text("utf-8")).get("auth", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = f"it cannot be read ({type(error).__name__})"
        fix = "see docs/deployment.md"
        raise RefusedError([Problem(path.name, found, "a TOML file", fix)]) from error
    lacking = [name for name in NEEDED if not str(held.get(name, "")).strip()]
    if lacking:
        found = f"[auth] lacks {', '.join(lacking)}"
        raise RefusedError([Problem(path.name, found, ", ".join(NEEDED), "add them")])
    if len(str(held["cookie_secret"])) < SHORTEST_SECRET:
        fix = "make one with `openssl rand -hex 32`"
        expected = f"{SHORTEST_SECRET} characters or more"
        raise RefusedError([Problem(path.name, "a short cookie_secret", expected, fix)])
    return dict(held)


def person(user: Mapping[str, object], how: SignIn, now: float) -> tuple[str, str]:
    """Return who has signed in and, where nobody has, why not.

    Parameters
    ----------
    user : mapping
        What Streamlit knows of the visitor.
    how : SignIn
        How people sign in here.
    now : float
        Seconds since 1970.
    """
    if how.mode is Mode.PROXY:
        name = str(user.get(PROXY_USER) or "").strip()
        return name, "" if name else "The proxy in front of Rackcast has not said who you are."
    if not user.get("is_logged_in"):
        return "", "Please sign in."
    if now - _seconds(user.get("iat")) > how.hours * 3600:
        return "", "Your sign-in is too old. Please sign in again."
    name = str(user.get(how.claim) or "").strip()
    if not name:
        return "", f"Your sign-in holds no {how.claim}, so Rackcast cannot tell who you are."
    if how.claim == "email" and user.get("email_verified") in (False, "false"):
        return "", "Your address of mail is not confirmed where you signed in."
    return name, ""


def _seconds(claim: object) -> float:
    return float(claim) if isinstance(claim, int | float) else 0.0
