"""Submissions and reviews: who signed a declaration, and what was found of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from apos_client._answers import Answer, Resource

ReviewVerdict = Literal["accepted", "returned"]


class Representative(Answer):
    """Who signs, authorised to do so; None once erased."""

    name: str | None
    function: str | None
    email: str | None


class Submission(Resource):
    """A declaration was submitted, by whom."""

    declaration_id: UUID
    submitted_at: datetime
    representative: Representative


class Remark(Answer):
    """What is to be mended of one component."""

    component_key: str
    remark: str


class Review(Resource):
    """What was found of a declaration, and why."""

    declaration_id: UUID
    verdict: str
    narrative: str
    remarks: tuple[Remark, ...] = ()
    reviewed_at: datetime
