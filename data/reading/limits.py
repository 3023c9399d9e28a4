"""How much a file may hold; a file that holds more is refused with the limit named."""

import time
from dataclasses import dataclass

from data.reading.findings import UnreadableError


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file, each checked before the memory for it is taken.

    Attributes
    ----------
    file_bytes : int
        Bytes of the file.
    unpacked_bytes : int
        Bytes after unpacking gzip, zip or a workbook.
    ratio : int
        Unpacked bytes for each packed byte, judged from one megabyte on.
    rows, columns, cells : int
        Of the table.
    cell_characters : int
        Of one cell of text.
    nesting : int
        Levels of a JSON document.
    members : int
        Files inside a zip or workbook.
    seconds : float
        Time to read one file.
    memory_bytes : int
        Memory of the process that opens workbooks and Parquet files.
    """

    file_bytes: int = 200_000_000
    unpacked_bytes: int = 400_000_000
    ratio: int = 200
    rows: int = 5_000_000
    columns: int = 2_000
    cells: int = 50_000_000
    cell_characters: int = 131_072
    nesting: int = 32
    members: int = 2_000
    seconds: float = 60.0
    memory_bytes: int = 3_000_000_000


LIMITS = Limits()
"""The bounds that hold unless a caller states others."""


def require(name: str, found: int, limit: int) -> None:
    """Refuse what is above a limit, naming both."""
    if found > limit:
        raise UnreadableError(
            f"{found:,} {name}", f"at most {limit:,} {name}", "split the file or leave parts out"
        )


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which a file must have been read."""

    ends: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds, seconds)

    @property
    def left(self) -> float:
        """Seconds left, at least a tenth."""
        return max(self.ends - time.monotonic(), 0.1)

    def check(self) -> None:
        """Refuse the file when its time is over."""
        if time.monotonic() > self.ends:
            raise UnreadableError(
                f"more than {self.seconds:g} seconds",
                f"a file that is read in {self.seconds:g} seconds",
                "split the file",
            )
