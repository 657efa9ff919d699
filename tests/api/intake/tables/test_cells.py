"""Cells as values: what each field reads, what is unknown, and what is refused with its cure."""

import pycountry
import pytest

from api.intake.tables.cells import (
    MESSAGE_FORMULA,
    MESSAGE_LEVEL,
    MESSAGE_NAMIBIA,
    MESSAGE_NORWAY,
    Dialect,
    cell_reader,
)
from api.intake.tables.columns import FIELDS
from api.intake.tables.countries import MESSAGE_COUNTRY, MESSAGE_EITHER, MESSAGE_UNION, country_code
from api.intake.tables.numbers import MESSAGE_PLAIN, MESSAGE_WEEKS
from api.intake.tables.rows import Cell, UnreadableCell
from api.schemas.bodies import COUNTRIES
from domain.scoring.inputs import EvidenceLevel

TEXT = Dialect(suspicious=True)
BOOK = Dialect()


def read(field: str, cell: Cell, dialect: Dialect = TEXT) -> str | None:
    """The value of a cell in a column of a field, where nothing shows a decimal mark."""
    return cell_reader(field, dialect, lambda: None)(cell)


def refusal(field: str, cell: Cell, dialect: Dialect = TEXT) -> str:
    """Why a cell is refused."""
    with pytest.raises(UnreadableCell) as found:
        read(field, cell, dialect)
    return found.value.detail


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "\u2013", "?", "n/a", "N.A.", "n.v.t.", "NVT", "unknown", "Onbekend", "未知"]
)
def test_what_says_unknown_is_unknown_in_every_field(field: str, text: str) -> None:
    assert read(field, text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NL", "NL"),
        ("nl", "NL"),
        ("Nederland", "NL"),
        ("the Netherlands", "NL"),
        ("NLD", "NL"),
        ("UK", "GB"),
        ("uk", "GB"),
        ("Great Britain", "GB"),
        ("Verenigd Koninkrijk", "GB"),
        ("DUITSLAND", "DE"),
        ("belgië", "BE"),
        ("Belgie", "BE"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("Verenigde Staten", "US"),
        ("Zuid-Korea", "KR"),
        ("South Korea", "KR"),
        ("Taiwan", "TW"),
        ("中国", "CN"),
        ("Czech Republic", "CZ"),
        ("Oekraïne", "UA"),
        ("Côte d'Ivoire", "CI"),
        ("Noord-Macedonië", "MK"),
        ("Namibia", "NA"),
    ],
)
def test_a_country_is_read_by_its_codes_and_its_whole_names(text: str, code: str) -> None:
    assert read("countryOfManufacture", text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            (text, "DE")
            for text in ("Deutschland", "Allemagne", "BRD", "Germany (DE)", "DE - Germany", "Germany DE", "Germany, DE")
        ),
        *(
            (text, "CN")
            for text in (
                "P.R. China",
                "P.R.C.",
                "PRC",
                "VR China",
                "Chine",
                "China (PRC)",
                "People's Republic of China",
            )
        ),
        *(
            (text, "KR")
            for text in (
                "Republic of Korea",
                "Korea, Republic of",
                "Rep. of Korea",
                "Südkorea",
                "Corée du Sud",
                "R.O.K.",
            )
        ),
        *(
            (text, "US")
            for text in ("U.S.", "U.S.A.", "United States of America", "États-Unis", "Vereinigte Staaten", "V.S.")
        ),
        *(
            (text, "TW")
            for text in ("Taiwan, R.O.C.", "Taiwan (ROC)", "Taïwan", "中国台湾", "Taiwan, Province of China")
        ),
        *(
            (text, "GB")
            for text in ("U.K.", "England", "Großbritannien", "Grossbritannien", "Royaume-Uni", "Great Britain (UK)")
        ),
        ("Oesterreich", "AT"),
        ("Pays-Bas", "NL"),
        ("Niederlande", "NL"),
        ("Tchéquie", "CZ"),
        ("Tuerkei", "TR"),
        ("DR Congo", "CD"),
        ("Congo-Brazzaville", "CG"),
    ],
)
def test_a_country_is_read_by_its_common_names_in_four_languages_and_beside_its_code(text: str, code: str) -> None:
    assert read("countryOfManufacture", text) == code


@pytest.mark.parametrize(
    ("text", "either"),
    [("Korea", "KR or KP"), ("Congo", "CG or CD"), ("Kongo", "CG or CD"), ("Republic of China", "CN or TW")],
)
def test_a_name_of_two_countries_is_refused_by_both(text: str, either: str) -> None:
    assert refusal("countryOfManufacture", text) == MESSAGE_EITHER.format(either)


@pytest.mark.parametrize(
    "text", ["Germany (FR)", "Niger (NG)", "CN TW", "DE - France", "China (Taiwan)", "China/Taiwan"]
)
def test_a_name_beside_the_code_of_another_country_is_refused(text: str) -> None:
    assert refusal("countryOfManufacture", text) == MESSAGE_COUNTRY


@pytest.mark.parametrize("text", ["EU", "Europe", "Europa", "European Union", "Europese Unie", "EER"])
def test_a_union_names_no_country(text: str) -> None:
    assert refusal("countryOfManufacture", text) == MESSAGE_UNION


@pytest.mark.parametrize(
    "text", ["XK", "XX", "CN/TW", "CN, TW", "made in China", "Nederlan", "EL", "31", "geen", "none"]
)
def test_what_names_no_single_country_is_refused(text: str) -> None:
    assert refusal("countryOfManufacture", text) == MESSAGE_COUNTRY


@pytest.mark.parametrize("text", ["Germany?", "? DE", "China 50%", "60 % CN", "DEU 1/2", "NLD ½", "Duitsland (?)"])
def test_a_country_that_is_doubted_or_shared_is_refused(text: str) -> None:
    assert refusal("countryOfManufacture", text) == MESSAGE_COUNTRY


def test_evidence_and_none_are_not_read_where_they_are_doubted() -> None:
    assert [refusal("evidence.level", text) for text in ("audited?", "document 50%", "geen?")] == [MESSAGE_LEVEL] * 3
    assert refusal("licenceCountry", "none?") == MESSAGE_COUNTRY


def test_every_country_is_read_by_each_of_its_english_names() -> None:
    named = [(country.alpha_2, name) for country in pycountry.countries for name in (country.alpha_3, country.name)]
    assert len(named) == 2 * len(COUNTRIES)
    named.remove(("CG", "Congo"))
    assert [(code, name) for code, name in named if country_code(name) != code] == []


@pytest.mark.parametrize("field", ["licenceCountry", "exportRegime"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("none", "NONE"),
        ("NONE", "NONE"),
        ("geen", "NONE"),
        ("n/a", None),
        ("n.v.t.", None),
        ("", None),
        ("US", "US"),
        ("Noorwegen", "NO"),
    ],
)
def test_none_is_none_where_that_can_be_and_not_applicable_is_unknown(field: str, text: str, value: str | None) -> None:
    assert read(field, text) == value


def test_no_and_na_are_words_and_countries_so_they_are_asked_about() -> None:
    for field in ("licenceCountry", "exportRegime", "secondSourceCountry"):
        assert [refusal(field, text) for text in ("no", "No", "NO")] == [MESSAGE_NORWAY] * 3
        assert [read(field, text) for text in ("Norway", "NOR")] == ["NO", "NO"]
        assert read(field, "NO", Dialect(canonical=True)) == "NO"
        assert refusal(field, "no", Dialect(canonical=True)) == MESSAGE_NORWAY
    assert refusal("countryOfControl", "NA") == refusal("licenceCountry", "NA") == MESSAGE_NAMIBIA
    assert read("countryOfControl", "no") == "NO"
    assert read("countryOfControl", "NA", Dialect(canonical=True)) == "NA"


def test_without_a_second_source_there_is_no_country_of_one() -> None:
    assert [read("secondSourceCountry", text) for text in ("none", "geen", "nee", "DE")] == [None, None, None, "DE"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        *((level.value, level) for level in EvidenceLevel),
        ("zelfverklaring", EvidenceLevel.SELF_DECLARED),
        ("Self-declared", EvidenceLevel.SELF_DECLARED),
        ("eigen verklaring", EvidenceLevel.SELF_DECLARED),
        ("geen", EvidenceLevel.NONE),
        ("AUDIT", EvidenceLevel.AUDITED),
        ("Gedocumenteerd", EvidenceLevel.DOCUMENT),
    ],
)
def test_a_level_of_evidence_is_read_by_its_code_and_by_plain_words(text: str, level: EvidenceLevel) -> None:
    assert read("evidence.level", text) == level.value


def test_another_word_for_a_level_is_refused_with_the_codes() -> None:
    words = "is not a level of evidence; write one of: none, selfDeclared, document, audited"
    assert refusal("evidence.level", "ISO 9001") == MESSAGE_LEVEL == words


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@a", "\t=1", "\rx", " =1+1", "=cmd|' /C calc'!A0"])
@pytest.mark.parametrize(
    "field", ["key", "parentKey", "name", "partNumber", "manufacturer", "functionGroup", "evidence.uri"]
)
def test_text_that_begins_as_a_formula_is_refused_in_a_text_file(field: str, text: str) -> None:
    assert refusal(field, text) == MESSAGE_FORMULA


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("'=1+1", "=1+1"),
        ("''=1", "'=1"),
        ("'-", "-"),
        ("'unknown", "unknown"),
        ("'n/a", "n/a"),
        ("'t Gooi", "'t Gooi"),
        ("'", None),
    ],
)
def test_exactly_one_apostrophe_is_taken_off_where_it_marks_text_as_text(text: str, kept: str | None) -> None:
    assert read("name", text) == kept


def test_text_keeps_what_it_is_but_for_space_around_it_and_breaks_within() -> None:
    assert read("name", "  Één\r\n twee\ndrie ") == "Één twee drie"
    assert read("name", 4711.0, BOOK) == "4711"
    assert read("name", -5.0, BOOK) == "-5"


@pytest.mark.parametrize("text", ["0", "007", "1e3", "-1", "=1"])
def test_a_quantity_is_a_number_and_nothing_is_left_to_the_check_but_zero(text: str) -> None:
    if text in ("0", "007"):
        assert read("quantity", text) == str(int(text))
    else:
        assert refusal("quantity", text) == MESSAGE_PLAIN


def test_weeks_in_a_cell_are_weeks_and_days_are_refused() -> None:
    assert [read("leadTimeWeeks", text) for text in ("8 weken", "2,5 wk", "0")] == ["8", "2.5", "0"]
    assert refusal("stockWeeks", "30 dagen") == MESSAGE_WEEKS


def test_a_digest_may_be_written_in_capitals_and_another_is_left_to_the_check() -> None:
    assert read("evidence.sha256", "AB" * 32) == "ab" * 32
    assert read("evidence.sha256", "ABC") == "ABC"


@pytest.mark.parametrize("text", ["30-06-2028", "06/30/2028", "2028-6-30", "2028-02-30", "46934", "juni 2028"])
def test_a_day_that_is_not_iso_is_refused(text: str) -> None:
    assert refusal("evidence.expiresOn", text) == "is not a date that can be read; write it as 2026-11-21"
    assert read("evidence.expiresOn", "2028-06-30") == "2028-06-30"
