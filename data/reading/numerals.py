"""One cell to one number, as people write them: marks, signs, units; exactly, or not at all.

A cell may read two ways ("1.234"). Each way is kept until the whole column has been seen.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

MISSING = frozenset(
    """na n/a n.a. n.a nan null none nil - -- --- – — .. ... … : ? #n/a #na n.d. nd n/d n.k. tbd tba
    missing unknown not_available . #nv #n/d #nd #н/д""".split()  # noqa: SIM905 - a list reads worse
) | {"not available", "no data", "#n/a n/a", "not applicable", "k. a.", "k.a.", "s.o.", "<na>"}
"""Cells that mean "no number", lower case."""

SPACES = re.compile("[\u00a0\u202f\u2009\u2007\u2002\u2003\u200a\u3000]")
MINUSES = re.compile("^([-\u2212\u2010\u2011\u2012\u2013\u2014\uff0d\ufe63])\\s*(?=[^\\s])")
APOSTROPHES = re.compile("['\u2019\u02bc\u00b4`]")

CURRENCIES: dict[str, str] = {
    "$": "USD", "us$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR",
    "euros": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY", "jpy": "JPY", "cny": "CNY",
    "rmb": "CNY", "₹": "INR", "inr": "INR", "rs": "INR", "rs.": "INR", "rm": "MYR", "myr": "MYR",
    "r": "ZAR", "zar": "ZAR", "lei": "RON", "ron": "RON", "leu": "RON", "chf": "CHF", "fr.": "CHF",
    "kr": "SEK", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "zł": "PLN", "pln": "PLN",
    "ft": "HUF", "huf": "HUF", "kč": "CZK", "czk": "CZK", "₺": "TRY", "try": "TRY", "₽": "RUB",
    "rub": "RUB", "₦": "NGN", "ngn": "NGN", "ksh": "KES", "kes": "KES", "egp": "EGP",
    "e£": "EGP", "aed": "AED", "dh": "AED", "dhs": "AED", "sar": "SAR", "qar": "QAR",
    "omr": "OMR", "mad": "MAD", "₩": "KRW", "krw": "KRW", "s$": "SGD", "sgd": "SGD",
    "a$": "AUD", "aud": "AUD", "c$": "CAD", "ca$": "CAD", "cad": "CAD", "hk$": "HKD",
    "hkd": "HKD", "r$": "BRL", "brl": "BRL", "mx$": "MXN", "mxn": "MXN", "₪": "ILS",
    "ils": "ILS", "฿": "THB", "thb": "THB", "₫": "VND", "₱": "PHP", "idr": "IDR", "rp": "IDR",
}  # fmt: skip
"""Currency by sign or code, lower case."""

NO_CURRENCY = frozenset({"r", "ft"})
"""What is no currency behind digits: revised, and feet."""

SCALES: dict[str, tuple[int, bool]] = {
    "k": (3, False), "tsd": (3, False), "tsd.": (3, False), "thousand": (3, True),
    "mille": (3, True), "m": (6, False), "mn": (6, True), "mln": (6, True), "mm": (6, False),
    "mio": (6, True), "mio.": (6, True), "million": (6, True), "millions": (6, True),
    "miljoen": (6, True), "milioane": (6, True), "mil.": (6, False), "millones": (6, True),
    "b": (9, False), "bn": (9, True), "billion": (9, False), "md": (9, True), "mrd": (9, True),
    "mrd.": (9, True), "milliard": (9, True), "milliards": (9, True), "milliarden": (9, True),
    "mld": (9, True), "miliarde": (9, True), "tn": (12, True), "trillion": (12, False),
    "lakh": (5, True), "lakhs": (5, True), "crore": (7, True), "crores": (7, True),
    "cr": (7, False),
}  # fmt: skip
"""Power of ten by word, lower case, and whether the word has one meaning only."""

UNITS = re.compile(
    r"(?:[kmgt]?w(?:h|p)?(?:/h)?|[kmgt]?wh?|[kmgt]?va|[kmgt]b|racks?|gpus?|hours?|h|hrs?|years?|yrs?"
    r"|months?|days?|units?|pcs|people|persons|m2|m²|km2|km²|km|kg|tco2|t|tonnes?|gco2(?:e)?/kwh"
    r"|°c|/h|/hr|/kwh|/mwh|/mw|/month|p\.?a\.?|x|pp|bps|bp)",
    re.IGNORECASE,
)

BODY = re.compile(r"\d[\d.,' ]*(?:[eE][+-]?\d{1,4})?|[.,]\d+(?:[eE][+-]?\d{1,4})?")
POINTS = re.compile(r"\d+(?:\.\d*)?|\.\d+")
GROUPED = {
    mark: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+")
    for mark in (".", ",", "'", " ")
}
INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
FOOTNOTE = re.compile(
    r"(?<=\d)\s*(?:\*+|†+|‡+|§+|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[(?:note )?\w{1,2}\]"
    r"|\((?:[a-z]|\d|est\.?|rev\.?|prov\.?)\)|(?<=\s)[a-z1-9]\))$"
)
POWER = re.compile(r"[^\d]*10[¹²³⁴⁵⁶⁷⁸⁹⁰]+")
"""Ten with a raised number is a power of ten rather than a footnote."""

BRACKETED = re.compile(r"([^\d()]*)\(([^()]*\d[^()]*)\)([^\d()]*)")
"""A negative whose currency or percent sign stands outside its parentheses."""


@dataclass(frozen=True, slots=True)
class Number:
    """One cell as a number: its value by each way of reading the decimal mark.

    Attributes
    ----------
    point, comma : Decimal or None
        Value where the decimal mark is a point, and where it is a comma; the same when the cell
        reads one way only in both; None where it cannot be read so.
    grouped : bool
        Whether digits stand in groups.
    unit : str
        `%`, a currency, a unit word, or nothing.
    scale : str
        Word that stands for a power of ten.
    footnote : bool
        Whether a mark of a footnote was left out.
    """

    point: Decimal | None
    comma: Decimal | None
    grouped: bool = False
    unit: str = ""
    scale: str = ""
    footnote: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether the two ways give two values."""
        return self.point is not None and self.comma is not None and self.point != self.comma


ERRORS = frozenset(
    """#wert! #bezug! #zahl! #valeur! #nombre! #nom? #valor! #núm! #¿nombre? #¡valor! #¡ref! #¡num!
    #¡div/0! #nome? #знач! #ссылка! #ref! #div/0! #value! #name? #num! #null! #spill! #calc!
    #getting_data #field! #blocked!
    #connect! #busy! #error! err:502 err:504 err:508 err:511 err:522""".split()  # noqa: SIM905
)
"""Errors of spreadsheets that were saved as text, lower case."""


def is_error(text: str) -> bool:
    """Whether a cell holds a spreadsheet's error as text."""
    return text[:1] in {"#", "E", "e"} and text.strip().lower() in ERRORS


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no number."""
    return text.strip().lower() in MISSING


@lru_cache(maxsize=65_536)
def number_of(text: str) -> Number | None:
    """Read a cell as a number, or return None where it is none.

    Examples
    --------
    >>> number_of("(1,234.50)").point
    Decimal('-1234.50')
    >>> number_of("1.234").ambiguous
    True
    >>> number_of("12 %").unit
    '%'
    """
    if len(text) > 64 or not any("0" <= letter <= "9" for letter in text):
        return None
    cell = APOSTROPHES.sub("'", SPACES.sub(" ", text)).strip()
    bare = cell if POWER.fullmatch(cell) else FOOTNOTE.sub("", cell)
    stripped = _signed(bare)
    if stripped is None:
        return None
    sign, rest = stripped
    around = _dressed(rest)
    if around is None:
        return None
    inner_sign, body, unit, scale = around
    if inner_sign and sign < 0:
        return None
    return _valued(body, sign * (-1 if inner_sign else 1), unit, scale, footnote=bare != cell)


def _signed(cell: str) -> tuple[int, str] | None:
    """Take the sign off: in front, behind, or as parentheses."""
    if cell.startswith("(") and cell.endswith(")"):
        inner = cell[1:-1].strip()
        return None if not inner or MINUSES.match(inner) or "(" in inner else (-1, inner)
    outside = BRACKETED.fullmatch(cell)
    if outside is not None:
        return _outside(outside[1].strip(), outside[2].strip(), outside[3].strip())
    if MINUSES.match(cell):
        return -1, MINUSES.sub("", cell)
    if cell.startswith("+"):
        return 1, cell[1:].lstrip()
    if cell[-1:] in {"-", "\u2212"} and cell[-2:-1].strip().isdigit():
        return -1, cell[:-1].rstrip()
    return 1, cell


def _outside(before: str, inner: str, after: str) -> tuple[int, str] | None:
    """Read €(5) and (5)% as negatives; nothing else may stand outside the parentheses."""
    if MINUSES.match(inner) or (before and (before.lower() not in CURRENCIES or after)):
        return None
    if not before and not (after == "%" or after.lower() in CURRENCIES):
        return None
    return -1, f"{before} {inner} {after}".strip()


def _dressed(cell: str) -> tuple[bool, str, str, str] | None:
    """Take currency, scale, percent and unit off both ends; None where something is left."""
    found = re.search(r"\d", cell)
    if found is None:
        return None
    start = found.start() - (1 if cell[found.start() - 1 : found.start()] in {".", ","} else 0)
    before = cell[:start].strip() if start > 0 else ""
    body = BODY.match(cell, max(start, 0))
    if body is None:
        return None
    number = body[0].rstrip(" '")
    after = cell[max(start, 0) + len(number) :].strip()
    negative = False
    if before and before[-1] in "-\u2212":
        negative, before = True, before[:-1].strip()
    apart = cell[:start] != before or not number.isdigit()
    front = _currency(before, apart=apart) if before else ""
    behind = _behind(after)
    if behind is None or (before and not front):
        return None
    unit, scale = behind
    if front and unit.startswith("/"):
        return negative, number, front + unit, scale
    if front and unit and unit != front:
        return None
    return negative, number, front or unit, scale


def _currency(word: str, *, apart: bool) -> str:
    """Return a currency; short words of letters count only apart from the digits: R1 is a code."""
    if word.isalpha() and len(word) < 3 and word.isascii() and (not apart or word.islower()):
        return ""
    return CURRENCIES.get(word.lower(), "")


@lru_cache(maxsize=4096)
def _behind(after: str) -> tuple[str, str] | None:
    """Read what follows the digits as (unit, scale)."""
    if not after:
        return "", ""
    if after in {"%", "‰"} or after.lower() in {"percent", "per cent", "pct"}:
        return ("‰" if after == "‰" else "%"), ""
    return _worded(after)


def _worded(after: str) -> tuple[str, str] | None:
    """Read a word of size, a unit, or both."""
    low = after.lower()
    for size in range(len(low), 0, -1):
        word, rest = low[:size].strip(), after[size:].strip()
        if word in SCALES and (not rest or not after[size].isalnum()):
            unit = unit_of(rest)
            if unit is not None:
                return unit, after[:size].strip()
    unit = unit_of(after)
    if unit is not None:
        return unit, ""
    for letter in ("M", "m", "k", "K", "bn", "Mio", "Mrd"):
        if after.startswith(letter) and after[len(letter) :].lower() in CURRENCIES:
            return CURRENCIES[after[len(letter) :].lower()], letter
    return None


def unit_of(text: str) -> str | None:
    """Return a unit or currency as it is called here; None where a text is neither."""
    if not text:
        return ""
    if text.lower() in CURRENCIES and text not in NO_CURRENCY:
        return CURRENCIES[text.lower()]
    currency, slash, per = text.partition("/")
    if slash and currency.strip().lower() in CURRENCIES and UNITS.fullmatch(per.strip()):
        return f"{CURRENCIES[currency.strip().lower()]}/{per.strip()}"
    return text if UNITS.fullmatch(text) else None


def _valued(body: str, sign: int, unit: str, scale: str, *, footnote: bool) -> Number | None:
    digits, power = body, ""
    for mark in "eE":
        if mark in body:
            digits, power = body.split(mark)
    shift = SCALES[scale.lower()][0] if scale else 0
    shift -= {"%": 2, "‰": 3}.get(unit, 0)
    ways = [_decimal(digits, mark, power, sign, shift) for mark in ".,"]
    if ways == [None, None]:
        return None
    grouped = not POINTS.fullmatch(digits.replace(",", "."))
    return Number(ways[0], ways[1], grouped, unit, scale, footnote)


def _decimal(digits: str, mark: str, power: str, sign: int, shift: int) -> Decimal | None:
    """Read digits with a given decimal mark; groups must be whole."""
    other = "," if mark == "." else "."
    whole, _, fraction = digits.partition(mark)
    if fraction and not fraction.isdigit():
        return None
    if digits.count(mark) > 1 or (not whole and not fraction):
        return None
    if not _is_whole(whole, other):
        return None
    plain = re.sub(r"[.,' ]", "", whole) or "0"
    text = f"{plain}.{fraction or '0'}" + (f"E{power}" if power else "")
    try:
        made = Decimal(text).scaleb(shift) * sign
    except InvalidOperation:
        return None
    return made if math.isfinite(float(made)) else None


def _is_whole(whole: str, other: str) -> bool:
    if not whole or whole.isdigit():
        return True
    if GROUPED[other].fullmatch(whole) or (other == "," and INDIAN.fullmatch(whole)):
        return True
    return bool(GROUPED["'"].fullmatch(whole) or GROUPED[" "].fullmatch(whole))
