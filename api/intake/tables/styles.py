"""The cell styles of a workbook: by which number format each of them shows a number or a text."""

from dataclasses import dataclass

from api.intake.parsed import UnreadableFile
from api.intake.tables.archives import Archive
from api.intake.tables.number_formats import GENERAL, MAX_FORMAT, NumberFormat, UnshownNumber, number_format
from api.intake.tables.rows import BrokenCell, Cell, FormattedNumber
from api.intake.tables.xml_parts import local, parse_part

MESSAGE_TIME = "is shown as a time; format the cell as text or as a number, and write it again"
MESSAGE_LOCAL_CURRENCY = (
    "is shown in the currency of the computer that opens the file, so the file does not say which; choose the euro as its "
    "currency, or format the cell as a plain number"
)
MAX_STYLES = 65_536
"""Cell styles of a file, the limit of spreadsheets."""
MAX_FORMATS = 5_000
"""Number formats of a file; spreadsheets have about 250 at most."""
_DAY, _TIME, _FRACTION, _FRACTIONS = "yyyy-mm-dd", "h:mm:ss", "# ?/?", "# ??/??"
_CODES = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    48: "##0.0E+0",
    49: "@",
    12: _FRACTION,
    13: _FRACTIONS,
    69: _FRACTION,
    70: _FRACTIONS,
    59: "0",
    60: "0.00",
    61: "#,##0",
    62: "#,##0.00",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);(#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    67: "0%",
    68: "0.00%",
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59), *range(71, 75), 77, 81), _DAY),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47, 75, 76, 78, 79, 80), _TIME),
}
"""The formats that a file refers to by number without stating them; those of dates differ by language."""
_LOCAL_CURRENCY = frozenset((5, 6, 7, 8, 42, 44, *range(63, 67)))


@dataclass(frozen=True, slots=True, eq=False)
class CellStyle:
    """How a cell shows its value. `is_plain`: numbers as they are; `keeps_text`: texts as they are."""

    format: NumberFormat = GENERAL
    is_plain: bool = True
    keeps_text: bool = True

    def number(self, value: float) -> Cell | None:
        """The cell of a number; None where it is shown as a date."""
        try:
            section = self.format.section(value)
        except UnshownNumber as fault:
            return BrokenCell(fault.detail)
        if section.is_date:
            return None if section.has_day else BrokenCell(MESSAGE_TIME)
        return FormattedNumber(value, self.format)

    def text(self, stored: str) -> Cell:
        """The cell of a text, with what its format shows around it."""
        try:
            return self.format.text(stored)
        except UnshownNumber as fault:
            return BrokenCell(fault.detail)


PLAIN = CellStyle()


def styles_of(archive: Archive, part: str) -> list[CellStyle]:
    """The cell styles of a workbook, in their order."""
    codes: dict[str, str] = {}
    numbers: list[str] = []
    within: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = local(name)
        if element == "numFmt" and within[-1:] == ["numFmts"]:
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[: MAX_FORMAT + 1]
        elif element == "xf" and within[-1:] == ["cellXfs"]:
            numbers.append(attributes.get("numFmtId", "0"))
        within.append(element)
        if len(codes) > MAX_FORMATS or len(numbers) > MAX_STYLES:
            raise UnreadableFile(
                f"the file has more than {MAX_STYLES} cell styles or {MAX_FORMATS} number formats; copy the table, without "
                "its formatting, to a new workbook"
            )

    if part in archive.names:
        parse_part(archive, part, start, lambda _name: within.pop())
    styles = {number: style_of(number, codes.get(number)) for number in set(numbers)}
    return [styles[number] for number in numbers]


def style_of(number: str, code: str | None) -> CellStyle:
    """The style of a number format, by its number and its code; without a code where the file does not state it."""
    if code is not None:
        found = number_format(code)
    elif not number.isdecimal() or len(number) > 2:
        found = GENERAL
    elif int(number) in _LOCAL_CURRENCY:
        found = NumberFormat(fault=MESSAGE_LOCAL_CURRENCY)
    else:
        found = number_format(_CODES.get(int(number), "General"))
    return CellStyle(found, found.is_plain, found.text_section is None)
