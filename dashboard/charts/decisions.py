"""What decides, what is built within a budget, and when: charts and tables, pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.charts.study import Study, short
from dashboard.theme import BLUE, FORMATS, ORANGE, drawn, money, number, titled
from forecasts.metric_register import METRICS
from forecasts.scenario import QUANTITIES

Data = Mapping[str, Any]
Names = Mapping[str, str]
"""Names of factories on screen by key."""

SHOWN = 12
"""Assumptions in a tornado."""

REPLANNED = "Rackcast projection, planned anew for each value; ranges and sources on page Data"
CARRIED = "Rackcast simulation of committed plans; ranges and sources on page Data"


SCREEN: Mapping[str, tuple[float, str]] = {
    "USD": (1e-6, "USD m"),
    "share": (100.0, "%"),
    "share_per_year": (100.0, "% a year"),
    "USD_per_gpu_hour": (1.0, "USD per GPU-hour"),
    "USD_m_per_MW": (1.0, "USD m per MW"),
    "ratio": (1.0, "times"),
    "MW_months": (1.0, "MW-months"),
}
"""What one of a metric's unit is on screen, and that unit in words."""


def on_screen(metric: str) -> tuple[float, str]:
    """Return the factor from the model's unit of a metric to the screen's, and its words."""
    unit = METRICS[metric].unit
    return SCREEN.get(unit, (1.0, unit))


def tornado_chart(data: Data, whose: str = "all factories") -> Chart | None:
    """Bars from a metric at the low to that at the high end of each assumption's range."""
    scale, unit = on_screen(data["metric"])
    label, written = METRICS[data["metric"]].label, FORMATS[METRICS[data["metric"]].unit]
    rows = [
        [QUANTITIES[one["assumption"]].label, one["at_low"] * scale, one["at_high"] * scale]
        for one in data["drivers"]
        if one["span"]
    ][:SHOWN]
    if not rows or data["base"] is None:
        return None
    names = ["Assumption", *(f"{label} at its {end} end, {unit}" for end in ("low", "high"))]
    table = pd.DataFrame(rows, columns=names)
    base = data["base"] * scale
    bars = [
        go.Bar(
            x=table[column].iloc[::-1] - base,
            y=table["Assumption"].iloc[::-1],
            base=base,
            orientation="h",
            name=end,
            marker={"color": colour},
            customdata=table[column].iloc[::-1],
            hovertemplate=f"%{{y}}: %{{customdata:,.4~g}} {unit}<extra>{end}</extra>",
        )
        for column, end, colour in zip(
            names[1:], ("Low end", "High end"), (ORANGE, BLUE), strict=True
        )
    ]
    figure = drawn(
        bars,
        height=440,
        barmode="overlay",
        margin={"b": 60},
        legend={"y": -0.2},
        xaxis=titled(f"{label} of {whose}, {unit}"),
        yaxis={"automargin": True},
    )
    first = table.iloc[0]
    low, high = (written(first.iloc[place] / scale) for place in (1, 2))
    return Chart(
        headline=f"{first['Assumption']} decides: {label} from {low} to {high} over its range",
        subtitle="Each assumption alone over its stated range, everything planned anew",
        plot=figure,
        table=table,
        alt=f"Bars of {label} at the low and high end of the assumptions that move it most.",
        source=REPLANNED,
    )


def stress_table(data: list[dict[str, Any]]) -> pd.DataFrame:
    """Table of the named stress tests, all factories together."""
    columns = {
        "NPV, USD m": ("npv", 1e-6),
        "IRR, %": ("irr", 100.0),
        "Equity IRR, %": ("equity_irr", 100.0),
        "LCOC, USD/h": ("lcoc", 1.0),
        "Lowest 12-month DSCR": ("min_dscr_12m", 1.0),
        "Peak funding, USD m": ("peak_funding", 1e-6),
    }

    def cell(one: Data, name: str, scale: float) -> float | None:
        value = one["portfolio"][name]["value"]
        return None if value is None else value * scale

    frame = pd.DataFrame(
        [
            {"Stress": one["name"].capitalize() if one["name"].islower() else one["name"]}
            | {column: cell(one, *how) for column, how in columns.items()}
            | {"What it supposes": one["description"] or "The scenario on screen."}
            for one in data
        ]
    )
    return frame.astype(dict.fromkeys(columns, "float64"))


def programme_headline(data: Data) -> str:
    """Say what to build, in a sentence."""
    best = data["frontier"][0]
    if not best["chosen"]:
        return (
            "Here nothing is worth building: no option that may be chosen has a mean NPV above zero"
        )
    sites = "1 site is" if len(best["chosen"]) == 1 else f"{len(best['chosen'])} sites are"
    error = number(best["mean_npv_standard_error_usd"] / 1e6)
    return (
        f"{sites} worth {money(best['mean_npv_usd'])} on average (± {error} m), and "
        f"{money(best['tail_npv_usd'])} in the worst {data['tail_share']:.0%} of paths".replace(
            "%", " %"
        )
    )


def frontier_chart(data: Data, names: Names) -> Chart | None:
    """Mean NPV against that of the worst paths, one point a programme."""
    table = programmes(data, names)
    if len(table) < 2:
        return None
    figure = drawn(
        [
            go.Scatter(
                x=table["Worst paths, USD m"],
                y=table["Mean NPV, USD m"],
                mode="lines+markers",
                marker={"size": 10, "color": BLUE},
                text=table["What is built"],
                hovertemplate="%{text}<br>mean %{y:,.0f} m, worst %{x:,.0f} m<extra></extra>",
                showlegend=False,
            )
        ],
        height=380,
        margin={"b": 60},
        xaxis={**titled("mean NPV of the worst 5 % of paths, USD m"), "separatethousands": True},
        yaxis=titled("mean NPV, USD m"),
    )
    lost = table["Mean NPV, USD m"].iloc[0] - table["Mean NPV, USD m"].iloc[-1]
    return Chart(
        headline=f"The safest programme costs {money(lost * 1e6)} of mean NPV",
        subtitle="Each point is worth most among all programmes with as good a tail",
        plot=figure,
        table=table,
        alt="Line of mean NPV against the mean NPV of the worst paths.",
        source=CARRIED,
    )


def programmes(data: Data, names: Names) -> pd.DataFrame:
    """Table of the frontier."""
    return pd.DataFrame([_programme(one, names) for one in data["frontier"]])


def budgets(data: Data, names: Names) -> pd.DataFrame:
    """Table of what each budget a year buys; empty where none buys anything."""
    if not any(one["chosen"] for one in data["budgets"]):
        return pd.DataFrame()
    return pd.DataFrame(
        [
            {"Budget a year, USD m": one["budget_usd_per_year"] / 1e6} | _programme(one, names)
            for one in data["budgets"]
        ]
    )


def built(one: Data, names: Names) -> str:
    """Say what a programme builds."""
    found = [f"{names[own['site']]} ({own['size']}, {own['start']})" for own in one["chosen"]]
    return "; ".join(found) or "nothing"


def no_budget(data: Data) -> str:
    """Say up to which budget nothing is worth building."""
    most = max(one["budget_usd_per_year"] for one in data["budgets"])
    return f"Nothing: no budget up to {money(most)} a year buys a programme worth building."


def chosen_anew(data: Data, names: Names) -> str:
    """Say what would now be chosen instead of the scenario as it stands; empty if nothing else."""
    stands = data["as_it_stands"]
    if stands["is_chosen"]:
        return ""
    gain, error = (stands[name] / 1e6 for name in ("npv_gain_usd", "npv_gain_standard_error_usd"))
    digits = 0 if error >= 10 else 1
    within = ": no more than the error of paths" if gain < TWICE * error else ""
    return (
        f"Along these paths it would now choose {built(data['frontier'][0], names)}, worth USD "
        f"{number(gain, digits)} \N{PLUS-MINUS SIGN} {number(error, digits)} m more than the "
        f"scenario as it stands{within}."
    )


TWICE = 2.0
"""Standard errors within which a gain may be none."""


def _programme(one: Data, names: Names) -> dict[str, object]:
    return {
        "Mean NPV, USD m": one["mean_npv_usd"] / 1e6,
        "Its error, USD m": one["mean_npv_standard_error_usd"] / 1e6,
        "Worst paths, USD m": one["tail_npv_usd"] / 1e6,
        "Capex, USD m": one["capex_usd"] / 1e6,
        "What is built": built(one, names),
    }


def timing_headline(study: Study, data: Data) -> str:
    """Say where a month of delay costs most, in a sentence."""
    built = [one for one in data["sites"] if any(study.result.phases[study.row(one["key"])])]
    if not built:
        return "No phase is built in this scenario, so there is nothing to time"
    worst = max(built, key=lambda one: one["delay_cost_usd_per_month"])
    name = short(study.sites[study.row(worst["key"])])
    cost = worst["delay_cost_usd_per_month"]
    if cost <= 0:
        return f"A month's delay costs nothing anywhere: even {name} loses less by being late"
    return f"A month's delay costs most in {name}: {money(cost)} of NPV"


def timing_table(study: Study, data: Data) -> pd.DataFrame:
    """Table of delay cost, plans and policies by factory, USD m with errors."""
    rows = []
    for one in data["sites"]:
        row: dict[str, object] = {"Factory": short(study.sites[study.row(one["key"])])}
        row["A month late costs"] = number(one["delay_cost_usd_per_month"] / 1e6, 1)
        for own in (*one["plans"], *one["policies"]):
            gain, error = own["gain_usd"] / 1e6, own["gain_standard_error_usd"] / 1e6
            heading = own["name"].partition(" if ")[0].capitalize()
            if heading == "As planned":
                row[heading] = number(own["mean_npv_usd"] / 1e6)
            else:
                same = gain == error == 0
                row[heading] = "0" if same else f"{number(gain, 1)} ± {number(error, 1)}"
        rows.append(row)
    return pd.DataFrame(rows).fillna("one phase only")


def timing_numbers(study: Study, data: Data) -> pd.DataFrame:
    """Figures of the table as numbers, for a file: units in the names, an error for each mean.

    A plan that a factory does not have is empty.
    """
    rows = []
    for one in data["sites"]:
        row: dict[str, object] = {
            "Factory": short(study.sites[study.row(one["key"])]),
            "NPV that a month late costs, USD m": one["delay_cost_usd_per_month"] / 1e6,
        }
        for own in (*one["plans"], *one["policies"]):
            heading = own["name"].partition(" if ")[0].capitalize()
            if heading == "As planned":
                row["As planned, mean NPV, USD m"] = own["mean_npv_usd"] / 1e6
                continue
            row[f"{heading}, gain, USD m"] = own["gain_usd"] / 1e6
            row[f"{heading}, standard error, USD m"] = own["gain_standard_error_usd"] / 1e6
        rows.append(row)
    frame = pd.DataFrame(rows)
    figures = [name for name in frame.columns if name != "Factory"]
    return frame.astype(dict.fromkeys(figures, "float64"))
