"""Commitments: what is refused of them, and how they are counted."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import new_id
from domain.errors import BrokenRule
from domain.oversight.commitments import CommitmentStatus, CommitmentTally, check_commitment, tally
from tests.factories.oversight.commitments import a_commitment

TODAY = date(2026, 11, 21)
OPEN, FULFILLED, WITHDRAWN = CommitmentStatus
DAY, LOT = timedelta(days=1), str(new_id())
FULFILMENT = {"status": FULFILLED, "fulfilled_on": TODAY, "evidence": "a-letter"}


def check(**named: Any) -> None:
    """Checks a commitment of which only what is named matters."""
    names = ("status", "made", "due", "fulfilled_on", "evidence", "lot_ids")
    row = a_commitment(**named)
    check_commitment(**{name: getattr(row, name) for name in names}, today=TODAY)


ALLOWED = [
    pytest.param({}, id="open, without any day"),
    pytest.param({"made": TODAY, "due": TODAY}, id="made and due on one day"),
    pytest.param({"made": TODAY - DAY, "due": TODAY - DAY}, id="overdue"),
    pytest.param(FULFILMENT, id="fulfilled, made on a day that no source says"),
    pytest.param({**FULFILMENT, "made": TODAY}, id="fulfilled on the day it was made"),
    pytest.param({**FULFILMENT, "made": TODAY - DAY, "due": TODAY - DAY}, id="fulfilled too late"),
    pytest.param({"status": WITHDRAWN, "lot_ids": [LOT]}, id="withdrawn"),
]


@pytest.mark.parametrize("named", ALLOWED)
def test_what_can_be_is_let_through(named: dict[str, Any]) -> None:
    check(**named)


REFUSED = [
    pytest.param({**FULFILMENT, "made": TODAY, "fulfilled_on": TODAY - DAY}, ["/fulfilledOn"], id="before it was made"),
    pytest.param({**FULFILMENT, "evidence": None}, ["/evidence"], id="fulfilled without a letter"),
    pytest.param({**FULFILMENT, "fulfilled_on": None}, ["/fulfilledOn"], id="fulfilled without a day"),
    pytest.param({"status": FULFILLED}, ["/fulfilledOn", "/evidence"], id="fulfilled without either"),
    pytest.param({**FULFILMENT, "fulfilled_on": TODAY + DAY}, ["/fulfilledOn"], id="fulfilled tomorrow"),
    pytest.param({"made": TODAY + DAY}, ["/made"], id="made tomorrow"),
    pytest.param({"made": TODAY, "due": TODAY - DAY}, ["/due"], id="due before it was made"),
    pytest.param({"evidence": "a-letter"}, ["/evidence"], id="open with a letter"),
    pytest.param(
        {"status": WITHDRAWN, "fulfilled_on": TODAY, "evidence": "a"}, ["/fulfilledOn", "/evidence"], id="withdrawn"
    ),
    pytest.param({"lot_ids": [LOT, LOT]}, ["/lotIds/1"], id="a lot twice"),
]


@pytest.mark.parametrize(("named", "pointers"), REFUSED)
def test_what_cannot_be_is_refused_by_field(named: dict[str, Any], pointers: list[str]) -> None:
    with pytest.raises(BrokenRule) as refused:
        check(**named)
    assert [fault.pointer for fault in refused.value.faults] == pointers


@given(st.lists(st.tuples(st.sampled_from(CommitmentStatus), st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)))))
def test_each_is_counted_once(commitments: list[tuple[CommitmentStatus, date | None]]) -> None:
    counted = tally(commitments, today=TODAY)
    assert counted.open + counted.fulfilled + counted.withdrawn == len(commitments)
    assert counted.due + counted.overdue + counted.without_due == counted.open


def test_what_is_due_today_is_not_overdue() -> None:
    listed = [(OPEN, TODAY), (OPEN, TODAY - DAY), (OPEN, None), (FULFILLED, TODAY - DAY), (WITHDRAWN, None)]
    assert tally(listed, today=TODAY) == CommitmentTally(3, 1, 1, 1, 1, 1)
