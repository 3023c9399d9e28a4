"""Which limits hold a programme back, and what more of each would buy. Pure."""

from collections.abc import Mapping
from math import ceil
from typing import Any

import pandas as pd

from dashboard.theme import money, number

Data = Mapping[str, Any]

NOTHING_MORE = "nothing"
"""Written where more of a limit buys nothing."""

ONE_MORE = "One unit more adds"


def headline(data: Data) -> str:
    """Say which limit holds the programme back most, and what it takes to buy more."""
    stated = [one for one in data["limits"] if one["lifted"] is not None]
    if not stated:
        return "No limit is stated"
    binding = [one for one in stated if one["binds"]]
    if not binding:
        gain = data["gain_without_limits_usd"]
        if gain > 0:
            return f"No limit alone holds the programme back; together they cost {money(gain)}"
        return "No limit holds this programme back"
    worst = max(binding, key=lambda one: one["lifted"]["npv_gain_usd"])
    least = worst["smallest_step"]
    return (
        f"{worst['label']} holds the programme back: {_more(worst, least['more'])} a year more "
        f"adds {money(least['npv_gain_usd'])} of NPV"
    )


def _more(one: Data, value: float) -> str:
    """Write a step rounded up: what is written is enough."""
    fine = {"USD": 1e6, "MW": 0.1, "racks": 1.0}[one["unit"]]
    return _much(one, ceil(value / fine - 1e-6) * fine)


def _much(one: Data, value: float) -> str:
    if one["unit"] == "USD":
        return money(value)
    if one["unit"] == "racks" and value == 1:
        return "1 rack"
    digits = 0 if float(value).is_integer() or value >= 100 else 1
    return f"{number(value, digits)} {one['unit']}"


def limits_table(data: Data) -> pd.DataFrame:
    """Table of the limits: how much is used, and what more of each would buy."""
    rows = []
    for one in data["limits"]:
        if one["lifted"] is None:
            continue
        place = one["fullest_year"]
        when = "never used"
        if place is not None:
            when = (
                f"{data['first_year'] + place}: {_much(one, one['used'][place])} of "
                f"{_much(one, one['stated'][place])}"
            )
        least = one["smallest_step"]
        rows.append(
            {
                "Limit a year": one["label"],
                "Fullest year": when,
                ONE_MORE: f"{_much(one, one['one_unit'])}: {_gain(one['one_unit_more'])}",
                "Smallest step that buys more": NOTHING_MORE
                if least is None
                else f"{_more(one, least['more'])}: {_gain(least)}{_rate(one, least)}",
                "Without this limit": _gain(one["lifted"]),
                "As the only limit it costs": money(one["alone_costs_usd"])
                if one["alone_costs_usd"]
                else NOTHING_MORE,
            }
        )
    return pd.DataFrame(rows)


def _gain(step: Data) -> str:
    gain, error = step["npv_gain_usd"], step["npv_gain_standard_error_usd"]
    return f"{money(gain)} \N{PLUS-MINUS SIGN} {number(error / 1e6, 1)}" if gain else NOTHING_MORE


def _rate(one: Data, step: Data) -> str:
    """NPV by unit of the limit: its shadow value over this step."""
    if step["usd_per_unit"] is None:
        return ""
    if one["unit"] == "USD":
        return f" ({number(step['usd_per_unit'], 2)} per USD)"
    return f" ({money(step['usd_per_unit'])} per {one['unit'].removesuffix('s')})"


def years_table(data: Data) -> pd.DataFrame:
    """Table of what the programme takes in each year, beside the limits."""
    headings = {
        "budget_usd": ("Capex, USD m", 1e-6),
        "grid_mw": ("Grid power, MW", 1.0),
        "racks": ("Racks ordered", 1.0),
    }
    found: dict[str, list[float | int | None]] = {}
    for one in data["limits"]:
        heading, scale = headings[one["limit"]]
        found[heading] = [value * scale for value in one["used"]]
        if one["lifted"] is not None:
            found[f"of {heading[:1].lower()}{heading[1:]}"] = [
                None if value is None else value * scale for value in one["stated"]
            ]
    frame = pd.DataFrame(found).astype("float64")
    frame.insert(0, "Year", [str(data["first_year"] + place) for place in range(len(frame))])
    taken = [heading for heading, _ in headings.values()]
    return frame[(frame[taken] > 0).any(axis=1)].reset_index(drop=True)


def programme_names(data: Data) -> dict[str, str]:
    """Name every programme of the frontier that builds something, by its number from 1."""
    return {
        str(place): f"{place}: mean {money(one['mean_npv_usd'])}, worst paths "
        f"{money(one['tail_npv_usd'])}, {len(one['chosen'])} site"
        f"{'s' * (len(one['chosen']) > 1)}"
        for place, one in enumerate(data["frontier"], start=1)
        if one["chosen"]
    }
