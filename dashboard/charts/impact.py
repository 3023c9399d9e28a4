"""What new data change: before and after of series and returns, and a bridge between them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.series import unit_name
from dashboard.charts.study import short
from dashboard.theme import (
    BLUE,
    FORMATS,
    GREY,
    NAMED,
    NOTHING,
    ORANGE,
    change_text,
    drawn,
    money,
    money_scale,
    signed,
    titled,
)
from data.schemas import COUNTRIES
from forecasts.impact import ALL, Impact, Moved, Step, Winner
from forecasts.outlook import STEP_MONTHS, History, period_name
from forecasts.written import percent

SHOWN = ("npv", "irr", "equity_irr", "payback", "lcoc", "min_dscr", "capex", "peak_funding")
"""Metrics of the short table; the whole one has all."""


def names_of(found: Impact) -> dict[str, str]:
    """Return the factories' names as people read them, all of them first."""
    sites = [*found.before.plan.sites, *found.after.plan.sites]
    return {ALL: "All factories", **{site.key: short(site) for site in sites}}


WORDS = {
    "dc_it_capacity": "data-centre capacity",
    "enterprise_ai_adoption": "AI adoption",
    "dc_electricity_demand": "data-centre electricity",
    "data_centre_revenue": "data-centre revenue",
}
"""What is measured, as people read it, where its name does not say it plainly."""


def group_name(label: str) -> str:
    """Return a group of rows as people read it.

    Examples
    --------
    >>> group_name("MYS, dc_it_capacity")
    'Malaysia, data-centre capacity'
    """
    parts = (COUNTRIES.get(part, WORDS.get(part, part)) for part in label.split(", "))
    return ", ".join(part.replace("_", " ") for part in parts)


def written(unit: str, value: float) -> str:
    """Write a figure, or a dash where there is none."""
    return NOTHING if np.isnan(value) else FORMATS[unit](value)


def changes_table(found: Impact, *, every: bool = False) -> pd.DataFrame:
    """Every metric of every factory that changes, as people read it."""
    names = names_of(found)
    rows = []
    for one in found.metrics.to_dict("records"):
        metric, unit = str(one["metric"]), str(one["unit"])
        before, after = float(one["before"]), float(one["after"])
        same = one["status_before"] == one["status_after"]
        change = change_text(unit, after - before) if np.isfinite(after - before) else None
        if not every and (metric not in SHOWN or (change is None and same)):
            continue
        told = change or ("unchanged" if same else f"now {one['status_after']}")
        label = str(one["label"])
        words = (written(unit, before), written(unit, after), told)
        rows.append((names[str(one["factory"])], label, *words))
    return pd.DataFrame(rows, columns=["Factory", "Return", "Before", "After", "Change"])


def headline(found: Impact) -> str:
    """Say in a sentence what the rows do to all factories together."""
    npv = found.metrics[(found.metrics["factory"] == ALL) & (found.metrics["metric"] == "npv")]
    before, after = float(npv["before"].iloc[0]), float(npv["after"].iloc[0])
    count = len(found.series)
    series = f"{count} series of the model" if count != 1 else "one series of the model"
    moved = f"These rows change {series}" if count else "These rows change no series of the model"
    told = change_text("USD", after - before) if np.isfinite(after - before) else None
    if told is None:
        return f"{moved}; NPV of all factories stays where it is"
    word = "rises" if after > before else "falls"
    return f"{moved}; NPV of all factories {word} from {money(before)} to {money(after)}"


def change_of_npv(found: Impact) -> str:
    """Say by how much NPV and IRR of all factories change; empty where they do not."""
    told = []
    for line in found.metrics[found.metrics["factory"] == ALL].to_dict("records"):
        change = float(line["change"])
        if line["metric"] not in ("npv", "irr", "equity_irr") or not np.isfinite(change):
            continue
        text = change_text(str(line["unit"]), change)
        if text is not None:
            told.append(f"{line['label']} {signed(text)}")
    return f"Change of NPV and returns, all factories: {', '.join(told)}." if told else ""


def bridge_chart(found: Impact, steps: Sequence[Step], factory: str) -> Chart | None:
    """What each group of rows adds to NPV, and all of them together."""
    own = found.metrics[
        (found.metrics["factory"] == factory) & (found.metrics["metric"] == "npv")
    ].iloc[0]
    before, after = float(own["before"]), float(own["after"])
    if not steps or not np.isfinite(before) or not np.isfinite(after):
        return None
    labels = [*(group_name(step.label) for step in steps), "All rows"]
    values = [*(step.change for step in steps), after - before]
    divisor, unit = money_scale(max(abs(value) for value in values))
    table = pd.DataFrame({"Step": labels, unit: [value / divisor for value in values]})
    widest = steps[0]
    figure = drawn(
        [
            {
                "type": "waterfall",
                "x": labels,
                "y": [value / divisor for value in values],
                "measure": [*["relative"] * len(steps), "total"],
                "increasing": {"marker": {"color": BLUE}},
                "decreasing": {"marker": {"color": ORANGE}},
                "totals": {"marker": {"color": GREY}},
                "hovertemplate": f"%{{x}}: %{{y:,.1f}} {unit}<extra></extra>",
            }
        ],
        height=320,
        xaxis={**NAMED, "type": "category"},
        yaxis=titled(unit),
        showlegend=False,
    )
    word = "adds" if widest.change >= 0 else "takes"
    finding = f"{group_name(widest.label)} {word} most: {money(abs(widest.change))}"
    alt = f"NPV from {money(before)} to {money(after)}; {finding}."
    subtitle = (
        f"Change of NPV, {names_of(found)[factory]}, {unit}, by group of rows: "
        f"from {money(before)} to {money(after)}"
    )
    return Chart(finding, subtitle, figure, table, alt)


def series_chart(one: Moved) -> Chart:
    """A series and its forecast, before and after; as an index where their units differ."""
    lines, rows = [], []
    apart = _units_differ(one)
    for label, history, forecast, colour, dash in (
        ("Before", one.before, one.forecast_before, GREY, "dot"),
        ("After", one.after, one.forecast_after, BLUE, "solid"),
    ):
        if history is None or forecast is None:
            continue
        step = STEP_MONTHS[history.freq]
        ahead = history.ends[-1] + step * np.arange(1, forecast.mean.size + 1)
        ends = np.concatenate([history.ends, ahead])
        held = history.values  # noqa: PD011 - an array, which ruff takes for a frame
        values = np.concatenate([held, forecast.mean])
        if apart:
            values = 100 * values / _last(history)
        names = [period_name(int(end), history.freq) for end in ends]
        lines.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": label,
                "x": (ends + 1) / 12,
                "y": values,
                "line": {"color": colour, "dash": dash},
                "text": names,
                "hovertemplate": f"{label} %{{text}}: %{{y:,.4g}}<extra></extra>",
            }
        )
        known = history.ends.size
        rows += [
            (label, name, value, "known" if at < known else "forecast")
            for at, (name, value) in enumerate(zip(names, values, strict=True))
        ]
    unit = "index, last known value 100" if apart else unit_name(one.unit)
    table = pd.DataFrame(rows, columns=["Version", "Period", unit, "What"])
    figure = drawn(lines, height=280, yaxis=titled(unit), xaxis={"tickformat": "d"})
    subtitle = f"{unit}: history and mean forecast, before and after"
    return Chart(one.title, subtitle, figure, table, f"{one.title}: {_words(one)}")


def _units_differ(one: Moved) -> bool:
    """Whether before and after are measured in different units, so that only moves compare."""
    known = [history for history in (one.before, one.after) if history is not None]
    positive = all(_last(history) > 0 for history in known)
    return positive and len({history.unit for history in known}) > 1


def _last(history: History) -> float:
    held = history.values  # noqa: PD011 - an array, which ruff takes for a frame
    return float(held[-1])


def _words(one: Moved) -> str:
    ends = [
        f"{label} {_last(history):,.4g} {unit_name(history.unit)}"
        for label, history in (("before", one.before), ("after", one.after))
        if history is not None
    ]
    return "last known value " + ", ".join(ends) + "."


def winner_sentence(before: Winner | None, after: Winner | None) -> str:
    """Say which model wins the backtest of a series now, by how much, and which won before."""
    if after is None:
        return "The series is no longer there."
    if not after.model:
        return f"{after.verdict.text} The forecast rests on the fallback for short series."
    lead = ""
    if after.mase > 0 and np.isfinite(after.naive) and after.model != "naive":
        lead = f", {percent(1 - after.mase / after.naive)} closer than naive" if after.naive else ""
    now = f"Now **{after.model}** wins its backtest (MASE {after.mase:.2f}{lead})."
    if before is None:
        return f"{now} The series is new."
    if not before.model:
        return f"{now} Before it was too short for a backtest."
    if before.model == after.model:
        return f"{now} It won before too (MASE {before.mase:.2f})."
    return f"{now} Before, **{before.model}** did (MASE {before.mase:.2f})."


def groups_table(changes: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """What differs between two data versions, as people read it."""
    shown = changes.assign(dataset=[titles.get(name, name) for name in changes["dataset"]])
    return shown.rename(columns=lambda name: str(name).capitalize())
