"""Consents: days that have come, in order, and withdrawals that are final."""

from datetime import date, timedelta

import pytest

from domain.errors import BrokenRule, Conflict
from domain.portfolio.consents import check_consent, check_withdrawal
from tests.factories.portfolio.suppliers import a_consent

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


def test_a_new_consent_holds() -> None:
    assert a_consent().withdrawn_on is None


@pytest.mark.parametrize(
    ("given_on", "withdrawn_on", "pointers"),
    [
        pytest.param(TODAY, None, [], id="today"),
        pytest.param(TODAY, TODAY, [], id="withdrawn on the day it was given"),
        pytest.param(TODAY + DAY, None, ["/givenOn"], id="tomorrow"),
        pytest.param(TODAY, TODAY + DAY, ["/withdrawnOn"], id="withdrawn tomorrow"),
        pytest.param(TODAY, TODAY - DAY, ["/withdrawnOn"], id="withdrawn before it was given"),
    ],
)
def test_days_have_come_and_are_in_order(given_on: date, withdrawn_on: date | None, pointers: list[str]) -> None:
    if not pointers:
        check_consent(given_on=given_on, withdrawn_on=withdrawn_on, today=TODAY)
        return
    with pytest.raises(BrokenRule) as refused:
        check_consent(given_on=given_on, withdrawn_on=withdrawn_on, today=TODAY)
    assert [fault.pointer for fault in refused.value.faults] == pointers


@pytest.mark.parametrize("after", [None, TODAY - DAY])
def test_a_withdrawal_is_final(after: date | None) -> None:
    with pytest.raises(Conflict):
        check_withdrawal(before=TODAY, after=after)


@pytest.mark.parametrize(("before", "after"), [(None, None), (None, TODAY), (TODAY, TODAY)])
def test_what_undoes_no_withdrawal_is_fine(before: date | None, after: date | None) -> None:
    check_withdrawal(before=before, after=after)
