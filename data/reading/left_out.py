"""Rows of a table that are no data, left out and said: repeated headers, footnotes, totals."""

import re
from decimal import Decimal

from data.reading.findings import Findings
from data.reading.grid import Cell, Grid, Row, is_blank, shown
from data.reading.headers import Header, filled, is_value
from data.reading.numerals import number_of

TOTAL = re.compile(
    r"(?:grand |sub-?|overall )?"
    r"(?:total|totals|sum|summe|gesamt|somme|totaal|totale|suma|insgesamt|jumlah)"
    r"(?:[ :].*| général)?|all (?:countries|rows|regions)",
    re.IGNORECASE,
)
"""A label of a row that sums others."""

NOTE = re.compile(
    r"\s*(?:[*†‡]|\(\*\)|\[?\(?\d\)|\[\d\]|[¹²³]|notes?\b|source|quelle|bron|sursa|fuente|footnote|remarks?\b|n\.b\.|nb:|"
    r"copyright|©|disclaimer|last updated|updated|generated|exported|downloaded|published|end of)",
    re.IGNORECASE,
)
"""How a footnote begins."""


NOTES = re.compile(
    r"(?:foot)?notes?:|remarks?:|sources?:|anmerkung(?:en)?:|quellen?:|remarques?:|nota[s ]?:"
    r"|observa[țţt]ii:|legend[ae]?:",
    re.IGNORECASE,
)
"""A row that says that notes follow."""


def cell_at(row: Row, at: int) -> Cell:
    """Return a cell of a row that may be shorter."""
    return row[at] if at < len(row) else None


def without_repeats(grid: Grid, places: list[int], header: Header, findings: Findings) -> list[int]:
    """Leave out rows that repeat the header."""
    if header.last < 0:
        return places
    names = [" ".join(shown(cell).split()) for cell in grid.rows[header.last]]
    while names and not names[-1]:
        names.pop()
    first = names[0] if names else ""
    repeated = [
        place
        for place in places
        if " ".join(shown(cell_at(grid.rows[place], 0)).split()) == first
        and [" ".join(shown(cell).split()) for cell in grid.rows[place]][: len(names)] == names
    ]
    findings.of_rows(
        "warning", [(grid.numbers[place], ", ".join(names[:5])) for place in repeated], "",
        "the header once", "the row repeats the header and was left out",
    )  # fmt: skip
    return [place for place in places if place not in set(repeated)] if repeated else places


def without_notes(grid: Grid, places: list[int], header: Header, findings: Findings) -> list[int]:
    """Leave out footnotes below the table: rows with one long text, or one that begins so."""
    kept = list(places)
    notes: list[int] = []
    if len(header.names) < 2:
        return kept
    begin = _notes_begin(grid, kept)
    kept, notes = kept[:begin], kept[begin:]
    while kept and _is_note(grid, kept, header):
        notes.insert(0, kept.pop())
    findings.of_rows(
        "warning", [(grid.numbers[place], text_of_row(grid.rows[place])) for place in notes], "",
        "rows of data", "the row was taken for a footnote and left out",
    )  # fmt: skip
    return kept


def _notes_begin(grid: Grid, places: list[int]) -> int:
    """Return where a row that says Notes: begins rows of notes only; else the number of rows."""
    for at, place in enumerate(places):
        if NOTES.fullmatch(text_of_row(grid.rows[place])) and all(
            filled(row) < 2 or NOTE.match(text_of_row(row))
            for row in (grid.rows[one] for one in places[at:])
        ):
            return at
    return len(places)


def text_of_row(row: Row) -> str:
    """Return the cells of a row as one text."""
    return " ".join(shown(cell).strip() for cell in row if not is_blank(cell))


def _is_note(grid: Grid, kept: list[int], header: Header) -> bool:
    row = grid.rows[kept[-1]]
    cells = [at for at, cell in enumerate(row) if not is_blank(cell)]
    text = text_of_row(row)
    begins = bool(NOTE.match(text))
    if begins and all(not is_value(row[at]) for at in cells) and len(cells) < len(header.names):
        return True
    if begins and cells[:1] == [0] and len(row) != len(header.names) and len(cells) < 3:
        return True
    if len(cells) != 1 or is_value(row[cells[0]]):
        return False
    apart = len(kept) > 1 and grid.numbers[kept[-1]] - grid.numbers[kept[-2]] > 1
    return apart or (len(text) > 40 and " " in text)


def without_totals(grid: Grid, places: list[int], findings: Findings) -> list[int]:
    """Leave out rows that sum those above, where the sums prove it; else say it."""
    summed: list[int] = []
    since: list[int] = []
    above: list[int] = []
    for place in places:
        if not _is_total(grid.rows[place]):
            since.append(place)
            above.append(place)
            continue
        others = [one for one in places if one != place and not _is_total(grid.rows[one])]
        if any(_sums(grid, place, parts) for parts in (since, above, others)):
            summed.append(place)
            since = []
            continue
        findings.add(
            "warning", grid.numbers[place], "", text_of_row(grid.rows[place]), "rows of data",
            "the row looks like a total, but is no sum of those above; delete it if it is one",
        )  # fmt: skip
    findings.of_rows(
        "warning", [(grid.numbers[place], text_of_row(grid.rows[place])) for place in summed], "",
        "rows of data", "the row sums those above and was left out, or it would count twice",
    )  # fmt: skip
    left = [place for place in places if place not in set(summed)] if summed else places
    _say_nameless_sum(grid, left, findings)
    return left


def _say_nameless_sum(grid: Grid, places: list[int], findings: Findings) -> None:
    """Say that a last row without a name sums all above it."""
    if len(places) < 3 or not is_blank(cell_at(grid.rows[places[-1]], 0)):
        return
    row, above = grid.rows[places[-1]], places[:-1]
    named = all(isinstance(grid.rows[one][0], str) for one in above if grid.rows[one])
    numbers = [cell for cell in row if not is_blank(cell)]
    if (
        named
        and all(amount_of(cell) is not None for cell in numbers)
        and _sums(grid, places[-1], above)
    ):
        findings.add(
            "warning", grid.numbers[places[-1]], "", text_of_row(row), "a name in every row",
            "the row sums those above; delete it, or it counts twice",
        )  # fmt: skip


def _is_total(row: Row) -> bool:
    labels = (cell for cell in row[:3] if isinstance(cell, str) and cell.strip())
    return any(TOTAL.fullmatch(label.strip()) for label in labels)


def _sums(grid: Grid, place: int, above: list[int]) -> bool:
    """Whether some number of a row is the sum of those above it, and none contradicts."""
    if not above:
        return False
    agreed = 0
    for at, cell in enumerate(grid.rows[place]):
        total = amount_of(cell)
        if total is None:
            continue
        parts = [amount_of(cell_at(grid.rows[one], at)) for one in above]
        held = [part for part in parts if part is not None]
        if held and abs(sum(held) - total) <= abs(total) * Decimal("0.005") + Decimal("0.01"):
            agreed += 1
    return agreed > 0


def amount_of(cell: Cell) -> Decimal | None:
    """Return a cell's number; None where it holds none."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return Decimal(repr(cell)) if cell == cell and abs(cell) != float("inf") else None
    number = number_of(cell) if isinstance(cell, str) else None
    return None if number is None else (number.point if number.point is not None else number.comma)
