"""What stands on sites at a month, and evidence of their progress, as text and plain data."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from dashboard.charts import progress_seen, site_words
from dashboard.charts.study import Study
from data.catalog import Catalog
from data.evidence_terms import MILESTONES
from forecasts.report import Json, month_name
from forecasts.site_evidence import HeldAgainst, SiteEvidence, against_plan, site_evidence
from forecasts.site_month import Hall, site_month


def today() -> dt.date:
    """Return the day in UTC."""
    return dt.datetime.now(dt.UTC).date()


def site_data(study: Study, rows: Sequence[int], month: int) -> Json:
    """Return what stands on some sites at the end of a month as plain data."""
    return {
        "scenario_hash": study.result.plan.scenario.hash,
        "month": month_name(study.result, month),
        "note": site_words.NOTE,
        "factories": [_site(study, row, month) for row in rows],
    }


def _site(study: Study, row: int, month: int) -> Json:
    one = site_month(study.result, row, month)
    told = asdict(one)
    grid = None if one.grid_month is None else month_name(study.result, one.grid_month)
    return told | {
        "factory": study.sites[row].key,
        "month": month_name(study.result, month),
        "grid_month": grid,
        "racks": one.racks,
        "planned_racks": one.planned_racks,
        "ordered_racks": one.ordered_racks,
        "cooling_mw": one.cooling_mw,
        "halls": [_hall(study, hall) for hall in one.halls],
    }


def _hall(study: Study, hall: Hall) -> Json:
    dates = {
        name: None if month is None else month_name(study.result, month)
        for name, month in (("since", hall.since), ("until", hall.until))
    }
    return {**asdict(hall), "stage": str(hall.stage), **dates}


def site_text(study: Study, rows: Sequence[int], month: int) -> str:
    """Return what stands on some sites at the end of a month for people at a terminal."""
    lines: list[str] = []
    for row in rows:
        one = site_month(study.result, row, month)
        lines += [f"{study.sites[row].key}: {site_words.headline(study, one)}"]
        lines += [
            f"  {name:<36}{now:>14}{f'  of {whole}' if whole else ''}".rstrip()
            for name, now, whole in site_words.figures(study, row, one)
        ]
        lines += [
            f"  Phase {hall.number}: {site_words.hall_words(study, hall)}; racks "
            f"{site_words.rack_words(hall)}"
            for hall in one.halls
        ]
        lines.append("")
    plain = "\n".join([*lines, site_words.NOTE])
    return plain.replace("\N{NON-BREAKING HYPHEN}", "-").replace("\N{NO-BREAK SPACE}", " ")


def evidence_data(study: Study, rows: Sequence[int], catalog: Catalog) -> Json:
    """Return public evidence of some sites against their plans as plain data."""
    return {
        "scenario_hash": study.result.plan.scenario.hash,
        "data_version": study.result.plan.data_version,
        "rule": progress_seen.RULE,
        "factories": [_progress(study, row, catalog) for row in rows],
    }


def _progress(study: Study, row: int, catalog: Catalog) -> Json:
    key = study.sites[row].key
    return {
        "factory": key,
        "verdict": progress_seen.verdict(study, row, catalog, today()),
        "milestones": [
            _milestone(study, held) for held in against_plan(study.result, row, catalog)
        ],
        "rows": [_row(one) for one in site_evidence(catalog, key)],
    }


def _milestone(study: Study, held: HeldAgainst) -> Json:
    return {
        "milestone": held.milestone,
        "planned": month_name(study.result, held.planned),
        "ahead_months": None if held.ahead is None else list(held.ahead),
        "against": progress_seen.ahead_words(held),
        "evidence": None if held.evidence is None else _row(held.evidence),
    }


def _row(one: SiteEvidence) -> Json:
    source = one.fact.source
    return {
        "project": one.project,
        "milestone": one.milestone,
        "own": one.own,
        "seen": one.seen,
        "period": one.period,
        "text": one.fact.text,
        "value": one.fact.value,
        "unit": one.fact.unit,
        "source": source.publisher,
        "url": source.url,
        "date": source.date,
        "confidence": str(source.confidence),
        "notes": one.fact.notes,
    }


def evidence_text(study: Study, rows: Sequence[int], catalog: Catalog) -> str:
    """Return public evidence of some sites against their plans for people at a terminal."""
    lines = []
    for row in rows:
        key = study.sites[row].key
        lines.append(f"{key}: {progress_seen.verdict(study, row, catalog, today())}")
        for held in against_plan(study.result, row, catalog):
            one = held.evidence
            if one is not None:
                lines.append(
                    f"  {MILESTONES[held.milestone]}: plan {month_name(study.result, held.planned)}"
                    f", {progress_seen.kind(one)} {progress_seen.when(one)}, "
                    f"{progress_seen.ahead_words(held)} ({one.fact.source.cite()}, "
                    f"{one.fact.source.url})"
                )
        others = sum(not one.own for one in site_evidence(catalog, key))
        if others:
            lines.append(f"  {others} rows on other projects of the country: --json lists them")
    return "\n".join([*lines, "", progress_seen.RULE])
