"""API keys (toegangssleutels): a random secret, stored as its SHA-256, with a role; and what assessors are assigned to.

A key has 256 random bits, so a slow password hash would add no protection. A key is never deleted, only revoked; it is
renewed by giving it another secret, so it stays the same actor. Tokens of an identity provider do not belong here.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TITLE, Audited, Id, UtcDateTime, column, one_of
from domain.errors import BrokenRule, Conflict, Fault
from domain.ledger import OMIT, SECRET
from domain.permissions import Role

PREFIX = "apos_"


class ApiKey(Audited, table=True):
    """A key and the role that it gives. A key with the role supplier, and no other, names its supplier.

    `previous_hash` is that of the secret before the last renewal, which is valid until `previous_until`. A key that awaits
    confirmation opens nothing.
    """

    __tablename__ = "api_keys"
    __table_args__ = (sa.CheckConstraint("(role = 'supplier') = (supplier_id IS NOT NULL)", name="supplier"),)

    label: str | None = Field(default=None, max_length=MAX_TITLE)
    role: Role = Field(sa_type=one_of(Role, "role"), index=True)
    supplier_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="suppliers.id", index=True)
    expires_at: datetime | None = Field(default=None, sa_type=column(UtcDateTime))
    revoked_at: datetime | None = Field(default=None, sa_type=column(UtcDateTime))
    key_hash: str = Field(max_length=64, unique=True, sa_column_kwargs=SECRET)
    previous_hash: str | None = Field(default=None, max_length=64, index=True, unique=True, sa_column_kwargs=SECRET)
    previous_until: datetime | None = Field(default=None, sa_type=column(UtcDateTime))
    awaits_confirmation: bool = False
    last_used_at: datetime | None = Field(default=None, sa_type=column(UtcDateTime), sa_column_kwargs=OMIT)


class AssessorAssignment(Audited, table=True):
    """An assessor's key may read and assess one lot or challenge, until the assignment is closed."""

    __tablename__ = "assessor_assignments"
    __table_args__ = (
        sa.CheckConstraint("(lot_id IS NULL) <> (challenge_id IS NULL)", name="one_parent"),
        sa.UniqueConstraint("key_id", "lot_id"),
        sa.UniqueConstraint("key_id", "challenge_id"),
    )

    key_id: UUID = Field(sa_type=column(Id), foreign_key="api_keys.id", index=True)
    lot_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="lots.id", index=True)
    challenge_id: UUID | None = Field(default=None, sa_type=column(Id), foreign_key="challenges.id", index=True)
    closed: bool = False


def hash_of(key: str) -> str:
    """The SHA-256 of a key in hexadecimal, as it is stored."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_secret() -> str:
    """A secret of 256 random bits, which is shown once and never stored."""
    return PREFIX + secrets.token_urlsafe(32)


def expiry(*, now: datetime, days: int) -> datetime | None:
    """Until when a key of so many days is valid, to the second; None without end, where `days` is 0."""
    return now.replace(microsecond=0) + timedelta(days=days) if days else None


def check_key(*, role: Role, supplier_id: UUID | None, expires_at: datetime | None, now: datetime) -> None:
    """Refuses the role supplier without a supplier, another role with one, and an expiry that has already passed."""
    faults = []
    if role is Role.SUPPLIER and supplier_id is None:
        faults.append(Fault("/supplierId", "a key with the role supplier must name its supplier"))
    if role is not Role.SUPPLIER and supplier_id is not None:
        faults.append(Fault("/supplierId", f"only the role supplier has a supplier; leave it out with {role}"))
    if expires_at is not None and expires_at <= now:
        faults.append(Fault("/expiresAt", "has already passed; give a later time"))
    if faults:
        raise BrokenRule.at(*faults)


def check_assessors(*, wanted: list[UUID], assessors: set[UUID]) -> None:
    """Refuses to assign keys that do not have the role assessor; `assessors` are the keys in `wanted` that do."""
    faults = [
        Fault(f"/keyIds/{at}", "no key with the role assessor has this id; give the id of one")
        for at, key_id in enumerate(wanted)
        if key_id not in assessors
    ]
    if faults:
        raise BrokenRule.at(*faults)


def revocation(*, revoked_at: datetime | None, revoke: bool, now: datetime) -> datetime | None:
    """When the key is revoked, None if it is not. Refuses to undo a revocation."""
    if revoked_at is not None and not revoke:
        raise Conflict("this key was revoked for good; make a new one", [Fault("/revoked", "cannot be undone")])
    return revoked_at or (now if revoke else None)


def needs_confirmation(*, maker: Role, made: Role, on_the_machine: bool, four_eyes: bool) -> bool:
    """Whether another administrator must confirm a key before it opens anything.

    So it is for an administrator's key that an administrator makes, unless it is made on the machine of the service.
    """
    return four_eyes and not on_the_machine and maker is made is Role.PROGRAMME_ADMIN


def check_confirmation(*, awaits_confirmation: bool, revoked_at: datetime | None) -> None:
    """Refuses to confirm a key that needs no confirmation, or that was revoked."""
    if revoked_at is not None:
        raise Conflict("this key was revoked for good; make a new one")
    if not awaits_confirmation:
        raise Conflict("this key needs no confirmation: it was confirmed already, or never needed one")


def overlap_end(*, now: datetime, days: int, expires_at: datetime | None) -> datetime:
    """Until when the previous secret of a renewed key is valid: so many days, but not longer than it would have been."""
    end = now.replace(microsecond=0) + timedelta(days=days)
    return end if expires_at is None else min(end, expires_at)
