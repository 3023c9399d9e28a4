"""Every ratio an expert checks first, beside its published range; outside it, the reason why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.engine import Result, run
from forecasts.lines import CAPEX_LINES, OPEX_LINES, REVENUE_LINES
from forecasts.returns import factory_returns
from forecasts.scenario import Scenario
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR
from forecasts.written import percent

PUBLISHED_RACK_PRICE = "rack_price_usd_alt_foxconn"
"""The row of `hardware` behind the low end of the published cost of a gigawatt."""

SELLING = ("cloud_platform", "services_delivery", "overhead", "model_licence")
"""Running costs that published cost models leave to the seller."""

SMALL_MW, MIDDLE_MW, LARGE_MW = 5.0, 20.0, 100.0
"""Sizes up to which the published staff of small, middle and large sites is used."""

FEW, MIDDLING, MANY, CAMPUS = (
    "staff_per_mw_small",
    "staff_per_mw_middle",
    "staff_per_mw_large",
    "staff_per_mw_campus",
)

LABELS: Mapping[str, str] = {
    "capex_per_facility_mw": "Capex per MW of facility power",
    "capex_per_gpu": "Capex per GPU",
    "facility_kw_per_gpu": "Facility power per GPU",
    "revenue_per_mw_year": "Revenue per MW of IT load, first full year",
    "tco_per_gpu_hour": "Cost of owning a GPU-hour",
    "staff_per_mw": "Staff per MW",
    "min_dscr_12m": "Lowest 12-month DSCR",
    "racks_share_of_capex": "Racks as a share of capex",
}
"""Ratios in the order shown, and their names on screen."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One ratio of one factory beside its band.

    Attributes
    ----------
    name, label, factory : str
        Key, name on screen, key of the factory.
    value : float
        The model's figure.
    band : Fact
        The published range, with its source.
    reason : str
        Why it lies outside; empty inside.
    """

    name: str
    label: str
    factory: str
    value: float
    band: Fact
    reason: str

    @property
    def inside(self) -> bool:
        """Whether the value lies in the published range."""
        return within(self.value, self.band)


def within(value: float, band: Fact) -> bool:
    """Whether a value lies in a band, ends included."""
    low = band.low if band.low is not None else value
    high = band.high if band.high is not None else value
    return low <= value <= high


def ratios(result: Result, catalog: Catalog) -> tuple[Ratio, ...]:
    """Return every ratio of every factory that builds something, with its band and reason.

    Parameters
    ----------
    result : Result
        A projection.
    catalog : Catalog
        The tables; bands are in `bands`.
    """
    published = at_published_price(result.plan.scenario, catalog)
    found = []
    for row, site in enumerate(result.plan.sites):
        for name, value in values(result, row).items():
            band = catalog.fact("bands", indicator=_band_of(name, result, row))
            inside = within(value, band)
            reason = "" if inside else _REASONS[name](result, row, value, published)
            found.append(Ratio(name, LABELS[name], site.key, value, band, reason))
    return tuple(found)


def values(result: Result, row: int) -> dict[str, float]:
    """Return the ratios of one factory in the order of `LABELS`; empty when nothing is built."""
    phases = result.phases[row]
    if not phases:
        return {}
    q, returns = result.plan.quantities[row], factory_returns(result, row)
    capex = -float(result.total(CAPEX_LINES)[0, row].sum())
    facility_mw = sum(phase.it_mw for phase in phases) * float(q["pue"])
    gpus = sum(phase.gpus for phase in phases)
    found = {
        "capex_per_facility_mw": capex / facility_mw / 1e6,
        "capex_per_gpu": capex / gpus,
        "facility_kw_per_gpu": facility_mw * 1000 / gpus,
        "revenue_per_mw_year": _first_year_revenue(result, row),
        "tco_per_gpu_hour": returns["tco_annuity"].value,
        "staff_per_mw": _crew(result, row),
        "min_dscr_12m": returns["min_dscr_12m"].value,
        "racks_share_of_capex": -float(result.total(("racks",))[0, row].sum()) / capex
        if capex > 0
        else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _first_year_revenue(result: Result, row: int) -> float | None:
    """Revenue of the first twelve months after the ramp, USD m per MW live; None if none is."""
    first = result.phases[row][0]
    start = first.live + round(float(result.plan.quantities[row]["ramp_months"]))
    year = slice(start, start + MONTHS_PER_YEAR)
    live = float(result.sales.live_mw[row, year].sum()) / MONTHS_PER_YEAR
    earned = float(result.total(REVENUE_LINES)[0, row, year].sum()) / 1e6
    return earned / live if live > 0 else None


def _live_mw(result: Result, row: int) -> float:
    live = result.sales.live_mw[row]
    return float(live[live > 0].mean()) if (live > 0).any() else 0.0


def _crew(result: Result, row: int) -> float | None:
    """Persons per MW, over the live months."""
    q, mean_mw = result.plan.quantities[row], _live_mw(result, row)
    if mean_mw <= 0 or q["staff_salary"] <= 0:
        return None
    return float((q["staff_base"] / mean_mw + q["staff_cost"]) / q["staff_salary"])


def _band_of(name: str, result: Result, row: int) -> str:
    """Return the row of `bands` for a ratio: that of staff depends on the size."""
    if name != "staff_per_mw":
        return name
    size = _live_mw(result, row)
    limits = ((SMALL_MW, FEW), (MIDDLE_MW, MIDDLING), (LARGE_MW, MANY))
    return next((band for limit, band in limits if size <= limit), CAMPUS)


def at_published_price(scenario: Scenario, catalog: Catalog) -> Result:
    """Run a scenario at the published price of a rack, with no cost that moves with time."""
    price = catalog.number("hardware", system="vr_nvl72", attribute=PUBLISHED_RACK_PRICE)
    changes = {"rack_price": price, "rack_price_trend": 0.0, "construction_inflation": 0.0}
    return run(scenario.having(**changes), catalog)


def _why_capex(result: Result, row: int, value: float, published: Result) -> str:
    """Say what the model assumes of prices that the published figure does not."""
    q, first = result.plan.quantities[row], result.phases[row][0]
    name = "capex_per_facility_mw" if value < 1e4 else "capex_per_gpu"
    same = values(published, row).get(name)
    year = result.plan.start.year + first.live // MONTHS_PER_YEAR
    price = f"{float(q['rack_price']) / 1e6:.1f} m a rack"
    said = (
        f"Racks cost {price}, {percent(float(q['rack_price_trend']))} a year until delivery "
        f"(live in {year}). At the published 9.1 m and today's prices it is "
    )
    if same is None:
        return said.removesuffix("it is ").rstrip() + " nothing would be built."
    shown = f"{same:.1f}" if same < 1e4 else f"{same:,.0f}"
    return f"{said.removesuffix('it is ')}it would be {shown}."


def _why_power(result: Result, row: int, value: float, published: Result) -> str:  # noqa: ARG001
    q = result.plan.quantities[row]
    return (
        f"A rack takes {float(q['rack_power_kw']):.0f} kW for {float(q['gpus_per_rack']):.0f} "
        f"GPUs, and PUE is {float(q['pue']):.2f}."
    )


def _why_revenue(result: Result, row: int, value: float, published: Result) -> str:  # noqa: ARG001
    q = result.plan.quantities[row]
    sold = result.sales
    share = float(sold.sold_gpu_hours[0, row].sum() / max(sold.installed_gpu_hours[row].sum(), 1.0))
    return (
        f"{percent(share)} of the installed hours are sold, and a contract begins at "
        f"{float(q['gpu_hour_price']):.2f} USD an hour in the first month of the model."
    )


def _why_tco(result: Result, row: int, value: float, published: Result) -> str:  # noqa: ARG001
    """Split the cost of an hour into what published models hold and what they leave out."""
    returns = factory_returns(result, row)
    rate = returns["discount_rate"].value or 0.0
    hours = float(result.sales.installed_gpu_hours[row].sum())
    selling = -float(result.total(SELLING)[0, row].sum()) / hours
    running = -float(result.total(OPEX_LINES)[0, row].sum()) / hours
    capital = value - running
    capex = -float(result.total(CAPEX_LINES)[0, row].sum())
    racks = -float(result.total(("racks", "network_storage"))[0, row].sum())
    part = racks / capex if capex > 0 else 0.0
    months = float(result.plan.quantities[row]["hardware_life_years"]) * MONTHS_PER_YEAR
    gpus = sum(phase.gpus for phase in result.phases[row])
    free = capex / max(months, 1.0) / (gpus * HOURS_PER_MONTH)
    return (
        f"Capital {capital:.2f}: racks and network are {percent(part)} of it, an own hall "
        f"and all else the rest, all written off with the racks at {percent(rate, 1)} a year (at "
        f"no interest {free:.2f}). Running cost {running:.2f}, of it {selling:.2f} to sell the "
        "hours. The published figure rents the hall, sells nothing, and prices racks before memory "
        "got dearer."
    )


def _why_staff(result: Result, row: int, value: float, published: Result) -> str:  # noqa: ARG001
    q = result.plan.quantities[row]
    base = float(q["staff_base"] / q["staff_salary"])
    more = float(q["staff_cost"] / q["staff_salary"])
    return (
        f"A crew of {base:.0f} runs the smallest site, and {more:.1f} more come with each MW; here "
        f"{_live_mw(result, row):.1f} MW are live on average."
    )


def _why_cover(result: Result, row: int, value: float, published: Result) -> str:  # noqa: ARG001
    q = result.plan.quantities[row]
    return (
        f"Loans are sized to a cover of {float(q['target_dscr']):.2f} on contracted and "
        f"{float(q['merchant_dscr']):.2f} on other cash, and to "
        f"{percent(float(q['gearing']))} of cost."
    )


def _why_share(result: Result, row: int, value: float, published: Result) -> str:  # noqa: ARG001
    q = result.plan.quantities[row]
    return (
        f"A rack costs {float(q['rack_price']) / 1e6:.1f} m and its part of the hall "
        f"{float(q['build_cost']):.1f} USD a watt; network and storage add "
        f"{percent(float(q['network_storage_share']))} to the racks."
    )


_REASONS: Mapping[str, Callable[[Result, int, float, Result], str]] = {
    "capex_per_facility_mw": _why_capex,
    "capex_per_gpu": _why_capex,
    "facility_kw_per_gpu": _why_power,
    "revenue_per_mw_year": _why_revenue,
    "tco_per_gpu_hour": _why_tco,
    "staff_per_mw": _why_staff,
    "min_dscr_12m": _why_cover,
    "racks_share_of_capex": _why_share,
}


def ratios_data(found: tuple[Ratio, ...]) -> list[dict[str, object]]:
    """Return ratios as plain data."""
    return [
        {
            "factory": one.factory,
            "ratio": one.name,
            "value": one.value,
            "low": one.band.low,
            "high": one.band.high,
            "unit": one.band.unit,
            "inside": one.inside,
            "reason": one.reason,
            "row": one.band.place,
            "source": asdict(one.band.source) | {"confidence": str(one.band.source.confidence)},
        }
        for one in found
    ]
