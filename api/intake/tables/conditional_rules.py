"""Finds the conditional formats of a sheet in an XLSX file that have a number format of their own.

They come after the rows in the file, so they are searched for before the rows are read; sheets without any are not parsed
twice.
"""

import re
from collections.abc import Iterator

from api.intake.tables.archives import Archive
from api.intake.tables.conditional_formats import ConditionalArea
from api.intake.tables.number_formats import NumberFormat
from api.intake.tables.rows import column_index
from api.intake.tables.styles import style_of
from api.intake.tables.xml_parts import local, parse_part

_AREA = re.compile(r"\$?([A-Z]{1,3})?\$?([0-9]{1,7})?(?::\$?([A-Z]{1,3})?\$?([0-9]{1,7})?)?")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_383
_RULE, _OWN_FORMAT = b"cfRule", b"numFmt"
_OVERLAP = 16


def rule_formats(archive: Archive, part: str) -> list[NumberFormat | None]:
    """The formats that rules refer to by number: the number format of each, None where it has none."""
    found: list[NumberFormat | None] = []
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        if element == "dxf" and within[-1:] == ["dxfs"]:
            found.append(None)
        elif element == "numFmt" and within[-2:] == ["dxfs", "dxf"]:
            found[-1] = _format_of(attributes)
        within.append(element)

    if part in archive.names:
        parse_part(archive, part, start, lambda _name: within.pop())
    return found


def conditional_areas(archive: Archive, part: str, formats: list[NumberFormat | None]) -> list[ConditionalArea]:
    """The areas of a sheet in which a rule can apply a number format."""
    has_rules, has_own = _mentions(archive, part)
    return list(_areas(archive, part, formats)) if has_rules and (has_own or any(formats)) else []


def _mentions(archive: Archive, part: str) -> tuple[bool, bool]:
    """Whether a sheet has rules, and number formats within them."""
    has_rules = has_own = False
    rest = b""
    for piece in archive.pieces(part):
        rest += piece
        has_rules = has_rules or _RULE in rest
        has_own = has_own or _OWN_FORMAT in rest
        rest = rest[-_OVERLAP:]
    return has_rules, has_own


def _areas(archive: Archive, part: str, formats: list[NumberFormat | None]) -> Iterator[ConditionalArea]:
    for places, shown in _rules(archive, part, formats):
        for place in places.split() if shown else ():
            yield from (ConditionalArea(*_corners(place), each) for each in shown)


def _rules(archive: Archive, part: str, formats: list[NumberFormat | None]) -> list[tuple[str, list[NumberFormat]]]:
    """The areas of each conditional format of a sheet, as the file writes them, with the number formats of its rules."""
    rules: list[tuple[str, list[NumberFormat]]] = []
    characters: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        characters.clear()
        if element == "conditionalFormatting":
            rules.append((attributes.get("sqref", ""), []))
        elif element == "cfRule" and rules:
            number = attributes.get("dxfId", "")
            shown = formats[int(number)] if number.isdecimal() and int(number[:9]) < len(formats) else None
            rules[-1][1].extend([shown] if shown else [])
        elif element == "numFmt" and rules:
            rules[-1][1].append(_format_of(attributes))

    def end(name: str) -> None:
        if local(name) == "sqref" and rules:
            # Rules of later versions of Excel name their cells after their formats.
            rules[-1] = ("".join(characters), rules[-1][1])

    parse_part(archive, part, start, end, characters)
    return rules


def _corners(place: str) -> tuple[int, int, int, int]:
    """The top, left, bottom and right of an area such as `B2:D9`, `B:B` or `2:2`; all of the sheet where it cannot be read."""
    found = _AREA.fullmatch(place)
    if found is None:
        return 1, 0, _LAST_ROW, _LAST_COLUMN
    left, top, right, bottom = found.groups()
    if ":" not in place:
        right, bottom = left, top
    return (
        int(top or 1),
        column_index(left) if left else 0,
        int(bottom or _LAST_ROW),
        column_index(right) if right else _LAST_COLUMN,
    )


def _format_of(attributes: dict[str, str]) -> NumberFormat:
    return style_of(attributes.get("numFmtId", "0"), attributes.get("formatCode")).format
