"""What a stated project has in each period: phases, hours sold, tokens, energy drawn, demand."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from forecasts.stated_blocks import periods_of
from forecasts.stated_plant import Capacity, Phase, TokenSupply
from forecasts.stated_schema import Demand, Project
from forecasts.units import Array, Flags, Whole

NEARLY = 1e-9
"""Part of a rack or GPU that is rounding, not a need for one more."""

HOURS_PER_DAY = 24.0
SECONDS_PER_HOUR = 3600.0
KW_PER_TON = 3.517
"""Heat a ton of refrigeration carries away, kW."""


@dataclass(frozen=True, slots=True)
class Size:
    """Size of one phase; None where the hardware does not tell."""

    it_mw: float | None
    pue: float
    racks: float | None
    servers: float | None
    gpus: float | None

    @property
    def facility_mw(self) -> float | None:
        """Power of the facility at full load."""
        return None if self.it_mw is None else self.it_mw * self.pue


@dataclass(frozen=True, slots=True)
class _Kit:
    """Hardware of a phase: its own where stated, else the project's."""

    gpus_per_rack: float | None
    gpus_per_server: float | None
    kw_per_rack: float | None
    kw_per_gpu: float | None
    pue: float


def _kit(capacity: Capacity, phase: Phase) -> _Kit:
    def either(name: str) -> float | None:
        own: float | None = getattr(phase, name)
        shared: float | None = getattr(capacity, name)
        return shared if own is None else own

    per_rack, rack, gpu = either("gpus_per_rack"), either("kw_per_rack"), either("kw_per_gpu")
    chip = either("gpu_kw")
    if gpu is None and chip is not None:
        gpu = chip * (either("server_overhead") or 1.0)
    if gpu is None and rack is not None and per_rack is not None:
        gpu = rack / per_rack
    if rack is None and gpu is not None and per_rack is not None:
        rack = gpu * per_rack
    return _Kit(per_rack, either("gpus_per_server"), rack, gpu, either("pue") or 1.0)


def size_of(capacity: Capacity, phase: Phase) -> Size:
    """Size one phase: what is stated, and what its hardware makes of that.

    Examples
    --------
    >>> phase = Phase(it_mw=87.7)
    >>> block = Capacity(phases={"one": phase}, kw_per_rack=125, gpus_per_rack=72, whole="racks")
    >>> size = size_of(block, phase)
    >>> size.it_mw, size.racks, size.gpus
    (87.75, 702, 50544.0)
    """
    kit = _kit(capacity, phase)
    wanted = phase.it_mw
    if wanted is None and phase.facility_mw is not None:
        wanted = phase.facility_mw / kit.pue
    racks, servers, gpus = phase.racks, phase.servers, phase.gpus
    if racks is None and servers is None and gpus is None and wanted is not None:
        racks, gpus = _pieces(capacity, kit, wanted)
        if capacity.whole != "none":
            wanted = None
    if gpus is None:
        gpus = _times(racks, kit.gpus_per_rack) or _times(servers, kit.gpus_per_server)
    racks = racks if racks is not None else _over(gpus, kit.gpus_per_rack)
    servers = servers if servers is not None else _over(gpus, kit.gpus_per_server)
    if wanted is None:
        wanted = _times(racks, _thousandth(kit.kw_per_rack))
    if wanted is None:
        wanted = _times(gpus, _thousandth(kit.kw_per_gpu))
    return Size(wanted, kit.pue, racks, servers, gpus)


def _pieces(capacity: Capacity, kit: _Kit, it_mw: float) -> tuple[float | None, float | None]:
    """Racks and GPUs that fill so much power."""

    def fitted(kw: float | None, whole: bool) -> float | None:
        if kw is None:
            return None
        count = it_mw * 1000 / kw
        if not whole:
            return count
        return ceil(count - NEARLY) if capacity.rounding == "up" else floor(count + NEARLY)

    racks = fitted(kit.kw_per_rack, capacity.whole == "racks")
    if capacity.whole == "racks":
        return racks, None
    return (None if capacity.whole == "gpus" else racks), fitted(
        kit.kw_per_gpu, capacity.whole == "gpus"
    )


def _times(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left * right


def _over(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left / right


def _thousandth(value: float | None) -> float | None:
    return None if value is None else value / 1000


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Phases over time; periods run a year beyond the end, for the income of the next year.

    Attributes
    ----------
    per_year, periods, total : int
        Periods in a year, in the calculation, and with the year after it.
    hours : float
        Hours in a period.
    sizes : tuple of Size
        Each phase; a project without capacity has one phase of no size.
    construction, energised, live, end : (phase,) arrays
        First period of each state, and the first after operation.
    """

    per_year: int
    periods: int
    total: int
    hours: float
    names: tuple[str, ...]
    sizes: tuple[Size, ...]
    construction: Whole
    energised: Whole
    live: Whole
    end: Whole

    def sized(self, name: str) -> Array:
        """One size of every phase, (phase,); 0 where unknown."""
        return np.array([getattr(size, name) or 0.0 for size in self.sizes])

    @property
    def period(self) -> Whole:
        """Number of each period, (total,)."""
        return np.arange(self.total)

    def standing(self, begin: Whole) -> Flags:
        """Periods from `begin` to the end of each phase, (phase, total)."""
        return (self.period >= begin[:, None]) & (self.period < self.end[:, None])

    def year(self, since: Whole) -> Array:
        """Years since a period of each phase, (phase, total), 0 before it."""
        return np.asarray(np.maximum(self.period - since[:, None], 0) / self.per_year)

    @property
    def live_mw(self) -> Array:
        """IT power on sale, (total,)."""
        return np.asarray(self.sized("it_mw") @ self.standing(self.live))

    @property
    def reference(self) -> int:
        """First period of the year after the last phase is live."""
        return int(self.live.max())


def lay_out(project: Project) -> Layout:
    """Place the phases on the timeline."""
    timeline, capacity = project.timeline, project.capacity
    per_year = timeline.per_year
    total = timeline.periods + per_year
    phases = capacity.phases if capacity else {"project": Phase(gpus=1)}

    def at(month: int | None, otherwise: int) -> int:
        return otherwise if month is None else periods_of(month, per_year) or 0

    live = [at(phase.live_month, 0) for phase in phases.values()]
    return Layout(
        per_year=per_year,
        periods=timeline.periods,
        total=total,
        hours=project.conventions.hours_per_year / per_year,
        names=tuple(phases),
        sizes=tuple(size_of(capacity, phase) for phase in phases.values())
        if capacity
        else (Size(None, 1.0, None, None, None),),
        construction=np.array([at(one.construction_month, 0) for one in phases.values()]),
        energised=np.array(
            [at(one.energised_month, live[row]) for row, one in enumerate(phases.values())]
        ),
        live=np.array(live),
        end=np.array([at(one.end_month, total) for one in phases.values()]),
    )


def demand_path(demand: Demand, layout: Layout) -> Array:
    """Demand by period, (total,) MW."""
    months = layout.period * 12 / layout.per_year
    given = np.array([point.month for point in demand.points], np.float64)
    mw = np.array([point.mw for point in demand.points])
    if demand.between == "linear":
        path = np.interp(months, given, mw)
    else:
        path = mw[np.maximum(np.searchsorted(given, months, side="right") - 1, 0)]
    return np.where(months >= given[0], path, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """Hours, tokens and use by phase, (phase, total) each.

    Tokens are in millions: `input` is input that is not in the cache. `used` is utilisation.
    """

    used: Array
    installed_gpu_hours: Array
    sold_gpu_hours: Array
    input: Array
    cached: Array
    output: Array
    requests: Array


def sell(project: Project, layout: Layout, scale: float = 1.0) -> Sales:
    """Count what is sold, with utilisation times `scale`."""
    used = _used(project, layout) * scale
    if project.use.limited_by_demand and project.demand is not None:
        wanted = demand_path(project.demand, layout)
        served = layout.sized("it_mw") @ used
        used = used * np.minimum(1.0, wanted / np.where(served > 0, served, 1.0))
    standing = layout.standing(layout.live) * layout.hours
    installed = layout.sized("gpus")[:, None] * standing
    available = project.use.availability
    none = np.zeros_like(used)
    fresh = cached = output = requests = none
    if project.tokens is not None:
        fresh, cached, output, requests = _tokens(
            project.tokens, layout, used * available * standing * _throughput(project), scale
        )
    return Sales(used, installed, installed * used * available, fresh, cached, output, requests)


def _used(project: Project, layout: Layout) -> Array:
    """Utilisation of each phase while it stands, (phase, total)."""
    use = project.use
    by_year = np.array(use.utilisation_by_year or (use.utilisation,))
    age = layout.year(layout.live)
    rows = by_year[np.minimum(age.astype(np.int64), by_year.size - 1)]
    if project.capacity is not None:
        for row, phase in enumerate(project.capacity.phases.values()):
            if phase.utilisation is not None:
                rows[row] = phase.utilisation
    ramp = periods_of(use.ramp_months, layout.per_year) or 0
    return rows * filling(layout, layout.live, ramp) * layout.standing(layout.live)


def _throughput(project: Project) -> Array:
    """Tokens of each phase against the stated rate, (phase, 1)."""
    if project.capacity is None:
        return np.ones((1, 1))
    return np.array([[phase.throughput] for phase in project.capacity.phases.values()])


def filling(layout: Layout, since: Whole, periods: int) -> Array:
    """Share filled in each period of a ramp in equal steps, (phase, total)."""
    steps = layout.period - since[:, None] + 1
    return np.clip(steps / max(periods, 1), 0.0, 1.0)


def _tokens(
    tokens: TokenSupply, layout: Layout, hours: Array, scale: float
) -> tuple[Array, Array, Array, Array]:
    """Millions of fresh input, cached input and output tokens, and thousands of requests."""
    entered: Array
    output: Array
    if tokens.output_billion_per_day is not None:
        days = layout.hours / HOURS_PER_DAY * scale
        first = layout.standing(layout.live).astype(np.float64)
        first[1:] = False
        entered = first * (tokens.input_billion_per_day or 0.0) * 1e3 * days
        output = first * tokens.output_billion_per_day * 1e3 * days
    else:
        rate = tokens.tokens_per_second or tokens.output_tokens_per_second or 0.0
        growth = (1 + tokens.yearly_change) ** (layout.period / layout.per_year)
        made: Array = (
            rate * stock(tokens.per, layout)[:, None] * hours * SECONDS_PER_HOUR * growth / 1e6
        )
        entered = made * tokens.input_share
        output = made - entered
    requests: Array = np.zeros_like(output)
    if tokens.output_tokens_per_request:
        requests = output * 1e3 / tokens.output_tokens_per_request
        if tokens.output_tokens_per_second is not None:
            entered = requests * tokens.input_tokens_per_request / 1e3
    cached: Array = entered * tokens.cache_hit_share
    return entered - cached, cached, output, requests


def stock(per: str, layout: Layout) -> Array:
    """How many of something each phase has, (phase,); a project belongs to its first phase."""
    match per:
        case "project" | "acre":
            return np.asarray(np.eye(1, len(layout.sizes))[0])
        case "phase":
            return np.ones(len(layout.sizes))
        case "it_mw" | "facility_mw":
            return layout.sized(per)
        case "it_kw" | "facility_kw":
            return layout.sized(per.replace("kw", "mw")) * 1000
        case _:
            return layout.sized(f"{per}s")
