"""Writes of facts: their sources must exist. Programmes, organisations, targets and budget lines have no other rule."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from api.store.ledger import Write
from domain.base import Audited, Fact
from domain.registers import Source

Row = TypeVar("Row", bound=Fact)


async def add_fact(write: Write, row: Row) -> Row:
    """Adds a fact whose sources exist."""
    await _check_sources(write, row)
    return await write.ledger.add(row)


async def change_fact(write: Write, before: Row, values: Mapping[str, Any]) -> Row:
    """Changes a fact; its sources must exist after the change too."""
    await _check_sources(write, type(before)(**{**before.model_dump(), **values}))
    return await write.update_if_changed(before, values)


async def _check_sources(write: Write, row: Fact) -> None:
    await write.check_references(
        {
            "/source": (Source, "key", row.source),
            "/budget/source": (Source, "key", getattr(row, "budget_source", None)),
        }
    )


def references_of(name: str, kind: type[Audited], ids: list[str]) -> dict[str, tuple[type[Audited], str, object]]:
    """A list of ids as references for `Write.check_references`, keyed by pointers such as `/lotIds/0`."""
    return {f"/{name}/{index}": (kind, "id", UUID(row_id)) for index, row_id in enumerate(ids)}
