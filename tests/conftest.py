"""What tests share: both databases, a clock that stands still, and the service over HTTP."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.databases import Postgres, Sqlite, running_postgres, sqlite_files
from tests.support.service import Apos, Clock, ledger_matches_rows, running

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, started for this run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Sqlite]:
    """SQLite files of this run."""
    with sqlite_files() as files:
        yield files


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest) -> Postgres | Sqlite:
    """Each of the two kinds of database in turn."""
    found = request.getfixturevalue("postgres" if request.param == "postgresql" else "sqlite")
    assert isinstance(found, Postgres | Sqlite)
    return found


@pytest.fixture
def database_url(server: Postgres | Sqlite) -> Iterator[str]:
    """An empty migrated database, on each kind in turn."""
    url = server.empty()
    yield url
    server.drop(url)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 21 November 2026, 10:00 in Amsterdam, until it is moved."""
    return Clock()


@pytest.fixture
async def apos(database_url: str, clock: Clock) -> AsyncIterator[Apos]:
    """The service on an empty database; afterwards the ledger must tell the state of every row."""
    async with running(database_url, clock) as service:
        yield service
    ledger_matches_rows(database_url)
