"""Compiled functions: plain loops over months at the speed of C.

A stage of the model is a function of numbers and arrays for one factory on one path. Compiled, it
stays in the processor's cache; the base case and each of a million paths run the same code and so
give the same bits. Without numba's compiler (`NUMBA_DISABLE_JIT=1`) they run as plain Python.

Machine code is kept beside the sources in a folder named after their content: numba itself only
looks at the file of the outermost function, and would keep stale code when a stage changes.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core import config

Record = Any
"""One row of a structured array; its fields are read as attributes inside compiled functions."""

_Stage = TypeVar("_Stage", bound=Callable[..., Any])

_FIXED = ("lines.py", "units.py", "records.py")
"""Modules whose constants are compiled in."""


_MARK = re.compile(rb"^@(compiled|summing)", re.MULTILINE)


def _fingerprint(folder: Path) -> str:
    """Hash of every source that is compiled."""
    found = hashlib.sha256(numba.__version__.encode())
    for path in sorted(folder.glob("*.py")):
        source = path.read_bytes()
        if path.name in _FIXED or _MARK.search(source):
            found.update(path.name.encode() + source)
    return found.hexdigest()[:16]


_HERE = Path(__file__).parent
setattr(config, "CACHE_DIR", str(_HERE / "__pycache__" / f"compiled-{_fingerprint(_HERE)}"))  # noqa: B010 - its type stubs lack the name


def compiled(stage: _Stage) -> _Stage:
    """Compile a function on its first call and keep the machine code.

    Floating point stays strict: no reordering, no contraction, division by zero gives inf.
    """
    made = numba.njit(cache=True, nogil=True, error_model="numpy")(stage)
    return cast("_Stage", made)


def summing(stage: _Stage) -> _Stage:
    """Compile a function that mostly sums, as `compiled` does, with additions in any order.

    Several sums then run side by side, about three times as fast. The order is fixed when the
    function is compiled: the same bits on every run, path and thread of one kind of processor.
    """
    made = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "nsz"})
    return cast("_Stage", made(stage))


@compiled
def whole(value: float) -> int:
    """Nearest whole number, halves to even as `round` does."""
    return int(np.rint(value))
