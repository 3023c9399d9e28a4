"""Rack generations: which is on sale when, what it draws, what it costs, what its hour brings."""

from dataclasses import dataclass

from forecasts.compiled import Record, bare
from forecasts.units import MONTHS_PER_YEAR, Array

FIRST_SYSTEM = "vr_nvl72"
"""The generation the first phases use; what follows is `successor_1`, `successor_2`, …

No consistent power and price of an unreleased rack is public (the table `hardware` keeps what is
said of Rubin Ultra, and why it is not used), so successors keep the first rack's power and number
of GPUs, and its economics per kW.
"""


@dataclass(frozen=True, slots=True)
class Generation:
    """One rack generation.

    Attributes
    ----------
    name : str
        `vr_nvl72`, then `successor_n`.
    launch_month : int
        Month of the model in which it comes on sale; negative when it already is.
    rack_power_kw : float
        IT power of one rack at full load.
    gpus_per_rack : int
        GPU packages in one rack.
    rack_price, hour_price : float
        USD a rack, and a GPU-hour at month 0, of a rack that a scenario names by itself; 0 for a
        generation priced from the first.
    on_sale : bool
        Whether the planner may choose it; racks named by a scenario are used only there.
    """

    name: str
    launch_month: int
    rack_power_kw: float
    gpus_per_rack: int
    rack_price: float = 0.0
    hour_price: float = 0.0
    on_sale: bool = True

    @property
    def kw_per_gpu(self) -> float:
        """IT power per GPU package."""
        return self.rack_power_kw / self.gpus_per_rack


@bare
def on_sale(roadmap: Record, month: int) -> int:
    """Return the index of the newest generation on sale in a month; the first if none is yet."""
    newest = 0
    for index in range(roadmap.size):
        if roadmap[index].on_sale and roadmap[index].launch <= month:
            newest = index
    return newest


@bare
def launch_price(q: Record, rack: Record) -> float:
    """Price per kW of a rack at its launch, USD.

    A generation is launched at the price per kW of the first, times `1 + change` for each step: no
    price of an unreleased generation is public. Racks that a scenario names have their own price.
    """
    if rack.step < 0:
        return float(rack.rack_price / rack.kw)
    step = (1 + q.generation_rack_price_change) ** rack.step
    return float(q.rack_price / q.rack_power_kw * step)


@bare
def rack_price_per_kw(q: Record, rack: Record, delivery: int) -> float:
    """Price of racks delivered in a month, USD per kW of IT load: it falls with age on sale."""
    age = max(delivery - max(rack.launch, 0), 0) / MONTHS_PER_YEAR
    return float(launch_price(q, rack) * (1 + q.rack_price_trend) ** age)


@bare
def hour_level(q: Record, rack: Record, gpu_price: Array) -> float:
    """Price of a GPU-hour at month 0 levels: times the market's index it is the price of a month.

    Hours of later generations are counted as the Vera Rubin GPU-hours that the same power would
    give. A generation is sold at its launch for the price of the first (times `1 + change` for
    each step) and then falls with the market index of ageing hardware.

    Parameters
    ----------
    q : QUANTITY
        Assumptions.
    rack : GENERATION
        The generation sold.
    gpu_price : (month,) array
        Price of a given generation over time, 1 at month 0.
    """
    launch = min(max(rack.launch, 0), gpu_price.size - 1)
    if rack.step < 0:
        return float(rack.hour_price)
    return float(
        q.gpu_hour_price * (1 + q.generation_price_change) ** rack.step / gpu_price[launch]
    )
