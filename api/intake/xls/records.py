"""What the records of an XLS file (BIFF8) say that the `xlrd` library does not tell: goes through them before it is opened.

A record is its kind, its length and its bytes. Here is found what is refused unopened (encryption, macros, links), how many
cells there are, which number formats the file states, which conditional formats have one, and which formulas have an empty text.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import MESSAGE_CONNECTIONS, MESSAGE_LINKS, MESSAGE_MACROS
from api.intake.tables.conditional_formats import MAX_AREAS, MESSAGE_MANY, UNREAD, ConditionalArea

MAX_CELLS = 3_000_000
"""Cells, empty ones with a format too, that a file may hold."""
MAX_LISTED = 100
MESSAGE_ENCRYPTED = "the file is encrypted; save it without a password"
MESSAGE_BROKEN = (
    "the file is damaged: {}; open it in a spreadsheet program and save it again, as an Excel workbook (.xlsx)"
)
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _FORMAT, _SUPBOOK, _OBPROJ = 0x809, 0x0A, 0x85, 0x2F, 0x41E, 0x1AE, 0xD3
_QUERY, _TEXT_QUERY = 0x1AD, 0x805
_FORMULA, _MULRK, _MULBLANK = 0x06, 0xBD, 0xBE
_ONE_CELL = frozenset({_FORMULA, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6})
_CONDFMT, _CF, _CONDFMT12, _CF12, _CFEX = 0x1B0, 0x1B1, 0x879, 0x87A, 0x87B
_INTERNAL, _ADD_IN = 0x401, 0x3A01
_WORKSHEET, _MACRO_SHEETS = 0, (1, 6)
_HAS_NUMBER_FORMAT = 1 << 25
_FRT_HEADER = 12
_BIFF8 = 0x600
_EMPTY_TEXT = b"\xff\xff"
Area = tuple[int, int, int, int]


@dataclass(slots=True)
class SheetFacts:
    """What the records of a sheet say: is it visible, which areas have a conditional number format, which formulas no text."""

    is_visible: bool
    conditional: list[ConditionalArea] = field(default_factory=list)
    empty_formulas: list[tuple[int, int]] = field(default_factory=list)
    """Row from 1 and column from 0 of the first formulas with an empty text."""


@dataclass(slots=True)
class BookFacts:
    """What the records of a workbook say. `sheets` are its worksheets, in their order."""

    sheets: list[SheetFacts] = field(default_factory=list)
    stated_formats: set[int] = field(default_factory=set)


def facts_of(stream: bytes) -> BookFacts:
    """Goes through the records of a workbook. Raises UnreadableFile where it is not safe to open, not BIFF8, or damaged."""
    try:
        return _RecordScan().facts_of(stream)
    except (struct.error, IndexError):
        raise UnreadableFile(MESSAGE_BROKEN.format("a record of it is cut off")) from None


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


class _RecordScan:
    def __init__(self) -> None:
        self._facts = BookFacts()
        self._starts: dict[int, SheetFacts] = {}
        self._sheet: SheetFacts | None = None
        self._depth = self._cells = self._queries = self._areas = 0
        self._ranges: dict[int, list[Area]] = {}
        self._last: list[Area] = []

    def facts_of(self, stream: bytes) -> BookFacts:
        for at, kind, data in _records(stream):
            if kind == _BOF:
                self._begin(at, data)
            elif kind == _EOF:
                self._depth -= self._depth > 0
            elif self._depth == 1:
                self._read(kind, data)
        if self._queries > 0:
            raise UnreadableFile(MESSAGE_CONNECTIONS)
        return self._facts

    def _begin(self, at: int, data: bytes) -> None:
        self._depth += 1
        if self._depth == 1:
            if struct.unpack_from("<H", data)[0] != _BIFF8:
                raise UnreadableFile(MESSAGE_OLD)
            self._sheet, self._ranges, self._last = self._starts.get(at), {}, []

    def _read(self, kind: int, data: bytes) -> None:
        if kind in _ONE_CELL or kind in (_MULRK, _MULBLANK):
            self._count(kind, data)
        elif kind in _OF_RULES:
            self._read_rule(kind, data)
        elif kind == _BOUNDSHEET:
            self._add_sheet(data)
        elif kind == _FORMAT:
            self._facts.stated_formats.add(struct.unpack_from("<H", data)[0])
        elif kind in (_QUERY, _TEXT_QUERY):
            # A query of a text file fetches nothing: its values are in the cells, as in an XLSX file.
            self._queries += 1 if kind == _QUERY else -1
        else:
            _refuse_unsafe(kind, data)

    def _count(self, kind: int, data: bytes) -> None:
        sizes = {_MULRK: 6, _MULBLANK: 2}
        self._cells += max(0, len(data) - 6) // sizes[kind] if kind in sizes else 1
        if self._cells > MAX_CELLS:
            raise UnreadableFile(
                f"the file holds more than {MAX_CELLS} cells; take out what is not about the components"
            )
        is_empty = kind == _FORMULA and data[12:14] == _EMPTY_TEXT and data[6] == 3
        if is_empty and self._sheet is not None and len(self._sheet.empty_formulas) < MAX_LISTED:
            row, column = struct.unpack_from("<HH", data)
            self._sheet.empty_formulas.append((row + 1, column))

    def _add_sheet(self, data: bytes) -> None:
        start, hidden, kind = struct.unpack_from("<IBB", data)
        if kind in _MACRO_SHEETS:
            raise UnreadableFile(MESSAGE_MACROS)
        if kind == _WORKSHEET:
            self._starts[start] = SheetFacts(is_visible=hidden & 3 == 0)
            self._facts.sheets.append(self._starts[start])

    def _read_rule(self, kind: int, data: bytes) -> None:
        """Keeps the areas of a conditional format, or those of one of its rules that has a number format."""
        if kind in (_CONDFMT, _CONDFMT12):
            data = data[_FRT_HEADER:] if kind == _CONDFMT12 else data
            _, number = struct.unpack_from("<HH", data)
            self._last = self._ranges[number >> 1] = list(_areas(data[12:]))
        elif kind == _CF:
            self._add_areas(self._last, data[6:10])
        elif kind == _CF12:
            self._add_areas(self._last, _flags_of(data[_FRT_HEADER + 6 :]))
        elif not struct.unpack_from("<I", data, _FRT_HEADER)[0] and data[_FRT_HEADER + 13]:
            [number] = struct.unpack_from("<H", data, _FRT_HEADER + 4)
            self._add_areas(self._ranges.get(number, []), _flags_of(data[_FRT_HEADER + 14 :]))

    def _add_areas(self, areas: list[Area], flags: bytes) -> None:
        if self._sheet is None or not int.from_bytes(flags[:4], "little") & _HAS_NUMBER_FORMAT:
            return
        self._areas += len(areas)
        if self._areas > MAX_AREAS:
            raise UnreadableFile(MESSAGE_MANY)
        self._sheet.conditional += [ConditionalArea(*area, UNREAD) for area in areas]


MESSAGE_OLD = "the file is an Excel workbook of version 95 or older; save it as an Excel workbook (.xlsx)"
_OF_RULES = frozenset({_CONDFMT, _CF, _CONDFMT12, _CF12, _CFEX})


def _flags_of(format_data: bytes) -> bytes:
    """The flags of a format that begins with its length, empty where it has none."""
    return format_data[4:8] if int.from_bytes(format_data[:4], "little") else b""


def _areas(data: bytes) -> Iterator[Area]:
    [count] = struct.unpack_from("<H", data)
    for place in range(min(count, MAX_AREAS + 1)):
        top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * place)
        yield top + 1, left, bottom + 1, right


def _refuse_unsafe(kind: int, data: bytes) -> None:
    if kind == _FILEPASS:
        raise UnreadableFile(MESSAGE_ENCRYPTED)
    if kind == _OBPROJ:
        raise UnreadableFile(MESSAGE_MACROS)
    if kind == _SUPBOOK:
        [to] = struct.unpack_from("<H", data, 2)
        if len(data) != 4 or to not in (_INTERNAL, _ADD_IN):
            raise UnreadableFile(MESSAGE_LINKS)
