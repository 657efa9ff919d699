"""Sizes and names: modules of at most 400 lines, functions of at most 40, a docstring on all that is public.

No module is a place for whatever fits nowhere. Complexity is the linter's to count; nothing may talk itself out of it.
"""

import ast
import io
import re
import tokenize
from pathlib import PurePath

import pytest

from tests.architecture.modules import Module, modules, snippet

MODULE_LINES, FUNCTION_LINES = 400, 40
NO_CONCEPTS = {"common", "core", "helper", "helpers", "lib", "misc", "util", "utils"}
EXCUSE = re.compile(r"noqa(?!:)|noqa:.*\b(C901|PLR09\d\d)\b")
MODULES = modules("api", "domain", "clients", "migrations/env.py")
GENERATED = ("clients/python/apos_client/_keywords.py", "clients/python/apos_client/_models.py")
"""Nobody writes these: they are as long as the contract is."""
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_large(module: Module) -> list[str]:
    """The module, where it is too long, and its functions that are."""
    lines = len(module.text.splitlines())
    is_too_long = lines > MODULE_LINES and module.path not in GENERATED
    faults = [f"{module.path}: {lines} lines, at most {MODULE_LINES}"] if is_too_long else []
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                faults.append(f"{module.at(node)}: {node.name} has {length} lines, at most {FUNCTION_LINES}")
    return faults


def misnamed(module: Module) -> list[str]:
    """The parts of a module's path that name no concept."""
    parts = [*PurePath(module.path).parts[:-1], PurePath(module.path).stem]
    return [f"{module.path}: {part} names no concept" for part in parts if part.strip("_").lower() in NO_CONCEPTS]


def excused(module: Module) -> list[str]:
    """The comments of a module that excuse its complexity, or everything."""
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    return [f"{module.path}:{c.start[0]}: {c.string} excuses too much" for c in comments if EXCUSE.search(c.string)]


def undocumented(module: Module) -> list[str]:
    """The public modules, classes, functions and methods without a docstring.

    A method that a base class has already means what it means there. What is defined within a function is its own affair.
    """
    if module.is_package:
        return []
    faults = [] if ast.get_docstring(module.tree) else [f"{module.path}:1: the module has no docstring"]
    return faults + _undocumented(module, module.tree.body, None)


def _undocumented(module: Module, body: list[ast.stmt], within: ast.ClassDef | None) -> list[str]:
    faults = []
    for node in body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not (within and _is_inherited(module, within, node.name)):
            name = f"{within.name}.{node.name}" if within else node.name
            faults.append(f"{module.at(node)}: {name} has no docstring")
        if isinstance(node, ast.ClassDef):
            faults += _undocumented(module, node.body, node)
    return faults


def _is_inherited(module: Module, within: ast.ClassDef, name: str) -> bool:
    """Whether a base of a class has this method: a class of the same module, or one that is imported."""
    own = {node.name: node for node in module.tree.body if isinstance(node, ast.ClassDef)}
    for base in within.bases:
        inner = base.value if isinstance(base, ast.Subscript) else base
        if isinstance(inner, ast.Name) and inner.id in own:
            local = own[inner.id]
            if any(isinstance(node, Function) and node.name == name for node in local.body):
                return True
            if _is_inherited(module, local, name):
                return True
        elif hasattr(module.names.of(inner), name):
            return True
    return False


def test_there_are_modules_of_every_part() -> None:
    assert {PurePath(module.path).parts[0] for module in MODULES} == {"api", "domain", "clients", "migrations"}


def test_no_module_and_no_function_is_too_long() -> None:
    assert [fault for module in MODULES for fault in too_large(module)] == []


def test_every_module_is_named_after_a_concept() -> None:
    assert [fault for module in MODULES for fault in misnamed(module)] == []


def test_nothing_is_excused_from_being_simple() -> None:
    assert [fault for module in MODULES for fault in excused(module)] == []


def test_all_that_is_public_is_documented() -> None:
    assert [fault for module in MODULES for fault in undocumented(module)] == []


def test_a_module_that_is_too_long_is_seen() -> None:
    assert too_large(snippet("api/long.py", "x = 1\n" * 400)) == []
    assert too_large(snippet("api/long.py", "x = 1\n" * 401)) == ["api/long.py: 401 lines, at most 400"]


@pytest.mark.parametrize("keyword", ["def", "async def"])
def test_a_function_that_is_too_long_is_seen_docstring_included(keyword: str) -> None:
    text = f'@decorated\n{keyword} long():\n    """It is long."""\n' + "    x = 1\n" * 38
    assert too_large(snippet("api/long.py", text)) == []
    assert too_large(snippet("api/long.py", text + "    x = 1\n")) == ["api/long.py:2: long has 41 lines, at most 40"]


def test_a_function_within_a_function_is_seen_too() -> None:
    text = "def outer():\n    def inner():\n" + "        x = 1\n" * 40
    assert too_large(snippet("api/long.py", text)) == [
        "api/long.py:1: outer has 42 lines, at most 40",
        "api/long.py:2: inner has 41 lines, at most 40",
    ]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("api/utils.py", "utils"),
        ("api/helpers.py", "helpers"),
        ("domain/common/lots.py", "common"),
        ("clients/python/apos_client/_util.py", "_util"),
        ("api/core/__init__.py", "core"),
        ("domain/lib.py", "lib"),
        ("domain/misc.py", "misc"),
    ],
)
def test_a_module_that_is_no_concept_is_seen(path: str, part: str) -> None:
    assert misnamed(snippet(path, "")) == [f"{path}: {part} names no concept"]


def test_a_concept_that_contains_such_a_word_is_fine() -> None:
    assert misnamed(snippet("domain/common_parts.py", "")) == []


@pytest.mark.parametrize("comment", ["# noqa: C901", "# noqa: ARG001, PLR0912  # long", "# noqa"])
def test_an_excuse_is_seen(comment: str) -> None:
    found = excused(snippet("api/lots.py", f"def long():  {comment}\n    return '# noqa: C901'\n"))
    assert found == [f"api/lots.py:1: {comment} excuses too much"]


def test_another_excuse_is_not_this_test_to_judge() -> None:
    assert excused(snippet("api/lots.py", "def RequiresRead():  # noqa: N802  # reads as a type\n    ...\n")) == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param("x = 1", ["1: the module has no docstring"], id="a module"),
        pytest.param('"""A module."""\nclass Lot: ...', ["2: Lot has no docstring"], id="a class"),
        pytest.param('"""A module."""\nasync def lots(): ...', ["2: lots has no docstring"], id="a function"),
        pytest.param(
            '"""A module."""\nclass Lot:\n    """A lot."""\n    def code(self): ...',
            ["4: Lot.code has no docstring"],
            id="a method",
        ),
        pytest.param(
            '"""A module."""\nfrom domain.portfolio.lots import Lot as Base\n'
            'class Lot(Base):\n    """A lot."""\n    def code_of(self): ...',
            ["5: Lot.code_of has no docstring"],
            id="a method that no base has",
        ),
    ],
)
def test_what_is_public_and_undocumented_is_seen(text: str, faults: list[str]) -> None:
    assert undocumented(snippet("api/lots.py", text)) == [f"api/lots.py:{fault}" for fault in faults]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty module that makes its folder a package"),
        pytest.param('"""A module."""\ndef _own(): ...\nclass _Own:\n    def own(self): ...', id="what is private"),
        pytest.param('"""A module."""\ndef outer():\n    """It is."""\n    def inner(): ...', id="within a function"),
        pytest.param(
            '"""A module."""\nfrom fastapi.routing import APIRoute\n'
            'class Route(APIRoute):\n    """A route."""\n    def get_route_handler(self): ...',
            id="a method that a base of a library has",
        ),
        pytest.param(
            '"""A module."""\nclass Base:\n    """A."""\n    def of(self):\n        """B."""\n'
            'class Middle(Base):\n    """C."""\nclass Lot(Middle):\n    """D."""\n    def of(self): ...',
            id="a method that a base of this module has",
        ),
    ],
)
def test_what_needs_no_docstring_is_not_asked_for_one(text: str) -> None:
    assert undocumented(snippet("api/lots.py", text)) == []
