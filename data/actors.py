"""Who may do what: people in workspaces, and the least role every change asks for."""

import getpass
import os
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from data.problems import Problem, RefusedError

MAIN: Final = "main"
"""The workspace of a store that nobody has divided."""


class Role(StrEnum):
    """What a person may do in a workspace; each role may do what those before it may."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMIN = "admin"

    def covers(self, least: "Role") -> bool:
        """Whether this role may do what `least` may.

        Examples
        --------
        >>> Role.APPROVER.covers(Role.ANALYST), Role.VIEWER.covers(Role.ANALYST)
        (True, False)
        """
        order = list(Role)
        return order.index(self) >= order.index(least)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at work in a workspace.

    Attributes
    ----------
    name : str
        As signed in, or the name of the machine's user.
    workspace : str
        What the person sees and changes; nothing crosses it.
    """

    name: str
    workspace: str = MAIN

    def __post_init__(self) -> None:
        for field, text in (("name", self.name), ("workspace", self.workspace)):
            if not text.strip() or len(text) > 200 or not text.isprintable():
                fix = "give 1 to 200 printable characters"
                raise RefusedError([Problem(field, repr(text[:40]), "a name", fix)])


@lru_cache(maxsize=1)
def machine_user() -> str:
    """Return the user of this machine as the system knows it, whatever the environment says."""
    try:
        import pwd
    except ModuleNotFoundError:
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


LEAST: Final[dict[str, Role]] = {
    "look": Role.VIEWER,
    "sign-in": Role.VIEWER,
    "export": Role.VIEWER,
    "save scenario": Role.ANALYST,
    "restore scenario": Role.ANALYST,
    "delete scenario": Role.ANALYST,
    "lock scenario": Role.ANALYST,
    "unlock scenario": Role.APPROVER,
    "approve scenario": Role.APPROVER,
    "accept data": Role.ANALYST,
    "undo data": Role.ANALYST,
    "roll back data": Role.ANALYST,
    "save mapping": Role.ANALYST,
    "refresh": Role.ANALYST,
    "judge": Role.ANALYST,
    "issue forecasts": Role.ANALYST,
    "raise alert": Role.ANALYST,
    "acknowledge alert": Role.ANALYST,
    "set role": Role.ADMIN,
    "read audit": Role.APPROVER,
    "operate": Role.ADMIN,
    "back up": Role.ADMIN,
}
"""The least role of every action; an action that is not listed here cannot be done."""


def permit(actor: Actor, role: Role | None, action: str) -> Role:
    """Return the role if it covers an action.

    Raises
    ------
    RefusedError
        If the person has no role in the workspace, or too small a one.
    """
    least = LEAST[action]
    if role is None or not role.covers(least):
        found = f"{actor.name} is {role or 'not a member'}"
        fix = f"ask an admin of the workspace {actor.workspace!r}"
        raise RefusedError([Problem(action, found, f"{least} or more", fix)])
    return role
