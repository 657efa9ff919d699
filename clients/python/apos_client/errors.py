"""Everything that can go wrong, as one tree with `AposError` at its root.

    AposError
        UnusableSettings        the URL or the key cannot be right; nothing was sent
        Unreachable             no answer came
        NotUnderstood           the answer is not one of this service, or of this version of it
        StillRunning            what was asked for is not complete in the time that you would wait; it goes on
        Failed                  the service gave up what was asked for; it says why
        Refused                 the service refused; `problem` says why
            BadInput            400  `errors` names every field that is wrong, `report` every cell of a file
            NotSignedIn         401  the key is missing or not valid
            NotPermitted        403  the role may never do this
            NotFound            404  it does not exist, or you may not see it
            Conflict            409  what is stored does not allow it
            Stale               412  somebody changed it since you read it
            TooLarge            413  the request is larger than the service reads
            KeyReused           422  the idempotency key was used for another request before
            TooManyRequests     429  wait for `problem.retry_after` seconds
            ServiceFault        5xx  the service failed; nothing was stored, unless `problem.perhaps_done`

A refusal with another status is a plain `Refused`. No error ever carries the key.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apos_client._models import IntakeReport, Simulation


class AposError(Exception):
    """Any error of this client; catch it to catch everything."""


class UnusableSettings(AposError):
    """The URL or the key cannot be right; nothing was sent."""


class Unreachable(AposError):
    """No answer came from the service.

    `perhaps_done` is true for a write that was sent and whose answer was lost: check whether it was done before you repeat
    it, or repeat it with the same `idempotency_key`, with which it is done once however often it arrives.
    """

    def __init__(self, detail: str, *, perhaps_done: bool = False, idempotency_key: str | None = None) -> None:
        super().__init__(detail)
        self.perhaps_done = perhaps_done
        self.idempotency_key = idempotency_key


class NotUnderstood(AposError):
    """The answer is not one that this service gives: check the URL, and the version of this package."""


class StillRunning(AposError):
    """What was asked for goes on in the service; `simulation` is how far it was when it was last read."""

    def __init__(self, simulation: "Simulation") -> None:
        progress = simulation.progress
        super().__init__(
            f"the simulation {simulation.id} is still running, with {progress.done} of {progress.total} declarations compared"
        )
        self.simulation = simulation


class Failed(AposError):
    """The service gave up what was asked for. `simulation` says why in its `failure`."""

    def __init__(self, simulation: "Simulation") -> None:
        super().__init__(f"the simulation {simulation.id} failed: {simulation.failure}")
        self.simulation = simulation


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong.

    `pointer` points into the body (`/window/end`), or begins with `/query`, `/path` or `/header`.
    """

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the service refused, in its own words (RFC 9457).

    `instance` names the request to the operators of the service; `retry_after` is in seconds; `report` is on a refused file.
    `perhaps_done` is true for a write that a gateway answered with 502 or 504 in place of the service, which may have done it.
    """

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    instance: str | None = None
    errors: tuple[FieldError, ...] = ()
    retry_after: int | None = None
    report: "IntakeReport | None" = None
    perhaps_done: bool = False


class Refused(AposError):
    """The service refused; `problem` says why, and `errors` because of which fields."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """The fields that are wrong; empty where it is not about a field."""
        return self.problem.errors

    def __str__(self) -> str:
        fields = "; ".join(f"{error.pointer}: {error.detail}" for error in self.errors)
        return f"{self.problem.title}: {self.problem.detail}" + (f" ({fields})" if fields else "")


class BadInput(Refused):
    """The request is wrong, whatever is stored; `errors` names every field."""

    @property
    def report(self) -> "IntakeReport | None":
        """What was read of a refused file, line by line; None without a file, or if it cannot be read at all."""
        return self.problem.report


class NotSignedIn(Refused):
    """The key is missing, unknown, expired or revoked."""


class NotPermitted(Refused):
    """The role of the key may never do this."""


class NotFound(Refused):
    """It does not exist, or you may not see it; the service does not say which."""


class Conflict(Refused):
    """The request is right, but what is stored does not allow it."""


class Stale(Refused):
    """Somebody changed it since you read it: read it again, and decide again."""


class TooLarge(Refused):
    """The request is larger than the service reads."""


class KeyReused(Refused):
    """The idempotency key was used for another request before; use a new one."""


class TooManyRequests(Refused):
    """The service asks for a pause of `problem.retry_after` seconds."""


class ServiceFault(Refused):
    """The service failed, and stored nothing unless `problem.perhaps_done`. Report `problem.instance` if it happens again."""
