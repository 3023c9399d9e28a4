"""Operations of one factory, month by month: demand, sales, costs, depreciation, net cash."""

from dashboard.exports.model.cash_lines import Site, line_formulas, net_rent
from dashboard.exports.model.grid import Grid, Row
from dashboard.exports.model.taxes import Taxes
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES, REVENUE_LINES


def _spread(site: Site) -> list[Row]:
    """Share of a facility's cost paid in each month, by phase: 3x² - 2x³."""
    rows = []
    for place in range(site.phases):
        start, span = site.phase("construction", place), site.phase("span", place)
        after, before = f"(([m]+1-{start})/{span})", f"(([m]-{start})/{span})"
        share = f"3*({after}^2-{before}^2)-2*({after}^3-{before}^3)"
        share = f"({share})*(1+{site.q['local_build_share']}*([{site.prefix}local]-1))"
        formula = f"IF(AND([m]>={start},[m]<{start}+{span}),{share},0)"
        label = f"Facility cost paid: phase {place + 1}"
        rows.append(Row(f"{site.prefix}paid{place}", label, "share", formula, "rate"))
    return rows


def _per_set(site: Site) -> tuple[list[Row], list[Row], list[Row]]:
    """Hours ready for sale, price of the contracts, book value for tax, by set of racks."""
    q, p = site.q, site.prefix
    ready, signed, book = [], [], []
    for place in range(site.sets):

        def own(key: str, place: int = place) -> str:
            return site.racks(key, place)

        serves = f"AND([m]>={own('live')},[m]<{own('end')})"
        ramp = f"IF({own('first')}=1,MIN(([m]-{own('live')}+1)/{q['ramp']},1),1)"
        power = f"IF([m]<{own('on_grid')},{q['bridge_power_share']},1)"
        hours = f"{own('gpus')}*730*{q['availability']}*{power}"
        ready.append(
            Row(
                f"{p}ready{place}",
                f"Hours ready for sale: set {place + 1}",
                "GPU-h",
                f"IF({serves},{hours}*{ramp},0)",
            )
        )
        price = f"{own('level')}*INDEX([{p}price:],MAX([m],{own('launch')})+1)"
        begins = f"MOD([m]-{own('live')},{q['term']})=0"
        signed.append(
            Row(
                f"{p}signed{place}",
                f"Contract price: set {place + 1}",
                "USD/GPU-h",
                f"IF({serves},IF({begins},{price},[{p}signed{place}<]),0)",
                "fine",
            )
        )
        book.append(
            _book(
                f"{p}book{place}",
                f"Tax value: set {place + 1}",
                (own("hardware"), own("live"), own("end"), q["racks_written"]),
                q,
            )
        )
    for place in range(site.phases):
        cost, live = site.phase("cost", place), site.phase("live", place)
        book.append(
            _book(
                f"{p}plant{place}",
                f"Tax value: facility of phase {place + 1}",
                (cost, live, "Horizon", q["facility_written"]),
                q,
            )
        )
    return ready, signed, book  # fmt: skip


def _book(key: str, label: str, asset: tuple[str, str, str, str], q: dict[str, str]) -> Row:
    """Value of an asset for tax at the end of a month; nothing once it has gone."""
    cost, live, end, life = asset
    gone = f"AND({end}<Horizon,[m]>={end}-1)"
    start = f"IF([m]=MIN({live},Horizon-1),{cost},[{key}<])"
    rate = f"([m]>={live})*MAX({q['declining_factor']}/{life},1/({live}+{life}-[m]))"
    formula = f"IF(OR([m]<MIN({live},Horizon-1),[m]>={live}+{life},{gone}),0,{start}*(1-{rate}))"
    return Row(key, label, "USD", formula)


def _standing(site: Site) -> list[Row]:
    """What is wanted, stands and is sold."""
    q, p = site.q, site.prefix
    live = 'SUMIFS({},{},"<="&[m],{},">"&[m]'
    begin, end = site.racks("live"), site.racks("end")
    built, on_grid = site.phase("live"), site.phase("on_grid")
    dark = f"(1-{q['bridge_power_share']})"

    def in_service(key: str) -> str:
        return live.format(site.racks(key), begin, end) + ")"

    def waiting(key: str) -> str:
        return in_service(key)[:-1] + f',{site.racks("on_grid")},">"&[m])'

    gone = f"([m]-{built})"
    leased = f'SUMIFS({site.phase("leased_mw")},{built},"<="&[m])'
    unconnected = leased[:-1] + f',{on_grid},">"&[m])'
    rented = f'SUMIFS({site.phase("it_mw")},{site.phase("energised")},"<="&[m],{on_grid},">"&[m])'
    rising = f"(({gone}+1)/{q['let_up']}*({gone}+1<{q['let_up']})+({gone}+1>={q['let_up']}))"
    taken = f"({gone}>=0)*{site.phase('leased_mw')}*{rising}*(1-{dark}*({on_grid}>[m]))"
    level = f"(1+{q['inflation']})^([m]/12)"
    stepped = f"(1+{q['lease_escalator']})^INT(({gone}>0)*{gone}/12)"
    kept = f"(1-{q['lease_vacancy']})"
    market = (
        f"SUMPRODUCT([#{p}ready],{site.racks('level')}*({site.racks('launch')}<=[m])*[{p}price]"
        f"+{site.racks('at_launch')}*({site.racks('launch')}>[m]))"
    )
    rows = [
        ("racks_mw", "Racks in place", "MW", in_service("kw") + "/1000", "number"),
        ("waiting_mw", "Racks not on the grid yet", "MW", waiting("kw") + "/1000", "number"),
        ("own_mw", "Racks in service", "MW", f"[{p}racks_mw]-{dark}*[{p}waiting_mw]", "number"),
        ("space_mw", "Space for tenants not on the grid yet", "MW", unconnected, "number"),
        ("leased_mw", "Space for tenants", "MW", f"{leased}-{dark}*[{p}space_mw]", "number"),
        ("live_mw", "Live IT load", "MW", f"[{p}own_mw]+[{p}leased_mw]", "number"),
        ("on_bridge", "Share of it on the bridge", "share",
         f"IF([{p}live_mw]>0,MIN({q['bridge_power_share']}*([{p}waiting_mw]+[{p}space_mw])"
         f"/[{p}live_mw],1),0)", "rate"),
        ("rented", "Rent of generators", "USD",
         f"{rented}*{q['bridge_power_share']}*{q['pue']}*1000*{q['bridge_rent']}*{level}", "usd"),
        ("grid_price", "A MW-month from the grid", "USD",
         f"{q['tariff']}*[{p}power_index]*(1+{q['power_local_share']}*([{p}local]-1))", "usd"),
        ("mix_price", "A MW-month of all sources", "USD",
         f"[{p}on_bridge]*{q['bridge_fuel_cost']}*730000*{level}+(1-[{p}on_bridge])"
         f"*((1-{q['ppa_share']})*[{p}grid_price]+{q['ppa_share']}*{q['ppa_price']}*730000*{level})",
         "usd"),
        ("installed", "GPU-hours installed", "GPU-h",
         f"({in_service('gpus')}-{dark}*{waiting('gpus')})*730", "usd"),
        ("available", "GPU-hours available", "GPU-h", f"SUM([#{p}ready])", "usd"),
        ("contract_value", "Available hours at the price of their contract", "USD",
         f"SUMPRODUCT([#{p}ready],[#{p}signed])", "usd"),
        ("market_value", "Available hours at the market's price", "USD", market, "usd"),
        ("hardware", "Racks in service, at cost", "USD", in_service("hardware"), "usd"),
        ("facility", "Facilities in use, at cost", "USD",
         f"SUMIFS({site.phase('cost')},{built},\"<=\"&[m])", "usd"),
        ("upkeep", "The same in prices of the start", "USD",
         f"SUMIFS({site.phase('upkeep')},{built},\"<=\"&[m])", "usd"),
        ("offered", "Space let, if wanted", "MW", f"SUMPRODUCT({taken})*{kept}", "number"),
        ("let_mw", "Space let", "MW", f"MIN([{p}offered],[{p}demand])", "number"),
        ("rent_due", "Rent of it, if wanted", "USD",
         f"SUMPRODUCT({taken}*{site.phase('rent')}*1000*{stepped})*{kept}", "usd"),
        ("tenants", "Power of tenants' racks", "USD",
         f"[{p}let_mw]*{q['busy_power_share']}*[{p}pue]*[{p}mix_price]", "usd"),
        ("reach", "Demand left for hours over racks", "x",
         f"IF([{p}own_mw]>0,([{p}demand]-[{p}let_mw])/[{p}own_mw],0)", "fine"),
        ("firm", "Sold under contract", "share",
         f"MIN({q['contracted_share']},[{p}reach]*{q['signing']},1)", "rate"),
        ("free", "Sold without contract", "share",
         f"MAX(MIN((1-[{p}firm])*{q['merchant_utilisation']},[{p}reach]-[{p}firm]),0)", "rate"),
        ("contracted", "GPU-hours under contract", "GPU-h", f"[{p}available]*[{p}firm]", "usd"),
        ("sold", "GPU-hours sold", "GPU-h", f"[{p}available]*([{p}firm]+[{p}free])", "usd"),
        ("useful", "Useful GPU-hours", "GPU-h", f"[{p}sold]*{q['useful_share']}", "usd"),
        ("general", "Price level of running costs", "a month",
         f"(1+{q['inflation']})^([m]/12)/12", "fine"),
        ("wages", "Wage level", "a month", f"(1+{q['wage_growth']})^([m]/12)/12", "fine"),
        ("licences", "Price level of software", "a month",
         f"(1+{q['software_price_growth']})^([m]/12)/12", "fine"),
    ]  # fmt: skip
    return [Row(p + key, label, unit, text, style) for key, label, unit, text, style in rows]


def _payments(site: Site) -> list[Row]:
    """What is paid for facilities and racks."""
    q, p = site.q, site.prefix

    def paid(first: int) -> str:
        usd, kind = site.racks("racks_usd"), site.racks("first")
        parts = [
            f"{share}*SUMIFS({usd},{site.racks(when)},[m],{kind},{first})"
            for share, when in (
                (q["rack_deposit_share"], "order"),
                (f"(1-{q['rack_deposit_share']})", "delivery"),
            )
        ]
        return "+".join(parts)

    return [
        Row(f"{p}plant_paid", "Paid for shell, electrical, cooling", "USD",
            f"SUMPRODUCT({site.phase('plant')},[#{p}paid])"),
        Row(f"{p}grid_paid", "Paid for the grid connection", "USD",
            f"SUMPRODUCT({site.phase('grid')},[#{p}paid])"),
        Row(f"{p}racks_paid", "Paid for first racks", "USD", paid(1)),
        Row(f"{p}renewed_paid", "Paid for racks that replace others", "USD", paid(0)),
    ]  # fmt: skip


def _links(site: Site) -> list[Row]:
    q, p = site.q, site.prefix
    share = f"{q['ai_share_now']}+({q['ai_share_later']}-{q['ai_share_now']})"
    grown = f"MIN(1,[m]/{q['ai_span']})"
    return [
        Row(f"{p}demand", "Demand", "MW",
            f"{site.drivers['demand']}*({share}*{grown})*{q['level']}", "number"),
        Row(f"{p}price", "Price of a given generation", "index", site.drivers["price"], "fine"),
        Row(f"{p}power_index", "Power price", "index", site.drivers["power"], "fine"),
        Row(f"{p}local", "USD value of what is paid in local currency", "x",
            site.drivers["local"], "fine"),
        Row(f"{p}pue", "Facility energy over IT energy", "x", site.drivers["pue"], "fine"),
    ]  # fmt: skip


def _result_rows(site: Site) -> list[Row]:
    """Working capital's level, depreciation, taxable income."""
    p = site.prefix
    bought = f"SUMIFS({site.racks('hardware')},{site.racks('live')},[m])"
    bought += f"+SUMIFS({site.phase('cost')},{site.phase('live')},[m])"
    late = f'SUMIFS({site.phase("cost")},{site.phase("live")},">="&Horizon)'
    late += f'+SUMIFS({site.racks("hardware")},{site.racks("live")},">="&Horizon)'
    added = f"{bought}+IF([m]=Horizon-1,{late},0)"
    return [
        Row(f"{p}depreciation", "Depreciation for tax", "USD",
            f"{added}+SUM([#{p}book<])-SUM([#{p}book])"),
        Row(f"{p}over", "Written off at the very end", "USD",
            f"IF([m]=Horizon-1,SUM([#{p}book]),0)"),
        Row(f"{p}taxable", "Taxable income before interest and the final sale", "USD",
            f"[{p}revenue]+[{p}opex]+[{p}resale]-[{p}depreciation]"),
        Row(f"{p}gain", "Gain on the final sale", "USD",
            f"IF([m]=Horizon-1,[{p}terminal_value]-[{p}over]-SUM({site.phase('land')}),0)"),
    ]  # fmt: skip


def write_operations(grid: Grid, site: Site, result: Result, row: int) -> None:
    """Write demand, sales, every cash line before tax, depreciation and taxable income."""
    grid.title("Drivers")
    for one in _links(site):
        grid.add(one)
    grid.title("Phases and sets of racks")
    grid.block("paid", _spread(site))
    ready, signed, book = _per_set(site)
    grid.block("ready", ready)
    grid.block("signed", signed)
    grid.title("Capacity and sales")
    for one in _standing(site):
        grid.add(one)
    _write_lines(grid, site, result, row)
    grid.title("Depreciation and taxable income")
    grid.block("book", book)
    for one in _result_rows(site):
        grid.add(one)


def _write_lines(grid: Grid, site: Site, result: Result, row: int) -> None:
    """Write every cash line under its heading, with the totals."""
    formulas = line_formulas(site)

    def write(names: tuple[str, ...]) -> None:
        for name in names:
            line = Row(name, LINES[name].label, "USD", formulas[name], "usd", _sum_of(name))
            grid.add(line, result.lines[name][0, row])

    def total(key: str, label: str, names: tuple[str, ...]) -> None:
        text = f"SUM([{names[0]}]:[{names[-1]}])"
        one = Row(key, label, "USD", text, "usd_total", _sum_of(key))
        grid.add(one, result.total(names)[0, row])

    grid.title("Revenue")
    write(REVENUE_LINES)
    total("revenue", "Revenue", REVENUE_LINES)
    grid.title("Operating costs")
    write(OPEX_LINES)
    total("opex", "Operating costs", OPEX_LINES)
    grid.add(Row("ebitda", "EBITDA", "USD", "[revenue]+[opex]", "usd_total", _sum_of("ebitda")))
    grid.add(net_rent_row(site))
    grid.title("Capex")
    for one in _payments(site):
        grid.add(one)
    write(CAPEX_LINES)
    total("capex", "First-time capex", CAPEX_LINES)
    grid.title("Refresh, receipts, working capital")
    write(("refresh", "grants", "resale", "terminal_value"))
    grid.add(owed_row(site))
    write(("working_capital",))


def _sum_of(key: str) -> tuple[str]:
    return (f"SUM([{key}:])",)


def net_rent_row(site: Site) -> Row:
    """What is left of the rent of tenants, which values their space at the end."""
    words = "Rent less power, costs and administration of let space"
    return Row(f"{site.prefix}net_rent", words, "USD", net_rent(site))


def owed_row(site: Site) -> Row:
    """What customers owe less what suppliers wait for, at the end of a month."""
    p, q = site.prefix, site.q
    now = f"([{p}revenue]*{q['receivable_days']}+[{p}opex]*{q['payable_days']})/(365/12)"
    return Row(f"{p}owed", "Owed by customers less owed to suppliers", "USD",
               f"IF([m]=Horizon-1,0,{now})")  # fmt: skip


def write_tax(grid: Grid, prefix: str, taxes: Taxes, case: tuple[str, str]) -> None:
    """Write the tax of a case that is not financed: its name, and that of its calendar."""
    tax, sale = taxes.monthly(*case), taxes.sale(case[0])
    grid.add(Row(f"{prefix}tax", "Tax of operations", "USD", tax))
    grid.add(Row(f"{prefix}income_tax", LINES["income_tax"].label, "USD",
                 f"[{prefix}tax]-IF([m]=Horizon-1,{sale},0)"))  # fmt: skip


def write_late(grid: Grid, site: Site) -> None:
    """Write the same factory a month late, lines of a kind in one row, down to taxable income."""
    p = site.prefix
    grid.title("The same factory, every phase energised a month later (for the cost of delay)")
    for one in _links(site):
        grid.add(one)
    grid.block(f"{p}paid", _spread(site))
    ready, signed, book = _per_set(site)
    grid.block(f"{p}ready", ready)
    grid.block(f"{p}signed", signed)
    for one in (*_standing(site), *_payments(site)):
        grid.add(one)
    formulas = line_formulas(site)

    def write(key: str, label: str, text: str) -> None:
        grid.add(Row(p + key, label, "USD", text))

    for name in REVENUE_LINES:
        write(name, LINES[name].label, formulas[name])
    write("revenue", "Revenue", f"SUM([{p}{REVENUE_LINES[0]}]:[{p}{REVENUE_LINES[-1]}])")
    write("opex", "Operating costs", "+".join(formulas[name] for name in OPEX_LINES))
    grid.add(net_rent_row(site))
    write("capex", "First-time capex", "+".join(formulas[name] for name in CAPEX_LINES))
    grid.add(owed_row(site))
    for name in ("refresh", "grants", "resale", "terminal_value", "working_capital"):
        write(name, LINES[name].label, formulas[name])
    grid.block(f"{p}book", book)
    for one in _result_rows(site):
        grid.add(one)
