"""What is no single number, read from a link: phases, curves, months, names, ties."""

import datetime as dt
from collections.abc import Callable, Mapping
from urllib.parse import unquote

PHASES = "phases"
"""Last part of the key that holds a factory's entered phases."""

CURVE = "fx_curve"
"""Last part of the key that holds the forward curve of a factory's currency."""

DATA = "data"
"""What a link writes where a value is taken from the tables again."""


def _phases(text: str) -> tuple[dict[str, object], ...]:
    return tuple(_phase(part) for part in text.split(",") if part != DATA)


def _phase(text: str) -> dict[str, object]:
    decision, racks, energised, model, *_ = [*text.split("~"), "", "", ""]
    return {
        "decision": _month(decision),
        "racks": int(racks),
        "energised": _month(energised) if energised else None,
        "rack_model": model or None,
    }


def _month(text: str) -> str:
    return dt.date.fromisoformat(f"{text[:7]}-01").isoformat()


def _names(text: str) -> tuple[str, ...]:
    return () if text == DATA else tuple(text.split(","))


def _ties(text: str) -> dict[str, str]:
    pairs = [part.partition("~") for part in text.split(",") if part != DATA]
    return {unquote(key): unquote(name) for key, _, name in pairs}


def _curve(text: str) -> dict[int, float]:
    pairs = [part.partition("~") for part in text.split(",") if part != DATA]
    return {int(year): float(value) for year, _, value in pairs}


READERS: Mapping[str, Callable[[str], object]] = {
    PHASES: _phases,
    CURVE: _curve,
    "start": _month,
    "months": int,
    "factories": _names,
    "follows": _ties,
}


WRITTEN: Mapping[str, str] = {
    PHASES: "2027-06~64, month and whole racks",
    CURVE: "2027~1,2031~0.8, whole years and values",
    "start": "2027-01",
    "months": "180, a whole number",
    "factories": "malaysia,belgium",
    "follows": "driver~series",
}
"""How what is no single number is written in a link."""
