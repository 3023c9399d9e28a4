"""The model is made ready by a thread of its own, while the server is still being imported."""

import gc
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

from data.catalog import bundled
from forecasts.engine import run
from forecasts.scenario import Scenario

TURN_S = 0.001
"""Seconds after which a thread that works lets others in: a browser asks for a hundred files while
paths are drawn for it, and each answer waits for its turn several times."""


@lru_cache(maxsize=1)
def model() -> Future[None]:
    """Begin to make the model ready, once; what is returned is done when it is.

    Until the server is ready nothing is thrown away, so nobody looks for what could be.
    """
    gc.disable()
    sys.setswitchinterval(TURN_S)
    return ThreadPoolExecutor(1, "model").submit(_ready)


def _ready() -> None:
    run(Scenario(), bundled())
