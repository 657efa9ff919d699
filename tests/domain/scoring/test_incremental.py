"""The incremental score: exactly that of the changed system scored whole, whatever is replaced and in whatever order."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scoring import bm1
from domain.scoring.bm1.incremental import IncrementalScore, Statement
from domain.scoring.bm1.valued import valued_system
from domain.scoring.inputs import ComponentInput, Dimension, DimensionName, System
from tests.domain.scoring.examples import PROFILE, REFERENCE_DATE, a_leaf, a_system, bm_1_0
from tests.domain.scoring.systems import (
    Case,
    authorities,
    cases,
    countries,
    declared_dimensions,
    evidences,
    licences,
    weeks,
)
from tests.support.properties import holds


def incremental_of(case: Case) -> IncrementalScore:
    """The incremental score of a case."""
    return IncrementalScore(
        valued_system(scheme=bm_1_0(), profile=case.profile, system=case.system, reference_date=REFERENCE_DATE)
    )


def exact(case: Case) -> Fraction | None:
    """S of a case scored whole."""
    return bm1.score(bm_1_0(), case.profile, case.system, reference_date=REFERENCE_DATE).exact_score


def changed(system: System, statement: Statement) -> System:
    """A system with a statement in the place of the one before."""
    if isinstance(statement, ComponentInput):
        lines = (statement if line.key == statement.key else line for line in system.components)
        return replace(system, components=tuple(lines))
    if isinstance(statement, Dimension):
        others = (line for line in system.dimensions if line.dimension is not statement.dimension)
        return replace(system, dimensions=(*others, statement))
    return replace(system, design_authority=statement)


@st.composite
def restated(draw: st.DrawFn, component: ComponentInput) -> ComponentInput:
    """The same component with other origin, evidence and supply."""
    return replace(
        component,
        country_of_manufacture=draw(countries),
        country_of_control=draw(countries),
        licence_country=draw(licences),
        export_regime=draw(licences),
        second_source_country=draw(countries),
        stock_weeks=draw(weeks),
        lead_time_weeks=draw(weeks),
        evidence=draw(evidences),
    )


@st.composite
def cases_and_changes(draw: st.DrawFn) -> tuple[Case, Sequence[Statement]]:
    """A case, and statements to replace in it one after another, the same one twice at times."""
    case = draw(cases())
    kinds: list[st.SearchStrategy[Statement]] = [authorities, declared_dimensions().flatmap(_one_of_them)]
    if case.system.components:
        kinds.append(st.sampled_from(case.system.components).flatmap(restated))
    return case, draw(st.lists(st.one_of(kinds), min_size=1, max_size=6))


def _one_of_them(declared: tuple[Dimension, ...]) -> st.SearchStrategy[Dimension]:
    return st.sampled_from(declared or (Dimension(DimensionName.CLOUD_ACCESS),))


@holds
@given(both=cases_and_changes())
def test_replacing_one_after_another_gives_what_the_changed_system_scores_whole(
    both: tuple[Case, Sequence[Statement]],
) -> None:
    case, statements = both
    incremental = incremental_of(case)
    assert incremental.exact == exact(case)
    for statement in statements:
        before, foreseen = incremental.exact, incremental.difference(statement)
        assert incremental.exact == before, "to foresee is not to change"
        assert incremental.replace(statement) == foreseen
        case = replace(case, system=changed(case.system, statement))
        assert incremental.exact == exact(case)
        assert before is None or incremental.exact == before + foreseen


@holds
@given(case=cases(), data=st.data())
def test_a_leaf_never_wins_more_than_it_carries(case: Case, data: st.DataObject) -> None:
    incremental = incremental_of(case)
    for leaf in valued_system(
        scheme=bm_1_0(), profile=case.profile, system=case.system, reference_date=REFERENCE_DATE
    ).leaves:
        lost = sum(weight * (100 - leaf.scores[name]) for name, weight in bm_1_0().leaf_weights.items()) / 100
        most = incremental.share_by_value(leaf) * lost + incremental.room_as_lowest(leaf)
        assert incremental.difference(data.draw(restated(leaf.component))) <= most


def test_a_leaf_with_another_value_or_function_group_is_no_replacement() -> None:
    incremental = incremental_of(Case(PROFILE, a_system(100, [a_leaf("control", 60), a_leaf("power", 40)])))
    for other in (a_leaf("control", 61), a_leaf("control", None), a_leaf("control", 60, function_group="power")):
        with pytest.raises(ValueError, match="control would have another value or function group"):
            incremental.difference(other)


def test_what_counts_nowhere_changes_nothing() -> None:
    node = ComponentInput("drone", "Drone", Fraction(1))
    incremental = incremental_of(Case(PROFILE, a_system(100, [node, a_leaf("control", 100, parent_key="drone")])))
    assert incremental.replace(replace(node, country_of_manufacture="CN")) == 0
    assert incremental.replace(Dimension(DimensionName.AMMUNITION_SUPPLY)) == 0


def test_without_a_total_there_is_no_score_and_nothing_changes_it() -> None:
    incremental = incremental_of(Case(PROFILE, a_system(None, [a_leaf("control", 100, "CN/CN/CN/CN")])))
    assert incremental.replace(a_leaf("control", 100)) == 0
    assert incremental.exact is None
