"""The rack systems of the table `hardware`: power, price, performance, availability, cooling."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from data.catalog import Catalog
from data.provenance import Fact

LABELS: Mapping[str, str] = {
    "hgx_h100": "HGX H100",
    "hgx_h200": "HGX H200",
    "hgx_b200": "HGX B200",
    "gb200_nvl72": "GB200 NVL72",
    "gb300_nvl72": "GB300 NVL72",
    "vr_nvl72": "Vera Rubin NVL72",
    "rubin_ultra_nvl576": "Rubin Ultra",
}
"""Systems by key, oldest first."""

GPUS: Mapping[str, str] = {
    "hgx_h100": "H100",
    "hgx_h200": "H200",
    "hgx_b200": "B200",
    "gb200_nvl72": "GB200",
    "gb300_nvl72": "GB300",
    "vr_nvl72": "VR200",
}
"""The GPU under which the table `gpu_hour_prices` lists a system's hours."""

TIERS = ("contract", "index", "on_demand", "marketplace")
"""Kinds of price of an hour, the most like ours first."""

SERVERS_PER_RACK = 4
"""Servers of eight GPUs in a rack, where only the price of a server is known."""


@dataclass(frozen=True, slots=True)
class RackSystem:
    """One rack system as published.

    Attributes
    ----------
    key, label : str
        Name in tables and scenarios; name on screen.
    kw, gpus : float
        IT power of a rack at full load; GPU packages in it.
    price_usd : float or None
        Price of a rack; None where none is public.
    hour_usd : float or None
        Newest price of a GPU-hour, contracts before lists; None where none is public.
    pflops_fp4 : float or None
        Dense FP4 performance of a rack.
    available : str
        Month from which it is delivered.
    cooling : str
        How it is cooled.
    facts : mapping of str to Fact
        The rows behind `kw`, `gpus`, `price_usd`, `hour_usd`, …
    """

    key: str
    label: str
    kw: float
    gpus: float
    price_usd: float | None
    hour_usd: float | None
    pflops_fp4: float | None
    available: str
    cooling: str
    facts: Mapping[str, Fact]

    @property
    def kw_per_gpu(self) -> float:
        """IT power per GPU package."""
        return self.kw / self.gpus


@lru_cache(maxsize=4)
def rack_library(catalog: Catalog) -> Mapping[str, RackSystem]:
    """Return every known rack system, oldest first.

    Raises
    ------
    RefusedError
        If a system lacks its power or number of GPUs.
    """
    return {key: _system(catalog, key) for key in LABELS}


def _system(catalog: Catalog, key: str) -> RackSystem:
    facts: dict[str, Fact] = {
        "kw": catalog.fact("hardware", system=key, attribute="rack_power_kw"),
        "gpus": catalog.fact("hardware", system=key, attribute="gpus_per_rack"),
        "available": catalog.fact("hardware", system=key, attribute="available_from"),
        "cooling": catalog.fact("hardware", system=key, attribute="cooling"),
    }
    servers = 1
    for attribute, count in (
        ("rack_price_usd", 1),
        (f"server_price_usd_{key}", SERVERS_PER_RACK),
        ("server_price_usd_hgx_b300", SERVERS_PER_RACK),
    ):
        found = catalog.facts("hardware", system=key, attribute=attribute)
        if found and "price" not in facts:
            facts["price"], servers = found[-1], count
    for name, attribute in (("pflops", "fp4_pflops_per_rack"),):
        found = catalog.facts("hardware", system=key, attribute=attribute)
        if found:
            facts[name] = found[-1]
    hour = _hour(catalog, key)
    if hour is not None:
        facts["hour"] = hour
    price = _value(facts, "price")
    return RackSystem(
        key=key,
        label=LABELS[key],
        kw=catalog.number("hardware", system=key, attribute="rack_power_kw"),
        gpus=catalog.number("hardware", system=key, attribute="gpus_per_rack"),
        price_usd=None if price is None else price * servers,
        hour_usd=_value(facts, "hour"),
        pflops_fp4=_value(facts, "pflops"),
        available=facts["available"].text,
        cooling=facts["cooling"].text,
        facts=facts,
    )


def _value(facts: Mapping[str, Fact], name: str) -> float | None:
    return facts[name].value if name in facts else None


def _hour(catalog: Catalog, key: str) -> Fact | None:
    """Newest price of an hour of the system's GPU, of the first kind that is listed at all."""
    for tier in TIERS:
        found = catalog.facts("gpu_hour_prices", gpu=GPUS.get(key, ""), tier=tier)
        if found:
            return found[-1]
    return None
