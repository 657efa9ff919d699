"""Codes of number formats, taken apart: sections for positive, negative and zero, and what each of them is made of.

`#,##0.00 "€";[Red]-0;"-"` has three sections. A code is gone through once, so that it takes time in proportion to its
length. What the tokens show of a number is said in `number_formats`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*([+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?)")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": lambda value, limit: value <= limit,
    ">=": lambda value, limit: value >= limit,
    "<>": lambda value, limit: value != limit,
    "<": lambda value, limit: value < limit,
    ">": lambda value, limit: value > limit,
    "=": lambda value, limit: value == limit,
}
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|colou?r\s*[0-9]{1,2}", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_WORD = re.compile(r"general|am/pm|a/p|e[+-](?=[0#?])", re.IGNORECASE)
_FIXED_DENOMINATOR = re.compile(r"[1-9][0-9]{0,6}")
_DATE_LETTERS = frozenset("ymdhsbeg")
_DAY_LETTERS = frozenset("ydbeg")
_DIGITS = frozenset("0#?")
_GAPS = frozenset((" ", "\u00a0", "\u202f", "'", "\u2019"))
"""Literal texts between digits that group them by the thousand."""
_MAX_SECTIONS = 4


class TokenKind(Enum):
    """What a piece of a section is; all but `LITERAL` show something of the value."""

    LITERAL = auto()
    DIGIT = auto()
    POINT = auto()
    EXPONENT = auto()
    SLASH = auto()
    GENERAL = auto()
    TEXT = auto()
    DATE = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a section: literal text, a place for a digit, and so on."""

    kind: TokenKind
    text: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether it is shown as it is, whatever the value."""
        return self.kind is TokenKind.LITERAL


@dataclass(frozen=True, slots=True)
class FormatSection:
    """A section: the numbers that it is for, and its tokens.

    `thousands` counts the commas at its end, each of which divides what is shown by 1000; `percents` its percent signs.
    `denominator` is that of a fraction where the code states it. `is_unread`: it holds a code that is not known here.
    """

    tokens: tuple[Token, ...] = ()
    condition: str = ""
    limit: float = 0
    thousands: int = 0
    percents: int = 0
    denominator: int = 0
    is_unread: bool = False
    shows_minus: bool = True

    def holds(self, value: float) -> bool:
        """Whether a number is shown by this section."""
        return not self.condition or _COMPARE[self.condition](value, self.limit)

    @property
    def numeric(self) -> tuple[Token, ...]:
        """The tokens that are not literal."""
        return tuple(token for token in self.tokens if not token.is_literal)

    @property
    def is_general(self) -> bool:
        """Whether it shows numbers as a cell without a format does."""
        kinds = {token.kind for token in self.tokens}
        return bool(kinds & {TokenKind.GENERAL, TokenKind.TEXT}) and TokenKind.DIGIT not in kinds

    @property
    def has_number(self) -> bool:
        """Whether it shows anything of the number, and not only literal text."""
        return any(token.kind in (TokenKind.DIGIT, TokenKind.GENERAL, TokenKind.TEXT) for token in self.tokens)

    @property
    def is_date(self) -> bool:
        """Whether it shows a number as a date or a time."""
        return any(token.kind is TokenKind.DATE for token in self.tokens)

    @property
    def has_day(self) -> bool:
        """Whether it shows the day or the year of a date."""
        letters = {token.text[:1].lower() for token in self.tokens if token.kind is TokenKind.DATE}
        return bool(letters & _DAY_LETTERS)

    @property
    def exponent(self) -> int | None:
        """The place of the power of ten among the tokens that are not literal."""
        return self._place(TokenKind.EXPONENT)

    @property
    def slash(self) -> int | None:
        """The place of the slash of a fraction among the tokens that are not literal."""
        return self._place(TokenKind.SLASH)

    def _place(self, kind: TokenKind) -> int | None:
        return next((place for place, token in enumerate(self.numeric) if token.kind is kind), None)

    @property
    def is_broken(self) -> bool:
        """Whether it shows digits otherwise than as one plain number: with text among them, as a fraction or a power of ten."""
        places = [place for place, token in enumerate(self.tokens) if not token.is_literal]
        is_split = bool(places) and places[-1] - places[0] + 1 != len(places)
        return is_split or self.exponent is not None or self.slash is not None

    @property
    def whole_places(self) -> bool:
        """Whether a fraction has a place for a whole number before it, as in `# ?/?`."""
        kinds = [token.kind for token in self.tokens]
        before = kinds[: kinds.index(TokenKind.SLASH)]
        first = before.index(TokenKind.DIGIT) if TokenKind.DIGIT in before else 0
        return TokenKind.LITERAL in before[first:]


def sections_of(code: str) -> tuple[tuple[FormatSection, ...], FormatSection | None] | None:
    """The sections for numbers, and that for text where there is one; None for a code with too many sections."""
    found = _CodeScanner(code).sections()
    if len(found) > _MAX_SECTIONS:
        return None
    if len(found) == _MAX_SECTIONS:
        return _for_numbers(found[:-1]), found[-1]
    is_for_text = any(token.kind is TokenKind.TEXT for token in found[-1].tokens)
    numeric = found[:-1] if is_for_text and len(found) > 1 else found
    return _for_numbers(numeric), found[-1] if is_for_text else None


def _for_numbers(sections: list[FormatSection]) -> tuple[FormatSection, ...]:
    """Sections with the numbers that each is for, where they state no condition themselves."""
    last = len(sections) - 1
    signs = {0: (">=", ">")[last > 1], 1: "<"}
    return tuple(
        section
        if section.condition
        else replace(section, condition="" if place == last else signs[place], shows_minus=place != 1)
        for place, section in enumerate(sections)
    )


@dataclass(slots=True)
class _OpenSection:
    """A section while it is read."""

    tokens: list[Token] = field(default_factory=list)
    condition: tuple[str, float] = ("", 0)
    thousands: int = 0
    percents: int = 0
    denominator: int = 0
    is_unread: bool = False

    def ends_in(self, *kinds: TokenKind) -> bool:
        return bool(self.tokens) and self.tokens[-1].kind in kinds

    def has(self, kind: TokenKind) -> bool:
        return any(token.kind is kind for token in self.tokens)


class _CodeScanner:
    """Goes through a code from left to right; each method reads what begins at a place, and gives the place after it."""

    def __init__(self, code: str) -> None:
        self._code = code
        self._open = _OpenSection()
        self._by_character: dict[str, Callable[[int], int]] = {
            '"': self._quoted,
            "\\": self._escaped,
            "_": self._space,
            "*": self._repeated,
            "[": self._bracketed,
            ",": self._comma,
            ".": self._point,
            "/": self._slash,
            "%": self._percent,
            "@": self._text,
            **dict.fromkeys(_DIGITS, self._digit),
        }

    def sections(self) -> list[FormatSection]:
        """The sections of the code."""
        found: list[FormatSection] = []
        place, code = 0, self._code
        while place < len(code):
            if code[place] == ";":
                found.append(_closed(self._open))
                self._open = _OpenSection()
                place += 1
            else:
                place = self._by_character.get(code[place], self._letter)(place)
        return [*found, _closed(self._open)]

    def _add(self, kind: TokenKind, text: str) -> None:
        self._open.tokens.append(Token(kind, text))

    def _literal(self, text: str) -> None:
        if text:
            self._add(TokenKind.LITERAL, text)

    def _quoted(self, place: int) -> int:
        end = self._code.find('"', place + 1)
        end = len(self._code) if end < 0 else end
        self._literal(self._code[place + 1 : end])
        return end + 1

    def _escaped(self, place: int) -> int:
        self._literal(self._code[place + 1 : place + 2])
        return place + 2

    def _space(self, place: int) -> int:
        self._literal(" ")
        return place + 2

    def _repeated(self, place: int) -> int:
        self._literal(self._code[place + 1 : place + 2].strip())
        return place + 2

    def _bracketed(self, place: int) -> int:
        end = self._code.find("]", place + 1)
        if end < 0:
            self._literal(self._code[place:])
            return len(self._code)
        self._bracket(self._code[place + 1 : end])
        return end + 1

    def _bracket(self, content: str) -> None:
        if content.startswith("$"):
            self._literal(content[1:].partition("-")[0])
        elif found := _CONDITION.fullmatch(content.strip()):
            self._open.condition = found[1], float(found[2])
        elif _ELAPSED.fullmatch(content):
            self._add(TokenKind.DATE, content)
        elif not _COLOUR.fullmatch(content):
            self._open.is_unread = True

    def _comma(self, place: int) -> int:
        end = place
        while self._code[end : end + 1] == ",":
            end += 1
        if not self._open.ends_in(TokenKind.DIGIT, TokenKind.POINT):
            self._literal(self._code[place:end])
        elif self._code[end : end + 1] not in _DIGITS:
            self._open.thousands += end - place
        return end

    def _point(self, place: int) -> int:
        is_number = self._open.ends_in(TokenKind.DIGIT) or self._code[place + 1 : place + 2] in _DIGITS
        # After commas that scale, as in `0,.0`, the digits are behind the point all the same.
        is_point = is_number and not self._open.has(TokenKind.POINT)
        self._add(TokenKind.POINT if is_point else TokenKind.LITERAL, ".")
        return place + 1

    def _slash(self, place: int) -> int:
        fixed = _FIXED_DENOMINATOR.match(self._code, place + 1)
        is_fraction = self._open.ends_in(TokenKind.DIGIT) and not self._open.has(TokenKind.SLASH)
        if not is_fraction or not (fixed or self._code[place + 1 : place + 2] in _DIGITS):
            self._literal("/")
            return place + 1
        self._add(TokenKind.SLASH, "/")
        if fixed:
            self._open.denominator = int(fixed[0])
            return fixed.end()
        return place + 1

    def _percent(self, place: int) -> int:
        self._open.percents += 1
        self._literal("%")
        return place + 1

    def _text(self, place: int) -> int:
        self._add(TokenKind.TEXT, "@")
        return place + 1

    def _digit(self, place: int) -> int:
        self._add(TokenKind.DIGIT, self._code[place])
        return place + 1

    def _letter(self, place: int) -> int:
        """A letter of a date, a word with a meaning, or else a character that is shown as it is."""
        if word := _WORD.match(self._code, place):
            is_power = word[0][1:] in ("+", "-")
            if not is_power or self._open.has(TokenKind.DIGIT):
                general = TokenKind.GENERAL if word[0].lower() == "general" else TokenKind.DATE
                self._add(TokenKind.EXPONENT if is_power else general, word[0])
                return word.end()
        letter = self._code[place]
        self._add(TokenKind.DATE if letter.lower() in _DATE_LETTERS else TokenKind.LITERAL, letter)
        return place + 1


def _closed(section: _OpenSection) -> FormatSection:
    tokens = _without_gaps(_dates_or_letters(section.tokens))
    condition, limit = section.condition
    return FormatSection(
        tuple(tokens), condition, limit, section.thousands, section.percents, section.denominator, section.is_unread
    )


def _dates_or_letters(tokens: list[Token]) -> list[Token]:
    """Tokens in which letters of dates are literal text where the section shows a number, as in `0 days`."""
    shows_number = False
    before: list[TokenKind] = [TokenKind.LITERAL]
    for token in tokens:
        if token.kind is TokenKind.DIGIT:
            # Digits behind seconds are part of a time: `ss.00`.
            shows_number = shows_number or before[-2:] != [TokenKind.DATE, TokenKind.POINT]
        else:
            shows_number = shows_number or token.kind in (TokenKind.GENERAL, TokenKind.TEXT)
            before.append(token.kind)
    if not shows_number:
        return tokens
    return [Token(TokenKind.LITERAL, each.text) if each.kind is TokenKind.DATE else each for each in tokens]


def _without_gaps(tokens: list[Token]) -> list[Token]:
    """Tokens without the literal spaces that group the digits of a whole number, as in `# ##0`."""
    kinds = [token.kind for token in tokens]
    if TokenKind.SLASH in kinds:
        return tokens
    is_gap = [
        token.is_literal
        and token.text in _GAPS
        and kinds[max(0, place - 1) : place] == [TokenKind.DIGIT]
        and kinds[place + 1 : place + 2] == [TokenKind.DIGIT]
        for place, token in enumerate(tokens)
    ]
    return [token for token, gap in zip(tokens, is_gap, strict=True) if not gap]
