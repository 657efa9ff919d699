"""Text that a spreadsheet could take for a formula, and the apostrophe that keeps it text.

A program may split a line at another separator than that of the file: where lists are separated by semicolons, a line of
`a,"b;=1+1"` becomes the cells `a,"b` and `=1+1"`. So the apostrophe is put before the formula wherever a cell might begin: at
the start of a text, and after each separator within it. Text that has apostrophes there already gets one more, so that a
reader always removes exactly one.
"""

import re

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
"""What a formula begins with; a tab or a carriage return is dropped by some programs, and then what follows begins it."""
_WIDE = "\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
"""The same signs in full width and in small forms, and the minus sign, which some programs read alike."""
_FORMULA = f"[{re.escape(''.join(BEGINNINGS))}{_WIDE}]"
_SEPARATOR = r"[,;\t|\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]"
_IGNORED = r"[ \"\xa0\xad\u1680\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2069\u3000\ufeff]"
"""Spaces, quotation marks and invisible characters, which may be dropped from the beginning of a cell."""
_IS_SUSPECT = re.compile(rf"^(?:{_IGNORED}|'|{_FORMULA})|{_SEPARATOR}")
_UNGUARDED = re.compile(rf"((?:^|(?<={_SEPARATOR})){_IGNORED}*'*)(?={_FORMULA})")
_GUARDED = re.compile(rf"((?:^|(?<={_SEPARATOR})){_IGNORED}*'*)'(?={_FORMULA})")


def guarded(text: str) -> str:
    """Text with an apostrophe before everything in it that a spreadsheet could run as a formula."""
    return _UNGUARDED.sub(r"\1'", text) if _IS_SUSPECT.search(text) else text


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return _GUARDED.sub(r"\1", text) if "'" in text else text
