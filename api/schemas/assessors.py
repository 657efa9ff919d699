"""Bodies and views of assessors, shared by lots and challenges."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.bodies import Body, Identifier, View


class AssessorsBody(Body):
    """The keys of the assessors to assign, and no others."""

    key_ids: Annotated[list[Identifier], Field(max_length=100)]


class AssessorsView(View):
    """The keys of the assessors assigned; `version` is that of the lot or challenge."""

    key_ids: list[UUID]
    version: int
