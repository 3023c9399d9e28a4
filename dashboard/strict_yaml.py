"""YAML as people mean it: a key written twice is a mistake, not a choice of the last."""

import re
from collections.abc import Hashable
from typing import cast

import yaml

BROKEN = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What PyYAML's constructors raise at a tag that its value does not fit."""

OTHER_BASE = re.compile(r"[-+]?(0[0-9_]+|[0-9_]+(:[0-9_.]+)+)")
"""Numbers that YAML 1.1 takes for octal, or for sixtieths: 010 is 8, and 8:50 is 530."""


class StrictLoader(yaml.SafeLoader):
    """PyYAML's safe loader, which also refuses repeated keys, impossible values, nested aliases.

    Numbers that YAML reads to another base than they are written in are refused. An alias within
    what an alias repeats grows without bounds: a page of text fills the memory.
    """

    inside = 0
    """Anchored values that are being read, one in the other."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Read a value; name the line of an alias within a value that has an anchor itself."""
        event = cast(yaml.Event, self.peek_event())  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) and self.inside:
            problem = f"the alias *{event.anchor} within a repeated value"
            mark = cast("yaml.error.Mark | None", event.start_mark)
            raise yaml.composer.ComposerError(None, None, problem, mark)
        anchored = getattr(event, "anchor", None) is not None
        self.inside += anchored
        node = super().compose_node(parent, index)
        self.inside -= anchored
        return node

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Build a mapping; name the line of a key that was there before."""
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    problem = f"the key {key.value!r} a second time"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """Build a value; name the line of one that cannot be, such as the 30th of February."""
        try:
            made = super().construct_object(node, deep=deep)
        except BROKEN as error:
            raise _impossible(node, _why(error)) from error
        if isinstance(made, int | float) and OTHER_BASE.fullmatch(str(node.value)):
            raise _impossible(node, f"YAML reads it as {made:g}; write plain digits")
        return made


def _why(error: Exception) -> str:
    if not isinstance(error, ValueError):
        return "its tag does not fit it"
    return "it has too many digits" if "digits" in str(error) else str(error)


def _impossible(node: yaml.Node, why: str) -> yaml.constructor.ConstructorError:
    text = f"{getattr(node, 'value', '')!s:.40}, which cannot be ({why})"
    return yaml.constructor.ConstructorError(None, None, text, node.start_mark)
