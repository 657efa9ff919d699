"""Components from CSV: any encoding and separator that spreadsheets write it with, read as a stream.

The text is decoded and parsed as it is taken, so that a hundred thousand lines need no more memory than one.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.tables.columns import understood
from api.intake.tables.rows import MAX_CELL, MAX_COLUMNS, Row, SheetTable, refuse_giant
from api.intake.tables.table import HEADINGS_WITHIN, read_table

SEPARATORS = (",", ";", "\t")
MAX_ROW = 4_000_000
"""Characters of a row, far more than its columns and any text in them need."""
_PIECE = 1 << 16
_HINT = re.compile(r'\ufeff?"?sep=(.)"?\r?\n?', re.IGNORECASE)
_NO_TEXT = {
    b"PK\x03\x04": "a zip archive, as an XLSX file is",
    b"\xd0\xcf\x11\xe0": "an old or encrypted spreadsheet",
    b"%PDF": "a PDF file",
}
MESSAGE_SAVE = "save it as CSV in UTF-8"


def read_csv(raw: bytes) -> ParsedFile:
    """What a CSV file holds. Raises UnreadableFile where it is none, also while its lines are taken."""
    for mark, kind in _NO_TEXT.items():
        if raw.startswith(mark):
            raise UnreadableFile(f"the file is {kind}, not CSV; send it with its own content type, or {MESSAGE_SAVE}")
    if not raw or raw.isspace():
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    text = _Text(raw)
    return read_table(SheetTable(Format.CSV, text.rows, separated=True, own=text.separator == ","))


class _Text:
    """The text of a file, with its encoding and separator."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._encoding = _encoding_of(raw)
        self.separator = self._separator()

    def rows(self) -> Iterator[Row]:
        """Every row, blank ones too, as a spreadsheet counts them."""
        lines = _CsvLines(self._text())
        return _checked(csv.reader(lines, delimiter=self.separator, strict=True), lines)

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self._raw), encoding=self._encoding, newline="")

    def _separator(self) -> str:
        """What the file itself says in its first line, or else what tells most headings apart."""
        hint = _HINT.fullmatch(self._text().readline(len("sep=;") + 5))
        if hint and hint[1] in SEPARATORS:
            return hint[1]
        return max(SEPARATORS, key=self._separated)

    def _separated(self, separator: str) -> tuple[bool, int, int]:
        """How well a separator does: whether there are headings, how many, and how many cells there are."""
        try:
            return self._headings_under(separator)
        except UnreadableFile:
            # Cells can be too many or too long because this does not tell them apart; if nothing else does, it is said.
            return False, MAX_COLUMNS + 1, 0

    def _headings_under(self, separator: str) -> tuple[bool, int, int]:
        lines = _CsvLines(self._text())
        first = islice(_checked(csv.reader(lines, delimiter=separator), lines), HEADINGS_WITHIN)
        parsed = [
            (headings.suffices, headings.claimed, len(cells))
            for row, cells in first
            for headings in [understood(row, cells)]
        ]
        return max(parsed, default=(False, 0, 0))


class _CsvLines:
    """Lines of text, while those of one row stay within what a row holds: the parser keeps a whole row, however long."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW):
            self.taken += len(line)
            if self.taken >= MAX_ROW:
                raise UnreadableFile(
                    f"a row of the file has {MAX_ROW} characters or more; close every quotation mark, and end each row "
                    "with a line break"
                )
            yield line


def _checked(reader: Iterator[list[str]], lines: _CsvLines) -> Iterator[Row]:
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            lines.taken = 0
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
    """The encoding, if all of the file is in it; looked at a piece at a time, because the text may be twice as large."""
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
