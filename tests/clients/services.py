"""Services that clients are tested with: real ones on this machine, and networks that fail on purpose."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import httpx

from apos_client import Apos, Retries
from tests.support.commands import command

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "clients" / "demo"
WINDOW = {"start": "2026-12-01", "end": "2026-12-31"}
_ONE_AT_A_TIME = Lock()
"""A command in this process has its output and its environment to itself."""
ROLES = {
    "office": ("programmeOffice",),
    "colleague": ("programmeOffice",),
    "supplier": ("supplier", "intelic"),
    "viewer": ("viewer",),
    "auditor": ("auditor",),
}


def demo_module(name: str) -> Any:
    """A module of the demo, imported as the demo itself does."""
    sys.path.insert(0, str(DEMO))
    try:
        return import_module(name)
    finally:
        sys.path.remove(str(DEMO))


def run_in_this_process(service: Any, *arguments: str) -> str:
    """As `LocalService.run` of the demo, without the seconds that a process takes to start."""
    database = service._environment["APOS_DATABASE_URL"].removeprefix("sqlite:///")
    with _ONE_AT_A_TIME:
        done = command(f"sqlite:///{service._folder / database}", *arguments)
    assert done.exit_code == 0, done.output
    return str(done.stdout)


@dataclass(frozen=True)
class RunningService:
    """A running service that holds the real portfolio, and a key for each role."""

    url: str
    keys: dict[str, str]
    numbers: Any = field(default_factory=lambda: count(1))

    def client(self, role: str = "office", **options: Any) -> Apos:
        """A client with the key of a role; it does not wait between retries."""
        return Apos(self.url, self.keys[role], **{"retries": Retries(wait=lambda pause: None), **options})

    def settings(self, role: str = "office") -> dict[str, str]:
        """The environment in which the command asks this service."""
        return {"APOS_URL": self.url, "APOS_KEY": self.keys[role]}

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Creates what the client cannot create yet."""
        answer = self.ask(path, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def ask(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """What the service itself answers to the office, without the client."""
        headers = {"Authorization": f"Bearer {self.keys['office']}"}
        return httpx.post(f"{self.url}/v1{path}", json=body, headers=headers, trust_env=False)

    def running_lot(self, milestones: int = 1) -> tuple[UUID, list[UUID]]:
        """A lot of its own that runs, and its milestones, whose original baselines are fixed."""
        with self.client() as apos:
            programme = apos.programmes.find("apos").id
        code = f"T-{next(self.numbers)}"
        lot = self.post("/lots", {"programmeId": str(programme), "code": code, "title": code, "status": "running"})
        path = f"/lots/{lot['id']}/milestones"
        made = [self.post(path, {"title": f"M{n}", "kind": "trial", "window": WINDOW}) for n in range(milestones)]
        return UUID(lot["id"]), [UUID(each["id"]) for each in made]

    def milestone(self) -> UUID:
        """A milestone that nobody else writes to."""
        return self.running_lot()[1][0]


class Watched(httpx.BaseTransport):
    """A real network that notes every request that passes."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._real.handle_request(request)

    def close(self) -> None:
        self._real.close()

    def sent(self, method: str) -> list[httpx.Request]:
        """The requests with a method."""
        return [request for request in self.requests if request.method == method]


class LosesAnswers(Watched):
    """A real network that loses the first answers to a method, after the service has done its work."""

    def __init__(self, method: str, lost: int = 1) -> None:
        super().__init__()
        self._method = method
        self._lost = lost

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.method == self._method and self._lost > 0:
            self._lost -= 1
            response.read()
            response.close()
            raise httpx.ReadError("the connection was cut", request=request)
        return response


class NeverConnects(Watched):
    """A real network on which the first request with a method cannot connect."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self._blocked = [method]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method in self._blocked:
            self._blocked.remove(request.method)
            raise httpx.ConnectError("no connection", request=request)
        return super().handle_request(request)


def network_with_answers(answers: Iterable[httpx.Response | Exception]) -> httpx.MockTransport:
    """A network that gives these answers, or fails with these errors, one after another."""
    following = iter(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        given = next(following)
        if isinstance(given, Exception):
            raise given
        return given

    return httpx.MockTransport(answer)


def client_with_answers(answers: Iterable[httpx.Response | Exception], **options: Any) -> Apos:
    """A client on a network with these answers; it does not wait between retries."""
    quiet = Retries(wait=lambda pause: None)
    return Apos(
        "https://apos.example.org", None, **{"transport": network_with_answers(answers), "retries": quiet, **options}
    )


def counted(values: Iterable[str]) -> Callable[[], str]:
    """Idempotency keys in a known order."""
    following = iter(values)
    return lambda: next(following)
