"""What must always hold, over generated systems: the properties of the specification, in its order and its words."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.scoring import bm1
from domain.scoring.inputs import (
    AuthorityLevel,
    ComponentInput,
    Dependence,
    Dimension,
    EvidenceInput,
    EvidenceLevel,
    System,
)
from domain.scoring.results import Score
from domain.scoring.tree import value_cents
from tests.domain.scoring.examples import bm_1_0
from tests.domain.scoring.systems import BEST_FIRST, COUNTRIES, WEEKS, Case, assessable, cases, weeks
from tests.support.properties import holds

COUNTRY_FIELDS = (
    "country_of_manufacture",
    "country_of_control",
    "licence_country",
    "export_regime",
    "second_source_country",
)
ORIGIN_FIELDS = COUNTRY_FIELDS[:4]
LEVELS = list(EvidenceLevel)
places = st.integers(0, 5)


def scored(case: Case, **changes: Any) -> Score:
    """The score of a case, with something about the system changed."""
    return bm1.score(bm_1_0(), case.profile, replace(case.system, **changes), **case.options)


def exact(case: Case, **changes: Any) -> Fraction:
    """S of a case that can be assessed."""
    found = scored(case, **changes).exact_score
    assert found is not None
    return found


def with_leaf(system: System, place: int, **changes: Any) -> tuple[ComponentInput, ...]:
    """The components with one of them changed."""
    components = list(system.components)
    components[place] = replace(components[place], **changes)
    return tuple(components)


def shares(score: Score) -> list[tuple[Any, ...]]:
    """Both origin shares as figures."""
    return [(s.proven, s.declared, s.upper_bound, s.verdict) for s in score.origin_shares.values()]


def exact_and_shares(case: Case, total: int, components: tuple[ComponentInput, ...]) -> tuple[Any, ...]:
    """S and the shares, with other components and another total."""
    found = scored(case, total_cents=total, components=components)
    return found.exact_score, shares(found)


@holds
@given(case=cases())
def test_1_s_is_within_0_and_100_and_the_adjustment_within_the_cap(case: Case) -> None:
    found = scored(case)
    assert abs(found.adjustment_percent) <= case.profile.cap_percent
    assert found.exact_score is None or 0 <= found.exact_score <= 100
    assert found.points is None or sum(found.points.values()) == found.exact_score


@holds
@given(case=assessable(), place=places, level=st.sampled_from(LEVELS))
def test_2_better_evidence_of_a_leaf_never_lowers_s(case: Case, place: int, level: EvidenceLevel) -> None:
    place %= len(case.system.components)
    before = case.system.components[place].evidence
    better = EvidenceInput(max(level, before.level, key=LEVELS.index), before.expires_on)
    assert exact(case, components=with_leaf(case.system, place, evidence=better)) >= exact(case)
    unending = replace(better, expires_on=None)
    assert exact(case, components=with_leaf(case.system, place, evidence=unending)) >= exact(case)


@holds
@given(case=assessable(), level=st.sampled_from(LEVELS))
def test_2_better_evidence_of_the_system_never_lowers_s(case: Case, level: EvidenceLevel) -> None:
    def better(evidence: EvidenceInput) -> EvidenceInput:
        return EvidenceInput(max(level, evidence.level, key=LEVELS.index), evidence.expires_on)

    dimensions = tuple(replace(d, evidence=better(d.evidence)) for d in case.system.dimensions)
    authority = replace(case.system.design_authority, evidence=better(case.system.design_authority.evidence))
    assert exact(case, dimensions=dimensions, design_authority=authority) >= exact(case)


@holds
@given(case=assessable(), place=places, name=st.sampled_from(COUNTRY_FIELDS), worse=st.integers(1, 4), data=st.data())
def test_2_a_better_country_group_never_lowers_s(
    case: Case, place: int, name: str, worse: int, data: st.DataObject
) -> None:
    place %= len(case.system.components)
    better = data.draw(st.integers(0, worse))
    before = exact(case, components=with_leaf(case.system, place, **{name: BEST_FIRST[worse]}))
    assert exact(case, components=with_leaf(case.system, place, **{name: BEST_FIRST[better]})) >= before


@holds
@given(case=assessable(), dependence=st.sampled_from(Dependence), worse=st.integers(1, 4), data=st.data())
def test_2_a_better_country_group_of_a_dimension_never_lowers_s(
    case: Case, dependence: Dependence, worse: int, data: st.DataObject
) -> None:
    better = data.draw(st.integers(0, worse))
    name, proof = case.profile.dimensions[0], EvidenceInput(EvidenceLevel.AUDITED)

    def depending(country: str) -> tuple[Dimension, ...]:
        return (Dimension(name, dependence, country, proof),)

    before = exact(case, dimensions=depending(BEST_FIRST[worse]))
    assert exact(case, dimensions=depending(BEST_FIRST[better])) >= before


@holds
@given(case=assessable(), place=places, more=weeks)
def test_2_more_stock_never_lowers_s(case: Case, place: int, more: Fraction | None) -> None:
    place %= len(case.system.components)
    before = case.system.components[place].stock_weeks
    stock = None if before is None and more is None else (before or 0) + (more or 0)
    assert exact(case, components=with_leaf(case.system, place, stock_weeks=stock)) >= exact(case)


@holds
@given(case=assessable(), place=places, leads=st.lists(st.sampled_from(WEEKS), min_size=2, max_size=2))
def test_2_a_shorter_lead_time_never_lowers_s(case: Case, place: int, leads: list[Fraction]) -> None:
    place %= len(case.system.components)
    longer = exact(case, components=with_leaf(case.system, place, lead_time_weeks=max(leads)))
    assert exact(case, components=with_leaf(case.system, place, lead_time_weeks=min(leads))) >= longer


@holds
@given(case=assessable(), place=places, name=st.sampled_from(COUNTRY_FIELDS), country=st.sampled_from(COUNTRIES))
def test_3_any_country_instead_of_unknown_never_lowers_s(case: Case, place: int, name: str, country: str) -> None:
    place %= len(case.system.components)
    unknown = exact(case, components=with_leaf(case.system, place, **{name: None}))
    assert exact(case, components=with_leaf(case.system, place, **{name: country})) >= unknown


@holds
@given(case=assessable(), country=st.sampled_from(COUNTRIES))
def test_3_any_country_instead_of_unknown_in_the_system_never_lowers_s(case: Case, country: str) -> None:
    dimensions = tuple(replace(d, country=d.country or country) for d in case.system.dimensions)
    declared = case.system.design_authority
    authority = replace(declared, country=declared.country or country)
    assert exact(case, dimensions=dimensions, design_authority=authority) >= exact(case)


@holds
@given(case=assessable(), place=places, euros=st.integers(0, 100_000))
def test_4_giving_a_missing_value_out_of_the_residual_never_lowers_s(case: Case, place: int, euros: int) -> None:
    place %= len(case.system.components)
    components = with_leaf(case.system, place, unit_value=None)
    given_ = with_leaf(case.system, place, unit_value=Fraction(euros))
    room = (case.system.total_cents or 0) - sum(value_cents(component) or 0 for component in components)
    assume((value_cents(given_[place]) or 0) <= room)
    assert exact(case, components=given_) >= exact(case, components=components)


@holds
@given(case=assessable(), more=st.integers(0, 10**9))
def test_5_raising_the_total_alone_never_raises_s(case: Case, more: int) -> None:
    assert exact(case, total_cents=(case.system.total_cents or 0) + more) <= exact(case)


@holds
@given(case=assessable(), data=st.data())
def test_6_the_order_of_leaves_changes_nothing(case: Case, data: st.DataObject) -> None:
    shuffled = tuple(data.draw(st.permutations(case.system.components)))
    assert bm1.shown(scored(case, components=shuffled)) == bm1.shown(scored(case))


@holds
@given(case=assessable(whole_cents=True), times=st.integers(2, 1000))
def test_6_scaling_all_values_and_the_total_changes_neither_s_nor_the_shares(case: Case, times: int) -> None:
    scaled = tuple(
        replace(c, unit_value=None if c.unit_value is None else c.unit_value * times) for c in case.system.components
    )
    after = scored(case, components=scaled, total_cents=(case.system.total_cents or 0) * times)
    assert (after.exact_score, shares(after)) == (exact(case), shares(scored(case)))


@holds
@given(case=assessable(whole_cents=True), place=places, parts=st.integers(2, 5))
def test_6_splitting_a_leaf_into_identical_parts_changes_neither_s_nor_the_shares(
    case: Case, place: int, parts: int
) -> None:
    place %= len(case.system.components)
    part = case.system.components[place]
    total = (case.system.total_cents or 0) + (parts - 1) * (value_cents(part) or 0)
    whole = exact_and_shares(case, total, with_leaf(case.system, place, quantity=part.quantity * parts))
    others = [c for c in case.system.components if c.key != part.key]
    split = (*others, *(replace(part, key=f"{part.key}-{number}") for number in range(parts)))
    assert exact_and_shares(case, total, split) == whole


@holds
@given(case=cases(), data=st.data())
def test_7_hiding_a_country_of_concern_never_removes_every_knock_out(case: Case, data: st.DataObject) -> None:
    critical = {group.name for group in case.profile.function_groups if group.critical}
    parents = {c.parent_key for c in case.system.components}
    critical_leaves = [
        place for place, c in enumerate(case.system.components) if c.key not in parents and c.function_group in critical
    ]
    assume(critical_leaves)
    place = data.draw(st.sampled_from(critical_leaves))
    name = data.draw(st.sampled_from(ORIGIN_FIELDS))
    concern = with_leaf(case.system, place, **{name: "CN"})
    assert scored(case, components=concern).knock_outs
    assert scored(case, components=with_leaf(case.system, place, **{name: None})).knock_outs


@holds
@given(case=assessable(fewest=0))
def test_8_proven_declared_and_upper_bound_rise_and_safe_is_never_under_edip(case: Case) -> None:
    found = scored(case).origin_shares
    edip, safe = found["edip"], found["safe"]
    for share in (edip, safe):
        figures = [figure for figure in (share.proven, share.declared, share.upper_bound) if figure is not None]
        assert len(figures) == 3
        assert sorted([0, *figures, 100]) == [0, *figures, 100]
    assert (safe.proven or 0) >= (edip.proven or 0)
    assert (safe.declared or 0) >= (edip.declared or 0)
    assert (safe.upper_bound or 0) >= (edip.upper_bound or 0)


@holds
@given(case=cases())
def test_9_a_score_replays_to_the_same_bytes(case: Case) -> None:
    first, second = (json.dumps(bm1.shown(scored(case))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("lower", "higher"), [(AuthorityLevel.NEITHER, AuthorityLevel.ONE), (AuthorityLevel.ONE, AuthorityLevel.BOTH)]
)
@holds
@given(case=assessable())
def test_more_design_authority_never_lowers_s(lower: AuthorityLevel, higher: AuthorityLevel, case: Case) -> None:
    authority = case.system.design_authority
    before = exact(case, design_authority=replace(authority, level=lower))
    assert exact(case, design_authority=replace(authority, level=higher)) >= before
