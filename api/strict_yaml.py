"""YAML read strictly: each name once in a mapping."""

from collections.abc import Hashable
from typing import Any

import yaml


class StrictLoader(yaml.SafeLoader):
    """YAML in which a name that one mapping has twice is an error, with its line and column."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping as a dictionary. Raises ConstructorError where it has a name twice."""
        seen: set[Any] = set()
        # Names that come by `<<` may be given again: that is what merging is for.
        for name_node, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if name_node.tag == "tag:yaml.org,2002:merge":
                continue
            name = self.construct_object(name_node, deep=True)
            if isinstance(name, Hashable):
                if name in seen:
                    detail = (
                        f"{name!r} is given twice in one mapping, and it is unclear which of the two counts; keep one"
                    )
                    raise yaml.constructor.ConstructorError(None, None, detail, name_node.start_mark)
                seen.add(name)
        return super().construct_mapping(node, deep=deep)
