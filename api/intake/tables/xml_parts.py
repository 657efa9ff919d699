"""Parses the XML parts of a workbook as streams, whatever their namespaces and prefixes are."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import MESSAGE_SAVE, ZipArchive
from api.intake.tables.rows import MAX_CELL

_MAX_TEXT = 10 * MAX_CELL
MAX_DEPTH = 64
"""Levels of elements within elements; a workbook has about ten."""
MESSAGE_DEEP = f"elements of the file are nested more than {MAX_DEPTH} levels deep; {MESSAGE_SAVE}"

Handler = Callable[..., None]


def parse_part(
    archive: ZipArchive, part: str, start: Any, end: Any = None, characters: list[str] | None = None
) -> None:
    """Parses a part with these handlers; `characters` collects its text.

    Raises UnreadableFile for a text without end, and for elements that are nested too deeply.
    """
    characters, collect = (characters, characters.append) if characters is not None else ([], None)
    parser = new_parser()
    parser.buffer_text = True
    parser.CharacterDataHandler = collect
    parser.StartElementHandler, parser.EndElementHandler = _counting(start, end)
    for _ in archive.parse(part, parser):
        refuse_long_text(characters)


def _counting(start: Handler, end: Handler | None) -> tuple[Handler, Handler]:
    """These handlers, which also count how deep an element is."""
    depth = 0

    def start_counted(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise UnreadableFile(MESSAGE_DEEP)
        start(name, attributes)

    def end_counted(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    return start_counted, end_counted


def refuse_long_text(characters: Sequence[str]) -> None:
    """Refuses a text far longer than a cell may hold, before all of it is unpacked."""
    if sum(map(len, characters)) > _MAX_TEXT:
        raise long_text()


def long_text() -> UnreadableFile:
    """The refusal of a text that is longer than a cell may hold, or in more pieces."""
    return UnreadableFile(
        f"a cell of the file holds more than {MAX_CELL} characters, the most that a cell may hold; shorten it"
    )


class CellText:
    """The text of a cell, from the runs that it is made of: each may be formatted by itself.

    There are no more runs than characters that a cell may hold, as a program writes none that is empty.
    """

    def __init__(self) -> None:
        self.runs: list[str] = []
        self._length = 0

    def add(self, run: str) -> None:
        """Adds a run. Raises UnreadableFile where the cell is longer than a cell may be, or has too many runs."""
        self.runs.append(run)
        self._length += len(run)
        if self._length > _MAX_TEXT or len(self.runs) > MAX_CELL:
            raise long_text()

    def take(self) -> str:
        """The whole text, after which another begins."""
        text = "".join(self.runs)
        self.runs.clear()
        self._length = 0
        return text


def new_parser() -> "expat.XMLParserType":
    """A parser that gives names as namespace and local name."""
    return expat.ParserCreate(namespace_separator="|")


@lru_cache(maxsize=256)
def local(name: str) -> str:
    """The name of an element without its namespace: two namespaces are in use for the same, and prefixes vary."""
    return name.rpartition("|")[2]
