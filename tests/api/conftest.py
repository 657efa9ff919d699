"""Clients by role, and what a test is given."""

from collections.abc import Iterator

import httpx
import pytest

from api.store.visibility import RULES, Rule, VisibleTable
from domain.permissions import Role
from tests.support.given import Given
from tests.support.service import Apos, PutRule, clear_cached_selects


@pytest.fixture
async def admin(apos: Apos) -> httpx.AsyncClient:
    """The programme administrator."""
    return await apos.as_(Role.PROGRAMME_ADMIN)


@pytest.fixture
async def office(apos: Apos) -> httpx.AsyncClient:
    """The programme office."""
    return await apos.as_(Role.PROGRAMME_OFFICE)


@pytest.fixture
async def given(apos: Apos, admin: httpx.AsyncClient) -> Given:
    """Makes what a test needs."""
    return Given(apos, admin)


@pytest.fixture
def put_rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[PutRule]:
    """Puts a rule in the place of a role's own, until the test ends."""

    def put(kind: VisibleTable, role: Role, rule: Rule) -> None:
        monkeypatch.setitem(RULES, (kind, role), rule)
        clear_cached_selects()

    yield put
    clear_cached_selects()
