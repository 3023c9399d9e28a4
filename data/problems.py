"""What is wrong with a user's input: every problem at once, each with its place and its fix."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a file, a table or a scenario.

    Attributes
    ----------
    place : str
        Where: file and row, column, or the path of a key (`sites.romania.pue`).
    value : str
        What was found there.
    expected : str
        What would have been right.
    fix : str
        What to do about it, as an instruction.
    """

    place: str
    value: str
    expected: str
    fix: str

    def __str__(self) -> str:
        text = f"{self.place}: got {self.value}, expected {self.expected}; {self.fix}"
        return one_line(text)


def one_line(text: str) -> str:
    r"""Write what does not print, such as a line end out of a user's file, as an escape.

    Examples
    --------
    >>> one_line("a\nb")
    'a\\nb'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def named_again(place: str, names: object) -> list[Problem]:
    """Return a problem for each text that a list holds more than once; none for what is no list.

    Examples
    --------
    >>> [str(one) for one in named_again("factories", ["malaysia", "oman", "malaysia"])]
    ["factories: got 'malaysia' a second time, expected each once; name it once"]
    """
    held = [one for one in names if isinstance(one, str)] if isinstance(names, list | tuple) else []
    return [
        Problem(place, f"{name!r} a second time", "each once", "name it once")
        for name, times in Counter(held).items()
        if times > 1
    ]


class RefusedError(Exception):
    """Input that cannot be used, with all its problems; the command line exits with code 1."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


MOST_NAMES = 16
"""Names of which all are told where none is near the one given."""


def one_of(place: str, name: str, known: Sequence[str]) -> str:
    """Return a name when it is one of those there are.

    Raises
    ------
    RefusedError
        If it is none of them: with the nearest alone, else with the first few of them.

    Examples
    --------
    >>> one_of("--metric", "nvp", ["npv", "irr"])
    Traceback (most recent call last):
    data.problems.RefusedError: --metric: got 'nvp', expected a known name; did you mean 'npv'?
    """
    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    if near:
        raise RefusedError(
            [Problem(place, repr(name), "a known name", f"did you mean {near[0]!r}?")]
        )
    told = ", ".join(known[:MOST_NAMES]) + (" …" if len(known) > MOST_NAMES else "")
    raise RefusedError([Problem(place, repr(name), f"one of {told}", "use one of these names")])
