"""What a case of the corpus is, and a plain table that many files hold.

A case: file name, content, status, frame expected (header and rows) or nothing, and further facts.
`A` is accepted, `W` accepted with warnings, `R` rejected.
"""

A, W, R = "accepted", "accepted_with_warnings", "rejected"
PLAIN = [["name", "value"], ["Kenya", 1.5], ["Mali", 2]]
PLAIN_TEXT = "name,value\nKenya,1.5\nMali,2\n"


def frame(text: str, number: str = "") -> list[list[object]]:
    """Return the cells of a plain comma text; columns named in `number` become numbers."""
    rows: list[list[object]] = [line.split(",") for line in text.strip().split("\n")]
    for at, name in enumerate(rows[0]):
        if name in number.split(","):
            for row in rows[1:]:
                row[at] = float(str(row[at])) if row[at] else None
    return rows
