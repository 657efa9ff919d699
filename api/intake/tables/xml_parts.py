"""Parses the XML parts of a workbook as streams, whatever their namespaces and prefixes are."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import ZipArchive
from api.intake.tables.rows import MAX_CELL

_MAX_TEXT = 10 * MAX_CELL


def parse_part(
    archive: ZipArchive, part: str, start: Any, end: Any = None, characters: list[str] | None = None
) -> None:
    """Parses a part with these handlers; `characters` collects its text. Raises UnreadableFile for a text without end."""
    characters, collect = (characters, characters.append) if characters is not None else ([], None)
    parser = new_parser()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, collect, end
    for _ in archive.parse(part, parser):
        refuse_long_text(characters)


def refuse_long_text(characters: Sequence[str]) -> None:
    """Refuses a text far longer than a cell may hold, before all of it is unpacked."""
    if sum(map(len, characters)) > _MAX_TEXT:
        raise UnreadableFile(
            f"a cell of the file holds more than {MAX_CELL} characters, the most that a cell may hold; shorten it"
        )


def new_parser() -> "expat.XMLParserType":
    """A parser that gives names as namespace and local name."""
    return expat.ParserCreate(namespace_separator="|")


@lru_cache(maxsize=256)
def local(name: str) -> str:
    """The name of an element without its namespace: two namespaces are in use for the same, and prefixes vary."""
    return name.rpartition("|")[2]
