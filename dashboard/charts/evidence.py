"""How a forecast did on its own past, as chart and tables."""

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.series import publishers, unit_name
from dashboard.theme import BLUE, GREY, drawn, titled
from forecasts.backtest import COMBINATION, ENOUGH, HELD, NAIVE
from forecasts.coherence import Coherence
from forecasts.evidence import Evidence
from forecasts.outlook import STEP_MONTHS, History, period_name
from forecasts.written import percent

STEP_NAMES = {1: "months", 3: "quarters", 12: "years"}

COLUMNS = {
    "model": "Model",
    "owa": "OWA",
    "mase": "MASE",
    "smape": "sMAPE, %",
    "msis-95": "MSIS 95 %",
    "coverage-80": "80 % held, %",
    "coverage-95": "95 % held, %",
    "errors": "Errors",
}
"""Columns of the leaderboard, as they are headed."""


def error_by_step(found: Evidence, history: History) -> Chart | None:
    """Mean error of the combination and of naive by step ahead; None when nothing was tried."""
    if found.steps.empty:
        return None
    unit = unit_name(history.unit)
    steps = STEP_NAMES[STEP_MONTHS[history.freq]]
    table = found.steps
    figure = drawn(
        [
            _bars("Naive", table, NAIVE, GREY, unit),
            _bars("Combination", table, COMBINATION, BLUE, unit),
        ],
        height=300,
        barmode="group",
        margin={"b": 48},
        legend={"y": -0.3},
        xaxis={**titled(f"{steps} ahead"), "tickformat": "d", "dtick": _apart(len(table))},
        yaxis={**titled(unit), "rangemode": "tozero"},
    )
    return Chart(
        headline=found.verdict.text.rstrip("."),
        subtitle=f"Mean absolute error of forecasts made from the series' own past, {unit}; the "
        "table tells what the 80 % interval held, step by step",
        plot=figure,
        table=table.assign(covered=100 * table["covered"]).rename(
            columns={
                "step": f"{steps.capitalize()} ahead",
                COMBINATION: f"Combination, {unit}",
                NAIVE: f"Naive, {unit}",
                "covered": "80 % held, %",
                "errors": "Errors",
            }
        ),
        alt=f"{history.title}: {found.verdict.text} Errors by {steps} ahead, against naive.",
        source="; ".join(publishers(history.facts)[:2]),
    )


def _apart(steps: int) -> int:
    """Return how far ticks stand apart, so that a phone has room for their numbers."""
    return next(apart for most, apart in ((8, 1), (16, 2), (40, 5), (steps, 10)) if steps <= most)


def _bars(
    label: str, table: pd.DataFrame, column: str, colour: str, unit: str
) -> dict[str, object]:
    return {
        "type": "bar",
        "x": table["step"],
        "y": table[column].round(6),
        "name": label,
        "marker": {"color": colour},
        "hovertemplate": f"<b>{label}</b>, %{{x}} ahead: %{{y:,.3g}} {unit}<extra></extra>",
    }


def board(found: Evidence) -> pd.DataFrame:
    """Leaderboard as it is shown: shares in percent, models as people write them."""
    if found.board.empty:
        return pd.DataFrame()
    shown = found.board[list(COLUMNS)].copy()
    for share, digits in (("smape", 2), ("coverage-80", 0), ("coverage-95", 0)):
        shown[share] = (100 * shown[share]).round(digits)
    shown["model"] = [str(name)[0].upper() + str(name)[1:] for name in shown["model"]]
    return shown.rename(columns=COLUMNS)


def checks(found: Evidence, history: History) -> list[tuple[str, str]]:
    """Sentences about the errors, each with a mark: holds, fails or silent."""
    marks = {True: "holds", False: "fails", None: "silent"}
    said = [(marks[one.holds], one.text) for one in found.findings]
    said += _covered(found)
    if history.filled and not found.steps.empty:
        filled = f"{history.filled} of {history.ends.size} points were filled, not observed"
        said.append(("silent", f"{filled}: errors against them tell little."))
    return list(dict.fromkeys(said))


def news(found: Evidence, history: History) -> list[tuple[str, str]]:
    """Say what the newest value changed, with its mark; nothing where there was none before."""
    if found.revision is None:
        return []
    inside, last = bool(found.revision.inside), int(history.ends[-1])
    end = period_name(last + STEP_MONTHS[history.freq] * found.revision.ahead, history.freq)
    said = found.revision.said(period_name(last, history.freq), end)
    newest = max((fact.source.date for fact in history.facts), default="")
    told = f" Newest source: {newest}." if newest else ""
    return [("holds" if inside else "fails", f"{said}{told}")]


def _covered(found: Evidence) -> list[tuple[str, str]]:
    """Say how many past values the 80 % interval held; one in three missed counts as failed."""
    if found.steps.empty:
        return []
    count = int(found.steps["errors"].sum())
    inside = found.steps["covered"].to_numpy() @ found.steps["errors"].to_numpy()
    share = float(inside) / count
    said = f"The 80 % interval held {percent(share)} of {count} past values"
    if count < ENOUGH:
        return [("silent", f"{said}: too few to tell.")]
    return [("holds" if share >= HELD else "fails", f"{said}.")]


SUBJECTS = {
    "ai_capex": ("World", "Capex of|Capex guidance"),
    "vendor_revenue": ("World", "NVIDIA|AI accelerator|AI processing"),
    "gpu_hour_price": ("World", "AI-optimised"),
}
"""Region and topics (a pattern) of the outlooks on a series; capacity goes by country."""

CAPACITY = "Data-centre (?:capacity|power|project|grid|electricity|share)|Growth of data-centre"


def published(outlooks: pd.DataFrame, key: str, country: str) -> pd.DataFrame:
    """Return what others published on the subject of a series, newest vintage first.

    Parameters
    ----------
    outlooks : DataFrame
        The table of outlooks.
    key : str
        Key of the series.
    country : str
        Name of its country, for a series of one country.
    """
    region, topics = SUBJECTS.get(key, (country, CAPACITY))
    about = (outlooks["region"] == region) & outlooks["topic"].str.contains(topics, regex=True)
    if key.startswith(("power_", "adoption_")):
        about &= False
    found = outlooks[about].sort_values(
        ["vintage", "topic", "period"], ascending=[False, True, True]
    )
    names = {
        "topic": "Topic",
        "period": "For",
        "vintage": "Said in",
        "value": "Value",
        "unit": "Unit",
        "confidence": "Grade",
        "source": "Source",
        "url": "Address",
    }
    shown = found[list(names)].rename(columns=names).reset_index(drop=True)
    return shown.assign(Unit=[unit_name(str(unit)) for unit in shown["Unit"]])


def coherence_table(found: Coherence) -> pd.DataFrame:
    """Capacity by node as forecast, made to add up, and the move between them."""
    shown = found.table
    return pd.DataFrame(
        {
            "Part": shown["node"],
            "Of": shown["parent"],
            "As forecast, MW": shown["base_mw"],
            "Adding up, MW": shown["coherent_mw"],
            "Moved, %": 100 * shown["moved"],
        }
    )
