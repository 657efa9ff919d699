"""Reads the sheets of a workbook as streams: cells with the values that were last computed, never their formulas.

It is our own reader because fast libraries hold whole sheets in memory, and give the same empty cell for an empty one, a
formula that was never computed, and an error; here these differ.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import MESSAGE_SAVE, Archive
from api.intake.tables.cells import MESSAGE_ERROR
from api.intake.tables.conditional_formats import ConditionalArea, ConditionalFormats
from api.intake.tables.conditional_rules import conditional_areas, rule_formats
from api.intake.tables.merged_cells import MergedArea, MergedCells, merged_areas
from api.intake.tables.rows import MAX_COLUMNS, MAX_ROWS, BrokenCell, Cell, Row, column_index, refuse_giant
from api.intake.tables.serial_days import day_of
from api.intake.tables.sheet_notes import Appearance
from api.intake.tables.styles import PLAIN, CellStyle, styles_of
from api.intake.tables.xml_parts import (
    MAX_DEPTH,
    MESSAGE_DEEP,
    CellText,
    local,
    new_parser,
    parse_part,
    refuse_long_text,
)

MESSAGE_UNCOMPUTED = "is a formula without a value; open the file in a spreadsheet program and save it again"
MESSAGE_NO_NUMBER = "does not hold a number that can be read; write it again"
_SHEET = re.compile(r"/worksheet$")
MAX_SHEETS = 200
"""Visible sheets of a file, each of which is looked at for a row of headings."""
_MAX_TEXTS = 4_000_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]{1,3})?")
_LONGEST_INDEX = 9
_TRUE, _FALSE, _NO_SIZE = ("1", "true"), ("0", "false"), ("0", "0.0")
_TEXTS = frozenset({"s", "str", "inlineStr"})
Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet. `appearance` says what it hides and merges, of the rows that were read so far."""

    name: str
    part: str
    appearance: Appearance = field(default_factory=Appearance, compare=False)


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
        self._styles = styles_of(archive, f"{folder}/styles.xml")
        self._rule_formats = rule_formats(archive, f"{folder}/styles.xml")
        self._conditional: dict[str, list[ConditionalArea]] = {}
        self._shared_part = next((t for _, (t, kind) in targets.items() if kind.endswith("/sharedStrings")), None)
        self._shared: list[str] | None = None
        self._merged: dict[str, list[tuple[int, int, int, int]]] = {}

    def _visible(self, root: str, targets: dict[str, tuple[str, str]]) -> list[Sheet]:
        sheets: list[Sheet] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            local_name = local(name)
            if local_name == "workbookPr":
                self._from_1904 = attributes.get("date1904", "0") in ("1", "true")
            if local_name == "sheet" and attributes.get("state", "visible") == "visible":
                own = next((value for key, value in attributes.items() if key.endswith("|id")), "")
                part, kind = targets.get(own, ("", ""))
                if _SHEET.search(kind):
                    if len(sheets) >= MAX_SHEETS:
                        raise UnreadableFile(f"the file has more than {MAX_SHEETS} visible sheets; take some out")
                    sheets.append(Sheet(attributes.get("name", ""), part))

        parse_part(self._archive, root, start)
        return sheets

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet, one by one; rows that the file leaves out are blank."""
        reader = _SheetReader(self._texts(), self._styles, sheet.appearance, from_1904=self._from_1904)
        if sheet.part not in self._merged:
            self._merged[sheet.part] = merged_areas(self._archive, sheet.part)
            self._conditional[sheet.part] = conditional_areas(self._archive, sheet.part, self._rule_formats)
        sheet.appearance.merged = self._merged[sheet.part]
        merged = MergedCells([MergedArea(*area) for area in self._merged[sheet.part]])
        conditional = ConditionalFormats(self._conditional[sheet.part])
        last = 0
        for _ in self._archive.parse(sheet.part, reader.parser):
            for row, cells in reader.finished_rows():
                if row <= last:
                    raise UnreadableFile(f"row {row} of the file comes after row {last}; {MESSAGE_SAVE}")
                yield from ((blank, ()) for blank in range(last + 1, min(row, MAX_ROWS)))
                conditional.apply(row, cells)
                merged.apply(row, cells)
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

    def __init__(self, texts: list[str], styles: list[CellStyle], appearance: Appearance, *, from_1904: bool) -> None:
        self._texts = texts
        self._styles = styles
        self._appearance = appearance
        self._hides_zeros = False
        self._from_1904 = from_1904
        self._row = 0
        self._cells: list[Cell] = []
        self._cell: dict[str, str] = {}
        self._text = ""
        self._inline = CellText()
        self._depth = 0
        self._characters: list[str] = []
        self._is_formula = False
        self._is_phonetic = False
        self._done: list[tuple[int, list[Cell]]] = []
        self.parser = new_parser()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters.append

    def finished_rows(self) -> list[tuple[int, list[Cell]]]:
        """The rows completed since the last call."""
        refuse_long_text(self._characters)
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local_name = local(name)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableFile(MESSAGE_DEEP)
        if local_name == "v":
            self._characters.clear()
        elif local_name == "c":
            self._cell, self._text, self._is_formula = attributes, "", False
            if self._inline.runs:
                self._inline.take()
        elif local_name == "row":
            row = attributes.get("r", "")
            self._row = int(row) if row.isdecimal() and len(row) <= 7 else self._row + 1
            self._cells = []
            if attributes.get("hidden") in _TRUE or attributes.get("ht") in _NO_SIZE:
                self._appearance.hide_row(self._row)
        elif local_name in ("col", "sheetView"):
            self._note_view(local_name, attributes)
        else:
            self._characters.clear()
            self._is_formula = self._is_formula or local_name == "f"
            self._is_phonetic = self._is_phonetic or local_name == "rPh"

    def _note_view(self, name: str, attributes: dict[str, str]) -> None:
        """Notes hidden columns, and whether the sheet hides zeros."""
        if name == "sheetView":
            self._hides_zeros = attributes.get("showZeros") in _FALSE
        elif attributes.get("hidden") in _TRUE or attributes.get("width") in _NO_SIZE:
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and len(first) + len(last) <= _LONGEST_INDEX:
                self._appearance.hide_columns(int(first), int(last))

    def _end(self, name: str) -> None:
        local_name = local(name)
        self._depth -= 1
        if local_name == "v":
            self._text = "".join(self._characters)
            if self._inline.runs:
                self._inline.take()
        elif local_name == "c":
            self._add_cell()
        elif local_name == "row":
            self._done.append((self._row, self._cells))
        elif local_name == "t" and not self._is_phonetic:
            self._inline.add("".join(self._characters))
        elif local_name == "rPh":
            self._is_phonetic = False

    def _add_cell(self) -> None:
        text, kind = self._text, self._cell.get("t", "n")
        if self._inline.runs:
            text += self._inline.take()
        value: Cell
        if not text or kind == "e":
            value = self._valueless(text, kind)
        elif kind == "s":
            value = _item_at(self._texts, text, BrokenCell("refers to a text that is not in the file; write it again"))
        elif kind == "n":
            value = self._numeric(text)
        else:
            value = _literal(text, kind)
        if kind in _TEXTS and isinstance(value, str) and not (style := self._style()).keeps_text:
            value = style.text(value)
        if value != "":
            self._put(value)

    def _put(self, value: Cell) -> None:
        place = self._cell.get("r")
        cells = self._cells
        column = len(cells) if place is None else column_index(place.rstrip("0123456789"))
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
            return BrokenCell(MESSAGE_ERROR.format(text[:20]))
        return BrokenCell(MESSAGE_UNCOMPUTED) if self._is_formula and kind != "str" else ""

    def _numeric(self, text: str) -> Cell:
        if not NUMBER.fullmatch(text):
            return BrokenCell(MESSAGE_NO_NUMBER)
        value, style = float(text), self._style()
        if value == 0 and self._hides_zeros:
            return ""
        if style.is_plain:
            return value
        cell = style.number(value)
        return day_of(value, from_1904=self._from_1904) if cell is None else cell

    def _style(self) -> CellStyle:
        return _item_at(self._styles, self._cell.get("s", "0"), PLAIN)


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


def _shared_texts(archive: Archive, part: str) -> list[str]:
    texts: list[str] = []
    characters: list[str] = []
    runs = CellText()
    is_phonetic = False

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal is_phonetic
        characters.clear()
        is_phonetic = is_phonetic or local(name) == "rPh"

    def end(name: str) -> None:
        nonlocal is_phonetic
        local_name = local(name)
        if local_name == "t" and not is_phonetic:
            runs.add("".join(characters))
        elif local_name == "si":
            if len(texts) >= _MAX_TEXTS:
                raise UnreadableFile(f"the file holds more than {_MAX_TEXTS} texts; {MESSAGE_SAVE}")
            texts.append(_unescaped(runs.take()))
        elif local_name == "rPh":
            is_phonetic = False

    parse_part(archive, part, start, end, characters)
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
    parse_part(archive, posixpath.join(folder, "_rels", f"{name}.rels"), lambda _name, given: found.append(given))
    for attributes in found:
        if attributes.get("TargetMode") != "External" and "Id" in attributes:
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            yield attributes["Id"], (target.lstrip("/"), attributes.get("Type", ""))


def _unescaped(text: str) -> str:
    """Text with codes such as `_x000D_` decoded; half a surrogate pair stays a code."""
    return (
        text
        if "_x" not in text
        else _ESCAPED.sub(lambda m: m[0] if 0xD800 <= int(m[1], 16) <= 0xDFFF else chr(int(m[1], 16)), text)
    )
