"""The nouns and rules of the portfolio: no session, no HTTP, no settings, no clock.

Importing this package registers every table in `METADATA`.
"""

from domain import (
    api_keys,
    challenges,
    idempotency,
    ledger,
    lots,
    milestones,
    organisations,
    programmes,
    sources,
    suppliers,
)
from domain.base import Table

METADATA = Table.metadata

__all__ = [
    "METADATA",
    "api_keys",
    "challenges",
    "idempotency",
    "ledger",
    "lots",
    "milestones",
    "organisations",
    "programmes",
    "sources",
    "suppliers",
]
