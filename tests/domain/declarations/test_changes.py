"""Changes between revisions: what counts as a change, and where the difference in points comes from, exactly."""

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.declarations import changes
from domain.declarations.changes import (
    KINDS,
    SYSTEM_PARTS,
    Changes,
    FieldDifference,
    LineDifferences,
    Revision,
    RevisionScore,
    Row,
    changes_between,
    line_fields,
    system_fields,
)
from domain.declarations.component_columns import FIELDS, LINE
from domain.declarations.components import PackedRows
from domain.declarations.origin_declarations import check_revised
from domain.errors import Conflict
from domain.scoring import bm1
from domain.scoring.inputs import ComponentInput, EvidenceInput, EvidenceLevel, System
from domain.scoring.results import KnockOutCode, Score
from tests.domain.scoring.examples import PROFILE, bm_1_0, example_1
from tests.domain.scoring.systems import REFERENCE_DATE, cases, systems
from tests.factories.declarations.origin_declarations import a_declaration
from tests.support.lines import a_bare_line, a_line
from tests.support.memory import measured_memory
from tests.support.properties import holds


def a_revision(*rows: Row, score: Score | None = None, **columns: Any) -> Revision:
    """A revision with these lines."""
    return Revision(
        a_declaration(**columns).model_dump(), list(rows), None if score is None else RevisionScore.of(score)
    )


def keys(found: LineDifferences) -> list[str]:
    """The keys of the lines that are told."""
    return [line.key for line in found.lines]


def test_lines_are_added_removed_and_changed_by_their_key() -> None:
    before = a_revision(a_bare_line("a"), a_bare_line("b"), a_bare_line("c"))
    after = a_revision(a_bare_line("d"), a_bare_line("c"), a_bare_line("b", quantity="2"), a_bare_line("e"))
    found = changes_between(before, after, limit=200)
    assert {kind: keys(found.lines[kind]) for kind in KINDS} == {
        "added": ["d", "e"],
        "removed": ["a"],
        "changed": ["b"],
        "affected": [],
    }
    assert [found.lines[kind].count for kind in KINDS] == [2, 1, 1, 0]
    assert (found.unchanged, found.system, found.effect) == (1, (), None)
    assert found.lines["changed"].lines[0].fields == (FieldDifference("quantity", "1", "2"),)
    assert {found.lines[kind].points for kind in KINDS} == {None}, "without scores there are no points"


def test_a_line_that_only_moved_place_has_not_changed() -> None:
    lines = [a_bare_line(key) for key in "abc"]
    found = changes_between(a_revision(*lines), a_revision(*reversed(lines)), limit=200)
    assert [found.lines[kind].count for kind in KINDS] == [0, 0, 0, 0]
    assert found.unchanged == 3


FIELD_CHANGES = [
    pytest.param({}, [], id="nothing"),
    pytest.param({"name": "Radio 2"}, [("name", "Radio", "Radio 2")], id="a name"),
    pytest.param({"unit_value": "12.3456780"}, [], id="a number written otherwise"),
    pytest.param({"unit_value": "12.35"}, [("unitValue", "12.345678", "12.35")], id="another number"),
    pytest.param({"unit_value": None}, [("unitValue", "12.345678", None)], id="a number that is no longer known"),
    pytest.param({"part_number": "R-1.0"}, [("partNumber", "R-1", "R-1.0")], id="text is no number"),
    pytest.param(
        {"evidence_level": "audited", "evidence_expires_on": None},
        [("evidence.level", "document", "audited"), ("evidence.expiresOn", "2027-01-31", None)],
        id="evidence, dotted",
    ),
    pytest.param(
        {"parent_key": None, "country_of_manufacture": "US"},
        [("parentKey", "avionics", None), ("countryOfManufacture", "NL", "US")],
        id="place in the tree and origin",
    ),
]


@pytest.mark.parametrize(("fields", "changes"), FIELD_CHANGES)
def test_a_changed_line_tells_each_field_before_and_after(
    fields: dict[str, Any], changes: list[tuple[str, str | None, str | None]]
) -> None:
    assert line_fields(a_line(), a_line(**fields)) == tuple(FieldDifference(*change) for change in changes)


def test_every_column_of_a_line_is_a_field_that_can_change() -> None:
    assert len(FIELDS) == len(LINE)
    whole = a_line(statement_id="s")
    other = tuple(f"{value}9" for value in whole)
    assert [change.field for change in line_fields(whole, other)] == list(FIELDS)
    assert [change.before for change in line_fields(None, whole)] == [None] * len(FIELDS)
    assert [change.after for change in line_fields(whole, None)] == [None] * len(FIELDS)


AUTHORITY = {"level": "both", "country": "NL", "evidence": {"level": "audited", "uri": "https://example.org/a"}}
CLOUD = {"dimension": "cloudAccess", "dependence": "partial", "country": "US"}
WHOLE_CHANGES = [
    pytest.param({"price_cents": 100}, [("price", None, "1.00")], id="price"),
    pytest.param({"total_component_cost_cents": 5}, [("totalComponentCost", None, "0.05")], id="T"),
    pytest.param({"system_name": "Merlin"}, [("system.name", "Kestrel", "Merlin")], id="name"),
    pytest.param({"system_final_assembly_country": "NL"}, [("system.finalAssemblyCountry", None, "NL")], id="assembly"),
    pytest.param(
        {"design_authority": AUTHORITY},
        [
            ("designAuthority.level", None, "both"),
            ("designAuthority.country", None, "NL"),
            ("designAuthority.evidence.level", "none", "audited"),
            ("designAuthority.evidence.uri", None, "https://example.org/a"),
        ],
        id="design authority",
    ),
    pytest.param(
        {"design_authority": {"level": None, "country": None, "evidence": None}}, [], id="said in other words"
    ),
    pytest.param(
        {"dimensions": [CLOUD]},
        [
            ("dimensions.cloudAccess.dependence", None, "partial"),
            ("dimensions.cloudAccess.country", None, "US"),
            ("dimensions.cloudAccess.evidence.level", None, "none"),
        ],
        id="a dimension",
    ),
]


@pytest.mark.parametrize(("columns", "changes"), WHOLE_CHANGES)
def test_what_is_said_of_the_whole_is_told_by_field(
    columns: dict[str, Any], changes: list[tuple[str, str | None, str | None]]
) -> None:
    there = changes_between(a_revision(), a_revision(**columns), limit=1).system
    back = changes_between(a_revision(**columns), a_revision(), limit=1).system
    assert sorted(there, key=str) == sorted((FieldDifference(*change) for change in changes), key=str)
    assert sorted(back, key=str) == sorted((FieldDifference(f, after, before) for f, before, after in changes), key=str)


def test_dimensions_in_another_order_say_the_same() -> None:
    both = [CLOUD, {"dimension": "spareParts", "dependence": "none"}]
    assert system_fields(a_declaration(dimensions=both).model_dump()) == system_fields(
        a_declaration(dimensions=both[::-1]).model_dump()
    )


def scored(system: System, profile: Any = PROFILE, **options: Any) -> Score:
    """A score on the reference date."""
    return bm1.score(bm_1_0(), profile, system, reference_date=REFERENCE_DATE, **options)


def row_of(component: ComponentInput) -> Row:
    """A component in storage form."""
    evidence = component.evidence
    proof = {"evidence_level": evidence.level.value, "evidence_expires_on": evidence.expires_on}
    said = {field.name: getattr(component, field.name) for field in fields(component)} | proof
    return tuple(None if (value := said.get(name)) is None else str(value) for name in LINE)


def compared(before: System, after: System, profile: Any, limit: int = 1000) -> tuple[Changes, Score, Score]:
    """What two systems differ in, with their scores."""
    one, other = (scored(system, profile) for system in (before, after))
    revisions = [
        Revision(a_declaration().model_dump(), [row_of(c) for c in system.components], RevisionScore.of(score))
        for system, score in ((before, one), (after, other))
    ]
    return changes_between(revisions[0], revisions[1], limit=limit), one, other


@holds
@given(data=st.data(), case=cases())
def test_the_points_of_lines_and_of_the_whole_add_up_exactly_to_the_difference_of_s(
    data: st.DataObject, case: Any
) -> None:
    other = data.draw(systems(case.profile))
    found, before, after = compared(case.system, other, case.profile)
    assert found.effect is not None
    if before.exact_score is None or after.exact_score is None:
        assert (found.effect.attribution, found.effect.figures.points.difference) == (None, None)
        assert {found.lines[kind].points for kind in KINDS} == {None}
        return
    attribution = found.effect.attribution
    assert attribution is not None
    assert sum(attribution.values()) == found.effect.figures.points.difference == after.exact_score - before.exact_score
    for kind in KINDS:
        assert (
            found.lines[kind].points == attribution[kind] == sum(line.points or 0 for line in found.lines[kind].lines)
        )
    told = {kind: {line.key for line in found.lines[kind].lines} for kind in KINDS}
    was, now = ({c.key for c in system.components} for system in (case.system, other))
    assert (told["added"], told["removed"]) == (now - was, was - now)
    assert len(told["changed"]) + found.unchanged == len(was & now)


@holds
@given(case=cases(), data=st.data())
def test_nothing_changed_is_no_change_at_all(case: Any, data: st.DataObject) -> None:
    again = replace(case.system, components=tuple(data.draw(st.permutations(case.system.components))))
    found, _, _ = compared(case.system, again, case.profile)
    assert [found.lines[kind].count for kind in KINDS] == [0, 0, 0, 0]
    assert found.unchanged == len(case.system.components)
    assert found.effect is not None
    assert (found.effect.added_knock_outs, found.effect.removed_knock_outs) == ((), ())
    assert found.effect.attribution is None or set(found.effect.attribution.values()) == {0}


def with_control(**fields: Any) -> System:
    """Worked example 1 with its control unit changed."""
    system = example_1()
    return replace(
        system,
        components=tuple(replace(c, **fields) if c.key == "control" else c for c in system.components),
    )


def test_the_effect_tells_score_adjustment_shares_and_knock_outs() -> None:
    keys_of = [component.key for component in example_1().components]
    assert "control" in keys_of
    found, before, after = compared(example_1(), with_control(country_of_manufacture="CN"), PROFILE)
    effect = found.effect
    assert effect is not None
    assert (effect.scheme_version, effect.reference_date) == ("BM-1.0", REFERENCE_DATE)
    assert (effect.figures.score.before, effect.figures.score.after) == (before.score, after.score)
    assert effect.figures.adjustment_percent.difference == after.adjustment_percent - before.adjustment_percent
    edip = effect.figures.origin_shares["edip"]
    assert (edip.before, edip.after) == (before.origin_shares["edip"].verdict, after.origin_shares["edip"].verdict)
    assert edip.figures["declared"].difference == -50
    assert [(entry.code, entry.component_key) for entry in effect.added_knock_outs] == [
        (KnockOutCode.CONCERN, "control")
    ]
    assert effect.removed_knock_outs == ()
    assert keys(found.lines["changed"]) == ["control"]


def test_a_line_that_says_the_same_is_affected_by_another_total() -> None:
    system = example_1()
    found, _, _ = compared(system, replace(system, total_cents=80_000_000), PROFILE)
    assert (found.lines["changed"].count, found.unchanged) == (0, 3)
    assert sorted(keys(found.lines["affected"])) == sorted(c.key for c in system.components)
    assert found.effect is not None
    assert found.effect.attribution is not None
    assert found.effect.attribution["residual"] == 0, "what no component accounts for wins nothing"
    assert found.effect.figures.points.difference == found.effect.attribution["affected"]


def test_the_lines_that_move_the_score_most_come_first_and_the_rest_is_counted() -> None:
    weak = EvidenceInput(EvidenceLevel.SELF_DECLARED)
    system = example_1()
    after = replace(system, components=tuple(replace(c, evidence=weak) for c in system.components))
    everything, _, _ = compared(system, after, PROFILE)
    points = [abs(line.points or Fraction(0)) for line in everything.lines["changed"].lines]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) > 1
    found, _, _ = compared(system, after, PROFILE, limit=1)
    assert found.lines["changed"].count == 3
    assert found.lines["changed"].lines == everything.lines["changed"].lines[:1]
    assert found.lines["changed"].points == everything.lines["changed"].points


def test_a_first_revision_has_nothing_before_it() -> None:
    with pytest.raises(Conflict, match="the first revision"):
        check_revised(revises=None)
    row = a_declaration()
    assert check_revised(revises=row.id) == row.id


def compared_whole(before: list[Row], after: list[Row], points: list[dict[str, Fraction]], limit: int) -> Any:
    """What two sets differ in, worked out with both of them in memory: by kind its count, points and first lines."""
    known = {row[LINE.index("key")]: row for row in before}
    found: dict[str, list[tuple[str, str, Any, Fraction]]] = {kind: [] for kind in KINDS}
    unchanged = 0

    def told(row: Row, changes: Any) -> tuple[str, str, Any, Fraction]:
        key = row[LINE.index("key")]
        gained = points[1].get(key, Fraction(0)) - points[0].get(key, Fraction(0))
        return key, row[LINE.index("name")], changes, gained

    for row in after:
        was = known.pop(row[LINE.index("key")], None)
        changes = line_fields(was, row)
        unchanged += not changes
        kind = "affected" if not changes else "added" if was is None else "changed"
        if changes or told(row, changes)[3]:
            found[kind].append(told(row, changes))
    found["removed"] = [told(row, line_fields(row, None)) for row in known.values()]
    kinds = {
        kind: (len(lines), sum(line[3] for line in lines), sorted(lines, key=lambda line: -abs(line[3]))[:limit])
        for kind, lines in found.items()
    }
    return kinds, unchanged


def sets_of_lines() -> st.SearchStrategy[list[Row]]:
    """Lines in any order, with keys of their own, a few of which other sets have too."""
    lines = st.builds(a_bare_line, st.sampled_from("abcdefghij"), quantity=st.sampled_from(("1", "1.0", "2")))
    return st.lists(lines, unique_by=lambda row: row[LINE.index("key")])


def a_score_of(points: dict[str, Fraction]) -> RevisionScore:
    """A score whose lines win these points."""
    return RevisionScore(scored(example_1()), points, dict.fromkeys(SYSTEM_PARTS, Fraction(0)))


@holds
@given(
    before=sets_of_lines(),
    after=sets_of_lines(),
    points=st.lists(
        st.dictionaries(st.sampled_from("abcdefghij"), st.fractions(-2, 2, max_denominator=3)), min_size=2, max_size=2
    ),
    limit=st.integers(1, 12),
    kept=st.integers(1, 3),
)
def test_lines_compared_as_they_are_read_are_those_compared_whole(
    before: list[Row], after: list[Row], points: list[dict[str, Fraction]], limit: int, kept: int
) -> None:
    revisions = [
        Revision(a_declaration().model_dump(), PackedRows(rows), a_score_of(won))
        for rows, won in zip((before, after), points, strict=True)
    ]
    with patch.object(changes, "_KEPT_AT_MOST", kept):
        found = changes_between(revisions[0], revisions[1], limit=limit)
    kinds = {
        kind: (lines.count, lines.points, [(line.key, line.name, line.fields, line.points) for line in lines.lines])
        for kind, lines in found.lines.items()
    }
    assert (kinds, found.unchanged) == compared_whole(before, after, points, limit)


@pytest.mark.parametrize("moved", [False, True], ids=["in the same order", "the last comes first"])
def test_two_large_revisions_take_little_memory(moved: bool) -> None:
    count = 20_000
    lines = [a_line(key=f"k{number}") for number in range(count)]
    after = [a_line(key=f"k{number}", name="New" if number % 7 == 0 else "Radio") for number in range(count)]
    revisions = [
        Revision(a_declaration().model_dump(), PackedRows(rows), None)
        for rows in (lines, [after[-1], *after[:-1]] if moved else after)
    ]
    with measured_memory() as memory:
        found = changes_between(revisions[0], revisions[1], limit=10)
    assert (found.lines["changed"].count, found.unchanged) == (2858, count - 2858)
    assert memory.peak < 8_000_000, "as objects one revision takes four times as much"
