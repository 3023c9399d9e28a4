"""Where a number comes from: one click opens formula and inputs, a second one the row behind it."""

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from dashboard import link_state, selection_state, state
from dashboard.charts import explain
from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.glossary import definition
from dashboard.rows import address
from dashboard.theme import number, plain
from data.provenance import Fact
from forecasts.metric_register import METRICS
from forecasts.plan import data_fact
from forecasts.scenario import QUANTITIES

MOST_ROWS = 12
"""Rows listed behind a drawing; the rest stands on page Data."""

DEMAND = ("sovereign_share", "capture_share", "ai_share_now", "ai_share_later", "phase_racks",
          "expansion_threshold")  # fmt: skip
CLASSES = ("regulated_share", "training_share", "regulated_contract_share",
           "training_contract_share", "inference_contract_share", "contracted_share")  # fmt: skip
HOURS = ("availability", "ramp_months", "contracted_share", "merchant_utilisation",
         "useful_share")  # fmt: skip
DATES = ("permit_months", "grid_lead_months", "construction_months", "rack_lead_months",
         "transformer_months", "commissioning_months")  # fmt: skip
"""Assumptions on demand, its classes, hours and dates."""

RUNNING = ("power_price", "pue", "staff_cost", "hardware_support_share", "software_cost",
           "cloud_platform_share")  # fmt: skip

COOLED = ("pue", "free_cooling_below", "chillers_full_above", "chiller_overhead_share",
          "power_price", "busy_power_share", "idle_power_share")  # fmt: skip
"""Assumptions behind water, beside the rows of weather and cooling."""

RESTS: Mapping[str, tuple[str, ...]] = {
    "capacity": DEMAND,
    "coverage": DEMAND,
    "classes": CLASSES,
    "hours": HOURS,
    "water": COOLED,
    "phases": DATES,
    "delay": (*DATES, "gpu_hour_price", "gpu_price_decay", "gearing", "debt_tenor_years"),
    "capex": explain.DRIVERS_OF["capex"],
    "countries": (*explain.DRIVERS_OF["discount_rate"], "country_default_spread", "debt_margin"),
    "cost": (*explain.DRIVERS_OF["capex"][:4], *RUNNING),
}
"""Assumptions behind a drawing of the model, by its key; others rest on `explain.MAIN`."""

OF_LIVE = {"live_mw": DEMAND}
"""Assumptions behind figures that are no return metric."""


def line(label: str, value: str, fact: Fact, link: Mapping[str, str]) -> str:
    """Write one input as Markdown: value, the row as a link, grade and source."""
    row = f"[{plain(fact.place)}]({address(fact.place, link)})"
    shown = f" {plain(value)}" if value else ""
    return f"- **{plain(label)}**{shown}: {row}, {plain(fact.source.cite())}"


def inputs(study: Study, names: Sequence[str], row: int) -> Iterator[str]:
    """Write assumptions of one factory with the rows they come from."""
    plan, site = study.result.plan, study.sites[row]
    link, stated = link_state.link(), state.scenario().stated()
    tables = state.catalog()
    for name in names:
        quantity = QUANTITIES[name]
        own = name in stated or name in plan.scenario.sites.get(site.key, {})
        fact = plan.facts.get((site.key, name)) or data_fact(tables, quantity, site)
        value = state.shown(quantity, float(plan[name][row, 0]))
        shown = f"{number(value, quantity.unit.digits)} {quantity.unit.text}".strip()
        where = f" (for {site.name})" if quantity.from_data is not None else ""
        yield line(quantity.label + where, shown, fact, link) + (
            "; this scenario states its own" if own else ""
        )


def figures(study: Study, names: Sequence[str], row: int | None = None) -> None:
    """Offer the formula, inputs and rows of some figures.

    Parameters
    ----------
    study : Study
        The projection.
    names : sequence of str
        Metrics of the register; others have their definition and the inputs of demand.
    row : int or None
        Factory; None for all together, whose inputs are shown for the best-ranked one.
    """
    chosen = study.order()[0] if row is None else row
    with st.popover(
        "Where do these numbers come from?", icon=":material/function:", type="tertiary"
    ):
        groups: dict[tuple[str, ...], list[str]] = {}
        for name in names:
            wanted = OF_LIVE.get(name) or explain.inputs_of(name)
            groups.setdefault(tuple(wanted), []).append(name)
        said: list[str] = []
        for wanted, own in groups.items():
            for name in own:
                label = METRICS[name].label if name in METRICS else "Live MW"
                said.append(f"**{label}**: {definition(name)}")
            said.append("\n".join(inputs(study, wanted, chosen)))
        st.markdown("\n\n".join(said))
        st.caption("A link opens the row on page Data, with its source.")


def behind(chart: Chart, key: str) -> None:
    """Offer the rows behind a drawing: those drawn, or the inputs that a result rests on."""
    if chart.facts:
        said = [line("", _written(fact), fact, link_state.link()) for fact in _last(chart.facts)]
        left = len(chart.facts) - len(said)
        note = f"{left} earlier rows stand on page Data." if left else "Every row that is drawn."
    else:
        study = state.current()
        row = study.row(selection_state.picked("factory", [site.key for site in study.sites]))
        wanted = RESTS.get(key.partition("_")[0], explain.MAIN)
        said = list(inputs(study, wanted, row))
        note = "The inputs it rests on first; a link opens the row on page Data, with its source."
    with st.popover("Origin", type="tertiary", help="The rows it comes from"):
        st.markdown("\n".join(said))
        st.caption(note)


def _last(facts: Sequence[Fact]) -> list[Fact]:
    return list(facts[-MOST_ROWS:])[::-1]


def _written(fact: Fact) -> str:
    return fact.text if fact.value is None else f"{fact.value:,.6g} {fact.unit}"
