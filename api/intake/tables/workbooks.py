"""Reads the sheets of a workbook as streams: cells with the values that were last computed, never their formulas.

It is our own reader because fast libraries hold whole sheets in memory, and give the same empty cell for an empty one, a
formula that was never computed, and an error; here these differ.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from xml.parsers import expat

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import MESSAGE_SAVE, Archive
from api.intake.tables.numbers import is_foreign, is_other_time
from api.intake.tables.rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS, BrokenCell, Cell, Row, refuse_giant

MESSAGE_UNCOMPUTED = "is a formula without a value; open the file in a spreadsheet program and save it again"
_SHEET = re.compile(r"/worksheet$")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_CELL_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MERGED = re.compile(rb'<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"')
_OVERLAP = 256
_MAX_MERGED = 20_000
_MAX_TEXTS = 4_000_000
_MAX_TEXT = 10 * MAX_CELL
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?")
_BUILT_IN_DATES = frozenset(map(str, (14, 15, 16, 17, 22, *range(27, 37), *range(50, 59))))
_BUILT_IN_PERCENTS = frozenset({"9", "10"})
_NOT_DATE_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_CURRENCY = re.compile(r'\[\$([^\]-]+)(?:-[^\]]*)?\]|"([^"]*)"|([$£¥€])')
_FIRST_1900, _BEFORE_LEAP, _FIRST_1904 = date(1899, 12, 31), 60, date(1904, 1, 1)
_LAST_SERIAL, _DAYS_TO_1904 = 2_958_465, 1_462
_LONGEST_INDEX = 9
Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet."""

    name: str
    part: str


@dataclass(slots=True)
class _Style:
    """How numbers are shown: as dates, or with a unit that makes them unusable (dollars, days, %)."""

    is_date: bool = False
    unit: str = ""


_NO_STYLE = _Style()


class Workbook:
    """A workbook: its visible sheets, and the rows of each."""

    def __init__(self, archive: Archive) -> None:
        """Raises UnreadableFile where the archive is not a workbook."""
        self._archive = archive
        self._from_1904 = False
        root = _root(archive)
        targets = dict(_targets(archive, root))
        self.sheets = self._visible(root, targets)
        folder = posixpath.dirname(root)
        self._styles = _styles(archive, f"{folder}/styles.xml")
        self._shared_part = next((t for _, (t, kind) in targets.items() if kind.endswith("/sharedStrings")), None)
        self._shared: list[str] | None = None

    def _visible(self, root: str, targets: dict[str, tuple[str, str]]) -> list[Sheet]:
        sheets: list[Sheet] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            local = _local(name)
            if local == "workbookPr":
                self._from_1904 = attributes.get("date1904", "0") in ("1", "true")
            if local == "sheet" and attributes.get("state", "visible") == "visible":
                own = next((value for key, value in attributes.items() if key.endswith("|id")), "")
                part, kind = targets.get(own, ("", ""))
                if _SHEET.search(kind):
                    sheets.append(Sheet(attributes.get("name", ""), part))

        _parse_part(self._archive, root, start)
        return sheets

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet, one by one; rows that the file leaves out are blank."""
        reader = _SheetReader(self._texts(), self._styles, from_1904=self._from_1904)
        merged = _Merged(self._archive, sheet.part)
        last = 0
        for _ in self._archive.parse(sheet.part, reader.parser):
            for row, cells in reader.finished_rows():
                if row <= last:
                    raise UnreadableFile(f"row {row} of the file comes after row {last}; {MESSAGE_SAVE}")
                yield from ((blank, ()) for blank in range(last + 1, min(row, MAX_ROWS)))
                merged.empty(row, cells)
                refuse_giant(row, cells)
                yield row, cells
                last = row

    def _texts(self) -> list[str]:
        """The texts that cells refer to by number; read when first needed."""
        if self._shared is None:
            self._shared = _shared_texts(self._archive, self._shared_part) if self._shared_part else []
        return self._shared


class _SheetReader:
    """Builds rows from the XML of a sheet as it is parsed. Its handlers run about five times per cell, so they are short."""

    def __init__(self, texts: list[str], styles: list[_Style], *, from_1904: bool) -> None:
        self._texts = texts
        self._styles = styles
        self._from_1904 = from_1904
        self._row = 0
        self._cells: list[Cell] = []
        self._cell: dict[str, str] = {}
        self._text = ""
        self._characters: list[str] = []
        self._is_formula = False
        self._is_phonetic = False
        self._done: list[tuple[int, list[Cell]]] = []
        self.parser = _parser()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters.append

    def finished_rows(self) -> list[tuple[int, list[Cell]]]:
        """The rows completed since the last call."""
        _refuse_long_text(self._characters)
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "v":
            self._characters.clear()
        elif local == "c":
            self._cell, self._text, self._is_formula = attributes, "", False
        elif local == "row":
            row = attributes.get("r", "")
            self._row = int(row) if row.isdecimal() and len(row) <= 7 else self._row + 1
            self._cells = []
        else:
            self._characters.clear()
            self._is_formula = self._is_formula or local == "f"
            self._is_phonetic = self._is_phonetic or local == "rPh"

    def _end(self, name: str) -> None:
        local = _local(name)
        if local == "v":
            self._text = "".join(self._characters)
        elif local == "c":
            self._add_cell()
        elif local == "row":
            self._done.append((self._row, self._cells))
        elif local == "t" and not self._is_phonetic:
            self._text += "".join(self._characters)
        elif local == "rPh":
            self._is_phonetic = False

    def _add_cell(self) -> None:
        text, kind = self._text, self._cell.get("t", "n")
        value: Cell
        if not text or kind == "e":
            value = self._valueless(text, kind)
        elif kind == "s":
            value = _item_at(self._texts, text, BrokenCell("refers to a text that is not in the file; write it again"))
        elif kind == "n":
            value = self._numeric(text)
        else:
            value = _literal(text, kind)
        if value != "":
            self._put(value)

    def _put(self, value: Cell) -> None:
        place = self._cell.get("r")
        cells = self._cells
        column = len(cells) if place is None else _column_index(place.rstrip("0123456789"))
        if column >= MAX_COLUMNS:
            raise UnreadableFile(
                f"a cell of row {self._row} is beyond the {MAX_COLUMNS} columns that are read; move it or take it out"
            )
        if column == len(cells):
            cells.append(value)
        else:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = value

    def _valueless(self, text: str, kind: str) -> Cell:
        if kind == "e":
            return BrokenCell(f"holds the error {text[:20]}; correct it, or empty the cell")
        return BrokenCell(MESSAGE_UNCOMPUTED) if self._is_formula and kind != "str" else ""

    def _numeric(self, text: str) -> Cell:
        if not _NUMBER.fullmatch(text):
            return BrokenCell("does not hold a number that can be read; write it again")
        value, style = float(text), self._style()
        if style.is_date:
            return _day(value, from_1904=self._from_1904)
        # A number shown in dollars, days or percent gets its unit as text, and is refused as such text is.
        return f"{text} {style.unit}" if style.unit else value

    def _style(self) -> _Style:
        return _item_at(self._styles, self._cell.get("s", ""), _NO_STYLE)


def _item_at(items: Sequence[Item], index: str, default: Other) -> Item | Other:
    """The item at an index, counted from 0; the default where the index is no number, too long or out of range."""
    if len(index) > _LONGEST_INDEX or not index.isdecimal() or int(index) >= len(items):
        return default
    return items[int(index)]


def _literal(text: str, kind: str) -> str:
    """A value written out in the sheet itself: text, a boolean, or a date."""
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    return text.partition("T")[0] if kind == "d" else _unescaped(text)


class _Merged:
    """Merged cells: only the first cell of an area counts, whatever values the file still has for the others."""

    def __init__(self, archive: Archive, part: str) -> None:
        self._pending = sorted(_merged(archive, part), reverse=True)
        self._active: list[tuple[int, int, int, int]] = []

    def empty(self, row: int, cells: list[Cell]) -> None:
        """Empties the covered cells of a row; rows must come in order."""
        while self._pending and self._pending[-1][0] <= row:
            self._active.append(self._pending.pop())
        if self._active:
            self._active = [area for area in self._active if area[2] >= row]
        for top, left, _bottom, right in self._active:
            for index in range(left, min(right + 1, len(cells))):
                if (row, index) != (top, left):
                    cells[index] = ""


def _merged(archive: Archive, part: str) -> Iterator[tuple[int, int, int, int]]:
    """The merged areas of a sheet. They come after its rows in the file, so they are searched for before the rows are read."""
    found: set[tuple[bytes, bytes]] = set()
    rest = b""
    for piece in archive.pieces(part):
        rest += piece
        found.update(match.groups() for match in _MERGED.finditer(rest))  # type: ignore[misc]  # two groups
        rest = rest[-_OVERLAP:]
        if len(found) > _MAX_MERGED:
            raise UnreadableFile(f"the file has more than {_MAX_MERGED} merged cells; unmerge them")
    for first, last in found:
        top, bottom = _CELL_ADDRESS.fullmatch(first.decode()), _CELL_ADDRESS.fullmatch(last.decode())
        if top and bottom:
            yield int(top[2]), _column_index(top[1]), int(bottom[2]), _column_index(bottom[1])


def _shared_texts(archive: Archive, part: str) -> list[str]:
    texts: list[str] = []
    characters: list[str] = []
    pieces: list[str] = []
    is_phonetic = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal is_phonetic
        characters.clear()
        is_phonetic = is_phonetic or _local(name) == "rPh"

    def end(name: str) -> None:
        nonlocal is_phonetic
        local = _local(name)
        if local == "t" and not is_phonetic:
            pieces.extend(characters)
        elif local == "si":
            _refuse_long_text(pieces)
            if len(texts) >= _MAX_TEXTS:
                raise UnreadableFile(f"the file holds more than {_MAX_TEXTS} texts; {MESSAGE_SAVE}")
            texts.append(_unescaped("".join(pieces)))
            pieces.clear()
        elif local == "rPh":
            is_phonetic = False

    _parse_part(archive, part, start, end, characters)
    return texts


def _root(archive: Archive) -> str:
    """The part of the archive that is the workbook."""
    for target, kind in dict(_targets(archive, "")).values():
        if kind.endswith("/officeDocument"):
            return target
    raise UnreadableFile(f"the file is an archive, but not an XLSX file; {MESSAGE_SAVE}")


def _targets(archive: Archive, part: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The relationships of a part: each by its id, with the path and the type of its target."""
    folder, name = posixpath.split(part)
    found: list[dict[str, str]] = []
    _parse_part(archive, posixpath.join(folder, "_rels", f"{name}.rels"), lambda _name, given: found.append(given))
    for attributes in found:
        if attributes.get("TargetMode") != "External" and "Id" in attributes:
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            yield attributes["Id"], (target.lstrip("/"), attributes.get("Type", ""))


def _styles(archive: Archive, part: str) -> list[_Style]:
    """How each cell style shows a number."""
    formats: dict[str, str] = {}
    styles: list[_Style] = []
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif local == "xf" and within[-1:] == ["cellXfs"]:
            styles.append(_style(attributes.get("numFmtId", "0"), formats))
        within.append(local)

    if part in archive.names:
        _parse_part(archive, part, start, lambda _name: within.pop())
    return styles


def _style(number: str, formats: dict[str, str]) -> _Style:
    code = formats.get(number)
    if code is None:
        return _Style(is_date=number in _BUILT_IN_DATES, unit="%" if number in _BUILT_IN_PERCENTS else "")
    bare = _NOT_DATE_CODE.sub("", code).lower()
    if set(bare) & {"y", "d"}:
        return _Style(is_date=True)
    if "%" in bare:
        return _Style(unit="%")
    shown = [next(filter(None, match.groups()), "").strip() for match in _CURRENCY.finditer(code)]
    return _Style(unit=next((text for text in shown if is_foreign(text.lower()) or is_other_time(text.lower())), ""))


def _parse_part(archive: Archive, part: str, start: Any, end: Any = None, characters: list[str] | None = None) -> None:
    characters, collect = (characters, characters.append) if characters is not None else ([], None)
    parser = _parser()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, collect, end
    for _ in archive.parse(part, parser):
        _refuse_long_text(characters)


def _refuse_long_text(characters: Sequence[str]) -> None:
    """Refuses a text far longer than a cell may hold, before all of it is unpacked."""
    if sum(map(len, characters)) > _MAX_TEXT:
        raise UnreadableFile(
            f"a cell of the file holds more than {MAX_CELL} characters, the most that a cell may hold; shorten it"
        )


def _parser() -> "expat.XMLParserType":
    return expat.ParserCreate(namespace_separator="|")


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    """The name of an element without its namespace: two namespaces are in use for the same, and prefixes vary."""
    return name.rpartition("|")[2]


@lru_cache(maxsize=2_000)
def _column_index(letters: str) -> int:
    """The index of a column, counted from 0, from its letters."""
    if not _LETTERS.fullmatch(letters):
        raise UnreadableFile(f"the file holds a cell without a valid address; {MESSAGE_SAVE}")
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _unescaped(text: str) -> str:
    """Text with codes such as `_x000D_` decoded; half a surrogate pair stays a code."""
    return (
        text
        if "_x" not in text
        else _ESCAPED.sub(lambda m: m[0] if 0xD800 <= int(m[1], 16) <= 0xDFFF else chr(int(m[1], 16)), text)
    )


def _day(serial: float, *, from_1904: bool) -> Cell:
    # Compared before it is converted: infinity cannot be made an integer.
    if not 1 <= serial < _LAST_SERIAL + 1 - (_DAYS_TO_1904 if from_1904 else 0):
        return BrokenCell("does not hold a date that can be read; write it as 2026-11-21")
    days = int(serial)
    if from_1904:
        return _FIRST_1904 + timedelta(days)
    # Spreadsheets count 1900 as a leap year, as the first of them (Lotus 1-2-3) did.
    return _FIRST_1900 + timedelta(days if days < _BEFORE_LEAP else days - 1)
