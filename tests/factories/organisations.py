"""Organisations."""

from typing import Any

from domain.registers import Organisation, OrganisationKind
from tests.factories.rows import a_row


def an_organisation(**named: Any) -> Organisation:
    """A ministry."""
    return a_row(Organisation, named, name="Ministerie van Defensie", kind=OrganisationKind.MINISTRY)
