"""The ledger: what it keeps of a row, in which form, and what it says has changed."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from domain import METADATA
from domain.access.api_keys import ApiKey
from domain.base import Audited
from domain.ledger import AuditEvent, difference, ledgered_columns, state_of, storage_form, table_of
from domain.portfolio.lots import LotStatus
from domain.portfolio.milestones import Milestone
from tests.factories.access.api_keys import an_api_key
from tests.factories.dates import a_moment
from tests.factories.portfolio.lots import a_lot
from tests.factories.portfolio.milestones import a_milestone
from tests.support.properties import holds

TABLES = [table for table in METADATA.sorted_tables if "version" in table.columns]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(LotStatus.MARKET_DIALOGUE, "marketDialogue", id="an enum's value is its word"),
        pytest.param(UUID(int=1), "00000000-0000-0000-0000-000000000001", id="an id is its canonical text"),
        pytest.param(
            datetime(2026, 11, 21, 9, tzinfo=timezone(timedelta(hours=1))),
            "2026-11-21T08:00:00.000000Z",
            id="a moment is in UTC, as wide as any other",
        ),
        pytest.param(date(2026, 11, 21), "2026-11-21", id="a day"),
        pytest.param(1_500_000_000, 1_500_000_000, id="cents stay whole"),
        pytest.param(False, False, id="no is not 0"),
        pytest.param(None, None, id="unknown stays unknown"),
        pytest.param(["purpose"], ["purpose"], id="a list"),
    ],
)
def test_a_value_is_kept_in_its_storage_form(value: object, expected: object) -> None:
    found = storage_form(value)
    assert found == expected
    assert type(found) is type(expected)


def test_the_state_of_a_row_is_every_column_that_is_kept() -> None:
    milestone = a_milestone(window="2026-07-01..2027-03-31")
    state = state_of(milestone)
    assert list(state) == [column.name for column in table_of(Milestone).columns]
    assert (state["window_start"], state["window_end"]) == ("2026-07-01", "2027-03-31")
    assert (state["status"], state["version"], state["payment_cents"]) == ("scheduled", 1, None)


def test_secrets_and_last_uses_never_enter_an_event() -> None:
    key = an_api_key(last_used_at=a_moment("2026-11-21T09:00:00"))
    missing = {column.name for column in table_of(ApiKey).columns} - set(state_of(key))
    assert missing == {"key_hash", "previous_hash", "last_used_at"}
    assert key.key_hash not in str(state_of(key))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_ledger_keeps_the_version_of_every_row_that_has_one(table: sa.Table) -> None:
    assert "version" in ledgered_columns(table)


def test_a_new_row_changed_from_nothing_to_what_it_has() -> None:
    lot = a_lot(code="APOS-K9")
    changed = difference({}, state_of(lot))
    assert changed["code"] == [None, "APOS-K9"]
    assert "version" not in changed
    assert "budget_cents" not in changed


def test_a_change_names_what_differs_before_and_after_without_the_version() -> None:
    before = state_of(a_lot(title="Kavel 1"))
    after = {**before, "title": "Kavel een", "version": 2}
    assert difference(before, after) == {"title": ["Kavel 1", "Kavel een"]}


def test_null_is_a_value_like_any_other_in_a_change() -> None:
    assert difference({"note": "concept"}, {"note": None}) == {"note": ["concept", None]}


_states = st.dictionaries(
    st.sampled_from(["title", "note", "status", "contains_ai", "budget_cents"]),
    st.none() | st.booleans() | st.text(max_size=3) | st.integers(2, 9),
)


@holds
@given(_states, _states)
def test_a_change_leads_from_the_state_before_to_the_state_after(before: dict[str, Any], new: dict[str, Any]) -> None:
    after = {**before, **new}
    changed = difference(before, after)
    assert {**before, **{name: values[1] for name, values in changed.items()}} == {
        name: value for name, value in after.items() if name in before or value is not None
    }
    assert all(values[0] == before.get(name) != values[1] for name, values in changed.items())


@holds
@given(_states)
def test_nothing_has_changed_between_equal_states(state: dict[str, Any]) -> None:
    assert difference(state, dict(state)) == {}


def test_an_event_is_no_audited_row_itself() -> None:
    assert not issubclass(AuditEvent, Audited)


def test_an_event_says_who_what_when_and_why() -> None:
    columns = [column.name for column in table_of(AuditEvent).columns]
    assert columns == [
        *("seq", "recorded_at", "actor", "role", "request_id", "reason"),
        *("row_kind", "row_id", "version", "changed", "state"),
    ]


def test_a_moment_of_an_event_is_written_in_utc() -> None:
    assert storage_form(datetime(2026, 11, 21, 9, tzinfo=UTC)) == "2026-11-21T09:00:00.000000Z"
