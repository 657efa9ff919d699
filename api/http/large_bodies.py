"""Reading request bodies strictly, and large ones (of many lines) in a thread before the transaction begins.

A declaration of a hundred thousand components takes seconds to read. In the event loop that would stop every other
request, and within a write it would hold the database. A route takes such a body as
`Annotated[Body, large_body(Body, lines=...)]`. Lines are validated a slice at a time, so that a body in which every line is
wrong costs no more than a valid one.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial, reduce, update_wrapper
from itertools import chain
from typing import Annotated, Any

from fastapi import Body as Payload
from fastapi import Depends, Request
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from api.http.negotiation import JSON
from api.http.operation import Operation
from api.http.problems import MAX_FAULTS, HttpProblem, summary_of
from api.http.repeated_names import parse_strictly
from api.http.service import service_of
from api.http.split_bodies import SLICE, Lines, Path, refuse_wide, split_body
from api.intake.encodings.choice import stated_encoding
from api.intake.encodings.detection import UTF_8
from api.intake.large_bytes import LargeBytes, count_of
from api.schemas.faults import fault_of
from api.workers import run_in_worker, turn_until_end
from domain.declarations.components import PackedRows
from domain.errors import Fault

BYTES_PER_LINE = 250
IN_PROCESS = 1 << 18
"""Bytes of JSON up to which a body is read in a thread: whatever it holds takes at most 0.3 s and 25 MB, as measured."""
NODES_PER_LINE = 4
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)
NARROW_SLICE = 10


def read_json(raw: bytes) -> Any:
    """A body parsed as JSON: UTF-8, with each name once in an object, no NaN, no Infinity, at most `MAX_FIELDS` fields."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise json.JSONDecodeError("it is not UTF-8", "", error.start) from None
    large_body = parse_strictly(text, _refuse_constant)
    refuse_wide(large_body)
    return large_body


@dataclass(frozen=True, slots=True)
class LineKind:
    """What the lines of a body are: their type, the function that makes rows in storage form of them, and how many may be."""

    line_type: Any
    as_rows: Callable[[Sequence[Any]], Iterable[tuple[Any, ...]]]
    max_lines: int


def large_body(
    model: type[BaseModel],
    convert: Callable[[Any], Any],
    kind: LineKind,
    *,
    lines: Path,
    others: tuple[Path, ...] = (),
) -> Any:
    """A dependency that reads a body as a model, in a process where it is large, and applies `convert` to it in a thread.

    `lines` is the path to the list of lines in the body, such as `("components",)`; the model has them as rows in storage
    form. `others` are further paths at which such lists may occur.
    """
    read = partial(_read_as, model, (lines, *others), kind)

    async def parse(request: Request, raw: Annotated[Any, Payload(), RawBody(model)]) -> Any:
        body = await _read_body(request, JSON, read, raw)
        return await run_in_worker(convert, body, lines=len(raw) // BYTES_PER_LINE)

    return Depends(_LargeBody(parse))


def model_reader(model: type[BaseModel], kind: LineKind, *, lines: Path) -> Callable[[LargeBytes], Any]:
    """A function that reads a JSON body as a model with rows as lines, for operations that also accept other formats."""
    return partial(_read_as, model, (lines,), kind)


def split_lines(
    model: type[BaseModel], kind: LineKind, *, lines: Path
) -> Callable[[LargeBytes], tuple[Iterator[Any], list[Fault]]]:
    """A function that gives the lines of a JSON body unvalidated, and the faults of the rest of the body.

    The lines are parsed as they are iterated, and raise HttpProblem where one of them cannot be.
    """
    reader = _LargeBodyReader(model, (lines,), kind)

    def read(raw: LargeBytes) -> tuple[Iterator[Any], list[Fault]]:
        _, given, faults = reader.split(raw)
        return chain.from_iterable(given[lines].slices() if lines in given else ()), faults.named

    return read


def upload(
    model: type[BaseModel],
    read: Callable[..., Any],
    *,
    accepts: Iterable[str],
    reports: bool = False,
    options: Callable[[Request], Any] | None = None,
) -> Any:
    """A dependency that has `read` parse a body, given its bytes, its content type and the charset stated.

    `read` is a function of a module, as it is called in another process unless the body is JSON and small.

    `accepts` are the content types; `model` describes the body as JSON. With `reports`, the problem for a refused body
    contains an intake report. `options` gives a fourth argument to `read`, from the query.
    """

    async def parse(request: Request, raw: Annotated[Any, Payload(), RawBody(model)]) -> Any:
        media_type = media_type_of(request)
        charset = charset_of(request, media_type)
        given = () if options is None else (options(request),)
        return await _read_body(request, media_type, read, raw, media_type, charset, *given)

    return Depends(_LargeBody(parse, tuple(accepts), reports=reports))


async def _read_body(
    request: Request, media_type: str, read: Callable[..., Any], raw: LargeBytes, *arguments: Any
) -> Any:
    lines = len(raw) // BYTES_PER_LINE
    await turn_until_end(lines=lines)
    if media_type == JSON and len(raw) <= IN_PROCESS:
        return await run_in_worker(read, raw, *arguments, lines=lines)
    return await service_of(request).files.read(request, read, raw, arguments)


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


def charset_of(request: Request, media_type: str) -> str | None:
    """The charset that a content type states. Raises 415 for one that the text cannot be read in.

    Tables are read in the charset that is stated; JSON is always UTF-8 (RFC 8259).
    """
    found = _CHARSET.search(request.headers.get("content-type", ""))
    if found is None:
        return None
    encoding = stated_encoding(found[1])
    if encoding is None or (media_type.endswith("json") and encoding is not UTF_8):
        raise HttpProblem(415, f"the charset {found[1][:40]} is not supported; send UTF-8, and leave charset out")
    return found[1]


def _refuse_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not a JSON value", name, 0)


@cache
def _reader_of(model: type[BaseModel], paths: tuple[Path, ...], kind: LineKind) -> "_LargeBodyReader":
    return _LargeBodyReader(model, paths, kind)


def _read_as(model: type[BaseModel], paths: tuple[Path, ...], kind: LineKind, raw: LargeBytes) -> Any:
    """A body as a model; a function of this module, so that another process can be told to call it."""
    return _reader_of(model, paths, kind).read(raw)


class _LargeBodyReader:
    """Validates a large body as a model: its lines in slices, each of which becomes rows, and the rest of it as a whole."""

    def __init__(self, model: type[BaseModel], line_paths: tuple[Path, ...], kind: LineKind) -> None:
        self._whole = TypeAdapter(model)
        self._line_list = TypeAdapter(list[kind.line_type])  # type: ignore[name-defined]
        self._line_paths = line_paths
        self._kind = kind

    def split(self, raw: LargeBytes) -> tuple[Any, Mapping[Path, Lines], "_Faults"]:
        """The body without its lines as a model (None where it has faults), the unvalidated lines by path, and the faults."""
        max_lines = self._kind.max_lines
        if count_of(raw, b"{", b"[") > NODES_PER_LINE * max_lines:
            # Checked before parsing: each empty object of three bytes would take twenty times that in memory.
            raise HttpProblem(400, f"the body holds more objects and lists than {max_lines} lines can have; send less")
        split = split_body(raw, self._line_paths, max_lines)
        faults = _Faults()
        return faults.validate(lambda: self._whole.validate_python(split.rest), "body"), split.lines, faults

    def read(self, raw: LargeBytes) -> Any:
        """The body as a model, with rows as lines. Raises 400 with the number of all faults, and the first hundred of them."""
        body, given, faults = self.split(raw)
        read = {path: self._rows(lines, path, faults) for path, lines in given.items()}
        faults.refuse_if_any()
        for path, rows in read.items():
            setattr(reduce(getattr, path[:-1], body), path[-1], rows)
        return body

    def _rows(self, given: Lines, path: Path, faults: "_Faults") -> PackedRows:
        at = ("body", *path)
        rows = PackedRows()
        if len(given) > self._kind.max_lines:
            detail = f"may have at most {self._kind.max_lines} lines, and has {len(given)}"
            faults.add(Fault("/" + "/".join(at[1:]), detail))
            return rows
        for number, part in enumerate(given.slices()):
            try:
                rows.extend(self._kind.as_rows(self._line_list.validate_python(part)))
            except ValidationError as error:
                faults.count(error.error_count())
                for offset in range(0, len(part), NARROW_SLICE):
                    faults.name_in(self._line_list, part[offset : offset + NARROW_SLICE], at, number * SLICE + offset)
        return rows


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
