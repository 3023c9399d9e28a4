"""Stated projects: published worked examples, computed from a file alone."""

import hashlib
import json
from dataclasses import asdict

from data.problems import Problem, RefusedError
from forecasts.metrics import Metric
from forecasts.stated_alternatives import comparisons as alternatives_of
from forecasts.stated_checks import Case, Finding, findings, source_findings
from forecasts.stated_costs import Metrics
from forecasts.stated_finance import (
    debt_metrics,
    facility,
    limits,
    loan_rows,
    misfits,
)
from forecasts.stated_lines import ledger
from forecasts.stated_metrics import annual_rows, metrics_of, phase_rows
from forecasts.stated_published import (
    comparisons,
    published_findings,
    rows_as_metrics,
    unknown,
)
from forecasts.stated_reading import stated_file
from forecasts.stated_schema import Project, StatedFile

Json = dict[str, object]

KIND = "stated"
"""What `kind` says in such a file."""


def is_stated(stated: object) -> bool:
    """Whether a scenario file is one of stated projects."""
    return isinstance(stated, dict) and ("kind" in stated or "projects" in stated)


def stated_projection(stated: object, place: str) -> Json:
    """Compute a file of stated projects.

    Parameters
    ----------
    stated : object
        What the file holds: see docs/stated-projects.md.
    place : str
        The file's name, for messages.

    Returns
    -------
    dict
        Ready for JSON, without NaN: `factories` (a project each, with `returns`, `annual`,
        `phases`, `loans`, `published`) and `checks`.

    Raises
    ------
    RefusedError
        With every problem of the file.
    """
    file = stated_file(stated, place)
    done: list[Json] = []
    checks = source_findings(file.source)
    problems: list[Problem] = []
    for name, project in file.projects.items():
        path = f"{place}: projects.{name}"
        book = ledger(project)
        wrong = misfits(book, path)
        problems += wrong
        if not wrong:
            made, said, misnamed = _project(name, project, file, path)
            done.append(made)
            checks += said
            problems += misnamed
    if problems:
        raise RefusedError(problems)
    return {
        "kind": KIND,
        "data_version": None,
        "portfolio": None,
        "scenario": file.name,
        "description": file.description,
        "scenario_hash": hash_of(file),
        "currency": file.currency,
        "source": file.source.model_dump(mode="json") if file.source else None,
        "factories": done,
        "checks": [asdict(one) for one in checks],
    }


def hash_of(file: StatedFile) -> str:
    """First 12 hex digits of the SHA-256 of all inputs; equal means equal results."""
    said = file.model_dump(mode="json", include={"projects", "currency"})
    for project in said["projects"].values():
        project.pop("expected")
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


def _project(
    name: str, project: Project, file: StatedFile, path: str
) -> tuple[Json, list[Finding], list[Problem]]:
    """Compute one project, with its findings and the published names that are none of ours."""
    book = ledger(project)
    found = metrics_of(book) | alternatives_of(book, file)
    loans = facility(book, project.finance) if project.finance else None
    annual, phases = annual_rows(book), phase_rows(book)
    loan_table = loan_rows(loans) if loans is not None else []
    if loans is not None:
        found |= debt_metrics(book, loans)
    known = (
        found
        | rows_as_metrics("annual", annual, ("year",))
        | rows_as_metrics("phases", phases, ("name",))
        | rows_as_metrics("loans", loan_table, ("loan", "service"))
    )
    case = Case(name, book, found, loans)
    published = comparisons(project, known)
    made: Json = {
        "factory": name,
        "name": name,
        "description": project.description,
        "phases": phases,
        "annual": annual,
        "returns": metrics_data(found),
        "loans": loan_table,
        "loan_limits": limits(loans) if loans is not None else [],
        "published": [one.row() for one in published],
    }
    said = [*findings(case), *published_findings(case, published)]
    return made, said, unknown(project, known, path)


def metrics_data(metrics: Metrics) -> Json:
    """Return metrics as plain data."""
    return {name: _metric(metric) for name, metric in metrics.items()}


def _metric(metric: Metric) -> Json:
    return {
        "value": metric.value,
        "unit": metric.unit,
        "status": str(metric.status),
        "reason": metric.reason,
    }
