"""What every table shares: ids, version, column types that store values exactly, and constraint names.

The types exist because databases change values silently: SQLite drops time zones and turns decimals into floats.
Whatever concerns a single concept belongs in that concept's module.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import class_mapper
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel
from uuid_utils import compat

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
MAX_TITLE = 300
MAX_TEXT = 10_000
MAX_KEY = 80
MAX_REASON = 1000


def new_id() -> UUID:
    """A new UUIDv7. Ids sort in the order in which a process made them."""
    return compat.uuid7()


class Id(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, canonical text on SQLite. Both can read it back from the text in the ledger."""

    impl = sa.CHAR(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.UUID(as_uuid=True) if dialect.name == "postgresql" else sa.CHAR(36))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> object:
        return value if value is None or dialect.name == "postgresql" else str(value)

    def process_result_value(self, value: object, dialect: Dialect) -> UUID | None:
        return value if value is None or isinstance(value, UUID) else UUID(str(value))


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond. Refuses a value without a time zone.

    On SQLite it is fixed-width text, so that text order is time order.
    """

    impl = sa.String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.DateTime(timezone=True) if dialect.name == "postgresql" else sa.String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if dialect.name == "postgresql" else moment_text(value)

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return moment.astimezone(UTC)


class EuroCents(TypeDecorator[int]):
    """Whole euro cents. Raises TypeError for any other type, such as a float, Decimal or bool."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> int | None:
        if value is None or type(value) is int:
            return value
        raise TypeError(f"euro cents are a whole number, not {type(value).__name__}")

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        return value


def moment_text(moment: datetime) -> str:
    """A moment as fixed-width UTC text: 2026-11-21T08:00:00.000000Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def json_type() -> Any:
    """A JSON column, binary on PostgreSQL; None is SQL NULL."""
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def one_of(kind: type[StrEnum], column: str) -> Any:
    """A text column that holds one of an enum's values, with a CHECK named after the column."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=column,
        values_callable=lambda members: [member.value for member in members],
    )


class Columns(SQLModel):
    """Columns of one or more tables. They are not validated: bodies are.

    What pydantic makes of a class is made where it is first asked for, and not for every table when the service starts.
    """

    model_config = {"defer_build": True}
    metadata: ClassVar[sa.MetaData] = sa.MetaData(naming_convention=NAMES)


class Table(Columns):
    """A table with an id. Rows are plain values: no attribute triggers a query."""

    id: UUID = Field(default_factory=new_id, primary_key=True, sa_type=cast(Any, Id))

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """The instance with the values of a row as they are; columns that the row does not have get their defaults.

        The same as `cls(**row)`, in a twentieth of the time: that sets one attribute after another, each of them watched.
        """
        names = cls.model_fields.keys()
        if not names <= row.keys():
            return cls(**row)
        made = class_mapper(cls).class_manager.new_instance()
        made.__dict__.update({name: row[name] for name in names})
        for name, value in (("fields_set", set(names)), ("extra", None), ("private", None)):
            object.__setattr__(made, f"__pydantic_{name}__", value)
        return made


@dataclass(frozen=True, slots=True)
class ListFilter:
    """A list filter that finds rows by the values in one of their columns, such as the lots of a trial.

    `values` gives the values to index from what the column holds; `search_key` turns the value of a request into one of them.
    """

    column: str
    values: Callable[[Any], Iterable[str]]
    search_key: Callable[[Any], str] = str


class Audited(Table):
    """A table whose every change is in the ledger. `version` counts the changes and prevents lost updates.

    `LIST_FILTERS` maps the name of a filter to the column whose values it searches.
    """

    LIST_FILTERS: ClassVar[Mapping[str, ListFilter]] = {}

    version: int = 1


class Fact(Audited):
    """A row that may come from a published source, with its key in the data file.

    `readings` names the fields that no source states and that the file concludes.
    """

    key: str | None = Field(default=None, max_length=MAX_KEY, unique=True)
    source: str | None = Field(default=None, max_length=MAX_KEY, foreign_key="sources.key", index=True)
    note: str | None = Field(default=None, max_length=MAX_TEXT)
    readings: list[str] = Field(default_factory=list, sa_type=json_type())


def column(kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> Any:
    """A column type for SQLModel's `sa_type`, whose annotation accepts classes only, not instances."""
    return kind


def window_checks(*prefixes: str) -> list[sa.CheckConstraint]:
    """CHECKs that each window has both days or neither, and does not end before it starts."""
    return [
        sa.CheckConstraint(
            f"({p}_start IS NULL AND {p}_end IS NULL)"
            f" OR ({p}_start IS NOT NULL AND {p}_end IS NOT NULL AND {p}_end >= {p}_start)",
            name=p,
        )
        for p in prefixes
    ]


def amount_checks(*prefixes: str) -> list[sa.CheckConstraint]:
    """CHECKs that each amount is not negative, and has a qualifier exactly when it is known."""
    return [
        sa.CheckConstraint(
            f"({p}_cents IS NULL AND {p}_qualifier IS NULL)"
            f" OR ({p}_cents IS NOT NULL AND {p}_cents >= 0 AND {p}_qualifier IS NOT NULL)",
            name=f"{p}_amount",
        )
        for p in prefixes
    ]
