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
            own_mw = phase.it_mw - phase.leased_mw
            kw = int(own_mw * 1000 / rack_kw + 1e-9) * rack_kw
            last = months - (live + life) < life / 2
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


def project(q, phases, launches, drivers, months):
    """Return every line of one factory as a list by month, and the GPU-hours sold."""
    demand, price_index, power_index, local, pue = drivers
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
        total = 0.0
        for name, usd in parts.items():
            for m in range(phase.construction, phase.construction + span):
                share = ease((m + 1 - phase.construction) / span) - ease(
                    (m - phase.construction) / span
                )
                paid = usd * share * (1 + q["local_build_share"] * (local[m] - 1))
                add(name, m, -paid)
                total += paid
        land = phase.it_mw * q["land_area"] * q["land_price"] * local[phase.decision]
        add("land", phase.decision, -land)
        land_total += land
        facility_of.append((phase.live, total, total / (1 + q["inflation"]) ** (mid / 12)))
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

    sold_hours, net_rents = [0.0] * months, [0.0] * months
    for m in range(months):
        serving = [(b, c) for b, c in owned if b.live <= m < b.end]
        own_mw = sum(b.kw for b, _ in serving) / 1000
        leased_mw = sum(phase.leased_mw for phase in phases if phase.live <= m)
        live_mw = own_mw + leased_mw
        let_mw, rent = tenancy(q, phases, demand[m], m)
        rise = (1 + q["inflation"]) ** (m / 12) / 12
        pay = (1 + q["wage_growth"]) ** (m / 12) / 12
        licences = (1 + q["software_price_growth"]) ** (m / 12) / 12

        def home(name, m=m):
            return 1 + q[f"{name}_local_share"] * (local[m] - 1)

        def own(name, m=m):
            return (1 + q[f"{name}_growth"]) ** (m / 12)

        hardware = sum(c for _, c in serving)
        facility = sum(total for live, total, _ in facility_of if live <= m)
        upkeep = sum(then for live, _, then in facility_of if live <= m)
        add(
            "maintenance",
            m,
            -upkeep
            * q["facility_maintenance_share"]
            * rise
            * own("maintenance")
            * home("maintenance"),
        )
        insured = (facility + hardware) * q["insurance_share"] / 12
        add("insurance", m, -insured * own("insurance") * home("insurance"))
        taxed = facility * q["property_tax"] / 12
        add("property_tax", m, -taxed * own("property_tax") * home("property_tax"))
        if live_mw == 0:
            continue
        reach = (demand[m] - let_mw) / own_mw if own_mw else 0.0
        bound, training = q["regulated_share"], q["training_share"]
        signing = bound * q["regulated_contract_share"] + (1 - bound) * (
            training * q["training_contract_share"] + (1 - training) * q["inference_contract_share"]
        )
        firm = min(q["contracted_share"], reach * signing)
        share = firm + max(0.0, min(reach - firm, (1 - firm) * q["merchant_utilisation"]))
        contracted = merchant = hours_for_tokens = 0.0
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
            loose = hours * (share - firm)
            hours_for_tokens += loose * q["token_share"]
            loose *= 1 - q["token_share"]
            merchant += loose * price(m) * premium * (1 + q["merchant_price_premium"])
        tokens = hours_for_tokens * q["tokens_per_gpu_second"] * 3600 / 1e6 * q["token_price"]
        tokens *= (
            1 - q["token_cache_share"] + q["token_cache_share"] * q["token_cached_price_share"]
        )
        tokens *= price_index[m]
        add("tokens", m, tokens)
        add("model_licence", m, -tokens * q["model_licence_share"])
        services = (contracted + merchant + tokens) * q["services_share"]
        add("contracted_compute", m, contracted)
        add("merchant_compute", m, merchant)
        add("services", m, services)
        draw = q["idle_power_share"] + (q["busy_power_share"] - q["idle_power_share"]) * share
        tariff = q["power_price"] * (1 + q["power_price_change"]) * power_index[m]
        energy = pue[m] * 730 * tariff * home("power")
        tenants = let_mw * 1000 * q["busy_power_share"] * energy
        add("power", m, -own_mw * 1000 * draw * energy - tenants)
        add("lease_rent", m, rent)
        add("tenant_power", m, tenants * q["lease_power_billed"])
        crew = q["staff_base"] + q["staff_cost"] * live_mw
        add("staff", m, -crew * q["labour_index"] * pay * home("staff"))
        support = hardware * q["hardware_support_share"] / 12
        add("hardware_support", m, -support * own("support") * home("support"))
        gpus_live = own_mw * 1000 / q["rack_power_kw"] * q["gpus_per_rack"]
        add("software", m, -gpus_live * q["software_cost"] * licences * home("software"))
        watched = live_mw * q["security_operations_cost"] * pay
        add("security_operations", m, -watched * own("security") * home("security"))
        rules = q["compliance_cost"] * pay
        add("compliance", m, -rules * own("compliance") * home("compliance"))
        fibre = live_mw * q["connectivity_cost"] * rise
        add("connectivity", m, -fibre * own("connectivity") * home("connectivity"))
        add("cloud_platform", m, -(contracted + merchant + tokens) * q["cloud_platform_share"])
        add("services_delivery", m, -services * (1 - q["services_margin"]))
        add(
            "overhead", m, -(services + contracted + merchant + tokens + rent) * q["overhead_share"]
        )
        shared = ("staff", "security_operations", "compliance", "maintenance", "property_tax",
                  "connectivity")  # fmt: skip
        borne = sum(lines[name][m] for name in shared)
        borne += lines["insurance"][m] * facility / max(facility + hardware, 1e-9)
        net_rents[m] = rent * (1 - q["overhead_share"]) - tenants * (1 - q["lease_power_billed"])
        net_rents[m] += borne * leased_mw / live_mw

    end_value = land_total
    for phase, (live, total, _) in zip(phases, facility_of, strict=True):
        left = total * max(0.0, 1 - (months - live) / (q["facility_life_years"] * 12))
        end_value += left
        if q["lease_cap_rate"] > 0:
            plot = phase.it_mw * q["land_area"] * q["land_price"] * local[phase.decision]
            end_value -= (left + plot) * phase.leased_mw / phase.it_mw
    if q["lease_cap_rate"] > 0:
        end_value += max(sum(net_rents[-12:]), 0.0) / q["lease_cap_rate"]
    for b, cost in owned:
        if b.end >= months:
            age = min((months - b.live) / (q["hardware_life_years"] * 12), 1.0)
            end_value += cost * q["hardware_residual_share"] ** age
    add("terminal_value", months - 1, end_value)
    for name in ("racks", "network_storage", "integration", "security_platform", "freight_duty",
                 "shell", "electrical", "cooling", "grid_connection", "land", "contingency",
                 "owners_cost"):  # fmt: skip
        for m, usd in enumerate(lines.get(name, [])):
            add("grants", m, -usd * q["grant_share"])
    add_working_capital(lines, q, months)
    add_tax(lines, basis, q, owned, (land_total, end_value), months)
    return lines, sold_hours


def tenancy(q, phases, wanted, m):
    """Return the space let in a month, MW, and its rent, USD."""
    let = rent = 0.0
    for phase in phases:
        gone = m - phase.live
        if gone >= 0:
            filled = min(1.0, (gone + 1) / max(round(q["lease_up_months"]), 1))
            taken = phase.leased_mw * (1 - q["lease_vacancy"]) * filled
            begun = q["lease_rent"] * (1 + q["inflation"]) ** (phase.live / 12)
            let += taken
            rent += taken * 1000 * begun * (1 + q["lease_escalator"]) ** (gone // 12)
    if let > wanted:
        return wanted, rent * wanted / let
    return let, rent


def monthly_pue(q, temperature):
    """Energy of the facility over that of the racks, by month."""
    span = max(q["chillers_full_above"] - q["free_cooling_below"], 1e-3)
    effort = [min(max((one - q["free_cooling_below"]) / span, 0), 1) for one in temperature]
    mean = sum(effort[:12]) / 12
    moving = q["chiller_overhead_share"] if mean else 0.0
    return [
        1 + (q["pue"] - 1) * (1 - moving + (moving * one / mean if mean else 0)) for one in effort
    ]


REVENUE = (
    "contracted_compute",
    "merchant_compute",
    "tokens",
    "services",
    "lease_rent",
    "tenant_power",
)

NO_RUNNING_COST = {
    *REVENUE, "racks", "network_storage", "integration", "security_platform", "freight_duty",
    "shell", "electrical", "cooling", "grid_connection", "land", "contingency", "owners_cost",
    "refresh", "grants", "income_tax", "resale", "terminal_value", "working_capital",
}  # fmt: skip


def add_working_capital(lines, q, months):
    owed = []
    for m in range(months):
        income = sum(lines[name][m] for name in REVENUE if name in lines)
        costs = -sum(usd[m] for name, usd in lines.items() if name not in NO_RUNNING_COST)
        days = 365 / 12
        owed.append((income * q["receivable_days"] - costs * q["payable_days"]) / days)
    owed[-1] = 0.0
    lines["working_capital"] = [(owed[m - 1] if m else 0.0) - owed[m] for m in range(months)]


def tax_of(income, losses, q, free):
    """Tax of a year and the losses left; without expiry."""
    if income < 0:
        return 0.0, losses - income
    if free:
        return 0.0, losses
    used = min(losses, income * q["loss_use_share"])
    return (income - used) * q["corporate_tax"], losses - used


def add_tax(lines, basis, q, owned, ends, months):
    first_live = min((b.live for b, _ in owned), default=months)
    land_total, end_value = ends
    losses = 0.0
    lines["income_tax"] = [0.0] * months
    for year_start in range(0, months, 12):
        year = range(year_start, min(year_start + 12, months))
        income, sale = 0.0, 0.0
        for name, usd in lines.items():
            taxed = name in REVENUE or name not in NO_RUNNING_COST or name == "resale"
            income += sum(usd[m] for m in year) if taxed else 0.0
        last = year[-1]
        for cost, live, end, life in basis:
            for m in year:
                if live <= m < min(live + life, end):
                    income -= cost / life
                if m == min(end, months) - 1:
                    used = max(0, min(live + life, end, months) - live)
                    gone = cost * (1 - used / life)
                    if end >= months:
                        sale -= gone
                    else:
                        income -= gone
        free_months = q["tax_holiday_years"] * 12
        free = free_months > 0 and last < first_live + free_months
        if last == months - 1:
            sale += end_value - land_total
            with_sale, _ = tax_of(income + sale, losses, q, free)
        due, losses = tax_of(income, losses, q, free)
        paying = [m for m in year if m >= first_live] or list(year)
        for m in paying:
            lines["income_tax"][m] -= due / len(paying)
        if last == months - 1:
            lines["income_tax"][last] -= with_sale - due
