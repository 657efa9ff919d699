"""Targets: aims, spelled as everywhere."""

from domain.registers import TargetBound


def test_a_bound_lies_on_one_of_two_sides() -> None:
    assert [bound.value for bound in TargetBound] == ["atLeast", "atMost"]
