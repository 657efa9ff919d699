"""Making API keys, for the contract and for the command line."""

import secrets
from datetime import datetime
from uuid import UUID

from api.store.ledger import Write
from domain.access.api_keys import PREFIX, ApiKey, check_key, hash_of
from domain.permissions import Role
from domain.portfolio.suppliers import Supplier


async def make_key(
    write: Write, role: Role, label: str | None, supplier_id: UUID | None, expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """Makes a key of 256 random bits and stores only its hash; returns the row and the secret, which is not kept."""
    check_key(role=role, supplier_id=supplier_id, expires_at=expires_at, now=write.now)
    await write.check_references({"/supplierId": (Supplier, "id", supplier_id)})
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey(role=role, label=label, supplier_id=supplier_id, expires_at=expires_at, key_hash=hash_of(secret))
    return await write.ledger.add(row), secret
