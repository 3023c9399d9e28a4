"""Two people changed one scenario: what each changed, and what the two make together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Stated = Mapping[str, object]

ABSENT = object()
"""What a path holds that a draft does not state; a stated None means `from the tables`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario as somebody wants it saved.

    Attributes
    ----------
    name : str
        Its name in the workspace.
    changes : mapping
        What it states beyond its parent, as in a scenario file: numbers by assumption, `sites`
        by factory.
    parent : str
        A preset or another saved scenario.
    description : str
        A sentence.
    notes : mapping of str to str
        Notes by assumption.
    data_version : str
        The data it is pinned to; empty follows the data in force.
    """

    name: str
    changes: Stated = field(default_factory=dict)
    parent: str = "base"
    description: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    data_version: str = ""

    def parts(self) -> dict[str, object]:
        """Return every single thing it says by its path, `sites.romania.pue` for one."""
        found: dict[str, object] = {
            "parent": self.parent,
            "description": self.description,
            "data_version": self.data_version,
        }
        found |= {f"notes.{name}": text for name, text in self.notes.items()}
        return found | {f"changes.{path}": value for path, value in flat(self.changes).items()}


def flat(stated: Stated) -> dict[str, object]:
    """Return what a scenario states, factory by factory.

    Examples
    --------
    >>> flat({"pue": 1.2, "sites": {"romania": {"pue": 1.3}}})
    {'pue': 1.2, 'sites.romania.pue': 1.3}
    """
    found = {name: value for name, value in stated.items() if name != "sites"}
    sites = stated.get("sites")
    for factory, own in (sites if isinstance(sites, Mapping) else {}).items():
        if isinstance(own, Mapping):
            found |= {f"sites.{factory}.{name}": value for name, value in own.items()}
    return found


def nested(paths: Mapping[str, object]) -> dict[str, object]:
    """Return what `flat` took apart."""
    found: dict[str, object] = {}
    sites: dict[str, dict[str, object]] = {}
    for path, value in paths.items():
        if path.startswith("sites."):
            _, factory, name = path.split(".", 2)
            sites.setdefault(factory, {})[name] = value
        else:
            found[path] = value
    return found | ({"sites": sites} if sites else {})


def laid_over(parent: Stated, child: Stated) -> dict[str, object]:
    """Return what a parent states with what its child states laid over it."""
    return nested(flat(parent) | flat(child))


@dataclass(frozen=True, slots=True)
class Merge:
    """Two drafts in one, as far as they agree.

    Attributes
    ----------
    draft : Draft
        Everything that only one of them changed, or both alike; where both differ, mine.
    disputed : mapping of str to tuple
        By path what both changed differently: as it was, theirs, mine (None where removed).
    """

    draft: Draft
    disputed: Mapping[str, tuple[object, object, object]]


def merged(base: Draft, theirs: Draft, mine: Draft) -> Merge:
    """Merge two drafts that began at the same base."""
    was, they, me = base.parts(), theirs.parts(), mine.parts()
    together: dict[str, object] = {}
    disputed: dict[str, tuple[object, object, object]] = {}
    for path in sorted({*was, *they, *me}):
        before, left, right = (one.get(path, ABSENT) for one in (was, they, me))
        chosen = left if right == before else right
        if left not in (before, right) and right != before:
            disputed[path] = (_known(before), _known(left), _known(right))
        if chosen is not ABSENT:
            together[path] = chosen
    return Merge(draft_of(mine.name, together), disputed)


def _known(part: object) -> object:
    return None if part is ABSENT else part


def draft_of(name: str, parts: Mapping[str, object]) -> Draft:
    """Return the draft whose parts these are."""

    def under(group: str) -> dict[str, object]:
        start = f"{group}."
        return {
            path.removeprefix(start): part for path, part in parts.items() if path.startswith(start)
        }

    return Draft(
        name=name,
        changes=nested(under("changes")),
        parent=str(parts.get("parent", "base")),
        description=str(parts.get("description", "")),
        notes={key: str(text) for key, text in under("notes").items()},
        data_version=str(parts.get("data_version", "")),
    )
