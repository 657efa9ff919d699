"""Dependencies: words, and an alternative that is none."""

import pytest

from domain.base import new_id
from domain.errors import BrokenRule
from domain.oversight.dependencies import SafeguardStatus, check_alternative, check_safeguard


def test_whether_a_safeguard_stands_is_spelled_as_everywhere() -> None:
    assert [status.value for status in SafeguardStatus] == ["planned", "inPlace", "notInPlace"]


def test_the_alternative_is_another_lot() -> None:
    lot = new_id()
    check_alternative(lot_id=lot, alternative_id=new_id())
    check_alternative(lot_id=None, alternative_id=None)
    with pytest.raises(BrokenRule):
        check_alternative(lot_id=lot, alternative_id=lot)


@pytest.mark.parametrize("status", [None, *SafeguardStatus])
def test_only_what_is_in_place_needs_evidence(status: SafeguardStatus | None) -> None:
    check_safeguard(status=status, evidence=["a report"])
    if status is not SafeguardStatus.IN_PLACE:
        check_safeguard(status=status, evidence=[])
        return
    with pytest.raises(BrokenRule) as refused:
        check_safeguard(status=status, evidence=[])
    assert [fault.pointer for fault in refused.value.faults] == ["/evidence"]
