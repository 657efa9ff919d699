"""Clients by role, and what a test is given."""

import httpx
import pytest

from domain.permissions import Role
from tests.api.given import Given
from tests.api.service import Apos


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
