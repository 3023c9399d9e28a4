"""How published outlooks did: against what came, else against the newest of the same publisher."""

from dataclasses import dataclass

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.series_grid import period_in

GUIDANCE = "Capex guidance: "
"""Topics of a company's own guidance; what came is the sum of its four quarters."""


@dataclass(frozen=True, slots=True)
class Outside:
    """One published outlook, and what came or what the same publisher said last.

    Attributes
    ----------
    said, later : Fact
        The outlook, and the row it is held against.
    topic, region, period, vintage : str
        Its key.
    came : bool
        Whether `later` is an actual value; else it is the newest outlook.
    value : float
        What it is held against: the later row, or the sum of a company's quarters.
    """

    said: Fact
    later: Fact
    topic: str
    region: str
    period: str
    vintage: str
    came: bool
    value: float

    @property
    def error(self) -> float:
        """Outlook over what came, less 1."""
        return (self.said.value or 0.0) / self.value - 1


def published_record(catalog: Catalog) -> tuple[Outside, ...]:
    """Hold every published outlook against what came, else against its publisher's newest one."""
    by_target: dict[tuple[str, str, str, str], list[tuple[str, str, Fact]]] = {}
    for row in catalog.tables["outlooks"].to_dict("records"):
        cells = {str(name): str(cell) for name, cell in row.items()}
        key = {name: cells[name] for name in ("topic", "region", "period", "vintage", "status")}
        fact = catalog.fact("outlooks", **key)
        target = (cells["topic"], cells["region"], cells["period"], cells["unit"])
        by_target.setdefault(target, []).append((cells["vintage"], cells["status"], fact))
    found = []
    for (topic, region, period, _), rows in by_target.items():
        for vintage, status, fact in rows:
            later = _later(catalog, topic, period, vintage, rows) if status == "outlook" else None
            if later is not None and fact.value:
                against, came, value = later
                found.append(Outside(fact, against, topic, region, period, vintage, came, value))
    return tuple(sorted(found, key=lambda one: (not one.came, one.topic, one.period, one.vintage)))


def _later(
    catalog: Catalog, topic: str, period: str, vintage: str, rows: list[tuple[str, str, Fact]]
) -> tuple[Fact, bool, float] | None:
    """Return what an outlook is held against; None where nothing was said since."""
    if topic.startswith(GUIDANCE):
        return _quarters(catalog, topic.removeprefix(GUIDANCE), period) or _newest(rows, vintage)
    actual = [row for row in rows if row[1] == "actual" and row[0] > vintage and row[2].value]
    if actual:
        fact = max(actual, key=lambda row: row[0])[2]
        return fact, True, fact.value or 0.0
    return _newest(rows, vintage)


def _newest(rows: list[tuple[str, str, Fact]], vintage: str) -> tuple[Fact, bool, float] | None:
    newest = max(rows, key=lambda row: row[0])
    if newest[0] <= vintage or not newest[2].value:
        return None
    return newest[2], False, newest[2].value


def _quarters(catalog: Catalog, entity: str, year: str) -> tuple[Fact, bool, float] | None:
    """Return the sum of a company's quarters of a year, once all four are in."""
    quarters = [
        fact
        for fact in catalog.facts("ai_spending", entity=entity, indicator="capex", status="actual")
        if period_in(fact, 2) in {f"{year}Q{quarter}" for quarter in range(1, 5)}
    ]
    values = [fact.value for fact in quarters if fact.value is not None]
    return (quarters[-1], True, sum(values)) if len(values) == 4 else None
