"""One scenario, and QUANTITIES: the one list of assumptions that everything else iterates over.

The docstring under a field is its help text; unit and limits are in its type. Widgets, link
parameters, messages, exports and the documentation test all read `QUANTITIES`.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from forecasts.demand_terms import DEMAND, DemandTerms
from forecasts.entered import EnteredPhase
from forecasts.finance_terms import FINANCE, RETURN, FinanceTerms
from forecasts.lease_terms import LEASE, LeaseTerms
from forecasts.line_terms import LINE_BY_LINE, LineTerms
from forecasts.quantities import FromData, Quantity, Section, collect
from forecasts.risk_terms import RISK, RiskTerms
from forecasts.source_terms import SOURCES, SourceTerms
from forecasts.units import (
    Count,
    DecayRate,
    GramsPerKwh,
    Kilowatts,
    LeadMonths,
    Megawatts,
    Months,
    PhaseCount,
    Pue,
    Racks,
    Ratio,
    Share,
    SignedShare,
    SquareMetresPerMw,
    TokensPerSecond,
    UsdPerGpuHour,
    UsdPerGpuYear,
    UsdPerKilowatt,
    UsdPerKwh,
    UsdPerMillionTokens,
    UsdPerMwYear,
    UsdPerRack,
    UsdPerSquareMetre,
    UsdPerWatt,
    UsdPerYear,
    YearlyRate,
    Years,
)

BUILD = Section("Build-out")
HARDWARE = Section("Hardware")
FACILITY = Section("Facility")
OPERATIONS = Section("Operations")
REVENUE = Section("Revenue")

SECTIONS = (
    DEMAND, BUILD, HARDWARE, FACILITY, OPERATIONS, SOURCES, LINE_BY_LINE,
    REVENUE, LEASE, RETURN, FINANCE, RISK,
)  # fmt: skip
"""All sections in the order they are shown."""


TOGETHER = (("shell_cost_share", "electrical_cost_share"),)
"""Shares of one whole: together they may not be more than 1."""


class Scenario(DemandTerms, SourceTerms, LineTerms, LeaseTerms, FinanceTerms, RiskTerms):
    """One complete set of assumptions for all factories. Values are nominal USD.

    A quantity whose default is None is taken from each site's row in the tables. `sites` states
    any quantity for one factory alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str = Field(default="base", min_length=1, max_length=80)
    """What the scenario is called on screen and in exports."""

    description: str = ""
    """What it supposes, in a sentence."""

    start: Annotated[dt.date, AfterValidator(lambda day: day.replace(day=1))] = Field(
        default=dt.date(2027, 1, 1), ge=dt.date(2026, 1, 1), le=dt.date(2030, 12, 1)
    )
    """First month of the model, whichever day of it is stated; money is valued at its beginning."""

    months: int = Field(default=180, ge=24, le=480)
    """Length of the projection."""

    factories: tuple[str, ...] = ()
    """Factories to project; empty means all of the register."""

    sites: dict[str, dict[str, float]] = Field(default_factory=dict)
    """Quantities stated for one factory alone, by factory and name."""

    phases: dict[str, Annotated[tuple[EnteredPhase, ...], Field(max_length=12)]] = Field(
        default_factory=dict
    )
    """Phases stated for a factory, by factory; the planner then adds none."""

    follows: dict[str, Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=dict, max_length=40
    )
    """Your own series that a series of the model follows in this scenario, by its key."""

    phase_racks: Annotated[Racks | None, BUILD, FromData("factories", "phase_racks")] = None
    """Vera Rubin racks in one phase; a later generation fills the same power."""
    max_phases: Annotated[PhaseCount | None, BUILD, FromData("factories", "max_phases")] = None
    """Most phases the site can take."""
    site_capacity_mw: Annotated[
        Megawatts | None, BUILD, FromData("factories", "site_capacity_mw")
    ] = None
    """Facility power the grid connection can carry."""
    decision_month: Annotated[
        LeadMonths | None, BUILD, FromData("factories", "decision_month_phase1")
    ] = None
    """Months from the start of the model to the decision on phase one."""
    lead_months_done: Annotated[
        LeadMonths | None, BUILD, FromData("factories", "lead_months_done")
    ] = None
    """Months of permit and grid work already behind the site when phase one is decided."""
    permit_months: Annotated[LeadMonths | None, BUILD, FromData("sites", "permit_months")] = None
    """Months from decision to building permit, before construction."""
    grid_lead_months: Annotated[LeadMonths | None, BUILD, FromData("sites", "grid_lead_months")] = (
        None
    )
    """Months from application to an energised grid connection."""
    construction_months: Annotated[
        LeadMonths | None, BUILD, FromData("sites", "construction_months")
    ] = None
    """Months to build shell, electrical and cooling plant of one phase."""
    grid_delay_months: Annotated[Months, BUILD] = 0
    """Months the grid connection comes later than planned."""
    transformer_months: Annotated[Months, BUILD] = 18
    """Months from ordering the site's power transformers to having them installed."""
    grid_step_mw: Annotated[Megawatts, BUILD] = 0.0
    """Facility power that each step of the grid connection brings; 0 brings all at once."""
    grid_step_months: Annotated[Months, BUILD] = 12
    """Months between two steps of the grid connection."""
    rack_lead_months: Annotated[Months, BUILD] = 9
    """Months from rack order to delivery."""
    commissioning_months: Annotated[Months, BUILD] = 3
    """Months from energised hall to the first sold hour."""
    phase_spacing_months: Annotated[Months, BUILD] = 12
    """Fewest months between the decisions on two phases."""
    smallest_phase_racks: Annotated[Count, BUILD] = 8
    """Fewest racks worth a site; a candidate's first phase has at least these."""
    expansion_threshold: Annotated[Share, BUILD] = 0.80
    """A phase is decided once demand at the end of its lead time fills this share of all."""

    rack_power_kw: Annotated[Kilowatts, HARDWARE] = 227.0
    """IT power of one Vera Rubin NVL72 rack at full load."""
    gpus_per_rack: Annotated[Count, HARDWARE] = 72
    """GPU packages in one Vera Rubin NVL72 rack."""
    rack_price: Annotated[UsdPerRack, HARDWARE] = 8_388_384.0
    """Price of one Vera Rubin NVL72 rack at the start of the model, without network and storage."""
    rack_price_trend: Annotated[YearlyRate, HARDWARE] = -0.08
    """Yearly change of the price of a rack generation after its launch."""
    generation_rack_price_change: Annotated[SignedShare, HARDWARE] = 0.0
    """Price per kW of a rack generation when it is launched, against the one before it."""
    generation_months: Annotated[Months, HARDWARE] = 24
    """Months between rack generations."""
    network_storage_share: Annotated[Share, HARDWARE] = 0.15
    """Network and storage outside the racks, as a share of the rack price."""
    integration_share: Annotated[Share, HARDWARE] = 0.04
    """Rack and systems integration (Wistron Digital Technology Holding), share of rack price."""
    security_platform_share: Annotated[Share, HARDWARE] = 0.01
    """Security platform (Trend Micro), as a share of the rack price."""
    freight_share: Annotated[Share, HARDWARE] = 0.01
    """Freight and insurance in transit, as a share of hardware."""
    import_duty: Annotated[Share | None, HARDWARE, FromData("sites", "import_duty_it", 0.01)] = None
    """Duty on imported servers, as a share of hardware."""
    rack_deposit_share: Annotated[Share, HARDWARE] = 0.30
    """Share of the hardware price paid at order; the rest is paid at delivery."""
    hardware_life_years: Annotated[Years, Field(gt=0), HARDWARE] = 5.0
    """Economic life of racks; they are then replaced by the generation on sale."""
    hardware_residual_share: Annotated[Share, HARDWARE] = 0.125
    """Resale value at the end of the economic life, as a share of the price paid."""

    build_cost: Annotated[UsdPerWatt | None, FACILITY, FromData("sites", "build_cost")] = None
    """Shell, electrical and cooling plant per watt of IT load, without IT hardware."""
    ai_build_premium: Annotated[SignedShare, FACILITY] = 0.085
    """Extra build cost of dense, liquid-cooled halls."""
    shell_cost_share: Annotated[Share, FACILITY] = 0.25
    """Part of the build cost that is land works, shell and core."""
    electrical_cost_share: Annotated[Share, FACILITY] = 0.45
    """Part of the build cost that is electrical plant; cooling is the rest."""
    construction_inflation: Annotated[YearlyRate, FACILITY] = 0.055
    """Yearly rise of building prices."""
    grid_connection_cost: Annotated[UsdPerKilowatt, FACILITY] = 250.0
    """Grid connection per kW of facility power."""
    land_area: Annotated[SquareMetresPerMw, FACILITY] = 1_000.0
    """Land per MW of IT load."""
    land_price: Annotated[UsdPerSquareMetre | None, FACILITY, FromData("sites", "land_price")] = (
        None
    )
    """Price of serviced land."""
    contingency_share: Annotated[Share, FACILITY] = 0.08
    """Contingency on the facility, as a share of its cost."""
    owners_cost_share: Annotated[Share, FACILITY] = 0.04
    """Development, design and the owner's team, as a share of the facility's cost."""
    facility_life_years: Annotated[Years, Field(gt=0), FACILITY] = 20.0
    """Life over which the facility loses its value."""
    hall_density_kw: Annotated[Kilowatts, FACILITY] = 250.0
    """Most IT power of a rack that the halls are built to feed and cool."""
    local_build_share: Annotated[Share, FACILITY] = 0.5
    """Part of the facility's cost that is paid in local currency."""

    power_price: Annotated[UsdPerKwh | None, OPERATIONS, FromData("sites", "power_price")] = None
    """Delivered power price at the start of the model."""
    power_price_change: Annotated[SignedShare, OPERATIONS] = 0.0
    """Change of every site's power price against the data."""
    power_price_growth: Annotated[YearlyRate, OPERATIONS] = 0.025
    """Yearly rise of the power price once the forecast has faded."""
    pue: Annotated[Pue | None, OPERATIONS, FromData("sites", "pue")] = None
    """Power usage effectiveness: facility energy over IT energy."""
    busy_power_share: Annotated[Share, OPERATIONS] = 0.80
    """Draw of a rack at work, as a share of its rated power."""
    idle_power_share: Annotated[Share, OPERATIONS] = 0.30
    """Draw of a rack without work, as a share of its rated power."""
    staff_base: Annotated[UsdPerYear, OPERATIONS] = 2_700_000.0
    """Yearly cost of the smallest crew that runs a site, at United States labour cost."""
    staff_cost: Annotated[UsdPerMwYear, OPERATIONS] = 180_000.0
    """Yearly staff cost per live MW on top, at United States labour cost."""
    staff_salary: Annotated[UsdPerYear, Field(ge=1), OPERATIONS] = 180_000.0
    """Yearly cost of one of the crew, at United States labour cost: counts jobs."""
    grid_carbon: Annotated[GramsPerKwh | None, OPERATIONS, FromData("sites", "grid_carbon")] = None
    """Carbon intensity of the country's grid: in its row's year, or, stated here, at the start."""
    grid_carbon_change: Annotated[
        YearlyRate | None, OPERATIONS, FromData("sites", "grid_carbon_change", 0.01)
    ] = None
    """Yearly change of the grid's carbon intensity."""
    labour_index: Annotated[Ratio | None, OPERATIONS, FromData("sites", "labour_cost_index")] = None
    """Labour cost of the country against the United States."""
    facility_maintenance_share: Annotated[Share, OPERATIONS] = 0.02
    """Yearly maintenance, as a share of the facility's cost."""
    hardware_support_share: Annotated[Share, OPERATIONS] = 0.03
    """Yearly support, spares and failures, as a share of hardware in service."""
    software_cost: Annotated[UsdPerGpuYear, OPERATIONS] = 600.0
    """Yearly software licences per live GPU."""
    security_operations_cost: Annotated[UsdPerMwYear, OPERATIONS] = 200_000.0
    """Yearly security operations (Trend Micro) per live MW."""
    compliance_cost: Annotated[
        UsdPerYear | None, OPERATIONS, FromData("sites", "compliance_cost", 1e6)
    ] = None
    """Yearly cost of the country's data-sovereignty and AI regime, from first operation."""
    insurance_share: Annotated[Share, OPERATIONS] = 0.005
    """Yearly insurance, as a share of facility and hardware in service."""
    property_tax: Annotated[Share | None, OPERATIONS, FromData("sites", "property_tax", 0.01)] = (
        None
    )
    """Yearly property tax, as a share of the facility's cost."""
    connectivity_cost: Annotated[UsdPerMwYear, OPERATIONS] = 50_000.0
    """Yearly fibre and transit per live MW."""
    cloud_platform_share: Annotated[Share, OPERATIONS] = 0.05
    """GPU cloud platform (GMI Cloud), as a share of compute revenue."""
    overhead_share: Annotated[Share, OPERATIONS] = 0.03
    """Sales, management and administration, as a share of revenue."""
    inflation: Annotated[YearlyRate, OPERATIONS] = 0.025
    """Yearly rise of costs in USD, where a line has no rate of its own."""
    wage_growth: Annotated[YearlyRate, OPERATIONS] = 0.025
    """Yearly rise of wages in USD: staff, security operations, compliance."""
    software_price_growth: Annotated[YearlyRate, OPERATIONS] = 0.025
    """Yearly rise of software licences."""
    fx_change: Annotated[SignedShare, OPERATIONS] = 0.0
    """Lasting change of the local currency's USD value against purchasing-power parity."""

    gpu_hour_price: Annotated[UsdPerGpuHour, REVENUE] = 8.50
    """Contract price of a Vera Rubin GPU-hour at the start of the model."""
    gpu_price_decay: Annotated[DecayRate, REVENUE] = 0.10
    """Yearly fall of the market price of a generation, once the forecast has faded."""
    generation_price_change: Annotated[SignedShare, REVENUE] = 0.0
    """Hourly price per kW of a GPU generation when it is launched, against the one before it."""
    sovereign_price_premium: Annotated[SignedShare, REVENUE] = 0.0
    """Premium for capacity under the country's own law, over the international price."""
    security_premium: Annotated[Share, REVENUE] = 0.125
    """What computing under own law is worth above the international price; not part of cash."""
    contracted_share: Annotated[Share, REVENUE] = 0.70
    """Most of the available GPU-hours under take-or-pay contract; less where less demand signs."""
    merchant_price_premium: Annotated[SignedShare, REVENUE] = 0.10
    """Price of uncontracted hours against the contract price of the same month."""
    contract_months: Annotated[Months, REVENUE] = 48
    """Length of a contract; it is then renewed at the market price."""
    merchant_utilisation: Annotated[Share, REVENUE] = 0.60
    """Most of the available GPU-hours without contract that can be sold."""
    availability: Annotated[Share, REVENUE] = 0.97
    """Share of hours in which an installed GPU can be sold under the service level."""
    useful_share: Annotated[Share, Field(gt=0), REVENUE] = 0.90
    """Share of sold GPU-hours that does useful work; restarts and waiting take the rest."""
    ramp_months: Annotated[Months, REVENUE] = 6
    """Months until a new phase sells what it can."""
    token_share: Annotated[Share, REVENUE] = 0.0
    """Part of the hours without contract that is sold as tokens."""
    tokens_per_gpu_second: Annotated[TokensPerSecond, REVENUE] = 2_000.0
    """Tokens a GPU serves a second at work, input and output together."""
    token_price: Annotated[UsdPerMillionTokens, REVENUE] = 1.20
    """Blended list price of a million tokens at the start of the model."""
    token_cache_share: Annotated[Share, REVENUE] = 0.30
    """Part of the tokens that a cache answers."""
    token_cached_price_share: Annotated[Share, REVENUE] = 0.25
    """Price of a cached token, as a share of the list price."""
    model_licence_share: Annotated[Share, REVENUE] = 0.15
    """Licence fee to the model's owner, as a share of token revenue."""
    services_share: Annotated[Share, REVENUE] = 0.06
    """Transformation services (Magna AI) sold with compute, as a share of compute revenue."""
    services_margin: Annotated[Share, REVENUE] = 0.25
    """Margin on transformation services."""
    grant_share: Annotated[Share, REVENUE] = 0.0
    """Capital grants, as a share of first-time capex."""

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        """Refuse shares that together take more than all."""
        for factory in ("", *self.sites):
            own = self.sites.get(factory, {})
            for names in TOGETHER:
                total = sum(own.get(name, getattr(self, name)) for name in names)
                if total > 1 + 1e-9:
                    where = f" at {factory}" if factory else ""
                    raise ValueError(f"{' and '.join(names)} add up to {total:.4g}{where}")
        return self

    def having(self, **changes: object) -> Self:
        """Return a validated copy with `changes` applied."""
        return type(self).model_validate(self.model_dump() | changes)

    def stated(self) -> dict[str, object]:
        """Return what differs from the base case, ready for a file or a link."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @cached_property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of every assumption; equal means equal results."""
        silent = {"name", "description"}
        silent |= {field for field in ("follows", "fx_curves") if not getattr(self, field)}
        said = self.model_dump(mode="json", exclude=silent)
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


QUANTITIES: Mapping[str, Quantity] = collect(Scenario)
"""Every assumption by name, in the order of the sections."""
