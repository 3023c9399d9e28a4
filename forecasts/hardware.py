"""Rack generations: which is on sale when, what it draws, what it costs, what its hour brings."""

from dataclasses import dataclass

import numpy as np

from forecasts.units import MONTHS_PER_YEAR, Array, Whole

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
    """

    name: str
    launch_month: int
    rack_power_kw: float
    gpus_per_rack: int

    @property
    def kw_per_gpu(self) -> float:
        """IT power per GPU package."""
        return self.rack_power_kw / self.gpus_per_rack


def generation_on_sale(generations: tuple[Generation, ...], month: int) -> int:
    """Return the index of the newest generation on sale in a month; the first if none is yet."""
    on_sale = [i for i, one in enumerate(generations) if one.launch_month <= month]
    return max(on_sale, default=0)


def price_per_gpu_hour(
    generations: tuple[Generation, ...],
    first_price: Array,
    launch_change: Array,
    market_index: Array,
) -> Array:
    """Market price of a GPU-hour of each generation, per Vera Rubin equivalent.

    Hours of later generations are counted as the Vera Rubin GPU-hours that the same power would
    give. A generation is sold at its launch for the price of the first (times `1 + launch_change`
    for each step), and then falls with the market index of ageing hardware. Before its launch the
    launch price stands. The parity per kW is an assumption: no price of an unreleased generation
    is public.

    Parameters
    ----------
    generations : tuple of Generation
        The roadmap; the first is priced at month 0.
    first_price : float array that broadcasts to (path, month)
        USD per GPU-hour of the first generation at month 0.
    launch_change : float array that broadcasts to (path, month)
        Change of the launch price from one generation to the next, as a share.
    market_index : (path, month) array
        Price of a given generation over time, 1 at month 0.

    Returns
    -------
    (path, generation, month) array
        USD per GPU-hour.
    """
    month = np.arange(market_index.shape[-1])
    prices = []
    for index, generation in enumerate(generations):
        launch = min(max(generation.launch_month, 0), month.size - 1)
        aged = np.where(month < launch, 1.0, market_index / market_index[:, launch, None])
        prices.append(first_price * (1 + launch_change) ** index * aged)
    return np.stack(prices, axis=1)


def price_per_rack_kw(
    generations: tuple[Generation, ...],
    first_price: float,
    changes: tuple[float, float],
    month: Whole,
    generation: Whole,
) -> Array:
    """USD per kW of IT load of racks of a generation, delivered in a month.

    As with the price of an hour, a generation is launched at the price per kW of the first (times
    `1 + change` for each step) and then gets cheaper with its age on sale.

    Parameters
    ----------
    generations : tuple of Generation
        The roadmap; the first is priced at month 0.
    first_price : float
        USD per rack of the first generation at month 0.
    changes : (float, float)
        Yearly change after launch; change from one launch to the next; as shares.
    month, generation : (slot,) arrays of int
        Month of delivery and index of the generation.
    """
    yearly, step = changes
    launch = np.array([max(one.launch_month, 0) for one in generations])[generation]
    age = np.maximum(month - launch, 0) / MONTHS_PER_YEAR
    per_kw = first_price / generations[0].rack_power_kw
    price: Array = per_kw * (1 + step) ** generation * (1 + yearly) ** age
    return price
