"""What stands and how it is used: phases, hardware, tokens and energy of a stated project."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forecasts.stated_blocks import (
    Acres,
    Billions,
    Block,
    Kw,
    LifeYears,
    Month,
    Multiple,
    Mw,
    Number,
    Rate,
    Residual,
    Step,
    Stock,
    Tflops,
    Tokens,
    UsdPerKw,
    UsdPerKwhStated,
    UsdPerKwMonth,
    UsdPerMwh,
    one_of,
)
from forecasts.units import Pue, Share, Unit, YearlyRate


class Hardware(Block):
    """How big racks and GPUs are: for all phases, or for one phase alone."""

    gpus_per_rack: Number | None = None
    """GPUs in a rack."""
    gpus_per_server: Number | None = None
    """GPUs in a server or node."""
    kw_per_rack: Kw | None = None
    """IT power of a rack at full load."""
    kw_per_gpu: Kw | None = None
    """IT power of a GPU with its share of server and network."""
    gpu_kw: Kw | None = None
    """Rated power of the GPU alone; times `server_overhead` it is `kw_per_gpu`."""
    server_overhead: Multiple | None = None
    """IT power over the power of the GPUs alone: CPUs, memory, fans, network."""
    pue: Pue | None = None
    """Power usage effectiveness: facility power over IT power; 1 when left out."""
    tflops_per_gpu: Tflops | None = None
    """Dense throughput of a GPU at the precision the price of compute is stated for."""


class Phase(Hardware):
    """One block of capacity. Give at least one size; the hardware gives the others."""

    it_mw: Mw | None = None
    """IT power wanted."""
    facility_mw: Mw | None = None
    """Facility power to be filled with GPUs."""
    racks: Number | None = None
    """Racks."""
    servers: Number | None = None
    """Servers or nodes."""
    gpus: Number | None = None
    """GPUs."""
    construction_month: Month = 0
    """Month in which building starts."""
    energised_month: Month | None = None
    """Month from which power is drawn; `live_month` when left out."""
    live_month: Month = 0
    """First month of sales."""
    end_month: Month | None = None
    """First month after operation; the end of the timeline when left out."""
    utilisation: Share | None = None
    """Utilisation of this phase, when it differs from `use`."""
    throughput: Annotated[float, Unit("x", "ratio"), Field(gt=0, le=1000)] = 1.0
    """Tokens made by this phase's hardware, against the rate stated under `tokens`."""
    capex_premium: Share = 0.0
    """Extra cost of capex lines with `premium: true`, such as an agility premium."""

    @model_validator(mode="after")
    def _sized(self) -> Self:
        one_of(self, ("it_mw", "facility_mw", "racks", "servers", "gpus"), 5)
        energised = self.live_month if self.energised_month is None else self.energised_month
        if not self.construction_month <= energised <= self.live_month:
            raise ValueError(
                f"months must rise: construction {self.construction_month}, "
                f"energised {energised}, live {self.live_month}"
            )
        return self


class Capacity(Hardware):
    """What is built, phase by phase."""

    phases: Annotated[dict[str, Phase], Field(min_length=1)]
    """Phases by name, in order."""
    whole: Literal["none", "racks", "gpus"] = "none"
    """What comes in whole pieces."""
    rounding: Literal["up", "down"] = "up"
    """How pieces are made whole."""
    redundancy: Multiple = 1.0
    """Nameplate over facility power (N+1 as 1.1): raises the connection, not the energy."""
    land_acres: Acres | None = None
    """Land of the whole site."""


class Use(Block):
    """How much of what stands is sold."""

    utilisation: Share = 1.0
    """Share of available GPU-hours that are sold or used."""
    utilisation_by_year: tuple[Share, ...] = ()
    """Utilisation by year of a phase since it went live, instead; the last value holds."""
    ramp_months: Month = 0
    """Months over which a phase fills in equal steps."""
    availability: Annotated[Share, Field(gt=0)] = 1.0
    """Share of installed GPU-hours that can be sold; divides the SLA form of LCOC."""
    spares: Share = 0.0
    """Spare hardware over hardware in service; raises the SLA form of LCOC."""
    limited_by_demand: bool = False
    """Whether no more than the demand can be sold."""


class TokenSupply(Block):
    """Tokens made: by throughput at full use, or a stated volume a day."""

    per: Stock = "gpu"
    """What the throughput belongs to."""
    tokens_per_second: Rate | None = None
    """Input and output tokens a second."""
    input_share: Share = 0.0
    """Input tokens as a share of `tokens_per_second`."""
    output_tokens_per_second: Rate | None = None
    """Output tokens a second alone; input is then counted by request."""
    input_tokens_per_request: Tokens = 0.0
    """Input tokens of a request."""
    output_tokens_per_request: Tokens = 0.0
    """Output tokens of a request."""
    input_billion_per_day: Billions | None = None
    """Stated input volume of the whole project."""
    output_billion_per_day: Billions | None = None
    """Stated output volume of the whole project."""
    cache_hit_share: Share = 0.0
    """Input tokens answered from the cache, as a share of input."""
    yearly_change: YearlyRate = 0.0
    """Yearly change of throughput from the decision on."""

    @model_validator(mode="after")
    def _supplied(self) -> Self:
        ways = ("tokens_per_second", "output_tokens_per_second", "output_billion_per_day")
        one_of(self, ways)
        if self.input_tokens_per_request and not self.output_tokens_per_request:
            raise ValueError("input_tokens_per_request needs output_tokens_per_request")
        return self


class PowerSource(Block):
    """One supply of energy."""

    usd_per_mwh: UsdPerMwh | None = None
    """Price of energy per MWh; or give `usd_per_kwh`."""
    usd_per_kwh: UsdPerKwhStated | None = None
    """Price of energy per kWh; or give `usd_per_mwh`."""
    yearly_change: YearlyRate = 0.0
    """Yearly change of the price."""
    change_step: Step = "continuous"
    """Whether the price moves all the time or on each anniversary."""
    change_from: Literal["decision", "first_live"] = "decision"
    """Where the change begins: month 0, or the first month of sales."""
    capacity_mw: Mw | None = None
    """Most it can supply; without limit when left out."""
    ready_month: Month = 0
    """First month of supply."""
    usd_per_kw_month: UsdPerKwMonth = 0.0
    """Capacity charge on `capacity_mw` from `ready_month` on."""
    capex_usd_per_kw: UsdPerKw = 0.0
    """Cost of connection or plant per kW of `capacity_mw`."""
    lead_months: Month = 0
    """Months before `ready_month` in which that is paid, not before month 0."""

    @model_validator(mode="after")
    def _priced(self) -> Self:
        one_of(self, ("usd_per_mwh", "usd_per_kwh"))
        if self.capacity_mw is None and (self.capex_usd_per_kw or self.usd_per_kw_month):
            raise ValueError("a cost per kW needs capacity_mw")
        return self


class Power(Block):
    """Energy: what is drawn, and from where."""

    sources: Annotated[dict[str, PowerSource], Field(min_length=1)]
    """Supplies by name."""
    dispatch: Literal["cheapest", "listed"] = "cheapest"
    """Order of supply: by price, or as listed."""
    billed_on: Literal["installed", "used"] = "installed"
    """Energy on all of the IT load that stands, or on the part in use."""
    idle_share: Share = 0.0
    """Draw of idle hardware over its draw in use; with `billed_on: used`."""
    rated_share: Share = 1.0
    """Draw in use over rated IT power."""
    counts: Literal["servers", "gpus"] = "servers"
    """Energy of whole servers, or of GPUs alone (leaves `server_overhead` out: a warning)."""
    residual: Residual | None = None
    """What the capex of the sources is worth at the end."""
    life_years: LifeYears | None = None
    """Life of the sources' capex in costs by year."""
