"""Origin declarations (herkomstverklaringen): a supplier's signed statement of what a system is made of and where it comes from.

A declaration is drafted, submitted by a named representative, and accepted or returned. Once submitted it never changes; a
change is a revision, the next declaration of its series. Its components and its score belong to modules of their own.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TITLE, Audited, EuroCents, Id, column, json_type, one_of
from domain.errors import BrokenRule, Conflict, Fault
from domain.scoring.inputs import (
    AuthorityLevel,
    ComponentInput,
    Dependence,
    DesignAuthority,
    Dimension,
    DimensionName,
    EvidenceInput,
    EvidenceLevel,
    System,
)


class DeclarationStatus(StrEnum):
    """The status of a declaration; which status may follow which is fixed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class OriginDeclaration(Audited, table=True):
    """A declaration of one system of a supplier for a lot or challenge. `series` is the id of its first revision.

    `components_cents` is the total value of the leaves; `conversion` is the exchange rate by which their values were made euros,
    as the supplier stated it. The components are the lines of `component_set`.
    """

    __tablename__ = "origin_declarations"
    __table_args__ = (
        sa.CheckConstraint("(lot_id IS NULL) <> (challenge_id IS NULL)", name="one_parent"),
        sa.CheckConstraint("price_cents >= 0", name="price"),
        sa.CheckConstraint("total_component_cost_cents >= 0", name="total_component_cost"),
        sa.UniqueConstraint("series", "revision"),
    )

    supplier_id: UUID = Field(sa_type=column(Id), foreign_key="suppliers.id", index=True)
    lot_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="lots.id", index=True)
    challenge_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="challenges.id", index=True)
    series: UUID = Field(sa_type=column(Id))
    revision: int = 1
    revises: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="origin_declarations.id", unique=True)
    status: DeclarationStatus = Field(
        default=DeclarationStatus.DRAFT, sa_type=one_of(DeclarationStatus, "status"), index=True
    )
    price_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    system_name: str = Field(max_length=MAX_TITLE)
    system_version: str | None = Field(default=None, max_length=MAX_TITLE)
    system_final_assembly_country: str | None = Field(default=None, max_length=2)
    total_component_cost_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    design_authority: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    dimensions: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    component_set: UUID | None = Field(default=None, sa_type=column(Id), index=True)
    component_count: int = 0
    components_digest: str | None = Field(default=None, max_length=64)
    components_cents: int = Field(default=0, sa_type=column(EuroCents))
    conversion: dict[str, Any] | None = Field(default=None, sa_type=json_type())


def check_draft(*, status: DeclarationStatus) -> None:
    """Refuses to change a declaration that is no longer a draft."""
    if status is not DeclarationStatus.DRAFT:
        raise Conflict(f"this declaration is {status} and can no longer be changed; only a draft can be changed")


def check_submission(*, status: DeclarationStatus, has_profile: bool, takes_part: bool) -> None:
    """Refuses to submit twice, without a scoring profile, or for a supplier that no longer takes part."""
    if status is not DeclarationStatus.DRAFT:
        raise Conflict(f"this declaration is {status}; it has already been submitted, and can be submitted only once")
    if not takes_part:
        raise Conflict("the supplier no longer takes part in this lot or challenge; ask the programme office")
    if not has_profile:
        raise Conflict(
            "the lot or challenge has no scoring profile yet; submit when the programme office has published it"
        )


def check_unchanged(*, is_same: bool) -> None:
    """Refuses to store a score if the declaration, or what it is scored on, has changed since it was computed."""
    if not is_same:
        raise Conflict(
            "this declaration, or what it is scored on, changed at the same moment; read it and submit it again"
        )


def check_review(*, status: DeclarationStatus) -> None:
    """Refuses to review a declaration that is not submitted, or that was already reviewed."""
    if status is not DeclarationStatus.SUBMITTED:
        raise Conflict(f"this declaration is {status}; only a submitted one that has no review yet can be reviewed")


def check_withdrawable(*, status: DeclarationStatus) -> None:
    """Refuses to withdraw a declaration that is neither a draft nor waiting for its review."""
    if status not in (DeclarationStatus.DRAFT, DeclarationStatus.SUBMITTED):
        raise Conflict(f"this declaration is {status}; only a draft, or a submitted one without a review, is withdrawn")


def check_revision(*, before: OriginDeclaration, after: OriginDeclaration, is_revised: bool) -> None:
    """Refuses a revision for another supplier, lot or challenge, of one that is drafted or under review, or a second one."""
    same = ("supplier_id", "lot_id", "challenge_id")
    if any(getattr(before, name) != getattr(after, name) for name in same):
        raise BrokenRule.at(
            Fault("/revises", "is for another lot, challenge or supplier; give a declaration for the same ones")
        )
    if before.status not in (DeclarationStatus.RETURNED, DeclarationStatus.ACCEPTED, DeclarationStatus.WITHDRAWN):
        raise Conflict(
            f"that declaration is {before.status}; only a returned, accepted or withdrawn one can be revised",
            [Fault("/revises", f"is {before.status}; give a returned, accepted or withdrawn one")],
        )
    if is_revised:
        raise Conflict(
            "that declaration has a revision already; revise the newest one of its series",
            [Fault("/revises", "has already been revised; give the newest one of its series")],
        )


def check_revised(*, revises: UUID | None) -> UUID:
    """The id of the declaration before this revision. Refuses a first revision, which has nothing to compare with."""
    if revises is None:
        raise Conflict("this is the first revision of its series; there is nothing before it to compare it with")
    return revises


def check_parent(*, lot_id: UUID | None, challenge_id: UUID | None) -> None:
    """Refuses a declaration for neither a lot nor a challenge, or for both."""
    if (lot_id is None) == (challenge_id is None):
        raise BrokenRule.at(Fault("/lotId", "give either lotId or challengeId, not both"))


def check_participation(*, takes_part: bool) -> None:
    """Refuses a declaration of a supplier that does not take part in the lot or challenge."""
    if not takes_part:
        raise Conflict(
            "this supplier does not take part in that lot or challenge; ask the programme office to add it there",
            [Fault("/supplierId", "does not take part there")],
        )


def system_of(row: Mapping[str, Any], components: Sequence[ComponentInput]) -> System:
    """A declared system as input for scoring, from a declaration's columns and its components."""
    authority = row["design_authority"] or {}
    return System(
        total_cents=row["total_component_cost_cents"],
        components=tuple(components),
        dimensions=tuple(_dimension(declared) for declared in row["dimensions"]),
        design_authority=DesignAuthority(
            AuthorityLevel(authority["level"]) if authority.get("level") else None,
            authority.get("country"),
            _evidence(authority),
        ),
        final_assembly_country=row["system_final_assembly_country"],
    )


def _dimension(declared: Mapping[str, Any]) -> Dimension:
    dependence = declared.get("dependence")
    return Dimension(
        DimensionName(declared["dimension"]),
        Dependence(dependence) if dependence else None,
        declared.get("country"),
        _evidence(declared),
    )


def _evidence(stated: Mapping[str, Any]) -> EvidenceInput:
    given = stated.get("evidence") or {}
    expires = given.get("expiresOn")
    return EvidenceInput(EvidenceLevel(given.get("level") or "none"), expires and date.fromisoformat(expires))
