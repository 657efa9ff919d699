"""Dependencies: words, and an alternative that is none."""

import pytest

from domain.base import new_id
from domain.errors import BrokenRule
from domain.oversight.dependencies import SafeguardStatus, check_alternative


def test_whether_a_safeguard_stands_is_spelled_as_everywhere() -> None:
    assert [status.value for status in SafeguardStatus] == ["planned", "inPlace", "notInPlace"]


def test_the_alternative_is_another_lot() -> None:
    lot = new_id()
    check_alternative(lot_id=lot, alternative_id=new_id())
    check_alternative(lot_id=None, alternative_id=None)
    with pytest.raises(BrokenRule):
        check_alternative(lot_id=lot, alternative_id=lot)
