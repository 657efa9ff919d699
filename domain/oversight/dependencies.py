"""Dependencies (afhankelijkheden) on a product, maker or country, and the safeguards (waarborgen) against them.

The alternative of a dependency is the lot that ends it. A dependency is public only if a named source published it; who
may read it is decided by visibility, in the api.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TEXT, MAX_TITLE, Audited, Fact, Id, column, json_type, one_of
from domain.errors import BrokenRule, Fault
from domain.portfolio.suppliers import NameBasis
from domain.withdrawals import Withdrawable, withdrawal_check


class SafeguardStatus(StrEnum):
    """Whether a safeguard is in place."""

    PLANNED = "planned"
    IN_PLACE = "inPlace"
    NOT_IN_PLACE = "notInPlace"


class Dependency(Withdrawable, Fact, table=True):
    """A dependency on `subject`. `controlling_country` is ISO 3166-1 alpha-2, null if it is not known."""

    __tablename__ = "dependencies"
    __table_args__ = (withdrawal_check(),)

    subject: str = Field(max_length=MAX_TITLE, index=True)
    controlling_country: str | None = Field(default=None, max_length=2, index=True)
    name_basis: NameBasis | None = Field(default=None, sa_type=one_of(NameBasis, "name_basis"))
    lot_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="lots.id", index=True)
    alternative_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="lots.id", index=True)


class Safeguard(Audited, table=True):
    """A safeguard against a dependency, ordered by `position`. The status is null if no source states one."""

    __tablename__ = "safeguards"
    __table_args__ = (sa.UniqueConstraint("dependency_id", "position"),)

    dependency_id: UUID = Field(sa_type=column(Id), foreign_key="dependencies.id", index=True)
    position: int
    text: str = Field(max_length=MAX_TEXT)
    status: SafeguardStatus | None = Field(default=None, sa_type=one_of(SafeguardStatus, "status"), index=True)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())


def check_alternative(*, lot_id: UUID | None, alternative_id: UUID | None) -> None:
    """Refuses an alternative that is the lot with the dependency."""
    if alternative_id is not None and alternative_id == lot_id:
        raise BrokenRule.at(Fault("/alternativeId", "is the lot that has the dependency; name another, or none"))


def check_safeguard(*, status: SafeguardStatus | None, evidence: Sequence[object]) -> None:
    """Refuses a safeguard that is in place without evidence of it."""
    if status is SafeguardStatus.IN_PLACE and not evidence:
        raise BrokenRule.at(Fault("/evidence", "give the evidence that it is in place, or another status"))
