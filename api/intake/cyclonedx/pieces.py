"""A CycloneDX file in pieces: where each component stands in it, and what is left around them.

A hundred thousand components as objects take ten times the file. So the file is gone through once, keeping no more than where
each component begins and ends, nested ones too; afterwards a few of them at a time are made into objects. What is broken in
the file as JSON, or made to break a reader, is found on the way, with the place where it is.
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
"""Objects and lists in a file: each empty one of two bytes would take thirty times that."""
MOST_AT_ONCE, BYTES_AT_ONCE = 500, 1_000_000
_NESTED = "components"
_FIELD = re.compile(r'[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
_SPACE = re.compile(r"[ \t\n\r]*")
_BOM = b"\xef\xbb\xbf"
_TOO_DEEP = "its values are nested too deeply; nest JSON at most 200 levels deep"


class Pieces:
    """The components of a file by their place, counted from 1 in the order of the document; 0 is all that is around them.

    Raises UnreadableFile where the file is no JSON, says something twice, or is larger or deeper than this takes.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw.removeprefix(_BOM)
        if self._raw.count(b"{") + self._raw.count(b"[") > MOST_NODES:
            raise UnreadableFile(
                f"the file holds more than {MOST_NODES} objects and lists; leave out what is not about the components"
            )
        self._start, self._end = array("q"), array("q")
        self._cut, self._resume = array("q"), array("q")
        self._parent, self._place = array("l"), array("l")
        _Walk(self._raw, self).whole()

    def begin(self, start: int, parent: int, place: int) -> int:
        """Notes a component that begins here, the so-manieth in its parent; gives its own place."""
        row = len(self._start)
        if row > MAX_COMPONENTS:
            raise UnreadableFile(
                f"the file has more than {MAX_COMPONENTS} components; a declaration has at most {MAX_COMPONENTS}"
            )
        for column, value in ((self._start, start), (self._end, start), (self._cut, 0), (self._resume, 0)):
            column.append(value)
        self._parent.append(parent)
        self._place.append(place)
        return row

    def end(self, row: int, end: int) -> None:
        """Notes where a component ends."""
        self._end[row] = end

    def nested(self, row: int, cut: int, resume: int) -> None:
        """Notes where a component has those that are nested in it."""
        self._cut[row], self._resume[row] = cut, resume

    @property
    def count(self) -> int:
        """How many components there are."""
        return len(self._start) - 1

    def parent_of(self, row: int) -> int:
        """The place of the component that this one is nested in; 0 for none."""
        return self._parent[row]

    def is_node(self, row: int) -> bool:
        """Whether other components can be nested in this one."""
        return self._resume[row] > 0

    def pointer_to(self, row: int) -> str:
        """The JSON pointer to a component."""
        steps = []
        while row:
            steps.append(f"/components/{self._place[row]}")
            row = self._parent[row]
        return "".join(reversed(steps))

    def envelope(self) -> Any:
        """All that is around the components, with an empty list in their place."""
        return self._parsed([0])[0]

    def some(self) -> Iterator[tuple[int, list[Any]]]:
        """The components in parts, each with the place of its first one; those nested in others come apart from them."""
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
        """Raises UnreadableFile where this piece is the one that cannot be read: its structure was seen to be right."""
        try:
            from_json(self._bytes(row), allow_inf_nan=False)
        except ValueError as error:
            where = self.pointer_to(row) or "the part of the file around the components"
            said = _TOO_DEEP if "recursion limit" in str(error) else f"it is not JSON in UTF-8: {error}"
            raise UnreadableFile(f"{where} cannot be read: {said}") from None

    def _bytes(self, row: int) -> bytes:
        start, end, resume = self._start[row], self._end[row], self._resume[row]
        if not resume:
            return self._raw[start:end]
        return self._raw[start : self._cut[row]] + b"[]" + self._raw[resume:end]


class _Walk:
    """Goes through a file. It is read as Latin-1, in which every byte is a character, so that places stay what they are."""

    def __init__(self, raw: bytes, pieces: Pieces) -> None:
        self._text = raw.decode("latin-1")
        self._pieces = pieces
        # Numbers are not read here: that of a very long one would take long.
        decoder = JSONDecoder(object_pairs_hook=self._once, parse_constant=_refuse, parse_int=len, parse_float=len)
        self._read = decoder.raw_decode

    def whole(self) -> None:
        """Goes through all of it."""
        try:
            end = self._object(self._skipped(0), 0, 0, -1)
            if self._skipped(end) != len(self._text):
                raise JSONDecodeError("something follows the end", self._text, self._skipped(end))
        except RecursionError:
            raise UnreadableFile(_TOO_DEEP) from None
        except IndexError:
            raise self._broken("it ends too early", len(self._text)) from None
        except JSONDecodeError as error:
            raise self._broken(error.msg[:1].lower() + error.msg[1:], error.pos) from None

    def _broken(self, words: str, at: int) -> UnreadableFile:
        line = self._text.count("\n", 0, at) + 1
        return UnreadableFile(
            f"the file is not JSON: {words}, in line {line} at character {at - self._text.rfind(chr(10), 0, at)}"
        )

    def _skipped(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _object(self, at: int, parent: int, place: int, depth: int) -> int:
        """Goes through a component, or the whole, and gives where it ends; what is no object is left to the schema."""
        row = self._pieces.begin(at, parent, place)
        end = self._fields(at, row, depth) if self._text[at] == "{" else self._read(self._text, at)[1]
        self._pieces.end(row, end)
        return end

    def _fields(self, at: int, row: int, depth: int) -> int:
        text, names = self._text, set[str]()
        start = self._skipped(at + 1)
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
                at = self._read(text, at)[1]
            at = at if text[at] in ",}" else self._skipped(at)
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
        at = self._skipped(at)
        if self._text[at] != '"':
            raise JSONDecodeError("the name of a field is missing", self._text, at)
        name, at = self._read(self._text, at)
        at = self._skipped(at)
        if self._text[at] != ":":
            raise JSONDecodeError("a colon is missing", self._text, at)
        return name, self._skipped(at + 1)

    def _nested(self, at: int, parent: int, depth: int) -> int:
        """Goes through a list of components."""
        if depth > DEEPEST:
            raise UnreadableFile(f"its components are nested more than {DEEPEST} levels deep; nest them less deeply")
        at = self._skipped(at + 1)
        if self._text[at] == "]":
            return at + 1
        place = 0
        while True:
            at = self._skipped(self._object(self._skipped(at), parent, place, depth))
            if self._text[at] == "]":
                return at + 1
            if self._text[at] != ",":
                raise JSONDecodeError("a comma is missing", self._text, at)
            at, place = at + 1, place + 1

    def _once(self, pairs: list[tuple[str, Any]]) -> None:
        """Refuses an object that says something twice; nothing is kept of it."""
        if len({name for name, _ in pairs}) != len(pairs):
            [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
            raise _twice(name)


def _refuse(name: str) -> Any:
    raise UnreadableFile(f"the file is not JSON: {name} is not a JSON number")


def _twice(name: str) -> UnreadableFile:
    return UnreadableFile(
        f'an object in the file has "{name[:100]}" twice, and it is unclear which of them counts; keep one'
    )
