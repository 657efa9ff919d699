"""Making, confirming and renewing API keys, for the contract and for the command line."""

from datetime import datetime
from uuid import UUID

from api.queries.access.api_keys import by_hash
from api.queries.access.audit_events import author_of
from api.store.ledger import Write
from domain.access.api_keys import (
    ApiKey,
    check_confirmation,
    check_key,
    expiry,
    hash_of,
    needs_confirmation,
    new_secret,
    overlap_end,
)
from domain.permissions import SYSTEM, Role, check_second_actor
from domain.portfolio.suppliers import Supplier


async def make_key(
    write: Write,
    role: Role,
    label: str | None,
    supplier_id: UUID | None,
    expires_at: datetime | None,
    *,
    days: int,
    four_eyes: bool,
) -> tuple[ApiKey, str]:
    """Makes a key and stores only its hash; returns the row and the secret, which is not kept.

    Without `expires_at` it is valid for so many `days`. With `four_eyes` an administrator's key that an administrator makes
    awaits the confirmation of another.
    """
    check_key(role=role, supplier_id=supplier_id, expires_at=expires_at, now=write.now)
    await write.check_references({"/supplierId": (Supplier, "id", supplier_id)})
    actor, secret = write.context.actor, new_secret()
    row = ApiKey(
        role=role,
        label=label,
        supplier_id=supplier_id,
        expires_at=expires_at or expiry(now=write.now, days=days),
        key_hash=hash_of(secret),
        awaits_confirmation=needs_confirmation(
            maker=actor.role, made=role, on_the_machine=actor == SYSTEM, four_eyes=four_eyes
        ),
    )
    return await write.ledger.add(row), secret


async def confirm_key(write: Write, key_id: UUID, *, four_eyes: bool) -> ApiKey:
    """Confirms a key that awaits it, with `four_eyes` as another actor than the one that made it."""
    row = await write.load(ApiKey, key_id)
    check_confirmation(awaits_confirmation=row.awaits_confirmation, revoked_at=row.revoked_at)
    if four_eyes:
        author = (await write.session.execute(author_of(write.context, key_id))).scalar_one()
        second = write.context.actor.name
        check_second_actor(first=author, second=second, done="made this key", needed="confirm it")
    return await write.ledger.change(row, {"awaits_confirmation": False})


async def renew_key(
    write: Write, row: ApiKey, presented_hash: str, *, days: int, overlap_days: int
) -> tuple[ApiKey, str]:
    """Gives a key another secret and another term; the secret that was presented stays valid for the overlap.

    Every other secret of the key ends at once: so a holder who never received the new one renews again with the old.
    """
    presented = (await write.session.execute(by_hash(), {"key_hash": presented_hash})).one()
    secret = new_secret()
    values = {
        "key_hash": hash_of(secret),
        "expires_at": expiry(now=write.now, days=days),
        "previous_hash": presented_hash,
        "previous_until": overlap_end(now=write.now, days=overlap_days, expires_at=presented.expires_at),
    }
    return await write.ledger.change(row, values), secret
