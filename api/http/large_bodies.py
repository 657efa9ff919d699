"""Bodies: what is read of them, and those of many lines, which are read in a thread before a transaction begins.

A declaration of a hundred thousand components takes seconds to read; on the way in that would stop everybody else, and
within a write it would hold the database. A route takes such a body as `Annotated[Body, document(Body, lines=...)]`. Lines
are checked a slice at a time, so that a body that is wrong everywhere costs no more than one that is right.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from functools import update_wrapper
from typing import Annotated, Any

from fastapi import Body as Payload
from fastapi import Depends, Request
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema, from_json

from api.http.operation import Operation
from api.http.problems import MAX_FAULTS, HttpProblem, wrong
from api.schemas.faults import fault_of
from api.workers import run_in_worker
from domain.errors import Fault

MOST_NAMES = 100
BYTES_A_LINE = 250
NODES_A_LINE = 4
CHARSETS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"})
"""Encodings that a file may say it has; what it has shows from its bytes, and the last two are read as one."""
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)
SLICE = 500
NARROW = 10


def read_json(raw: bytes) -> Any:
    """A body as JSON, strictly: no NaN, no Infinity, and no object of more fields than any body has."""
    large_body = json.loads(raw, parse_constant=_refuse_constant)
    refuse_wide(large_body)
    return large_body


def large_body(
    model: type[BaseModel],
    make: Callable[[Any], Any],
    *,
    lines: tuple[str, ...],
    each: Any,
    most: int,
    others: tuple[tuple[str, ...], ...] = (),
) -> Any:
    """A dependency that reads a body as a model in a thread, and makes something of it there.

    `lines` is where in the body its many lines stand, at most `most`, each of which is read as `each`; `others` are more
    places where such lines may stand.
    """
    reading = _LargeBodyReader(model, (lines, *others), each, most)

    def read(raw: bytes) -> Any:
        return make(reading.of(raw))

    async def parse(raw: Annotated[Any, Payload(), RawBody(model)]) -> Any:
        return await run_in_worker(read, raw, lines=len(raw) // BYTES_A_LINE)

    return Depends(_LargeBody(parse))


def as_model(model: type[BaseModel], *, lines: tuple[str, ...], each: Any, most: int) -> Callable[[bytes], Any]:
    """What reads a JSON body as a model, for those that take other formats beside it."""
    return _LargeBodyReader(model, (lines,), each, most).of


def split_lines(
    model: type[BaseModel], *, lines: tuple[str, ...], each: Any, most: int
) -> Callable[[bytes], tuple[list[Any], list[Fault]]]:
    """What gives the lines of a body as they stand, unchecked, and everything that is wrong with the rest of it."""
    reading = _LargeBodyReader(model, (lines,), each, most)

    def read(raw: bytes) -> tuple[list[Any], list[Fault]]:
        _, given, faults = reading.split(raw)
        return given.get(lines, []), faults.named

    return read


def upload(
    model: type[BaseModel], read: Callable[[bytes, str], Any], *, accepts: Iterable[str], reports: bool = False
) -> Any:
    """A dependency that reads a body by its content type, one of those it accepts, in a thread.

    `model` is what it is as JSON; `reports` says that the problem with a refused body has an intake report in it.
    """

    async def parse(request: Request, raw: Annotated[Any, Payload(), RawBody(model)]) -> Any:
        _refuse_charset(request)
        return await run_in_worker(read, raw, media_type_of(request), lines=len(raw) // BYTES_A_LINE)

    return Depends(_LargeBody(parse, tuple(accepts), reports=reports))


class _LargeBody:
    """Has a body read by `parse` as the bytes that arrive; so many more of them are accepted than of other bodies."""

    def __init__(
        self, parse: Callable[..., Awaitable[Any]], accepts: tuple[str, ...] = (), *, reports: bool = False
    ) -> None:
        # What FastAPI makes of the dependency is what it makes of the function: its parameters are the body.
        update_wrapper(self, parse)
        self._parse = parse
        self._accepts = accepts
        self._reports = reports

    async def __call__(self, **values: Any) -> Any:
        return await self._parse(**values)

    def declares(self, operation: Operation) -> Operation:
        """Reads a large body, of these media types where there are others than usual."""
        accepts = self._accepts or operation.accepts
        return replace(operation, reads_large_body=True, accepts=accepts, reports=self._reports)


def media_type_of(request: Request) -> str:
    """The content type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _refuse_charset(request: Request) -> None:
    """Refuses text that says it is in an encoding that it would not be read in: names would change unseen."""
    charset = _CHARSET.search(request.headers.get("content-type", ""))
    if charset and charset[1].lower() not in CHARSETS:
        raise HttpProblem(415, f"the charset {charset[1][:40]} is not supported; send UTF-8, and leave charset out")


def refuse_wide(large_body: Any) -> None:
    """Refuses objects of more fields than any body has: each unknown field would become a fault of its own."""
    pending: list[Any] = [[large_body]]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if len(node) > MOST_NAMES:
                raise _too_wide(node)
            node = node.values()
        pending += [part for part in node if isinstance(part, dict | list)]


def _refuse_wide_lines(lines: list[Any]) -> None:
    """The same of lines, which are as deep as lines are and no deeper: it costs a quarter of looking everywhere."""
    for line in lines:
        if type(line) is dict:
            if len(line) > MOST_NAMES:
                raise _too_wide(line)
            for part in line.values():
                if type(part) is dict and len(part) > MOST_NAMES:
                    raise _too_wide(part)


def _too_wide(node: dict[str, Any]) -> HttpProblem:
    return HttpProblem(400, f"an object in the body has {len(node)} fields; give it at most {MOST_NAMES}")


def _refuse_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not a JSON value", name, 0)


class _LargeBodyReader:
    """How a document becomes a model: its lines in slices, and the rest of it as a whole."""

    def __init__(self, model: type[BaseModel], places: tuple[tuple[str, ...], ...], each: Any, most: int) -> None:
        self._whole = TypeAdapter(model)
        self._each = TypeAdapter(list[each])
        self._places = places
        self._most = most

    def split(self, raw: bytes) -> tuple[Any, Mapping[tuple[str, ...], list[Any]], "_Faults"]:
        """The rest of the body, None where that is wrong; the lines as they stand, by their place; the faults."""
        if raw.count(b"{") + raw.count(b"[") > NODES_A_LINE * self._most:
            # Before it is parsed: each empty object of three bytes would take twenty times that.
            raise HttpProblem(400, f"the body holds more objects and lists than {self._most} lines can have; send less")
        large_body = _parsed(raw)
        given = {place: taken for place in self._places if (taken := _removed(large_body, place)) is not None}
        refuse_wide(large_body)
        for lines in given.values():
            _refuse_wide_lines(lines)
        found = _Faults()
        return found.without(lambda: self._whole.validate_python(large_body), "body"), given, found

    def of(self, raw: bytes) -> Any:
        """The model. Raises a problem with everything that is wrong, the first hundred things by name."""
        body, given, found = self.split(raw)
        read = {place: self._lines(lines, place, found) for place, lines in given.items()}
        found.refuse_if_any()
        for place, lines in read.items():
            setattr(_within(body, place[:-1], getattr), place[-1], lines)
        return body

    def _lines(self, given: list[Any], place: tuple[str, ...], found: "_Faults") -> list[Any]:
        at = ("body", *place)
        if len(given) > self._most:
            found.add(Fault("/" + "/".join(at[1:]), f"may have at most {self._most} lines, and has {len(given)}"))
            return []
        lines: list[Any] = []
        for start in range(0, len(given), SLICE):
            part = given[start : start + SLICE]
            try:
                lines += self._each.validate_python(part)
            except ValidationError as error:
                found.count(error.error_count())
                for narrow in range(0, len(part), NARROW):
                    found.name(self._each, part[narrow : narrow + NARROW], at, start + narrow)
        return lines


def _removed(large_body: Any, place: tuple[str, ...]) -> list[Any] | None:
    """The lines of a document, which an empty list stands for from now on; None where there are none to take out."""
    holder = _within(large_body, place[:-1], lambda node, name: node.get(name) if isinstance(node, dict) else None)
    given = holder.get(place[-1]) if isinstance(holder, dict) else None
    if not isinstance(given, list):
        return None
    holder[place[-1]] = []
    return given


def _parsed(raw: bytes) -> Any:
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        fault = Fault("", f"is not JSON: {error}")
        raise HttpProblem(400, "1 thing is wrong with the request; see errors", [fault]) from None


def _within(node: Any, path: tuple[str, ...], step: Callable[[Any, str], Any]) -> Any:
    for name in path:
        node = step(node, name)
    return node


class _Faults:
    """What is wrong with a document: how much, and the first hundred things by name."""

    def __init__(self) -> None:
        self.named: list[Fault] = []
        self._count = 0

    def add(self, fault: Fault) -> None:
        """One thing more."""
        self.named.append(fault)
        self._count += 1

    def count(self, more: int) -> None:
        """So many things more, which may be named afterwards."""
        self._count += more

    def without(self, read: Callable[[], Any], *at: str) -> Any:
        """What is read, None where it is wrong."""
        try:
            return read()
        except ValidationError as error:
            self.count(error.error_count())
            self._name(error, at)
            return None

    def name(self, each: TypeAdapter[Any], part: list[Any], at: tuple[str, ...], start: int) -> None:
        """Names what is wrong with a few lines, while there is room; they begin at `start`."""
        if len(self.named) >= MAX_FAULTS:
            return
        try:
            each.validate_python(part)
        except ValidationError as error:
            self._name(error, at, start)

    def _name(self, error: ValidationError, at: tuple[str, ...], start: int | None = None) -> None:
        for found in error.errors(include_url=False, include_input=False):
            index, *rest = found["loc"] if start is not None else (None, *found["loc"])
            place = rest if start is None else [start + int(index or 0), *rest]
            self.named.append(fault_of({**found, "loc": (*at, *place)}))

    def refuse_if_any(self) -> None:
        """Raises a problem where anything is wrong."""
        if self._count:
            raise HttpProblem(400, wrong(self._count), self.named[:MAX_FAULTS], count=self._count)


class RawBody:
    """Marks a body that is described as a model and handed on as bytes."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        described = handler.generate_schema(self._model)
        return core_schema.json_or_python_schema(json_schema=described, python_schema=core_schema.any_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema)
