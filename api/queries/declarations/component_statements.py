"""Queries for component statements, and for those that a supplier may attach to its declarations."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from api.store.listed_values import listed_rows
from api.store.visibility import ReadContext, visible
from domain.declarations.component_statements import ComponentStatement, StatementSignatory, StatementVerdict


def statements(context: ReadContext) -> Any:
    """Statements with who signed them."""
    made, signed = visible(ComponentStatement, context), visible(StatementSignatory, context)
    person = [signed.c[name].label(f"representative_{name}") for name in ("name", "function", "email")]
    return select(made, *person).join(signed, signed.c.statement_id == made.c.id).subquery()


def attachable(context: ReadContext, supplier_id: UUID) -> Select[Any]:
    """The statements that are shared with a supplier, and the days on which they were withdrawn, if they were."""
    seen = visible(StatementVerdict, context)
    shared = listed_rows(ComponentStatement, "shared_with", str(supplier_id))
    return select(seen.c.id, seen.c.withdrawn_on).where(seen.c.id.in_(shared))
