"""Components (onderdelen): the lines of an origin declaration, stored as they were declared.

Lines belong to a set, which is written once and never changed. A revision that copies its components shares the set, and the
lines of a submitted declaration stay readable for good; a set that a draft has replaced is deleted. The ledger event of the
declaration holds the digest and count of its lines. Scoring them belongs to scoring.
"""

import hashlib
import json
import marshal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from pickle import PickleBuffer
from typing import Any
from uuid import UUID

from domain.declarations.component_columns import COLUMNS, LINE, ColumnKind
from domain.errors import Fault
from domain.money import MAX_CENTS
from domain.scoring.inputs import ComponentInput, EvidenceInput, EvidenceLevel
from domain.scoring.tree import DeclaredTree, line_faults, tree_faults
from domain.texts import same_text

MAX_COMPONENTS = 100_000
_BATCH = 1000
_CONVERTED_AT_ONCE = 100
"""Lines that are converted together; with more of them, collecting garbage costs more than a longer loop saves."""


class PackedRows:
    """Rows in storage form, serialised in batches of a thousand to save memory: as objects they take several times as much."""

    def __init__(self, rows: Iterable[Sequence[Any]] = ()) -> None:
        self._packed: list[bytes] = []
        self._loose: list[tuple[Any, ...]] = []
        self.extend(rows)

    def __len__(self) -> int:
        return _BATCH * len(self._packed) + len(self._loose)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for batch in self.batches():
            yield from batch

    def __reduce__(self) -> tuple[Any, ...]:
        # Batches are passed to another process one by one, without a copy of all of them.
        return PackedRows._of, ([PickleBuffer(batch) for batch in self._packed], self._loose)

    @classmethod
    def _of(cls, packed: list[bytes], loose: list[tuple[Any, ...]]) -> "PackedRows":
        rows = cls()
        rows._packed, rows._loose = packed, loose
        return rows

    def extend(self, rows: Iterable[Sequence[Any]]) -> None:
        """Adds rows."""
        for row in rows:
            self._loose.append(tuple(row))
            if len(self._loose) == _BATCH:
                self._packed.append(marshal.dumps(self._loose))
                self._loose = []

    def batches(self) -> Iterator[list[tuple[Any, ...]]]:
        """The rows, a batch at a time."""
        yield from map(marshal.loads, self._packed)
        if self._loose:
            yield self._loose


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """Lines in storage form, their tree, the total value of their leaves in cents, and what is wrong with them.

    `columns` are the declaration's columns about its components. Without lines `component_set` is None there.
    """

    rows: PackedRows
    tree: DeclaredTree
    columns: Mapping[str, Any]
    cents: int
    faults: Sequence[Fault]

    def components(self) -> tuple[ComponentInput, ...]:
        """The lines as input for scoring; a hundred thousand of them take 32 MB, so they are not kept."""
        return components_of(self.rows)

    def stored(self) -> Iterator[tuple[Any, ...]]:
        """The rows to insert, one by one, so that a hundred thousand of them are not in memory twice."""
        own = str(self.columns["component_set"])
        return ((own, position, *row) for position, row in enumerate(self.rows))


def components_of(rows: Iterable[Sequence[Any]]) -> tuple[ComponentInput, ...]:
    """Lines in storage form (text, ISO dates) as input for scoring."""
    remaining = iter(rows)
    components: list[ComponentInput] = []
    while batch := list(islice(remaining, _CONVERTED_AT_ONCE)):
        components += _components(batch)
    return tuple(components)


def check_lines(
    rows: Iterable[Sequence[Any]], component_set: UUID, unreadable_keys: Collection[str] | None = None
) -> CheckedLines:
    """Checks lines in storage form and prepares them as a set with this id.

    `unreadable_keys` are the keys of other lines of the same file that could not be read, None if all could.
    """
    packed = packed_rows(rows)
    tree, faults = DeclaredTree(), list[Fault]()
    for batch in packed.batches():
        components = components_of(batch)
        faults += line_faults(components, first=len(tree.keys))
        tree.add(components)
    cents = tree.known_cents()
    faults += tree_faults(tree=tree, unreadable_keys=unreadable_keys)
    if cents > MAX_CENTS:
        faults.append(
            Fault("/components", "are together worth more than any declared amount can be; check quantities and values")
        )
    columns = {
        "component_set": component_set if packed else None,
        "component_count": len(packed),
        "components_digest": digest_of_lines(packed) if packed else None,
        "components_cents": min(cents, MAX_CENTS),
    }
    return CheckedLines(packed, tree, columns, cents, faults)


def packed_rows(rows: Iterable[Sequence[Any]]) -> PackedRows:
    """Packs rows; rows that are already packed are returned unchanged."""
    return rows if isinstance(rows, PackedRows) else PackedRows(rows)


def digest_of_lines(rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 of lines in storage form, in order, as a JSON array of arrays without spaces.

    Later columns at the end that no line fills are left out, so that the digests of older lines stay the same.
    """
    packed = packed_rows(rows)
    return digest_of_rows(packed, columns=max(map(_filled, packed.batches()), default=None))


def _filled(batch: Sequence[Sequence[Any]]) -> int:
    """How many columns of these lines enter the digest."""
    count = len(LINE)
    while COLUMNS[count - 1].is_later and not any(map(itemgetter(count - 1), batch)):
        count -= 1
    return count


def digest_of_rows(rows: Iterable[Sequence[Any]], columns: int | None = None) -> str:
    """SHA-256 of rows in storage form, of only their first `columns` columns if that is given."""
    digest = hashlib.sha256(b"[")
    for number, batch in enumerate(packed_rows(rows).batches()):
        text = json.dumps([row[:columns] for row in batch], separators=(",", ":"), ensure_ascii=False)
        digest.update(("," if number else "").encode() + text[1:-1].encode())
    digest.update(b"]")
    return digest.hexdigest()


_IN_ORDER = itemgetter(*LINE)
_CONVERTED = (ColumnKind.DAY, ColumnKind.ID, ColumnKind.EVIDENCE_LEVEL)
_TEXTS = [place for place, column in enumerate(COLUMNS) if column.kind is ColumnKind.TEXT]
_NOT_TEXT = [place for place, column in enumerate(COLUMNS) if column.kind in _CONVERTED]
"""The indexes of the columns that a database returns as something other than plain text."""


def stored_line(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """A line that was read from the table, in storage form."""
    line = list(_IN_ORDER(row))
    for place in _NOT_TEXT:
        if line[place] is not None:
            line[place] = str(line[place])
    for place in _TEXTS:
        value = line[place]
        if value is not None and not value.isascii():
            # A line that was stored before text was composed on the way in is the same line as one that came later.
            line[place] = same_text(value)
    return tuple(line)


@lru_cache(maxsize=65_536)
def _number(text: str | None) -> Fraction | None:
    """A decimal text as a fraction. Parsed by hand, because `Fraction(text)` takes five times as long."""
    if text is None:
        return None
    whole, _, decimals = text.partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals))


@lru_cache(maxsize=4096)
def _evidence(level: str, expires_on: str | None) -> EvidenceInput:
    return EvidenceInput(EvidenceLevel(level), date.fromisoformat(expires_on) if expires_on else None)


_Columns = Mapping[str, Sequence[Any]]
"""The values of lines, by the name of their column."""
_DECIMALS = frozenset(column.name for column in COLUMNS if column.is_decimal)


def _input_of(name: str) -> Callable[[_Columns], Iterable[Any]]:
    """A function from the columns of lines to the values of one field of `ComponentInput`."""
    if name == "evidence":
        return lambda columns: map(_evidence, columns["evidence_level"], columns["evidence_expires_on"])
    if name in _DECIMALS:
        return lambda columns: map(_number, columns[name])
    return itemgetter(name)


_INPUTS = tuple(_input_of(field.name) for field in fields(ComponentInput))


def _components(rows: Sequence[Sequence[Any]]) -> Iterator[ComponentInput]:
    # Column by column, because that is faster than a loop over the columns of each line.
    columns: _Columns = dict(zip(LINE, zip(*rows, strict=True), strict=True))
    return map(ComponentInput, *(values(columns) for values in _INPUTS))
