"""The structured arrays that compiled stages read and fill: one row, one thing.

All months count from the start of the model; `(month,)` arrays have one value a month.
"""

from typing import NamedTuple

import numpy as np

from forecasts.compiled import Record
from forecasts.scenario import QUANTITIES
from forecasts.units import Array, Whole

QUANTITY = np.dtype([(name, np.float64) for name in QUANTITIES])
"""Every assumption of one factory, by name."""

GENERATION = np.dtype(
    [(name, np.int64) for name in ("launch", "step", "on_sale")]
    + [(name, np.float64) for name in ("kw", "gpus", "rack_price", "hour_price")]
)
"""A rack: `step` counts generations from the first, or is -1 for one priced by itself."""

PHASE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "decision",
            "construction",
            "order",
            "energised",
            "live",
            "generation",
            "racks",
            "gpus",
            "critical",
        )
    ]
    + [("it_mw", np.float64), ("leased_mw", np.float64), ("grid", np.int64)]
)
"""One block of the build-out; see `phases.Phase`."""

COHORT = np.dtype(
    [
        (name, np.int64)
        for name in ("order", "delivery", "live", "end", "generation", "phase", "is_refresh")
    ]
    + [("kw", np.float64), ("gpus", np.float64)]
)
"""One set of racks ever bought; see `cohorts.Cohorts`."""

ENTERED = np.dtype([(name, np.int64) for name in ("decision", "energised", "racks", "generation")])
"""A phase as a scenario states it; -1 where the model is to decide."""

TRACKS = (
    "demand_mw",
    "live_mw",
    "sold_share",
    "firm_share",
    "installed_hours",
    "available_hours",
    "sold_hours",
    "leased_mw",
    "let_mw",
    "tenant_power",
    "contract_value",
    "market_value",
    "facility_usd",
    "upkeep_base",
    "hardware_usd",
    "depreciation",
    "taxable",
    "written_off_at_end",
    "revenue",
    "opex",
    "capex",
    "net",
)
"""What a projection keeps by month beside cash; the last four are sums of its lines."""

TRACK = {name: place for place, name in enumerate(TRACKS)}
"""Row of each track."""


class Site(NamedTuple):
    """What is fixed for one factory.

    Attributes
    ----------
    roadmap : (generation,) array of GENERATION
        Racks by time of launch, then those a scenario names by itself.
    entered : (phase,) array of ENTERED
        Phases the scenario states; empty when the model plans them.
    announced : bool
        Whether phase one was announced, with its size.
    first_month : int
        Calendar month of month 0, 0 for January.
    """

    roadmap: Record
    entered: Record
    announced: bool
    first_month: int


class Paths(NamedTuple):
    """Drivers of one factory on one path, (month,) each.

    Attributes
    ----------
    regional_mw : array
        Live data-centre capacity of the region, MW of IT load.
    gpu_price, power, rack_price : arrays
        Indices, 1 at month 0: price of an hour of a given GPU; power price; price of racks
        against their own trend.
    local : array
        USD price of what is paid in local currency, against purchasing-power parity.
    temperature : array
        Usual outside temperature, degrees Celsius: the same on every path.
    """

    regional_mw: Array
    gpu_price: Array
    power: Array
    rack_price: Array
    local: Array
    temperature: Array


class Build(NamedTuple):
    """What one factory builds; filled by the stages.

    Attributes
    ----------
    phases, cohorts : arrays of PHASE and COHORT
        Rows beyond `made` are unused.
    made : (2,) array of int
        Phases and cohorts in use.
    facility_usd, land_usd : (phase,) arrays
        Cost of each phase's facility without land, and of its land.
    racks_usd, hardware_usd : (cohort,) arrays
        Cost of each cohort's racks, and with everything that comes with them.
    """

    phases: Record
    cohorts: Record
    made: Whole
    facility_usd: Array
    land_usd: Array
    racks_usd: Array
    hardware_usd: Array


class Book(NamedTuple):
    """What one factory's months hold, and room to work in.

    Attributes
    ----------
    lines, tracks : (line, month) and (track, month) arrays
        Cash by line, and what is kept beside it.
    work : (4, month) array
        Room for months; a stage that calls another leaves it the rows it uses.
    years : (3, year) array
        Room for tax by year.
    itemised : bool
        Whether somebody reads capex by line; else only its sum is kept.
    """

    lines: Array
    tracks: Array
    work: Array
    years: Array
    itemised: bool


class Room(NamedTuple):
    """Where the months of one factory on one path are written; any numbers may stand in it.

    Attributes
    ----------
    lines, tracks, finance : (line, month), (track, month), (finance, month) arrays
        Cash by line, what is kept beside it, and `waterfall.FINANCE`.
    brought : (4, month) array
        What a path brings to finance, by the rows named in `waterfall`.
    tax : (month,) array
        Tax after interest.
    work, years, itemised
        As in `Book`.
    swept : (2, cohort) array
        Share of each loan not yet prepaid, and what is owed of it.
    nobody : (0, 0) array
        Where capex by cohort goes when nobody asks for it.
    build : Build
        The build-out on one path: late, or with costs of its own.
    """

    lines: Array
    tracks: Array
    finance: Array
    brought: Array
    tax: Array
    work: Array
    years: Array
    itemised: bool
    swept: Array
    nobody: Array
    build: Build
