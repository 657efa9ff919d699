"""The shapes: what a noun shows and takes is what its table holds, with the same kinds of value and the same lengths."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError, create_model

from api.schemas.bodies import Body, Composite, View, WindowBody
from api.store.visibility import ReadContext, visible
from domain.base import EuroCents
from domain.dates import day_of
from domain.ledger import table_of
from domain.permissions import Role
from domain.portfolio.challenges import ChallengeStatus
from domain.portfolio.lots import LotStatus
from tests.architecture.nouns import Noun, columns_of_field, nouns, stored_columns, tables
from tests.architecture.stand_in import NOW
from tests.factories.permissions import an_actor

NOUNS = {noun.name: noun for noun in nouns()}
PLAIN: dict[Any, type] = {AwareDatetime: datetime}
"""Kinds of value of the body's library, as the plain ones they are."""
EVERY_NOUN = pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)


def view_faults(noun: Noun) -> list[str]:
    """Where the full view is not exactly the table without its secrets and declared omissions, and what is computed."""
    shown, stored = noun.shown(noun.view), stored_columns(noun.table)
    omitted = getattr(noun.view, "OMITS", frozenset())
    return [
        *(f"{noun.view.__name__} does not show {name}" for name in sorted(stored - shown - omitted)),
        *(
            f"{noun.view.__name__} omits {name}, which it shows or no column holds"
            for name in sorted(omitted - (stored - shown))
        ),
        *(
            f"{noun.view.__name__} shows {name}, which no column holds and nothing computes"
            for name in sorted(shown - stored)
        ),
    ]


def body_faults(noun: Noun) -> list[str]:
    """Where a body takes what the table cannot hold, or changes what the view does not show."""
    stored = stored_columns(noun.table)
    faults = []
    for body, known in ((noun.create, stored), (noun.edit, stored | noun.computed)):
        if body is not None:
            unknown = sorted(noun.shown(body) - known - getattr(body, "ELSEWHERE", frozenset()))
            faults += [f"{body.__name__} takes {name}, which is no column" for name in unknown]
    if noun.edit is not None:
        unseen = sorted(set(noun.edit.model_fields) - set(noun.view.model_fields))
        faults += [f"{noun.edit.__name__} changes {name}, which {noun.view.__name__} does not show" for name in unseen]
    return faults


def audience_faults(noun: Noun) -> list[str]:
    """Where a view for others shows more than the reader's rule gives them."""
    faults = []
    for role, view in noun.lesser.items():
        given = set(visible(noun.table, ReadContext(an_actor(role), day_of(NOW))).c.keys())  # type: ignore[arg-type]
        faults += [
            f"{view.__name__} shows {name}, which {role} may not read" for name in sorted(noun.shown(view) - given)
        ]
    return faults


def kind_faults(noun: Noun) -> list[str]:
    """Where a view or body has another kind of value, or other words, than the column."""
    faults = []
    for model, name, column, annotation in _fields_with_columns(noun):
        kinds, stored = _kinds(annotation), _kinds(noun.table.model_fields[column].annotation)
        if kinds != stored and not isinstance(table_of(noun.table).c[column].type, EuroCents):
            faults.append(f"{model.__name__}.{name} is {_said(kinds)}, the column {column} is {_said(stored)}")
    return faults


def null_faults(noun: Noun) -> list[str]:
    """Where the full view says that a field is never null and the table says it may be, or the other way round."""
    faults = []
    for name, info in noun.view.model_fields.items():
        columns = [column for column in columns_of_field(name, info.annotation) if column in stored_columns(noun.table)]
        nullable = {table_of(noun.table).c[column].nullable for column in columns}
        if columns and (type(None) in get_args(info.annotation)) not in nullable:
            faults.append(f"{noun.view.__name__}.{name} and its column do not agree on null")
    return faults


def length_faults(noun: Noun) -> list[str]:
    """Where a body takes a longer or only a shorter text than its column holds."""
    faults = []
    for model, name, column, annotation in _fields_with_columns(noun):
        kind = table_of(noun.table).c[column].type
        length = None if isinstance(kind, sa.Enum) else getattr(kind, "length", None)
        if issubclass(model, View) or length is None or _kinds(annotation) != {str}:
            continue
        if _is_too_long(annotation, length):
            faults.append(f"{model.__name__}.{name} refuses {length} characters, which {column} holds")
        if not _is_too_long(annotation, length + 1):
            faults.append(f"{model.__name__}.{name} takes more than the {length} characters of {column}")
    return faults


def _is_too_long(annotation: Any, length: int) -> bool:
    """Whether a text of this length is refused for it; an address is refused for its form before it is measured."""
    kinds = set()
    for text in ("a" * length, "https://".ljust(length, "a")[:length]):
        try:
            TypeAdapter(annotation).validate_python(text)
        except ValidationError as error:
            kinds |= {fault["type"] for fault in error.errors()}
    return "string_too_long" in kinds


def _fields_with_columns(noun: Noun) -> Iterator[tuple[type[BaseModel], str, str, Any]]:
    """Each field of each model of a noun that is a column of its own, those within composites included."""
    columns = table_of(noun.table).columns
    for model in filter(None, (noun.view, noun.create, noun.edit, *noun.lesser.values())):
        for name, info in model.model_fields.items():
            kinds: list[Any] = [info.annotation, *get_args(info.annotation)]
            composite = next((kind for kind in kinds if _is_composite(kind)), None)
            if (model.__name__, name) in noun.renamed:
                continue
            if composite is not None:
                for part, suffix in composite.SUFFIXES.items():
                    yield model, f"{name}.{part}", f"{name}{suffix}", _whole(composite, part)
            elif name in columns:
                yield model, name, name, _whole(model, name)


def _is_composite(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Composite)


def _whole(model: type[BaseModel], name: str) -> Any:
    """A field's annotation with all that limits it."""
    info = model.model_fields[name]
    return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation


def _kinds(annotation: Any) -> set[type]:
    """The plain kinds of value that an annotation allows, without null: a model is an object, as JSON has it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kinds(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return {kind for part in get_args(annotation) for kind in _kinds(part)} - {type(None)}
    kind = origin or annotation
    return {dict if isinstance(kind, type) and issubclass(kind, BaseModel) else PLAIN.get(kind, kind)}


def _said(kinds: set[type]) -> str:
    return " or ".join(sorted(kind.__name__ for kind in kinds))


def is_link(table: sa.Table) -> bool:
    """Whether a table only ties others together: it holds keys of others, and whether it is closed."""
    own = [column for column in table.columns if not column.foreign_keys]
    return {column.name for column in own} == {"id", "version", "closed"}


def test_nouns_are_found_where_they_are() -> None:
    assert {"Lot", "Partner", "Challenge", "Entrant", "Milestone", "Assessment", "Rebaseline"} <= set(NOUNS)
    assert {role: view.__name__ for role, view in NOUNS["Lot"].lesser.items()} == {
        Role.VIEWER: "LotPublic",
        Role.SUPPLIER: "LotForSupplier",
    }


def test_every_audited_table_is_shown_as_a_noun_unless_it_only_ties_others_together() -> None:
    shown = {table_of(noun.table).name for noun in NOUNS.values()}
    audited = [table_of(kind) for kind in tables() if "version" in table_of(kind).columns]
    assert [table.name for table in audited if table.name not in shown and not is_link(table)] == []


@EVERY_NOUN
def test_the_full_view_is_the_table_without_its_secrets(noun: Noun) -> None:
    assert view_faults(noun) == []


@EVERY_NOUN
def test_bodies_take_what_the_table_holds_and_change_what_the_view_shows(noun: Noun) -> None:
    assert body_faults(noun) == []


@EVERY_NOUN
def test_views_for_others_show_no_more_than_they_may_read(noun: Noun) -> None:
    assert audience_faults(noun) == []


@EVERY_NOUN
def test_views_and_bodies_have_the_kinds_of_value_and_the_words_of_the_table(noun: Noun) -> None:
    assert kind_faults(noun) == []


@EVERY_NOUN
def test_the_full_view_is_null_where_the_table_may_be(noun: Noun) -> None:
    assert null_faults(noun) == []


@EVERY_NOUN
def test_bodies_take_texts_as_long_as_the_table_holds(noun: Noun) -> None:
    assert length_faults(noun) == []


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.__name__)
def test_every_word_of_an_enum_fits_its_column(table: type[Any]) -> None:
    kinds = [column.type for column in table_of(table).columns if isinstance(column.type, sa.Enum)]
    assert all(len(word) <= (kind.length or 0) for kind in kinds for word in kind.enums)


PUBLIC_WORK = {"id", "key", "code", "title", "status", "effectPublished", "source"}


@pytest.mark.parametrize(
    ("noun", "fields"),
    [
        ("Lot", PUBLIC_WORK),
        ("Challenge", PUBLIC_WORK),
        ("Milestone", {"id", "lotId", "challengeId", "title", "kind", "window", "source"}),
    ],
)
def test_a_viewer_reads_what_is_public_and_other_fields_are_absent(noun: str, fields: set[str]) -> None:
    view = NOUNS[noun].lesser[Role.VIEWER]
    assert {info.alias for info in view.model_fields.values()} == fields


def test_a_supplier_reads_milestones_without_payments() -> None:
    assert "payment" in NOUNS["Milestone"].view.model_fields
    assert "payment" not in NOUNS["Milestone"].lesser[Role.SUPPLIER].model_fields


LOT = NOUNS["Lot"]


def _without(model: type[BaseModel], left_out: str) -> type[BaseModel]:
    """A view as if a field had been forgotten."""
    kept = {name: (info.annotation, info) for name, info in model.model_fields.items() if name != left_out}
    return create_model(model.__name__, __base__=View, **kept)  # type: ignore[call-overload, no-any-return]


def _with(model: type[BaseModel] | None, **fields: Any) -> type[BaseModel]:
    """A model as if a field had been added or had another kind."""
    assert model is not None
    return create_model(model.__name__, __base__=model, **{name: (kind, ...) for name, kind in fields.items()})  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("noun", "checker", "faults"),
    [
        pytest.param(
            replace(LOT, view=_without(LOT.view, "note")), view_faults, ["LotView does not show note"], id="forgotten"
        ),
        pytest.param(
            replace(LOT, view=_without(LOT.view, "period")),
            view_faults,
            ["LotView does not show period_end", "LotView does not show period_start"],
            id="forgotten composite",
        ),
        pytest.param(
            replace(LOT, view=_with(LOT.view, notes=str)),
            view_faults,
            ["LotView shows notes, which no column holds and nothing computes"],
            id="misspelled",
        ),
        pytest.param(
            replace(NOUNS["ApiKey"], view=_with(NOUNS["ApiKey"].view, key_hash=str)),
            view_faults,
            ["ApiKeyView shows key_hash, which no column holds and nothing computes"],
            id="a secret",
        ),
        pytest.param(
            replace(LOT, create=_with(LOT.create, colour=str)),
            body_faults,
            ["LotCreate takes colour, which is no column"],
            id="a body takes what the table has not",
        ),
        pytest.param(
            replace(LOT, edit=_with(LOT.edit, colour=str)),
            body_faults,
            ["LotEdit takes colour, which is no column", "LotEdit changes colour, which LotView does not show"],
            id="a change of what the table has not",
        ),
        pytest.param(
            replace(LOT, lesser={Role.VIEWER: _with(LOT.lesser[Role.VIEWER], owner_id=str)}),
            audience_faults,
            ["LotPublic shows owner_id, which viewer may not read"],
            id="a public view shows more",
        ),
        pytest.param(
            replace(NOUNS["Milestone"], renamed={}),
            audience_faults,
            [
                "MilestonePublic shows window_end, which viewer may not read",
                "MilestonePublic shows window_start, which viewer may not read",
            ],
            id="a public view shows the current window",
        ),
        pytest.param(
            replace(LOT, view=_with(LOT.view, status=ChallengeStatus)),
            kind_faults,
            ["LotView.status is ChallengeStatus, the column status is LotStatus"],
            id="another enum",
        ),
        pytest.param(
            replace(LOT, edit=_with(LOT.edit, contains_ai=int | None)),
            kind_faults,
            ["LotEdit.contains_ai is int, the column contains_ai is bool"],
            id="another kind of value",
        ),
        pytest.param(
            replace(LOT, view=_with(LOT.view, note=str, status=LotStatus | None, period=WindowBody)),
            null_faults,
            [
                "LotView.status and its column do not agree on null",
                "LotView.period and its column do not agree on null",
                "LotView.note and its column do not agree on null",
            ],
            id="null",
        ),
        pytest.param(
            replace(LOT, edit=_with(LOT.edit, title=str)),
            length_faults,
            ["LotEdit.title takes more than the 300 characters of title"],
            id="longer than the column",
        ),
        pytest.param(
            replace(LOT, edit=_with(LOT.edit, title=Annotated[str, Field(max_length=200)])),
            length_faults,
            ["LotEdit.title refuses 300 characters, which title holds"],
            id="shorter than the column",
        ),
    ],
)
def test_a_shape_that_does_not_fit_is_seen(noun: Noun, checker: Any, faults: list[str]) -> None:
    assert sorted(checker(noun)) == sorted(faults)


class _Words(StrEnum):
    WORD = "word"


class _Strange(Body):
    """A body of no noun."""

    word: _Words | None
    days: list[Annotated[str, Field(max_length=3)]]


def test_null_and_limits_are_no_kinds_of_value() -> None:
    assert [_kinds(info.annotation) for info in _Strange.model_fields.values()] == [{_Words}, {list}]


def test_a_table_with_a_fact_of_its_own_is_no_link() -> None:
    link = sa.Table(
        "link", sa.MetaData(), *_columns("id", "version", "closed"), sa.Column("lot", sa.ForeignKey("lots.id"))
    )
    fact = sa.Table("fact", sa.MetaData(), *_columns("id", "version", "closed", "amount"))
    assert is_link(link)
    assert not is_link(fact)


def _columns(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name) for name in names]
