"""Splits a large JSON body into its lines and the rest of it, without making objects of all lines at once.

As objects a hundred thousand lines take five times their bytes. So only where each line begins and ends is found in one go;
then a few hundred of them at a time are parsed. What is split has the same outcome as a body that is parsed whole, problems
included: where anything is not as expected, the body is parsed whole, which finds the same fault and where it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import msgspec
from pydantic_core import from_json

from api.http.problems import HttpProblem
from api.http.repeated_names import may_repeat, names_of, parse_strictly, refuse_repeated_lines
from api.intake.large_bytes import PIECE, LargeBytes, forget
from domain.errors import Fault

MAX_FIELDS = 100
SLICE = 500
"""Lines that are parsed at a time."""
WHOLE_BELOW = 1_000_000
"""Bytes of a body below which it is parsed whole."""
_LIKELY_PLACES = 3
"""Fields with the name of a list of lines that are looked at to find where the list is."""
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LINES = msgspec.json.Decoder(list[msgspec.Raw])
Path = tuple[str, ...]
"""The path to a list of lines in a body, such as `("components",)`."""


class Lines:
    """The lines of a body, as objects in slices. Raises HttpProblem as the whole body would where one cannot be parsed."""

    def __init__(self, lines: Sequence[Any], raw: LargeBytes | None = None, path: Path = ()) -> None:
        """Lines that are parsed; or with `raw`, the whole body, lines at this path in it that are not."""
        self._lines = lines
        self._raw = raw
        self._at = "".join(f"/{name}" for name in path)
        self._brackets = b"[" * (len(path) + 1), b"]" * (len(path) + 1)

    def __len__(self) -> int:
        return len(self._lines)

    def slices(self) -> Iterator[list[Any]]:
        """The lines, `SLICE` at a time."""
        for start in range(0, len(self._lines), SLICE):
            part = self._lines[start : start + SLICE]
            yield list(part) if self._raw is None else self._parsed(self._raw, part, start)

    def _parsed(self, raw: LargeBytes, part: Sequence[Any], start: int) -> list[Any]:
        opening, closing = self._brackets
        text = b",".join(part)
        try:
            # As deep as in the body, because nesting is limited.
            lines = from_json(opening + text + closing, allow_inf_nan=False)
            for _ in opening[1:]:
                [lines] = lines
            names = count_names_of_lines(lines)
        except (ValueError, HttpProblem):
            parse(raw)
            raise
        if may_repeat(text, names):
            refuse_repeated_lines(b"[" + text + b"]", self._at, start)
        forget(raw, len(raw))
        return list(lines)


@dataclass(frozen=True, slots=True)
class SplitBody:
    """A body with empty lists in place of its lines, and its lines by path."""

    rest: Any
    lines: Mapping[Path, Lines]


def split_body(raw: LargeBytes, paths: Sequence[Path], max_lines: int) -> SplitBody:
    """Splits a body into its lines and the rest of it. Raises 400 where it is not JSON, or has objects that are too wide."""
    split = None if len(raw) < WHOLE_BELOW else _in_pieces(raw, paths, max_lines)
    forget(raw, len(raw))
    return split or _whole(raw, paths)


def parse(raw: LargeBytes) -> Any:
    """A body as objects. Raises 400 where it is not JSON."""
    try:
        return from_json(raw[:], allow_inf_nan=False)
    except ValueError as error:
        fault = Fault("", f"is not JSON: {error}")
        raise HttpProblem(400, "1 thing is wrong with the request; see errors", [fault]) from None


def _whole(raw: LargeBytes, paths: Sequence[Path]) -> SplitBody:
    large_body = parse(raw)
    if may_repeat(raw[:], names_of(large_body)):
        parse_strictly(raw[:].decode(), lambda _name: None)
    given = {path: lines for path in paths if (lines := _pop_lines(large_body, path)) is not None}
    refuse_wide(large_body)
    for lines in given.values():
        count_names_of_lines(lines)
    return SplitBody(large_body, {path: Lines(lines) for path, lines in given.items()})


def _in_pieces(raw: LargeBytes, paths: Sequence[Path], max_lines: int) -> SplitBody | None:
    """A body whose lines are not parsed yet; None where the rest of it is not as expected."""
    try:
        found = {path: lists for path in paths if (lists := _raw_lines(raw, path)) is not None}
        places = {path: _place_of(raw, path[-1], whole) for path, (whole, _) in found.items()}
        cuts = [(start, start + len(memoryview(found[path][0]))) for path, start in places.items()]
        around = _without(raw, cuts)
        rest = from_json(around, allow_inf_nan=False)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    is_as_expected = all(_pop_lines(rest, path) == [] and len(lines) <= max_lines for path, (_, lines) in found.items())
    # The lists that were taken out leave their names behind.
    if not is_as_expected or is_wide(rest) or may_repeat(around, names_of(rest)):
        return None
    return SplitBody(rest, {path: Lines(lines, raw, path) for path, (_, lines) in found.items()})


def _raw_lines(raw: LargeBytes, path: Path) -> tuple[msgspec.Raw, list[msgspec.Raw]] | None:
    """The list at a path as it is in the body, and its lines; None where nothing is at the path."""
    node: Any = raw
    for name in path:
        node = _FIELDS.decode(node).get(name)
        if node is None:
            return None
    return node, _LINES.decode(node)


def _place_of(raw: LargeBytes, name: str, value: msgspec.Raw) -> int:
    """Where in a body this value of a field is, as far as that is certain. Raises ValueError where it is not."""
    fields = re.compile(rb'"%b"[ \t\n\r]*:[ \t\n\r]*' % name.encode()).finditer(raw)
    found = (field.end() for field in islice(fields, _LIKELY_PLACES) if _is_at(raw, field.end(), memoryview(value)))
    place = next(found, None)
    if place is None:
        raise ValueError(f"the list {name} was not found")
    return place


def _is_at(raw: LargeBytes, place: int, value: memoryview) -> bool:
    return all(
        raw[place + start : place + min(start + PIECE, len(value))] == value[start : start + PIECE].tobytes()
        for start in range(0, len(value), PIECE)
    )


def _without(raw: LargeBytes, cuts: Sequence[tuple[int, int]]) -> bytes:
    """A body with an empty list in place of each of these parts."""
    ends = [(0, 0), *sorted(cuts), (len(raw), len(raw))]
    return b"[]".join(raw[end:start] for (_, end), (start, _) in pairwise(ends))


def _pop_lines(large_body: Any, path: Path) -> list[Any] | None:
    """Takes the lines out of a body and leaves an empty list in their place; None where there is no list at the path."""
    holder = large_body
    for name in path[:-1]:
        holder = holder.get(name) if isinstance(holder, dict) else None
    given = holder.get(path[-1]) if isinstance(holder, dict) else None
    if not isinstance(given, list):
        return None
    holder[path[-1]] = []
    return given


def refuse_wide(large_body: Any) -> None:
    """Refuses objects with more than `MAX_FIELDS` fields, because each unknown field would become a fault."""
    wide = _wide_object(large_body)
    if wide is not None:
        raise _too_wide(wide)


def is_wide(large_body: Any) -> bool:
    """Whether `refuse_wide` refuses a body."""
    return _wide_object(large_body) is not None


def _wide_object(large_body: Any) -> dict[str, Any] | None:
    pending: list[Any] = [[large_body]]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if len(node) > MAX_FIELDS:
                return node
            node = node.values()
        pending += [part for part in node if isinstance(part, dict | list)]
    return None


def count_names_of_lines(lines: Sequence[Any]) -> int:
    """The number of names in lines, two levels deep, as lines are; objects of too many fields are refused as by `refuse_wide`.

    Going over all levels would take four times as long.
    """
    count = 0
    for line in lines:
        if type(line) is dict:
            count += len(line)
            if len(line) > MAX_FIELDS:
                raise _too_wide(line)
            for part in line.values():
                if type(part) is dict:
                    count += len(part)
                    if len(part) > MAX_FIELDS:
                        raise _too_wide(part)
    return count


def _too_wide(node: dict[str, Any]) -> HttpProblem:
    return HttpProblem(400, f"an object in the body has {len(node)} fields; give it at most {MAX_FIELDS}")
