"""The columns of a component (onderdeel): its table in the database, and the kind of each column.

Everything that handles each column in turn derives from `COLUMNS`: inserts and selects, CSV, CycloneDX, cells of tables, the
differences between revisions, and the input of scoring. Add a new column at the end, with `is_later`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TITLE, Columns, Id, column, one_of
from domain.scoring.inputs import EvidenceLevel

MAX_COMPONENT_KEY = 200
MAX_DECIMAL = 20
_WITH_A_DAY = sa.text("evidence_expires_on IS NOT NULL")


class DeclaredComponent(Columns, table=True):
    """A line of a component set, at its position. Decimals are stored as the declared text, so that no database rounds them."""

    __tablename__ = "components"
    __table_args__ = (
        sa.PrimaryKeyConstraint("component_set", "position"),
        # Found by set, because expiries are asked for of some declarations, and because adding a set adds in one place.
        sa.Index(
            "ix_components_evidence_expires_on",
            *("component_set", "evidence_expires_on", "evidence_level"),
            sqlite_where=_WITH_A_DAY,
            postgresql_where=_WITH_A_DAY,
        ),
    )
    component_set: UUID = Field(primary_key=True, sa_type=column(Id))
    position: int = Field(primary_key=True)
    key: str = Field(max_length=MAX_COMPONENT_KEY)
    parent_key: str | None = Field(default=None, max_length=MAX_COMPONENT_KEY)
    name: str = Field(max_length=MAX_TITLE)
    part_number: str | None = Field(default=None, max_length=MAX_TITLE)
    manufacturer: str | None = Field(default=None, max_length=MAX_TITLE)
    function_group: str | None = Field(default=None, max_length=MAX_TITLE)
    quantity: str = Field(max_length=MAX_DECIMAL)
    unit_value: str | None = Field(default=None, max_length=MAX_DECIMAL)
    country_of_manufacture: str | None = Field(default=None, max_length=2)
    country_of_control: str | None = Field(default=None, max_length=2)
    licence_country: str | None = Field(default=None, max_length=4)
    export_regime: str | None = Field(default=None, max_length=4)
    second_source_country: str | None = Field(default=None, max_length=2)
    stock_weeks: str | None = Field(default=None, max_length=MAX_DECIMAL)
    lead_time_weeks: str | None = Field(default=None, max_length=MAX_DECIMAL)
    evidence_level: EvidenceLevel = Field(sa_type=one_of(EvidenceLevel, "evidence_level"))
    evidence_expires_on: date | None = None
    evidence_uri: str | None = Field(default=None, max_length=2000)
    evidence_sha256: str | None = Field(default=None, max_length=64)
    statement_id: UUID | None = Field(default=None, sa_type=column(Id))


class ColumnKind(Enum):
    """What the values of a column are.

    `COUNTRY_OR_NONE` can hold NONE, for no country; in `COUNTRY_IF_ANY` null stands both for no country and for unknown.
    """

    TEXT = auto()
    PIECES = auto()
    EUROS = auto()
    WEEKS = auto()
    COUNTRY = auto()
    COUNTRY_OR_NONE = auto()
    COUNTRY_IF_ANY = auto()
    EVIDENCE_LEVEL = auto()
    DAY = auto()
    URI = auto()
    SHA256 = auto()
    ID = auto()


DECIMAL_KINDS = frozenset({ColumnKind.PIECES, ColumnKind.EUROS, ColumnKind.WEEKS})


@dataclass(frozen=True, slots=True)
class ComponentColumn:
    """A column of a component: its name as stored, and the kind of its values.

    `nested_in` is the object of a request body that holds the field, such as `evidence`; `default` is stored if no value is
    given. `is_expected`: a complete score needs it for every leaf. `is_later`: it was added when lines were already stored,
    and enters only the digests of sets in which a line fills it.
    """

    name: str
    kind: ColumnKind = ColumnKind.TEXT
    nested_in: str | None = None
    default: str | None = None
    is_required: bool = False
    is_expected: bool = False
    is_later: bool = False

    @property
    def is_decimal(self) -> bool:
        """Whether its values are decimals, which can be written in more than one way (1.5 and 1.50)."""
        return self.kind in DECIMAL_KINDS

    @property
    def steps(self) -> tuple[str, ...]:
        """The path to its value in a body with Python names: (`unit_value`, `amount`)."""
        if self.nested_in is not None:
            return self.nested_in, self.name.removeprefix(f"{self.nested_in}_")
        return (self.name, "amount") if self.kind is ColumnKind.EUROS else (self.name,)

    @property
    def path(self) -> tuple[str, ...]:
        """The same path in JSON: (`unitValue`, `amount`)."""
        return tuple(map(_camel, self.steps))

    @property
    def field(self) -> str:
        """Its name for users, dotted if nested (`evidence.level`); an amount in euros is one field, `unitValue`."""
        return ".".join(self.path if self.nested_in is not None else self.path[:1])


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


COLUMNS = (
    ComponentColumn("key", is_required=True),
    ComponentColumn("parent_key"),
    ComponentColumn("name", is_required=True),
    ComponentColumn("part_number"),
    ComponentColumn("manufacturer"),
    ComponentColumn("function_group", is_expected=True),
    ComponentColumn("quantity", ColumnKind.PIECES, is_required=True),
    ComponentColumn("unit_value", ColumnKind.EUROS, is_expected=True),
    ComponentColumn("country_of_manufacture", ColumnKind.COUNTRY, is_expected=True),
    ComponentColumn("country_of_control", ColumnKind.COUNTRY, is_expected=True),
    ComponentColumn("licence_country", ColumnKind.COUNTRY_OR_NONE, is_expected=True),
    ComponentColumn("export_regime", ColumnKind.COUNTRY_OR_NONE, is_expected=True),
    ComponentColumn("second_source_country", ColumnKind.COUNTRY_IF_ANY),
    ComponentColumn("stock_weeks", ColumnKind.WEEKS, is_expected=True),
    ComponentColumn("lead_time_weeks", ColumnKind.WEEKS, is_expected=True),
    ComponentColumn(
        "evidence_level", ColumnKind.EVIDENCE_LEVEL, "evidence", default=EvidenceLevel.NONE.value, is_expected=True
    ),
    ComponentColumn("evidence_expires_on", ColumnKind.DAY, "evidence"),
    ComponentColumn("evidence_uri", ColumnKind.URI, "evidence"),
    ComponentColumn("evidence_sha256", ColumnKind.SHA256, "evidence"),
    ComponentColumn("statement_id", ColumnKind.ID, is_later=True),
)
"""The columns of a line, in order, without its set and position."""
LINE = tuple(each.name for each in COLUMNS)
"""The names of these columns in the database."""
ROW = ("component_set", "position", *LINE)
"""The names of all columns in the database, including set and position."""
FIELDS = tuple(each.field for each in COLUMNS)
"""The names of these columns for users."""
NUMBERS = frozenset(each.field for each in COLUMNS if each.is_decimal)
"""The fields whose values are decimals."""
COLUMN_OF: Mapping[str, ComponentColumn] = {each.field: each for each in COLUMNS}
"""The columns by their names for users."""
