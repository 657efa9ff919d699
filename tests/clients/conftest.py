"""Two services with the real portfolio: one that tests only read, one that they write to."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apos_client import Apos
from tests.clients.services import ROLES, RunningService, demo_module, run_in_this_process

DATABASE = "portfolio.sqlite"
Filled = tuple[Path, dict[str, str]]


@pytest.fixture(scope="session")
def local_service() -> Any:
    """The module of the demo that starts services."""
    return demo_module("local_service")


@pytest.fixture(scope="session")
def filled(local_service: Any, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A folder with the real portfolio in SQLite, and keys to it."""
    folder = tmp_path_factory.mktemp("filled")
    service = local_service.LocalService(folder, DATABASE)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(local_service.LocalService, "run", run_in_this_process)
        service.migrate()
        service.fill()
        return folder, dict(zip(ROLES, service.make_keys(*ROLES.values()), strict=True))


@pytest.fixture(scope="session")
def portfolio(local_service: Any, filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service that nobody writes to: counts are those of the portfolio."""
    yield from _served(local_service, filled, tmp_path_factory.mktemp("portfolio"))


@pytest.fixture(scope="session")
def workplace(local_service: Any, filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A service to write to; each test makes the lots and milestones it writes to."""
    yield from _served(local_service, filled, tmp_path_factory.mktemp("workplace"))


@pytest.fixture
def reader(portfolio: RunningService) -> Iterator[Apos]:
    """The programme office, reading."""
    with portfolio.client() as apos:
        yield apos


@pytest.fixture
def office(workplace: RunningService) -> Iterator[Apos]:
    """The programme office, writing."""
    with workplace.client() as apos:
        yield apos


def _served(local_service: Any, filled: Filled, folder: Path) -> Iterator[RunningService]:
    origin, keys = filled
    shutil.copytree(origin, folder, dirs_exist_ok=True)
    with local_service.LocalService(folder, DATABASE).serving(keys["office"]) as url:
        yield RunningService(url, keys)
