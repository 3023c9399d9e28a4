"""Letters beside numbers: flags of statistical offices, as 5.5 p and 4.5 b."""

import re
from dataclasses import replace

import numpy as np

from data.reading.grid import Cell
from data.reading.kinds import Analysis
from data.reading.numerals import SCALES, Number, number_of

FLAGGED = re.compile(r"\s*([-+(]?[\d.,' \u00a0\u202f]*\d\)?)(\s*)([bcdefnprsuz]{1,3})\s*")
"""A number with flags: b break, e estimated, p provisional, c confidential, and so on."""

LETTERED = re.compile(r"\s*[-+(]?[\d.,' \u00a0\u202f]*\d\)?\s*[A-Za-z]{1,2}\.?\s*")
"""A number with a letter or two behind it, whatever they mean."""

ALSO_UNITS = frozenset("sdcb")
"""Flags that, alone in a column, are rather seconds, days, cents or billions."""


def _flagged(cell: Cell) -> tuple[Number, str, bool] | None:
    """Return a cell's number, its flags, and whether they stand apart from the digits."""
    found = FLAGGED.fullmatch(cell) if isinstance(cell, str) else None
    number = number_of(found[1].strip()) if found else None
    if found is None or number is None:
        return None
    return replace(number, footnote=True), found[3], bool(found[2])


def settle_flags(analyses: list[Analysis]) -> None:
    """Take columns whose numbers carry flags for numbers; the flags are said to be left out.

    Where one column shows flags, `4.5 b` in another is a break in the series and no billion.
    """
    for one in analyses:
        if one.kind == "number" and one.column.plain is None and _are_marks(one):
            one.kind, one.odd = "text", set()
    proven = [one for one in analyses if _settled(one)]
    if not proven:
        return
    for one in analyses:
        for at, number in one.numbers.items():
            found = _flagged(one.column.uniques[at])
            if number.scale in {"b", "B"} and not number.unit and found is not None:
                one.numbers[at] = found[0]


def _are_marks(one: Analysis) -> bool:
    """Whether letters that may mean a size stand among letters that mean none: 5 CR and 5 DR."""
    unsure = any(
        number.scale and not number.unit and not SCALES[number.scale.lower()][1]
        for number in one.numbers.values()
    )
    return unsure and any(LETTERED.fullmatch(str(one.column.uniques[at])) for at in one.odd)


def _settled(one: Analysis) -> bool:
    """Read a column's flagged cells as numbers where all of its cells are numbers then."""
    if one.kind not in {"text", "number"} or one.column.plain is not None:
        return False
    held = set(range(len(one.column.uniques))) - one.missing
    rest = held - set(one.numbers)
    found = {at: _flagged(one.column.uniques[at]) for at in rest}
    flags = [made for made in found.values() if made is not None]
    if not flags or len(flags) < len(rest):
        return False
    letters = {made[1] for made in flags}
    bare = bool(one.missing) or any(not one.numbers[at].scale for at in one.numbers)
    if letters <= ALSO_UNITS and not bare and len(letters) == 1:
        return False
    glued = any(not apart for _, _, apart in flags)
    fractions = any(_is_fraction(made[0]) for made in flags)
    if glued and not fractions:
        return False  # 12d and 3f are rather codes
    one.numbers.update({at: made[0] for at, made in found.items() if made is not None})
    one.kind, one.odd = "number", set()
    return bool(np.any(one.weights))


def _is_fraction(number: Number) -> bool:
    ways = [one for one in (number.point, number.comma) if one is not None]
    return any(one != one.to_integral_value() for one in ways)
