"""What one running service holds: settings, the database, the clock, and state that is kept in memory.

Time is passed in: nothing in the api reads the machine's clock except through the clock given here.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request

from api.http.file_readers import FileReaders
from api.intake.processes.pool import Pool
from api.settings import Settings
from api.store.database import Database

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class KnownKeys:
    """The valid keys that were read at one version of the database, by their hash; another version knows none of them."""

    version: int | None = None
    rows: dict[str, Any] = field(default_factory=dict)

    def at(self, version: int | None) -> dict[str, Any]:
        """Those known at this version, to look up and to add to; what is added without a version is not kept."""
        if version is None or version != self.version:
            self.version, self.rows = version, {}
        return self.rows


@dataclass(slots=True)
class Service:
    """A running service, one per process.

    `used_keys` are last uses of API keys that are not stored yet; `keys` are valid API keys as the database has them now.
    `status` is the status of the portfolio that was made last, for as long as nobody commits.
    `in_flight` are the requests with an Idempotency-Key that this process is answering, by actor, path and key. `requests`
    are the times of each key's requests within the last minute, recorded only where a rate limit is set.
    `simulations_asked` is set when a simulation was stored that is to be carried out in the background.
    `files` reads what is uploaded, in a `pool` of processes: its own, unless it is given one.
    """

    settings: Settings
    database: Database
    clock: Clock = system_clock
    used_keys: dict[UUID, datetime] = field(default_factory=dict)
    keys: KnownKeys = field(default_factory=KnownKeys)
    in_flight: set[tuple[str, ...]] = field(default_factory=set)
    status: Any = None
    requests: dict[UUID, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    simulations_asked: asyncio.Event = field(default_factory=asyncio.Event)
    files: FileReaders = field(init=False)
    pool: InitVar[Pool | None] = None

    def __post_init__(self, pool: Pool | None) -> None:
        self.files = FileReaders(self.settings, pool)


def service_of(request: Request) -> Service:
    """The service that handles a request."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
