"""Refusals: words for the user, and the fields at fault."""

import pytest

from domain.errors import BrokenRule, Conflict, Fault, Forbidden, NotFound, Refusal


@pytest.mark.parametrize("kind", [NotFound, BrokenRule, Conflict, Forbidden])
def test_every_refusal_carries_one_sentence_and_the_fields_at_fault(kind: type[Refusal]) -> None:
    refusal = kind("it cannot be", [Fault("/window/end", "ends before it starts")])
    assert (str(refusal), refusal.detail) == ("it cannot be", "it cannot be")
    assert refusal.faults == (Fault("/window/end", "ends before it starts"),)


def test_a_refusal_may_be_about_no_field() -> None:
    assert Conflict("it cannot be").faults == ()


def test_a_broken_rule_can_be_told_by_its_faults_alone() -> None:
    faults = Fault("/achievedOn", "met needs its day"), Fault("/assessedOn", "is in the future")
    refusal = BrokenRule.at(*faults)
    assert refusal.detail == "met needs its day; is in the future"
    assert refusal.faults == faults
