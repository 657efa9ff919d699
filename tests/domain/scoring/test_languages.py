"""The languages: both know every code and every value, leave no placeholder, and enter no figure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from domain.scoring import bm1
from domain.scoring.bm1.scheme import GROUPS_BEST_FIRST
from domain.scoring.inputs import (
    AuthorityLevel,
    Dependence,
    DesignAuthority,
    Dimension,
    DimensionName,
    EvidenceInput,
    EvidenceLevel,
    System,
)
from domain.scoring.results import LEAF_CRITERIA, Reason
from domain.scoring.texts import causes, causes_nl
from domain.scoring.texts.advice import Sentences, improvement_code
from domain.scoring.texts.advice_en import ENGLISH
from domain.scoring.texts.advice_nl import DUTCH
from domain.scoring.texts.languages import CAUSES, SENTENCES, Language
from tests.domain.scoring.examples import (
    AUDITED,
    BOTH,
    DECISIVE,
    DOCUMENT,
    NEITHER,
    PARTIAL,
    PROFILE,
    REFERENCE_DATE,
    SELF,
    SOFTWARE,
    SPARES,
    USE,
    a_leaf,
    a_system,
    bm_1_0,
    dimensions,
    example_1,
    example_3,
)
from tests.domain.scoring.systems import Case, cases
from tests.domain.scoring.test_improvements import everything
from tests.support.properties import holds

YESTERDAY = date(2026, 11, 20)
TABLES = {
    "_STATEMENTS": LEAF_CRITERIA[:4],
    "_UNKNOWN": LEAF_CRITERIA[:4],
    "_NONE": LEAF_CRITERIA[2:4],
    "_GROUPS": GROUPS_BEST_FIRST,
    "_LEVELS": [level.value for level in AuthorityLevel],
    "_EVIDENCE": [level.value for level in EvidenceLevel],
}
"""What the tables of both languages have words for."""


def in_words(case: Case, language: Language) -> dict[str, Any]:
    """A score in a language, with all that stands beside it."""
    score = bm1.score(bm_1_0(), case.profile, case.system, **case.options)
    body = bm1.shown(score, language)
    advice = bm1.advise(bm_1_0(), case.profile, case.system, reference_date=REFERENCE_DATE)
    return {**body, **bm1.shown_advice(body["knockOuts"], advice, language)}


def texts(node: Any) -> Iterator[str]:
    """Every text in a body."""
    if isinstance(node, Mapping):
        yield from (value for name, value in node.items() if name == "text")
        yield from (text for value in node.values() for text in texts(value))
    elif isinstance(node, list):
        yield from (text for item in node for text in texts(item))


def without_words(node: Any) -> Any:
    """A body without its texts."""
    if isinstance(node, Mapping):
        return {name: without_words(value) for name, value in node.items() if name != "text"}
    return [without_words(item) for item in node] if isinstance(node, list) else node


def explained(system: System, language: Language, place: int) -> str:
    """One line of the explanation of a system under the profile of the examples."""
    lines: list[dict[str, Any]] = in_words(Case(PROFILE, system), language)["explanation"]
    text: str = lines[place]["cause"]["text"]
    return text


@settings(holds, max_examples=60)
@given(case=cases())
def test_every_language_says_everything_leaves_no_placeholder_and_changes_no_figure(case: Case) -> None:
    english, dutch = (in_words(case, language) for language in Language)
    assert without_words(english) == without_words(dutch)
    for one, other in zip(texts(english), texts(dutch), strict=True):
        assert one != other
        for text in (one, other):
            assert text.strip() == text != ""
            assert not re.search(r"[{}]|None|Fraction|  ", text)


def test_both_languages_know_the_same_causes_and_the_same_values() -> None:
    assert set(CAUSES) == set(SENTENCES) == set(Language)
    assert len(causes._TEXTS) == 14
    assert causes_nl._TEXTS.keys() == causes._TEXTS.keys()
    for module in (causes, causes_nl):
        for table, values in TABLES.items():
            assert sorted(getattr(module, table)) == sorted(values), table
    assert sorted(causes._DIMENSIONS) == sorted(causes_nl.DIMENSIONS) == sorted(DimensionName)
    assert sorted(causes_nl._DEPENDENCES) == sorted(Dependence)
    assert causes._FACTORS.keys() == causes_nl._FACTORS.keys()


@pytest.mark.parametrize("sentences", [ENGLISH, DUTCH])
def test_both_languages_have_sentences_for_every_reason_change_and_value(sentences: Sentences) -> None:
    assert sorted(sentences.knock_outs) == sorted(Reason)
    assert sorted(sentences.dimensions) == sorted(DimensionName)
    assert sorted(sentences.dependences) == sorted(Dependence)
    assert sorted(sentences.levels) == sorted(AuthorityLevel)
    codes = {
        improvement_code(change.improvement(Fraction(1)))
        for system in RICH
        for change in everything(Case(PROFILE, system))
    }
    assert sorted(sentences.improvements) == sorted(codes)


RICH = [
    a_system(
        1_000,
        [
            a_leaf("control", 400, "CN/US/US/US", "US", "4/12", evidence=EvidenceInput(DOCUMENT, YESTERDAY)),
            a_leaf("power", 300, "?/?/?/?", None, "?/?", level=SELF),
            a_leaf("airframe", 200, weeks="?/7.5"),
            a_leaf("mast", 50, weeks="1/?", function_group=None, evidence=EvidenceInput(AUDITED, YESTERDAY)),
        ],
        dimensions=dimensions(DOCUMENT, (USE, DECISIVE, "CN"), (SOFTWARE, PARTIAL, None))[:2],
        design_authority=DesignAuthority(NEITHER, "NL", EvidenceInput(SELF)),
    ),
    replace(example_1(), design_authority=DesignAuthority(BOTH, None, EvidenceInput(AUDITED))),
    replace(example_1(), design_authority=DesignAuthority()),
]
"""Systems of which everything can be said that can be said of an improvement."""

IN_DUTCH = [
    (example_1(), 5, "gemaakt in NL (in de EU of de EER): 100 van 100, bevestigd door een audit, telt volledig mee"),
    (
        example_3(),
        11,
        "uiteindelijke zeggenschap in CN (zorgwekkend land): 0 van 100, bewezen met een document, telt mee voor 4/5",
    ),
    (
        example_3(),
        9,
        "tweede leverancier in DE, voorraad voor 8 weken, levertijd van 16 weken: 75 van 100, bewezen met een document,"
        " telt mee voor 4/5",
    ),
    (
        RICH[0],
        10,
        "gemaakt in NL (in de EU of de EER): 100 van 100, alleen zelf verklaard, want het bewijs is verlopen, telt mee voor 1/2",
    ),
    (
        a_system(100, [a_leaf("control", 0, "?/NL/-/-", weeks="7.5/1")]),
        0,
        "het land van fabricage is onbekend: 0 van 100, bevestigd door een audit, telt volledig mee; het laagste van control,"
        " en daarom bepalend voor die hele groep",
    ),
    (
        a_system(100, [a_leaf("control", 0, weeks="7.5/1")]),
        4,
        "geen tweede leverancier bekend, voorraad voor 7,5 weken, levertijd van 1 week: 50 van 100, bevestigd door een audit,"
        " telt volledig mee; het laagste van control, en daarom bepalend voor die hele groep",
    ),
    (
        replace(example_1(), dimensions=(Dimension(SPARES, DECISIVE, "US", EvidenceInput(DOCUMENT)),)),
        17,
        "in beslissende mate afhankelijk van US (NAVO-land of partnerland) voor reservedelen: 20 van 100,"
        " bewezen met een document, telt mee voor 4/5",
    ),
    (replace(example_1(), dimensions=()), 15, "over afhankelijkheid voor de operationele inzet is niets verklaard"),
    (
        replace(example_1(), design_authority=DesignAuthority(NEITHER, "NL", EvidenceInput(AUDITED))),
        19,
        "de hoofdaannemer, in NL, heeft de ontwerpautoriteit niet en mag componenten uit derde landen niet vervangen:"
        " 0 van 100, bevestigd door een audit, telt volledig mee",
    ),
    (example_1(), 20, "dit deel van de totale componentkosten is door geen enkel onderdeel verklaard"),
]


@pytest.mark.parametrize(("system", "place", "text"), IN_DUTCH, ids=lambda value: str(value)[:20])
def test_what_a_cause_says_in_dutch(system: System, place: int, text: str) -> None:
    assert explained(system, Language.NL, place) == text


def test_what_improvements_and_knock_outs_say() -> None:
    case = Case(PROFILE, RICH[0])
    english, dutch = (in_words(case, language) for language in Language)
    assert [line["text"] for line in english["knockOuts"]] == [
        "control, in a critical group, is made in, controlled from, licensed from or under the export regime of a country of"
        " concern",
        "the dependence in operational use on a country of concern is decisive",
        "mast has no function group and may belong to a critical one; give it its group",
        *(
            f"the dependence in {dimension}, or the country it is on, is not declared; declare it"
            for dimension in ("cloud access", "software updates", "spare parts")
        ),
    ]
    assert dutch["knockOuts"][1]["text"] == (
        "voor de operationele inzet is het systeem in beslissende mate afhankelijk van een zorgwekkend land"
    )
    first = [body["improvements"][0] for body in (english, dutch)]
    assert [line.pop("text") for line in first] == [
        "have what is declared of control audited",
        "laat de verklaring over control bevestigen door een audit",
    ]
    assert first[0] == first[1]
    assert first[0].keys() == {"kind", "componentKey", "field", "from", "to", "gain"}


def test_a_language_that_lacks_a_word_fails() -> None:
    with pytest.raises(KeyError, match="nosuch"):
        CAUSES[Language.NL]("nosuch", {})
