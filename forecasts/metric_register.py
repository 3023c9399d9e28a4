"""The return metrics: name, label, unit, and which way is better."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """How a metric is called and written; its definition stands in docs/definitions.md.

    Attributes
    ----------
    name, label : str
        Key in `returns`, and its name on screen.
    unit : str
        Unit of `data.schemas.UNITS`.
    better : str
        `high`, `low`, or empty when neither is better.
    """

    name: str
    label: str
    unit: str
    better: str


METRICS: Mapping[str, MetricInfo] = {
    info.name: info
    for info in (
        MetricInfo("npv", "NPV", "USD", "high"),
        MetricInfo("irr", "Project IRR", "share_per_year", "high"),
        MetricInfo("equity_irr", "Equity IRR", "share_per_year", "high"),
        MetricInfo("payback", "Payback", "years", "low"),
        MetricInfo("discounted_payback", "Discounted payback", "years", "low"),
        MetricInfo("moic", "MOIC", "ratio", "high"),
        MetricInfo("equity_moic", "Equity MOIC", "ratio", "high"),
        MetricInfo("lcoc", "LCOC", "USD_per_gpu_hour", "low"),
        MetricInfo("lcoc_useful", "LCOC per useful hour", "USD_per_gpu_hour", "low"),
        MetricInfo("levelised_price", "Levelised price", "USD_per_gpu_hour", "high"),
        MetricInfo("break_even_price", "Break-even price", "USD_per_gpu_hour", "low"),
        MetricInfo("tco_annuity", "TCO, annuity", "USD_per_gpu_hour", "low"),
        MetricInfo("tco_simple", "TCO, simple", "USD_per_gpu_hour", "low"),
        MetricInfo("lcoc_sla", "LCOC, SLA form", "USD_per_gpu_hour", "low"),
        MetricInfo("break_even_utilisation", "Break-even utilisation", "share", "low"),
        MetricInfo("min_dscr", "Lowest DSCR", "ratio", "high"),
        MetricInfo("min_dscr_12m", "Lowest 12-month DSCR", "ratio", "high"),
        MetricInfo("average_dscr", "Average DSCR", "ratio", "high"),
        MetricInfo("llcr", "LLCR", "ratio", "high"),
        MetricInfo("plcr", "PLCR", "ratio", "high"),
        MetricInfo("debt", "Debt", "USD", ""),
        MetricInfo("gearing", "Gearing", "share", ""),
        MetricInfo("peak_funding", "Peak funding", "USD", "low"),
        MetricInfo("capex", "First-time capex", "USD", ""),
        MetricInfo("capex_per_mw", "Capex per MW", "USD_m_per_MW", "low"),
        MetricInfo("delay_cost", "Cost of a month's delay", "USD", "low"),
        MetricInfo("demand_captured", "Demand captured", "share", "high"),
        MetricInfo("shortfall", "Shortfall", "MW_months", "low"),
        MetricInfo("stranded", "Stranded capacity", "MW_months", "low"),
        MetricInfo("time_to_power", "Time to power", "months", "low"),
        MetricInfo("discount_rate", "Discount rate", "share_per_year", ""),
    )
}
"""Every return metric by name, in the order shown."""
