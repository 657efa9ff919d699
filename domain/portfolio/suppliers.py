"""Suppliers (leveranciers): companies that deliver or compete, and whether their name may be public.

A supplier's name and country are public only if it consents or if a published source names it. Declarations and contracts
do not belong here.
"""

from enum import StrEnum

from sqlmodel import Field

from domain.base import MAX_TITLE, Fact, one_of
from domain.errors import BrokenRule, Conflict, Fault


class NameBasis(StrEnum):
    """Why a supplier's name is public."""

    CONSENT = "consent"
    PUBLISHED_SOURCE = "publishedSource"


class Supplier(Fact, table=True):
    """A company. Without a `name_basis` its name is confidential. `country` is ISO 3166-1 alpha-2, None if unknown."""

    __tablename__ = "suppliers"

    name: str = Field(max_length=MAX_TITLE, index=True)
    country: str | None = Field(default=None, max_length=2, index=True)
    name_basis: NameBasis | None = Field(default=None, sa_type=one_of(NameBasis, "name_basis"), index=True)


def check_basis(*, name_basis: NameBasis | None, source: str | None) -> None:
    """Refuses the basis publishedSource without a source."""
    if name_basis is NameBasis.PUBLISHED_SOURCE and source is None:
        raise BrokenRule.at(Fault("/source", "name the published source that names this supplier"))


def check_consented(*, before: NameBasis | None, after: NameBasis | None, consented: bool) -> None:
    """Refuses to make a name public by a consent that is not recorded. An unchanged basis is not checked again."""
    if after is NameBasis.CONSENT and before is not after and not consented:
        raise Conflict(
            "this supplier has not consented to be named in public; record its consent first, which makes the name public",
            [Fault("/nameBasis", "add a consent of scope public to the supplier's consents instead")],
        )
