"""What lenders and owners look at: debt service, forms of cost of an hour, books, loans."""

import numpy as np
import pandas as pd

from dashboard.charts.books import year_table
from dashboard.charts.card import Chart, scaled
from dashboard.charts.study import Study
from dashboard.theme import BLUE, FORMATS, GREEN, GREY, ORANGE, drawn, hatch, number, titled
from forecasts.cost_forms import Step, lcoc_bridge
from forecasts.report import loans_data, years
from forecasts.sovereign import sovereign_value
from forecasts.statements import statements
from forecasts.tax import by_year, calendar_years

COVER = "Cover"

SPOKEN = {"persons": "persons", "gpu_hours": "GPU-hours", "MWh": "MWh", "t_CO2": "t CO2"}
"""How units of counts are read."""


def debt_service(study: Study, row: int) -> Chart | None:
    """Bars of yearly debt service before the cash that pays it, with the cover of each year.

    The cover counts the months that have service; the first year also has months before it.
    """
    result = study.result
    calendar = calendar_years(result.plan.start, result.plan.months)

    def yearly(*names: str) -> np.ndarray:
        total = sum((result.finance[name][0, row] for name in names), np.zeros(calendar.size))
        return by_year(total, calendar)

    cash, interest, principal = yearly("cfads"), yearly("interest"), yearly("principal")
    service = interest + principal
    serving = (result.finance["interest"] + result.finance["principal"])[0, row] > 0
    paying = by_year(result.finance["cfads"][0, row] * serving, calendar)
    if not service.any():
        return None
    owed = result.finance["debt"][0, row][np.flatnonzero(np.diff(calendar, append=-1))]
    frame, unit = scaled(
        pd.DataFrame({"cash": cash, "interest": interest, "principal": principal}, years(result))
    )
    cover = np.where(service > 1.0, paying / np.where(service > 1.0, service, 1.0), np.nan)
    shown = [f"{one:.2f}" if np.isfinite(one) else "no service" for one in cover]
    names = [str(year) for year in frame.index]
    bars = [
        ("Interest", frame["interest"], ORANGE, "/"),
        ("Principal", frame["principal"], BLUE, ""),
    ]
    traces = [
        {
            "type": "bar",
            "x": names,
            "y": values.to_numpy().round(4),
            "name": label,
            "marker": {"color": colour, "pattern": hatch(shape)},
            "hovertemplate": f"<b>{label}</b> %{{x}}: %{{y:,.1f}} {unit}<extra></extra>",
        }
        for label, values, colour, shape in bars
    ]
    traces.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": names,
            "y": frame["cash"].to_numpy().round(4),
            "name": "Cash for service",
            "customdata": shown,
            "line": {"color": GREEN, "width": 2},
            "hovertemplate": f"<b>Cash</b> %{{x}}: %{{y:,.1f}} {unit}; cover %{{customdata}}"
            "<extra></extra>",
        }
    )
    least = study.returns[row]["min_dscr"]
    said = (
        f"Cash covers debt service {number(least.value, 2)} times in its worst month"
        if least.value is not None
        else "Debt service has no cover to state"
    )
    figure = drawn(
        traces,
        height=360,
        barmode="stack",
        xaxis={"type": "category", "tickangle": 0, "nticks": 8},
        yaxis=titled(f"{unit} a year"),
    )
    table = frame.rename(
        columns={
            "cash": f"Cash for service, {unit}",
            "interest": f"Interest, {unit}",
            "principal": f"Principal, {unit}",
        }
    )
    table[COVER] = shown
    scale = float(np.abs(cash).max()) / max(float(frame["cash"].abs().max()), 1e-12)
    table[f"Owed at year end, {unit}"] = owed / scale
    return Chart(
        headline=said,
        subtitle=f"Debt service by year, and cash that pays it, {unit} of the year (nominal)",
        plot=figure,
        table=table.rename_axis("Year").reset_index(),
        alt=f"Bars of interest and principal by year under a line of cash. {said}.",
    )


def forms_of_cost(study: Study, row: int) -> Chart | None:
    """Waterfall from each form of the cost of a GPU-hour to the next."""
    steps = lcoc_bridge(study.result, row)
    if not steps:
        return None
    return Chart(
        headline=_spread(steps),
        subtitle="Forms of the cost of a GPU-hour and what lies between them, USD per GPU-hour",
        plot=drawn(
            [
                {
                    "type": "waterfall",
                    "orientation": "h",
                    "y": [step.label for step in steps],
                    "x": [step.level if step.form else step.change for step in steps],
                    "measure": ["absolute" if step.form else "relative" for step in steps],
                    "text": [
                        number(step.level, 2)
                        if step.form
                        else ("+" if step.change > 0 else "") + number(step.change, 2)
                        for step in steps
                    ],
                    "customdata": [step.help for step in steps],
                    "hovertemplate": "<b>%{y}</b>: %{text}<br>%{customdata}<extra></extra>",
                    "totals": {"marker": {"color": BLUE}},
                    "increasing": {"marker": {"color": ORANGE}},
                    "decreasing": {"marker": {"color": GREY}},
                    "textposition": "outside",
                    "cliponaxis": False,
                }
            ],
            height=420,
            xaxis=titled("USD per GPU-hour"),
            yaxis={"autorange": "reversed", "automargin": True},
            showlegend=False,
        ),
        table=pd.DataFrame(
            {
                "Step": [step.label for step in steps],
                "Change, USD/GPU-h": ["" if s.form else number(s.change, 3) for s in steps],
                "Cost after it, USD/GPU-h": [number(step.level, 3) for step in steps],
                "Meaning": [step.help for step in steps],
            }
        ),
        alt=f"Waterfall of the forms of cost of a GPU-hour. {_spread(steps)}.",
    )


def _spread(steps: tuple[Step, ...]) -> str:
    forms = {step.level: step.label for step in steps if step.form}
    low, high = min(forms), max(forms)
    return (
        f"The same hour costs {number(low, 2)} USD as {forms[low]} and {number(high, 2)} as "
        f"{forms[high]}"
    )


def statement_tables(study: Study, row: int) -> dict[str, pd.DataFrame]:
    """Income statement, balance sheet and cash flow by year, by name, in USD m."""
    made = statements(study.result, row)
    tables = {"Income": made.income, "Balance sheet": made.balance, "Cash flow": made.cash}
    return {
        name: year_table(name, table, [str(item) for item in table.index])
        for name, table in tables.items()
    }


def loan_table(study: Study, row: int) -> pd.DataFrame:
    """Loans of every set of racks, and what bound the senior one."""
    frame = pd.DataFrame(loans_data(study.result, row))
    usd = [name for name in frame.columns if str(name).endswith("_usd")]
    frame[usd] = (frame[usd].astype(float) / 1e6).round(1)
    names = {name: str(name).removesuffix("_usd").capitalize() + ", USD m" for name in usd}
    return frame.rename(
        columns=names
        | {
            "name": "Racks",
            "first_service": "First service",
            "senior_bound_by": "Senior loan limited by",
        }
    )


def sovereign_table(study: Study, row: int) -> pd.DataFrame:
    """What the factory is worth to its country, beside cash."""
    items = sovereign_value(study.result, row)
    return pd.DataFrame(
        {
            "Value to the country": [item.label for item in items],
            "Amount": [
                FORMATS[item.unit](item.value)
                if item.unit in FORMATS
                else f"{number(item.value)} {SPOKEN[item.unit]}"
                for item in items
            ],
            "How it is counted": [item.method for item in items],
        }
    )
