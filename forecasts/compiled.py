"""Compiled functions: plain loops over months at the speed of C.

A stage of the model is a function of numbers and arrays for one factory on one path. Compiled, it
stays in the processor's cache; the base case and each of a million paths run the same code and so
give the same bits. Without numba's compiler (`NUMBA_DISABLE_JIT=1`) they run as plain Python.

The compiler itself is imported when a stage is first called: importing the model stays cheap.
Machine code is kept beside the sources in a folder named after their content: numba itself only
looks at the file of the outermost function, and would keep stale code when a stage changes.
"""

import hashlib
import pickle
import re
from collections.abc import Callable
from functools import cached_property, lru_cache, update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from forecasts.units import Array

Record = Any
"""One row of a structured array; its fields are read as attributes inside compiled functions."""

Rows = tuple[Array, ...]
"""Some rows of months."""

_Stage = TypeVar("_Stage", bound=Callable[..., Any])

_FIXED = ("lines.py", "units.py", "records.py")
"""Modules whose constants are compiled in."""


_UNREADABLE = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    TypeError,
    ValueError,
)
"""What reading a broken file of machine code raises."""

_MARK = re.compile(rb"^@(compiled|summing|bare|contracting|apart)", re.MULTILINE)

_HERE = Path(__file__).parent


def _fingerprint(folder: Path, version: str) -> str:
    """Hash of every source that is compiled."""
    found = hashlib.sha256(version.encode())
    for path in sorted(folder.glob("*.py")):
        source = path.read_bytes()
        if path.name in _FIXED or _MARK.search(source):
            found.update(path.name.encode() + source)
    return found.hexdigest()[:16]


@lru_cache(maxsize=1)
def _compiler() -> Callable[..., Any]:
    """Import numba and tell it where to keep machine code; return its decorator."""
    import numba
    from numba.core import config
    from numba.core.caching import IndexDataCacheFile
    from numba.core.cpu import CPUTargetOptions
    from numba.core.options import TargetOptions

    folder = f"compiled-{_fingerprint(_HERE, numba.__version__)}"
    setattr(config, "CACHE_DIR", str(_HERE / "__pycache__" / folder))  # noqa: B010 - its type stubs lack the name
    # Its compiler knows this flag, but no decorator of its own passes it on.
    mapping = cast("Callable[[str], object]", TargetOptions.Mapping)
    setattr(CPUTargetOptions, "noalias", mapping("noalias"))  # noqa: B010
    for name in ("_load_index", "_load_data"):
        setattr(IndexDataCacheFile, name, _or_none(getattr(IndexDataCacheFile, name)))
    return cast("Callable[..., Any]", numba.njit)


def _or_none(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return a reader of kept machine code that takes a broken file for a missing one.

    A machine that lost its power leaves such files; the code is compiled again and replaces them.
    """

    def reading(*arguments: object) -> object:
        try:
            return read(*arguments)
        except _UNREADABLE as error:
            if read.__name__ == "_load_index":
                return {}
            raise FileNotFoundError("machine code that cannot be read") from error

    return reading


class _Late:
    """A stage that is compiled, or its machine code loaded, when it is first called."""

    def __init__(self, stage: Callable[..., Any], options: dict[str, object]) -> None:
        update_wrapper(self, stage)
        self._stage, self._options = stage, options

    @cached_property
    def _machine(self) -> Callable[..., Any]:
        options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": True}
        options |= self._options
        return cast("Callable[..., Any]", _compiler()(**options)(self._stage))

    @property
    def _numba_type_(self) -> object:
        """What numba takes it for when another stage calls it."""
        return cast("Any", self._machine)._numba_type_

    def __call__(self, *arguments: object) -> object:
        return self._machine(*arguments)


_BARE: dict[str, object] = {"_nrt": False}
"""Arrays are not counted."""


def compiled(stage: _Stage) -> _Stage:
    """Compile a function on its first call and keep the machine code.

    Floating point stays strict: no reordering, no contraction, division by zero gives inf.
    """
    return cast("_Stage", _Late(stage, {}))


def summing(stage: _Stage) -> _Stage:
    """Compile a function that mostly sums, as `apart` does, with additions in any order.

    Several sums then run side by side, about three times as fast. The order is fixed when the
    function is compiled: the same bits on every run, path and thread of one kind of processor.
    """
    options = _BARE | {"noalias": True, "fastmath": {"reassoc", "nsz"}}
    return cast("_Stage", _Late(stage, options))


def bare(stage: _Stage) -> _Stage:
    """Compile a function that owns no memory into each compiled function that calls it.

    It makes no array: rows to work in are handed to it. What it returns may hold arrays that were
    handed to it, and only other bare functions may take them from it. Counting who uses an array
    costs as much as a tenth of its months, and handing over a factory, some three hundred
    numbers, at every call a sixth of a path.
    """
    return cast("_Stage", _Late(stage, _BARE | {"forceinline": True}))


def apart(stage: _Stage) -> _Stage:
    """Compile a function as `bare` does whose arrays do not overlap.

    Several rows are then filled in one loop, four months at a time: what they read is read once.
    Whoever calls it with overlapping arrays, one of which is filled, gets wrong numbers.
    """
    return cast("_Stage", _Late(stage, _BARE | {"noalias": True}))


def contracting(stage: _Stage) -> _Stage:
    """Compile a function as `bare` does, a product and its addition in one step.

    That rounds once instead of twice, in half the time, on processors that can.
    """
    return cast("_Stage", _Late(stage, _BARE | {"fastmath": {"contract"}}))


@bare
def whole(value: float) -> int:
    """Nearest whole number, halves to even as `round` does."""
    return int(np.rint(value))
