"""The cost model against announced projects: fitted on early ones, judged on later ones.

What remains between announcement and model is one factor a measure, learned on the projects
announced before the cut-off and pooled with 1, the model as it is, like every short record here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from statistics import median

import numpy as np
from scipy.special import stdtrit

from data.catalog import Catalog
from forecasts.announced import EQUIPMENT, FULL, SHELL, Announced, announced_projects
from forecasts.announced_runs import Expected, expected
from forecasts.scenario import Scenario

CUT_OFF = 2025.75
"""Projects announced before October 2025 teach, later ones judge: about half each."""

LEVEL = 0.8
"""Level of the intervals."""

COST, COST_PER_GPU, POWER, TIME = "usd_m_per_mw", "usd_per_gpu", "kw_per_gpu", "months"
"""What is predicted; see `MEASURES`."""

MEASURES = {
    COST: ("Cost per MW", "USD_m_per_MW"),
    COST_PER_GPU: ("Cost per GPU", "USD_per_gpu"),
    POWER: ("Power per GPU", "kW_per_gpu"),
    TIME: ("Announcement to operation", "months"),
}
"""Name and unit of each measure."""

PRICED = (COST, COST_PER_GPU)
"""Measures that are of money, so that what the sum pays for decides which are alike."""

BUILT = ("construction", "operational", "installing")
"""States of projects whose dates say more than wishes do."""

LEAST_MONTHS = 1.0
"""Announcements on the day of the opening say nothing about time."""


@dataclass(frozen=True, slots=True)
class Case:
    """One project asked for one measure: what was announced, and the model's own figure."""

    project: Announced
    measure: str
    scope: str
    said: float
    model: float

    @property
    def ratio(self) -> float:
        """Logarithm of announcement over model."""
        return math.log(self.said / self.model)


@dataclass(frozen=True, slots=True)
class Judged:
    """One project on one measure.

    Attributes
    ----------
    project : Announced
        The project.
    measure, scope : str
        What was predicted, and for which kind of sum; power and time are of any scope.
    said, model : float
        Announced, and the model's own figure.
    predicted, low, high : float
        The fitted prediction and its interval; without one where fewer than two projects teach.
    teaches : bool
        Whether it was announced before the cut-off.
    """

    project: Announced
    measure: str
    scope: str
    said: float
    model: float
    predicted: float
    low: float | None
    high: float | None
    teaches: bool

    @property
    def error(self) -> float:
        """Prediction over announcement, less 1."""
        return self.predicted / self.said - 1

    @property
    def inside(self) -> bool | None:
        """Whether the announced figure lies in the interval; None without one."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.said <= self.high


@dataclass(frozen=True, slots=True)
class Score:
    """How one way of predicting did on some projects.

    Attributes
    ----------
    projects : int
        How many it was judged on.
    median_error : float or None
        Median of the absolute relative errors; None without projects.
    covered : float or None
        Share of announced figures inside the interval.
    """

    projects: int
    median_error: float | None
    covered: float | None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What the comparison found.

    Attributes
    ----------
    cut_off : float
        Year, with its fraction, from which on projects judge.
    rows : tuple of Judged
        Every project on every measure, oldest first.
    rolling : tuple of Judged
        The same, each learned from all projects announced before it alone.
    """

    cut_off: float
    rows: tuple[Judged, ...]
    rolling: tuple[Judged, ...]

    def later(self, measure: str, scope: str) -> tuple[Judged, ...]:
        """Return the projects that judge a measure."""
        return tuple(one for one in self.of(measure, scope) if not one.teaches)

    def of(self, measure: str, scope: str) -> tuple[Judged, ...]:
        """Return all projects of a measure and a scope."""
        return tuple(one for one in self.rows if (one.measure, one.scope) == (measure, scope))

    def rivals(self, measure: str, scope: str) -> dict[str, Score]:
        """Score other ways to predict the later projects, beside the fitted one."""
        found, taught = self.later(measure, scope), self.of(measure, scope)
        said = [one.said for one in taught if one.teaches]
        ratios = [math.log(one.said / one.model) for one in taught if one.teaches]
        level = math.exp(float(np.mean(ratios))) if ratios else 1.0
        errors = {
            "the model, fitted and pooled": [one.error for one in found],
            "the model as it is": [one.model / one.said - 1 for one in found],
            "the model, fitted in full": [one.model * level / one.said - 1 for one in found],
        }
        if said:
            constant = median(said)
            errors["the median of the earlier ones"] = [constant / one.said - 1 for one in found]
        covered = score(found).covered
        return {
            name: Score(len(own), _median(own), covered if name.endswith("pooled") else None)
            for name, own in errors.items()
        }


def score(rows: Sequence[Judged]) -> Score:
    """Return error and coverage of some predictions."""
    inside = [one.inside for one in rows if one.inside is not None]
    covered = sum(inside) / len(inside) if inside else None
    return Score(len(rows), _median([one.error for one in rows]), covered)


def _median(errors: Sequence[float]) -> float | None:
    return median(abs(one) for one in errors) if errors else None


@lru_cache(maxsize=4)
def track_record(catalog: Catalog, cut_off: float = CUT_OFF) -> TrackRecord:
    """Compare the model with every announced project that can be tested.

    Parameters
    ----------
    catalog : Catalog
        The tables.
    cut_off : float
        Year with its fraction; projects announced before it teach.
    """
    asked = [
        case for project in announced_projects(catalog) for case in _measured(project, catalog)
    ]
    pooling = Scenario().pooling_strength
    rows, rolling = [], []
    for case in asked:
        alike = [one for one in asked if (one.measure, one.scope) == (case.measure, case.scope)]
        taught = [one.ratio for one in alike if one.project.announced < cut_off]
        before = [one.ratio for one in alike if one.project.announced < case.project.announced]
        rows.append(_judged(case, taught, pooling, teaches=case.project.announced < cut_off))
        if len(before) >= 2:
            rolling.append(_judged(case, before, pooling, teaches=False))
    return TrackRecord(cut_off, tuple(rows), tuple(rolling))


def _judged(case: Case, ratios: Sequence[float], pooling: float, *, teaches: bool) -> Judged:
    """Predict one case from the log ratios of others: one level, pooled with none."""
    count = len(ratios)
    level = float(np.mean(ratios)) * count / (count + pooling) if count else 0.0
    half = None
    if count >= 2:
        spread = math.sqrt(sum((ratio - level) ** 2 for ratio in ratios) / count)
        half = float(stdtrit(count, (1 + LEVEL) / 2)) * spread * math.sqrt(1 + 1 / count)
    predicted = case.model * math.exp(level)
    return Judged(
        project=case.project,
        measure=case.measure,
        scope=case.scope,
        said=case.said,
        model=case.model,
        predicted=predicted,
        low=None if half is None else predicted * math.exp(-half),
        high=None if half is None else predicted * math.exp(half),
        teaches=teaches,
    )


def _measured(project: Announced, catalog: Catalog) -> list[Case]:
    """List what a project can be asked: measure, scope, what was announced, the model's figure."""
    said = _said(project)
    if not said:
        return []
    wanted = expected(project, catalog)
    per_it = 1.0 if project.it_power else 1 / wanted.pue
    model = {
        COST: _of_scope(project.scope, wanted) / 1e6 * per_it,
        COST_PER_GPU: wanted.capex_usd_per_gpu,
        POWER: wanted.kw_per_gpu / per_it,
        TIME: wanted.months,
    }
    return [
        Case(project, measure, project.scope if measure in PRICED else "", value, model[measure])
        for measure, value in said.items()
    ]


def _said(project: Announced) -> dict[str, float]:
    """Return what was announced, by measure, as far as it can be tested."""
    found: dict[str, float] = {}
    if project.tested and project.usd_m_per_mw is not None:
        found[COST] = project.usd_m_per_mw
    elif project.tested and project.scope == FULL and project.gpus and project.capex_usd:
        found[COST_PER_GPU] = project.capex_usd / project.gpus
    if "kw_per_gpu" in project.facts and project.kw_per_gpu is not None:
        found[POWER] = project.kw_per_gpu
    months = project.months_to_power
    built = "status" in project.facts and project.facts["status"].text in BUILT
    if built and months is not None and months >= LEAST_MONTHS:
        found[TIME] = months
    return found


def _of_scope(scope: str, wanted: Expected) -> float:
    """Capex per MW of IT load that an announcement of this scope covers."""
    if scope == SHELL:
        return wanted.capex_usd_per_mw - wanted.hardware_usd_per_mw
    return wanted.hardware_usd_per_mw if scope == EQUIPMENT else wanted.capex_usd_per_mw


def record_data(record: TrackRecord) -> dict[str, object]:
    """Return a record as plain data."""
    kinds = dict.fromkeys((one.measure, one.scope) for one in record.rows)
    return {
        "cut_off": record.cut_off,
        "level": LEVEL,
        "measures": [
            {
                "measure": measure,
                "unit": MEASURES[measure][1],
                "scope": scope,
                "later": asdict(score(record.later(measure, scope))),
                "rolling": asdict(score(_alike(record.rolling, measure, scope))),
                "rivals": {
                    name: asdict(one) for name, one in record.rivals(measure, scope).items()
                },
                "projects": [_row_data(one) for one in record.of(measure, scope)],
            }
            for measure, scope in kinds
        ],
    }


def _alike(rows: Sequence[Judged], measure: str, scope: str) -> list[Judged]:
    return [one for one in rows if (one.measure, one.scope) == (measure, scope)]


def _row_data(one: Judged) -> dict[str, object]:
    return {
        "project": one.project.key,
        "announced": round(one.project.announced, 3),
        "system": one.project.system,
        "said": one.said,
        "model": one.model,
        "predicted": one.predicted,
        "low": one.low,
        "high": one.high,
        "teaches": one.teaches,
    }
