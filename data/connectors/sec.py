"""SEC EDGAR company facts: quarterly capital expenditure out of cash-flow statements.

Companies report the months since their year began; a quarter is what one report adds to the one
before. The facts are taken one concept at a time, not as the large file of all facts of a company.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.connectors.connector import Connector, Rows, list_at, parsed

FIRST_QUARTER: Final = "2015Q1"
"""Nothing older is taken."""


@dataclass(frozen=True, slots=True)
class Filer:
    """A company that files: its number at the SEC, the concept of its capex, and its year's end."""

    name: str
    number: int
    concept: str
    year_end_month: int = 12


PURCHASES: Final = "PaymentsToAcquirePropertyPlantAndEquipment"
FILERS: Final = (
    Filer("Amazon", 1018724, "PaymentsToAcquireProductiveAssets"),
    Filer("Microsoft", 789019, PURCHASES, 6),
    Filer("Alphabet", 1652044, PURCHASES),
    Filer("Meta", 1326801, PURCHASES),
    Filer("Oracle", 1341439, PURCHASES, 5),
)
"""The large buyers."""


def address(filer: Filer) -> str:
    """Return where the facts of a filer's concept are."""
    start = "https://data.sec.gov/api/xbrl/companyconcept"
    return f"{start}/CIK{filer.number:010d}/us-gaap/{filer.concept}.json"


def rows_of(url: str, content: bytes, day: str) -> Rows:
    """Return one row per quarter that can be told from the facts."""
    filer = next(one for one in FILERS if address(one) == url)
    facts = list_at(parsed(content, url), "units", "USD", url=url)
    spans = _newest(facts)
    rows: Rows = []
    for (start, end), value in sorted(spans.items()):
        found = _quarter(spans, start, end, value)
        if found is not None:
            rows += _row(filer, end, found, day)
    return rows


Span = tuple[dt.date, dt.date]


def _newest(facts: object) -> dict[Span, float]:
    """Return the value of each span of time as it was filed last."""
    found: dict[Span, tuple[str, float]] = {}
    for one in facts if isinstance(facts, list) else []:
        if not isinstance(one, Mapping) or "start" not in one:
            continue
        try:
            span = tuple(dt.date.fromisoformat(str(one[name])) for name in ("start", "end"))
            value, filed = float(str(one["val"])), str(one["filed"])
        except (KeyError, ValueError):
            continue
        key = (span[0], span[1])
        if key not in found or filed >= found[key][0]:
            found[key] = (filed, value)
    return {span: value for span, (_, value) in found.items()}


def _months(start: dt.date, end: dt.date) -> int:
    return round(((end - start).days + 1) / 30.4375)


def _quarter(
    spans: Mapping[Span, float], start: dt.date, end: dt.date, value: float
) -> tuple[float, str] | None:
    """Return a quarter's value and how it was told; None where a report before is missing."""
    months = _months(start, end)
    if months == 3:
        return value, f"three months to {end}"
    if months not in (6, 9, 12):
        return None
    before = [
        (other_end, other)
        for (other_start, other_end), other in spans.items()
        if other_start == start and _months(start, other_end) == months - 3
    ]
    if not before:
        return None
    until, other = max(before)
    words = f"{months} months to {end} ({value:.0f}) less {months - 3} to {until} ({other:.0f})"
    return value - other, words


def _row(filer: Filer, end: dt.date, found: tuple[float, str], day: str) -> Rows:
    # The calendar quarter that holds most of it is the one its middle lies in.
    middle = end - dt.timedelta(days=45)
    period = f"{middle.year}Q{(middle.month - 1) // 3 + 1}"
    ahead = (end.month - filer.year_end_month - 1) % 12 // 3 + 1
    year = end.year + (end.month > filer.year_end_month)
    if period < FIRST_QUARTER:
        return []
    value, words = found
    return [
        {
            "entity": filer.name,
            "indicator": "capex",
            "period": period,
            "fiscal_period": f"FY{year}Q{ahead}",
            "status": "actual",
            "value": round(value / 1e9, 6),
            "unit": "USD_bn",
            "source": f"{filer.name} cash-flow statements, SEC company facts",
            "url": f"https://www.sec.gov/cgi-bin/browse-edgar?CIK={filer.number:010d}",
            "date": day,
            "confidence": "reported" if words.startswith("three") else "derived",
            "notes": f"Cash purchases of property and equipment, gross; {words}, USD.",
        }
    ]


SEC: Final = Connector(
    "sec",
    "SEC EDGAR company facts: capex of the large buyers",
    "ai_spending",
    tuple(address(one) for one in FILERS),
    rows_of,
)
"""The connector."""
