"""The `ds` of the long format: dates, periods such as 2024Q1, or integers, and how they go on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.marks import numbered
from forecasts.steps import PARTS, at_month_ends, frequency_of, later, steps_of
from forecasts.units import Array, Whole

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

SEASONS = {"Y": 1, "H": 2, "Q": 4, "M": 12, "W": 52, "D": 7, "B": 5, "h": 24}
"""Steps in the season that a frequency is tested for."""

PATTERNS = {
    "Y": re.compile(r"(?P<year>\d{4})"),
    "H": re.compile(r"(?P<year>\d{4})-?[HS](?P<part>[12])"),
    "Q": re.compile(r"(?P<year>\d{4})-?Q(?P<part>[1-4])"),
    "M": re.compile(r"(?P<year>\d{4})-?M?(?P<part>0[1-9]|1[0-2])"),
}
"""How a period of each frequency is written as text."""

OFFSET = re.compile(r"(?<=:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)$")
"""What a moment written as text says of its time zone."""

FINER = re.compile("ms$|(?i:mi)")
"""Spellings of milliseconds and minutes, which are no months."""

FORMS = "integers, periods such as 2024Q1 or 2024-03, or ISO dates"
"""How the periods of a series may be written."""

FARTHEST = 10**15
"""Integers beyond this and its negative count no periods."""

LENGTH = len("2024-03-31")
"""Letters of a date without a clock."""

WIDEST = 50
"""Grid steps per observation above which gaps are taken for a misread and closed."""


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """How the `ds` of one series counts, and how it goes on.

    Attributes
    ----------
    kind : str
        `integer`, `period` (text such as 2024Q1), `date` (text) or `timestamp`.
    freq : str
        Y, H, Q, M, W, B, D or h; empty for integers of unknown frequency.
    steps : (n,) array of int
        Place of each observation on the grid, in input order.
    stride : int
        Grid places between neighbours: 1 unless the series skips evenly.
    last : object
        The latest `ds` as given.
    month_ends : bool
        Whether every date is the last of its month.
    """

    kind: str
    freq: str
    steps: Whole
    stride: int
    last: object
    month_ends: bool = False

    def after(self, horizon: int) -> list[object]:
        """Return the `ds` of the next `horizon` steps, in the form of the input."""
        return [self.at(step) for step in range(1, horizon + 1)]

    def at(self, step: int) -> object:
        """Return the `ds` of a step, in the form of the input; the last observation is step 0."""
        step *= self.stride
        if self.kind == "integer":
            return int(str(self.last)) + step
        if self.kind == "period":
            return _period_text(int(self.steps.max()) + step, self.freq, str(self.last))
        last = self.last if isinstance(self.last, dt.date) else str(self.last)
        date = later(pd.Timestamp(last), step, self.freq, month_ends=self.month_ends)
        if self.kind == "timestamp":
            return date
        clock = len(str(self.last)) > LENGTH or (self.freq == "h" and self.stride % 24 > 0)
        return date.isoformat() if clock else date.isoformat().partition("T")[0]

    def closed(self, grid: Array) -> bool:
        """Tell whether `regular_grid` closed the gaps of a grid it made of this calendar."""
        return bool(grid.size != (self.steps.max() - self.steps.min()) // self.stride + 1)

    def names_of(self, grid: Array) -> Callable[[int], str]:
        """Return what names a value by its `ds`; values count from the first known one on a grid.

        Parameters
        ----------
        grid : (n,) array
            What `regular_grid` made of this calendar; where it closed gaps, values have numbers.
        """
        if self.closed(grid):
            return numbered
        first = int(np.flatnonzero(np.isfinite(grid))[0]) - grid.size + 1
        return lambda place: str(self.at(first + place)).removesuffix(" 00:00:00")


def calendar_of(ds: Sequence[object], freq: str | None) -> Calendar:
    """Read the `ds` column of one series.

    Parameters
    ----------
    ds : sequence
        Integers, period texts (2024, 2024H1, 2024Q1, 2024-03), ISO dates, timestamps, with a time
        zone or without, or periods of pandas.
    freq : str or None
        Y, H, Q, M, W, B, D or h (pandas spellings such as QS or ME are understood);
        None finds it.

    Raises
    ------
    ValueError
        If a value is missing or cannot be read, forms are mixed, or a period occurs twice.
    """
    known = short_freq(freq) if freq else None
    ds = [_plain(value) for value in ds]
    if all(isinstance(value, (int, np.integer)) for value in ds):
        return _calendar("integer", known or "", _whole(ds), ds)
    texts = [str(value) for value in ds]
    for own, pattern in PATTERNS.items():
        found = [pattern.fullmatch(text) for text in texts]
        if all(found) and not (own == "Y" and known not in {None, "Y"}):
            if known not in {None, own}:
                raise ValueError(f"ds {texts[0]} has frequency {own}, not {known}; leave that out")
            steps = np.array([_ordinal(match, own) for match in found if match], dtype=np.int64)
            return _calendar("period", own, steps, ds)
    if all(re.fullmatch(r"-?\d+", text) for text in texts):
        return _calendar("integer", known or "", _whole(texts), ds)
    kind = "date" if all(isinstance(value, str) for value in ds) else "timestamp"
    moments = _dates(texts, utc=True)
    dates = _dates([OFFSET.sub(r"\1", text) for text in texts], utc=False)
    own = known or frequency_of(dates)
    made = _calendar(kind, own, steps_of(moments if own == "h" else dates, own), ds)
    return replace(made, month_ends=at_month_ends(dates))


def _plain(value: object) -> object:
    """Return one `ds`: a week by its first day, a whole float as an integer; refuse what is none.

    pandas makes floats of years as soon as one of a column is missing.
    """
    nothing = any(value is one for one in (None, pd.NaT, pd.NA))
    part = isinstance(value, float) and not value.is_integer()
    if nothing or part or isinstance(value, bool) or not str(value).strip():
        raise ValueError(f"ds holds {value!r}, which names no period; write {FORMS}")
    if isinstance(value, pd.Period) and value.freqstr.startswith("W"):
        return value.start_time
    return int(value) if isinstance(value, float) else value


def _whole(values: Sequence[object]) -> Whole:
    numbers = [int(str(value)) for value in values]
    far = [number for number in numbers if abs(number) > FARTHEST]
    if far:
        raise ValueError(f"ds {far[0]} counts no period; number them up to {FARTHEST:,}")
    return np.array(numbers, dtype=np.int64)


def short_freq(freq: str) -> str:
    """Return the one-letter frequency of a pandas spelling: QS-OCT is Q, ME is M, A is Y."""
    letter = freq.strip().upper()[:1].replace("A", "Y")
    if letter == "H" and freq.strip()[:1] == "h":
        return "h"
    if letter not in SEASONS or FINER.match(freq.strip()):
        raise ValueError(f"frequency {freq!r} is unknown; use one of {', '.join(SEASONS)}")
    return letter


def _calendar(kind: str, freq: str, steps: Whole, ds: Sequence[object]) -> Calendar:
    order = np.sort(steps)
    gaps = np.diff(order)
    if (gaps == 0).any():
        places = np.flatnonzero(steps == order[1:][gaps == 0][0])
        first, twice = ds[int(places[0])], ds[int(places[-1])]
        if kind in {"date", "timestamp"} and str(first) != str(twice):
            raise ValueError(
                f"{first} and {twice} fall into one step of frequency {freq}; keep one value a "
                "step (the shortest is an hour), or number the steps 1, 2, 3"
            )
        raise ValueError(f"period {twice} occurs twice in one series; keep one value each")
    stride = int(np.gcd.reduce(gaps)) if gaps.size else 1
    return Calendar(kind, freq, steps, stride, ds[int(np.argmax(steps))])


def _ordinal(match: re.Match[str], freq: str) -> int:
    parts = match.groupdict()
    return int(parts["year"]) * PARTS[freq] + int(parts.get("part") or 1) - 1


def _period_text(ordinal: int, freq: str, like: str) -> str:
    year, part = divmod(ordinal, PARTS[freq])
    if freq == "Y":
        return f"{year:04d}"
    between = like[4:-2] if freq == "M" else like[4:-1]
    return f"{year:04d}{between}{part + 1:02d}" if freq == "M" else f"{year:04d}{between}{part + 1}"


def _dates(texts: list[str], *, utc: bool) -> pd.DatetimeIndex:
    """Read ISO dates as moments in UTC, or as the clock shows them, without their zone."""
    dates = pd.to_datetime(pd.Index(texts), format="ISO8601", errors="coerce", utc=utc)
    wrong = np.flatnonzero(pd.isna(dates))
    if wrong.size:
        raise ValueError(f"ds cannot be read: {texts[int(wrong[0])]!r}; write all as {FORMS}")
    return pd.DatetimeIndex(dates).tz_localize(None)


def regular_grid(calendar: Calendar, values: Array) -> Array:
    """Lay observations on the calendar's grid, NaN where none was made.

    Gaps of more than `WIDEST` steps per observation are a misread `ds`, not a gap: the values are
    then taken as neighbours, in order.
    """
    places = (calendar.steps - calendar.steps.min()) // calendar.stride
    if places.max() >= WIDEST * values.size:
        return values[np.argsort(places)]
    grid = np.full(int(places.max()) + 1, np.nan)
    grid[places] = values
    return grid


def series_of(frame: pd.DataFrame, freq: str | None) -> Iterator[tuple[object, Array, int]]:
    """Yield key, gridded values and season of every series of a long frame, in order.

    Raises
    ------
    ValueError
        If a column is missing, or a `ds` cannot be read or repeats; the series is named.
    """
    for key, group in groups_of(frame):
        values, season, _ = read_series(key, group, freq)
        yield key, values, season


def groups_of(frame: pd.DataFrame) -> Iterator[tuple[object, pd.DataFrame]]:
    """Yield key and rows of every series of a long frame, in order of first appearance."""
    require_columns(frame)
    yield from frame.reset_index(drop=True).groupby("unique_id", sort=False)


def require_columns(frame: pd.DataFrame) -> None:
    """Raise ValueError unless the frame holds the long format's columns, once, and names all."""
    columns = ["unique_id", "ds", "y"]
    missing = set(columns) - set(frame.columns)
    if missing:
        raise ValueError(f"the frame lacks {sorted(missing)}; it needs unique_id, ds, y")
    twice = [name for name in columns if list(frame.columns).count(name) > 1]
    if twice:
        raise ValueError(f"the frame holds {twice} twice; keep one column each")
    unnamed = int(frame["unique_id"].isna().sum())
    if unnamed:
        raise ValueError(f"unique_id is missing in {unnamed} rows; name the series of each")


def read_series(key: object, group: pd.DataFrame, freq: str | None) -> tuple[Array, int, Calendar]:
    """Return one series' values on its grid, its season and its calendar.

    Periods after the last value are left to the forecast: grid and calendar end with that value.
    """
    try:
        calendar = calendar_of(group["ds"].tolist(), freq)
        calendar, given = _to_last_value(calendar, group)
    except ValueError as error:
        raise ValueError(f"series {key!r}: {error}") from error
    values = regular_grid(calendar, given)
    season = SEASONS.get(calendar.freq, 1) if calendar.stride == 1 else 1
    return values, season, calendar


def _to_last_value(calendar: Calendar, group: pd.DataFrame) -> tuple[Calendar, Array]:
    """Return a calendar that ends with the last value, and the values up to it, in input order."""
    given = _numbers(group["y"])
    known = np.isfinite(given)
    if not known.any():
        return calendar, given
    last = int(calendar.steps[known].max())
    kept = calendar.steps <= last
    end = _plain(group["ds"].tolist()[int(np.flatnonzero(calendar.steps == last)[0])])
    return replace(calendar, steps=calendar.steps[kept], last=end), given[kept]


def _numbers(values: pd.Series[float]) -> Array:
    """Return values as floats, NaN where one is missing; refuse what is no number."""
    if values.dtype.kind in "cmM":
        raise ValueError(f"y holds {values.dtype}; pass numbers")
    try:
        return np.asarray(values.to_numpy(np.float64, na_value=np.nan))
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"y holds what is no number ({error}); pass numbers") from error
