"""API keys: what is stored of them, who gets which, and that revoked is for good."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.access.api_keys import PREFIX, ApiKey, check_assessors, check_key, hash_of, revocation
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
    assert [c.name for c in table_of(ApiKey).columns if c.info.get("secret")] == ["key_hash"]


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
