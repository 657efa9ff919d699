"""Selects of suppliers' consents."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.reader import Reader, readable
from domain.consents import Consent, ConsentScope


def consents(reader: Reader) -> Any:
    """The consents that the reader may see."""
    return readable(Consent, reader)


def standing(reader: Reader, supplier_id: UUID, scope: ConsentScope) -> Select[Any]:
    """A supplier's consent of a scope that holds, if there is one."""
    seen = readable(Consent, reader)
    return select(seen.c.id).where(
        seen.c.supplier_id == supplier_id, seen.c.scope == scope, seen.c.withdrawn_on.is_(None)
    )
