"""The key in use: everybody reads what his own key is, and nobody its secret or another's."""

import httpx
import pytest

from domain.permissions import Role
from tests.support.given import Given
from tests.support.service import Apos


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPPLIER])
async def test_a_key_says_what_it_is(apos: Apos, role: Role) -> None:
    key_id, secret = await apos.key(role)
    answer = await apos.client(secret).get("/me")
    assert answer.status_code == 200
    assert answer.json() == {
        "keyId": str(key_id), "label": None, "role": role, "supplierId": None, "expiresAt": None,
    }  # fmt: skip
    assert secret not in answer.text


async def test_a_suppliers_key_says_whose_it_is_and_until_when(
    apos: Apos, given: Given, admin: httpx.AsyncClient
) -> None:
    supplier = await given.supplier()
    key = {"role": "supplier", "supplierId": supplier["id"], "label": "Fabriek", "expiresAt": "2027-01-01T00:00:00Z"}
    made = (await admin.post("/api-keys", json=key)).json()
    seen = (await apos.client(made["secret"]).get("/me")).json()
    assert seen == {"keyId": made["id"], **key}


async def test_without_a_key_nobody_is_told_anything(apos: Apos) -> None:
    assert (await apos.client("apos_x").get("/me")).status_code == 401
