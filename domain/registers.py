"""The small registers: sources, organisations, targets, budget lines and test sites.

Each is a list of facts that other rows refer to, with no rules beyond its columns. That the source of a fact exists is
checked when the fact is written. A register that gains rules moves to a module of its own.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import (
    MAX_KEY,
    MAX_TEXT,
    MAX_TITLE,
    Audited,
    EuroCents,
    Fact,
    ListFilter,
    amount_checks,
    column,
    json_type,
    one_of,
)
from domain.money import Qualifier
from domain.references import search_key, search_keys
from domain.withdrawals import Withdrawable, withdrawal_check


class OperationalDomain(StrEnum):
    """Where the effect is wanted."""

    LAND = "land"
    SEA = "sea"
    AIR = "air"
    SPACE = "space"
    CYBER = "cyber"
    JOINT = "joint"


class Source(Audited, table=True):
    """A source (bron): a letter, reply or report that facts rest on.

    `reference` and `date` are printed on it, None if they are not; `domain.references` parses the reference. `signed_by` has who
    signed it, each with function and name as printed. `uri` is where it is published officially, None if that is not known.
    Facts name a source by its key, which never changes.
    """

    LIST_FILTERS: ClassVar[Mapping[str, ListFilter]] = {
        "reference": ListFilter("reference", lambda printed: search_keys(printed, None) if printed else (), search_key)
    }
    __tablename__ = "sources"

    key: str = Field(max_length=MAX_KEY, unique=True)
    title: str = Field(max_length=MAX_TITLE, index=True)
    file: str | None = Field(default=None, max_length=MAX_TITLE)
    reference: str | None = Field(default=None, max_length=120)
    date: dt.date | None = Field(default=None, index=True)
    signed_by: list[str] = Field(default_factory=list, sa_type=json_type())
    uri: str | None = Field(default=None, max_length=2000)
    note: str | None = Field(default=None, max_length=MAX_TEXT)


class OrganisationKind(StrEnum):
    """What kind of organisation it is, within the state or close to it; a cooperation is of several, often without a country."""

    MINISTRY = "ministry"
    SERVICE = "service"
    UNIT = "unit"
    KNOWLEDGE_INSTITUTE = "knowledgeInstitute"
    GOVERNMENT = "government"
    COOPERATION = "cooperation"


class Organisation(Fact, table=True):
    """An organisation (organisatie): a public body, institute or cooperation that owns lots or takes part.

    Companies are suppliers. `country` is ISO 3166-1 alpha-2, None for a cooperation of several countries.
    """

    __tablename__ = "organisations"

    name: str = Field(max_length=MAX_TITLE, index=True)
    country: str | None = Field(default=None, max_length=2)
    kind: OrganisationKind = Field(sa_type=one_of(OrganisationKind, "kind"), index=True)


class TargetBound(StrEnum):
    """Whether the target is a minimum or a maximum."""

    AT_LEAST = "atLeast"
    AT_MOST = "atMost"


class Target(Withdrawable, Fact, table=True):
    """A target (streefcijfer) of the ministry, as a bound in whole percent. It is never used to refuse or colour anything.

    The definition version says what exactly is measured, because the same words have meant different things over time.
    """

    __tablename__ = "targets"
    __table_args__ = (sa.CheckConstraint("bound_pct BETWEEN 0 AND 100", name="bound_pct"), withdrawal_check())

    title: str = Field(max_length=MAX_TITLE, index=True)
    bound: TargetBound = Field(sa_type=one_of(TargetBound, "bound"))
    bound_pct: int
    definition_version: str = Field(max_length=40, index=True)


class BudgetLine(Withdrawable, Fact, table=True):
    """A line of the state's budget (begrotingsregel) that the letters name. Its amount is None if it was not published.

    A line without a fund enters no sum. Programmes, lots and challenges store their own budgets.
    """

    __tablename__ = "budget_lines"
    __table_args__ = (*amount_checks("amount"), withdrawal_check())

    title: str = Field(max_length=MAX_TITLE, index=True)
    amount_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    amount_qualifier: Qualifier | None = Field(default=None, sa_type=one_of(Qualifier, "amount_qualifier"))
    fund: str | None = Field(default=None, max_length=40, index=True)


class SiteHost(StrEnum):
    """What a site may host besides flying, driving or sailing."""

    EXPLOSIVES = "explosives"
    GPS_DISRUPTION = "gpsDisruption"
    INDOOR = "indoor"


class TestSite(Withdrawable, Fact, table=True):
    """A test site (testlocatie) where trials are held. `partner_ids` are the organisations that run it together.

    `country` is ISO 3166-1 alpha-2.
    """

    __tablename__ = "test_sites"
    __table_args__ = (withdrawal_check(),)
    __test__: ClassVar[bool] = False

    name: str = Field(max_length=MAX_TITLE, index=True)
    country: str | None = Field(default=None, max_length=2, index=True)
    domain: OperationalDomain | None = Field(default=None, sa_type=one_of(OperationalDomain, "domain"), index=True)
    hosts: list[str] = Field(default_factory=list, sa_type=json_type())
    partner_ids: list[str] = Field(default_factory=list, sa_type=json_type())
