"""All tables and results of a case as CSV and Parquet, with the descriptor that explains them."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd

from dashboard.charts import (
    books,
    capex_stack,
    classes,
    currencies,
    power_mix,
    ranking,
    state_books,
    water,
)
from dashboard.charts.factory import phase_table
from dashboard.charts.study import Study
from dashboard.exports.settle import archive
from dashboard.exports.stamp import LICENCE, Stamp
from data.catalog import DESCRIPTOR, TABLES, Catalog
from data.schemas import UNITS
from forecasts.metric_register import METRICS
from forecasts.rate_parts import cost_of_capital
from forecasts.report import annual_frame
from forecasts.scenario import QUANTITIES
from forecasts.side_by_side import cells_data, side_by_side
from forecasts.state_rules import StateTerms

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings by which a spreadsheet takes a text for a formula."""


def safe(text: object) -> object:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers.

    Examples
    --------
    >>> safe("=1+1"), safe(-2.5), safe("Romania")
    ("'=1+1", -2.5, 'Romania')
    """
    return f"'{text}" if isinstance(text, str) and text.startswith(RISKY) else text


def safe_csv(frame: pd.DataFrame) -> bytes:
    """Write a frame as UTF-8 CSV in which no text can become a formula."""
    texts = frame.select_dtypes(exclude="number").columns
    kept = frame.copy()
    for name in texts:
        kept[name] = kept[name].map(safe)
    kept.columns = [str(safe(str(name))) for name in kept.columns]
    return str(kept.to_csv(index=False, lineterminator="\n")).encode()


def result_tables(study: Study) -> dict[str, tuple[str, pd.DataFrame]]:
    """Return the results of a case as tidy tables: title and frame by name."""
    years, phases, metrics, lines, wanted = [], [], [], [], []
    drawn, drops, power = [], [], []
    for row, site in enumerate(study.sites):
        annual = annual_frame(study.result, row).reset_index()
        years.append(annual.assign(factory=site.key))
        wanted.append(classes.long_table(study, row).assign(factory=site.key))
        if not water.why_none(study, row):
            drawn.append(water.long_table(study, row).assign(factory=site.key))
            drops.append(water.drawn_by_month(study, row).assign(factory=site.key))
        power.append(power_mix.monthly_table(study, row).assign(factory=site.key))
        if study.result.phases[row]:
            phases.append(phase_table(study, row).assign(factory=site.key))
            lines.append(capex_stack.long_table(study, row).assign(factory=site.key))
        metrics += _metrics(site.key, study, row)
    metrics += _metrics("all", study, None)
    whole = annual_frame(study.result, None).reset_index().assign(factory="all")
    plan = study.result.plan
    inputs = pd.DataFrame(
        [
            {
                "factory": site.key,
                "assumption": name,
                "value": float(plan[name][row, 0]),
                "unit": quantity.unit.table,
                "meaning": quantity.help,
            }
            for row, site in enumerate(study.sites)
            for name, quantity in QUANTITIES.items()
        ]
    )
    found = {
        "annual": ("Yearly lines of every factory, cash in positive, USD", [*years, whole]),
        "phases": ("Phases with dates, racks, power and first-time capex", phases),
        "demand_by_class": (
            "Demand by class of use: MW-months wanted and met, GPU-hours sold, by year",
            wanted,
        ),
        "water": ("Water, energy and power by kind of cooling and year", drawn),
        "water_months": ("Water drawn by kind of cooling and month, m3", drops),
        "power_by_source": ("Energy and its cost by source and month, USD", power),
        "capex_lines": ("First-time capex by line and phase, per MW and per GPU", lines),
    }
    tables = {
        name: (title, _first(pd.concat(frames, ignore_index=True), "factory"))
        for name, (title, frames) in found.items()
        if frames
    }
    tables["returns"] = ("Every metric with its value, or the reason why there is none",
                         pd.DataFrame(metrics))  # fmt: skip
    tables["cost_of_capital"] = ("Discount and loan rate of every factory, part by part",
                                 _rates(study))  # fmt: skip
    tables["ranking"] = ("All factories, best first", ranking.ranking(study))
    tables["inputs"] = ("Every assumption of every factory", inputs)
    return tables


def _first(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[[name, *(column for column in frame.columns if column != name)]]


def _rates(study: Study) -> pd.DataFrame:
    """Every part of both rates; the parts of a rate add up to it."""
    made = [(site.key, cost_of_capital(study.result, row)) for row, site in enumerate(study.sites)]
    return pd.DataFrame(
        [
            {
                "factory": key,
                "rate": rate,
                "part": part.name,
                "label": part.label,
                "share_per_year": part.share,
                "how": part.said,
                "assumptions": " ".join(part.inputs),
            }
            for key, one in made
            for rate, parts in (("discount_rate", one.parts), ("senior_loan", one.loan_parts))
            for part in parts
        ]
    )


def _metrics(key: str, study: Study, row: int | None) -> list[dict[str, object]]:
    found = study.portfolio if row is None else study.returns[row]
    return [
        {
            "factory": key,
            "metric": name,
            "label": METRICS[name].label,
            "value": metric.value,
            "unit": metric.unit,
            "status": str(metric.status),
            "reason": metric.reason,
        }
        for name, metric in found.items()
    ]


def data_files(study: Study, catalog: Catalog, stamp: Stamp) -> dict[str, bytes]:
    """Return every file of a data pack by its path within it."""
    files: dict[str, bytes] = {}
    resources: list[dict[str, object]] = []
    cells = pd.DataFrame(cells_data(side_by_side(study.result.plan, catalog)))
    told = "What countries differ in: value in use, base value and source by factory"
    rates = currencies.rates_of(study, catalog)
    converted = "Main figures in other currencies, nominal and real, at the mean rate of a year"
    noted = {}
    if stamp.notes:
        frame = pd.DataFrame([asdict(one) for one in stamp.notes])
        noted["results/notes"] = ("Notes on assumptions, with author and time", frame)
    held = {
        **noted,
        **{f"results/{name}": one for name, one in result_tables(study).items()},
        "results/countries": (told, cells),
        "results/currencies": (converted, currencies.long_table(study, rates)),
        "results/accounts": ("Books with racks leased, by view and year", books.long_table(study)),
        "results/government": (
            "Deficit and debt of the state by year, on its balance sheet and off it",
            state_books.long_table(study, StateTerms()),
        ),
        **{f"tables/{name}": (name, frame) for name, frame in catalog.tables.items()},
    }
    for path, (title, frame) in held.items():
        parquet = io.BytesIO()
        frame.to_parquet(parquet, index=False)
        for ending, content in (("csv", safe_csv(frame)), ("parquet", parquet.getvalue())):
            files[f"{path}.{ending}"] = content
            resources.append(_resource(f"{path}.{ending}", title, frame, content))
    files["datapackage.json"] = _descriptor(stamp, resources)
    descriptor = TABLES.parent / DESCRIPTOR
    if descriptor.is_file():
        files["tables/datapackage.json"] = descriptor.read_bytes()
    return files


def _resource(path: str, title: str, frame: pd.DataFrame, content: bytes) -> dict[str, object]:
    return {
        "name": path.replace("/", "_").replace(".", "_"),
        "title": title,
        "path": path,
        "format": path.rpartition(".")[2],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": len(frame),
        "schema": {
            "fields": [{"name": str(name), "type": _type(frame[name])} for name in frame.columns]
        },
    }


def _type(column: pd.Series) -> str:
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "string"


def _descriptor(stamp: Stamp, resources: list[dict[str, object]]) -> bytes:
    made: Mapping[str, object] = {
        "profile": "data-package",
        "name": f"rackcast-{stamp.scenario_hash}",
        "title": f"Rackcast results of scenario {stamp.scenario}",
        "description": f"{stamp.line}. In CSV files a text that a spreadsheet would take for a "
        "formula begins with an apostrophe.",
        "created": f"{stamp.made.isoformat()}T00:00:00Z",
        "scenario_hash": stamp.scenario_hash,
        "data_version": stamp.data_version,
        "link": stamp.link,
        "licence_note": LICENCE,
        "units": sorted(UNITS),
        "sources": [
            {"title": one.publisher, "path": one.url, "date": one.date, "grade": one.grade}
            for one in stamp.sources
        ],
        "resources": resources,
    }
    return (json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def packed(files: Mapping[str, bytes], stamp: Stamp) -> bytes:
    """Return files as one ZIP, the same bytes for the same files and day."""
    return archive(files, stamp.made)
