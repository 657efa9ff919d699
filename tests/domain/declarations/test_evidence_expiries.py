"""Expiries of evidence: exact falls that add up to the whole, in order, and nothing that cannot fall."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given

from domain.declarations.components import components_of
from domain.declarations.evidence_expiries import (
    EXPIRING_LEVELS,
    Fall,
    Proof,
    falls_of,
    proofs_of_lines,
    proofs_of_system,
)
from domain.scoring import bm1
from domain.scoring.inputs import EvidenceInput, EvidenceLevel, Profile, System
from tests.domain.declarations.test_components import a_bare_line
from tests.domain.scoring.examples import (
    AUDITED,
    PROFILE,
    REFERENCE_DATE,
    a_leaf,
    a_system,
    bm_1_0,
    bonus_malus,
    example_1,
)
from tests.domain.scoring.systems import Case, cases
from tests.support.properties import holds

TOMORROW = REFERENCE_DATE + timedelta(days=1)


def proofs(system: System, first: date) -> list[Proof]:
    """What expires of a system from a day on, of its leaves, dimensions and design authority."""
    nodes = {line.parent_key for line in system.components}
    leaves = [line for line in system.components if line.key not in nodes]
    return [
        Proof(statement, statement.evidence.expires_on, None, None)
        for statement in (*leaves, *system.dimensions, system.design_authority)
        if statement.evidence.level in EXPIRING_LEVELS and (statement.evidence.expires_on or date.min) >= first
    ]


def falls_in(
    profile: Profile, system: System, found: list[Proof], *, first: date = REFERENCE_DATE, until: date
) -> list[Fall]:
    """What falls of a system in a window, under BM-1.0."""
    return falls_of(algorithm=bonus_malus(), profile=profile, system=system, proofs=found, first=first, until=until)


def exact(case: Case, day: date) -> Fraction | None:
    """S of a case on a day."""
    return bm1.score(bm_1_0(), case.profile, case.system, reference_date=day).exact_score


@holds
@given(case=cases())
def test_the_falls_of_a_window_add_up_to_what_the_score_falls_by(case: Case) -> None:
    first = date(2026, 11, 20)
    for last in (first, REFERENCE_DATE, TOMORROW):
        falls = falls_in(case.profile, case.system, proofs(case.system, first), first=first, until=last)
        before, after = exact(case, first), exact(case, last + timedelta(days=1))
        if before is None or after is None:
            assert {fall.points for fall in falls} <= {None}
            continue
        points = [fall.points for fall in falls if fall.points is not None]
        assert len(points) == len(falls)
        assert sum(points, Fraction(0)) == before - after
        assert all(point >= 0 for point in points)
        assert [fall.proof.expires_on for fall in falls] == sorted(fall.proof.expires_on for fall in falls)
        assert [fall.before for fall in falls[1:]] == [fall.after for fall in falls[:-1]]


def test_on_one_day_components_fall_by_key_then_dimensions_by_name_then_the_design_authority() -> None:
    system = _all_expiring()
    falls = falls_in(PROFILE, system, list(reversed(proofs(system, REFERENCE_DATE))), until=TOMORROW)
    assert [fall.proof.place[1] for fall in falls] == [
        *("airframe", "control", "power"),
        *("cloudAccess", "operationalUse", "softwareUpdates", "spareParts"),
        "",
    ]
    assert (falls[0].before, falls[-1].after, falls[-1].points) == (100, 50, Fraction(5, 2))


def test_without_a_total_proof_expires_and_no_score_falls() -> None:
    leaf = a_leaf("control", 100, evidence=EvidenceInput(AUDITED, TOMORROW))
    system = a_system(None, [leaf])
    [fall] = falls_in(PROFILE, system, proofs(system, REFERENCE_DATE), until=TOMORROW)
    assert (fall.points, fall.before, fall.after) == (None, None, None)


def a_row(key: str, parent: str | None, level: str, expires: str | None) -> tuple[Any, ...]:
    """A line in storage form, with where its evidence is."""
    proof = {"level": level, "expires_on": expires, "uri": f"https://example.org/{key}", "sha256": "0" * 64}
    return a_bare_line(key, parent_key=parent, **{f"evidence_{name}": value for name, value in proof.items()})


def test_of_lines_only_leaves_that_are_proven_expire() -> None:
    rows = [
        a_row("node", None, "audited", "2027-01-01"),
        a_row("leaf", "node", "audited", "2027-01-01"),
        a_row("document", None, "document", "2027-01-02"),
        a_row("stated", None, "selfDeclared", "2027-01-01"),
        a_row("nothing", None, "none", "2027-01-01"),
        a_row("for ever", None, "audited", None),
    ]
    found = proofs_of_lines(rows, components_of(rows))
    assert [(proof.place, proof.expires_on.isoformat(), proof.uri) for proof in found] == [
        ((0, "leaf"), "2027-01-01", "https://example.org/leaf"),
        ((0, "document"), "2027-01-02", "https://example.org/document"),
    ]
    assert found[0].sha256 == "0" * 64


def test_dimensions_and_the_design_authority_expire_too() -> None:
    given = {"level": "document", "expiresOn": "2027-01-01", "uri": "https://example.org/use", "sha256": "1" * 64}
    row = {
        "dimensions": [
            {"dimension": "operationalUse", "dependence": "none", "country": None, "evidence": given},
            {"dimension": "spareParts", "dependence": "none", "country": None, "evidence": None},
            {"dimension": "cloudAccess", "dependence": None, "country": None, "evidence": {**given, "level": "none"}},
        ],
        "design_authority": {"level": "both", "country": "NL", "evidence": {**given, "uri": None}},
    }
    use, authority = proofs_of_system(row)
    assert (use.place, use.uri, use.sha256) == ((1, "operationalUse"), "https://example.org/use", "1" * 64)
    assert (authority.place, authority.uri) == ((2, ""), None)
    assert authority.statement.evidence == EvidenceInput(EvidenceLevel.DOCUMENT, date(2027, 1, 1))
    assert proofs_of_system({"dimensions": [], "design_authority": None}) == []


def _all_expiring() -> System:
    """Example 1 with proof that ends tomorrow."""
    proof = EvidenceInput(AUDITED, TOMORROW)
    system = example_1()
    return replace(
        system,
        components=tuple(replace(line, evidence=proof) for line in system.components),
        dimensions=tuple(replace(line, evidence=proof) for line in system.dimensions),
        design_authority=replace(system.design_authority, evidence=proof),
    )
