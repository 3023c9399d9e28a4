"""Notes on the assumptions of a saved scenario: what they say, who wrote each, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.scenario_rows import Saved


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    Attributes
    ----------
    assumption, text : str
        On what, and what it says.
    who, at : str
        Who wrote it as it now stands, and when (UTC, ISO).
    scenario : str
        Name and revision of the scenario in which it was written so: `Late@3`.
    """

    assumption: str
    text: str
    who: str
    at: str
    scenario: str

    @property
    def day(self) -> str:
        """The day it was written."""
        return self.at[:10]

    @property
    def signed(self) -> str:
        """The note in one line, after its day and author."""
        return f"{self.day}, {self.who}: {' '.join(self.text.split())}"


def notes_of(past: Sequence[Saved], revision: int | None = None) -> tuple[Note, ...]:
    """Return the notes of a revision, each signed by whoever wrote it as it stands there.

    Parameters
    ----------
    past : sequence of Saved
        Every revision of a scenario, oldest first.
    revision : int, optional
        The newest when not given.
    """
    found: dict[str, Note] = {}
    for held in past:
        if revision is not None and held.revision > revision:
            break
        standing = held.draft.notes
        found = {name: one for name, one in found.items() if standing.get(name) == one.text}
        for name, text in standing.items():
            if name not in found:
                by = f"{held.name}@{held.revision}"
                found[name] = Note(name, text, held.who, held.at, by)
    return tuple(found[name] for name in sorted(found))
