"""Assessors as bodies: what lots and challenges share of it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.http.auth import Read
from api.queries.access import api_keys as queries
from api.schemas.bodies import Body, Identifier, View
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot


class AssessorsBody(Body):
    """The keys of the assessors to assign, and no others."""

    key_ids: Annotated[list[Identifier], Field(max_length=100)]


class AssessorsView(View):
    """The keys of the assessors assigned; `version` is that of the lot or challenge."""

    key_ids: list[UUID]
    version: int


async def assessors_of(read: Read, parent: Lot | Challenge) -> AssessorsView:
    """The open assignments of a lot or challenge."""
    column = "lot_id" if isinstance(parent, Lot) else "challenge_id"
    rows = (await read.session.execute(queries.assignments(read.context, column, parent.id))).mappings()
    return AssessorsView(key_ids=[row["key_id"] for row in rows if not row["closed"]], version=parent.version)
