"""What one running service holds: settings, the database, the clock, and what must not wait for the database.

Time is passed in: nothing in the api asks the machine what time it is but the clock given here.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import Request

from api.settings import Settings
from api.store.database import Database

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """`used_keys` are last uses not yet stored; `in_flight` the idempotency keys being answered by this process.

    `requests` are the moments of each key's requests within the last minute, kept where a rate is set.
    """

    settings: Settings
    database: Database
    clock: Clock = system_clock
    used_keys: dict[UUID, datetime] = field(default_factory=dict)
    in_flight: set[tuple[str, ...]] = field(default_factory=set)
    requests: dict[UUID, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))


def service_of(request: Request) -> Service:
    """The service that answers a request."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
