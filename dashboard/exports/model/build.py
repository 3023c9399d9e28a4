"""Racks on sale, phases and sets of racks: one row each, on time and a month late."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.exports.model.table import Column, Table
from dashboard.exports.model.terms import nearest
from forecasts.cohorts import LEAST_REFRESH_SHARE, life_months
from forecasts.engine import Result
from forecasts.phases import Phase

RACKS = (
    Column("factory", "Factory", ""),
    Column("name", "Rack system", ""),
    Column("launch", "On sale from", "month", "whole"),
    Column("step", "Generation after the first; -1: priced by itself", "", "whole"),
    Column("kw", "IT power of a rack", "kW", "number"),
    Column("gpus", "GPUs in a rack", "", "whole"),
    Column("price_kw", "Price at launch", "USD/kW"),
    Column("hour", "Price of a GPU-hour", "USD/GPU-h", "fine"),
    Column("level", "The same at month 0 of the price index", "USD/GPU-h", "fine"),
    Column("at_launch", "Price of an hour at launch", "USD/GPU-h", "fine"),
)

PHASES = (
    Column("factory", "Factory", ""),
    Column("name", "Phase", ""),
    Column("decision", "Decision", "month", "planner"),
    Column("construction", "Building starts", "month", "planner"),
    Column("order", "Racks ordered", "month", "planner"),
    Column("energised", "Energised", "month", "planner"),
    Column("live", "First sold hour", "month", "planner"),
    Column("on_grid", "On the grid", "month", "planner"),
    Column("generation", "Rack generation, 1 is the first", "", "planner"),
    Column("places", "Rack places in the hall", "", "planner"),
    Column("let", "Places for tenants", "", "whole"),
    Column("racks", "Racks", "", "whole"),
    Column("kw", "IT power of a rack", "kW", "number"),
    Column("leased_mw", "Space for tenants", "MW", "number"),
    Column("it_mw", "IT load", "MW", "number"),
    Column("gpus", "GPUs", "", "whole"),
    Column("span", "Months of building", "months", "whole"),
    Column("midway", "Middle of building", "years", "number"),
    Column("plant", "Shell, electrical, cooling", "USD"),
    Column("grid", "Grid connection", "USD"),
    Column("localised", "Cost against that at parity of currencies", "x"),
    Column("cost", "Facility with contingency and owner's cost", "USD"),
    Column("land", "Land", "USD"),
    Column("upkeep", "Facility in prices of the start, for upkeep", "USD"),
    Column("value_end", "Value at the end, with land", "USD"),
    Column("rent", "Rent of let power in the first year", "USD/kW-month", "fine"),
)

SETS = (
    Column("factory", "Factory", ""),
    Column("name", "Set of racks", ""),
    Column("first", "First fit-out", "1 = yes", "whole"),
    Column("turn", "Live if it exists", "month", "whole"),
    Column("last", "Serves to the end", "1 = yes", "whole"),
    Column("generation", "Rack generation, 1 is the first", "", "whole"),
    Column("exists", "Exists", "1 = yes", "whole"),
    Column("order", "Ordered", "month", "whole"),
    Column("delivery", "Delivered", "month", "whole"),
    Column("live", "Live", "month", "whole"),
    Column("on_grid", "On the grid", "month", "whole"),
    Column("end", "Out of service", "month", "whole"),
    Column("racks", "Racks", "", "whole"),
    Column("kw", "IT power", "kW"),
    Column("gpus", "GPUs", "", "whole"),
    Column("per_kw", "Price of racks", "USD/kW"),
    Column("racks_usd", "Racks", "USD"),
    Column("hardware", "Racks and all that comes with them", "USD"),
    Column("launch", "Generation on sale from", "month", "whole"),
    Column("level", "Price of a GPU-hour at month 0 of the index", "USD/GPU-h", "fine"),
    Column("at_launch", "Price of an hour at launch", "USD/GPU-h", "fine"),
    Column("value_end", "Value at the end", "USD"),
)
"""Properties of a set of racks, without its loans."""

NUMBERS = {"decision": "planner", "construction": "planner", "order": "planner"}


@dataclass(frozen=True, slots=True)
class Slots:
    """Which set of racks stands in which phase.

    Attributes
    ----------
    phase, turn : tuple of int
        For each row of a factory: place of its phase; 0 for the first racks, 1 for a refresh, …
    """

    phase: tuple[int, ...]
    turn: tuple[int, ...]


def slots_of(result: Result, row: int) -> Slots:
    """Count the sets of racks of every phase, on time and a month late, whichever has more."""
    months = result.plan.months
    life = int(life_months(float(result.plan.quantities[row]["hardware_life_years"])))
    phase: list[int] = []
    turn: list[int] = []
    for place, live in enumerate([one.live for one in result.phases[row]] or [months]):
        count = max(_sets(live, life, months), _sets(live + 1, life, months))
        phase += [place] * count
        turn += range(count)
    return Slots(tuple(phase), tuple(turn))


def _sets(live: int, life: int, months: int) -> int:
    count = 1
    while months - (live + life) >= life * LEAST_REFRESH_SHARE:
        live, count = live + life, count + 1
    return count


def add_racks(table: Table, result: Result, row: int, q: dict[str, str], price: str) -> None:
    """Write the roadmap of one factory; `price` is its index of GPU-hour prices."""
    terms = result.plan.quantities[row]
    own_price = float(terms["rack_price"] / terms["rack_power_kw"])
    own_hour = float(terms["gpu_hour_price"] * terms["gpus_per_rack"] / terms["rack_power_kw"])
    for place, one in enumerate(result.plan.generations[row]):
        kw: str | float = "=" + q["rack_power_kw"]
        gpus: str | float = "=" + q["gpus_per_rack"]
        rise = f"(1+{q['generation_rack_price_change']})^[step]"
        price_kw = f"={q['rack_price']}/{q['rack_power_kw']}*{rise}"
        hour = f"={q['gpu_hour_price']}*(1+{q['generation_price_change']})^[step]"
        if not one.on_sale:
            kw, gpus = one.rack_power_kw, float(one.gpus_per_rack)
            parity = abs(one.rack_price - own_price * kw) <= 1e-9 * one.rack_price
            price_kw = (
                f"={q['rack_price']}/{q['rack_power_kw']}"
                if parity
                else f"={one.rack_price!r}/[kw]"
            )
            level = own_hour * one.kw_per_gpu
            fair = abs(one.hour_price - level) <= 1e-9 * max(one.hour_price, 1e-9)
            hour = f"={one.hour_price!r}"
            if fair:
                hour = (
                    f"={q['gpu_hour_price']}*{q['gpus_per_rack']}/{q['rack_power_kw']}*[kw]/[gpus]"
                )
        begin = "MIN(MAX([launch],0),Horizon-1)+1"
        here = table.add(
            {
                "launch": float(one.launch_month),
                "step": float(place) if one.on_sale else -1.0,
                "kw": kw,
                "gpus": gpus,
                "price_kw": price_kw,
                "hour": hour,
                "level": f"=IF([step]<0,[hour],[hour]/INDEX({price},{begin}))",
                "at_launch": f"=[level]*INDEX({price},{begin})",
            },
            {"launch": "planner", "step": "planner"},
        )
        table.text(here, "factory", result.plan.sites[row].name)
        table.text(here, "name", one.name)


NO_PHASE = ("Horizon",) * 5


def add_phases(
    table: Table, phases: Sequence[Phase], q: dict[str, str], racks: tuple[Table, tuple[int, int]]
) -> None:
    """Write the phases of one factory, as the planner decided them; one empty row without any."""
    kw, gpus = racks[0].span("kw", racks[1]), racks[0].span("gpus", racks[1])
    for phase in phases or (None,):
        cells = _undecided() if phase is None else _decided(phase)
        derived = _phase_costs(q)
        table.add(
            {
                **cells,
                "kw": f"=INDEX({kw},[generation])",
                **_shared(q),
                "gpus": f"=[racks]*INDEX({gpus},[generation])",
                **derived,
            },
            {},
        )


def _shared(q: dict[str, str]) -> dict[str, str]:
    """Places for tenants, rarely all of them, and for racks; load of both."""
    wanted = nearest(f"([places]*{q['lease_share']})")
    return {
        "let": f"=MAX(MIN({wanted},[places]-1),0)",
        "racks": "=[places]-[let]",
        "leased_mw": "=[let]*[kw]/1000",
        "it_mw": "=[places]*[kw]/1000",
    }


def _undecided() -> dict[str, str | float]:
    dates = ("decision", "construction", "order", "energised", "live", "on_grid")
    return {**dict.fromkeys(dates, "=Horizon"), "generation": 1.0, "places": 0.0}


def _decided(phase: Phase) -> dict[str, str | float]:
    return {
        "decision": float(phase.decision),
        "construction": float(phase.construction),
        "order": float(phase.order),
        "energised": float(phase.energised),
        "live": float(phase.live),
        "on_grid": float(phase.grid),
        "generation": float(phase.generation + 1),
        "places": float(phase.places),
    }


def _phase_costs(q: dict[str, str]) -> dict[str, str]:
    rise = f"(1+{q['construction_inflation']})^[midway]"
    after = f"(({q['month_row']}+1-[construction])/[span])"
    before = f"(({q['month_row']}-[construction])/[span])"
    while_building = f"({q['month_row']}>=[construction])*({q['month_row']}<[construction]+[span])"
    spent = f"3*({after}^2-{before}^2)-2*({after}^3-{before}^3)"
    priced = f"1+{q['local_build_share']}*({q['local_row']}-1)"
    age = f"MIN(MAX(1-(Horizon-[live])/{q['standing']},0),1)"
    return {
        "span": "=MAX([energised]-[construction],1)",
        "midway": "=([construction]+[energised])/2/12",
        "plant": f"=[it_mw]*{q['per_mw']}*{rise}",
        "grid": f"=[it_mw]*{q['grid_mw']}*{rise}",
        "localised": f"=SUMPRODUCT({while_building}*({spent})*({priced}))",
        "cost": f"=([plant]+[grid])*(1+{q['beside']})*[localised]",
        "land": f"=[it_mw]*{q['land_area']}*{q['land_price']}"
        f"*INDEX({q['local_row']},MIN([decision],Horizon-1)+1)",
        "upkeep": f"=[cost]/(1+{q['inflation']})^[midway]",
        "value_end": f"=[cost]*{age}+[land]",
        "rent": f"={q['lease_rent']}*(1+{q['inflation']})^([live]/12)",
    }


def add_late_phases(table: Table, on_time: Table, rows: tuple[int, int], q: dict[str, str]) -> None:
    """Write the same phases, energised and live one month later."""
    for row in range(rows[0], rows[1] + 1):
        same = ("decision", "construction", "order", "generation", "places", "kw", "gpus")
        moved = {key: f"={on_time.cell(key, row)}+1" for key in ("energised", "live", "on_grid")}
        copied = {key: "=" + on_time.cell(key, row) for key in same}
        plain = dict.fromkeys((*copied, *moved), "whole") | {"kw": "number"}
        table.add({**copied, **moved, **_shared(q), **_phase_costs(q)}, plain)


def add_sets(
    table: Table,
    slots: Slots,
    q: dict[str, str],
    phases: tuple[Table, int],
    racks: tuple[Table, tuple[int, int], int, str],
) -> None:
    """Write every set of racks of one factory.

    Parameters
    ----------
    table, slots, q
        Where, which, and terms by name.
    phases : (Table, int)
        Its phases, and the row of the first.
    racks : (Table, (int, int), int, str)
        Its roadmap, first and last row; how many of them are on sale; price index of racks.
    """
    roadmap, rows, on_sale, index = racks
    launches = roadmap.span("launch", (rows[0], rows[0] + on_sale - 1))

    def rack(key: str) -> str:
        return f"INDEX({roadmap.span(key, rows)},[generation])"

    for place, turn in zip(slots.phase, slots.turn, strict=True):
        row = phases[1] + place

        def phase(key: str, row: int = row) -> str:
            return phases[0].cell(key, row)

        fits = f"INT(({phase('it_mw')}-{phase('leased_mw')})*1000/{rack('kw')}+1E-9)"
        opening: dict[str, str | float] = {
            "first": 1.0,
            "turn": f"={phase('live')}",
            "generation": f"={phase('generation')}",
            "exists": f"=IF({phase('racks')}>0,1,0)",
            "order": f"={phase('order')}",
            "delivery": f"={phase('energised')}",
            "racks": f"={phase('racks')}",
        }
        renewed: dict[str, str | float] = {
            "first": 0.0,
            "turn": f"=[turn<]+{q['life']}",
            "generation": f"=IFERROR(MATCH([turn],{launches},1),1)",
            "exists": f"=IF(AND([exists<]=1,[last<]=0,{fits}>=1),1,0)",
            "order": f"=[turn]-MIN({q['lead']},{q['life']})",
            "delivery": "=[turn]",
            "racks": f"=IF([exists]=1,{fits},0)",
        }
        age = "MAX([delivery]-MAX([launch],0),0)/12"
        worn = f"MIN(MAX((Horizon-[live])/{q['ageing']},0),1)"
        kept = f"MAX({q['hardware_residual_share']},1E-6)^{worn}"
        table.add(
            {
                **(renewed if turn else opening),
                "last": f"=IF(Horizon-([turn]+{q['life']})<{q['life']}*0.5,1,0)",
                "live": "=IF([exists]=1,[turn],Horizon)",
                "on_grid": f"={phase('on_grid')}",
                "end": f"=IF([exists]*(1-[last])=1,[turn]+{q['life']},Horizon)",
                "kw": f"=[racks]*{rack('kw')}",
                "gpus": f"=[racks]*{rack('gpus')}",
                "launch": "=" + rack("launch"),
                "per_kw": f"={rack('price_kw')}*(1+{q['rack_price_trend']})^({age})"
                f"*INDEX({index},MIN([delivery],Horizon-1)+1)",
                "racks_usd": "=[kw]*[per_kw]",
                "hardware": f"=[racks_usd]*(1+{q['extras']})",
                "level": "=" + rack("level"),
                "at_launch": "=" + rack("at_launch"),
                "value_end": f"=IF(AND([exists]=1,[end]>=Horizon),[hardware]*{kept},0)",
            },
            {"first": "whole"},
        )
