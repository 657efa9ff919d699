"""Selects of origin declarations, of their components, and of what was made of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, FromClause, Select, delete, or_, select

from api.reader import Reader, readable, supplier_names
from domain.challenges import ChallengeEntrant, EntrantStatus
from domain.components import LINE, DeclaredComponent
from domain.declarations import DeclarationStatus, OriginDeclaration
from domain.ledger import table_of
from domain.lots import LotPartner
from domain.reviews import Review
from domain.scores import StoredScore
from domain.submissions import Signatory, Submission

STANDING = (DeclarationStatus.SUBMITTED, DeclarationStatus.ACCEPTED)
OUT = (EntrantStatus.WITHDRAWN, EntrantStatus.REJECTED)


def declarations(reader: Reader) -> Any:
    """The declarations that the reader may see."""
    return readable(OriginDeclaration, reader)


def components(reader: Reader) -> Any:
    """The components of the declarations that the reader may see."""
    return readable(DeclaredComponent, reader)


def lines(reader: Reader, component_set: UUID | None) -> Select[Any]:
    """The lines of a set, in order."""
    seen = readable(DeclaredComponent, reader)
    columns = (seen.c[name] for name in LINE)
    return select(*columns).where(seen.c.component_set == component_set).order_by(seen.c.position)


def some_lines(reader: Reader, component_set: UUID | None, positions: range, filters: Mapping[str, str]) -> Select[Any]:
    """The lines of a set at these positions, in order, of which these columns have these values."""
    seen = readable(DeclaredComponent, reader)
    among = (seen.c.component_set == component_set, seen.c.position.between(positions.start, positions.stop - 1))
    chosen = (seen.c[name] == value for name, value in filters.items())
    return select(*(seen.c[name] for name in LINE)).where(*among, *chosen).order_by(seen.c.position)


def component_keys(reader: Reader, component_set: UUID | None) -> Select[Any]:
    """The keys of the components of a set."""
    seen = readable(DeclaredComponent, reader)
    return select(seen.c.key).where(seen.c.component_set == component_set)


def users_of(reader: Reader, component_set: UUID) -> Select[Any]:
    """The ids of the declarations whose components are this set."""
    seen = readable(OriginDeclaration, reader)
    return select(seen.c.id).where(seen.c.component_set == component_set)


def forget_lines(component_set: UUID) -> Delete:
    """Deletes the lines of a set that no declaration has any more; the database refuses any other."""
    t = table_of(DeclaredComponent)
    return delete(t).where(t.c.component_set == component_set)


def revision_of(reader: Reader, declaration_id: UUID) -> Select[Any]:
    """The id of the declaration that revises this one."""
    seen = readable(OriginDeclaration, reader)
    return select(seen.c.id).where(seen.c.revises == declaration_id)


def earlier_revision(reader: Reader, series: UUID, revision: int, declaration_id: UUID) -> Select[Any]:
    """The declaration with this id, where it is of a series and before a revision of it."""
    seen = readable(OriginDeclaration, reader)
    return select(seen).where(seen.c.id == declaration_id, seen.c.series == series, seen.c.revision < revision)


def accepted_of(reader: Reader, series: UUID) -> Select[Any]:
    """The accepted declarations of a series."""
    seen = readable(OriginDeclaration, reader)
    return select(seen.c.id).where(seen.c.series == series, seen.c.status == DeclarationStatus.ACCEPTED)


def participation(reader: Reader, supplier_id: UUID, lot_id: UUID | None, challenge_id: UUID | None) -> Select[Any]:
    """The parts that a supplier has today in a lot or a challenge, whichever is named."""
    if lot_id is not None:
        partners = readable(LotPartner, reader)
        still = or_(partners.c.ended_on.is_(None), partners.c.ended_on >= reader.today)
        of_lot = (partners.c.supplier_id == supplier_id, partners.c.lot_id == lot_id, still)
        return select(partners.c.id).where(*of_lot)
    entrants = readable(ChallengeEntrant, reader)
    of_challenge = (entrants.c.supplier_id == supplier_id, entrants.c.challenge_id == challenge_id)
    return select(entrants.c.id).where(*of_challenge, entrants.c.status.not_in(OUT))


def submissions(reader: Reader) -> Any:
    """Submissions with who signed them."""
    made, signed = readable(Submission, reader), readable(Signatory, reader)
    person = [signed.c[name].label(f"representative_{name}") for name in ("name", "function", "email")]
    return select(made, *person).join(signed, signed.c.submission_id == made.c.id).subquery()


def reviews(reader: Reader) -> Any:
    """The reviews that the reader may see."""
    return readable(Review, reader)


def stored_score(reader: Reader, declaration_id: UUID) -> Select[Any]:
    """The stored score of a declaration."""
    seen = readable(StoredScore, reader)
    return select(seen).where(seen.c.declaration_id == declaration_id)


def accepted_scores(reader: Reader) -> Select[Any]:
    """What the accepted declarations declared of T, the newest acceptance last."""
    declared, score, review = (
        readable(OriginDeclaration, reader),
        readable(StoredScore, reader),
        readable(Review, reader),
    )
    columns = (declared.c.lot_id, declared.c.challenge_id, declared.c.supplier_id)
    return (
        select(*columns, score.c.declared_cents, score.c.total_cents)
        .join(score, score.c.declaration_id == declared.c.id)
        .join(review, review.c.declaration_id == declared.c.id)
        .where(declared.c.status == DeclarationStatus.ACCEPTED)
        .order_by(review.c.reviewed_at, declared.c.id)
    )


def standing(reader: Reader) -> Select[Any]:
    """The declarations that stand, with the scheme and the day of their stored scores."""
    declared, score = readable(OriginDeclaration, reader), readable(StoredScore, reader)
    beside = select(declared, score.c.scheme_version, score.c.reference_date)
    scored = beside.join(score, score.c.declaration_id == declared.c.id)
    return scored.where(*_stands(reader, declared)).order_by(declared.c.id)


def contenders(reader: Reader, lot_id: UUID | None, challenge_id: UUID | None) -> Select[Any]:
    """The declarations that stand for a lot or challenge, with their suppliers' names and their stored scores."""
    declared, score, supplier = readable(OriginDeclaration, reader), readable(StoredScore, reader), supplier_names()
    of_parent = declared.c.challenge_id == challenge_id if lot_id is None else declared.c.lot_id == lot_id
    figures = ("scheme_version", "reference_date", "score", "adjustment_percent", "knock_outs", "origin_shares")
    named = select(declared, supplier.c.name.label("supplier_name"), *(score.c[name] for name in figures))
    scored = named.join(score, score.c.declaration_id == declared.c.id)
    beside = scored.join(supplier, supplier.c.id == declared.c.supplier_id)
    return beside.where(of_parent, *_stands(reader, declared)).order_by(declared.c.id)


def _stands(reader: Reader, declared: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Submitted or accepted, and the newest such of its series."""
    later = readable(OriginDeclaration, reader).alias()
    newer = select(later.c.id).where(
        later.c.series == declared.c.series, later.c.revision > declared.c.revision, later.c.status.in_(STANDING)
    )
    return declared.c.status.in_(STANDING), ~newer.exists()
