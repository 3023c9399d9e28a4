"""Ratios beside their published ranges, as tables."""

from collections.abc import Sequence

import pandas as pd

from dashboard.charts.study import Study, short
from dashboard.theme import number, percent
from forecasts.sanity_bands import LABELS, Ratio

UNITS = {
    "USD_m_per_MW": ("USD m per MW", 1),
    "USD_per_gpu": ("USD", 0),
    "kW_per_gpu": ("kW", 2),
    "USD_per_gpu_hour": ("USD per GPU-hour", 2),
    "persons_per_MW": ("persons per MW", 2),
}
"""How units are written, and their decimals."""


def written(value: float | None, unit: str, name: str = "") -> str:
    """Write a value of a ratio with sensible decimals."""
    if value is None:
        return ""
    if name == "racks_share_of_capex":
        return percent(value, 0)
    return number(value, UNITS.get(unit, ("", 2))[1])


def span(one: Ratio) -> str:
    """Write the published range of a ratio with its unit."""
    low, high = (written(end, one.band.unit, one.name) for end in (one.band.low, one.band.high))
    return f"{low} to {high} {UNITS.get(one.band.unit, ('', 2))[0]}".strip()


def headline(found: Sequence[Ratio]) -> str:
    """Say in a sentence how many ratios lie inside their range."""
    if not found:
        return "Nothing is built, so there is no ratio to check"
    inside = sum(one.inside for one in found)
    outside = dict.fromkeys(one.label for one in found if not one.inside)
    if not outside:
        return f"All {inside} ratios lie inside what others publish"
    most = max(outside, key=lambda label: sum(o.label == label for o in found if not o.inside))
    return (
        f"{inside} of {len(found)} ratios lie inside what others publish; most flags are on the "
        f"{most[0].lower()}{most[1:]}"
    )


def by_ratio(found: Sequence[Ratio], study: Study) -> pd.DataFrame:
    """Table of each ratio: range with source, and the factories at its ends."""
    lines = []
    for name, label in LABELS.items():
        for band in dict.fromkeys(one.band.place for one in found if one.name == name):
            own = [one for one in found if one.name == name and one.band.place == band]
            low, high = min(own, key=lambda o: o.value), max(own, key=lambda o: o.value)
            flagged = sum(not one.inside for one in own)
            lines.append(
                {
                    "Ratio": label,
                    "Published range": span(own[0]),
                    "Lowest here": _where(low, study),
                    "Highest here": _where(high, study),
                    "Flags": f"{flagged} of {len(own)}" if flagged else "none",
                    "Row": band,
                    "Source": own[0].band.source.cite(),
                    "Address": own[0].band.source.url,
                    "Notes": own[0].band.notes,
                }
            )
    return pd.DataFrame(lines)


def _where(one: Ratio, study: Study) -> str:
    name = short(study.sites[study.row(one.factory)])
    return f"{written(one.value, one.band.unit, one.name)} ({name})"


def flags(found: Sequence[Ratio], study: Study) -> pd.DataFrame:
    """Table of the ratios outside their range, with the reason."""
    return pd.DataFrame(
        [
            {
                "Factory": short(study.sites[study.row(one.factory)]),
                "Ratio": one.label,
                "Here": written(one.value, one.band.unit, one.name),
                "Published": span(one),
                "Why": one.reason,
            }
            for one in found
            if not one.inside
        ]
    )


def told(found: Sequence[Ratio], factory: str) -> list[tuple[str, str]]:
    """Say every flag of a factory: the figure, and the range with the reason."""
    return [
        (
            f"{one.label}: {written(one.value, one.band.unit, one.name)}",
            f"against {span(one)} published. {one.reason}",
        )
        for one in found
        if one.factory == factory and not one.inside
    ]


def every(found: Sequence[Ratio], study: Study) -> pd.DataFrame:
    """Table of all ratios of all factories."""
    return pd.DataFrame(
        [
            {
                "Factory": short(study.sites[study.row(one.factory)]),
                "Ratio": one.label,
                "Here": written(one.value, one.band.unit, one.name),
                "Published": span(one),
                "Flag": "" if one.inside else "outside",
                "Row": one.band.place,
            }
            for one in found
        ]
    )
