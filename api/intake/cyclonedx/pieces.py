"""Splits a CycloneDX file: where each component is in the bytes, and what is left around them.

A hundred thousand components as Python objects take ten times the file's size. So the file is scanned once, keeping only
where each component begins and ends, nested ones too; then a few of them at a time are parsed. Invalid JSON, and JSON made
to overload a parser, is found by the scan and reported with its line and character.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any

from pydantic_core import from_json

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
_TOO_DEEP = "its values are nested too deeply; nest JSON at most 200 levels deep"


class Pieces:
    """The components of a file by row, counted from 1 in the order of the document; row 0 is everything around them.

    Raises UnreadableFile where the file is not JSON, has a field twice in one object, or is too large or nested too deeply.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw.removeprefix(_BOM)
        if self._raw.count(b"{") + self._raw.count(b"[") > MOST_NODES:
            raise UnreadableFile(
                f"the file holds more than {MOST_NODES} objects and lists; leave out what is not about the components"
            )
        self._start, self._end = array("q"), array("q")
        self._cut, self._resume = array("q"), array("q")
        self._parent, self._position = array("l"), array("l")
        _Scanner(self._raw, self).scan()

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


class _Scanner:
    """Scans a file, decoded as Latin-1: there every byte is one character, so that positions in text and bytes agree."""

    def __init__(self, raw: bytes, pieces: Pieces) -> None:
        self._text = raw.decode("latin-1")
        self._pieces = pieces
        # Numbers are not converted here: a very long one would take much time.
        decoder = JSONDecoder(
            object_pairs_hook=self._refuse_duplicates, parse_constant=_refuse, parse_int=len, parse_float=len
        )
        self._decode = decoder.raw_decode

    def scan(self) -> None:
        """Scans the whole file."""
        try:
            end = self._object(self._skip_space(0), 0, 0, -1)
            if self._skip_space(end) != len(self._text):
                raise JSONDecodeError("something follows the end", self._text, self._skip_space(end))
        except RecursionError:
            raise UnreadableFile(_TOO_DEEP) from None
        except IndexError:
            raise self._broken("it ends too early", len(self._text)) from None
        except JSONDecodeError as error:
            raise self._broken(error.msg[:1].lower() + error.msg[1:], error.pos) from None

    def _broken(self, message: str, at: int) -> UnreadableFile:
        line = self._text.count("\n", 0, at) + 1
        return UnreadableFile(
            f"the file is not JSON: {message}, in line {line} at character {at - self._text.rfind(chr(10), 0, at)}"
        )

    def _skip_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _object(self, at: int, parent: int, position: int, depth: int) -> int:
        """Scans a component, or the whole document, and returns where it ends; the schema refuses what is not an object."""
        row = self._pieces.begin(at, parent, position)
        end = self._fields(at, row, depth) if self._text[at] == "{" else self._decode(self._text, at)[1]
        self._pieces.end(row, end)
        return end

    def _fields(self, at: int, row: int, depth: int) -> int:
        text, names = self._text, set[str]()
        start = self._skip_space(at + 1)
        if text[start] == "}":
            return start + 1
        at += 1
        while True:
            name, at = self._name(at)
            if name in names:
                raise _twice(name)
            names.add(name)
            if name == _NESTED and text[at] == "[":
                start, at = at, self._nested(at, row, depth + 1)
                self._pieces.nested(row, start, at)
            else:
                at = self._decode(text, at)[1]
            at = at if text[at] in ",}" else self._skip_space(at)
            if text[at] == "}":
                return at + 1
            if text[at] != ",":
                raise JSONDecodeError("a comma is missing", text, at)
            at += 1

    def _name(self, at: int) -> tuple[str, int]:
        """The name of a field, and where its value begins."""
        found = _FIELD.match(self._text, at)
        if found:
            return found[1], found.end()
        at = self._skip_space(at)
        if self._text[at] != '"':
            raise JSONDecodeError("the name of a field is missing", self._text, at)
        name, at = self._decode(self._text, at)
        at = self._skip_space(at)
        if self._text[at] != ":":
            raise JSONDecodeError("a colon is missing", self._text, at)
        return name, self._skip_space(at + 1)

    def _nested(self, at: int, parent: int, depth: int) -> int:
        """Scans a list of components, and returns where it ends."""
        if depth > DEEPEST:
            raise UnreadableFile(f"its components are nested more than {DEEPEST} levels deep; nest them less deeply")
        at = self._skip_space(at + 1)
        if self._text[at] == "]":
            return at + 1
        position = 0
        while True:
            at = self._skip_space(self._object(self._skip_space(at), parent, position, depth))
            if self._text[at] == "]":
                return at + 1
            if self._text[at] != ",":
                raise JSONDecodeError("a comma is missing", self._text, at)
            at, position = at + 1, position + 1

    def _refuse_duplicates(self, pairs: list[tuple[str, Any]]) -> None:
        """Raises UnreadableFile where an object has a field twice; the object itself is not kept."""
        if len({name for name, _ in pairs}) != len(pairs):
            [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
            raise _twice(name)


def _refuse(name: str) -> Any:
    raise UnreadableFile(f"the file is not JSON: {name} is not a JSON number")


def _twice(name: str) -> UnreadableFile:
    return UnreadableFile(
        f'an object in the file has "{name[:100]}" twice, and it is unclear which of them counts; keep one'
    )
