"""Improvements: exact gains, the best single changes first, and never one that asks to hide something."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from domain.scoring import bm1
from domain.scoring.bm1.improvements import (
    MOST,
    SHOWN_PARTS,
    StatementChange,
    changes_of_leaf,
    changes_of_system,
    improvements_of,
)
from domain.scoring.bm1.valued import group_of, valued_system
from domain.scoring.exact import half_up
from domain.scoring.inputs import (
    AuthorityLevel,
    ComponentInput,
    Dependence,
    DesignAuthority,
    Dimension,
    EvidenceInput,
    EvidenceLevel,
    System,
)
from domain.scoring.results import ScoreImprovement
from tests.domain.scoring.examples import (
    AUDITED,
    BOTH,
    DECISIVE,
    DOCUMENT,
    NEITHER,
    NONE,
    PARTIAL,
    PROFILE,
    REFERENCE_DATE,
    SELF,
    SOFTWARE,
    USE,
    a_leaf,
    a_system,
    bm_1_0,
    dimensions,
    example_1,
)
from tests.domain.scoring.systems import Case, assessable, cases
from tests.domain.scoring.test_incremental import changed
from tests.support.properties import holds

BEST_FIRST = ["G1", "G2", "G3", "G4", "D", "U"]
LEVELS = list(EvidenceLevel)
NEVER_TOUCHED = ("key", "name", "quantity", "parent_key", "unit_value", "function_group")
COUNTRIES = (
    "country_of_manufacture",
    "country_of_control",
    "licence_country",
    "export_regime",
    "second_source_country",
)


def found(case: Case) -> tuple[ScoreImprovement, ...]:
    """The improvements of a case."""
    valued = valued_system(scheme=bm_1_0(), profile=case.profile, system=case.system, reference_date=REFERENCE_DATE)
    return improvements_of(valued, case.system)


def everything(case: Case) -> Iterator[StatementChange]:
    """Every change that could be named for a case."""
    valued = valued_system(scheme=bm_1_0(), profile=case.profile, system=case.system, reference_date=REFERENCE_DATE)
    yield from changes_of_system(valued, case.system)
    for leaf in valued.leaves:
        yield from changes_of_leaf(valued, leaf)


def exact(case: Case, system: System) -> Fraction:
    """S of a system on the profile of a case, scored whole."""
    scored = bm1.score(bm_1_0(), case.profile, system, reference_date=REFERENCE_DATE).exact_score
    assert scored is not None
    return scored


def of(system: System) -> list[tuple[str, str, str | None, str]]:
    """What is proposed for a system under the profile of the examples, in a word each, with the key or dimension."""
    return [
        (i.kind.value, f"{i.component_key or i.dimension or ''}/{i.field}", i.before, i.after)
        for i in found(Case(PROFILE, system))
    ]


@settings(holds, max_examples=50)
@given(case=cases())
def test_the_best_changes_are_named_first_and_each_gains_exactly_what_it_says(case: Case) -> None:
    named = found(case)
    if not case.system.total_cents:
        assert named == ()
        return
    now = exact(case, case.system)
    by_force = [
        (now - exact(case, changed(case.system, change.statement)), change.place, change) for change in everything(case)
    ]
    shown = [entry for entry in by_force if half_up(-entry[0] * SHOWN_PARTS) > 0]
    ordered = sorted(shown, key=lambda entry: entry[:2])[:MOST]
    assert list(named) == [change.improvement(-loss) for loss, _, change in ordered]
    assert all(i.gain > 0 for i in named)


@holds
@given(case=assessable())
def test_no_change_hides_anything(case: Case) -> None:
    lines = {line.key: line for line in case.system.components}
    declared = {line.dimension: line for line in case.system.dimensions}
    for change in everything(case):
        if isinstance(change.statement, ComponentInput):
            _hides_nothing_of_leaf(lines[change.statement.key], change.statement)
        elif isinstance(change.statement, Dimension):
            before = declared.get(change.statement.dimension, Dimension(change.statement.dimension))
            _hides_nothing_of_dimension(before, change.statement)
        else:
            _hides_nothing_of_authority(case.system.design_authority, change.statement)


def _hides_nothing_of_leaf(before: ComponentInput, after: ComponentInput) -> None:
    assert [getattr(before, name) for name in NEVER_TOUCHED] == [getattr(after, name) for name in NEVER_TOUCHED]
    for name in (*COUNTRIES, "stock_weeks", "lead_time_weeks"):
        assert getattr(before, name) is None or getattr(after, name) is not None
    for name in COUNTRIES:
        ranks = [_rank(getattr(line, name)) for line in (before, after)]
        assert ranks[1] <= ranks[0]
    assert before.stock_weeks is None or (after.stock_weeks or 0) >= before.stock_weeks
    assert before.lead_time_weeks in (None, after.lead_time_weeks)
    _proves_no_less(before.evidence, after.evidence)
    parts = [
        [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)],
        ["stock_weeks", "lead_time_weeks"],
    ]
    assert len(parts[0]) == 1 or sorted(parts[0]) == sorted(parts[1]), "one thing is changed"


def _hides_nothing_of_dimension(before: Dimension, after: Dimension) -> None:
    assert before.dependence is None or after.dependence is not None
    worst_last = list(Dependence)
    if before.dependence is not None and after.dependence is not None:
        assert worst_last.index(after.dependence) <= worst_last.index(before.dependence)
        assert after.dependence is Dependence.NONE or _rank(after.country) <= _rank(before.country)
    _proves_no_less(before.evidence, after.evidence)


def _hides_nothing_of_authority(before: DesignAuthority, after: DesignAuthority) -> None:
    best_first = list(AuthorityLevel)
    assert before.level is None or (
        after.level is not None and best_first.index(after.level) <= best_first.index(before.level)
    )
    assert before.country in (None, after.country)
    _proves_no_less(before.evidence, after.evidence)


def _proves_no_less(before: EvidenceInput, after: EvidenceInput) -> None:
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)
    assert after.expires_on in (None, before.expires_on)


def _rank(country: str | None) -> int:
    return 0 if country == "NONE" else BEST_FIRST.index(group_of(bm_1_0(), country))


def test_nothing_is_proposed_where_nothing_is_lost_or_nothing_can_be_assessed() -> None:
    assert of(example_1()) == []
    assert of(replace(example_1(SELF), total_cents=None)) == []


@pytest.mark.parametrize(
    ("leaf", "proposed"),
    [
        pytest.param({"level": SELF}, [("evidence", "selfDeclared", level) for level in ("audited", "document")], id="proof"),
        pytest.param({"origin": "CN/NL/-/-"}, [("countryOfManufacture", "CN", "G1")], id="made elsewhere"),
        pytest.param({"origin": "NL/US/-/-"}, [("countryOfControl", "US", "G1")], id="controlled elsewhere"),
        pytest.param({"origin": "NL/NL/US/-"}, [("licenceCountry", "US", "G1")], id="licensed elsewhere"),
        pytest.param({"origin": "NL/NL/-/US"}, [("exportRegime", "US", "G1")], id="another export regime"),
        pytest.param({"origin": "?/NL/-/-"}, [("countryOfManufacture", None, "G1")], id="made unknown"),
        pytest.param({"origin": "NL/NL/?/-"}, [("licenceCountry", None, "NONE")], id="licence unknown"),
        pytest.param({"origin": "NL/NL/-/?"}, [("exportRegime", None, "NONE")], id="regime unknown"),
        pytest.param({"second": None}, [("secondSourceCountry", None, "G1")], id="no second source"),
        pytest.param({"second": "US"}, [("secondSourceCountry", "US", "G1")], id="a second source farther away"),
        pytest.param({"weeks": "4/12"}, [("stockWeeks", "4", "12")], id="little stock"),
        pytest.param({"weeks": "?/7.5"}, [("stockWeeks", None, "7.5")], id="stock unknown"),
        pytest.param({"weeks": "8/?"}, [("leadTimeWeeks", None, "8")], id="lead time unknown"),
        pytest.param({"weeks": "?/?"}, [("stockWeeks", None, "leadTimeWeeks")], id="stock and lead time unknown"),
        pytest.param({"weeks": "?/0"}, [], id="had at once"),
    ],
)  # fmt: skip
def test_what_is_proposed_for_a_leaf(leaf: dict[str, Any], proposed: list[tuple[str, str | None, str]]) -> None:
    own = a_leaf("control", 200_000, **{"second": "DE", **leaf})
    others = [a_leaf("power", 120_000, second="DE"), a_leaf("airframe", 80_000, second="DE")]
    expected = [(f"control/{field}", before, after) for field, before, after in proposed]
    assert [entry[1:] for entry in of(a_system(400_000, [own, *others]))] == expected


END = ("reduce", "dependence", "decisive", "none")
HALVE = ("reduce", "dependence", "decisive", "partial")
STOP = ("reduce", "dependence", "partial", "none")
NEARER = ("replace", "country", "US", "G1")


@pytest.mark.parametrize(
    ("declared", "proposed"),
    [
        pytest.param((), [("answer", "dependence", None, "none")], id="not declared"),
        pytest.param((USE, DECISIVE, "US"), [NEARER, END, HALVE], id="decisive"),
        pytest.param((USE, PARTIAL, "US"), [NEARER, STOP], id="partial"),
        pytest.param((USE, PARTIAL, None), [("answer", "country", None, "G1"), STOP], id="country unknown"),
        pytest.param((USE, DECISIVE, "DE"), [], id="decisive on a country inside"),
    ],
)
def test_what_is_proposed_for_a_dimension(declared: tuple[Any, ...], proposed: list[tuple[str, ...]]) -> None:
    named = dimensions(AUDITED, *([declared] if declared else []))
    system = replace(example_1(), dimensions=tuple(d for d in named if declared or d.dimension is not USE))
    assert of(system) == [(kind, f"operationalUse/{field}", before, after) for kind, field, before, after in proposed]


@pytest.mark.parametrize(
    ("declared", "proposed"),
    [
        pytest.param((None, None, NONE), [("answer", "level", None, "both")], id="nothing declared"),
        pytest.param((None, "NL", AUDITED), [("answer", "level", None, "both")], id="level unknown"),
        pytest.param((BOTH, None, AUDITED), [("answer", "country", None, "EU")], id="country unknown"),
        pytest.param(
            (NEITHER, "NL", AUDITED), [("obtain", "level", "neither", n) for n in ("both", "one")], id="neither"
        ),
        pytest.param((BOTH, "US", NONE), [], id="a prime elsewhere"),
        pytest.param((BOTH, "NL", DOCUMENT), [("prove", "evidence", "document", "audited")], id="proof"),
    ],
)
def test_what_is_proposed_for_the_design_authority(declared: Any, proposed: list[tuple[str, ...]]) -> None:
    level, country, proof = declared
    named = of(replace(example_1(), design_authority=DesignAuthority(level, country, EvidenceInput(proof))))
    assert named == [(kind, f"/{field}", before, after) for kind, field, before, after in proposed]


def test_what_has_expired_is_proven_anew_and_never_by_less_than_it_was() -> None:
    yesterday = date(2026, 11, 20)
    for level, named in ((DOCUMENT, [("prove", "audited"), ("renew", "document")]), (AUDITED, [("renew", "audited")])):
        leaf = a_leaf("control", 200_000, second="DE", evidence=EvidenceInput(level, yesterday))
        others = [a_leaf("power", 120_000, second="DE"), a_leaf("airframe", 80_000, second="DE")]
        assert of(a_system(400_000, [leaf, *others])) == [
            (kind, "control/evidence", "selfDeclared", after) for kind, after in named
        ]
    expired = Dimension(SOFTWARE, Dependence.NONE, None, EvidenceInput(AUDITED, yesterday))
    others_of = tuple(d for d in dimensions(AUDITED) if d.dimension is not SOFTWARE)
    assert of(replace(example_1(), dimensions=(*others_of, expired))) == [
        ("renew", "softwareUpdates/evidence", "selfDeclared", "audited")
    ]


def test_a_gain_that_would_show_as_nothing_is_not_named() -> None:
    crumb = a_leaf("crumb", "0.01", level=SELF, function_group=None)
    system = replace(example_1(AUDITED, crumb), total_cents=10**12)
    assert of(system) == []


def test_ten_are_named_at_most_and_equal_gains_come_by_key() -> None:
    leaves = [a_leaf(f"leaf-{n:02d}", 10, second="DE", level=SELF, function_group="control") for n in range(30, 0, -1)]
    named = found(Case(PROFILE, a_system(300, leaves)))
    assert [i.component_key for i in named] == [f"leaf-{n:02d}" for n in range(1, 11)]
    assert Counter(i.gain for i in named) == {named[0].gain: 10}
