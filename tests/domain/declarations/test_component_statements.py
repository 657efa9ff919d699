"""Statements of components: when they hold, what may change of them, and the shares that others see."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.declarations.component_statements import (
    Validity,
    check_change,
    new_statement_faults,
    origin_shares,
    validity_of,
)
from domain.errors import BrokenRule, Conflict
from domain.scoring import bm1
from domain.scoring.inputs import (
    AuthorityLevel,
    ComponentInput,
    DesignAuthority,
    DimensionName,
    FunctionGroup,
    Profile,
    System,
)
from tests.domain.scoring.examples import PROFILE, bm_1_0, bonus_malus, example_1
from tests.domain.scoring.systems import REFERENCE_DATE, assessable, cases
from tests.support.properties import holds

TODAY = date(2026, 11, 21)
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


@pytest.mark.parametrize(
    ("valid_until", "withdrawn_on", "validity"),
    [
        pytest.param(None, None, Validity.VALID, id="without an end"),
        pytest.param(TODAY, None, Validity.VALID, id="on its last day"),
        pytest.param(YESTERDAY, None, Validity.EXPIRED, id="after its last day"),
        pytest.param(None, TODAY, Validity.WITHDRAWN, id="withdrawn"),
        pytest.param(YESTERDAY, TODAY, Validity.WITHDRAWN, id="withdrawn after its last day"),
    ],
)
def test_a_statement_holds_until_its_last_day_or_its_withdrawal(
    valid_until: date | None, withdrawn_on: date | None, validity: Validity
) -> None:
    assert validity_of(valid_until=valid_until, withdrawn_on=withdrawn_on, today=TODAY) is validity


SOUND: dict[str, Any] = {
    "components": example_1().components,
    "known_cents": 100,
    "total_cents": 100,
    "valid_until": TODAY,
    "shared_with": ["a", "b"],
}


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        pytest.param({}, [], id="sound"),
        pytest.param({"valid_until": None, "shared_with": []}, [], id="for ever, for nobody"),
        pytest.param({"components": ()}, ["/components"], id="of nothing"),
        pytest.param({"known_cents": 101}, ["/totalComponentCost"], id="worth more than it costs"),
        pytest.param({"valid_until": YESTERDAY}, ["/validUntil"], id="over already"),
        pytest.param({"shared_with": ["a", "b", "a"]}, ["/sharedWith/2"], id="shared twice with one"),
        pytest.param(
            {"components": (), "valid_until": YESTERDAY, "shared_with": ["a", "a"]},
            ["/components", "/validUntil", "/sharedWith/1"],
            id="all at once",
        ),
    ],
)
def test_what_is_wrong_with_a_new_statement_is_told_at_once(fields: dict[str, Any], pointers: list[str]) -> None:
    found = new_statement_faults(**{**SOUND, **fields}, today=TODAY)
    assert [fault.pointer for fault in found] == pointers


@pytest.mark.parametrize(
    ("before", "after", "shared", "refusal"),
    [
        pytest.param(None, None, ["a"], None, id="shared"),
        pytest.param(None, TODAY, [], None, id="withdrawn today"),
        pytest.param(YESTERDAY, YESTERDAY, ["a"], None, id="shared after it was withdrawn"),
        pytest.param(None, YESTERDAY, [], (BrokenRule, ["/withdrawnOn"]), id="withdrawn yesterday"),
        pytest.param(None, TOMORROW, [], (BrokenRule, ["/withdrawnOn"]), id="withdrawn tomorrow"),
        pytest.param(YESTERDAY, None, [], (Conflict, ["/withdrawnOn"]), id="no longer withdrawn"),
        pytest.param(YESTERDAY, TODAY, [], (Conflict, ["/withdrawnOn"]), id="withdrawn again"),
        pytest.param(None, None, ["a", "a"], (BrokenRule, ["/sharedWith/1"]), id="shared twice"),
        pytest.param(None, TOMORROW, ["a", "a"], (BrokenRule, ["/sharedWith/1", "/withdrawnOn"]), id="two things"),
    ],
)
def test_a_statement_is_shared_and_withdrawn_at_once_and_for_good(
    before: date | None, after: date | None, shared: list[str], refusal: tuple[type[Exception], list[str]] | None
) -> None:
    given_ = {"withdrawn_before": before, "withdrawn_on": after, "shared_with": shared, "today": TODAY}
    if refusal is None:
        check_change(**given_)
        return
    with pytest.raises(refusal[0]) as refused:
        check_change(**given_)
    assert [fault.pointer for fault in refused.value.faults] == refusal[1]  # type: ignore[attr-defined]


def shares(components: tuple[ComponentInput, ...], total_cents: int) -> dict[str, dict[str, str | None]]:
    """The shares of a statement on the reference date."""
    return origin_shares(
        algorithm=bonus_malus(), components=components, total_cents=total_cents, reference_date=REFERENCE_DATE
    )


def declared(components: tuple[ComponentInput, ...], total_cents: int, profile: Profile) -> dict[str, Any]:
    """The shares of a whole declaration of these lines, without what decides them."""
    prime = DesignAuthority(AuthorityLevel.BOTH, "NL")
    system = System(total_cents, components, design_authority=prime)
    found = bm1.shown(bm1.score(bm_1_0(), profile, system, reference_date=REFERENCE_DATE))["originShares"]
    return {
        name: {field: share[field] for field in ("proven", "declared", "upperBound", "verdict")}
        for name, share in found.items()
    }


@holds
@given(case=assessable())
def test_the_shares_are_those_of_a_declaration_that_holds_just_these_lines(case: Any) -> None:
    components, total = case.system.components, case.system.total_cents
    mine, theirs = shares(components, total), declared(components, total, case.profile)
    figures = ("proven", "declared", "upperBound")
    assert {n: [s[f] for f in figures] for n, s in mine.items()} == {
        n: [s[f] for f in figures] for n, s in theirs.items()
    }
    assert mine["safe"] == theirs["safe"]
    independent = {"possible": "pass"}
    edip = theirs["edip"]["verdict"]
    assert mine["edip"]["verdict"] in (edip, independent.get(edip)), (
        "what a profile asks beside the lines is not asked here"
    )


@holds
@given(case=cases(), total=st.integers(0, 10**9))
def test_any_lines_and_any_total_have_shares_that_rise(case: Any, total: int) -> None:
    known = sum(1 for _ in case.system.components)
    for share in shares(case.system.components, max(total, 10**9 + known)).values():
        figures = [float(share[name] or 0) for name in ("proven", "declared", "upperBound")]
        assert figures == sorted(figures)
        assert share["verdict"] in ("pass", "possible", "fail")


def test_a_proven_dutch_component_passes_and_one_with_a_country_of_concern_fails_edip() -> None:
    system = example_1()
    good = shares(system.components, system.total_cents or 0)
    assert (
        good["edip"]
        == good["safe"]
        == {"proven": "100.0000", "declared": "100.0000", "upperBound": "100.0000", "verdict": "pass"}
    )
    first, *rest = system.components
    concern = ComponentInput(
        key="chip", name="Chip", quantity=first.quantity, country_of_control="CN", unit_value=first.unit_value
    )
    bad = shares((concern, *rest, first), 100_000_000)
    assert (bad["edip"]["verdict"], bad["safe"]["verdict"]) == ("fail", "possible")


def test_without_a_cost_there_is_no_share_and_nothing_is_decided() -> None:
    line = ComponentInput(key="a", name="A", quantity=example_1().components[0].quantity)
    nothing = {"proven": None, "declared": None, "upperBound": None, "verdict": "possible"}
    assert shares((line,), 0) == {"edip": nothing, "safe": nothing}


def test_function_groups_of_no_profile_are_no_hindrance() -> None:
    whole = Profile((FunctionGroup("control", PROFILE.function_groups[0].weight),), (DimensionName.SPARE_PARTS,))
    line = example_1().components[0]
    assert line.function_group == whole.function_groups[0].name
    assert shares((line,), 20_000_000)["edip"]["proven"] == "100.0000"
