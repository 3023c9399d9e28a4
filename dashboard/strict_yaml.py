"""YAML as people mean it: a key written twice is a mistake, not a choice of the last."""

from collections.abc import Hashable

import yaml


class StrictLoader(yaml.SafeLoader):
    """PyYAML's safe loader, which also refuses repeated keys and impossible dates."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        """Build a mapping; name the line of a key that was there before."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    problem = f"the key {key.value!r} a second time"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """Build a value; name the line of one that cannot be, such as the 30th of February."""
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:
            text = f"{getattr(node, 'value', '')!s:.40}, which cannot be ({error})"
            raise yaml.constructor.ConstructorError(None, None, text, node.start_mark) from error
