"""The model a second time, as a spreadsheet would do it: month by month, in plain Python.

Written from docs/definitions.md and the help texts alone; it shares no code with the stages. It
takes dates and sizes of the phases as given (they have tests of their own) and recomputes money.
"""

from dataclasses import dataclass


@dataclass
class Batch:
    """One set of racks."""

    order: int
    delivery: int
    live: int
    end: int
    launch: int
    number: int
    kw: float
    first: bool


def batches(phases, q, launches, months):
    life, lead = round(q["hardware_life_years"] * 12), round(q["rack_lead_months"])
    rack_kw = q["rack_power_kw"]
    found = []
    for phase in phases:
        live, delivery, order, first = phase.live, phase.energised, phase.order, True
        while True:
            number = (
                phase.generation
                if first
                else max([i for i, m in enumerate(launches) if m <= delivery], default=0)
            )
            kw = int(phase.it_mw * 1000 / rack_kw + 1e-9) * rack_kw
            last = months - (live + life) < 12
            end = months if last else live + life
            found.append(Batch(order, delivery, live, end, launches[number], number, kw, first))
            if last:
                break
            live, first = live + life, False
            delivery, order = live, live - min(lead, life)
    return found


def ease(x):
    x = min(max(x, 0.0), 1.0)
    return 3 * x * x - 2 * x * x * x


def project(q, phases, launches, demand, price_index, power_index, months):
    """Return every line of one factory as a list by month, and the GPU-hours sold."""
    lines, basis = {}, []

    def add(name, month, usd):
        lines.setdefault(name, [0.0] * months)
        if month < months:
            lines[name][month] += usd

    facility_of = []
    land_total = 0.0
    for phase in phases:
        mid = (phase.construction + phase.energised) / 2
        inflation = (1 + q["construction_inflation"]) ** (mid / 12)
        build = phase.it_mw * 1e6 * q["build_cost"] * (1 + q["ai_build_premium"]) * inflation
        grid = phase.it_mw * 1000 * q["pue"] * q["grid_connection_cost"] * inflation
        parts = {
            "shell": build * q["shell_cost_share"],
            "electrical": build * q["electrical_cost_share"],
            "grid_connection": grid,
            "contingency": (build + grid) * q["contingency_share"],
            "owners_cost": (build + grid) * q["owners_cost_share"],
        }
        parts["cooling"] = build - parts["shell"] - parts["electrical"]
        span = max(phase.energised - phase.construction, 1)
        for name, usd in parts.items():
            for m in range(phase.construction, phase.construction + span):
                share = ease((m + 1 - phase.construction) / span) - ease(
                    (m - phase.construction) / span
                )
                add(name, m, -usd * share)
        land = phase.it_mw * q["land_area"] * q["land_price"]
        add("land", phase.decision, -land)
        land_total += land
        total = sum(parts.values())
        facility_of.append((phase.live, total))
        basis.append((total, phase.live, months, round(q["facility_tax_life_years"] * 12)))

    owned = []
    for batch in batches(phases, q, launches, months):
        racks = batch.kw * q["rack_price"] / q["rack_power_kw"]
        racks *= (1 + q["generation_rack_price_change"]) ** batch.number
        racks *= (1 + q["rack_price_trend"]) ** (max(batch.delivery - max(batch.launch, 0), 0) / 12)
        shares = {
            "racks": 1.0,
            "network_storage": q["network_storage_share"],
            "integration": q["integration_share"],
            "security_platform": q["security_platform_share"],
            "freight_duty": (1 + q["network_storage_share"])
            * (q["freight_share"] + q["import_duty"]),
        }
        cost = racks * sum(shares.values())
        for name, share in shares.items():
            key = name if batch.first else "refresh"
            add(key, batch.order, -racks * share * q["rack_deposit_share"])
            add(key, batch.delivery, -racks * share * (1 - q["rack_deposit_share"]))
        if batch.end < months:
            add("resale", batch.end, cost * q["hardware_residual_share"])
        owned.append((batch, cost))
        basis.append((cost, batch.live, batch.end, round(q["hardware_tax_life_years"] * 12)))

    sold_hours = [0.0] * months
    for m in range(months):
        serving = [(b, c) for b, c in owned if b.live <= m < b.end]
        live_mw = sum(b.kw for b, _ in serving) / 1000
        rise = (1 + q["inflation"]) ** (m / 12) / 12
        hardware = sum(c for _, c in serving)
        facility = sum(total for live, total in facility_of if live <= m)
        add("maintenance", m, -facility * q["facility_maintenance_share"] * rise)
        add("insurance", m, -(facility + hardware) * q["insurance_share"] / 12)
        add("property_tax", m, -facility * q["property_tax"] / 12)
        if live_mw == 0:
            continue
        most = q["contracted_share"] + (1 - q["contracted_share"]) * q["merchant_utilisation"]
        share = min(most, demand[m] / live_mw)
        firm = min(share, q["contracted_share"])
        contracted = merchant = 0.0
        for b, _ in serving:
            gpus = b.kw / q["rack_power_kw"] * q["gpus_per_rack"]
            ramp = 1.0
            if b.first:
                ramp = min(1.0, (m - b.live + 1) / max(q["ramp_months"], 1))
            hours = gpus * 730 * q["availability"] * ramp
            sold_hours[m] += hours * share

            def price(at, batch=b):
                launch = min(max(batch.launch, 0), months - 1)
                level = q["gpu_hour_price"] * (1 + q["generation_price_change"]) ** batch.number
                return level * (price_index[at] / price_index[launch] if at >= launch else 1.0)

            span = max(round(q["contract_months"]), 1)
            began = b.live + (m - b.live) // span * span
            premium = 1 + q["sovereign_price_premium"]
            contracted += hours * firm * price(began) * premium
            merchant += (
                hours * (share - firm) * price(m) * premium
                * (1 + q["merchant_price_premium"])
            )  # fmt: skip
        services = (contracted + merchant) * q["services_share"]
        add("contracted_compute", m, contracted)
        add("merchant_compute", m, merchant)
        add("services", m, services)
        draw = q["idle_power_share"] + (q["busy_power_share"] - q["idle_power_share"]) * share
        tariff = q["power_price"] * (1 + q["power_price_change"]) * power_index[m]
        add("power", m, -live_mw * 1000 * draw * q["pue"] * 730 * tariff)
        crew = q["staff_base"] + q["staff_cost"] * live_mw
        add("staff", m, -crew * q["labour_index"] * rise)
        add("hardware_support", m, -hardware * q["hardware_support_share"] / 12)
        gpus_live = live_mw * 1000 / q["rack_power_kw"] * q["gpus_per_rack"]
        add("software", m, -gpus_live * q["software_cost"] * rise)
        add("security_operations", m, -live_mw * q["security_operations_cost"] * rise)
        add("compliance", m, -q["compliance_cost"] * rise)
        add("connectivity", m, -live_mw * q["connectivity_cost"] * rise)
        add("cloud_platform", m, -(contracted + merchant) * q["cloud_platform_share"])
        add("services_delivery", m, -services * (1 - q["services_margin"]))
        add("overhead", m, -(contracted + merchant + services) * q["overhead_share"])

    end_value = land_total
    for live, total in facility_of:
        end_value += total * max(0.0, 1 - (months - live) / (q["facility_life_years"] * 12))
    for b, cost in owned:
        if b.end >= months:
            age = min((months - b.live) / (q["hardware_life_years"] * 12), 1.0)
            end_value += cost * q["hardware_residual_share"] ** age
    add("terminal_value", months - 1, end_value)
    add_tax(lines, basis, q, owned, land_total, months)
    return lines, sold_hours


NOT_TAXED = {
    "racks", "network_storage", "integration", "security_platform", "freight_duty", "shell",
    "electrical", "cooling", "grid_connection", "land", "contingency", "owners_cost", "refresh",
    "grants", "income_tax",
}  # fmt: skip


def add_tax(lines, basis, q, owned, land_total, months):
    first_live = min((b.live for b, _ in owned), default=None)
    losses = 0.0
    lines["income_tax"] = [0.0] * months
    for year_start in range(0, months, 12):
        year = range(year_start, min(year_start + 12, months))
        income = sum(usd[m] for name, usd in lines.items() if name not in NOT_TAXED for m in year)
        for cost, live, end, life in basis:
            for m in year:
                if live <= m < min(live + life, end):
                    income -= cost / life
                if m == min(end, months) - 1:
                    used = max(0, min(live + life, end, months) - live)
                    income -= cost * (1 - used / life)
        last = year[-1]
        if last == months - 1:
            income -= land_total
        free = round(q["tax_holiday_years"] * 12)
        if free > 0 and first_live is not None and last < first_live + free:
            losses += max(0.0, -income)
            continue
        used = min(losses, max(income, 0.0))
        lines["income_tax"][last] -= (max(income, 0.0) - used) * q["corporate_tax"]
        losses += max(0.0, -income) - used
