"""What tests share: both databases, a clock that stands still, and the service over HTTP; and what `--full` adds."""

import gc
from collections.abc import AsyncIterator, Iterator
from functools import cache

import httpx
import hypothesis
import pytest
import typer.testing

from tests.support.databases import Postgres, Sqlite, running_postgres, sqlite_files
from tests.support.service import Apos, Clock, ledger_matches_rows, running

KINDS = {"sqlite": "sqlite", "postgresql": "postgres"}
"""The two kinds of database, and the fixture that has the server of each."""
GATE_ON = "gate_on(kind): tested on this kind of database only, unless everything is asked for with --full"
LONG = {
    *("test_bench", "test_contract_fuzz", "test_demo", "test_pages", "test_simulations_going_on", "test_two_worlds"),
    *("test_attack", "test_file_readers", "test_workers"),
}
"""Modules with tests that take long: from several seconds to half a minute."""
PROPERTY_CASES = {"gate": 25, "full": 150}
"""How many cases a property is tried with."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one switch between the gate and everything."""
    parser.addoption("--full", action="store_true", help="every test on both databases, with all cases")


def pytest_configure(config: pytest.Config) -> None:
    """Properties read the profile when their modules are imported, so it is chosen before."""
    config.addinivalue_line("markers", GATE_ON)
    for name, cases in PROPERTY_CASES.items():
        hypothesis.settings.register_profile(name, max_examples=cases)
    hypothesis.settings.load_profile("full" if config.getoption("full") else "gate")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives a test that uses a server one of each kind in turn, or of the kind that its mark names."""
    if "server" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("gate_on")
        kinds = KINDS if mark is None or metafunc.config.getoption("full") else mark.args
        metafunc.parametrize("server", kinds, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: left for the end, it would keep one process busy while the others have nothing to do."""
    items.sort(key=lambda item: item.path.stem not in LONG)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: to search it for garbage again and again takes an eighth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    """Two things that libraries make anew for each client and each command of a test, though they are the same every time.

    They are all certificates of this machine, of which no test needs one, and the tree of all commands.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(httpx._transports.default, "create_ssl_context", cache(httpx.create_ssl_context))
        patched.setattr(typer.testing, "_get_command", cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether everything is asked for."""
    return bool(request.config.getoption("full"))


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


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Postgres | Sqlite:
    """The kind of database that `pytest_generate_tests` names, each of the two in turn."""
    found = request.getfixturevalue(KINDS[request.param])
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
