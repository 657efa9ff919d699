"""A declaration as CycloneDX 1.6; importing it gives the same declaration, with the same lines in the same order.

A line is nested in its sub-assembly where the order of the lines allows it, so that other tools show the tree. Otherwise it
is at the top level, with its parent's key as a property. So each line is written as it is read, and memory does not grow.
Equal content gives equal bytes: the serial number is the declaration's id, the version is its version, and there is no
timestamp.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any

from api.exports.components import HEADERS, pieces_of
from api.intake.cyclonedx.pieces import DEEPEST
from api.intake.cyclonedx.properties import OF_SYSTEM, OWN_PREFIX, PARENT_KEY, PRESENCE_MARKS, QUANTITY, Path
from api.store.database import Database
from api.store.visibility import ReadContext
from api.workers import Turns
from domain.declarations.origin_declarations import OriginDeclaration
from domain.money import to_euros

SPEC_VERSION = "1.6"
"""The first version in which a component has a manufacturer besides a supplier, and the one that most tools read."""
_KIND = "device"
"""The standard's component type for hardware; a declaration does not record what type of component a line is."""
_KEY, _PARENT, _NAME, _MAKER, _LEVEL = map(
    HEADERS.index, ("key", "parentKey", "name", "manufacturer", "evidence.level")
)
_IN_PROPERTIES = {
    place: QUANTITY if header == "quantity" else f"{OWN_PREFIX}{header}"
    for place, header in enumerate(HEADERS)
    if place not in (_KEY, _PARENT, _NAME, _MAKER)
}
_NO_EVIDENCE = "none"


async def cyclonedx_of(
    database: Database, turns: Turns, context: ReadContext, declaration: OriginDeclaration
) -> AsyncIterator[str]:
    """A declaration with its lines, as pieces of text.

    Raises ComponentsReplaced where no declaration that the reader may see has these lines any more.
    """
    nested = NestedComponents()
    yield head_of(declaration)
    lines, count = declaration.component_set, declaration.component_count
    async for rows in pieces_of(database, turns, context, lines, count, filters={}):
        yield await asyncio.to_thread(nested.text_of, rows)
    yield nested.end()


def digest_of_export(declaration: OriginDeclaration) -> str:
    """A digest that is equal only for equal exports, for the ETag; it is computed without reading the lines."""
    content = head_of(declaration) + (declaration.components_digest or "")
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def head_of(declaration: OriginDeclaration) -> str:
    """The text of the file before its first component."""
    body = _body_of(declaration)
    system = {
        "type": _KIND,
        **{name: body["system"][name] for name in ("name", "version") if body["system"][name]},
        "properties": list(_system_properties(body)),
    }
    document = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC_VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{declaration.id}",
        "version": declaration.version,
        "metadata": {"component": system},
        "components": [],
    }
    return _json(document).removesuffix("]}")


def _body_of(row: OriginDeclaration) -> dict[str, Any]:
    """A declaration as the request body that would create it, without its components."""
    ids = {"supplierId": row.supplier_id, "lotId": row.lot_id, "challengeId": row.challenge_id, "revises": row.revises}
    amounts = {"totalComponentCost": row.total_component_cost_cents, "price": row.price_cents}
    return {
        "system": {
            "name": row.system_name,
            "version": row.system_version,
            "finalAssemblyCountry": row.system_final_assembly_country,
        },
        **{name: None if cents is None else {"amount": to_euros(cents)} for name, cents in amounts.items()},
        "designAuthority": row.design_authority,
        "dimensions": {declared["dimension"]: declared for declared in row.dimensions},
        **{name: id_ and str(id_) for name, id_ in ids.items()},
    }


def _system_properties(body: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What is declared of the system as a whole, as properties; dimensions in the order in which they were declared."""
    yield from _properties(body, [name for name, path in OF_SYSTEM.items() if path[0] != "dimensions"])
    for dimension in body["dimensions"]:
        yield from _properties(body, [name for name, path in OF_SYSTEM.items() if dimension in path])


def _properties(body: Mapping[str, Any], names: Iterable[str]) -> Iterator[dict[str, str]]:
    for name in names:
        value = _value_at(body, OF_SYSTEM[name])
        if value is not None:
            yield {"name": name, "value": value}
        elif name in PRESENCE_MARKS and _value_at(body, PRESENCE_MARKS[name]) is not None:
            yield {"name": name}


def _value_at(body: Any, path: Path) -> Any:
    for step in path:
        body = None if body is None else body.get(step)
    return body


class NestedComponents:
    """Writes lines as nested components; a sub-assembly stays open until a line comes that is not within it."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._is_first = True

    def text_of(self, rows: Iterable[Sequence[Any]]) -> str:
        """The text of these lines, to append to that of earlier ones; the last line and those around it stay open."""
        return "".join(map(self._line, rows))

    def end(self) -> str:
        """The text that closes the open components and the file."""
        return f"{self._closed(0)}]}}\n"

    def _line(self, row: Sequence[Any]) -> str:
        level = self._nesting_level(row[_PARENT])
        if level and level == len(self._open):
            before = ',"components":['
        else:
            before = self._closed(level) + ("" if self._is_first else ",")
        self._is_first = False
        self._open.append(row[_KEY])
        return before + _json(_component(row, is_nested=level > 0)).removesuffix("}")

    def _nesting_level(self, parent: str | None) -> int:
        """How deep a line is nested: within its parent where that is open and not too deep, else 0, the top level."""
        level = self._open.index(parent) + 1 if parent in self._open else 0
        return level if level <= DEEPEST else 0

    def _closed(self, level: int) -> str:
        """The text that closes the components deeper than this level; only the last of them has no nested components."""
        closing = len(self._open) - level
        del self._open[level:]
        return "" if not closing else "}" + "]}" * (closing - 1)


def _component(row: Sequence[Any], *, is_nested: bool) -> dict[str, Any]:
    """A line as a component, with nothing that the line does not state."""
    properties = {name: row[place] for place, name in _IN_PROPERTIES.items() if row[place] is not None}
    if row[_LEVEL] == _NO_EVIDENCE:
        del properties[_IN_PROPERTIES[_LEVEL]]
    if row[_PARENT] is not None and not is_nested:
        properties[PARENT_KEY] = row[_PARENT]
    return {
        "type": _KIND,
        "bom-ref": row[_KEY],
        **({} if row[_MAKER] is None else {"manufacturer": {"name": row[_MAKER]}}),
        "name": row[_NAME],
        "properties": [{"name": name, "value": str(value)} for name, value in properties.items()],
    }


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
