"""API keys and what assessors are assigned to."""

from typing import Any

from domain.access.api_keys import ApiKey, AssessorAssignment, hash_of
from domain.base import new_id
from domain.permissions import Role
from tests.factories.rows import a_row


def an_api_key(**named: Any) -> ApiKey:
    """A key of the programme office that does not expire."""
    return a_row(ApiKey, named, role=Role.PROGRAMME_OFFICE, key_hash=hash_of(f"apos_{new_id()}"))


def an_assessor_assignment(**named: Any) -> AssessorAssignment:
    """An open assignment of an assessor's key to a lot, unless a challenge is named."""
    parent = {} if "challenge_id" in named else {"lot_id": new_id()}
    return a_row(AssessorAssignment, named, key_id=new_id(), **parent)
