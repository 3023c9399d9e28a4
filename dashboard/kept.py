"""The last few results of costly work, kept for everyone who asks again."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
One = TypeVar("One")


class Kept(Generic[Key, One]):
    """Results by what they depend on; safe to use from several sessions.

    Parameters
    ----------
    most : int
        Results kept; the one used longest ago goes first.

    Examples
    --------
    >>> kept = Kept[str, int](most=2)
    >>> for name in "ab":
    ...     kept.put(name, ord(name))
    >>> kept.get("a")
    97
    >>> kept.put("c", 99)
    >>> kept.get("b") is None
    True
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Key, One] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> One | None:
        """Return what is kept under a key."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Key, one: One) -> None:
        """Keep one more."""
        with self._lock:
            self._found[key] = one
            while len(self._found) > self._most:
                self._found.popitem(last=False)
