"""Components from CSV: any encoding and separator that spreadsheets write, read as a stream.

The text is decoded and parsed line by line, so that a hundred thousand lines need no more memory than one.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.tables.columns import parse_headings
from api.intake.tables.rows import MAX_CELL, MAX_COLUMNS, Row, SheetTable, refuse_giant
from api.intake.tables.table import HEADINGS_WITHIN, read_table
from domain.declarations.exchange_rates import ExchangeRate

SEPARATORS = (",", ";", "\t", "|")
MAX_ROW = 4_000_000
"""Characters that a row may have, far more than any real one has."""
_PIECE = 1 << 16
_HINT = re.compile(r'\ufeff?"?sep=(.)"?\r?\n?', re.IGNORECASE)
_MARKDOWN = re.compile(r"\s*\|?(?:\s*:?-{3,}:?\s*\|)+\s*(?::?-{3,}:?)?\s*")
_BINARY_FORMATS = {
    b"PK\x03\x04": "a zip archive, as an XLSX file is",
    b"\xd0\xcf\x11\xe0": "an old or encrypted spreadsheet",
    b"%PDF": "a PDF file",
}
MESSAGE_SAVE = "save it as CSV in UTF-8"


def read_csv(raw: bytes, rate: ExchangeRate | None = None) -> ParsedFile:
    """The components of a CSV file. Raises UnreadableFile where it is not one, possibly only while its lines are iterated."""
    for mark, kind in _BINARY_FORMATS.items():
        if raw.startswith(mark):
            raise UnreadableFile(f"the file is {kind}, not CSV; send it with its own content type, or {MESSAGE_SAVE}")
    if not raw or raw.isspace():
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    text = _Text(raw)
    text.refuse_markdown()
    is_comma = text.separator == ","
    table = SheetTable(Format.CSV, text.rows, delimited=True, may_be_own_export=is_comma, exchange_rate=rate)
    return read_table(table)


class _Text:
    """The text of a file, with its encoding and separator."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._encoding = _encoding_of(raw)
        self.separator = self._separator()

    def refuse_markdown(self) -> None:
        """Raises UnreadableFile where the text is a Markdown table: its lines of dashes are no rows."""
        if self.separator == "|" and any(map(_MARKDOWN.fullmatch, islice(self._text(), HEADINGS_WITHIN))):
            raise UnreadableFile(f"the file is a Markdown table; {MESSAGE_SAVE}, without its line of dashes")

    def rows(self) -> Iterator[Row]:
        """All rows, blank ones included, numbered as a spreadsheet numbers them."""
        lines = _CsvLines(self._text())
        return _checked(csv.reader(lines, delimiter=self.separator, strict=True), lines)

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self._raw), encoding=self._encoding, newline="")

    def _separator(self) -> str:
        """The separator that the first line states (`sep=;`), or else the one that gives the most headings."""
        hint = _HINT.fullmatch(self._text().readline(len("sep=;") + 5))
        if hint and hint[1] in SEPARATORS:
            return hint[1]
        return max(SEPARATORS, key=self._rank)

    def _rank(self, separator: str) -> tuple[bool, int, int]:
        """How well a separator fits: whether it gives a row of headings, how many of them, and how many cells."""
        try:
            return self._rank_by_headings(separator)
        except UnreadableFile:
            # A wrong separator can make cells too many or too long; where no other fits, the refusal is raised later.
            return False, MAX_COLUMNS + 1, 0

    def _rank_by_headings(self, separator: str) -> tuple[bool, int, int]:
        lines = _CsvLines(self._text())
        first = islice(_checked(csv.reader(lines, delimiter=separator), lines), HEADINGS_WITHIN)
        ranks = [
            (headings.suffices, headings.recognised, len(cells))
            for row, cells in first
            for headings in [parse_headings(row, cells)]
        ]
        return max(ranks, default=(False, 0, 0))


class _CsvLines:
    """Lines of text, up to the size limit of one row: the CSV parser would keep a row of any length in memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.row_size = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW):
            self.row_size += len(line)
            if self.row_size >= MAX_ROW:
                raise UnreadableFile(
                    f"a row of the file has {MAX_ROW} characters or more; close every quotation mark, and end each row "
                    "with a line break"
                )
            yield line


def _checked(reader: Iterator[list[str]], lines: _CsvLines) -> Iterator[Row]:
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            lines.row_size = 0
            if len(cells) > MAX_COLUMNS:
                raise UnreadableFile(
                    f"row {row} has {len(cells)} cells; remove all but {MAX_COLUMNS}, the most that are read"
                )
            if cells and len(max(cells, key=len)) > MAX_CELL:
                refuse_giant(row, cells)
            yield row, cells
    except csv.Error as error:
        raise UnreadableFile(
            f"the file is not well-formed CSV after row {row} ({error}); close every quotation mark, double one within "
            f"a cell, and let no cell hold more than {MAX_CELL} characters"
        ) from None


def _encoding_of(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decodable(raw, "utf-16") or _refuse_encoding()
    if b"\0" in raw:
        _refuse_encoding()
    return _decodable(raw, "utf-8-sig") or _decodable(raw, "cp1252") or _refuse_encoding()


def _decodable(raw: bytes, encoding: str) -> str | None:
    """The encoding, if the whole file is valid in it; decoded in pieces, because the text may take twice the memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(raw), _PIECE):
            decoder.decode(raw[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return encoding


def _refuse_encoding() -> str:
    raise UnreadableFile(
        f"the file is neither UTF-8, nor UTF-16 with a byte-order mark, nor Windows-1252; {MESSAGE_SAVE}"
    )
