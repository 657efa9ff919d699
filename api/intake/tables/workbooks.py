"""A workbook's sheets, read as streams: cells with the values that were last computed, never what computes them.

Written out here because the quick readers hold whole sheets, and give the same empty cell for one that is empty, one whose
formula was never computed and one that holds an error; a careful reader tells these apart.
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
from api.intake.tables.rows import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Broken, Cell, Row, refuse_giant

MESSAGE_UNCOMPUTED = "is a formula without a value; open the file in a spreadsheet program and save it again"
_SHEET = re.compile(r"/worksheet$")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MERGED = re.compile(rb'<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"')
_OVERLAP = 256
_MOST_MERGED = 20_000
_MOST_TEXTS = 4_000_000
_ENDLESS = 10 * MAX_CELL
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?")
_BUILT_IN_DATES = frozenset(map(str, (14, 15, 16, 17, 22, *range(27, 37), *range(50, 59))))
_BUILT_IN_PERCENTS = frozenset({"9", "10"})
_NOT_DATE_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_CURRENCY = re.compile(r'\[\$([^\]-]+)(?:-[^\]]*)?\]|"([^"]*)"|([$£¥€])')
_FIRST_1900, _BEFORE_LEAP, _FIRST_1904 = date(1899, 12, 31), 60, date(1904, 1, 1)
_LAST_SERIAL = 2_958_465
_LONGEST_PLACE = 9
Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that its user sees."""

    name: str
    part: str


@dataclass(slots=True)
class _Style:
    """How numbers are shown: as dates, or with a unit beside them that is not the one that is read."""

    is_date: bool = False
    unit: str = ""


_PLAIN = _Style()


class Workbook:
    """A workbook: its visible sheets, and the rows of one."""

    def __init__(self, archive: Archive) -> None:
        """Raises UnreadableFile where it is none."""
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

        def start(name: str, given: dict[str, str]) -> None:
            local = _local(name)
            if local == "workbookPr":
                self._from_1904 = given.get("date1904", "0") in ("1", "true")
            if local == "sheet" and given.get("state", "visible") == "visible":
                own = next((value for key, value in given.items() if key.endswith("|id")), "")
                part, kind = targets.get(own, ("", ""))
                if _SHEET.search(kind):
                    sheets.append(Sheet(given.get("name", ""), part))

        _read(self._archive, root, start)
        return sheets

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet, one by one; rows that the file leaves out are blank."""
        reader = _SheetReader(self._texts(), self._styles, from_1904=self._from_1904)
        merged = _Merged(self._archive, sheet.part)
        last = 0
        for _ in self._archive.parse(sheet.part, reader.parser):
            for row, cells in reader.taken():
                if row <= last:
                    raise UnreadableFile(f"row {row} of the file comes after row {last}; {MESSAGE_SAVE}")
                yield from ((blank, ()) for blank in range(last + 1, min(row, MAX_ROWS)))
                merged.empty(row, cells)
                refuse_giant(row, cells)
                yield row, cells
                last = row

    def _texts(self) -> list[str]:
        """The texts that cells share; read when they are first needed."""
        if self._shared is None:
            self._shared = _shared_texts(self._archive, self._shared_part) if self._shared_part else []
        return self._shared


class _SheetReader:
    """Makes rows of the XML of a sheet, as it comes. It is told five things of each cell, so each is short work."""

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

    def taken(self) -> list[tuple[int, list[Cell]]]:
        """The rows that are complete since the last time."""
        _refuse_endless(self._characters)
        done, self._done = self._done, []
        return done

    def _start(self, name: str, given: dict[str, str]) -> None:
        local = _local(name)
        if local == "v":
            self._characters.clear()
        elif local == "c":
            self._cell, self._text, self._is_formula = given, "", False
        elif local == "row":
            row = given.get("r", "")
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
            self._place()
        elif local == "row":
            self._done.append((self._row, self._cells))
        elif local == "t" and not self._is_phonetic:
            self._text += "".join(self._characters)
        elif local == "rPh":
            self._is_phonetic = False

    def _place(self) -> None:
        text, kind = self._text, self._cell.get("t", "n")
        value: Cell
        if not text or kind == "e":
            value = self._valueless(text, kind)
        elif kind == "s":
            value = _at(self._texts, text, Broken("refers to a text that is not in the file; write it again"))
        elif kind == "n":
            value = self._numeric(text)
        else:
            value = _worded(text, kind)
        if value != "":
            self._put(value)

    def _put(self, value: Cell) -> None:
        place = self._cell.get("r")
        cells = self._cells
        column = len(cells) if place is None else _index(place.rstrip("0123456789"))
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
            return Broken(f"holds the error {text[:20]}; correct it, or empty the cell")
        return Broken(MESSAGE_UNCOMPUTED) if self._is_formula and kind != "str" else ""

    def _numeric(self, text: str) -> Cell:
        if not _NUMBER.fullmatch(text):
            return Broken("does not hold a number that can be read; write it again")
        value, style = float(text), self._style()
        if style.is_date:
            return _day(value, from_1904=self._from_1904)
        # What is shown in dollars, days or hundredths says so, and is refused as the same in text is.
        return f"{text} {style.unit}" if style.unit else value

    def _style(self) -> _Style:
        return _at(self._styles, self._cell.get("s", ""), _PLAIN)


def _at(kept: Sequence[Item], place: str, otherwise: Other) -> Item | Other:
    """What stands at a place, counted from 0, however long the number of it; or else what is given."""
    if len(place) > _LONGEST_PLACE or not place.isdecimal() or int(place) >= len(kept):
        return otherwise
    return kept[int(place)]


def _worded(text: str, kind: str) -> str:
    """A value that is written out: text, a truth, or a day."""
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    return text.partition("T")[0] if kind == "d" else _unescaped(text)


class _Merged:
    """The cells that a merged one covers: only its first says anything, whatever the file still keeps of the others."""

    def __init__(self, archive: Archive, part: str) -> None:
        self._left = sorted(_merged(archive, part), reverse=True)
        self._active: list[tuple[int, int, int, int]] = []

    def empty(self, row: int, cells: list[Cell]) -> None:
        """Empties what is covered in a row; rows come in order."""
        while self._left and self._left[-1][0] <= row:
            self._active.append(self._left.pop())
        if self._active:
            self._active = [area for area in self._active if area[2] >= row]
        for top, left, _bottom, right in self._active:
            for index in range(left, min(right + 1, len(cells))):
                if (row, index) != (top, left):
                    cells[index] = ""


def _merged(archive: Archive, part: str) -> Iterator[tuple[int, int, int, int]]:
    """The merged areas of a sheet. They stand behind its rows, so they are looked for before the rows are read."""
    found: set[tuple[bytes, bytes]] = set()
    rest = b""
    for piece in archive.pieces(part):
        rest += piece
        found.update(match.groups() for match in _MERGED.finditer(rest))  # type: ignore[misc]  # two groups
        rest = rest[-_OVERLAP:]
        if len(found) > _MOST_MERGED:
            raise UnreadableFile(f"the file has more than {_MOST_MERGED} merged cells; unmerge them")
    for first, last in found:
        top, bottom = _PLACE.fullmatch(first.decode()), _PLACE.fullmatch(last.decode())
        if top and bottom:
            yield int(top[2]), _index(top[1]), int(bottom[2]), _index(bottom[1])


def _shared_texts(archive: Archive, part: str) -> list[str]:
    texts: list[str] = []
    characters: list[str] = []
    pieces: list[str] = []
    is_phonetic = False

    def start(name: str, _given: dict[str, str]) -> None:
        nonlocal is_phonetic
        characters.clear()
        is_phonetic = is_phonetic or _local(name) == "rPh"

    def end(name: str) -> None:
        nonlocal is_phonetic
        local = _local(name)
        if local == "t" and not is_phonetic:
            pieces.extend(characters)
        elif local == "si":
            _refuse_endless(pieces)
            if len(texts) >= _MOST_TEXTS:
                raise UnreadableFile(f"the file holds more than {_MOST_TEXTS} texts; {MESSAGE_SAVE}")
            texts.append(_unescaped("".join(pieces)))
            pieces.clear()
        elif local == "rPh":
            is_phonetic = False

    _read(archive, part, start, end, characters)
    return texts


def _root(archive: Archive) -> str:
    """The part that is the workbook."""
    for target, kind in dict(_targets(archive, "")).values():
        if kind.endswith("/officeDocument"):
            return target
    raise UnreadableFile(f"the file is an archive, but not an XLSX file; {MESSAGE_SAVE}")


def _targets(archive: Archive, part: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """What a part refers to: each by its id, with where it stands and what it is."""
    folder, name = posixpath.split(part)
    found: list[dict[str, str]] = []
    _read(archive, posixpath.join(folder, "_rels", f"{name}.rels"), lambda _name, given: found.append(given))
    for given in found:
        if given.get("TargetMode") != "External" and "Id" in given:
            target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", "")))
            yield given["Id"], (target.lstrip("/"), given.get("Type", ""))


def _styles(archive: Archive, part: str) -> list[_Style]:
    """How each style of cells shows a number."""
    formats: dict[str, str] = {}
    styles: list[_Style] = []
    within: list[str] = []

    def start(name: str, given: dict[str, str]) -> None:
        local = _local(name)
        if local == "numFmt":
            formats[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif local == "xf" and within[-1:] == ["cellXfs"]:
            styles.append(_style(given.get("numFmtId", "0"), formats))
        within.append(local)

    if part in archive.names:
        _read(archive, part, start, lambda _name: within.pop())
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


def _read(archive: Archive, part: str, start: Any, end: Any = None, characters: list[str] | None = None) -> None:
    characters, said = (characters, characters.append) if characters is not None else ([], None)
    parser = _parser()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, said, end
    for _ in archive.parse(part, parser):
        _refuse_endless(characters)


def _refuse_endless(characters: Sequence[str]) -> None:
    """Refuses a text that goes on long after any cell is full, before all of it is unpacked."""
    if sum(map(len, characters)) > _ENDLESS:
        raise UnreadableFile(
            f"a cell of the file holds more than {MAX_CELL} characters, the most that a cell may hold; shorten it"
        )


def _parser() -> "expat.XMLParserType":
    return expat.ParserCreate(namespace_separator="|")


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    """The name of an element without the namespace it is in: there are two for the same, and prefixes vary."""
    return name.rpartition("|")[2]


@lru_cache(maxsize=2_000)
def _index(letters: str) -> int:
    """The place of a column, counted from 0, by the letters over it."""
    if not _LETTERS.fullmatch(letters):
        raise UnreadableFile(f"the file holds a cell without a valid address; {MESSAGE_SAVE}")
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _unescaped(text: str) -> str:
    """Text with the characters that the format writes as a code; half a surrogate pair stays as it is written."""
    return (
        text
        if "_x" not in text
        else _ESCAPED.sub(lambda m: m[0] if 0xD800 <= int(m[1], 16) <= 0xDFFF else chr(int(m[1], 16)), text)
    )


def _day(serial: float, *, from_1904: bool) -> Cell:
    # Compared as it is: a number without end has no days to count.
    if not 1 <= serial < _LAST_SERIAL - 2_000:
        return Broken("does not hold a date that can be read; write it as 2026-11-21")
    days = int(serial)
    if from_1904:
        return _FIRST_1904 + timedelta(days)
    # The first program of its kind took 1900 for a leap year, and all others count as it did.
    return _FIRST_1900 + timedelta(days if days < _BEFORE_LEAP else days - 1)
