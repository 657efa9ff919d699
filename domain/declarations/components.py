"""Components (onderdelen): the lines of an origin declaration, kept as they were declared.

Lines come in sets. A set is written once and never changed, so a revision that copies its components shares the set, and
what a submitted declaration says can be read back for ever; a set that a draft has replaced is forgotten. Lines belong to
the declaration: its event carries their digest and count. What a tree of them scores belongs to scoring.
"""

import hashlib
import json
import marshal
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.base import MAX_TITLE, Id, Table, column, one_of
from domain.errors import Fault
from domain.money import MAX_CENTS
from domain.scoring.inputs import Component, Evidence, EvidenceLevel
from domain.scoring.tree import component_faults, known_cents

MAX_COMPONENTS = 100_000
MAX_COMPONENT_KEY = 200
MAX_DECIMAL = 20
_PIECE = 1000


class DeclaredComponent(SQLModel, table=True):
    """A line of a set, by its position. Decimals are text, as declared: neither database rounds them."""

    __tablename__ = "components"
    __table_args__ = (sa.PrimaryKeyConstraint("component_set", "position"),)
    metadata = Table.metadata

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


PLAIN = (
    "key", "parent_key", "name", "part_number", "manufacturer", "function_group", "quantity", "unit_value",
    "country_of_manufacture", "country_of_control", "licence_country", "export_regime", "second_source_country",
    "stock_weeks", "lead_time_weeks",
)  # fmt: skip
"""The columns of a line that are text as declared."""
PROOF = ("evidence_level", "evidence_expires_on", "evidence_uri", "evidence_sha256")
LINE = (*PLAIN, *PROOF, "statement_id")
"""The columns of a line, in order, without the set it is in and its place there."""
FIELDS = (
    "key", "parentKey", "name", "partNumber", "manufacturer", "functionGroup", "quantity", "unitValue",
    "countryOfManufacture", "countryOfControl", "licenceCountry", "exportRegime", "secondSourceCountry",
    "stockWeeks", "leadTimeWeeks", "evidence.level", "evidence.expiresOn", "evidence.uri", "evidence.sha256",
    "statementId",
)  # fmt: skip
"""The same as users know them, nested ones dotted."""
NUMBERS = frozenset({"quantity", "unitValue", "stockWeeks", "leadTimeWeeks"})
"""Those of them that are decimals."""
ROW = ("component_set", "position", *LINE)
"""All columns of a line."""


class PackedRows:
    """Rows in storage form, packed by the thousand: as objects a hundred thousand would take several times their file."""

    def __init__(self, rows: Iterable[Sequence[Any]] = ()) -> None:
        self._packed: list[bytes] = []
        self._loose: list[tuple[Any, ...]] = []
        self.extend(rows)

    def __len__(self) -> int:
        return _PIECE * len(self._packed) + len(self._loose)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for piece in self.pieces():
            yield from piece

    def extend(self, rows: Iterable[Sequence[Any]]) -> None:
        """Adds rows."""
        for row in rows:
            self._loose.append(tuple(row))
            if len(self._loose) == _PIECE:
                self._packed.append(marshal.dumps(self._loose))
                self._loose = []

    def pieces(self) -> Iterator[list[tuple[Any, ...]]]:
        """The rows, some at a time."""
        yield from map(marshal.loads, self._packed)
        if self._loose:
            yield self._loose


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """Lines as they were given, in storage form, what the leaves are together worth, and what is wrong with them.

    `columns` are those of a declaration that tell of its components. No lines are no set.
    """

    rows: PackedRows
    components: Sequence[Component]
    columns: Mapping[str, Any]
    cents: int
    faults: Sequence[Fault]

    def stored(self) -> Iterator[tuple[Any, ...]]:
        """The rows of the set, one by one: a hundred thousand of them are not to be held twice."""
        own = str(self.columns["component_set"])
        return ((own, position, *row) for position, row in enumerate(self.rows))


def components_of(rows: Iterable[Sequence[Any]]) -> tuple[Component, ...]:
    """What lines in storage form, text and ISO days, say to a scorer."""
    return tuple(map(_component, rows))


def check_lines(
    rows: Iterable[Sequence[Any]], component_set: UUID, unusable: Collection[str] | None = None
) -> CheckedLines:
    """Lines from their storage form as a set of this id, with everything that is wrong with them by themselves.

    `unusable` are the keys of lines that stand beside these and cannot be read, where there are such lines.
    """
    packed = packed_rows(rows)
    components = components_of(packed)
    cents = known_cents(components)
    faults = component_faults(components=components, unusable=unusable)
    if cents > MAX_CENTS:
        faults.append(Fault("/components", "are together worth more than any declared amount can be"))
    columns = {
        "component_set": component_set if packed else None,
        "component_count": len(packed),
        "components_digest": digest_of_lines(packed) if packed else None,
        "components_cents": min(cents, MAX_CENTS),
    }
    return CheckedLines(packed, components, columns, cents, faults)


def packed_rows(rows: Iterable[Sequence[Any]]) -> PackedRows:
    """Rows as they are, where they are packed already."""
    return rows if isinstance(rows, PackedRows) else PackedRows(rows)


def digest_of_lines(rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 of lines in storage form, as a JSON array of arrays without spaces, in order.

    Where no line names a statement that column is left out, so that such lines have the digest that they always had.
    """
    packed = packed_rows(rows)
    count = len(LINE) if any(row[-1] for row in packed) else len(LINE) - 1
    digest = hashlib.sha256(b"[")
    for number, piece in enumerate(packed.pieces()):
        text = json.dumps([row[:count] for row in piece], separators=(",", ":"), ensure_ascii=False)
        digest.update(("," if number else "").encode() + text[1:-1].encode())
    digest.update(b"]")
    return digest.hexdigest()


def stored_line(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """A line as it was read from the table, in storage form again."""
    expires, statement = row["evidence_expires_on"], row["statement_id"]
    return (
        *(row[name] for name in PLAIN),
        row["evidence_level"],
        expires and expires.isoformat(),
        row["evidence_uri"],
        row["evidence_sha256"],
        statement and str(statement),
    )


def _component(row: Sequence[Any]) -> Component:
    key, parent, name, _part, _maker, group, quantity, value, made, control, licence, export, second, stock, lead = row[
        :15
    ]
    return Component(
        key=key,
        name=name,
        quantity=_number(quantity),
        parent_key=parent,
        unit_value=_optional(value),
        function_group=group,
        country_of_manufacture=made,
        country_of_control=control,
        licence_country=licence,
        export_regime=export,
        second_source_country=second,
        stock_weeks=_optional(stock),
        lead_time_weeks=_optional(lead),
        evidence=_evidence(row[15], row[16]),
    )


def _optional(text: str | None) -> Fraction | None:
    return None if text is None else _number(text)


@lru_cache(maxsize=65_536)
def _number(text: str) -> Fraction:
    """A decimal text as a fraction; by hand, because reading it by its general form takes five times as long."""
    whole, _, decimals = text.partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


@lru_cache(maxsize=4096)
def _evidence(level: str, expires_on: str | None) -> Evidence:
    return Evidence(EvidenceLevel(level), date.fromisoformat(expires_on) if expires_on else None)
