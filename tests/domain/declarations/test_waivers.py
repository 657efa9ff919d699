"""Waivers of knock-outs: what can be waived, for how long, and that a waiver touches the price alone."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.declarations.waivers import check_knock_out, check_waiver, waiver_of
from domain.errors import BrokenRule, Conflict
from domain.scoring import bm1
from domain.scoring.inputs import (
    AuthorityLevel,
    ComponentInput,
    Dependence,
    DesignAuthority,
    Dimension,
    DimensionName,
    EvidenceInput,
    EvidenceLevel,
    FunctionGroup,
    Profile,
    System,
    WaiverInput,
)
from domain.scoring.results import KnockOutCode, Reason, ScoreKnockOut
from domain.scoring.scores import without_waivers
from tests.domain.scoring.examples import bm_1_0
from tests.domain.scoring.systems import REFERENCE_DATE, Case, cases
from tests.factories.declarations.origin_declarations import a_waiver
from tests.support.properties import holds

TODAY = date(2026, 11, 21)
CLOUD = DimensionName.CLOUD_ACCESS
CONCERN, INCOMPLETE, PRIME = KnockOutCode
AT_RADIO = ScoreKnockOut(CONCERN, Reason.COUNTRY_OF_CONCERN, component_key="radio")
AT_CLOUD = ScoreKnockOut(CONCERN, Reason.DECISIVE_ON_CONCERN, dimension=CLOUD)
UNKNOWN = ScoreKnockOut(INCOMPLETE, Reason.UNKNOWN_ORIGIN, component_key="chip")
SOUND: dict[str, Any] = {"code": CONCERN, "component_key": "radio", "dimension": None, "expires_on": TODAY}


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        pytest.param({}, [], id="a component, until today"),
        pytest.param({"component_key": None, "dimension": CLOUD}, [], id="a dimension"),
        pytest.param({"code": INCOMPLETE}, ["/code"], id="what an answer cures"),
        pytest.param({"code": PRIME}, ["/code"], id="the prime"),
        pytest.param({"component_key": None}, ["/componentKey"], id="nowhere"),
        pytest.param({"dimension": CLOUD}, ["/componentKey"], id="at two places"),
        pytest.param({"expires_on": TODAY - timedelta(1)}, ["/expiresOn"], id="over before it begins"),
        pytest.param(
            {"code": PRIME, "component_key": None, "expires_on": date(2020, 1, 1)},
            ["/code", "/componentKey", "/expiresOn"],
            id="all at once",
        ),
    ],
)
def test_a_waiver_is_of_a_concern_at_one_place_and_for_a_while(fields: dict[str, Any], pointers: list[str]) -> None:
    found = []
    try:
        check_waiver(**{**SOUND, **fields}, today=TODAY)
    except BrokenRule as refused:
        found = [fault.pointer for fault in refused.faults]
    assert found == pointers


@pytest.mark.parametrize("place", [("radio", None), (None, CLOUD)])
def test_a_knock_out_that_is_there_can_be_waived(place: tuple[str | None, DimensionName | None]) -> None:
    check_knock_out(code=CONCERN, component_key=place[0], dimension=place[1], knock_outs=[AT_RADIO, AT_CLOUD])


MANY = [ScoreKnockOut(CONCERN, Reason.COUNTRY_OF_CONCERN, component_key=f"p{n}") for n in range(12)]


@pytest.mark.parametrize(
    ("place", "knock_outs", "pointer", "words"),
    [
        pytest.param(("chip", None), [AT_RADIO, UNKNOWN], "/componentKey", "it has KO-1 at radio", id="elsewhere"),
        pytest.param((None, CLOUD), [AT_RADIO], "/dimension", "it has KO-1 at radio", id="no dimension"),
        pytest.param(("radio", None), [AT_CLOUD], "/componentKey", "it has KO-1 at cloudAccess", id="a dimension only"),
        pytest.param(("radio", None), [], "/componentKey", "it has no KO-1 at all", id="none"),
        pytest.param(
            ("radio", None),
            MANY,
            "/componentKey",
            "it has KO-1 at p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more",
            id="many",
        ),
    ],
)
def test_a_knock_out_that_is_not_there_is_refused_with_what_is(
    place: tuple[str | None, DimensionName | None], knock_outs: Sequence[ScoreKnockOut], pointer: str, words: str
) -> None:
    with pytest.raises(Conflict, match=f"{words}$") as refused:
        check_knock_out(code=CONCERN, component_key=place[0], dimension=place[1], knock_outs=knock_outs)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_a_draft_has_nothing_to_waive() -> None:
    with pytest.raises(Conflict, match="is a draft"):
        check_knock_out(code=CONCERN, component_key="radio", dimension=None, knock_outs=None)


def test_a_recorded_waiver_is_the_one_that_a_score_takes() -> None:
    row = a_waiver(component_key=None, dimension=CLOUD)
    assert waiver_of(row.model_dump()) == WaiverInput(
        code="KO-1",
        authority=row.authority,
        reason=row.reason,
        expires_on=row.expires_on,
        alternative_trajectory=row.alternative_trajectory,
        dimension=CLOUD,
    )


def waiving(entry: ScoreKnockOut, expires_on: date) -> WaiverInput:
    """A waiver of one knock-out."""
    return WaiverInput(
        entry.code, "Commander", "no other source", expires_on, "a second source", entry.component_key, entry.dimension
    )


def shown(case: Case, day: date, waivers: Sequence[WaiverInput]) -> dict[str, Any]:
    """A score as it is shown."""
    options = {**case.options, "reference_date": day, "waivers": waivers}
    body: dict[str, Any] = bm1.shown(bm1.score(bm_1_0(), case.profile, case.system, **options))
    return body


@holds
@given(case=cases(), data=st.data(), after=st.integers(0, 400))
def test_a_waiver_changes_nothing_but_itself_and_the_price(case: Case, data: st.DataObject, after: int) -> None:
    day = REFERENCE_DATE + timedelta(after)
    options = {**case.options, "reference_date": day, "waivers": ()}
    bare = bm1.score(bm_1_0(), case.profile, case.system, **options)
    waived = data.draw(st.lists(st.sampled_from(bare.knock_outs), unique=True)) if bare.knock_outs else []
    with_them = shown(case, day, [waiving(entry, REFERENCE_DATE + timedelta(200)) for entry in waived])
    assert without_waivers(with_them) == bm1.shown(bare)
    assert json.dumps(without_waivers(with_them)) == json.dumps(bm1.shown(bare)), "in the same bytes"


GOOD = EvidenceInput(EvidenceLevel.AUDITED)
WHOLE = Profile((FunctionGroup("control", Fraction(1), critical=True),), (CLOUD, DimensionName.SPARE_PARTS))


@st.composite
def of_concern_alone(draw: st.DrawFn) -> Case:
    """A system that knows everything of itself, so that concern is all that can stand in its way."""
    keys = [f"part-{n}" for n in range(draw(st.integers(1, 4)))]
    origins = st.sampled_from(("NL", "US", "CN", "RU"))
    lines = tuple(
        ComponentInput(
            key=key,
            name=key,
            quantity=Fraction(1),
            unit_value=Fraction(100),
            function_group="control",
            country_of_manufacture=draw(origins),
            country_of_control=draw(origins),
            licence_country="NONE",
            export_regime=draw(origins),
            evidence=GOOD,
        )
        for key in keys
    )
    dimensions = tuple(
        Dimension(name, draw(st.sampled_from(Dependence)), draw(origins), GOOD) for name in WHOLE.dimensions
    )
    authority = DesignAuthority(AuthorityLevel.BOTH, "NL", GOOD)
    return Case(WHOLE, System(10_000 * len(keys), lines, dimensions, authority, "NL"), price_cents=1_000_00)


@holds
@given(case=of_concern_alone(), lasts=st.integers(0, 100))
def test_with_every_concern_waived_there_is_a_price_until_the_waivers_expire(case: Case, lasts: int) -> None:
    knock_outs = bm1.score(bm_1_0(), case.profile, case.system, **case.options).knock_outs
    assert {entry.code for entry in knock_outs} <= {CONCERN}
    last = REFERENCE_DATE + timedelta(lasts)
    waivers = [waiving(entry, last) for entry in knock_outs]
    without_concern = shown(replace(case, profile=replace(WHOLE, function_groups=_uncritical())), last, ())
    assert shown(case, last, waivers)["fictitiousPrice"] is not None
    if not any(entry.dimension for entry in knock_outs):
        assert shown(case, last, waivers)["fictitiousPrice"] == without_concern["fictitiousPrice"]
    after = shown(case, last + timedelta(1), waivers)
    assert (after["fictitiousPrice"] is None) == bool(knock_outs)
    assert all("waiver" not in entry for entry in after["knockOuts"])
    one_less = shown(case, last, waivers[1:])
    assert (one_less["fictitiousPrice"] is None) == bool(knock_outs), "each of them must be waived"


def _uncritical() -> tuple[FunctionGroup, ...]:
    return tuple(replace(group, critical=False) for group in WHOLE.function_groups)


@pytest.mark.parametrize("newest", ["short", "long"])
def test_of_several_the_first_in_force_counts(newest: str) -> None:
    case = Case(
        WHOLE,
        System(
            100_00,
            (
                ComponentInput(
                    "radio", "Radio", Fraction(1), None, Fraction(100), "control", "CN", "NL", "NONE", "NONE"
                ),
            ),
            tuple(Dimension(name, Dependence.NONE) for name in WHOLE.dimensions),
        ),
        price_cents=1,
    )
    until = {"short": date(2026, 12, 1), "long": date(2027, 12, 1)}
    order = sorted(until, key=lambda name: name != newest)
    waivers = [replace(waiving(AT_RADIO, until[name]), authority=name) for name in order]
    found = [shown(case, day, waivers)["knockOuts"][0]["waiver"]["authority"] for day in until.values()]
    assert found == [newest, "long"]
