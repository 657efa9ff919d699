"""API keys: what is stored of them, who gets which, and that revoked is for good."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access.api_keys import (
    PREFIX,
    ApiKey,
    check_assessors,
    check_confirmation,
    check_key,
    hash_of,
    needs_confirmation,
    overlap_end,
    revocation,
)
from domain.base import new_id
from domain.errors import BrokenRule, Conflict, Fault
from domain.ledger import table_of
from domain.permissions import Role
from tests.factories.dates import a_moment

NOW = a_moment("2026-11-21T09:00:00")
EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)
SUPPLIER = new_id()
OTHERS = [role for role in Role if role is not Role.SUPPLIER]


def test_a_key_is_known_by_its_prefix() -> None:
    assert PREFIX == "apos_"


def test_a_key_is_stored_as_its_sha_256() -> None:
    assert hash_of("apos_test") == "bf777121e8ba90cd87744583893c3576467c395d535c59c04b23b7ccab1626be"


def test_the_hash_of_a_key_is_a_secret_that_nobody_reads_back() -> None:
    assert [c.name for c in table_of(ApiKey).columns if c.info.get("secret")] == ["key_hash", "previous_hash"]


@pytest.mark.parametrize("role", OTHERS)
def test_a_key_of_another_role_has_no_supplier(role: Role) -> None:
    check_key(role=role, supplier_id=None, expires_at=None, now=NOW)


def test_the_key_of_a_supplier_names_its_supplier() -> None:
    check_key(role=Role.SUPPLIER, supplier_id=SUPPLIER, expires_at=LATER, now=NOW)


@pytest.mark.parametrize(
    ("role", "supplier_id", "expires_at", "pointers"),
    [
        pytest.param(Role.SUPPLIER, None, None, ["/supplierId"], id="a supplier's key without its supplier"),
        *(pytest.param(role, SUPPLIER, None, ["/supplierId"], id=f"a supplier on a key of {role}") for role in OTHERS),
        pytest.param(Role.VIEWER, None, EARLIER, ["/expiresAt"], id="expired at birth"),
        pytest.param(Role.VIEWER, None, NOW, ["/expiresAt"], id="expiring this moment"),
        pytest.param(Role.SUPPLIER, None, EARLIER, ["/supplierId", "/expiresAt"], id="all that is wrong at once"),
    ],
)
def test_a_key_is_refused(
    role: Role, supplier_id: UUID | None, expires_at: datetime | None, pointers: list[str]
) -> None:
    with pytest.raises(BrokenRule) as refusal:
        check_key(role=role, supplier_id=supplier_id, expires_at=expires_at, now=NOW)
    assert [fault.pointer for fault in refusal.value.faults] == pointers


def test_keys_of_assessors_can_be_assigned() -> None:
    one, other = new_id(), new_id()
    check_assessors(wanted=[one, other], assessors={other, one})


def test_what_is_no_key_of_an_assessor_is_refused_by_its_place() -> None:
    assessor = new_id()
    with pytest.raises(BrokenRule) as refusal:
        check_assessors(wanted=[new_id(), assessor, new_id()], assessors={assessor})
    words = "no key with the role assessor has this id; give the id of one"
    assert refusal.value.faults == (Fault("/keyIds/0", words), Fault("/keyIds/2", words))


@pytest.mark.parametrize(
    ("revoked_at", "revoke", "expected"),
    [
        pytest.param(None, False, None, id="in force and left so"),
        pytest.param(None, True, NOW, id="revoked now"),
        pytest.param(EARLIER, True, EARLIER, id="revoked again: the first time stays"),
    ],
)
def test_a_key_is_revoked_at_once(revoked_at: datetime | None, revoke: bool, expected: datetime | None) -> None:
    assert revocation(revoked_at=revoked_at, revoke=revoke, now=NOW) == expected


def test_a_revoked_key_is_never_given_back() -> None:
    with pytest.raises(Conflict, match="revoked for good") as refusal:
        revocation(revoked_at=EARLIER, revoke=False, now=NOW)
    assert [fault.pointer for fault in refusal.value.faults] == ["/revoked"]


@pytest.mark.parametrize("maker", Role)
@pytest.mark.parametrize("made", Role)
@pytest.mark.parametrize("on_the_machine", [True, False])
@pytest.mark.parametrize("four_eyes", [True, False])
def test_only_an_administrator_that_another_makes_over_http_awaits_confirmation(
    maker: Role, made: Role, *, on_the_machine: bool, four_eyes: bool
) -> None:
    expected = (maker, made, on_the_machine, four_eyes) == (Role.PROGRAMME_ADMIN, Role.PROGRAMME_ADMIN, False, True)
    awaits = needs_confirmation(maker=maker, made=made, on_the_machine=on_the_machine, four_eyes=four_eyes)
    assert awaits is expected


@pytest.mark.parametrize(
    ("awaits_confirmation", "revoked_at", "message"),
    [(False, None, "needs no confirmation"), (True, NOW, "was revoked"), (False, NOW, "was revoked")],
)
def test_a_key_is_not_confirmed(awaits_confirmation: bool, revoked_at: datetime | None, message: str) -> None:
    with pytest.raises(Conflict, match=message):
        check_confirmation(awaits_confirmation=awaits_confirmation, revoked_at=revoked_at)


@given(days=st.integers(0, 30), left=st.none() | st.integers(0, 10_000_000))
def test_an_overlap_is_never_longer_than_asked_or_than_the_secret_was_valid(days: int, left: int | None) -> None:
    expires_at = None if left is None else NOW + timedelta(seconds=left)
    end = overlap_end(now=NOW, days=days, expires_at=expires_at)
    assert end == min(moment for moment in (NOW + timedelta(days=days), expires_at) if moment is not None)
