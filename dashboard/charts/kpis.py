"""The figures at the top of a page, each with its change against the base case."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dashboard.charts.study import Study
from dashboard.theme import FORMATS, change_text, metric_text, money, number, percent
from forecasts.metric_register import METRICS
from forecasts.metrics import Metric
from forecasts.report import month_name

MILESTONE = 2032
"""The year in which the first build-out should stand."""

LABELS = {
    "npv": "NPV, USD",
    "lcoc": "LCOC, USD/h",
    "capex": "Capex, USD",
    "payback": "Payback, years",
}
"""Labels that carry the unit, so that the figure itself stays short."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure.

    Attributes
    ----------
    name, label : str
        Key of its definition, and its name on screen with its unit.
    value : str
        As written on screen.
    change : str or None
        Against the base case, with its sign; None when there is none.
    better : str
        `high`, `low`, or empty when neither is better.
    context : str
        What to read it against, in a few words.
    reason : str
        Why there is no value; empty when there is one.
    """

    name: str
    label: str
    value: str
    change: str | None
    better: str
    context: str = ""
    reason: str = ""


def _bare(text: str) -> str:
    """Drop the unit that the label already carries."""
    return text.replace("USD ", "").removesuffix(" years")


def kpi(name: str, now: Mapping[str, Metric], base: Mapping[str, Metric]) -> Kpi:
    """Make a figure of one metric."""
    info, metric, before = METRICS[name], now[name], base[name]
    change = (
        change_text(info.unit, metric.value - before.value)
        if metric.value is not None and before.value is not None
        else None
    )
    return Kpi(
        name=name,
        label=LABELS.get(name, info.label),
        value=_bare(metric_text(metric)),
        change=None if change is None else _bare(change),
        better=info.better,
        reason=metric.reason,
    )


def portfolio_kpis(study: Study, base: Study) -> list[Kpi]:
    """Figures of all factories together."""
    now, before = study.portfolio, base.portfolio
    rows = list(range(len(study.sites)))
    names = ("npv", "irr", "lcoc", "capex", "peak_funding")
    made = {name: kpi(name, now, before) for name in names}
    context = _contexts(study, now, rows)
    npv, irr, lcoc, capex, peak = (replace(made[name], context=context[name]) for name in names)
    return [npv, irr, lcoc, _live(study, base), capex, peak]


def factory_kpis(study: Study, base: Study, key: str) -> list[Kpi]:
    """Figures of one factory; without changes where the base case lacks it."""
    row = study.row(key)
    now = study.returns[row]
    known = [site.key for site in base.sites]
    before = base.returns[base.row(key)] if key in known else now
    names = ("npv", "irr", "lcoc", "payback", "capex", "peak_funding")
    context = _contexts(study, now, [row])
    return [replace(kpi(name, now, before), context=context[name]) for name in names]


def _live(study: Study, base: Study) -> Kpi:
    live, was = study.live_mw_at_end_of(MILESTONE), base.live_mw_at_end_of(MILESTONE)
    built = sum(phase.it_mw for own in study.result.phases for phase in own)
    return Kpi(
        name="live_mw",
        label=f"Live by end of {MILESTONE}",
        value=FORMATS["MW"](live),
        change=change_text("MW", live - was),
        better="high",
        context=f"of {number(built)} MW in all",
    )


def _contexts(study: Study, now: Mapping[str, Metric], rows: list[int]) -> dict[str, str]:
    """Say what each figure is to be read against."""
    value = {name: now[name].value for name in ("npv", "capex", "capex_per_mw", "levelised_price")}
    npv, capex, per_mw, price = value.values()
    gained = None if npv is None or not capex else npv / capex
    asked = sorted(study.result.discount_rate[rows].tolist())
    most = percent(asked[-1])
    rates = f"{number(asked[0] * 100)} to {percent(asked[-1], 0)}" if len(asked) > 1 else most
    total = np.cumsum(study.result.cash_usd[0, rows].sum(axis=0))
    return {
        "npv": "" if gained is None else f"{percent(gained, int(abs(gained) < 0.005))} of capex",
        "irr": f"{rates} asked",
        "lcoc": "" if price is None else f"sold at {number(price, 2)}",
        "payback": "from decision",
        "capex": "" if per_mw is None else f"{_bare(money(per_mw * 1e6))} per MW",
        "peak_funding": f"USD, in {month_name(study.result, int(total.argmin()))[:4]}",
    }
