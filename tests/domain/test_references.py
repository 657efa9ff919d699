"""References to parliamentary papers, in the spellings of the letters and others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listed_values import MAX_LISTED
from domain.references import (
    MAX_REFERENCE_KEY,
    ParsedReference,
    ReferenceFlag,
    normalise,
    parse_reference,
    search_key,
    search_keys,
    search_keys_of_all,
)

SPELLINGS = [
    pytest.param("36 800 K, D", "36800-K-D", id="a chapter and a letter of the senate"),
    pytest.param("36800-X, nr.78", "36800-X-78", id="no space after nr."),
    pytest.param("27 830, nr. 489", "27830-489", id="no chapter"),
    pytest.param("36 800-X34", "36800-X-34", id="a number right behind its chapter"),
    pytest.param("MINDEF20260046308", "MINDEF20260046308", id="a letter of the ministry"),
    pytest.param("mindef 2026 0046308", "MINDEF20260046308", id="with spaces, in lower case"),
    pytest.param("36600, nr. 50", "36600-50", id="no space in the dossier"),
    pytest.param("27.830 nr 489", "27830-489", id="a point in the dossier, none after nr"),
    pytest.param("27 830, nr. 489.", "27830-489", id="the end of a sentence"),
    pytest.param("27\u00a0830\u2013489", "27830-489", id="a hard space and a dash"),
    pytest.param("Kamerstuk II 27 830, nr. 489", "27830-489", id="named a Kamerstuk"),
    pytest.param("kst-36800-X-78", "36800-X-78", id="as official publications are numbered"),
    pytest.param("Kamerstukken II 2025/26, 27 830, nr. 489", "27830-489", id="cited with its parliamentary year"),
    pytest.param(
        "Tweede Kamer, vergaderjaar 2025\u20132026, 36 800 X, nr. 78", "36800-X-78", id="as papers head themselves"
    ),
    pytest.param("TK 36 800, X, nr78", "36800-X-78", id="a comma before the chapter, no point or space after nr"),
    pytest.param("36 800 IIB, nr. 5", "36800-IIB-5", id="a chapter in two parts"),
    pytest.param("36 800 XVI, nr. 5", "36800-XVI-5", id="a longer chapter"),
    pytest.param("36 800 N nr. 5", "36800-N-5", id="chapter N before nr."),
    pytest.param("36 800 nr. 5", "36800-5", id="nr. is no chapter N"),
    pytest.param("36 800, D", "36800-D", id="a letter without a chapter"),
    pytest.param("36 800 X nr. 078", "36800-X-78", id="a zero before the number"),
    pytest.param("36 800 X", "36800-X", id="a chapter as a whole"),
    pytest.param("27 830", "27830", id="a dossier as a whole"),
    pytest.param("27830489", None, id="nothing tells dossier and number apart"),
    pytest.param("36800XVD", None, id="nothing tells chapter and letter apart"),
    pytest.param("36 800 NR", None, id="a word, no number"),
    pytest.param("brief van 14 oktober", None, id="no number at all"),
    pytest.param("MINDEF2026", None, id="too short for the ministry"),
    pytest.param("\u0662\u0667 830, nr. 489", None, id="digits of another script"),
    pytest.param("", None, id="nothing"),
]


@pytest.mark.parametrize(("printed", "normal"), SPELLINGS)
def test_a_spelling_has_a_normal_form_or_none(printed: str, normal: str | None) -> None:
    assert normalise(printed) == normal
    assert parse_reference(printed, None).flag is (None if normal else ReferenceFlag.UNKNOWN_FORM)


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_looked_up(text: str) -> None:
    normal = normalise(text)
    assert normal is None or normalise(normal) == normal
    assert search_key(text) in search_keys(text, None)
    assert all(len(key) <= MAX_REFERENCE_KEY for key in search_keys(text, None))


@given(
    st.integers(10_000, 99_999),
    st.sampled_from(["", "X", "XVI", "K", "IV"]),
    st.integers(1, 2000) | st.sampled_from(["A", "D"]),
    st.sampled_from([" ", ", ", ", nr. ", ", nr.", "-", " nr ", ", NR. "]),
    st.sampled_from(["", " "]),
    st.sampled_from([" ", "-"]),
)
def test_a_paper_is_found_by_any_of_its_spellings(
    dossier: int, chapter: str, number: int | str, between: str, space: str, before: str
) -> None:
    digits = str(dossier)
    printed = f"{digits[:2]}{space}{digits[2:]}{before + chapter if chapter else ''}{between}{number}"
    assert normalise(printed) == "-".join(part for part in (digits, chapter, str(number)) if part)
    assert search_key(printed) in search_keys(f"kst-{'-'.join(filter(None, (digits, chapter, str(number))))}", None)
    assert {search_key(printed), digits} <= search_keys(printed, None)


MISPRINTS = [
    pytest.param("27 803, nr. 49", "14 oktober, no year; probably 27 830", "27830-49", id="the dossier alone"),
    pytest.param("27 803, nr. 49", "probably 27 830, nr. 94 (see the letter)", "27830-94", id="the whole reference"),
    pytest.param("27 803, nr. 49", "Waarschijnlijk 27 830", "27830-49", id="in Dutch"),
    pytest.param("die brief", "probably 27 830, nr. 49", "27830-49", id="of no known form"),
]


@pytest.mark.parametrize(("printed", "note", "meant"), MISPRINTS)
def test_a_note_that_says_what_was_meant_marks_a_misprint(printed: str, note: str, meant: str) -> None:
    assert parse_reference(printed, note) == ParsedReference(normalise(printed), meant, ReferenceFlag.PROBABLE_MISPRINT)
    assert {meant, "27830", search_key(printed)} <= search_keys(printed, note)


@pytest.mark.parametrize("note", ["probably lost", "27 830", "probably 27 803", "probably 27 803, nr. 49", "", None])
def test_other_notes_mark_nothing(note: str | None) -> None:
    assert parse_reference("27 803, nr. 49", note) == ParsedReference("27803-49")


def test_every_key_fits_where_it_is_listed() -> None:
    assert MAX_REFERENCE_KEY == MAX_LISTED


def test_a_row_is_found_by_each_of_its_references() -> None:
    references = [{"asPrinted": "27 803, nr. 49", "note": "probably 27 830"}, {"asPrinted": "de brief", "dated": None}]
    assert search_keys_of_all(references) == {"27803", "27803-49", "27830", "27830-49", "debrief"}
