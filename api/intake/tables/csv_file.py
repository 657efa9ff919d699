"""Components from CSV: any encoding and separator that spreadsheets write, read as a stream.

The text is decoded and parsed line by line, so that a hundred thousand lines need no more memory than one.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from api.intake.encodings.choice import RefusedEncoding, choose
from api.intake.encodings.detection import Encoding
from api.intake.parsed import Format, ParsedFile, UnreadableFile
from api.intake.recognition import unread_as_table
from api.intake.tables.columns import parse_headings
from api.intake.tables.rows import MAX_CELL, MAX_COLUMNS, Cell, Row, SheetTable, letter_of, refuse_giant
from api.intake.tables.table import HEADINGS_WITHIN, find_headings, read_table
from domain.declarations.exchange_rates import ExchangeRate

SEPARATORS = (",", ";", "\t", "|")
MAX_ROW = 4_000_000
"""Characters that a row may have, far more than any real one has."""
MOST_ROWS = 1_048_576
_ESCAPED = re.compile(r"[\udc80-\udcff]")
_SHOWN = 40
_HINT = re.compile(r'\ufeff?"?sep=(.)"?\r?\n?', re.IGNORECASE)
MESSAGE_SAVE = "save it as CSV in UTF-8"


def read_csv(raw: bytes, charset: str | None = None, rate: ExchangeRate | None = None) -> ParsedFile:
    """The components of a CSV file, in the charset that is stated, or in the one that its text shows.

    Raises UnreadableFile where it is not one, possibly only while its lines are iterated; also where its encoding is in doubt.
    """
    if unread := unread_as_table(raw):
        raise UnreadableFile(unread)
    if not raw or raw.isspace():
        raise UnreadableFile("the file is empty; give a row of headings, and a row for each component")
    try:
        choice = choose(raw, charset)
    except RefusedEncoding as error:
        raise UnreadableFile(f"{_place_of(raw, error)}{error.detail}; {MESSAGE_SAVE}") from None
    text = _Text(raw, choice.encoding)
    table = SheetTable(Format.CSV, text.rows, delimited=True, own_mark=text.own_mark, exchange_rate=rate)
    parsed = read_table(table)
    for rival in choice.rivals:
        _refuse_different(text, _Text(raw, rival, separator=text.separator), parsed)
    parsed.encoding = choice.encoding.label
    return parsed


def _place_of(raw: bytes, error: RefusedEncoding) -> str:
    """The cell with the first byte that is not of the encoding, as far as the text can be read up to it."""
    if error.encoding is None:
        return ""
    for row, cells in _Text(raw, error.encoding, errors="surrogateescape").rows():
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and _ESCAPED.search(cell):
                return f"cell {letter_of(index)}{row} "
    return "the file "


def _refuse_different(text: "_Text", other: "_Text", parsed: ParsedFile) -> None:
    """Raises UnreadableFile where a cell that is read would hold another text in another encoding that is as likely."""
    read = [index for index, label in enumerate(_labels_of(text)) if label in parsed.columns.values()]
    for (row, cells), (_, others) in zip(text.rows(), other.rows(), strict=False):
        for index in read:
            one, another = _cell_at(cells, index), _cell_at(others, index)
            if one != another:
                raise UnreadableFile(
                    f"cell {letter_of(index)}{row} is {one[:_SHOWN]!r} if the file is {text.encoding.label} and "
                    f"{another[:_SHOWN]!r} if it is {other.encoding.label}, and which it is cannot be told; {MESSAGE_SAVE}"
                )


def _labels_of(text: "_Text") -> list[str]:
    """The labels of the columns of a file, as its row of headings has them."""
    headings = find_headings(SheetTable(Format.CSV, text.rows, delimited=True)).headings
    return [] if headings is None else list(headings.labels)


def _cell_at(cells: Sequence[Cell], index: int) -> str:
    return str(cells[index]) if index < len(cells) else ""


class _Text:
    """The text of a file, with its encoding and separator."""

    def __init__(self, raw: bytes, encoding: Encoding, *, separator: str | None = None, errors: str = "strict") -> None:
        self._raw = raw
        self.encoding = encoding
        self._errors = errors
        self.separator = separator or self._separator()

    @property
    def own_mark(self) -> str | None:
        """The decimal mark that our own export has where its text begins and is separated like this; None where none is."""
        if self.separator == ",":
            return "."
        return "," if self.separator == ";" and self._raw.startswith(codecs.BOM_UTF8) else None

    def rows(self) -> Iterator[Row]:
        """All rows, blank ones included, numbered as a spreadsheet numbers them."""
        lines = _CsvLines(self._text())
        return _checked(csv.reader(lines, delimiter=self.separator, strict=True), lines)

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self._raw), encoding=self.encoding.codec, errors=self._errors, newline="")

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
            if row > MOST_ROWS:
                raise UnreadableFile(
                    f"the file has more than {MOST_ROWS} rows, the most that a spreadsheet has; take out those without text"
                )
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
