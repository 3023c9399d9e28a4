"""Libraries that take long to import, imported when they are first used."""

import importlib


class Late:
    """Stands for a module until one of its names is asked for.

    Parameters
    ----------
    name : str
        The module.

    Examples
    --------
    >>> Late("math").sqrt(9.0)
    3.0
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        found: object = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, found)  # asked for once
        return found
