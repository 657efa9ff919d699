"""The explanation: lines that add up exactly, and words for every cause."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from domain.scoring import bm1
from domain.scoring.inputs import Dependence, DesignAuthority, Dimension, EvidenceInput, System
from domain.scoring.results import Score, ScoreLine
from tests.domain.scoring.examples import (
    AUDITED,
    BOTH,
    DECISIVE,
    DOCUMENT,
    NEITHER,
    PROFILE,
    REFERENCE_DATE,
    SOFTWARE,
    USE,
    a_leaf,
    a_system,
    bm_1_0,
    example_1,
    example_3,
)
from tests.domain.scoring.systems import Case, cases
from tests.support.properties import holds

CRITERIA = ["madeIn", "control", "licence", "exportRegime", "supply"]


def scored(system: System, **options: Any) -> Score:
    """The score under the profile of the examples."""
    return bm1.score(bm_1_0(), PROFILE, system, **{"reference_date": REFERENCE_DATE, **options})


def lines_of(score: Score, **fields: Any) -> list[ScoreLine]:
    """The lines with these values."""
    return [line for line in score.explanation if all(getattr(line, name) == value for name, value in fields.items())]


def text_of(score: Score, place: int) -> str:
    """The words of one line."""
    text: str = bm1.shown(score)["explanation"][place]["cause"]["text"]
    return text


@holds
@given(case=cases())
def test_the_lines_add_up_exactly_and_as_shown_to_within_half_a_unit_a_line(case: Case) -> None:
    found = bm1.score(bm_1_0(), case.profile, case.system, **case.options)
    if found.exact_score is None:
        assert found.explanation == ()
        return
    assert sum(line.won for line in found.explanation) == found.exact_score
    assert sum(line.won + line.lost for line in found.explanation) == 100
    assert all(line.won >= 0 and line.lost >= 0 for line in found.explanation)
    body = bm1.shown(found)
    won = sum(Fraction(line["won"]) for line in body["explanation"])
    assert abs(won - found.exact_score) <= Fraction("0.00005") * len(found.explanation)


@holds
@given(case=cases())
def test_the_lines_of_a_criterion_add_up_to_its_points(case: Case) -> None:
    found = bm1.score(bm_1_0(), case.profile, case.system, **case.options)
    won: Counter[str] = Counter()
    for line in found.explanation:
        won[line.criterion] += line.won
    assert all(won[criterion] == points for criterion, points in (found.points or {}).items())


def test_there_is_a_line_per_leaf_and_criterion_per_dimension_for_authority_and_for_the_residual() -> None:
    found = scored(example_1())
    assert [line.criterion for line in lines_of(found, component_key="control")] == CRITERIA
    assert [line.dimension for line in lines_of(found, criterion="dimensions")] == list(PROFILE.dimensions)
    assert len(lines_of(found, criterion="designAuthority")) == 1
    assert [line.criterion for line in found.explanation if line.cause.code == "residual"] == CRITERIA
    assert len(found.explanation) == 3 * 5 + 4 + 1 + 5


def test_an_empty_group_loses_its_part_of_every_leaf_criterion() -> None:
    system = a_system(100, [a_leaf("control", 100)])
    found = lines_of(scored(system), function_group="power")
    assert [line.criterion for line in found] == CRITERIA
    assert [line.lost for line in found] == [2, Fraction(3, 2), 1, 1, Fraction(3, 2)]
    assert {line.cause.code for line in found} == {"emptyGroup"}


def test_the_residual_loses_its_part_of_the_value_half() -> None:
    system = a_system(200, [a_leaf("control", 100), a_leaf("power", 0), a_leaf("airframe", 0)])
    residual = [line for line in scored(system).explanation if line.cause.code == "residual"]
    assert [(line.won, line.lost) for line in residual] == [
        (0, 5),
        (0, Fraction(15, 4)),
        (0, Fraction(5, 2)),
        (0, Fraction(5, 2)),
        (0, Fraction(15, 4)),
    ]


def test_where_the_minimum_rule_holds_the_first_of_the_lowest_by_key_carries_the_group() -> None:
    leaves = [
        a_leaf("c", None, "US/US/-/-", function_group="control"),
        a_leaf("b", None, "US/NL/-/-", function_group="control"),
        a_leaf("a", None, "NL/NL/-/-", function_group="control"),
        a_leaf("power", 50),
        a_leaf("airframe", 50),
    ]
    found = scored(a_system(100, leaves))
    made = {line.component_key: line.won + line.lost for line in lines_of(found, criterion="madeIn")}
    control = {line.component_key: line.won + line.lost for line in lines_of(found, criterion="control")}
    assert (made["a"], made["b"], made["c"]) == (0, 6, 0)
    assert (control["a"], control["b"], control["c"]) == (0, 0, Fraction(9, 2))


def test_a_leaf_without_a_group_stands_in_the_value_half_only() -> None:
    leaves = [a_leaf("x", 50, function_group=None), a_leaf("control", 50), a_leaf("power", 0), a_leaf("airframe", 0)]
    (line,) = lines_of(scored(a_system(100, leaves)), component_key="x", criterion="madeIn")
    assert (line.won, line.lost) == (5, 0)


def test_a_dimension_that_is_not_declared_has_no_evidence_level() -> None:
    body = bm1.shown(scored(replace(example_1(), dimensions=())))
    line = next(line for line in body["explanation"] if line["criterion"] == "dimensions")
    assert set(line) == {"dimension", "criterion", "won", "lost", "cause"}


def test_a_line_shows_the_evidence_level_that_counts_on_the_day() -> None:
    leaf = a_leaf("control", 100, evidence=EvidenceInput(AUDITED, REFERENCE_DATE.replace(day=20)))
    body = bm1.shown(scored(a_system(100, [leaf])))
    assert body["explanation"][0]["evidenceLevel"] == "selfDeclared"
    assert "its evidence having expired, counts for 1/2" in body["explanation"][0]["cause"]["text"]


@pytest.mark.parametrize(
    ("system", "place", "text"),
    [
        pytest.param(
            example_1(), 5, "made in NL (in the EU or EEA): 100 of 100, audited, counts in full", id="country"
        ),
        pytest.param(
            example_3(),
            11,
            "ultimately controlled from CN (country of concern): 0 of 100, proven by a document, counts for 4/5",
            id="country of concern",
        ),
        pytest.param(example_1(), 2, "no foreign licence: 100 of 100, audited, counts in full", id="none"),
        pytest.param(
            example_3(),
            9,
            "second source in DE, stock for 8 weeks, lead time of 16 weeks: 75 of 100, proven by a document, counts for 4/5",
            id="supply",
        ),
        pytest.param(
            a_system(100, [a_leaf("control", 100, "?/NL/-/-", None, "?/?")]),
            4,
            "no second source known, stock unknown, lead time unknown: 0 of 100, audited, counts in full",
            id="supply unknown",
        ),
        pytest.param(
            a_system(100, [a_leaf("control", 0, "?/NL/-/-")]),
            0,
            "the country of manufacture is unknown: 0 of 100, audited, counts in full"
            "; the lowest of control, so it counts for all of it",
            id="unknown, carries its group",
        ),
        pytest.param(
            example_1(), 15, "no dependence in operational use: 100 of 100, audited, counts in full", id="independent"
        ),
        pytest.param(
            replace(example_1(), dimensions=(Dimension(USE, DECISIVE, "US", EvidenceInput(DOCUMENT)),)),
            15,
            "decisive dependence in operational use on US (NATO or partner): 20 of 100, proven by a document, counts for 4/5",
            id="dependent",
        ),
        pytest.param(
            replace(example_1(), dimensions=(Dimension(SOFTWARE, Dependence.PARTIAL),)),
            16,
            "partial dependence in software updates on an unknown country: 0 of 100, no evidence, counts for nothing",
            id="dependent on unknown",
        ),
        pytest.param(
            replace(example_1(), dimensions=()), 15, "dependence in operational use is not declared", id="not declared"
        ),
        pytest.param(
            replace(example_1(), design_authority=DesignAuthority(NEITHER, "NL", EvidenceInput(AUDITED))),
            19,
            "the prime, in NL, neither holds the design authority nor may replace third-country components"
            ": 0 of 100, audited, counts in full",
            id="authority",
        ),
        pytest.param(
            replace(example_1(), design_authority=DesignAuthority()),
            19,
            "the level of design authority is not declared",
            id="authority unknown",
        ),
        pytest.param(
            replace(example_1(), design_authority=DesignAuthority(BOTH)),
            19,
            "the prime's country is unknown",
            id="prime unknown",
        ),
        pytest.param(
            replace(example_1(), design_authority=DesignAuthority(BOTH, "NO")),
            19,
            "the prime is in NO, outside the EU",
            id="prime outside",
        ),
        pytest.param(
            a_system(100, [a_leaf("control", 100)]), 10, "no component is in function group power", id="empty group"
        ),
        pytest.param(example_1(), 20, "no component accounts for this part of the total component cost", id="residual"),
    ],
)
def test_every_cause_has_words(system: System, place: int, text: str) -> None:
    assert text_of(scored(system), place) == text
