"""Where a factory's money goes over the whole projection, from revenue to what is left."""

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.theme import (
    BLUE,
    GREEN,
    GREY,
    VERMILION,
    drawn,
    hatch,
    money,
    money_scale,
    number,
    titled,
)
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES, REVENUE_LINES


def cash_waterfall(study: Study, row: int) -> Chart:
    """Waterfall of a factory's cash over the whole projection, from revenue to what is left."""
    result = study.result

    def whole(names: tuple[str, ...]) -> float:
        return float(result.total(names)[0, row].sum())

    named = {
        "Revenue": REVENUE_LINES,
        "Running cost": OPEX_LINES,
        "First-time capex": CAPEX_LINES,
        "Refresh": ("refresh",),
        "Income tax": ("income_tax",),
    }
    steps = {label: whole(names) for label, names in named.items()}
    known = {name for names in named.values() for name in names}
    steps["Grants, resale, end value"] = whole(tuple(name for name in LINES if name not in known))
    left = sum(steps.values())
    divisor, unit = money_scale(max(abs(value) for value in [*steps.values(), left]))
    values = [*steps.values(), left]
    bases = [0.0, *np.cumsum(list(steps.values()))[:-1].tolist(), 0.0]
    colours = [GREEN if value >= 0 else VERMILION for value in steps.values()]
    labels = [*steps, "Net cash"]
    figure = drawn(
        [
            {
                "type": "bar",
                "x": labels,
                "y": [value / divisor for value in values],
                "base": [base / divisor for base in bases],
                "text": [money(value).replace("USD ", "") for value in values],
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {
                    "color": [*colours, BLUE],
                    "pattern": hatch([*("" if c == GREEN else "/" for c in colours), ""]),
                },
                "hovertemplate": "<b>%{x}</b>: USD %{text}<extra></extra>",
                "showlegend": False,
            }
        ],
        height=360,
        xaxis={"type": "category", "automargin": True, "tickangle": 25},
        yaxis={**titled(unit), "zeroline": True, "zerolinecolor": GREY},
        margin={"t": 24, "b": 70},
    )
    share = f": {number(100 * left / steps['Revenue'])} % of revenue" if steps["Revenue"] else ""
    said = f"{money(left)} is left of {money(steps['Revenue'])} of revenue{share}"
    return Chart(
        headline=said,
        subtitle=f"Cash over the whole projection, after tax, before debt, {unit} (nominal)",
        plot=figure,
        table=pd.DataFrame({"Step": labels, "USD m": [value / 1e6 for value in values]}),
        alt=f"Waterfall of cash. {said}.",
    )
