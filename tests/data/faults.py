"""Faults made on purpose, and rows that must survive them."""

import multiprocessing

import pandas as pd

from data.actors import Actor
from data.catalog_store import Incoming

ANA = Actor("ana")
FORK = multiprocessing.get_context("fork")


def rows(value: int) -> Incoming:
    row = {"series": "count", "period": "2026", "value": float(value), "unit": "count"}
    proof = {"confidence": "assumption", "notes": "A count."}
    return Incoming("own_series", pd.DataFrame([row | proof]), file=str(value).encode() * 500)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def holed(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * 8192 + content[12288:]
