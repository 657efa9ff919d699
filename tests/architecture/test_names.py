"""Names: one class, one meaning. Who reads a class name in an import must not have to ask which of two is meant."""

import ast
from collections import defaultdict
from collections.abc import Sequence

import pytest

from tests.architecture.modules import Module, modules, snippet

DISTRIBUTIONS = {"service": ("api", "domain", "migrations"), "client": ("clients/python",)}
"""The service and the client are installed apart and import nothing of each other: both may have a `Lot`."""


def defined_twice(parts: Sequence[Module]) -> list[str]:
    """The class names that more than one of these modules defines, at the top level, with the modules."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for module in parts:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module.path)
    return [f"{name}: {', '.join(paths)}" for name, paths in sorted(places.items()) if len(paths) > 1]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_no_class_name_is_defined_in_two_modules(distribution: str) -> None:
    assert defined_twice(modules(*DISTRIBUTIONS[distribution])) == []


def test_a_class_name_that_is_defined_in_two_modules_is_seen() -> None:
    one = snippet("api/routes/lots.py", "class Lot: ...\nclass _Line: ...")
    other = snippet("domain/lots.py", "class Lot: ...\nclass LotPartner: ...")
    third = snippet("domain/lines.py", "class _Line: ...\ndef line():\n    class Lot: ...")
    assert defined_twice([one, other, third]) == [
        "Lot: api/routes/lots.py, domain/lots.py",
        "_Line: api/routes/lots.py, domain/lines.py",
    ]
