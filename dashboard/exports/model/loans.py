"""Loans of one factory: sized in rounds between tax and interest, side by side, no circle."""

from dataclasses import dataclass

from dashboard.exports.model.cash_lines import Site
from dashboard.exports.model.grid import SECOND, THIRD, Grid, Row
from dashboard.exports.model.table import Column
from dashboard.exports.model.taxes import Taxes

LOANS = (
    Column("cost", "Cost, net of grants", "USD"),
    Column("first_use", "First paid", "month", "whole"),
    Column("drawn", "Months in which a loan of 1 is out while building", "months", "number"),
    Column("wait", "Months of building", "months", "whole"),
    Column("tenor", "Senior: payments", "months", "whole"),
    Column("soft_tenor", "Concessional: payments", "months", "whole"),
    Column("on", "Can borrow", "1 = yes", "whole"),
    Column("e_senior", "Senior: interest and fees of building, for a loan of 1", "USD", "fine"),
    Column("e_soft", "Concessional: the same", "USD", "fine"),
    Column("e_junior", "Mezzanine: the same", "USD", "fine"),
    Column("soft_usd", "Concessional loan", "USD"),
    Column("junior_usd", "Mezzanine loan", "USD"),
    Column("room", "Most that gearing leaves for the senior loan, before its extras", "USD"),
    Column("worth", "Senior loan that cash would carry", "USD"),
    Column("senior_usd", "Senior loan", "USD"),
    Column("lent", "All loans", "USD"),
    Column("per_usd", "One over cost", "1/USD", "general"),
    Column("bears", "Interest a month once all is drawn", "USD"),
    Column("signed", "Upfront fees", "USD"),
)
"""What belongs to the loans of a set of racks; further columns of the sheet `Sets`."""


@dataclass(frozen=True, slots=True)
class Lending:
    """Where the loans of one factory are worked out.

    Attributes
    ----------
    grid : Grid
        The factory's months.
    taxes : Taxes
        The tax years.
    site : Site
        References of the factory.
    key : str
        Its name in the tax years.
    rounds : int
        Rounds between tax and interest.
    """

    grid: Grid
    taxes: Taxes
    site: Site
    key: str
    rounds: int


def write_uses(grid: Grid, site: Site, phases: tuple[int, ...], turns: tuple[int, ...]) -> None:
    """Write what each set of racks costs so far, net of grants: the first with its facility."""
    q, rows = site.q, []
    for place, (phase, turn) in enumerate(zip(phases, turns, strict=True)):

        def own(key: str, place: int = place) -> str:
            return site.racks(key, place)

        deposit = q["rack_deposit_share"]
        when = f"(([m]={own('order')})*{deposit}+([m]={own('delivery')})*(1-{deposit}))"
        paid = f"{own('hardware')}*{when}"
        if turn == 0:
            at_parity = f"({site.phase('plant', phase)}+{site.phase('grid', phase)})"
            facility = f"{at_parity}*(1+{q['beside']})*[paid{phase}]"
            land = f"{site.phase('land', phase)}*([m]={site.phase('decision', phase)})"
            paid = f"({facility}+{land}+{paid})*(1-{q['grant_share']})"
        label = f"Paid so far, net of grants: set {place + 1}"
        rows.append(Row(f"uses{place}", label, "USD", f"[uses{place}<]+{paid}"))
    grid.block("uses", rows)


def loan_cells(grid: Grid, site: Site, place: int, last: str) -> dict[str, str]:
    """Return what sizes the loans of one set of racks, for its row of the sheet `Sets`.

    Parameters
    ----------
    grid, site
        The factory's months and references.
    place : int
        Which set.
    last : str
        Letter of the last month's column.
    """
    q, uses = site.q, grid.all(f"uses{place}")
    months, row = grid.all("m"), grid.row(f"uses{place}")
    worth = grid.constant(f"worth{place}")
    used = f"{grid.constant(f'worth{place}', SECOND)}"

    def extra(fee: str, rate: str) -> str:
        return f"={fee}+{rate}*[drawn]+([wait]-[drawn])*{q['commit']}"

    def held(rate: str, tenor: str) -> str:
        count = f"MIN({q['held']},{tenor})"
        return f"({count}/{tenor}+{rate}*({count}-{count}*({count}-1)/2/{tenor}))"

    beside = f"([e_soft]+{held(q['soft'], '[soft_tenor]')})*[soft_usd]"
    beside += f"+([e_junior]+{held(q['junior'], 'MAX([tenor],1)')})*[junior_usd]"
    return {
        "cost": f"={grid.quoted}!${last}${row}",
        "first_use": f"=COUNTIF({uses},0)",
        "drawn": f'=IF([cost]>0,SUMIF({months},"<"&[live],{uses})/[cost],0)',
        "wait": "=[live]-[first_use]+1",
        "tenor": f"=MIN({q['tenor']},MIN([end],Horizon)-1-[live])",
        "soft_tenor": f"=MAX(MIN({q['soft_tenor']},Horizon-1-[live]),1)",
        "on": f"=IF(AND([cost]>0,[tenor]>0,{q['gearing']}>0),1,0)",
        "e_senior": extra(q["upfront_fee"], q["senior"]),
        "e_soft": extra("0", q["soft"]),
        "e_junior": extra(q["upfront_fee"], q["junior"]),
        "soft_usd": f"=[on]*MIN({q['concessional_share']},{q['gearing']})*[cost]",
        "junior_usd": f"=IF([on]=1,MIN({q['mezzanine_share']},{q['gearing']}-[soft_usd]/[cost])"
        "*[cost],0)",
        "room": f"=MAX({q['gearing']}*([cost]+{beside})-[soft_usd]-[junior_usd],0)",
        "worth": f"={worth}*[on]",
        "senior_usd": f"={worth}*{used}",
        "lent": "=[senior_usd]+[soft_usd]+[junior_usd]",
        "per_usd": "=IF([cost]>0,1/[cost],0)",
        "bears": f"=[senior_usd]*{q['senior']}+[soft_usd]*{q['soft']}+[junior_usd]*{q['junior']}",
        "signed": f"={q['upfront_fee']}*([senior_usd]+[junior_usd])",
    }


def write_sizing(lend: Lending) -> None:
    """Write the rounds: cash, what it repays, interest, tax; and again."""
    grid, site, taxes, q = lend.grid, lend.site, lend.taxes, lend.site.q
    live, on = site.racks("live"), site.racks("on")
    grid.title("Cash for debt service")
    hours = "IF([firm]+[free]>0,[firm]/([firm]+[free]),0)"
    let = "IF([let_mw]>0,[let_mw]/([let_mw]+[own_mw]*([firm]+[free])),0)"
    firm = f"({hours}+(1-{hours})*{let})"
    grid.add(
        Row(
            "cover",
            "Cover asked",
            "x",
            f"1/({firm}/{q['target_dscr']}+(1-{firm})/{q['merchant_dscr']})",
            "fine",
        )
    )
    grid.block("others", [_others(site, place) for place in range(site.sets)])
    soft = (
        f"SUMPRODUCT(({live}<[m])*([m]<={live}+{site.racks('soft_tenor')})*{site.racks('soft_usd')}"
    )
    until = f"({live}<[m])*([m]<={live}+{site.racks('tenor')})"
    junior = f"SUMPRODUCT({on}*{until}*{site.racks('junior_usd')}"
    left = f"(1-([m]-{live}-1)"
    tenor = f"(({site.racks('tenor')}>0)*{site.racks('tenor')}+({site.racks('tenor')}<=0))"
    grid.add(
        Row(
            "other_interest",
            "Interest of concessional and mezzanine loans",
            "USD",
            f"{soft}*{left}/{site.racks('soft_tenor')}))*{q['soft']}"
            f"+{junior}*{left}/{tenor}))*{q['junior']}",
        )
    )
    grid.add(
        Row(
            "other_principal",
            "Principal of concessional and mezzanine loans",
            "USD",
            f"{soft}/{site.racks('soft_tenor')})+{junior}/{tenor})",
        )
    )
    before = "tax"
    for number in range(1, lend.rounds + 1):
        tag = "" if number == lend.rounds else str(number)
        words = f"round {number}" if tag else f"round {number}, the last: the loans"
        grid.title(f"Loans sized on cash after tax: {words}", "part")
        grid.add(
            Row(
                f"cash{tag}_",
                "Cash over cover, per kW in service",
                "USD/kW",
                f"([revenue]+[opex]+[{before}])/MAX([racks_mw]*1000,1E-9)/[cover]",
                "number",
            )
        )
        grid.block(f"worth{tag}_", [_worth(site, tag, place) for place in range(site.sets)])
        factors = grid.constants(f"worth{tag}_", SECOND)
        spread = grid.constants(f"worth{tag}_", THIRD)
        written = f"SUMPRODUCT(({live}<[m])*([m]<={live}+{site.racks('tenor')})*{spread})"
        grid.add(
            Row(f"written{tag}_", "Interest and fees of building, written off", "USD", written)
        )
        grid.add(
            Row(
                f"relief{tag}_",
                "Interest and fees that lower taxable income",
                "USD",
                f"{q['senior']}*SUMPRODUCT([#worth{tag}_<],{factors})+[other_interest]"
                f"+[written{tag}_]",
            )
        )
        key = f"{lend.key}_{number}" if tag else f"{lend.key}_levered"
        income = taxes.by_year(grid.all("taxable")) + "-" + taxes.by_year(grid.all(f"relief{tag}_"))
        taxes.grid.title(f"{site.name}: income after interest, round {number}", "part")
        taxes.case(key, lend.key, income, f"SUM({grid.all('gain')})", q)
        before = f"tax{tag}_"
        grid.add(Row(before, "Tax after interest", "USD", taxes.monthly(key, lend.key)))


def _others(site: Site, place: int) -> Row:
    """Service of the loans beside the senior one."""

    def own(key: str) -> str:
        return site.racks(key, place)

    def even(usd: str, tenor: str, rate: str) -> str:
        step = f"([m]-{own('live')}-1)"
        service = f"{usd}*({rate}*(1-{step}/{tenor})+1/{tenor})"
        return f"IF(AND([m]>{own('live')},[m]<={own('live')}+{tenor}),{service},0)"

    text = even(own("soft_usd"), own("soft_tenor"), site.q["soft"])
    text += "+" + even(own("junior_usd"), own("tenor"), site.q["junior"])
    return Row(
        f"others{place}", f"Service of concessional and mezzanine: set {place + 1}", "USD", text
    )


def _worth(site: Site, tag: str, place: int) -> Row:
    """Debt that the coming service repays, at the end of each month; its size; what it costs."""
    q, key = site.q, f"worth{tag}{'_' if tag else ''}{place}"

    def own(name: str) -> str:
        return site.racks(name, place)

    live, tenor, rate = own("live"), own("tenor"), q["senior"]
    paid = f"MAX([cash{tag}_>]*{own('kw')}-[others{place}>],0)"
    text = f"IF(AND([m]>={live},[m]<{live}+{tenor}),([{key}>]+{paid})/(1+{rate}),0)"
    count = f"MIN({q['held']},{tenor})"
    summed = f'SUMIFS([{key}:],[m:],">="&{live},[m:],"<"&{live}+{count})'
    held = f"{rate}*{summed}/{{C}}+1-SUMIF([m:],{live}+{count},[{key}:])/{{C}}"
    limit = f"{own('room')}/(1-{q['gearing']}*({own('e_senior')}+{held}))"
    size = f"IF(OR({own('on')}=0,{{C}}<=0),0,MIN({{C}},{limit})/{{C}})"
    spread = (
        f"IF({own('on')}=0,0,({{C}}*{{D}}*{own('e_senior')}+{own('soft_usd')}*{own('e_soft')}"
        f"+{own('junior_usd')}*{own('e_junior')})/{tenor})"
    )
    own_c, own_d = f"[{key}|C]", f"[{key}|D]"
    return Row(
        key,
        f"Senior loan that cash repays: set {place + 1}",
        "USD",
        text,
        "usd",
        (
            f"SUMIF([m:],{live},[{key}:])",
            size.replace("{C}", own_c),
            spread.replace("{C}", own_c).replace("{D}", own_d),
        ),
    )


def write_service(lend: Lending) -> None:
    """Write draws, interest and fees of building, service, reserve: all loans together."""
    grid, site, q = lend.grid, lend.site, lend.site.q
    r = site.racks
    live, lent = r("live"), r("lent")
    factors = grid.constants("worth_", SECOND)
    building = f"({r('first_use')}<=[m])*([m]<={live})"
    senior = f"{q['senior']}*SUMPRODUCT([#worth_<],{factors})"
    coming = "MIN([m]+{n},Horizon-1)+1".replace("{n}", q["held"])
    ahead = f"INDEX([#paidoff:],0,{coming})-[#paidoff]"
    rows = (
        Row("drawn", "Debt drawn", "USD",
            f"SUMPRODUCT(([m]<={live})*{lent}*{r('per_usd')}*([#uses]-[#uses<]))"),
        Row("building_interest", "Interest while building", "USD",
            f"SUMPRODUCT({building}*{r('bears')}*{r('per_usd')}*[#uses<])"),
        Row("fees", "Fees", "USD",
            f"SUMPRODUCT(({r('first_use')}=[m])*{r('signed')})+{q['commit']}*"
            f"SUMPRODUCT({building}*{lent}*(1-[#uses<]*{r('per_usd')}))"),
        Row("funding", "First reserve", "USD", f"SUMPRODUCT(({live}=[m])*({ahead}))"),
        Row("target", "Reserve asked", "USD", f"SUMPRODUCT(({live}<=[m])*({ahead}))"),
        Row("interest", "Interest", "USD", f"{senior}+[other_interest]"),
        Row("principal", "Principal", "USD",
            f"SUMPRODUCT([#worth_<]-[#worth_]+({live}=[m])*{r('worth')},{factors})"
            "+[other_principal]"),
    )  # fmt: skip
    grid.title("Loans as signed")
    grid.block("paidoff", [_paid_off(site, place, grid) for place in range(site.sets)])
    for row in rows:
        grid.add(row)


def _paid_off(site: Site, place: int, grid: Grid) -> Row:
    """Service of one set's loans so far."""
    factor = grid.constant(f"worth{place}", SECOND).split("!")[1]
    senior = f"(1+{site.q['senior']})*[worth{place}<]-[worth{place}]"
    paid = f"IF([m]>{site.racks('live', place)},{factor}*({senior}),0)+[others{place}]"
    label = f"Debt service so far: set {place + 1}"
    return Row(f"paidoff{place}", label, "USD", f"[paidoff{place}<]+{paid}")
