"""The nouns of the contract, found in the route modules: their tables, bodies and views.

The full view of a noun is called `NounView`, its bodies `NounCreate` and `NounEdit`, what others see of it `NounPublic`
and `NounForRole`, and its table ends in the noun: `PartnerView` shows `LotPartner`.
"""

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, create_model
from sqlmodel import SQLModel

from api import routes
from api.schemas import colours
from api.schemas.bodies import Composite, View, column_names
from domain import METADATA
from domain.ledger import table_of
from domain.permissions import Role
from domain.portfolio.colours import BaselineColour, BothColours, Colour
from tests.architecture.modules import ROOT, Module

AUDIENCES = {"Public": Role.VIEWER, **{f"For{role[0].upper()}{role[1:]}": role for role in Role}}


@dataclass(frozen=True)
class Noun:
    """A noun: `computed` are fields that are handed to a view beside its row.

    `renamed` maps a view and its field to the columns of the row that it shows under another name.
    """

    name: str
    table: type[SQLModel]
    view: type[BaseModel]
    create: type[BaseModel] | None = None
    edit: type[BaseModel] | None = None
    lesser: Mapping[Role, type[BaseModel]] = field(default_factory=dict)
    computed: frozenset[str] = frozenset()
    renamed: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def shown(self, view: type[BaseModel]) -> set[str]:
        """The columns that a view shows, and any field of it that is neither a column nor computed."""
        columns: set[str] = set()
        for name, info in view.model_fields.items():
            renamed = self.renamed.get((view.__name__, name))
            columns |= columns_of_field(name, info.annotation) if renamed is None else renamed
        return columns - (self.computed - stored_columns(self.table))


def nouns() -> list[Noun]:
    """Every noun that a route module shows."""
    return [noun for module in _route_modules() for noun in _nouns_of(module)]


def tables() -> list[type[SQLModel]]:
    """Every class that is a table, in the order of the tables."""
    classes = {mapper.local_table.name: mapper.class_ for mapper in _mappers()}
    return [classes[table.name] for table in METADATA.sorted_tables]


def _mappers() -> Iterator[Any]:
    pending: list[Any] = [SQLModel]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if "__mapper__" in vars(kind):
            yield kind.__mapper__


def _route_modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(routes.__path__, f"{routes.__name__}.")
    return [importlib.import_module(module.name) for module in found if not module.ispkg]


def _nouns_of(module: ModuleType) -> Iterator[Noun]:
    own = {name: kind for name, kind in vars(module).items() if getattr(kind, "__module__", "") == module.__name__}
    path = Path(str(module.__file__))
    made = _made(Module(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")), vars(module))
    for name, view in own.items():
        if not name.endswith("View") or not issubclass(view, View):
            continue
        noun = name.removesuffix("View")
        lesser = {role: own[noun + suffix] for suffix, role in AUDIENCES.items() if noun + suffix in own}
        computed, renamed = made
        everything = computed | getattr(view, "COMPUTES", frozenset())
        yield Noun(
            noun, _table(noun), view, own.get(f"{noun}Create"), own.get(f"{noun}Edit"), lesser, everything, renamed
        )


def _table(noun: str) -> type[SQLModel]:
    named = {kind.__name__: kind for kind in tables()}
    others = [name for name in named if name.endswith(noun) and f"{name}View" not in _view_names()]
    found = [named[name] for name in ([noun] if noun in named else others)]
    if len(found) != 1:
        raise LookupError(f"{noun}View shows {len(found)} tables instead of one whose name ends in {noun}")
    return found[0]


@cache
def _view_names() -> frozenset[str]:
    return frozenset(name for module in _route_modules() for name in vars(module) if name.endswith("View"))


def _made(module: Module, live: Mapping[str, Any]) -> tuple[frozenset[str], dict[tuple[str, str], frozenset[str]]]:
    """What the places where views are made, `View.of(row, ...)`, compute, and which columns they rename."""
    computed, renamed = colour_field_names(), {}
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "of"):
            continue
        for keyword in node.keywords:
            columns = _stands_for(keyword.value, live)
            if keyword.arg is not None and columns:
                renamed[ast.unparse(node.func.value), keyword.arg] = frozenset(columns)
            elif keyword.arg is not None:
                computed.add(keyword.arg)
    return frozenset(computed), renamed


def _stands_for(value: ast.expr, live: Mapping[str, Any]) -> set[str]:
    """The columns of `row["version"]` or `WindowBody.from_columns("original", row)`."""
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Constant):
        return {str(value.slice.value)}
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "from_columns":
        composite, prefix = live[ast.unparse(value.func.value)], value.args[0]
        assert issubclass(composite, Composite)
        assert isinstance(prefix, ast.Constant)
        return {f"{prefix.value!s}{suffix}" for suffix in composite.SUFFIXES.values()}
    return set()


def colour_field_names() -> set[str]:
    """The fields of the double colour."""
    grey = BaselineColour(None, Colour.GREY)
    return set(colours.colour_fields(BothColours(grey, grey)))


def columns_of_field(name: str, annotation: Any) -> set[str]:
    """The columns that one field of a body or view stands for."""
    fields: dict[str, Any] = {name: (annotation, ...)}
    return column_names(create_model("One", **fields))


def stored_columns(table: type[SQLModel]) -> set[str]:
    """The columns of a table that may be shown to somebody: all but declared secrets."""
    return {column.name for column in table_of(table).columns if not column.info.get("secret")}
