"""Formulas of the cash lines of one factory, before tax and debt."""

from collections.abc import Callable
from dataclasses import dataclass

Reach = Callable[[str, int | None], str]
"""Gives a column of this factory's phases or sets of racks, or, by place, one cell of it."""


@dataclass(frozen=True, slots=True)
class Site:
    """References to everything that belongs to one factory.

    Attributes
    ----------
    name : str
        As shown.
    q : dict of str to str
        Inputs in use and terms.
    reach_phase, reach_racks : Reach
        Its phases and sets of racks.
    drivers : dict of str to str
        Rows of the sheet Drivers: `demand` (regional MW), `price`, `power`, `local`, `pue`.
    prefix : str
        Put before the name of every row: empty, or `late_`.
    phases, sets : int
        How many there are.
    """

    name: str
    q: dict[str, str]
    reach_phase: Reach
    reach_racks: Reach
    drivers: dict[str, str]
    prefix: str
    phases: int
    sets: int

    def phase(self, key: str, place: int | None = None) -> str:
        """Return a column of its phases, or one cell of it."""
        return self.reach_phase(key, place)

    def racks(self, key: str, place: int | None = None) -> str:
        """Return a column of its sets of racks, or one cell of it."""
        return self.reach_racks(key, place)


def drawn_share(site: Site) -> str:
    """Return the formula of a rack's mean draw, as a share of its rated power."""
    idle, p = site.q["idle_power_share"], site.prefix
    return f"({idle}+({site.q['busy_power_share']}-{idle})*([{p}firm]+[{p}free]))"


def line_formulas(site: Site) -> dict[str, str]:
    """Return the formula of every cash line before tax, by name; costs are negative."""
    q, p = site.q, site.prefix

    def home(line: str) -> str:
        return f"(1+{q[line + '_local_share']}*([{p}local]-1))"

    def own(line: str) -> str:
        return f"(1+{q[line + '_growth']})^([m]/12)*{home(line)}"

    compute = "+".join(f"[{p}{name}]" for name in ("contracted_compute", "merchant_compute"))
    compute = f"({compute}+[{p}tokens])"
    on = f"([{p}live_mw]>0)"
    racks, plant, grid = (f"[{p}{name}]" for name in ("racks_paid", "plant_paid", "grid_paid"))
    insured = f"([{p}facility]+[{p}hardware])*([{p}facility]>0)"
    site_end = f"SUM({site.racks('value_end')})+SUM({site.phase('value_end')})"
    it_mw = site.phase("it_mw")
    halls = f"SUMPRODUCT({site.phase('value_end')}*{site.phase('leased_mw')}/(({it_mw}=0)+{it_mw}))"
    last = f"SUM(INDEX([{p}net_rent:],MAX(Horizon-11,1)):INDEX([{p}net_rent:],Horizon))"
    on_cap = f"IF({q['lease_cap_rate']}>0,MAX({last},0)/MAX({q['lease_cap_rate']},1E-9)-{halls},0)"
    return {
        "contracted_compute": f"[{p}contract_value]*[{p}firm]*{q['premium']}",
        "merchant_compute": f"[{p}market_value]*[{p}free]*(1-{q['token_share']})*{q['merchant']}",
        "tokens": f"[{p}available]*[{p}free]*{q['token_share']}*{q['by_token']}*[{p}price]",
        "services": f"{compute}*{q['services_share']}",
        "lease_rent": f"IF([{p}offered]>0,[{p}rent_due]*[{p}let_mw]/[{p}offered],0)",
        "tenant_power": f"[{p}tenants]*{q['lease_power_billed']}",
        "power": f"-[{p}own_mw]*{drawn_share(site)}*[{p}pue]*[{p}mix_price]-[{p}tenants]"
        f"-[{p}rented]",
        "staff": f"-{on}*({q['staff_base']}+{q['staff_cost']}*[{p}live_mw])*{q['labour_index']}"
        f"*[{p}wages]*{home('staff')}",
        "maintenance": f"-[{p}upkeep]*{q['facility_maintenance_share']}*[{p}general]"
        f"*{own('maintenance')}",
        "hardware_support": f"-[{p}hardware]*{q['hardware_support_share']}/12*{own('support')}",
        "software": f"-[{p}installed]/730*{q['software_cost']}*[{p}licences]*{home('software')}",
        "security_operations": f"-[{p}live_mw]*{q['security_operations_cost']}*[{p}wages]"
        f"*{own('security')}",
        "compliance": f"-{on}*{q['compliance_cost']}*[{p}wages]*{own('compliance')}",
        "insurance": f"-{insured}*{q['insurance_share']}/12*{own('insurance')}",
        "property_tax": f"-[{p}facility]*{q['property_tax']}/12*{own('property_tax')}",
        "connectivity": f"-[{p}live_mw]*{q['connectivity_cost']}*[{p}general]"
        f"*{own('connectivity')}",
        "cloud_platform": f"-{compute}*{q['cloud_platform_share']}",
        "services_delivery": f"-[{p}services]*(1-{q['services_margin']})",
        "model_licence": f"-[{p}tokens]*{q['model_licence_share']}",
        "overhead": f"-({compute}+[{p}services]+[{p}lease_rent])*{q['overhead_share']}",
        "racks": f"-{racks}",
        "network_storage": f"-{racks}*{q['network_storage_share']}",
        "integration": f"-{racks}*{q['integration_share']}",
        "security_platform": f"-{racks}*{q['security_platform_share']}",
        "freight_duty": f"-{racks}*{q['bringing']}",
        "shell": f"-{plant}*{q['shell_cost_share']}",
        "electrical": f"-{plant}*{q['electrical_cost_share']}",
        "cooling": f"-{plant}*{q['cooling']}",
        "grid_connection": f"-{grid}",
        "land": f"-SUMIFS({site.phase('land')},{site.phase('decision')},[m])",
        "contingency": f"-({plant}+{grid})*{q['contingency_share']}",
        "owners_cost": f"-({plant}+{grid})*{q['owners_cost_share']}",
        "refresh": f"-[{p}renewed_paid]*(1+{q['extras']})",
        "grants": f"-[{p}capex]*{q['grant_share']}",
        "resale": f"SUMIFS({site.racks('hardware')},{site.racks('end')},[m])"
        f"*{q['hardware_residual_share']}",
        "terminal_value": f"IF([m]=Horizon-1,{site_end}+{on_cap},0)",
        "working_capital": f"[{p}owed<]-[{p}owed]",
    }


SHARED = (
    "staff",
    "security_operations",
    "compliance",
    "maintenance",
    "property_tax",
    "connectivity",
)
"""Running costs that space for tenants bears by its part of the load."""


def net_rent(site: Site) -> str:
    """Return the formula of what is left of a month's rent: `forecasts.lease.net_rent`."""
    p, lines = site.prefix, line_formulas(site)

    def cost(name: str) -> str:
        return f"({lines[name]})" if p else f"[{name}]"

    shared = "+".join(cost(name) for name in SHARED)
    shared += f"+{cost('insurance')}*[{p}facility]/MAX([{p}facility]+[{p}hardware],1E-9)"
    paid = f"[{p}lease_rent]*(1-{site.q['overhead_share']})+[{p}tenant_power]-[{p}tenants]"
    own = f"({shared})*[{p}leased_mw]/[{p}live_mw]"
    return f"IF([{p}leased_mw]>0,{paid}+{own},0)"
