"""Suppliers (leveranciers): companies that deliver or compete, and whether their name may be public.

A name, and the country with it, is public only by consent or where a published source names it. Declarations and
contracts are concepts of their own.
"""

from enum import StrEnum

from sqlmodel import Field

from domain.base import MAX_TITLE, Fact, one_of


class NameBasis(StrEnum):
    """On what ground a supplier's name is public."""

    CONSENT = "consent"
    PUBLISHED_SOURCE = "publishedSource"


class Supplier(Fact, table=True):
    """A company; without a `name_basis` its name is confidential. `country` is ISO 3166-1 alpha-2 or unknown."""

    __tablename__ = "suppliers"

    name: str = Field(max_length=MAX_TITLE, index=True)
    country: str | None = Field(default=None, max_length=2, index=True)
    name_basis: NameBasis | None = Field(default=None, sa_type=one_of(NameBasis, "name_basis"), index=True)
