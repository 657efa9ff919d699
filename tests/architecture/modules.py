"""The files of the project, its modules as syntax trees, and what the names in them stand for."""

import ast
import importlib
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]


def files() -> list[str]:
    """Every file that is committed, or will be when everything is added, by its path in the project."""
    listed = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(path for path in set(found) if path and (ROOT / path).is_file())


@dataclass(frozen=True)
class Module:
    """A module's path in the project and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, self.path)

    @cached_property
    def names(self) -> "Names":
        """What the names in it stand for."""
        return Names(self.tree)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {inner: outer for outer in ast.walk(self.tree) for inner in ast.iter_child_nodes(outer)}

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, the nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def functions_around(self, node: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """The functions around a node, the nearest first."""
        return [outer for outer in self.around(node) if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)]

    def only_annotates(self, node: ast.AST) -> bool:
        """Whether a node stands in an annotation, where nothing is done with it."""
        inner = node
        for outer in self.around(node):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                return outer.returns is inner
            if isinstance(outer, ast.arg | ast.AnnAssign):
                return outer.annotation is inner
            inner = outer
        return False

    def at(self, node: ast.AST) -> str:
        """Where a node is, as a fault begins."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def strings(self) -> Iterator[tuple[ast.AST, str]]:
        """The text in the module, without what documents it; what is filled in stands as `x`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.JoinedStr):
                yield node, "".join(str(p.value) if isinstance(p, ast.Constant) else "x" for p in node.values)
            elif isinstance(node, ast.Constant) and not isinstance(self.parents[node], ast.Expr | ast.JoinedStr):
                yield node, str(node.value)

    @property
    def is_package(self) -> bool:
        """Whether it only says that its folder is a package."""
        return not self.tree.body


def modules(*places: str) -> list[Module]:
    """The Python modules in these folders or files."""
    inside = tuple(place if place.endswith(".py") else f"{place}/" for place in places)
    return [
        Module(path, (ROOT / path).read_text(encoding="utf-8"))
        for path in files()
        if path.endswith(".py") and path.startswith(inside)
    ]


def snippet(path: str, text: str) -> Module:
    """A module that is not there: what a checker must have something to say about."""
    return Module(path, dedent(text))


class Names:
    """What the names of a module stand for, from its imports, wherever they are, and from what they are assigned to."""

    def __init__(self, tree: ast.Module) -> None:
        self._known: dict[str, object] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self._import(node)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for name in node.names:
                    self._known[name.asname or name.name] = _imported(node.module, name.name)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                self._assign(node)

    def _import(self, node: ast.Import) -> None:
        for name in node.names:
            top = name.name.partition(".")[0]
            whole = _imported(name.name)
            self._known[name.asname or top] = whole if name.asname else _imported(top)

    def _assign(self, node: ast.Assign) -> None:
        found = self.of(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name) and found is not None:
                self._known.setdefault(target.id, found)

    def of(self, node: ast.AST | None) -> object | None:
        """The object that a name, or an attribute of one, stands for; None where that cannot be told."""
        if isinstance(node, ast.Name):
            return self._known.get(node.id)
        if isinstance(node, ast.Attribute):
            outer = self.of(node.value)
            return None if outer is None else getattr(outer, node.attr, None)
        return None


def _imported(module: str, name: str = "") -> object | None:
    """A module, or something of it; None where it is not there, which whoever runs the module will notice."""
    with suppress(ImportError):
        found = importlib.import_module(module)
        if not name or hasattr(found, name):
            return getattr(found, name) if name else found
        return importlib.import_module(f"{module}.{name}")
    return None


def is_of(found: object, libraries: tuple[str, ...], names: set[str]) -> bool:
    """Whether something is a function or class of a library, by its own name, whatever it is called here."""
    origin = str(getattr(found, "__module__", "")).partition(".")[0]
    return origin in libraries and str(getattr(found, "__name__", "")).lower() in names
