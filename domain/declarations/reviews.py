"""Reviews (beoordelingen) of submitted declarations: accepted, or returned with remarks per component.

A review never changes. Its effect on the declaration, and on the one that it revises, belongs to origin declarations.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from domain.base import MAX_TEXT, Audited, Id, UtcDateTime, column, json_type, one_of
from domain.declarations.origin_declarations import DeclarationStatus
from domain.errors import BrokenRule, Conflict, Fault
from domain.scoring.results import KnockOutCode
from domain.texts import same_text

MOST_NAMED = 10
"""The most knock-outs that the detail of a refusal lists; its faults list all."""


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


def check_knock_outs(*, standing: Sequence[Mapping[str, Any]]) -> None:
    """Refuses to accept a declaration with knock-outs that stand: those that no confirmed waiver in force is of.

    `standing` are knock-outs as a score shows them. Names each, with its cure.
    """
    if standing:
        named = "; ".join(map(_named, standing[:MOST_NAMED]))
        more = f"; and {len(standing) - MOST_NAMED} more" if len(standing) > MOST_NAMED else ""
        faults = [Fault("/verdict", f"{_named(entry)} stands; {_cure(entry)}") for entry in standing]
        raise Conflict(f"this declaration has knock-outs that stand, so it cannot be accepted: {named}{more}", faults)


def _named(entry: Mapping[str, Any]) -> str:
    place = entry.get("componentKey") or entry.get("dimension") or entry.get("functionGroup")
    return f"{entry['code']} {entry['reason']}" + (f" at {place}" if place else "")


def _cure(entry: Mapping[str, Any]) -> str:
    if entry["code"] == KnockOutCode.CONCERN:
        return "propose a waiver and have another actor confirm it, or return the declaration so that it is revised"
    return "return the declaration, so that a revision cures it; only KO-1 can be waived"


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
