"""One table of a component's columns: what is not derived from it agrees with it, and a column is named in few modules."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from types import ModuleType
from typing import Any, NotRequired, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter
from sqlmodel import AutoString

from api.intake import field_texts, heading_texts
from api.routes.declarations import components as routes
from api.routes.scoring import scores
from api.schemas import declarations
from api.schemas.bodies import column_names
from domain.base import Id
from domain.declarations import component_columns
from domain.declarations.changes import FieldDifference, line_fields
from domain.declarations.component_columns import (
    COLUMNS,
    FIELDS,
    LINE,
    NUMBERS,
    ROW,
    ColumnKind,
    ComponentColumn,
    DeclaredComponent,
)
from domain.declarations.components import components_of, stored_line
from domain.ledger import table_of
from domain.scoring.inputs import ComponentInput, EvidenceInput
from tests.api.intake.components import lines
from tests.architecture.modules import Module, modules, snippet
from tests.support.properties import holds

SCORING = "domain/scoring/"
NAMED_IN = {component_columns, declarations, routes, field_texts, heading_texts, scores}
"""The modules that may name a column beside scoring: its table, body and answer, texts and headings, and advice."""
BODIES: TypeAdapter[list[declarations.Component]] = TypeAdapter(list[declarations.Component])
READ_AS: Mapping[ColumnKind, type[sa.types.TypeEngine[Any]]] = {
    ColumnKind.DAY: sa.Date,
    ColumnKind.ID: Id,
    ColumnKind.EVIDENCE_LEVEL: sa.Enum,
}
LENGTHS = {
    ColumnKind.COUNTRY: 2,
    ColumnKind.COUNTRY_IF_ANY: 2,
    ColumnKind.COUNTRY_OR_NONE: 4,
    ColumnKind.SHA256: 64,
    **dict.fromkeys(component_columns.DECIMAL_KINDS, component_columns.MAX_DECIMAL),
}


def names_of(column: str) -> re.Pattern[str]:
    """A column's name in every spelling: `second_source_country`, `secondSourceCountry`, `SECOND_SOURCE_COUNTRY`."""
    return re.compile(column.replace("_", "_?"), re.IGNORECASE)


def naming(column: str, among: list[Module]) -> set[str]:
    """The paths of the modules that name a column, but for scoring and its algorithms."""
    found = names_of(column)
    return {module.path for module in among if found.search(module.text) and not module.path.startswith(SCORING)}


def path_of(module: ModuleType) -> str:
    """Where a module is in the project."""
    return f"{module.__name__.replace('.', '/')}.py"


@pytest.mark.parametrize("column", ["second_source_country", "licence_country"])
def test_a_column_is_named_in_few_modules(column: str) -> None:
    assert naming(column, modules("api", "domain")) == set(map(path_of, NAMED_IN))


def test_another_module_that_names_a_column_is_seen() -> None:
    texts = {"api/a.py": 'x["secondSourceCountry"]', "domain/b.py": "SECOND_SOURCE_COUNTRY = 1", "api/c.py": "source"}
    scored = snippet("domain/scoring/bm1/case.py", "second_source_country")
    among = [*(snippet(path, text) for path, text in texts.items()), scored]
    assert naming("second_source_country", among) == {"api/a.py", "domain/b.py"}


def test_the_table_of_the_database_has_these_columns() -> None:
    assert [column.name for column in table_of(DeclaredComponent).columns] == list(ROW)


@pytest.mark.parametrize("column", COLUMNS, ids=LINE)
def test_a_column_of_the_database_holds_what_its_kind_says(column: ComponentColumn) -> None:
    stored = table_of(DeclaredComponent).columns[column.name]
    assert isinstance(stored.type, READ_AS.get(column.kind, AutoString))
    assert stored.nullable is not (column.is_required or column.default is not None)
    if column.kind in LENGTHS:
        assert getattr(stored.type, "length", None) == LENGTHS[column.kind]


def _fields(body: Any) -> dict[str, bool]:
    """The fields of a body as `evidence.expires_on`, and whether each is required; a unit value is its amount."""
    found = {}
    for name, hint in get_type_hints(body, include_extras=True).items():
        [nested] = [part for part in _parts(hint) if isinstance(part, type) and issubclass(part, dict)] or [None]
        inner = {} if nested is None else dict.fromkeys(nested.__annotations__, False)
        if "amount" in inner:
            inner = {"amount": False}
        found |= {f"{name}.{step}": False for step in inner} or {name: get_origin(hint) is not NotRequired}
    return found


def _parts(hint: Any) -> list[Any]:
    return [hint, *(part for inner in get_args(hint) for part in _parts(inner))]


def test_a_body_has_these_fields_and_requires_the_same() -> None:
    assert _fields(declarations.Component) == {".".join(each.steps): each.is_required for each in COLUMNS}


def test_an_answer_has_these_fields() -> None:
    assert column_names(routes.ComponentView) == set(LINE)
    shown = [_json_names(routes.ComponentView, each.path) for each in COLUMNS]
    assert shown == [each.path for each in COLUMNS]


def _json_names(model: type[BaseModel], path: tuple[str, ...]) -> tuple[str, ...]:
    """As many names of a path as lead into a model."""
    names = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    if not path or path[0] not in names:
        return ()
    nested = [part for part in _parts(names[path[0]]) if isinstance(part, type) and issubclass(part, BaseModel)]
    return (path[0], *(_json_names(nested[0], path[1:]) if nested else ()))


def test_every_field_has_its_texts_in_this_order() -> None:
    assert tuple(field_texts.FIELD_TEXTS) == FIELDS


def test_a_scorer_is_given_columns_of_these_alone() -> None:
    evidence = {f"evidence_{field.name}" for field in fields(EvidenceInput)}
    given_ = {field.name for field in fields(ComponentInput)} - {"evidence"}
    assert (given_ | evidence) - set(LINE) == set()
    assert {each.name for each in COLUMNS if each.is_expected} - given_ - evidence == set()


def test_what_came_later_comes_last() -> None:
    later = [each.is_later for each in COLUMNS]
    assert later == sorted(later)
    assert [each.name for each in COLUMNS if each.is_later] == ["statement_id"]


def _body(line: tuple[str | None, ...]) -> dict[str, Any]:
    """A line as the JSON that declares it; what is unknown is left out."""
    body: dict[str, Any] = {}
    for column, value in zip(COLUMNS, line, strict=True):
        *outer, name = column.path
        if value is not None:
            (body.setdefault(outer[0], {}) if outer else body)[name] = value
    return body


def _from_database(value: str | None, column: ComponentColumn) -> Any:
    """A value as the databases give it."""
    made: Mapping[ColumnKind, Any] = {ColumnKind.DAY: date.fromisoformat, ColumnKind.ID: UUID}
    return value if value is None else made.get(column.kind, str)(value)


@holds
@given(st.lists(lines, min_size=1, max_size=4))
def test_lines_are_the_same_as_a_body_as_stored_as_read_and_as_differences(some: list[tuple[str | None, ...]]) -> None:
    given_ = BODIES.validate_python([_body(line) for line in some])
    assert list(declarations.as_stored(given_)) == some
    for line in some:
        read = {column.name: _from_database(value, column) for column, value in zip(COLUMNS, line, strict=True)}
        assert stored_line(read) == line
        said = [
            FieldDifference(field, None, value) for field, value in zip(FIELDS, line, strict=True) if value is not None
        ]
        assert list(line_fields(None, line)) == said


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@holds
@given(st.lists(lines, min_size=1, max_size=4))
def test_a_scorer_is_given_what_the_columns_say(some: list[tuple[str | None, ...]]) -> None:
    for line, component in zip(some, components_of(some), strict=True):
        values = dict(zip(LINE, line, strict=True))
        for name, field in zip(LINE, FIELDS, strict=True):
            if hasattr(component, name):
                exact = getattr(component, name)
                assert exact == (_exact(values[name]) if field in NUMBERS else values[name])
        expires = component.evidence.expires_on
        assert (component.evidence.level, expires and expires.isoformat()) == (
            values["evidence_level"],
            values["evidence_expires_on"],
        )
