"""Organisations (organisaties): ministries, services, units and institutes that own lots or take part.

Companies that deliver are suppliers, a concept of their own.
"""

from enum import StrEnum

from sqlmodel import Field

from domain.base import MAX_TITLE, Fact, one_of


class OrganisationKind(StrEnum):
    """What an organisation is within or beside the state."""

    MINISTRY = "ministry"
    SERVICE = "service"
    UNIT = "unit"
    KNOWLEDGE_INSTITUTE = "knowledgeInstitute"
    GOVERNMENT = "government"


class Organisation(Fact, table=True):
    """A public body or institute; `country` is ISO 3166-1 alpha-2."""

    __tablename__ = "organisations"

    name: str = Field(max_length=MAX_TITLE, index=True)
    country: str | None = Field(default=None, max_length=2)
    kind: OrganisationKind = Field(sa_type=one_of(OrganisationKind, "kind"), index=True)
