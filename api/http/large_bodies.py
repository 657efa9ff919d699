"""Reading request bodies strictly, and large ones (of many lines) in a thread before the transaction begins.

A declaration of a hundred thousand components takes seconds to read. In the event loop that would stop every other
request, and within a write it would hold the database. A route takes such a body as
`Annotated[Body, large_body(Body, lines=...)]`. Lines are validated a slice at a time, so that a body in which every line is
wrong costs no more than a valid one.
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
from api.http.problems import MAX_FAULTS, HttpProblem, summary_of
from api.schemas.faults import fault_of
from api.workers import run_in_worker
from domain.errors import Fault

MAX_FIELDS = 100
BYTES_PER_LINE = 250
NODES_PER_LINE = 4
CHARSETS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"})
"""Charsets that Content-Type may name. The encoding used is detected from the bytes; the last two are read as one."""
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)
SLICE = 500
NARROW_SLICE = 10


def read_json(raw: bytes) -> Any:
    """A body parsed as JSON. NaN, Infinity and objects with more than `MAX_FIELDS` fields are refused."""
    large_body = json.loads(raw, parse_constant=_refuse_constant)
    refuse_wide(large_body)
    return large_body


def large_body(
    model: type[BaseModel],
    convert: Callable[[Any], Any],
    *,
    lines: tuple[str, ...],
    line_type: Any,
    max_lines: int,
    others: tuple[tuple[str, ...], ...] = (),
) -> Any:
    """A dependency that reads a body as a model and applies `convert` to it, both in a thread.

    `lines` is the path to the list of lines in the body, such as `("components",)`; it may have at most `max_lines` lines,
    each of type `line_type`. `others` are further paths at which such lists may occur.
    """
    reader = _LargeBodyReader(model, (lines, *others), line_type, max_lines)

    def read(raw: bytes) -> Any:
        return convert(reader.read(raw))

    async def parse(raw: Annotated[Any, Payload(), RawBody(model)]) -> Any:
        return await run_in_worker(read, raw, lines=len(raw) // BYTES_PER_LINE)

    return Depends(_LargeBody(parse))


def model_reader(
    model: type[BaseModel], *, lines: tuple[str, ...], line_type: Any, max_lines: int
) -> Callable[[bytes], Any]:
    """A function that reads a JSON body as a model, for operations that also accept other formats."""
    return _LargeBodyReader(model, (lines,), line_type, max_lines).read


def split_lines(
    model: type[BaseModel], *, lines: tuple[str, ...], line_type: Any, max_lines: int
) -> Callable[[bytes], tuple[list[Any], list[Fault]]]:
    """A function that gives the lines of a JSON body unvalidated, and the faults of the rest of the body."""
    reader = _LargeBodyReader(model, (lines,), line_type, max_lines)

    def read(raw: bytes) -> tuple[list[Any], list[Fault]]:
        _, given, faults = reader.split(raw)
        return given.get(lines, []), faults.named

    return read


def upload(
    model: type[BaseModel], read: Callable[[bytes, str], Any], *, accepts: Iterable[str], reports: bool = False
) -> Any:
    """A dependency that has `read` parse a body, given its bytes and its content type, in a thread.

    `accepts` are the content types; `model` describes the body as JSON. With `reports`, the problem for a refused body
    contains an intake report.
    """

    async def parse(request: Request, raw: Annotated[Any, Payload(), RawBody(model)]) -> Any:
        _refuse_charset(request)
        return await run_in_worker(read, raw, media_type_of(request), lines=len(raw) // BYTES_PER_LINE)

    return Depends(_LargeBody(parse, tuple(accepts), reports=reports))


class _LargeBody:
    """A dependency whose body reaches `parse` as bytes, and may be as large as the setting `max_upload_bytes`."""

    def __init__(
        self, parse: Callable[..., Awaitable[Any]], accepts: tuple[str, ...] = (), *, reports: bool = False
    ) -> None:
        # FastAPI inspects the signature of `parse`, whose parameters declare the body.
        update_wrapper(self, parse)
        self._parse = parse
        self._accepts = accepts
        self._reports = reports

    async def __call__(self, **values: Any) -> Any:
        return await self._parse(**values)

    def declares(self, operation: Operation) -> Operation:
        """Marks the body as large, and sets the media types it accepts where they are given."""
        accepts = self._accepts or operation.accepts
        return replace(operation, reads_large_body=True, accepts=accepts, reports=self._reports)


def media_type_of(request: Request) -> str:
    """The content type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _refuse_charset(request: Request) -> None:
    """Raises 415 for a charset that the text would not be decoded with: names would be garbled unnoticed."""
    charset = _CHARSET.search(request.headers.get("content-type", ""))
    if charset and charset[1].lower() not in CHARSETS:
        raise HttpProblem(415, f"the charset {charset[1][:40]} is not supported; send UTF-8, and leave charset out")


def refuse_wide(large_body: Any) -> None:
    """Refuses objects with more than `MAX_FIELDS` fields, because each unknown field would become a fault."""
    pending: list[Any] = [[large_body]]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if len(node) > MAX_FIELDS:
                raise _too_wide(node)
            node = node.values()
        pending += [part for part in node if isinstance(part, dict | list)]


def _refuse_wide_lines(lines: list[Any]) -> None:
    """As `refuse_wide`, but only two levels deep, as lines are; that costs a quarter of a full search."""
    for line in lines:
        if type(line) is dict:
            if len(line) > MAX_FIELDS:
                raise _too_wide(line)
            for part in line.values():
                if type(part) is dict and len(part) > MAX_FIELDS:
                    raise _too_wide(part)


def _too_wide(node: dict[str, Any]) -> HttpProblem:
    return HttpProblem(400, f"an object in the body has {len(node)} fields; give it at most {MAX_FIELDS}")


def _refuse_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not a JSON value", name, 0)


class _LargeBodyReader:
    """Validates a large body as a model: its lines in slices, and the rest of it as a whole."""

    def __init__(
        self, model: type[BaseModel], line_paths: tuple[tuple[str, ...], ...], line_type: Any, max_lines: int
    ) -> None:
        self._whole = TypeAdapter(model)
        self._line_list = TypeAdapter(list[line_type])
        self._line_paths = line_paths
        self._max_lines = max_lines

    def split(self, raw: bytes) -> tuple[Any, Mapping[tuple[str, ...], list[Any]], "_Faults"]:
        """The body without its lines as a model (None where it has faults), the unvalidated lines by path, and the faults."""
        if raw.count(b"{") + raw.count(b"[") > NODES_PER_LINE * self._max_lines:
            # Checked before parsing: each empty object of three bytes would take twenty times that in memory.
            raise HttpProblem(
                400, f"the body holds more objects and lists than {self._max_lines} lines can have; send less"
            )
        large_body = _parse(raw)
        given = {place: lines for place in self._line_paths if (lines := _pop_lines(large_body, place)) is not None}
        refuse_wide(large_body)
        for lines in given.values():
            _refuse_wide_lines(lines)
        faults = _Faults()
        return faults.validate(lambda: self._whole.validate_python(large_body), "body"), given, faults

    def read(self, raw: bytes) -> Any:
        """The body as a model. Raises 400 with the number of all faults, of which the first hundred are listed."""
        body, given, faults = self.split(raw)
        read = {place: self._lines(lines, place, faults) for place, lines in given.items()}
        faults.refuse_if_any()
        for place, lines in read.items():
            setattr(_follow(body, place[:-1], getattr), place[-1], lines)
        return body

    def _lines(self, given: list[Any], place: tuple[str, ...], faults: "_Faults") -> list[Any]:
        at = ("body", *place)
        if len(given) > self._max_lines:
            faults.add(Fault("/" + "/".join(at[1:]), f"may have at most {self._max_lines} lines, and has {len(given)}"))
            return []
        lines: list[Any] = []
        for start in range(0, len(given), SLICE):
            part = given[start : start + SLICE]
            try:
                lines += self._line_list.validate_python(part)
            except ValidationError as error:
                faults.count(error.error_count())
                for offset in range(0, len(part), NARROW_SLICE):
                    faults.name_in(self._line_list, part[offset : offset + NARROW_SLICE], at, start + offset)
        return lines


def _pop_lines(large_body: Any, place: tuple[str, ...]) -> list[Any] | None:
    """Takes the lines out of a body and leaves an empty list in their place; None where there is no list at the path."""
    holder = _follow(large_body, place[:-1], lambda node, name: node.get(name) if isinstance(node, dict) else None)
    given = holder.get(place[-1]) if isinstance(holder, dict) else None
    if not isinstance(given, list):
        return None
    holder[place[-1]] = []
    return given


def _parse(raw: bytes) -> Any:
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        fault = Fault("", f"is not JSON: {error}")
        raise HttpProblem(400, "1 thing is wrong with the request; see errors", [fault]) from None


def _follow(node: Any, path: tuple[str, ...], step: Callable[[Any, str], Any]) -> Any:
    for name in path:
        node = step(node, name)
    return node


class _Faults:
    """The faults of a body: the number of all, and the first hundred in `named`."""

    def __init__(self) -> None:
        self.named: list[Fault] = []
        self._count = 0

    def add(self, fault: Fault) -> None:
        """Adds one fault."""
        self.named.append(fault)
        self._count += 1

    def count(self, more: int) -> None:
        """Counts further faults, which may be named afterwards."""
        self._count += more

    def validate(self, read: Callable[[], Any], *at: str) -> Any:
        """The result of `read`; None, with its faults added, where it raises a ValidationError."""
        try:
            return read()
        except ValidationError as error:
            self.count(error.error_count())
            self._name(error, at)
            return None

    def name_in(self, line_list: TypeAdapter[Any], part: list[Any], at: tuple[str, ...], start: int) -> None:
        """Names the faults of a few lines, the first of which is line `start`, unless a hundred are named already."""
        if len(self.named) >= MAX_FAULTS:
            return
        try:
            line_list.validate_python(part)
        except ValidationError as error:
            self._name(error, at, start)

    def _name(self, error: ValidationError, at: tuple[str, ...], start: int | None = None) -> None:
        for faults in error.errors(include_url=False, include_input=False):
            index, *rest = faults["loc"] if start is not None else (None, *faults["loc"])
            place = rest if start is None else [start + int(index or 0), *rest]
            self.named.append(fault_of({**faults, "loc": (*at, *place)}))

    def refuse_if_any(self) -> None:
        """Raises 400 where there are faults."""
        if self._count:
            raise HttpProblem(400, summary_of(self._count), self.named[:MAX_FAULTS], count=self._count)


class RawBody:
    """Marks a body that the contract describes as a model, but that the dependency receives as bytes."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        described = handler.generate_schema(self._model)
        return core_schema.json_or_python_schema(json_schema=described, python_schema=core_schema.any_schema())

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema)
