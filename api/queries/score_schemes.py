"""Selects of score schemes, of their publications, and of which one counts where."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.reader import Reader, for_each_reader, readable
from domain.declarations import OriginDeclaration
from domain.permissions import SYSTEM
from domain.score_schemes import SchemePublication, ScoreScheme
from domain.scores import StoredScore


@for_each_reader
def schemes(reader: Reader) -> Any:
    """The schemes that the reader may see, each with its date of effect, null where it is not published."""
    seen, published = readable(ScoreScheme, reader), readable(SchemePublication, reader)
    beside = seen.outerjoin(published, published.c.scheme_id == seen.c.id)
    return select(seen, published.c.effective_on).select_from(beside).subquery()


def publications(reader: Reader) -> Any:
    """The publications that the reader may see."""
    return readable(SchemePublication, reader)


def last_publication(reader: Reader) -> Select[Any]:
    """The last date of effect that was published."""
    seen = readable(SchemePublication, reader)
    return select(seen.c.effective_on).order_by(seen.c.effective_on.desc()).limit(1)


def publication_of(reader: Reader, scheme_id: UUID) -> Select[Any]:
    """The publication of a scheme."""
    seen = readable(SchemePublication, reader)
    return select(seen.c.id).where(seen.c.scheme_id == scheme_id)


def in_force(reader: Reader) -> Select[Any]:
    """The scheme in force today: of those published, the one that took effect last."""
    seen, published = readable(ScoreScheme, reader), readable(SchemePublication, reader)
    took_effect = select(seen).join(published, published.c.scheme_id == seen.c.id)
    return (
        took_effect.where(published.c.effective_on <= reader.today).order_by(published.c.effective_on.desc()).limit(1)
    )


def kept(reader: Reader, lot_id: UUID | None, challenge_id: UUID | None) -> Select[Any]:
    """The version that the first score of a lot or challenge was stored under, whoever's that was.

    It is asked as the service, because all are scored under it, also those who may not know of each other.
    """
    whole = replace(reader, actor=SYSTEM)
    score, declared = readable(StoredScore, whole), readable(OriginDeclaration, whole)
    of_parent = declared.c.challenge_id == challenge_id if lot_id is None else declared.c.lot_id == lot_id
    beside = select(score.c.scheme_version).join(declared, declared.c.id == score.c.declaration_id)
    return beside.where(of_parent).order_by(score.c.id).limit(1)


def of_version(reader: Reader, version: str) -> Select[Any]:
    """The scheme of one version."""
    seen = readable(ScoreScheme, reader)
    return select(seen).where(seen.c.scheme_version == version)


def versions(reader: Reader) -> Select[Any]:
    """Every version that there is, the oldest first."""
    seen = readable(ScoreScheme, reader)
    return select(seen.c.scheme_version).order_by(seen.c.id)


def documents(reader: Reader) -> Select[Any]:
    """The documents of all schemes, the oldest first."""
    seen = readable(ScoreScheme, reader)
    return select(seen.c.document).order_by(seen.c.id)
