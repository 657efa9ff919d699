"""Splits a CycloneDX file: where each component is in the bytes, and what is left around them.

A hundred thousand components as Python objects take ten times the file's size. So the file is scanned once, a window at a
time, keeping only where each component begins and ends, nested ones too; then a few of them at a time are parsed. Invalid
JSON, and JSON made to overload a parser, is found by the scan and reported with its line and character.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any

from pydantic_core import from_json

from api.intake.large_bytes import LargeBytes, count_of, forget
from api.intake.parsed import UnreadableFile
from domain.declarations.components import MAX_COMPONENTS

DEEPEST = 50
"""Levels of components within components; JSON as such may be 200 deep."""
MOST_NODES = 30 * MAX_COMPONENTS
"""Objects and lists that a file may hold: even an empty one, of two bytes, takes thirty times that in memory."""
MOST_AT_ONCE, BYTES_AT_ONCE = 500, 1_000_000
_NESTED = "components"
_FIELD = re.compile(r'[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
_SPACE = re.compile(r"[ \t\n\r]*")
_BOM = b"\xef\xbb\xbf"
WINDOW = 1 << 20
"""Bytes that are scanned at a time; more where one value is longer."""
_LONG_NAME = 1 << 12
_MARGIN = 4
"""Characters at the end of a window in which a number, or the space after a name, may not have ended yet."""
_TOO_DEEP = "its values are nested too deeply; nest JSON at most 200 levels deep"


class Pieces:
    """The components of a file by row, counted from 1 in the order of the document; row 0 is everything around them.

    Raises UnreadableFile where the file is not JSON, has a field twice in one object, or is too large or nested too deeply.
    """

    def __init__(self, raw: LargeBytes) -> None:
        self._raw = raw
        if count_of(raw, b"{", b"[") > MOST_NODES:
            raise UnreadableFile(
                f"the file holds more than {MOST_NODES} objects and lists; leave out what is not about the components"
            )
        self._start, self._end = array("q"), array("q")
        self._cut, self._resume = array("q"), array("q")
        self._parent, self._position = array("l"), array("l")
        _Scanner(raw, self).scan()

    def begin(self, start: int, parent: int, position: int) -> int:
        """Records that a component begins here, at this position in its parent (from 0). Returns its row."""
        row = len(self._start)
        if row > MAX_COMPONENTS:
            raise UnreadableFile(
                f"the file has more than {MAX_COMPONENTS} components; a declaration has at most {MAX_COMPONENTS}"
            )
        for column, value in ((self._start, start), (self._end, start), (self._cut, 0), (self._resume, 0)):
            column.append(value)
        self._parent.append(parent)
        self._position.append(position)
        return row

    def end(self, row: int, end: int) -> None:
        """Records where a component ends."""
        self._end[row] = end

    def nested(self, row: int, cut: int, resume: int) -> None:
        """Records where in a component the list of those nested in it begins and ends."""
        self._cut[row], self._resume[row] = cut, resume

    @property
    def count(self) -> int:
        """The number of components."""
        return len(self._start) - 1

    def parent_of(self, row: int) -> int:
        """The row of the component that this one is nested in; 0 for none."""
        return self._parent[row]

    def is_node(self, row: int) -> bool:
        """Whether a component has a list of nested components, which may be empty."""
        return self._resume[row] > 0

    def pointer_to(self, row: int) -> str:
        """The JSON pointer to a component."""
        steps = []
        while row:
            steps.append(f"/components/{self._position[row]}")
            row = self._parent[row]
        return "".join(reversed(steps))

    def envelope(self) -> Any:
        """Everything around the components, with an empty list in their place."""
        return self._parsed([0])[0]

    def batches(self) -> Iterator[tuple[int, list[Any]]]:
        """The components in batches, each with the row of its first; nested ones are separate from those around them."""
        rows: list[int] = []
        size = 0
        for row in range(1, len(self._start)):
            rows.append(row)
            size += self._end[row] - self._start[row] - (self._resume[row] - self._cut[row])
            if len(rows) >= MOST_AT_ONCE or size >= BYTES_AT_ONCE:
                yield rows[0], self._parsed(rows)
                forget(self._raw, len(self._raw))
                rows, size = [], 0
        if rows:
            yield rows[0], self._parsed(rows)

    def _parsed(self, rows: list[int]) -> list[Any]:
        try:
            parsed: list[Any] = from_json(b"[" + b",".join(map(self._bytes, rows)) + b"]", allow_inf_nan=False)
        except ValueError:
            for row in rows:
                self._refuse_broken(row)
            raise
        return parsed

    def _refuse_broken(self, row: int) -> None:
        """Raises UnreadableFile if this is the piece that cannot be parsed, although the scan found its structure correct."""
        try:
            from_json(self._bytes(row), allow_inf_nan=False)
        except ValueError as error:
            where = self.pointer_to(row) or "the part of the file around the components"
            detail = _TOO_DEEP if "recursion limit" in str(error) else f"it is not JSON in UTF-8: {error}"
            raise UnreadableFile(f"{where} cannot be read: {detail}") from None

    def _bytes(self, row: int) -> bytes:
        start, end, resume = self._start[row], self._end[row], self._resume[row]
        if not resume:
            return self._raw[start:end]
        return self._raw[start : self._cut[row]] + b"[]" + self._raw[resume:end]


class _Broken(Exception):
    """What is wrong with a file as JSON, and at which byte."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class _Twice(Exception):
    """A name that one object has twice."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Scanner:
    """Scans a file, decoded as Latin-1: there every byte is one character, so that positions in text and bytes agree.

    Only a window of the file is in memory. What reads a value moves the window to where the value begins, or makes it
    larger, until the value ends within it. Positions are those in the file.
    """

    def __init__(self, raw: LargeBytes, pieces: Pieces) -> None:
        self._raw = raw
        self._begin = len(_BOM) if raw[: len(_BOM)] == _BOM else 0
        self._pieces = pieces
        self._window(self._begin, WINDOW)
        # Numbers are not converted here: a very long one would take much time.
        decoder = JSONDecoder(
            object_pairs_hook=self._refuse_duplicates, parse_constant=_refuse, parse_int=len, parse_float=len
        )
        self._decode = decoder.raw_decode

    def scan(self) -> None:
        """Scans the whole file."""
        try:
            end = self._skip_space(self._object(self._skip_space(self._begin), 0, 0, -1))
            if end != len(self._raw):
                raise _Broken("something follows the end", end)
        except RecursionError:
            raise UnreadableFile(_TOO_DEEP) from None
        except IndexError:
            raise self._unreadable(_Broken("it ends too early", len(self._raw))) from None
        except _Broken as broken:
            raise self._unreadable(broken) from None
        finally:
            forget(self._raw, len(self._raw))

    def _unreadable(self, broken: _Broken) -> UnreadableFile:
        before = self._raw[self._begin : broken.at]
        line, character = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        return UnreadableFile(f"the file is not JSON: {broken.message}, in line {line} at character {character}")

    def _window(self, at: int, size: int) -> None:
        self._start, self._size = at, size
        self._text = self._raw[at : at + size].decode("latin-1")
        self._is_last = at + size >= len(self._raw)
        # Where a value that was read whole ends at the latest.
        self._certain = len(self._text) if self._is_last else len(self._text) - _MARGIN
        forget(self._raw, at)

    def _enlarge(self, at: int) -> None:
        """Moves the window to a position, or makes it larger if it is there already."""
        self._window(at, 2 * self._size if self._start == at else WINDOW)

    def _character(self, at: int) -> str:
        """The character at a position. Raises IndexError at the end of the file."""
        if at - self._start >= len(self._text):
            self._window(at, WINDOW)
        return self._text[at - self._start]

    def _skip_space(self, at: int) -> int:
        while True:
            found = _SPACE.match(self._text, at - self._start)
            end = at if found is None else self._start + found.end()
            if self._is_last or end < self._start + len(self._text):
                return end
            at = end
            self._window(at, WINDOW)

    def _value(self, at: int) -> tuple[Any, int]:
        """The value at a position, and where it ends."""
        while True:
            try:
                value, end = self._decode(self._text, at - self._start)
            except JSONDecodeError as error:
                if self._is_last:
                    message = error.msg[:1].lower() + error.msg[1:]
                    raise _Broken(message, self._start + error.pos) from None
            else:
                if end <= self._certain:
                    return value, self._start + end
            self._enlarge(at)

    def _object(self, at: int, parent: int, position: int, depth: int) -> int:
        """Scans a component, or the whole document, and returns where it ends; the schema refuses what is not an object."""
        row = self._pieces.begin(at, parent, position)
        end = self._fields(at, row, depth) if self._character(at) == "{" else self._value(at)[1]
        self._pieces.end(row, end)
        return end

    def _fields(self, at: int, row: int, depth: int) -> int:
        names = set[str]()
        start = self._skip_space(at + 1)
        if self._character(start) == "}":
            return start + 1
        at += 1
        while True:
            name, at = self._name(at)
            if name in names:
                raise _twice(name, self._pieces.pointer_to(row))
            names.add(name)
            if name == _NESTED and self._character(at) == "[":
                start, at = at, self._nested(at, row, depth + 1)
                self._pieces.nested(row, start, at)
            else:
                try:
                    at = self._value(at)[1]
                except _Twice as twice:
                    raise _twice(twice.name, f"{self._pieces.pointer_to(row)}/{name}") from None
            at, has_more = self._separator(at, "}")
            if not has_more:
                return at

    def _separator(self, at: int, closing: str) -> tuple[int, bool]:
        """Where what follows a comma begins, or where the object or list ends; and whether it was a comma."""
        found = self._character(at)
        if found not in {",", closing}:
            at = self._skip_space(at)
            found = self._character(at)
        if found not in {",", closing}:
            raise _Broken("a comma is missing", at)
        return at + 1, found == ","

    def _name(self, at: int) -> tuple[str, int]:
        """The name of a field, and where its value begins."""
        found = _FIELD.match(self._text, at - self._start)
        ends_nearby = not self._is_last and self._start + len(self._text) - at < _LONG_NAME
        if ends_nearby and (found is None or found.end() > self._certain):
            self._window(at, WINDOW)
            found = _FIELD.match(self._text)
        if found and (self._is_last or found.end() <= self._certain):
            return found[1], self._start + found.end()
        at = self._skip_space(at)
        if self._character(at) != '"':
            raise _Broken("the name of a field is missing", at)
        name, at = self._value(at)
        at = self._skip_space(at)
        if self._character(at) != ":":
            raise _Broken("a colon is missing", at)
        return name, self._skip_space(at + 1)

    def _nested(self, at: int, parent: int, depth: int) -> int:
        """Scans a list of components, and returns where it ends."""
        if depth > DEEPEST:
            raise UnreadableFile(f"its components are nested more than {DEEPEST} levels deep; nest them less deeply")
        at = self._skip_space(at + 1)
        if self._character(at) == "]":
            return at + 1
        position, has_more = 0, True
        while has_more:
            at, has_more = self._separator(self._object(self._skip_space(at), parent, position, depth), "]")
            position += 1
        return at

    def _refuse_duplicates(self, pairs: list[tuple[str, Any]]) -> None:
        """Raises UnreadableFile where an object has a field twice; the object itself is not kept."""
        if len({name for name, _ in pairs}) != len(pairs):
            [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
            raise _Twice(name)


def _refuse(name: str) -> Any:
    raise UnreadableFile(f"the file is not JSON: {name} is not a JSON number")


def _twice(name: str, pointer: str) -> UnreadableFile:
    return UnreadableFile(
        f'an object in the file has "{name[:100]}" twice, at {pointer[:300] or "its top level"}, and it is unclear which of '
        "them counts; keep one"
    )
