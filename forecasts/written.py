"""Numbers inside sentences, written as everywhere on screen."""


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.326), percent(0.0991, 1), percent(-0.08)
    ('33 %', '9.9 %', '-8 %')
    """
    return f"{share:.{digits}%}".replace("%", " %")
