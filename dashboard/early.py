"""What is begun before it is asked for: the tables while the server is imported, then the model."""

import gc
import importlib
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

from data.catalog import Catalog, bundled
from forecasts.engine import run
from forecasts.scenario import Scenario


@lru_cache(maxsize=1)
def tables() -> Future[Catalog]:
    """Begin to read the tables, once; what is returned has them, or why they cannot be used.

    Until the server stands nothing is thrown away, so nobody looks for what could be. Pandas is
    loaded first and whole: what is imported meanwhile fails on one that a thread has loaded half.
    """
    gc.disable()
    importlib.import_module("pandas")
    return ThreadPoolExecutor(1, "tables").submit(bundled)


@lru_cache(maxsize=1)
def model() -> Future[object]:
    """Begin to work the base case out, once; what is returned is done when it stands.

    This makes every forecast and loads the compiled code: all that a first page would wait for.
    """
    return ThreadPoolExecutor(1, "model").submit(lambda: run(Scenario(), bundled()))
