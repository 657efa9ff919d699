"""What text is: composed, and nothing in it that cannot be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.texts import plain_text, same_text

REFUSED = [
    "\x00", "\x07", "\x1b", "\x7f", "\x80", "\x85", "\x9f", "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b",
    "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u2800", "\u3164",
    "\ue000", "\ufe0f", "\ufeff", "\uffa0", "\ufffc", "\ufffd", "\ufffe", "\U0001ffff", "\U000e0041", "\U000f0000",
    "\ud800", "\u0378", "\u200c", "\u200d",
]  # fmt: skip


@pytest.mark.parametrize("char", REFUSED, ids=[f"U+{ord(char):04X}" for char in REFUSED])
@pytest.mark.parametrize("place", ["{}ab", "a{}b", "ab{}"])
@pytest.mark.parametrize("has_lines", [False, True])
def test_what_cannot_be_seen_is_refused_by_its_number(char: str, place: str, has_lines: bool) -> None:
    with pytest.raises(
        ValueError, match=rf"holds U\+{ord(char):04X} .* at character {place.index('{') + 1}; take it out"
    ):
        plain_text(place.format(char), has_lines=has_lines)


@pytest.mark.parametrize("char", ["\t", "\n", "\r"])
def test_tabs_and_line_breaks_stand_only_in_text_of_several_lines(char: str) -> None:
    assert plain_text(f"a{char}b", has_lines=True) == f"a{char}b"
    with pytest.raises(ValueError, match="holds U"):
        plain_text(f"a{char}b")


@pytest.mark.parametrize("text", ["\u0301", " \u0301", "\u00a0\u0301\u3000"])
def test_a_text_needs_something_that_can_be_seen(text: str) -> None:
    with pytest.raises(ValueError, match="holds nothing that can be seen"):
        plain_text(text)


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "क्\u200cष", "Één °C µ 开关 Ω ½", "-", "a\u00a0b"])  # noqa: RUF001
def test_what_languages_need_stays(text: str) -> None:
    assert plain_text(text) == text


def test_composed_and_decomposed_are_one_text() -> None:
    assert plain_text("Cafe\u0301") == same_text("Cafe\u0301") == "Café"


@given(st.text(max_size=20))
def test_what_is_taken_is_composed_and_taken_again_unchanged(text: str) -> None:
    try:
        taken = plain_text(text)
    except ValueError:
        return
    assert plain_text(taken) == taken == unicodedata.normalize("NFC", text)
