"""Returns of one factory: what is summed over its months, and every metric with its status."""

from dataclasses import dataclass

from dashboard.exports.model.cash_lines import Site
from dashboard.exports.model.grid import Grid, Row
from dashboard.exports.model.waterfall import PAID
from forecasts.lines import CAPEX_LINES, LINES
from forecasts.metric_register import METRICS
from forecasts.returns import LEAST_AT_RISK

STYLE = {
    "USD": "usd",
    "share_per_year": "rate",
    "share": "share",
    "years": "number",
    "ratio": "number",
    "USD_per_gpu_hour": "fine",
    "USD_m_per_MW": "number",
    "MW_months": "number",
    "months": "number",
}
"""Format of a metric by its unit."""


STACK = "First-time capex by line: USD, USD per MW of IT load, USD per GPU"
"""Heading of the lines of capex."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Formulas that are worked out on other sheets.

    Attributes
    ----------
    irr, equity_irr : (str, str)
        Yearly rate, and its status.
    break_even : (str, str)
        Factor on the price, and whether there is one (1 or 0).
    late_npv : str
        NPV a month late.
    """

    irr: tuple[str, str]
    equity_irr: tuple[str, str]
    break_even: tuple[str, str]
    late_npv: str


def write_discounting(grid: Grid, site: Site) -> None:
    """Write net cash, its discounting, and sums so far."""
    q = site.q
    grid.title("Net cash and its value")
    rows = (
        Row("net", "Net cash before debt, after tax", "USD",
            "[revenue]+[opex]+[capex]+[refresh]+[grants]+[resale]+[terminal_value]"
            "+[working_capital]+[income_tax]", "usd_total", ("SUM([net:])",)),
        Row("df", "Discount factor", "", f"(1+{q['monthly']})^-([m]+1)", "fine"),
        Row("cumulative", "Net cash so far", "USD", "[cumulative<]+[net]"),
        Row("present", "Net cash so far, discounted", "USD", "[present<]+[net]*[df]"),
        Row("margin", "What a price of hours leaves before tax", "USD",
            f"([contracted_compute]+[merchant_compute])*({q['hour_share']}-{q['hour_cost']})"),
        Row("hour_owed", "Working capital of it", "USD",
            f"IF([m]=Horizon-1,0,([contracted_compute]+[merchant_compute])*({q['hour_share']}*"
            f"{q['receivable_days']}-{q['hour_cost']}*{q['payable_days']})/(365/12))"),
        Row("hour_worth", "The two, discounted", "USD",
            "([margin]+[hour_owed<]-[hour_owed])*[df]", "usd", ("SUM([hour_worth:])",)),
    )  # fmt: skip
    for row in rows:
        grid.add(row)


def write_late_value(grid: Grid, site: Site) -> None:
    """Write the net cash of the same factory a month late; its tax row is already there."""
    p = site.prefix
    parts = ("revenue", "opex", "capex", "refresh", "grants", "resale", "terminal_value",
             "working_capital", "income_tax")  # fmt: skip
    grid.add(Row(f"{p}net", "Net cash a month late", "USD",
                 "+".join(f"[{p}{name}]" for name in parts), "usd_total",
                 (f"SUM([{p}net:])", f"SUMPRODUCT([{p}net:],[df:])")))  # fmt: skip


def write_covers(grid: Grid, site: Site) -> None:
    """Write debt service and its cover, and what values cash at the loans' rate."""
    q, r = site.q, site.racks
    rate = (
        f"(SUM({r('senior_usd')})*{q['senior']}+SUM({r('soft_usd')})*{q['soft']}"
        f"+SUM({r('junior_usd')})*{q['junior']})/MAX(SUM({r('lent')}),1E-9)"
    )
    grid.title("Cover of debt")
    grid.add(Row("owing", "Interest and principal", "USD", "[f_interest]+[f_principal]"))
    write_cover_rows(grid, "0")
    grid.add(
        Row("loan_rate", "Interest of all loans together, a month", "share", "", "fine", (rate,))
    )
    grid.add(Row("loan_df", "Discount factor at it, from the first service", "",
                 "IF([m]<[begin|C],0,(1+[loan_rate|C])^-([m]-[begin|C]+1))", "fine"))  # fmt: skip


def write_cover_rows(grid: Grid, barred: str) -> None:
    """Write the cover by month and over twelve months, counted from the first that earns cash.

    `barred` is 1 for months that cannot be that first one, beside those before any service.
    """
    served = "[serves]"
    first = "SUMPRODUCT(MIN([m:]+1E6*([serves:]=0)))"
    last = "SUMPRODUCT(MAX(([m:]+1)*([serves:]=1)))-1"
    earns = f"SUMPRODUCT(MIN([m:]+1E6*(([m:]<[begin|C])+([f_cfads:]<=0)+{barred}>0)))"
    window = "[begin|E]"
    twelve = f"AND([m]>={window}+11,[m]<=[begin|D],[twelve_service]>{PAID})"
    rows = (
        Row("serves", "Debt is served (1 = yes)", "", f"IF([owing]>{PAID},1,0)", "whole"),
        Row("begin", "First and last month of service; first that earns cash", "month", "",
            "whole", (first, last, earns)),
        Row("dscr", "DSCR", "x", f'IF({served}=1,[f_cfads]/[owing],"")', "number"),
        Row("cash_so_far", "Cash for service, from the first that earns", "USD",
            f"[cash_so_far<]+IF([m]>={window},[f_cfads],0)"),
        Row("served_so_far", "Service, from the same month", "USD",
            f"[served_so_far<]+IF([m]>={window},[owing],0)"),
        Row("twelve_cash", "Cash of twelve months", "USD",
            "[cash_so_far]-IF([m]>=12,INDEX([cash_so_far:],[m]-11),0)"),
        Row("twelve_service", "Service of twelve months", "USD",
            "[served_so_far]-IF([m]>=12,INDEX([served_so_far:],[m]-11),0)"),
        Row("twelve", "DSCR of twelve months", "x",
            f'IF({twelve},[twelve_cash]/[twelve_service],"")', "number"),
    )  # fmt: skip
    for row in rows:
        grid.add(row)


def write_returns(grid: Grid, site: Site, outside: Outside) -> None:
    """Write every metric: value and status; the value is empty unless the status is ok."""
    grid.title("Sums behind the returns")
    for key, label, formula in _sums(site, outside.late_npv):
        grid.add(Row(f"s_{key}", label, "", "", "number", (formula,)))
    write_metrics(grid, _worth(site, outside) | hour_costs() | _simple_costs(site) | COVERS)
    grid.title(STACK)
    for name in CAPEX_LINES:
        own = f"[stack_{name}|C]"
        per = (f'IF([s_{size}|C]>0,{own}/[s_{size}|C],"")' for size in ("it_mw", "gpus"))
        cells = (f"-SUM([{name}:])", *per)
        grid.add(Row(f"stack_{name}", LINES[name].label, "USD", "", "usd", cells))


def write_metrics(grid: Grid, metrics: dict[str, tuple[str, str]]) -> None:
    """Write metrics by name: formulas of value and status."""
    grid.title("Returns: value, status")
    for name in METRICS:
        value, status = metrics[name]
        info = METRICS[name]
        key = f"r_{name}"
        unit = info.unit.replace("_", " ")
        grid.add(
            Row(key, info.label, unit, "", STYLE[info.unit],
                (f'IF([{key}|D]="ok",{value},"")', status))
        )  # fmt: skip


def _sums(site: Site, late_npv: str) -> tuple[tuple[str, str, str], ...]:
    capital = "[capex:]+[refresh:]+[grants:]+[resale:]+[terminal_value:]"
    variable = "[cloud_platform:]+[services_delivery:]+[overhead:]+[model_licence:]"
    variable += f"+[lease_rent:]*{site.q['overhead_share']}"
    tenants = "[lease_rent:]+[tenant_power:]"
    live = "([live_mw:]>0)"
    met = "([demand:]<[live_mw:])*[demand:]+([demand:]>=[live_mw:])*[live_mw:]"
    return (
        ("npv", "Value of net cash, USD", "SUMPRODUCT([net:],[df:])"),
        ("delay", "Value lost by a month's delay, USD", f"[s_npv|C]-{late_npv}"),
        ("capex", "First-time capex, USD", "-SUM([capex:])"),
        ("opex", "Running costs less what tenants pay, USD",
         "-SUM([opex:])-SUM([lease_rent:])-SUM([tenant_power:])"),
        ("pv_revenue", "Value of revenue without tenants, USD",
         f"SUMPRODUCT([revenue:]-({tenants}),[df:])"),
        ("pv_variable", "Value of costs that follow sales, USD",
         f"-SUMPRODUCT({variable},[df:])"),
        ("pv_fixed", "Value of other costs less receipts, USD",
         f"-SUMPRODUCT([opex:]-({variable})+{capital}+{tenants},[df:])"),
        ("pv_hours", "Value of hours sold, GPU-h", "SUMPRODUCT([sold:],[df:])"),
        ("pv_useful", "Value of useful hours, GPU-h", f"[s_pv_hours|C]*{site.q['useful_share']}"),
        ("pv_available", "Value of hours available, GPU-h", "SUMPRODUCT([available:],[df:])"),
        ("paid_in", "Months that cost, USD", '-SUMIF([net:],"<0")'),
        ("paid_out", "Months that bring, USD", 'SUMIF([net:],">0")'),
        ("peak", "Deepest sum, USD", "MAX(0,-MIN([cumulative:]))"),
        ("below", "Last month below zero; -1: none",
         "SUMPRODUCT(MAX(([m:]+1)*([cumulative:]<0)))-1"),
        ("present_below", "The same, discounted",
         "SUMPRODUCT(MAX(([m:]+1)*([present:]<0)))-1"),
        ("decision", "First decision, month", f"MIN({site.phase('decision')})"),
        ("gpus", "GPUs first installed", f"SUM({site.phase('gpus')})"),
        ("it_mw", "IT load, MW", f"SUM({site.phase('it_mw')})"),
        ("installed", "GPU-hours installed", "SUM([installed:])"),
        ("sold", "GPU-hours sold", "SUM([sold:])"),
        ("wanted", "Demand while live, MW-months", f"SUMPRODUCT([demand:]*{live})"),
        ("met", "Met, MW-months", f"SUMPRODUCT(({met})*{live})"),
        ("stood", "Live, MW-months", "SUM([live_mw:])"),
        ("debt", "Debt drawn, USD", "SUM([f_debt_drawn:])"),
        ("uses", "All uses of funds, USD", "SUM([f_debt_drawn:])+SUM([f_equity_paid_in:])"),
        ("equity_in", "Owners' months that cost, USD", '-SUMIF([f_equity_cash:],"<0")'),
        ("equity_out", "Owners' months that bring, USD", 'SUMIF([f_equity_cash:],">0")'),
        ("served", "Months of service", "SUM([serves:])"),
        ("covers", "Sum of covers", "SUM([dscr:])"),
        ("pv_service", "Value of service, USD", "SUMPRODUCT([owing:],[loan_df:])"),
        ("pv_loan", "Value of cash to the last service, USD",
         "SUMPRODUCT([f_cfads:],[loan_df:],--([m:]<=[begin|D]))"),
        ("pv_project", "Value of cash to the end, USD", "SUMPRODUCT([f_cfads:],[loan_df:])"),
    )  # fmt: skip


def payback(below: str) -> tuple[str, str]:
    """Return years from the first decision to the month after the last one below zero."""
    value = f"([s_{below}|C]+2-[s_decision|C])/12"
    never = f"OR([s_{below}|C]<0,[s_{below}|C]>=Horizon-2,[s_decision|C]>=Horizon)"
    return value, f'IF({never},"never","ok")'


def _worth(site: Site, outside: Outside) -> dict[str, tuple[str, str]]:
    """Value, rates, payback, multiples, debt, capex."""
    risk = f"[s_equity_in|C]<={LEAST_AT_RISK}*[s_uses|C]"
    built = '[s_it_mw|C]<=0,"undefined","ok"'
    scale, found = outside.break_even
    price = f"{scale}*{site.q['gpu_hour_price']}"
    return {
        "npv": ("[s_npv|C]", '"ok"'),
        "irr": outside.irr,
        "equity_irr": (outside.equity_irr[0], f'IF({risk},"undefined",{outside.equity_irr[1]})'),
        "payback": payback("below"),
        "discounted_payback": payback("present_below"),
        "moic": ("[s_paid_out|C]/[s_paid_in|C]", 'IF([s_paid_in|C]<=0,"undefined","ok")'),
        "equity_moic": ("[s_equity_out|C]/[s_equity_in|C]",
                        f'IF(OR({risk},[s_equity_in|C]<=0),"undefined","ok")'),
        "debt": ("[s_debt|C]", '"ok"'),
        "gearing": ("[s_debt|C]/[s_uses|C]", 'IF([s_uses|C]<=0,"undefined","ok")'),
        "peak_funding": ("[s_peak|C]", '"ok"'),
        "capex": ("[s_capex|C]", '"ok"'),
        "capex_per_mw": ("[s_capex|C]/[s_it_mw|C]/1000000", f"IF({built})"),
        "break_even_price": (price, f'IF([s_it_mw|C]<=0,"undefined",IF({found}=1,"ok","none"))'),
        "delay_cost": ("[s_delay|C]", f"IF({built})"),
        "time_to_power": (f"INDEX({site.phase('energised')},1)-INDEX({site.phase('decision')},1)",
                          f"IF({built})"),
        "discount_rate": (site.q["discount"], '"ok"'),
    }  # fmt: skip


def hour_costs() -> dict[str, tuple[str, str]]:
    """Return cost and price of an hour, use that breaks even, demand met: from sums alone."""
    sells = 'IF([s_pv_hours|C]<=0,"undefined","ok")'
    margin = "([s_pv_revenue|C]-[s_pv_variable|C])"
    needed = f"[s_pv_hours|C]/[s_pv_available|C]*[s_pv_fixed|C]/{margin}"
    never = f'IF(OR({margin}<=0,[s_pv_available|C]<=0),"never",IF({needed}>1,"never","ok"))'
    live = 'IF(OR([s_wanted|C]<=0,[s_stood|C]<=0),"undefined","ok")'
    return {
        "lcoc": ("([s_pv_fixed|C]+[s_pv_variable|C])/[s_pv_hours|C]", sells),
        "lcoc_useful": ("([s_pv_fixed|C]+[s_pv_variable|C])/[s_pv_useful|C]", sells),
        "levelised_price": ("[s_pv_revenue|C]/[s_pv_hours|C]", sells),
        "break_even_utilisation": (f"MAX({needed},0)",
                                   f'IF([s_pv_hours|C]<=0,"undefined",{never})'),
        "demand_captured": ("[s_met|C]/[s_wanted|C]", live),
        "shortfall": ("[s_wanted|C]-[s_met|C]", live),
        "stranded": ("[s_stood|C]-[s_met|C]", live),
    }  # fmt: skip


def _simple_costs(site: Site) -> dict[str, tuple[str, str]]:
    """Cost of an hour as others state it."""
    q = site.q
    months, rate = f"MAX({q['ageing']},1)", f"({q['discount']}/12)"
    factor = f"IF({rate}>0,{rate}/(1-(1+{rate})^-{months}),1/{months})"
    opex, hours = "[s_opex|C]/[s_installed|C]", "([s_gpus|C]*730)"
    built = 'IF(OR([s_gpus|C]<=0,[s_installed|C]<=0),"undefined",{})'
    annuity = f"[s_capex|C]*{factor}/{hours}+{opex}"
    simple = f"([s_capex|C]/{months}/{hours}+{opex})/([s_sold|C]/[s_installed|C])"
    return {
        "tco_annuity": (annuity, built.format('"ok"')),
        "tco_simple": (simple, built.format('IF([s_sold|C]<=0,"undefined","ok")')),
        "lcoc_sla": (f"({annuity})/{q['availability']}",
                     built.format(f'IF({q["availability"]}<=0,"undefined","ok")')),
    }  # fmt: skip


_SERVES = 'IF(OR([s_served|C]<=0,[s_pv_service|C]<=0),"undefined",{})'
_PLAIN = _SERVES.format('"ok"')

COVERS: dict[str, tuple[str, str]] = {
    "min_dscr": ("MIN([dscr:])", _PLAIN),
    "min_dscr_12m": ("MIN([twelve:])",
                     _SERVES.format('IF(COUNT([twelve:])=0,"undefined","ok")')),
    "average_dscr": ("[s_covers|C]/[s_served|C]", _PLAIN),
    "llcr": ("[s_pv_loan|C]/[s_pv_service|C]", _PLAIN),
    "plcr": ("[s_pv_project|C]/[s_pv_service|C]", _PLAIN),
}  # fmt: skip
"""Covers: formulas of value and status."""
