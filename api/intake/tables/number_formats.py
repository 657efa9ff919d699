"""Number formats of workbooks: what a cell shows of the number or text that it stores.

A format can add text to a number (`0 "k€"`), scale it (`0,`), pad it (`00000`) or hide it (`;;;`). Who signs a declaration
has seen what the cell shows, so that is what is read. A format is read once, in one pass over its characters.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from api.intake.tables.format_codes import FormatSection, Token, TokenKind, sections_of

MAX_FORMAT = 255
"""Characters that a number format may have, the limit of spreadsheets."""
KEPT_DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number."""
SHORTENED_FROM = Decimal(10**11)
"""The number from which a spreadsheet shows a power of ten (1E+11) where the format says nothing else."""
MESSAGE_LONG_FORMAT = f"has a number format of more than {MAX_FORMAT} characters; format the cell as a plain number"
MESSAGE_UNREAD_FORMAT = "has a number format that is not read here; format the cell as a plain number"
MESSAGE_HIDDEN = "is hidden by its number format; format the cell so that it shows its value, or empty the cell"
MESSAGE_SCALED = "is shown scaled by its number format, as in thousands; format the cell as a plain number"
MESSAGE_INFINITE = "is a number that is too large; write it again"
_MAX_DENOMINATOR = 10**7
_SHOWN_DIGITS = 6
"""Significant digits of a power of ten in a cell without a format of its own."""
_PLACES = {"0": "0", "#": "", "?": " "}
"""What a place for a digit shows where the number has no digit there."""
_WIDE = Context(prec=2_000)
"""Far more digits than a format has places for, so that nothing is rounded but what the format rounds."""


class UnshownNumber(Exception):
    """A number of which cannot be said what the cell shows; the detail says what to do."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def exact(value: float) -> Decimal:
    """A number of a spreadsheet, with the 15 significant digits that it keeps, so that 0.1 + 0.2 is 0.3.

    Raises UnshownNumber where it is beyond all numbers, as 1E999 is.
    """
    stored = Decimal(repr(value))
    if not stored.is_finite():
        raise UnshownNumber(MESSAGE_INFINITE)
    if len(stored.as_tuple().digits) > KEPT_DIGITS:
        stored = Decimal(format(value, f".{KEPT_DIGITS}g"))
    return stored if stored != stored.to_integral_value() else stored.quantize(Decimal(1), None, _WIDE)


@dataclass(frozen=True, slots=True)
class ShownAmount:
    """A number as text with all its digits and the text around it. `is_marked`: that text has digits or marks of its own."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class NumberFormat:
    """A number format. `fault` says why it cannot be read, if so."""

    sections: tuple[FormatSection, ...] = ()
    text_section: FormatSection | None = None
    fault: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether every number is shown as it is: without a format, or with one that says so (General)."""
        kinds = [[token.kind for token in section.tokens] for section in self.sections]
        return kinds in ([[TokenKind.GENERAL]], [[TokenKind.TEXT]])

    def section(self, value: float) -> FormatSection:
        """The part of the format that a number is shown by. Raises UnshownNumber where the format cannot be read."""
        if self.fault is not None:
            raise UnshownNumber(self.fault)
        found = next((each for each in self.sections if each.holds(value)), None)
        if found is None or found.is_unread:
            raise UnshownNumber(MESSAGE_UNREAD_FORMAT)
        if not found.tokens and value:
            raise UnshownNumber(MESSAGE_HIDDEN)
        return found

    def shown(self, value: float) -> str:
        """The text that a cell shows of a number, with a decimal point and without marks for thousands.

        Which marks are shown depends on the language of the program, and is not in the file. Raises UnshownNumber.
        """
        section = self.section(value)
        number = _scaled(section, abs(exact(value)))
        text = _filled(section.tokens, _texts(section, number))
        is_negative = value < 0 and section.shows_minus and any(char in "123456789" for char in text)
        return f"-{text}" if is_negative else text

    def amount(self, value: float) -> ShownAmount:
        """The number with the text that the cell shows around it; not rounded, as the stored number is the exact one.

        A zero is what the cell shows of it, which can be a dash or nothing. A number that is stored as negative has a minus,
        even where the cell shows none. Raises UnshownNumber, also for a scaled number.
        """
        section = self.section(value)
        if section.thousands:
            raise UnshownNumber(MESSAGE_SCALED)
        around = [token.text for token in section.tokens if token.kind is TokenKind.LITERAL]
        is_marked = any(char.isdigit() or char in ".," for text in around for char in text)
        if not value or section.is_broken or not section.has_number:
            return ShownAmount(self.shown(value), is_marked or section.is_broken)
        number = _scaled(section, abs(exact(value)))
        text = _surrounded(section.tokens, format(number, "f"))
        return ShownAmount(f"-{text}" if value < 0 else text, is_marked)

    def text(self, stored: str) -> str:
        """The text that a cell shows of a text. Raises UnshownNumber where it is hidden, or the format cannot be read."""
        section = self.text_section
        if section is None or not stored:
            return stored
        if not section.tokens:
            raise UnshownNumber(MESSAGE_HIDDEN)
        return "".join(stored if token.kind is TokenKind.TEXT else token.text for token in section.tokens)


GENERAL = NumberFormat((FormatSection((Token(TokenKind.GENERAL),)),))


def number_format(code: str) -> NumberFormat:
    """Reads a format code, as in `#,##0.00 "€";[Red]-0`."""
    if len(code) > MAX_FORMAT:
        return NumberFormat(fault=MESSAGE_LONG_FORMAT)
    sections = sections_of(code)
    if sections is None:
        return NumberFormat(fault=MESSAGE_UNREAD_FORMAT)
    numeric, text = sections
    if text is not None and [token.kind for token in text.tokens] == [TokenKind.TEXT]:
        text = None
    return NumberFormat(numeric, text)


def _scaled(section: FormatSection, number: Decimal) -> Decimal:
    return number.scaleb(2 * section.percents - 3 * section.thousands, _WIDE)


def _surrounded(tokens: Sequence[Token], number: str) -> str:
    """The literal text of a section with a whole number in the place of its digits."""
    pieces: list[str] = []
    is_placed = False
    for token in tokens:
        if token.is_literal:
            pieces.append(token.text)
        elif not is_placed:
            pieces.append(number)
            is_placed = True
    return "".join(pieces).strip()


def _filled(tokens: Sequence[Token], texts: Iterator[str]) -> str:
    """The tokens of a section as text; the places of digits take their texts in order."""
    return "".join(token.text if token.is_literal else next(texts, "") for token in tokens).strip()


def _texts(section: FormatSection, number: Decimal) -> Iterator[str]:
    """What each token of a section that is not literal shows."""
    if section.exponent is not None:
        yield from _scientific(section, number)
    elif section.slash is not None:
        yield from _fraction(section, number)
    elif section.is_general:
        yield from (_general(number) if place == 0 else "" for place, _ in enumerate(section.numeric))
    else:
        yield from _decimal(section.numeric, number)


def _general(number: Decimal) -> str:
    """A number in a cell without a format of its own: a power of ten from twelve digits on."""
    if number < SHORTENED_FROM:
        return format(number, "f")
    rounded = number.quantize(Decimal(1).scaleb(number.adjusted() - _SHOWN_DIGITS + 1), ROUND_HALF_UP, _WIDE)
    mantissa = rounded.scaleb(-rounded.adjusted()).normalize()
    return f"{mantissa:f}E+{rounded.adjusted():02d}"


def _decimal(tokens: Sequence[Token], number: Decimal) -> list[str]:
    """The digits of a number in their places: from the point to the left, and from the point to the right."""
    point = next((place for place, token in enumerate(tokens) if token.kind is TokenKind.POINT), len(tokens))
    decimals = sum(token.kind is TokenKind.DIGIT for token in tokens[point:])
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    whole, _, behind = format(rounded, "f").partition(".")
    return _whole(tokens[:point], "" if whole == "0" else whole) + _behind(tokens[point:], behind)


def _whole(tokens: Sequence[Token], digits: str) -> list[str]:
    """The digits before the point in their places, filled from the right; the first place takes all that are left."""
    texts = [""] * len(tokens)
    places = [place for place, token in enumerate(tokens) if token.kind is TokenKind.DIGIT]
    for place in reversed(places):
        texts[place] = digits[-1:] or _PLACES[tokens[place].text]
        digits = digits[:-1]
    if places:
        texts[places[0]] = digits + texts[places[0]]
    return texts


def _behind(tokens: Sequence[Token], digits: str) -> list[str]:
    """The point and the digits behind it in their places; zeros at the end are shown only where the format says so."""
    texts = ["." if token.kind is TokenKind.POINT else "" for token in tokens]
    places = [place for place, token in enumerate(tokens) if token.kind is TokenKind.DIGIT]
    is_shown = False
    for place, digit in reversed(list(zip(places, digits, strict=True))):
        is_shown = is_shown or digit != "0" or tokens[place].text == "0"
        texts[place] = digit if is_shown else _PLACES[tokens[place].text]
    return texts


def _scientific(section: FormatSection, number: Decimal) -> list[str]:
    """A number as digits and a power of ten; the number of places before the point sets the steps of the power."""
    assert section.exponent is not None, "only sections with an exponent are shown so"
    tokens = section.numeric
    mantissa = tokens[: section.exponent]
    whole = next((place for place, token in enumerate(mantissa) if token.kind is TokenKind.POINT), len(mantissa))
    step = max(1, sum(token.kind is TokenKind.DIGIT for token in mantissa[:whole]))
    power = number.adjusted() // step * step if number else 0
    places = sum(token.kind is TokenKind.DIGIT for token in tokens[section.exponent :])
    sign = "-" if power < 0 else tokens[section.exponent].text[1:].replace("-", "")
    behind = [""] * (len(tokens) - section.exponent)
    behind[0] = f"E{sign}{abs(power):0{max(1, places)}d}"
    return [*_decimal(mantissa, number.scaleb(-power, _WIDE)), *behind]


def _fraction(section: FormatSection, number: Decimal) -> list[str]:
    """A number as a fraction: with a whole number before it, where the format has a place for one."""
    assert section.slash is not None, "only sections with a slash are shown so"
    tokens = section.numeric
    texts = [""] * len(tokens)
    whole = int(number) if section.whole_places else 0
    largest = min(10 ** max(1, len(tokens) - section.slash - 1) - 1, _MAX_DENOMINATOR)
    rest = Fraction(number) - whole
    part = (
        Fraction(round(rest * section.denominator), section.denominator)
        if section.denominator
        else rest.limit_denominator(largest)
    )
    if section.whole_places and part.denominator == 1:
        texts[0] = str(whole + int(part))
        return texts
    below = section.denominator or part.denominator
    shown = f"{int(part * below)}/{below}"
    texts[0] = f"{whole} {shown}" if whole else shown
    return texts
