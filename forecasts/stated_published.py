"""Published figures of a stated project against what its inputs give."""

from dataclasses import dataclass

from data.problems import Problem
from forecasts.metrics import Metric, Status
from forecasts.stated_checks import Case, Finding
from forecasts.stated_costs import Metrics
from forecasts.stated_links import nearest
from forecasts.stated_schema import Expected, Project

CLOSE = 0.004
"""Relative distance of a ratio from an input that may explain a difference."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published figure and the computed one."""

    name: str
    expected: Expected
    computed: Metric

    @property
    def agrees(self) -> bool:
        """Whether the two are the same within the stated tolerance."""
        said, got = self.expected, self.computed
        if said.value is None or got.value is None:
            return said.value is None and str(got.status) == said.status
        allowed = abs(said.value) * said.relative if said.within is None else said.within
        return abs(got.value - said.value) <= allowed

    @property
    def difference(self) -> float | None:
        """Published over computed, less 1."""
        said, got = self.expected.value, self.computed.value
        return None if said is None or not got else said / got - 1

    def row(self) -> Row:
        """Return it as plain data."""
        return {
            "metric": self.name,
            "published": self.expected.value,
            "published_status": self.expected.status,
            "computed": self.computed.value,
            "computed_status": str(self.computed.status),
            "unit": self.computed.unit,
            "difference": self.difference,
            "agrees": self.agrees,
            "contradicts": self.expected.contradicts,
            "note": self.expected.note,
        }


def comparisons(project: Project, known: Metrics) -> list[Comparison]:
    """Compare every published figure that has a name here."""
    return [
        Comparison(name, expected, known[name])
        for name, expected in project.expected.items()
        if name in known
    ]


def unknown(project: Project, known: Metrics, path: str) -> list[Problem]:
    """Names and units of published figures that are none of ours."""
    problems = []
    for name, expected in project.expected.items():
        where = f"{path}.expected.{name}"
        if name not in known:
            fix = nearest(name, known)
            problems.append(Problem(where, "an unknown metric", "a metric of this project", fix))
        elif expected.unit not in (None, known[name].unit):
            unit, fix = repr(expected.unit), "convert the figure, or drop the unit"
            problems.append(Problem(f"{where}.unit", unit, repr(known[name].unit), fix))
        elif (expected.value is None) == (expected.status == "ok"):
            fix = "give a value, or a status such as never"
            problems.append(Problem(where, "no figure", "a value or a status", fix))
    return problems


def published_findings(case: Case, made: list[Comparison]) -> list[Finding]:
    """Say of every published figure whether the inputs give it."""
    return [Finding(f"published {one.name}", *_said(case, one)) for one in made]


def _said(case: Case, one: Comparison) -> tuple[str, str, str]:
    figures = f"published {_text(one.expected)}, the inputs give {_shown(one.computed)}"
    note = f"; {one.expected.note}" if one.expected.note else ""
    if one.agrees and not one.expected.contradicts:
        return "ok", case.name, f"{figures}: reproduced{note}"
    if one.agrees:
        return "warning", case.name, f"{figures}: they agree, though marked as contradicting{note}"
    apart = "" if one.difference is None else f" ({one.difference:+.2%})"
    cause = _cause(case, one.difference)
    message = f"published figure is inconsistent with the inputs: {figures}{apart}{cause}{note}"
    return "warning", case.name, message


def _text(expected: Expected) -> str:
    return expected.status if expected.value is None else f"{expected.value:,.10g}"


def _shown(metric: Metric) -> str:
    return str(metric.status) if metric.value is None else f"{metric.value:,.10g} {metric.unit}"


def _cause(case: Case, difference: float | None) -> str:
    """Name an input whose omission or double use would explain a difference."""
    if difference is None or difference <= -1:
        return ""
    for name, factor in _factors(case).items():
        for found, word in ((factor, "counted twice, or divided out"), (1 / factor, "left out")):
            if abs((1 + difference) / found - 1) < CLOSE:
                return f", as if {name} ({factor:g}) were {word}"
    return ""


def _factors(case: Case) -> dict[str, float]:
    """Inputs that multiply, other than 1."""
    project = case.book.project
    found: dict[str, float] = {
        "utilisation": project.use.utilisation,
        "availability": project.use.availability,
        "spares": 1 + project.use.spares,
        "months in a year": 12.0,
        "a thousand": 1000.0,
        "per cent": 100.0,
    }
    if project.capacity is not None:
        found["server_overhead"] = project.capacity.server_overhead or 1.0
        found["pue"] = case.book.layout.sizes[0].pue
        found["redundancy"] = project.capacity.redundancy
    if project.power is not None:
        found["rated_share"] = project.power.rated_share
    return {name: factor for name, factor in found.items() if factor not in (0.0, 1.0)}


def rows_as_metrics(table: str, rows: list[Row], keys: tuple[str, ...]) -> Metrics:
    """Name every number of a table `TABLE.KEY.column`, so that it can be compared."""
    found: Metrics = {}
    for row in rows:
        place = ".".join(str(row[key]) for key in keys)
        for column, value in row.items():
            if column not in keys and isinstance(value, int | float):
                unit = "USD" if column.endswith("_usd") else column
                found[f"{table}.{place}.{column}"] = Metric(float(value), unit, Status.OK)
    return found
