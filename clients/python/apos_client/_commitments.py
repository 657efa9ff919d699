"""Commitments (toezeggingen en moties): what parliament was promised or asked for, by when, and which letter fulfils it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NotRequired, Unpack
from uuid import UUID

from apos_client._references import Reference
from apos_client._registers import Entry, EntryChanges, EntryFilters, NewEntry, Register

CommitmentKind = Literal["toezegging", "motie", "aim", "announcement"]
CommitmentStatus = Literal["open", "fulfilled", "withdrawn"]


class Commitment(Entry):
    """A promise, a motion, an aim or an announcement; `evidence` is the key of the letter that fulfils it."""

    kind: str
    text: str
    made: date | None = None
    due: date | None = None
    due_note: str | None = None
    status: str
    fulfilled_on: date | None = None
    evidence: str | None = None
    lot_ids: tuple[UUID, ...] = ()
    references: tuple[Reference, ...] = ()


class CommitmentFilters(EntryFilters, total=False):
    """By what commitments can be listed; an end from a day on is inclusive, before a day is not."""

    kind: CommitmentKind
    status: CommitmentStatus
    lot_id: UUID | str
    reference: str
    due_from: date
    due_before: date


class NewCommitment(NewEntry):
    """What a new commitment is made of."""

    text: str
    kind: CommitmentKind
    made: NotRequired[date | None]
    due: NotRequired[date | None]
    due_note: NotRequired[str | None]
    status: NotRequired[CommitmentStatus]
    fulfilled_on: NotRequired[date | None]
    evidence: NotRequired[str | None]
    lot_ids: NotRequired[Sequence[UUID | str]]
    references: NotRequired[Sequence[Reference]]


class CommitmentChanges(EntryChanges, total=False):
    """What may change of a commitment."""

    text: str
    kind: CommitmentKind
    made: date | None
    due: date | None
    due_note: str | None
    status: CommitmentStatus
    fulfilled_on: date | None
    evidence: str | None
    lot_ids: Sequence[UUID | str]
    references: Sequence[Reference]


class Commitments(Register[Commitment]):
    """The commitments; every role reads them."""

    _path, _kind = "/commitments", Commitment

    def each(self, **filters: Unpack[CommitmentFilters]) -> Iterator[Commitment]:
        """Every commitment you may see, through all pages."""
        return self._each(filters)

    def add(self, **fields: Unpack[NewCommitment]) -> Commitment:
        """Record a commitment, once, also when the answer is lost on the way."""
        return self._add(fields)

    def change(self, name: UUID | str, /, **changes: Unpack[CommitmentChanges]) -> Commitment:
        """Change fields of a commitment. Without the `etag` of your own read it is read just before. Raises Stale."""
        return self._change(name, changes)
