"""Reviews (beoordelingen) of submitted declarations: accepted, or returned with remarks per component.

A review never changes. Its effect on the declaration, and on the one that it revises, belongs to origin declarations.
"""

from collections.abc import Sequence, Set
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from domain.base import MAX_TEXT, Audited, Id, UtcDateTime, column, json_type, one_of
from domain.declarations.origin_declarations import DeclarationStatus
from domain.errors import BrokenRule, Fault
from domain.texts import same_text


class ReviewVerdict(StrEnum):
    """The reviewer's verdict."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Review(Audited, table=True):
    """A reviewer's verdict with its reasons; `remarks` are objects of `componentKey` and `remark`."""

    __tablename__ = "reviews"

    declaration_id: UUID = Field(sa_type=column(Id), foreign_key="origin_declarations.id", unique=True)
    verdict: ReviewVerdict = Field(sa_type=one_of(ReviewVerdict, "verdict"))
    narrative: str = Field(max_length=MAX_TEXT)
    remarks: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    reviewed_at: datetime = Field(sa_type=column(UtcDateTime), index=True)


def outcome_of(verdict: ReviewVerdict) -> DeclarationStatus:
    """The status of a declaration after a review."""
    return DeclarationStatus(verdict.value)


def check_remarks(*, component_keys: Sequence[str], known: Set[str]) -> None:
    """Refuses remarks about components that the declaration does not have."""
    composed = set(map(same_text, known))
    faults = [
        Fault(
            f"/remarks/{at}/componentKey", f"the declaration has no component {key}; give the key of one of its lines"
        )
        for at, key in enumerate(component_keys)
        if same_text(key) not in composed
    ]
    if faults:
        raise BrokenRule.at(*faults)
