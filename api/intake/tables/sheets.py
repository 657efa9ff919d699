"""The sheets of a workbook in any file format: which of them are read, and several of them as one bill of materials.

Without a choice the first sheet with a row of headings is read, and the report names it and the others. Keys that are not from a
column of keys (designators, row numbers) get the name of their sheet where several are read, as they recur on each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from api.intake.parsed import SHEET_ROWS, Format, Note, ParsedFile, ParsedLine, UnknownSheet, UnreadableFile
from api.intake.tables.nearest import headings_fault, nearest_of
from api.intake.tables.rows import SheetTable
from api.intake.tables.table import HEADINGS_WITHIN, FoundHeadings, find_headings, read_table, read_under

MAX_SHEETS = 100
MESSAGE_HIDDEN = "sheets that are hidden are not read"
MESSAGE_NO_SHEETS = "a file of this format has no sheets to choose from; leave sheet out"
NOTE_SHEET = "is not read, although it has a row of headings too: name every sheet that is part of the system (sheet)"
NOTE_KEYS = "are put before the keys of their lines, as designators and row numbers recur on each sheet"


def read_sheets(tables: Mapping[str, SheetTable], wanted: Sequence[str] = ()) -> ParsedFile:
    """The components of a workbook with these visible sheets, in their order; of the wanted ones if any are named.

    Raises UnknownSheet where a wanted sheet is not there or is named twice, and UnreadableFile where it has no headings, or where
    no sheet has any.
    """
    if not wanted:
        return _first(tables)
    _refuse_unknown(tables, wanted)
    if len(wanted) == 1:
        return _with_sheets(_named(tables, wanted[0]), tables, wanted)
    return _together(tables, list(wanted))


def _first(tables: Mapping[str, SheetTable]) -> ParsedFile:
    """The first sheet with a row of headings."""
    found = {name: find_headings(table) for name, table in tables.items()}
    usable = [name for name, each in found.items() if each.headings is not None]
    if not usable:
        raise UnreadableFile(f"{_no_headings(found)}; {MESSAGE_HIDDEN}")
    headings = found[usable[0]].headings
    assert headings is not None, "usable sheets have headings"
    parsed = _with_sheets(read_under(tables[usable[0]], headings), tables, usable[:1])
    parsed.notes += [Note(None, f"sheet {other}", "key", NOTE_SHEET) for other in usable[1:MAX_SHEETS]]
    return parsed


def _no_headings(found: Mapping[str, FoundHeadings]) -> str:
    """Why no sheet has headings, with the sheet that comes nearest where there are several."""
    nearest = nearest_of(each.nearest for each in found.values() if each.nearest is not None)
    detail = headings_fault(nearest, HEADINGS_WITHIN)
    names = [name for name, each in found.items() if each.nearest is nearest]
    return f"sheet {names[0]}: {detail}" if nearest is not None and len(found) > 1 else detail


def _refuse_unknown(tables: Mapping[str, SheetTable], wanted: Sequence[str]) -> None:
    for name in wanted:
        if name not in tables:
            there = ", ".join(list(tables)[:MAX_SHEETS])
            raise UnknownSheet(f"the file has no visible sheet {name[:100]}; name one of: {there}")
        if wanted.count(name) > 1:
            raise UnknownSheet(f"the sheet {name} is named twice; name it once")


def _named(tables: Mapping[str, SheetTable], name: str, key_prefix: str = "") -> ParsedFile:
    try:
        return read_table(tables[name], key_prefix)
    except UnreadableFile as error:
        raise UnreadableFile(f"sheet {name}: {error.detail}") from None


def _with_sheets(parsed: ParsedFile, tables: Mapping[str, SheetTable], read: Sequence[str]) -> ParsedFile:
    parsed.sheets = list(read)
    parsed.unread_sheets = [name for name in tables if name not in read]
    return parsed


def _together(tables: Mapping[str, SheetTable], wanted: list[str]) -> ParsedFile:
    """Several sheets as one file, whose rows say which sheet they are of."""
    parts = [_named(tables, name, f"{name}/") for name in wanted]
    columns = {field: column for part in reversed(parts) for field, column in part.columns.items()}
    whole = _with_sheets(ParsedFile(_format_of(parts), iter(()), columns), tables, wanted)
    whole.sheet_columns = [part.columns for part in parts]
    whole.exchange_rate = parts[0].exchange_rate
    whole.notes.append(Note(None, f"sheets {', '.join(wanted)}", "key", NOTE_KEYS))
    for place, part in enumerate(parts):
        _move(part, whole, place)
    whole.lines = _lines(parts, whole)
    return whole


def _format_of(parts: Sequence[ParsedFile]) -> Format:
    return parts[0].format


def _lines(parts: Sequence[ParsedFile], whole: ParsedFile) -> Iterator[ParsedLine]:
    for place, part in enumerate(parts):
        try:
            for line in part.lines:
                _move(part, whole, place)
                yield ParsedLine(place * SHEET_ROWS + line.row, line.component)
        except UnreadableFile as error:
            raise UnreadableFile(f"sheet {whole.sheets[place]}: {error.detail}") from None
        _move(part, whole, place)


def _move(part: ParsedFile, whole: ParsedFile, place: int) -> None:
    """Moves over what a sheet ignored, refused and noted since the last time."""
    first, name = place * SHEET_ROWS, whole.sheets[place]
    whole.heading_rows |= {first + row for row in part.heading_rows}
    whole.ignored += [replace(each, row=first + each.row) for each in part.ignored]
    whole.refused += [replace(each, row=first + (each.row or 0)) for each in part.refused]
    whole.notes += [replace(each, row=first + (each.row or 0)) for each in part.notes]
    whole.unread += [f"{name}: {label}" for label in part.unread]
    for found in (part.heading_rows, part.ignored, part.refused, part.notes, part.unread):
        found.clear()
