"""What text may be stored: composed (Unicode NFC), with nothing in it that a reader cannot see.

Two names that look the same are the same name. So text is composed on the way in, and characters that cannot be seen are
refused: control and format characters, those that turn the direction of what follows, private and unassigned ones, halves
of a character. The zero-width non-joiner and joiner are kept where they change how a word is written (Persian, and scripts
with a virama), and nowhere else.
"""

import re
import unicodedata

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA = 9
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\ufffd\U000e0100-\U000e01ef]"
)
"""Characters that are not of a category of invisible ones, but show nothing, or stand for text that was lost."""
_BREAKS = frozenset("\t\n\r")
_REFUSED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def plain_text(text: str, *, has_lines: bool = False) -> str:
    """The text, composed. Raises ValueError where it has a character that cannot be seen, or nothing that can be.

    `has_lines`: tabs and line breaks are allowed.
    """
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable() or _INVISIBLE.search(composed):
        _refuse_invisible(composed, has_lines=has_lines)
    if composed.strip() and not any(map(_is_visible, composed)):
        raise ValueError("holds nothing that can be seen; give letters or figures")
    return composed


def same_text(text: str) -> str:
    """The text by which to compare text that was stored before it was composed on the way in."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _refuse_invisible(text: str, *, has_lines: bool) -> None:
    for place, char in enumerate(text):
        is_refused = unicodedata.category(char) in _REFUSED or _INVISIBLE.match(char)
        if not is_refused or (has_lines and char in _BREAKS) or _joins(text, place):
            continue
        name = unicodedata.name(char, "a control character" if char < "\xa0" else "no assigned character")
        raise ValueError(
            f"holds U+{ord(char):04X} ({name.lower()}), which cannot be seen, at character {place + 1}; take it out"
        )


def _joins(text: str, place: int) -> bool:
    """Whether a joiner or non-joiner stands where it changes how a word is written (RFC 5892, appendix A, in short)."""
    char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if char not in (_ZWNJ, _ZWJ) or not before or not after:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return unicodedata.category(after)[0] in "LM"
    return char == _ZWNJ and _is_arabic(before) and _is_arabic(after)


def _is_arabic(char: str) -> bool:
    return unicodedata.name(char, "").startswith("ARABIC LETTER")


def _is_visible(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNPS"
