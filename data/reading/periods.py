"""One cell to one date or period, as people write them; every order it can be read in.

Dates become ISO (2024-03-31); periods become 2024, 2024H1, 2024Q1, 2024-03, 2024-W05; a fiscal
year stays one (FY2024, FY2024Q3), since only its owner knows when it begins.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

PIVOT = 50
"""Two-digit years up to this one are 20yy, above it 19yy."""

MONTH_WORDS = (
    "jan january janvier januari januar ianuarie enero ene gennaio gen janeiro ian janv jän jänner",
    "feb february février fevrier februari februar februarie febrero febbraio fevereiro fév fevr "
    "févr",
    "mar march mars maart märz maerz martie marzo março mrt mär mrz mac",
    "apr april avril aprilie abril aprile avr abr",
    "may mai mei mayo maggio maio",
    "jun june juin juni iunie junio giugno junho iun",
    "jul july juillet juli iulie julio luglio julho iul juil julai",
    "aug august août aout augustus agosto ago aoû ogos ogo",
    "sep sept september septembre septembrie septiembre settembre setembro set",
    "oct october octobre oktober octombrie octubre ottobre outubro okt out",
    "nov november novembre noiembrie noviembre novembro noi",
    "dec december décembre decembre dezember decembrie diciembre dicembre dezembro dic déc dez "
    "disember dis",
)
"""Months: English, French, Dutch, German, Romanian, Spanish, Italian, Portuguese, Malay."""

MONTHS = {word: month for month, words in enumerate(MONTH_WORDS, 1) for word in words.split()}

NAME = r"(?P<name>[^\W\d_]{3,11})\.?"
YEAR = r"(?P<year>\d{4})"
QUARTER = r"(?:quartal|quarter|qtr\.?|trimestre|trimestrul|trim\.?|kwartaal|kw\.?)"
SHORT = r"'?(?P<year>\d{2}|\d{4})"
TIME = r"(?:[T ]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?)" \
       r" ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"  # fmt: skip

FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(form, re.IGNORECASE))
    for kind, form in (
        ("ymd", rf"{YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){TIME}"),
        ("abc", rf"(?P<a>\d{{1,2}})(?P<mark>[-/.])(?P<b>\d{{1,2}})"
                rf"(?P=mark)(?P<c>\d{{4}}|\d{{2}}){TIME}"),
        ("named", rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:[ -]| de )?{NAME}"
                  rf"(?:[ ,-]+| de )?{SHORT}{TIME}"),
        ("named", rf"{NAME}[ -](?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:, ?| ){YEAR}{TIME}"),
        ("named", rf"{YEAR}[ -]{NAME}[ -](?P<day>\d{{1,2}}){TIME}"),
        ("month", rf"{NAME}(?:[ ,/'’-]+| de ){SHORT}"),
        ("month", rf"{NAME}{YEAR}"),
        ("month", rf"(?P<year>\d{{4}})[ -]?{NAME}"),
        ("month", rf"{YEAR}(?:-|/|M|-M)(?P<month>\d{{1,2}})"),
        ("month", rf"(?P<month>\d{{1,2}})[/-]{YEAR}"),
        ("quarter", rf"{YEAR}[ \-/:]*(?:Q|T|K|Qtr ?|Quarter )(?P<part>[1-4])"),
        ("quarter", rf"(?:Q|T|K|Qtr ?|Quarter )(?P<part>[1-4])[ \-/',’:]*{SHORT}"),
        ("quarter", rf"(?P<part>[1-4])[ .]?(?:Q|T|K)[ \-/'’]*{SHORT}"),
        ("quarter", rf"CY ?{SHORT}[ \-/]*Q(?P<part>[1-4])"),
        ("quarter", rf"{YEAR}[ \-/:]*Q(?P<part>[05-9])"),
        ("quarter", rf"Q(?P<part>[05-9])[ \-/',’:]*{YEAR}"),
        ("quarter", rf"(?P<part>[1-4])(?:\.|er|e|è?me|ère|º|°|st|nd|rd|th)? ?{QUARTER}"
                    rf"(?: de| del| al)?[ \-/,]*{YEAR}"),
        ("quarter", rf"{QUARTER} ?(?P<part>[1-4])(?: de| del)?[ \-/,]*{YEAR}"),
        ("quarter", rf"{YEAR}[ \-/,]*(?P<part>[1-4])(?:\.|er|e|º|°|st|nd|rd|th)? ?{QUARTER}"),
        ("quarter", rf"(?P<roman>I{{1,3}}|IV)[ \-/.]*(?:{QUARTER})?[ \-/.]*{YEAR}"),
        ("quarter", rf"{YEAR}[ \-/.]+(?P<roman>I{{1,3}}|IV)"),
        ("half", rf"{YEAR}[ \-/]*(?:H|S)(?P<part>[12])"),
        ("half", rf"(?:H|S)(?P<part>[12])[ \-/'’]*{SHORT}"),
        ("half", rf"(?P<part>[12])(?:H)[ \-/'’]*{SHORT}"),
        ("week", rf"{YEAR}-?W(?P<part>\d{{1,2}})"),
        ("fiscal", rf"FY ?-?{SHORT}"),
        ("fiscal", rf"FY ?{YEAR}[/-](?P<next>\d{{2}}|\d{{4}})"),
        ("fiscal", rf"FY ?{SHORT}[ \-/]*Q(?P<part>[1-4])"),
        ("fiscal", rf"Q(?P<part>[1-4])[ \-/]*FY ?-?{SHORT}"),
        ("fiscal", rf"(?P<part>[1-4])Q[ \-/]*FY ?-?{SHORT}"),
        ("fiscal", rf"FQ(?P<part>[1-4])[ \-/'’]*{SHORT}"),
        ("fiscal", rf"Q(?P<part>[1-4])[ \-/]*FY ?{YEAR}[/-](?P<next>\d{{2}}|\d{{4}})"),
        ("fiscal", rf"FY ?{YEAR}[/-](?P<next>\d{{2}}|\d{{4}})[ \-/]*Q(?P<part>[1-4])"),
        ("fiscal", rf"FY ?{SHORT}[ \-/]*H(?P<half>[12])"),
        ("fiscal", rf"H(?P<half>[12])[ \-/]*FY ?-?{SHORT}"),
        ("years", rf"{YEAR}[/–](?P<next>\d{{2}}|\d{{4}})"),
        ("years", rf"{YEAR}-(?P<next>\d{{4}})"),
    )
)  # fmt: skip
"""Forms of a cell, each with what it states."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One cell as a date or period.

    Attributes
    ----------
    kind : str
        `date`, `time` (date and time), `month`, `quarter`, `half`, `week`, `fiscal` or `years`.
    ways : dict of str to str
        Canonical text by order of day, month and year: `dmy`, `mdy`, `ymd`; the same in all where
        the cell reads one way only; without the orders that give no date.
    short : bool
        Whether the year has two digits.
    """

    kind: str
    ways: dict[str, str]
    short: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether orders give different dates."""
        return len(set(self.ways.values())) > 1


WEEKDAY = re.compile(
    r"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|luni|mar[țţt]i|miercuri|joi|vineri"
    r"|s[âa]mb[ăa]t[ăa]|duminic[ăa]|isnin|selasa|rabu|khamis|jumaat|sabtu|ahad),? (?=.*\d)",
    re.IGNORECASE,
)
"""A day of the week before a date: English, French, German, Romanian, Malay."""

ROMAN = ("I", "II", "III", "IV")
"""Quarters as some offices number them."""

ORDERS = ("dmy", "mdy", "ymd")
"""Orders of day, month and year."""


@lru_cache(maxsize=65_536)
def moment_of(text: str) -> Moment | None:
    """Read a cell as a date or period, or return None.

    A cell in the form of a date that no calendar has (31/02/2024) has no `ways`.

    Examples
    --------
    >>> moment_of("Q1-24").ways["dmy"]
    '2024Q1'
    >>> sorted(moment_of("03/04/2024").ways.values())
    ['2024-03-04', '2024-04-03']
    """
    cell = " ".join(text.split())
    if not 4 <= len(cell) <= 45 or not any("0" <= one <= "9" for one in cell):
        return None
    cell = WEEKDAY.sub("", cell)
    for kind, form in FORMS:
        found = form.fullmatch(cell)
        if found is None or ("name" in form.groupindex and found["name"].lower() not in MONTHS):
            continue
        return _READERS[kind](found)
    return None


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    short = int(text)
    return 2000 + short if short <= PIVOT else 1900 + short


def _same(kind: str, text: str, *, short: bool = False) -> Moment:
    return Moment(kind, dict.fromkeys(ORDERS, text), short)


def _day(found: re.Match[str], parts: tuple[str, int, int]) -> str:
    """Return a date as ISO, with its time where it has one; nothing where no calendar has it."""
    try:
        made = date(_year(parts[0]), parts[1], parts[2]).isoformat()
    except ValueError:
        return ""
    clock = found["clock"]
    if not clock:
        return made
    time = _clock(clock)
    zone = (found["zone"] or "").upper().replace("UTC", "Z")
    return f"{made}T{time}{zone}" if time else ""


def _clock(text: str) -> str:
    """Return a time as HH:MM:SS with its fraction; nothing where no clock shows it."""
    digits, half = re.sub(r"[^\d:.,]", "", text), re.sub(r"[^apAP]", "", text).lower()
    if half:
        digits = digits.rstrip(".")
    hours, _, rest = digits.partition(":")
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half == "p" else 0)
    rest = rest.replace(",", ".")
    rest = rest if ":" in rest else f"{rest}:00"
    if hour > 23 or int(rest[:2]) > 59 or int(rest[3:5]) > 59:
        return ""
    whole, _, fraction = rest.partition(".")
    fraction = fraction.rstrip("0")
    return f"{hour:02d}:{whole}" + (f".{fraction}" if fraction else "")


def _dated(found: re.Match[str], ways: dict[str, str], *, short: bool) -> Moment:
    return Moment("time" if found["clock"] else "date", {k: v for k, v in ways.items() if v}, short)


def _ymd(found: re.Match[str]) -> Moment:
    made = _day(found, (found["year"], int(found["month"]), int(found["day"])))
    return _dated(found, dict.fromkeys(ORDERS, made), short=False)


def _abc(found: re.Match[str]) -> Moment | None:
    first, second, third = found["a"], found["b"], found["c"]
    short = len(third) == 2
    if short and found["mark"] == "." and len(first + second) < 4:
        return None  # rather a version number, such as 1.2.24
    ways = {
        "dmy": _day(found, (third, int(second), int(first))),
        "mdy": _day(found, (third, int(first), int(second))),
    }
    if short and len(first) == 2:
        ways["ymd"] = _day(found, (first, int(second), int(third)))
    return _dated(found, ways, short=short)


def _named(found: re.Match[str]) -> Moment:
    made = _day(found, (found["year"], MONTHS[found["name"].lower()], int(found["day"])))
    return _dated(found, dict.fromkeys(ORDERS, made), short=len(found["year"]) == 2)


def _month(found: re.Match[str]) -> Moment:
    named = found.groupdict().get("name")
    month = MONTHS[named.lower()] if named else int(found["month"])
    if not 1 <= month <= 12:
        return Moment("month", {})
    short = len(found["year"]) == 2
    return _same("month", f"{_year(found['year'])}-{month:02d}", short=short)


def _part(found: re.Match[str]) -> Moment:
    letter = "Q" if found.re in _QUARTERS else "H"
    kind = "quarter" if letter == "Q" else "half"
    short = len(found["year"]) == 2
    parts = found.groupdict()
    part = parts.get("part") or str(ROMAN.index(parts["roman"].upper()) + 1)
    if part in "056789":
        return Moment(kind, {})
    return _same(kind, f"{_year(found['year'])}{letter}{part}", short=short)


def _week(found: re.Match[str]) -> Moment:
    week = int(found["part"])
    try:
        date.fromisocalendar(int(found["year"]), week, 1)
    except ValueError:
        return Moment("week", {})
    return _same("week", f"{found['year']}-W{week:02d}")


def _fiscal(found: re.Match[str]) -> Moment:
    year = _year(found["year"])
    parts = found.groupdict()
    quarter = f"Q{parts['part']}" if parts.get("part") else ""
    quarter = f"H{parts['half']}" if parts.get("half") else quarter
    if parts.get("next"):
        made = _following(year, parts["next"])
        return _same("fiscal", f"FY{made}{quarter}") if made else Moment("fiscal", {})
    return _same("fiscal", f"FY{year}{quarter}", short=len(found["year"]) == 2)


def _years(found: re.Match[str]) -> Moment | None:
    made = _following(int(found["year"]), found["next"])
    return _same("years", made) if made else None


def _following(year: int, after: str) -> str:
    """Return two years as 2023-2024 where the second follows the first."""
    return f"{year}-{year + 1}" if (year + 1) % 10 ** len(after) == int(after) else ""


_QUARTERS = {form for kind, form in FORMS if kind == "quarter"}

_READERS = {
    "ymd": _ymd,
    "abc": _abc,
    "named": _named,
    "month": _month,
    "quarter": _part,
    "half": _part,
    "week": _week,
    "fiscal": _fiscal,
    "years": _years,
}


def pair_of_years(text: str) -> str:
    """Return 2023-24 as 2023-2024, or nothing: it may also be a month of a year."""
    found = re.fullmatch(r"(\d{4})[-/](\d{2})", text.strip())
    return _following(int(found[1]), found[2]) if found else ""


def serial_date(number: float, *, since_1904: bool = False) -> str:
    """Return a spreadsheet's day number as ISO; nothing where it is no likely date."""
    if not 20_000 <= number <= 80_000:
        return ""
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    made = start + timedelta(seconds=round(number * 86_400))
    return made.date().isoformat() if number == int(number) else made.isoformat()


def compact_date(text: str) -> str:
    """Return 20240131 or 202401 as ISO; nothing where it is no date of 1900 to 2100."""
    if not re.fullmatch(r"(?:19|20)\d{4}(?:\d{2})?", text):
        return ""
    try:
        made = date(int(text[:4]), int(text[4:6]), int(text[6:8] or 1)).isoformat()
    except ValueError:
        return ""
    return made if len(text) == 8 else made[:7]
