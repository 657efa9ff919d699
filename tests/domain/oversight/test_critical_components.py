"""Critical components: a judgement rests on a source."""

import pytest

from domain.errors import BrokenRule
from domain.oversight.critical_components import check_judgement
from tests.factories.oversight.critical_components import a_critical_component


def test_one_may_stand_there_without_a_judgement() -> None:
    row = a_critical_component()
    check_judgement(dutch_position=row.dutch_position, source=row.source)


def test_a_judgement_names_its_source() -> None:
    check_judgement(dutch_position="toonaangevend", source="a-study")
    with pytest.raises(BrokenRule) as refused:
        check_judgement(dutch_position="toonaangevend", source=None)
    assert [fault.pointer for fault in refused.value.faults] == ["/source"]
