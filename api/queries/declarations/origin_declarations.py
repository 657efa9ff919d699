"""Queries for origin declarations, their components, and their submissions, scores and reviews."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, FromClause, Select, delete, or_, select

from api.store.text_order import has_part
from api.store.visibility import ReadContext, supplier_names, visible
from domain.declarations.component_columns import LINE, DeclaredComponent
from domain.declarations.origin_declarations import DeclarationStatus, OriginDeclaration
from domain.declarations.submissions import Signatory, Submission
from domain.ledger import table_of
from domain.portfolio.challenges import ChallengeEntrant, EntrantStatus
from domain.portfolio.lots import LotPartner
from domain.scoring.scores import StoredScore

ACTIVE_STATUSES = (DeclarationStatus.SUBMITTED, DeclarationStatus.ACCEPTED)
LEFT_STATUSES = (EntrantStatus.WITHDRAWN, EntrantStatus.REJECTED)


def lines(context: ReadContext, component_set: UUID | None) -> Select[Any]:
    """The lines of a component set, in order of position."""
    seen = visible(DeclaredComponent, context)
    columns = (seen.c[name] for name in LINE)
    return select(*columns).where(seen.c.component_set == component_set).order_by(seen.c.position)


def some_lines(
    context: ReadContext, component_set: UUID | None, positions: range, filters: Mapping[str, str]
) -> Select[Any]:
    """The lines of a component set at these positions that pass the filters, in order of position.

    A column has the filter's value; of a name it is a part.
    """
    seen = visible(DeclaredComponent, context)
    at_positions = (seen.c.component_set == component_set, seen.c.position.between(positions.start, positions.stop - 1))
    chosen = (
        has_part(seen.c.name, value) if name == "name" else seen.c[name] == value for name, value in filters.items()
    )
    return select(*(seen.c[name] for name in LINE)).where(*at_positions, *chosen).order_by(seen.c.position)


def component_keys(context: ReadContext, component_set: UUID | None) -> Select[Any]:
    """The keys of the lines of a component set."""
    seen = visible(DeclaredComponent, context)
    return select(seen.c.key).where(seen.c.component_set == component_set)


def declarations_with(context: ReadContext, component_set: UUID) -> Select[Any]:
    """The ids of the declarations that have this component set."""
    seen = visible(OriginDeclaration, context)
    return select(seen.c.id).where(seen.c.component_set == component_set)


def delete_lines(component_set: UUID) -> Delete:
    """Deletes the lines of a component set that no declaration has any more; the database refuses any other set."""
    t = table_of(DeclaredComponent)
    return delete(t).where(t.c.component_set == component_set)


def revision_of(context: ReadContext, declaration_id: UUID) -> Select[Any]:
    """The id of the declaration that revises this one."""
    seen = visible(OriginDeclaration, context)
    return select(seen.c.id).where(seen.c.revises == declaration_id)


def earlier_revision(context: ReadContext, series: UUID, revision: int, declaration_id: UUID) -> Select[Any]:
    """The declaration with this id, if it is in this series and earlier than this revision."""
    seen = visible(OriginDeclaration, context)
    return select(seen).where(seen.c.id == declaration_id, seen.c.series == series, seen.c.revision < revision)


def accepted_of(context: ReadContext, series: UUID) -> Select[Any]:
    """The accepted declarations of a series."""
    seen = visible(OriginDeclaration, context)
    return select(seen.c.id).where(seen.c.series == series, seen.c.status == DeclarationStatus.ACCEPTED)


def participation(
    context: ReadContext, supplier_id: UUID, lot_id: UUID | None, challenge_id: UUID | None
) -> Select[Any]:
    """A supplier's parts in a lot or challenge, whichever is given, that have not ended today."""
    if lot_id is not None:
        partners = visible(LotPartner, context)
        is_current = or_(partners.c.ended_on.is_(None), partners.c.ended_on >= context.today)
        of_lot = (partners.c.supplier_id == supplier_id, partners.c.lot_id == lot_id, is_current)
        return select(partners.c.id).where(*of_lot)
    entrants = visible(ChallengeEntrant, context)
    of_challenge = (entrants.c.supplier_id == supplier_id, entrants.c.challenge_id == challenge_id)
    return select(entrants.c.id).where(*of_challenge, entrants.c.status.not_in(LEFT_STATUSES))


def submissions(context: ReadContext) -> Any:
    """Submissions with who signed them."""
    made, signed = visible(Submission, context), visible(Signatory, context)
    person = [signed.c[name].label(f"representative_{name}") for name in ("name", "function", "email")]
    return select(made, *person).join(signed, signed.c.submission_id == made.c.id).subquery()


def submission_of(context: ReadContext, declaration_id: UUID) -> Select[Any]:
    """The id of the submission of a declaration."""
    seen = visible(Submission, context)
    return select(seen.c.id).where(seen.c.declaration_id == declaration_id)


def stored_score(context: ReadContext, declaration_id: UUID) -> Select[Any]:
    """The stored score of a declaration."""
    seen = visible(StoredScore, context)
    return select(seen).where(seen.c.declaration_id == declaration_id)


def active(context: ReadContext) -> Select[Any]:
    """The ids of the active declarations, with the scheme version and reference date of their stored scores."""
    declared, score = visible(OriginDeclaration, context), visible(StoredScore, context)
    columns = select(declared.c.id, score.c.scheme_version, score.c.reference_date)
    scored = columns.join(score, score.c.declaration_id == declared.c.id)
    return scored.where(*_is_active(context, declared)).order_by(declared.c.id)


def contenders(context: ReadContext, lot_id: UUID | None, challenge_id: UUID | None) -> Select[Any]:
    """The active declarations for a lot or challenge, with their suppliers' names and stored scores."""
    declared, score, supplier = visible(OriginDeclaration, context), visible(StoredScore, context), supplier_names()
    of_parent = declared.c.challenge_id == challenge_id if lot_id is None else declared.c.lot_id == lot_id
    figures = ("scheme_version", "reference_date", "score", "adjustment_percent", "knock_outs", "origin_shares")
    named = select(declared, supplier.c.name.label("supplier_name"), *(score.c[name] for name in figures))
    scored = named.join(score, score.c.declaration_id == declared.c.id)
    joined = scored.join(supplier, supplier.c.id == declared.c.supplier_id)
    return joined.where(of_parent, *_is_active(context, declared)).order_by(declared.c.id)


def _is_active(context: ReadContext, declared: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Conditions of an active declaration: submitted or accepted, and the newest such revision of its series."""
    later = visible(OriginDeclaration, context).alias()
    newer = select(later.c.id).where(
        later.c.series == declared.c.series, later.c.revision > declared.c.revision, later.c.status.in_(ACTIVE_STATUSES)
    )
    return declared.c.status.in_(ACTIVE_STATUSES), ~newer.exists()
