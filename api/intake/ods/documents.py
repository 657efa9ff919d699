"""The sheets of an OpenDocument spreadsheet, and where each of them begins in the file.

All sheets are in one part of the archive. It is gone through once, and kept unpacked in a temporary file; to read a sheet, what
stands around all sheets is parsed, and then the sheet alone.
"""

import re
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile

from api.intake.ods.archives import CONTENT, STYLES, OdsArchive
from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import MESSAGE_CONNECTIONS, MESSAGE_LINKS, MESSAGE_SAVE
from api.intake.tables.conditional_formats import MAX_AREAS, MESSAGE_MANY, UNREAD, ConditionalArea
from api.intake.tables.rows import column_index
from api.intake.tables.sheet_notes import Appearance
from api.intake.tables.xml_parts import local, new_parser, parse_part

MAX_DEPTH = 200
"""Elements within elements."""
IN_MEMORY = 1 << 20
"""Bytes above which the unpacked sheets are kept in a file."""
_PIECE = 1 << 16
TABLE_DEPTH = 4
"""How deep a sheet is within the elements of the file."""
ERROR_KIND = "extended-value-type"
_EXTENDED_KIND = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0|value-type"
_AROUND = ("document-content", "body", "spreadsheet")
_LINKS = {
    "table-source": MESSAGE_LINKS,
    "cell-range-source": MESSAGE_LINKS,
    "dde-source": MESSAGE_CONNECTIONS,
    "database-source-sql": MESSAGE_CONNECTIONS,
    "database-source-query": MESSAGE_CONNECTIONS,
    "database-source-table": MESSAGE_CONNECTIONS,
}
_NO_SIZE = re.compile(r"0+(?:\.0*)?[a-z]*")
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ROWS_AND_COLUMNS = (1, 0, 1_048_576, 16_383)


def plain_names(attributes: Mapping[str, str]) -> dict[str, str]:
    """Attributes by their names without namespaces; an extension that repeats what a value is has a name of its own."""
    return {ERROR_KIND if name == _EXTENDED_KIND else local(name): value for name, value in attributes.items()}


@dataclass(slots=True)
class OdsSheet:
    """A visible sheet: where it begins in the file, and the areas with a conditional number format."""

    name: str
    start: int
    appearance: Appearance = field(default_factory=Appearance)
    conditional: list[ConditionalArea] = field(default_factory=list)
    merged: dict[tuple[int, int, int, int], None] = field(default_factory=dict)
    """The merged areas that were found while the rows were read, in their order."""


class OdsDocument:
    """A spreadsheet: its visible sheets, and the bytes of each."""

    def __init__(self, archive: OdsArchive) -> None:
        """Raises UnreadableFile where it is not a spreadsheet, or fetches values from elsewhere."""
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when this is no longer used
        weakref.finalize(self, self._file.close)
        scan = _ContentScan(_styles_with_formats(archive))
        for piece in archive.pieces(CONTENT):
            self._file.write(piece)
        for _ in archive.parse(CONTENT, scan.parser):
            pass
        if len(scan.around) != len(_AROUND):
            raise UnreadableFile(f"the file is not an ODS file; {MESSAGE_SAVE}")
        self._around = scan.around
        self.no_size = scan.no_size
        self.sheets = scan.sheets
        self.mapped = scan.mapped

    def pieces(self, sheet: OdsSheet) -> Iterator[bytes]:
        """What stands around all sheets, up to the first, and then the bytes from where a sheet begins."""
        for start, end in self._around:
            yield self._read(start, end - start)
        at = sheet.start
        while piece := self._read(at, _PIECE):
            yield piece
            at += len(piece)

    def _read(self, at: int, size: int) -> bytes:
        # Two readings of a sheet can be under way at once, so each says where it is.
        self._file.seek(at)
        return self._file.read(size)


class _ContentScan:
    """Finds the sheets, and what is known of each before its rows are read."""

    def __init__(self, formatted: set[str]) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.around: list[tuple[int, int]] = []
        self.no_size: set[str] = set()
        self.mapped: set[str] = set()
        """Styles of cells that by a condition become one with a number format."""
        self._formatted = formatted
        self._hidden: set[str] = set()
        self.sheets: list[OdsSheet] = []
        self._style = ""
        self._depth = 0
        self._since: int | None = None
        self._sheet: OdsSheet | None = None
        self._ranges = ""
        self._areas = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableFile(
                f"the file's part {CONTENT} is nested more than {MAX_DEPTH} levels deep; {MESSAGE_SAVE}"
            )
        if self._since is not None:
            self.around.append((self._since, self.parser.CurrentByteIndex))
            self._since = None
        if self._depth == len(self.around) + 1 <= len(_AROUND) and element == _AROUND[self._depth - 1]:
            self._since = self.parser.CurrentByteIndex if self.around else 0
        elif element == "table" and self._depth == TABLE_DEPTH and len(self.around) == len(_AROUND):
            self._begin_sheet(plain_names(attributes))
        elif element in _LINKS:
            raise UnreadableFile(_LINKS[element])
        elif element in _STYLE_ELEMENTS:
            self._read_style(element, plain_names(attributes))
        elif element in ("conditional-format", "condition") and self._sheet is not None:
            self._read_condition(element, plain_names(attributes))

    def _end(self, name: str) -> None:
        if self._depth == TABLE_DEPTH and local(name) == "table":
            self._sheet = None
        self._depth -= 1

    def _begin_sheet(self, given: dict[str, str]) -> None:
        self._sheet = OdsSheet(given.get("name", ""), self.parser.CurrentByteIndex)
        if given.get("style-name") not in self._hidden:
            self.sheets.append(self._sheet)

    def _read_style(self, element: str, given: dict[str, str]) -> None:
        """Reads what a style hides, and whether it may apply a number format by a condition."""
        if element == "style":
            self._style = given.get("name", "")
        elif given.get("display") == "false":
            self._hidden.add(self._style)
        elif _NO_SIZE.fullmatch(given.get("row-height", "") or given.get("column-width", "")):
            self.no_size.add(self._style)
        elif element == "map" and given.get("apply-style-name") in self._formatted:
            self.mapped.add(self._style)

    def _read_condition(self, element: str, given: dict[str, str]) -> None:
        assert self._sheet is not None, "only conditions within a sheet are read"
        if element == "conditional-format":
            self._ranges = given.get("target-range-address", "")
        elif given.get("apply-style-name") in self._formatted:
            for place in self._ranges.split():
                self._areas += 1
                if self._areas > MAX_AREAS:
                    raise UnreadableFile(MESSAGE_MANY)
                self._sheet.conditional.append(ConditionalArea(*_corners(place), UNREAD))


_STYLE_ELEMENTS = frozenset({"style", "table-properties", "table-row-properties", "table-column-properties", "map"})


def _styles_with_formats(archive: OdsArchive) -> set[str]:
    """The named styles of cells that have a number format, their own or that of a style above them."""
    given: dict[str, tuple[str, bool]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "style":
            found = plain_names(attributes)
            if found.get("family") == "table-cell":
                format_name = found.get("data-style-name", _GENERAL)
                given[found.get("name", "")] = found.get("parent-style-name", ""), format_name != _GENERAL

    if STYLES in archive.names:
        parse_part(archive, STYLES, start)
    return {name for name in given if _has_format(name, given)}


_GENERAL = "N0"
"""What programs call the number format that shows numbers as they are."""


def _has_format(name: str, given: Mapping[str, tuple[str, bool]]) -> bool:
    seen: set[str] = set()
    while name in given and name not in seen:
        seen.add(name)
        name, has_own = given[name]
        if has_own:
            return True
    return False


def _corners(place: str) -> tuple[int, int, int, int]:
    """The top, left, bottom and right of an area such as `Sheet.B2:Sheet.D9`; all of the sheet where it cannot be read."""
    first, _, last = place.partition(":")
    top, bottom = (_PLACE.fullmatch(corner.rpartition(".")[2]) for corner in (first, last or first))
    if top is None or bottom is None:
        return _ROWS_AND_COLUMNS
    return int(top[2]), column_index(top[1]), int(bottom[2]), column_index(bottom[1])
