"""How much room a text takes: by the widths of Helvetica, which common fonts do not exceed."""

from collections.abc import Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth

FONT, BOLD = "Helvetica", "Helvetica-Bold"
LINE_HEIGHT = 1.2
"""Height of a line over the size of its type."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` points; a word wider than that is cut.

    Examples
    --------
    >>> lines_of("one two three", 50, 12)
    ['one two', 'three']
    """
    font = BOLD if bold else FONT
    found: list[str] = []
    now = ""
    for word in text.split():
        longer = f"{now} {word}".strip()
        if stringWidth(longer, font, size) <= width:
            now = longer
            continue
        if now:
            found.append(now)
        now = word
        while stringWidth(now, font, size) > width and len(now) > 1:
            kept = max(_holds(now, width, font, size), 1)
            found.append(now[:kept])
            now = now[kept:]
    return [*found, now] if now or not found else found


def _holds(word: str, width: float, font: str, size: float) -> int:
    return next(
        (n for n in range(len(word), 0, -1) if stringWidth(word[:n], font, size) <= width), 1
    )


def fitted(
    text: str, width: float, sizes: tuple[float, float], most: int, *, bold: bool = False
) -> tuple[str, float]:
    """Return a text and the size of type at which it fits into some lines.

    Parameters
    ----------
    text : str
        The text.
    width : float
        Points.
    sizes : tuple of two floats
        Largest and smallest size of type, points.
    most : int
        Lines.
    bold : bool
        Whether it is set in bold.

    Returns
    -------
    tuple of str and float
        The text, shortened at a word when even the smallest size does not fit, and the size.
    """
    size, smallest = sizes
    while size > smallest and len(lines_of(text, width, size, bold=bold)) > most:
        size -= 0.5
    lines = lines_of(text, width, size, bold=bold)
    if len(lines) <= most:
        return text, size
    words = " ".join(lines[:most]).split()
    while words and len(lines_of(" ".join(words) + ELLIPSIS, width, size, bold=bold)) > most:
        words.pop()
    return " ".join(words) + ELLIPSIS, size


def column_widths(shares: Sequence[float], width: float, least: Sequence[float]) -> list[float]:
    """Return widths of columns that add up: none below its least where there is room for all.

    Examples
    --------
    >>> column_widths([1, 1], 100, [70, 10])
    [70.0, 30.0]
    """
    total = sum(shares)
    found = [width * share / total for share in shares]
    if sum(least) >= width:
        return [width * one / sum(least) for one in least]
    while any(one < small - 1e-9 for one, small in zip(found, least, strict=True)):
        held = [one <= small for one, small in zip(found, least, strict=True)]
        left = width - sum(small for small, is_held in zip(least, held, strict=True) if is_held)
        free = sum(share for share, is_held in zip(shares, held, strict=True) if not is_held)
        found = [
            small if is_held else left * share / free
            for share, small, is_held in zip(shares, least, held, strict=True)
        ]
    return [float(one) for one in found]
