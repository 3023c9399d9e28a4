"""What an assumption is, as data: name, help, unit, limits, section, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from forecasts.quantity_names import screen_name
from forecasts.units import Unit


@dataclass(frozen=True, slots=True)
class Section:
    """The heading a quantity stands under, on screen and in exports."""

    title: str


@dataclass(frozen=True, slots=True)
class FromData:
    """A quantity that each site takes from a table unless the scenario states it.

    Attributes
    ----------
    table : str
        `sites` (by country) or `factories` (by factory).
    parameter : str
        The row's parameter.
    scale : float
        Model value = table value x scale (0.01 turns percent into a share).
    """

    table: str
    parameter: str
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Quantity:
    """One assumption, described once.

    Attributes
    ----------
    name : str
        Field of `Scenario`.
    help : str
        What it means, in a sentence.
    unit : Unit
        How it is written.
    section : Section
        Where it is shown.
    default : float or None
        Base value; None where each site takes it from a table.
    low, high : float
        Possible range; outside it a value is refused.
    from_data : FromData or None
        The table row behind a None.
    whole : bool
        Whether only whole numbers make sense.
    above : bool
        Whether the lower end itself is refused.
    """

    name: str
    help: str
    unit: Unit
    section: Section
    default: float | None
    low: float
    high: float
    from_data: FromData | None
    whole: bool
    above: bool = False

    def within(self, value: float) -> bool:
        """Whether a value lies in the possible range; no number does not."""
        return self.low <= value <= self.high and not (self.above and value == self.low)

    @property
    def limits(self) -> str:
        """The possible range in words."""
        least = f"above {self.low:g} up" if self.above else f"{self.low:g}"
        return f"{least} to {self.high:g} ({self.unit.table})"

    @property
    def label(self) -> str:
        """The name as it is written on screen."""
        return screen_name(self.name)


def collect(model: type[BaseModel]) -> Mapping[str, Quantity]:
    """Return the assumptions among the fields of a model, in order.

    A field is an assumption when its type carries a `Section`.
    """
    found = {name: _quantity(name, field) for name, field in model.model_fields.items()}
    return {name: quantity for name, quantity in found.items() if quantity is not None}


def _quantity(name: str, field: FieldInfo) -> Quantity | None:
    marks = _marks(field)
    section = next((mark for mark in marks if isinstance(mark, Section)), None)
    if section is None:
        return None
    unit = next(mark for mark in marks if isinstance(mark, Unit))
    least, beyond = (max(_limits(marks, one), default=float("-inf")) for one in ("ge", "gt"))
    return Quantity(
        name=name,
        help=field.description or "",
        unit=unit,
        section=section,
        default=field.default,
        low=max(least, beyond),
        high=min(_limits(marks, "le", "lt"), default=float("inf")),
        from_data=next((mark for mark in marks if isinstance(mark, FromData)), None),
        whole=unit.table in {"racks", "count", "months", "days"},
        above=least <= beyond > float("-inf"),
    )


def _marks(field: FieldInfo) -> list[object]:
    """Collect what is annotated on the field and, for `X | None`, on X."""
    marks: list[object] = list(field.metadata)
    for option in get_args(field.annotation):
        if get_origin(option) is Annotated:
            for mark in get_args(option)[1:]:
                marks += mark.metadata if isinstance(mark, FieldInfo) else [mark]
    return marks


def _limits(marks: list[object], *names: str) -> list[float]:
    return [
        float(getattr(mark, name))
        for mark in marks
        for name in names
        if getattr(mark, name, None) is not None
    ]
