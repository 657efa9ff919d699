"""Every question that somebody can ask the contract about the rows of a world, generated from the contract.

Reads: every path with every id there is and one that is nobody's; every filter with values of shared and of hidden rows
and with nonsense, every sort, limits, cursors, formats. Writes: every body with what it names replaced, one at a
time, by every row that is hidden. A new operation or filter is asked about by itself; where no row has a value for it,
`SAMPLES` must give one, or this raises.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import httpx

from domain.permissions import PERMISSIONS, Role
from tests.support.operations import NO_EVENT, UNKNOWN, Operation, operations, parameter_of
from tests.support.rights import REQUEST_ID, WELL_FORMED
from tests.support.sides import Ids
from tests.support.worlds import World
from tests.support.writes import body_of

SAMPLES: dict[str, list[Any]] = {
    "rowKind": ["lots", "origin_declarations"],
    "actor": ["system:apos-server"],
    "schemeVersion": ["BM-1.0", "BM-9.9"],
    "functionGroup": ["control", "none"],
    "parentKey": ["control", "none"],
    "limit": ["1", "1000"],
    "referenceDate": ["2026-11-21", "2030-01-01"],
    "from": ["2026-11-20", "2030-01-01"],
    "until": ["2027-02-01", "2026-11-20"],
    "reference": ["27 830, nr. 49", "27803-49", "intern"],
}
"""Values of query parameters that no row shows under that name."""
SHOWN_AS = {"against": "revises", "sharedWith": "supplierId"}
"""The field of a row that a query parameter of another name is about."""
MOST_HIDDEN = 4
"""How many values of hidden rows a filter is asked by at most."""
BOUNDS = ("From", "Before")
PARENTS = ("lotId", "challengeId")
"""What a declaration is for: one of them."""


@dataclass(frozen=True)
class Question:
    """A request, and the path whose ETag it takes along where it needs one."""

    method: str
    path: str
    query: tuple[tuple[str, Any], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    tag_from: str | None = None

    async def put_to(self, client: httpx.AsyncClient) -> httpx.Response:
        """Asks it."""
        headers = {"X-Request-Id": REQUEST_ID, **dict(self.headers)}
        if self.tag_from is not None:
            headers["If-Match"] = (await client.get(self.tag_from)).headers.get("etag", WELL_FORMED)
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        return await client.request(self.method, self.path, params=dict(self.query), headers=headers, content=self.body)


@dataclass
class Catalogue:
    """The questions of an audience about a world, whose rows are known; what only this world has is `hidden`."""

    role: Role
    world: World
    bare: World

    def hidden(self, parameter: str) -> list[Any]:
        """The ids of rows that only the full world has."""
        shared = self.bare.made.get(parameter, [])
        return [own for own in self.world.made[parameter] if own not in shared]

    def reads(self, about: str = "") -> Iterator[Question]:
        """Every read that names no page that came before; of paths that are `about` something, if not of all."""
        for operation in operations():
            if operation.method == "GET" and about in operation.path:
                yield from (Question("GET", path) for path in self._paths(operation))
                for number, path in enumerate(self._sides_of(operation)):
                    refused = number > 0 or operation.permission not in PERMISSIONS[self.role]
                    for name, values in self._parameters(operation).items():
                        # Where the path alone is refused, one value of each parameter will do.
                        asked = values[1:2] or values if refused else values
                        yield from (Question("GET", path, ((name, value),)) for value in asked)
                    yield from _otherwise(operation, path)

    def _parameters(self, operation: Operation) -> dict[str, list[Any]]:
        """What any query parameter of an operation is asked by, and one that is not offered."""
        given = {
            name: self.values_of(name, schema, parameter_of(operation.path))
            for name, schema in operation.filters.items()
        }
        if operation.is_list:
            given |= {"limit": [0, 1, 2, 200, 201, "x"], "sort": [*operation.sorts, "nosuch"], "cursor": ["nosuch"]}
        return {**given, "nosuch": ["1"]}

    def _paths(self, operation: Operation) -> list[str]:
        """A path with every row in it, where it is, and under one's own row and under none where it is not."""
        *above, last = operation.parameters or (None,)
        if last is None:
            return [operation.path]
        own, none = self.world.scene.own, {name: nowhere(name) for name in operation.parameters}
        ids = [*self.world.made[last], none[last]]
        astray = [operation.at({**parents, last: row_id}) for parents in (own, none) for row_id in ids] if above else []
        in_place = [path for path in self.world.scene.given.paths if operation.leads_to(path)] if above else []
        return in_place + astray or [operation.at({last: row_id}) for row_id in ids]

    def _sides_of(self, operation: Operation) -> list[str]:
        """The path with the actor's own ids, and with the rival's."""
        scene, some = self.world.scene, {name: ids[0] for name, ids in self.world.made.items()}
        return list(dict.fromkeys(operation.at({**some, **side}) for side in (scene.own, scene.rival)))

    def values_of(self, name: str, schema: dict[str, Any], parameter: str | None) -> list[Any]:
        """The values to ask a filter by: all of an enum; of the rows one that both worlds have, and hidden ones; none.

        The rows of the noun itself come first: those that `parameter` names.
        """
        if "enum" in schema:
            return [*schema["enum"], "?"]
        if "boolean" in schema["type"]:
            return ["true", "false", "?"]
        column = next((name.removesuffix(bound) for bound in BOUNDS if name.endswith(bound)), name)
        column = SHOWN_AS.get(column, column)
        shared, everything = (_values_of(world, column, parameter) for world in (self.bare, self.world))
        hidden = [value for value in everything if value not in shared]
        found = [*shared[:1], *hidden[:MOST_HIDDEN], *SAMPLES.get(name, ())]
        if not found:
            raise LookupError(f"no row has a value for the filter {name}; give it one in SAMPLES of questions.py")
        return [*found, UNKNOWN if schema.get("format") == "uuid" else "nosuch", "?"]

    def forged(self) -> Iterator[Question]:
        """Cursors that nobody was given, each at the place of a hidden row."""
        for operation in operations():
            parameter = parameter_of(operation.path)
            if operation.method == "GET" and operation.is_nameless_list and parameter is not None:
                for sort, row_id in product(operation.sorts, self.hidden(parameter)[:MOST_HIDDEN]):
                    raw = json.dumps([sort, None, str(row_id)]).encode()
                    cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
                    yield Question("GET", operation.path, (("sort", sort), ("limit", 2), ("cursor", cursor)))

    def beginnings(self, about: str = "") -> Iterator[Question]:
        """The first page of every list of one's own in every sort, one row long."""
        for operation in operations():
            if operation.method == "GET" and operation.is_list and about in operation.path:
                path, one = self._sides_of(operation)[0], ("limit", 1)
                for sort in operation.sorts:
                    yield Question("GET", path, (one, ("sort", sort)))
                if not operation.sorts:
                    yield Question("GET", path, (one,))

    def writes(self) -> Iterator[tuple[Question, Question | None]]:
        """Every write that the audience may ever do, beside the same about nothing where it names what is hidden.

        None beside it where it names nothing hidden: it is one of the audience's own.
        """
        for operation in operations():
            if operation.method != "GET" and operation.permission in PERMISSIONS[self.role]:
                own = self._own(operation)
                yield self._write(operation, own, own), None
                yield from self._elsewhere(operation, own)
                yield from self._naming(operation, own)

    def _own(self, operation: Operation) -> Ids:
        own = self.world.scene.own
        return {**own, **{name: own[variant] for name, variant in body_of(operation.name).at.items()}}

    def _write(self, operation: Operation, at: Ids, of: Ids, **changed: Any) -> Question:
        path = operation.at(at)
        whole = path if operation.method == "PATCH" else path.rpartition("/")[0]
        body = json.dumps({**body_of(operation.name).of(of), **changed})
        tag = whole if "If-Match" in operation.headers else None
        return Question(operation.method, path, body=body, tag_from=tag)

    def _elsewhere(self, operation: Operation, own: Ids) -> Iterator[tuple[Question, Question]]:
        """With each id in the path that of a hidden row."""
        for name in operation.parameters:
            nothing = self._write(operation, {**own, name: nowhere(name)}, own)
            for other in self.hidden(name):
                yield self._write(operation, {**own, name: other}, own), nothing

    def _naming(self, operation: Operation, own: Ids) -> Iterator[tuple[Question, Question]]:
        """With each reference in the body that to a hidden row; a reference of no row's own name is tried with all."""
        everything = [own for name in self.world.made if name != "seq" for own in self.hidden(name)]
        for name in operation.references:
            rest = dict.fromkeys(set(PARENTS) & set(operation.references) - {name}) if name in PARENTS else {}
            nothing = self._write(operation, own, own, **{**rest, name: UNKNOWN})
            for other in self.hidden(name) if name in self.world.made else everything:
                yield self._write(operation, own, own, **{**rest, name: other}), nothing


def _values_of(world: World, column: str, parameter: str | None) -> list[Any]:
    """The values that the rows of a world have under a name, each once; those of one noun first."""
    rows = world.scene.given.rows
    ordered = [*rows.get(parameter or "", []), *(row for noun in rows.values() for row in noun)]
    return list(dict.fromkeys(value for row in ordered for name, value in _flat(row) if name == column))


def _flat(row: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """What a row says, each under one name: `windowEnd` for the end of a window."""
    for name, value in row.items():
        full = f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name
        if isinstance(value, dict):
            yield from _flat(value, full)
        elif isinstance(value, str | int):
            yield full, value


def nowhere(parameter: str) -> Any:
    """What leads to no row at all."""
    return NO_EVENT if parameter == "seq" else UNKNOWN


def _otherwise(operation: Operation, path: str) -> Iterator[Question]:
    """The same in another format, and in one that is not offered."""
    for media in (*operation.formats[1:], "application/nosuch"):
        yield Question("GET", path, headers=(("Accept", media),))


def after(question: Question, answer: httpx.Response) -> Question | None:
    """What is asked after an answer: the next page, None where there is none."""
    cursor = answer.json().get("nextCursor") if answer.status_code == 200 else None
    kept = tuple((name, value) for name, value in question.query if name != "cursor")
    return replace(question, query=(*kept, ("cursor", cursor))) if cursor else None
