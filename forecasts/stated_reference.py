"""The reference of all keys of a file of stated projects, made from the schema itself."""

import types
import typing
from collections.abc import Iterator

from pydantic.fields import FieldInfo

from forecasts.stated_blocks import Block
from forecasts.stated_schema import StatedFile
from forecasts.units import Unit


def reference() -> str:
    """Return a Markdown table for each block: key, unit or choices, default, meaning.

    docs/stated-projects.md ends with this text; a test compares them. To renew it:
    `python -c "from forecasts.stated_reference import reference; print(reference())"`.
    """
    return "\n\n".join(_table(block) for block in blocks(StatedFile))


def blocks(first: type[Block]) -> list[type[Block]]:
    """Every block of the schema, in the order in which it is met."""
    found = [first]
    for block in found:
        for field in block.model_fields.values():
            found += [inner for inner in _inside(field.annotation) if inner not in found]
    return found


def _inside(annotation: object) -> Iterator[type[Block]]:
    if isinstance(annotation, type) and not typing.get_args(annotation):
        if issubclass(annotation, Block):
            yield annotation
        return
    for inner in typing.get_args(annotation):
        yield from _inside(inner)


def _table(block: type[Block]) -> str:
    summary = (block.__doc__ or "").strip().splitlines()[0]
    head = f"### {block.__name__}\n\n{summary}\n\n| key | value | default | meaning |"
    rows = [_row(name, field) for name, field in block.model_fields.items()]
    return "\n".join([head, "|---|---|---|---|", *rows])


def _row(name: str, field: FieldInfo) -> str:
    default = "needed" if field.is_required() else _shown(field)
    meaning = " ".join((field.description or "").split()).replace("|", "\\|")
    return f"| `{name}` | {_value(field)} | {default} | {meaning} |"


def _shown(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Block) or value in (None, (), {}, ""):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _value(field: FieldInfo) -> str:
    unit = next((one for one in field.metadata if isinstance(one, Unit)), None)
    return _unit_text(unit) if unit is not None else _text(field.annotation)


def _unit_text(unit: Unit) -> str:
    texts = {"share": "share, 0 to 1", "share_per_year": "share a year", "count": "number"}
    return texts.get(unit.table, unit.text or unit.table)


def _text(annotation: object) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        unit = next((one for one in inner[1:] if isinstance(one, Unit)), None)
        return _unit_text(unit) if unit is not None else _text(inner[0])
    if origin in (typing.Union, types.UnionType):
        return ", ".join(_text(one) for one in inner if one is not type(None))
    if origin is typing.Literal:
        return ", ".join(f"`{one}`" for one in inner)
    if origin is dict:
        return f"name: {_text(inner[1])}"
    if origin is tuple:
        return f"list of {_text(inner[0])}"
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    names = {"str": "text", "bool": "true or false", "date": "date", "int": "whole number"}
    name = getattr(annotation, "__name__", str(annotation))
    return names.get(name, name)
