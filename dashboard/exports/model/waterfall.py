"""Cash through the ranks: service, reserve, sweep, lock-up, owners; in rounds with a sweep."""

from dashboard.exports.model.grid import Row
from dashboard.exports.model.loans import Lending
from forecasts.waterfall import FINANCE

PAID = "0.01"
"""USD a month below which nothing is owed: sums of large loans leave less than that."""


def write_waterfall(lend: Lending, sweep_rounds: int) -> None:
    """Write the ranks once, or, when cash is swept, as often as tax needs to follow interest."""
    grid = lend.grid
    if sweep_rounds == 0:
        grid.title("Cash through the ranks")
        grid.add_together(
            _ranks("", ("interest", "principal", "target"), ("tax_", "0"), lend.site.q)
        )
        return
    _write_set_flows(lend)
    interest = "interest"
    for number in range(1, sweep_rounds + 1):
        tag = "" if number == sweep_rounds else f"s{number}"
        key = f"{lend.key}_{tag or 'swept'}"
        taxes, q = lend.taxes, lend.site.q
        income = "-".join(
            taxes.by_year(grid.all(name)) for name in ("taxable", interest, "written_")
        )
        taxes.grid.title(f"{lend.site.name}: income after a sweep, round {number}", "part")
        taxes.case(key, lend.key, income, f"SUM({grid.all('gain')})", q)
        grid.title(f"Cash through the ranks, with a sweep: round {number}", "part")
        tax = Row(f"tax_{tag}s", "Tax after interest", "USD", taxes.monthly(key, lend.key))
        scaled = tuple(
            Row(f"{tag}{name}_kept", f"{label}, after what was prepaid", "USD",
                f"SUMPRODUCT(1-[#{tag}lost<],[#own_{name}])")
            for name, label in (("interest", "Interest"), ("principal", "Principal"),
                                ("target", "Reserve asked"))
        )  # fmt: skip
        names = tuple(row.key for row in scaled)
        spare = f"MAX([{tag}cfads]-{q['sweep_dscr']}*[{tag}service],0)*{q['cash_sweep']}"
        most = f"MIN({spare},[{tag}surplus]-[{tag}topped])"
        paying = f"IF([{tag}service]>{PAID},{most},0)"
        budget = Row(f"{tag}budget", "Cash that prepays loans", "USD", paying)
        sets, blocks = _prepaid(lend, tag)
        swept = f"SUM([#{tag}prepay])"
        ranks = _ranks(tag, (names[0], names[1], names[2]), (tax.key, swept), q)
        grid.add_together([tax, *scaled, *ranks, budget, *sets], blocks)
        interest = names[0]


def _write_set_flows(lend: Lending) -> None:
    """Write interest, principal, reserve and draws of each set of racks, before any sweep."""
    grid, site = lend.grid, lend.site
    q = site.q
    kinds: dict[str, list[Row]] = {"interest": [], "principal": [], "target": [], "drawn": []}
    for place in range(site.sets):

        def own(key: str, place: int = place) -> str:
            return site.racks(key, place)

        factor = grid.constant(f"worth{place}", 3).split("!")[1]
        live, step = own("live"), f"([m]-{own('live')}-1)"
        soft = f"([m]>{live})*([m]<={live}+{own('soft_tenor')})*{own('soft_usd')}"
        junior = f"([m]>{live})*([m]<={live}+{own('tenor')})*{own('junior_usd')}"
        tenor = f"MAX({own('tenor')},1)"
        texts = {
            "interest": f"{q['senior']}*{factor}*[worth{place}<]"
            f"+{soft}*(1-{step}/{own('soft_tenor')})*{q['soft']}"
            f"+{junior}*(1-{step}/{tenor})*{q['junior']}",
            "principal": f"{factor}*([worth{place}<]-[worth{place}]+([m]={live})*{own('worth')})"
            f"+{soft}/{own('soft_tenor')}+{junior}/{tenor}",
            "target": f"IF([m]>={live},INDEX([paidoff{place}:],MIN([m]+{q['held']},Horizon-1)+1)"
            f"-[paidoff{place}],0)",
            "drawn": f"([m]<={live})*{own('lent')}*{own('per_usd')}*([uses{place}]-[uses{place}<])",
        }
        for kind, text in texts.items():
            kinds[kind].append(Row(f"own_{kind}{place}", f"Set {place + 1}: {kind}", "USD", text))
    for kind, found in kinds.items():
        grid.title(f"Loans of each set before a sweep: {kind}", "part")
        grid.block(f"own_{kind}", found)


def _prepaid(lend: Lending, tag: str) -> tuple[list[Row], dict[str, tuple[str, str]]]:
    """Debt before a prepayment, the prepayment, and the part of the loan that is gone."""
    count = lend.site.sets
    kinds: dict[str, list[Row]] = {"before": [], "prepay": [], "lost": []}
    for place in range(count):
        name = {kind: f"{tag}{kind}{place}" for kind in kinds}
        due = f"[{name['before']}<]-[{name['prepay']}<]+[own_drawn{place}]"
        due += f"-(1-[{name['lost']}<])*[own_principal{place}]"
        older = "0" if place == 0 else f"SUM([{tag}prepay0]:[{tag}prepay{place - 1}])"
        can = f"MAX(MIN([{tag}budget]-{older},[{name['before']}]),0)"
        rest = f"1-[{name['prepay']}]/MAX([{name['before']}],1E-9)"
        texts = {
            "before": ("Debt before a prepayment", f"IF({due}<0.01,0,{due})"),
            "prepay": ("Prepaid", f"IF([own_interest{place}]>0,{can},0)"),
            "lost": ("Part of the loan that is gone",
                     f"1-(1-[{name['lost']}<])*({rest})"),
        }  # fmt: skip
        for kind, (label, text) in texts.items():
            style = "fine" if kind == "lost" else "usd"
            unit = "share" if kind == "lost" else "USD"
            kinds[kind].append(Row(name[kind], f"{label}: set {place + 1}", unit, text, style))
    rows = [*kinds["before"], *kinds["prepay"], *kinds["lost"]]
    blocks = {f"{tag}{kind}": (f"{tag}{kind}0", f"{tag}{kind}{count - 1}") for kind in kinds}
    return rows, blocks


def _ranks(
    tag: str, loans: tuple[str, str, str], paid: tuple[str, str], q: dict[str, str]
) -> list[Row]:
    """Service, reserve and lock-up; `loans` name interest, principal and the reserve asked.

    `paid` holds the row of the tax and the formula of what is prepaid.
    """
    (interest, principal, target), (tax, swept) = loans, paid
    held = f"[{tag}reserve<]+[funding]"
    rows = (
        ("service", "Debt service", f"[{interest}]+[{principal}]"),
        ("cfads", "Cash available for debt service", f"[revenue]+[opex]+[{tax}]"),
        ("surplus", "Cash above service", f"MAX([{tag}cfads]-[{tag}service],0)"),
        ("short", "Service above cash", f"MAX([{tag}service]-[{tag}cfads],0)"),
        ("unlocked", "Paid from locked cash", f"MIN([{tag}short],[{tag}locked<])"),
        ("used", "Paid from the reserve", f"MIN([{tag}short]-[{tag}unlocked],{held})"),
        ("topped", "Into the reserve; below zero when it is freed",
         f"MIN([{target}]-({held})+[{tag}used],[{tag}surplus])"),
        ("swept", "Prepaid", swept),
        ("pot", "Cash that could go to owners",
         f"[{tag}locked<]-[{tag}unlocked]+[{tag}surplus]-[{tag}topped]-[{tag}swept]"),
        ("locks", "Cover is below the lock-up (1 = yes)",
         f"IF(AND([{tag}service]>{PAID},[{tag}cfads]<{q['lockup_dscr']}*[{tag}service],"
         "[m]<Horizon-1),1,0)"),
        ("locked", "Locked cash", f"[{tag}locks]*[{tag}pot]"),
        ("reserve", "Reserve",
         f"IF([m]<Horizon-1,{held}+[{tag}topped]-[{tag}used],0)"),
        ("freed", "Reserve freed at the end",
         f"IF([m]<Horizon-1,0,{held}+[{tag}topped]-[{tag}used])"),
    )  # fmt: skip
    return [Row(tag + key, label, "USD", text) for key, label, text in rows]


def write_owners(lend: Lending, swept: bool) -> None:
    """Write what owners pay in and get, taxes on it, profit, debt; named as the engine's lines."""
    grid, q = lend.grid, lend.site.q
    key = f"{lend.key}_swept" if swept else f"{lend.key}_levered"
    tax = "tax_s" if swept else "tax_"
    interest, principal = (
        ("interest_kept", "principal_kept") if swept else ("interest", "principal")
    )
    sale = f"IF([m]=Horizon-1,{lend.taxes.sale(key)},0)"
    grid.title("Owners")
    helpers = (
        Row("invested", "Capex net of grants, working capital tied up", "USD",
            "-([capex]+[refresh]+[grants]+MIN([working_capital],0))"),
        Row("other", "Sales of assets, working capital freed", "USD",
            "[resale]+[terminal_value]+MAX([working_capital],0)"),
        Row("sale_tax", "Tax on the final sale, after interest", "USD", sale),
        Row("paid", "Paid to or by owners from operations", "USD",
            "[pot]-[locked]+[other]+[freed]-[sale_tax]"),
    )  # fmt: skip
    for one in helpers:
        grid.add(one)
    texts = {
        "cfads": "[cfads]",
        "debt_drawn": "[drawn]",
        "interest_building": "[building_interest]",
        "finance_fees": "[fees]",
        "reserve_funding": "[funding]",
        "interest": f"[{interest}]",
        "principal": f"[{principal}]",
        "prepaid": "[swept]",
        "levered_tax": f"-[{tax}]+[sale_tax]",
        "equity_paid_in": "[invested]+[building_interest]+[fees]+[funding]-[drawn]",
        "support": "[short]-[unlocked]-[used]+MAX(-[paid],0)",
        "reserve": "[reserve]",
        "locked": "[locked]",
        "distributions": "MAX([paid],0)",
        "withholding_tax": f"[dividend]*{q['withholding_tax']}",
        "equity_cash": "[f_distributions]-[f_withholding_tax]-[f_equity_paid_in]-[f_support]",
        "debt": "[f_debt<]+[f_debt_drawn]-[f_principal]-[f_prepaid]",
        "profit": "[taxable]+[gain]-[f_levered_tax]-[f_interest]-[written_]",
    }
    rows = [Row(f"f_{name}", FINANCE_LABELS[name], "USD", texts[name], "usd") for name in FINANCE]
    dividends = (
        Row("profits", "Profit so far", "USD", "[profits<]+[f_profit]"),
        Row("dividend", "Dividend: paid out, up to the profits so far", "USD",
            "MIN([f_distributions],MAX([profits]-[dividends<],0))"),
        Row("dividends", "Dividends so far", "USD", "[dividends<]+[dividend]"),
    )  # fmt: skip
    grid.add_together([*rows, *dividends])


FINANCE_LABELS = {
    "cfads": "Cash available for debt service",
    "debt_drawn": "Debt drawn",
    "interest_building": "Interest while building",
    "finance_fees": "Fees of loans",
    "reserve_funding": "First reserve",
    "interest": "Interest",
    "principal": "Principal",
    "prepaid": "Prepaid",
    "levered_tax": "Tax after interest",
    "equity_paid_in": "Paid in by owners",
    "support": "Owners' support of service",
    "reserve": "Reserve",
    "locked": "Locked cash",
    "distributions": "Paid to owners",
    "withholding_tax": "Tax withheld from dividends",
    "equity_cash": "Owners' net cash",
    "debt": "Debt",
    "profit": "Profit after tax",
}
"""Finance lines on the sheet."""
