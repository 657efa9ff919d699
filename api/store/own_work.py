"""Who reads, and the ids of the lots and challenges that are theirs.

Only rules of visibility are made of these.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from domain.access.api_keys import AssessorAssignment
from domain.ledger import table_of
from domain.permissions import Actor
from domain.portfolio.challenges import ChallengeEntrant
from domain.portfolio.lots import LotPartner


@dataclass(frozen=True, slots=True)
class ReadContext:
    """Who reads, and on which day."""

    actor: Actor
    today: date


def own_lots(context: ReadContext) -> Select[Any]:
    """The ids of the lots that a supplier takes part in."""
    t = table_of(LotPartner).alias()
    has_not_ended = or_(t.c.ended_on.is_(None), t.c.ended_on >= context.today)
    own = t.c.supplier_id == context.actor.supplier_id
    return select(t.c.lot_id).where(own, has_not_ended, t.c.withdrawn_kind.is_(None))


def own_challenges(context: ReadContext) -> Select[Any]:
    """The ids of the challenges that a supplier entered."""
    t = table_of(ChallengeEntrant).alias()
    own = t.c.supplier_id == context.actor.supplier_id
    return select(t.c.challenge_id).where(own, t.c.withdrawn_kind.is_(None))


def _assigned(column: str, context: ReadContext) -> Select[Any]:
    t = table_of(AssessorAssignment).alias()
    return select(t.c[column]).where(
        t.c.key_id == context.actor.key_id, t.c[column].is_not(None), t.c.closed.is_(False)
    )


def assigned_lots(context: ReadContext) -> Select[Any]:
    """The ids of the lots that an assessor is assigned to."""
    return _assigned("lot_id", context)


def assigned_challenges(context: ReadContext) -> Select[Any]:
    """The ids of the challenges that an assessor is assigned to."""
    return _assigned("challenge_id", context)
