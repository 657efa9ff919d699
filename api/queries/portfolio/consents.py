"""Queries for suppliers' consents."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.visibility import ReadContext, visible
from domain.portfolio.consents import Consent, ConsentScope


def in_force(context: ReadContext, supplier_id: UUID, scope: ConsentScope) -> Select[Any]:
    """A supplier's consent of a scope that was not withdrawn, if there is one."""
    seen = visible(Consent, context)
    return select(seen.c.id).where(
        seen.c.supplier_id == supplier_id, seen.c.scope == scope, seen.c.withdrawn_on.is_(None)
    )
