"""Test sites (testlocaties): where trials are held, and what each may host.

Trials, which are held there in a window, are a concept of their own.
"""

from enum import StrEnum
from typing import ClassVar

from sqlmodel import Field

from domain.base import MAX_TITLE, Fact, json_type, one_of
from domain.lots import OperationalDomain


class SiteHost(StrEnum):
    """What a site may host beside flying, driving or sailing."""

    EXPLOSIVES = "explosives"
    GPS_DISRUPTION = "gpsDisruption"
    INDOOR = "indoor"


class TestSite(Fact, table=True):
    """A site; `country` is ISO 3166-1 alpha-2, `partner_ids` are organisations that run it together."""

    __tablename__ = "test_sites"
    __test__: ClassVar[bool] = False

    name: str = Field(max_length=MAX_TITLE, index=True)
    country: str | None = Field(default=None, max_length=2, index=True)
    domain: OperationalDomain | None = Field(default=None, sa_type=one_of(OperationalDomain, "domain"), index=True)
    hosts: list[str] = Field(default_factory=list, sa_type=json_type())
    partner_ids: list[str] = Field(default_factory=list, sa_type=json_type())
