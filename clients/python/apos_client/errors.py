"""Everything that can go wrong, as one tree with `AposError` at its root.

    AposError
        UnusableSettings        the URL or the key cannot be right; nothing was sent
        Unreachable             no answer came
        NotUnderstood           what answered is not this service, or not this version of it
        Refused                 the service answered no, and says why in `problem`
            BadInput            400  `errors` names every field that is wrong; for a file `report` every cell
            NotSignedIn         401  no valid key
            NotPermitted        403  the role never may
            NotFound            404  there is no such thing, or you may not see it
            Conflict            409  what is stored does not allow it
            Stale               412  it changed since you read it
            TooLarge            413  the request is larger than the service reads
            KeyReused           422  the idempotency key stood on another request before
            TooManyRequests     429  wait for `problem.retry_after` seconds
            ServiceFault        5xx  the service failed; nothing was stored

A refusal with another status is a plain `Refused`. No error ever carries the key.
"""

from dataclasses import dataclass

from apos_client._models import IntakeReport


class AposError(Exception):
    """Something about the service went wrong; catch this to catch everything."""


class UnusableSettings(AposError):
    """The URL or the key cannot be right; nothing was sent."""


class Unreachable(AposError):
    """No answer came from the service.

    `perhaps_done` is true for a write that was sent and whose answer was lost: look before you do it again, or repeat it
    with the same `idempotency_key`, which does it once however often it arrives.
    """

    def __init__(self, detail: str, *, perhaps_done: bool = False, idempotency_key: str | None = None) -> None:
        super().__init__(detail)
        self.perhaps_done = perhaps_done
        self.idempotency_key = idempotency_key


class NotUnderstood(AposError):
    """Something answered, but not as this service does: check the URL, and the version of this package."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong at one place.

    `pointer` leads into the body (`/window/end`), or begins with `/query`, `/path` or `/header`.
    """

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the service refused, in its own words (RFC 9457).

    `instance` names the request to whoever runs the service; `retry_after` is in seconds; `report` is that on a refused file.
    """

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    instance: str | None = None
    errors: tuple[FieldError, ...] = ()
    retry_after: int | None = None
    report: IntakeReport | None = None


class Refused(AposError):
    """The service answered no; `problem` says why, and `errors` at which fields."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """The fields that are wrong, empty where no field is at fault."""
        return self.problem.errors

    def __str__(self) -> str:
        fields = "; ".join(f"{error.pointer}: {error.detail}" for error in self.errors)
        return f"{self.problem.title}: {self.problem.detail}" + (f" ({fields})" if fields else "")


class BadInput(Refused):
    """The request is wrong by itself; `errors` names every field."""

    @property
    def report(self) -> IntakeReport | None:
        """What was read of a refused file, line by line; None for what is no file, or cannot be read at all."""
        return self.problem.report


class NotSignedIn(Refused):
    """The key is missing, unknown, expired or revoked."""


class NotPermitted(Refused):
    """The role of the key never may do this."""


class NotFound(Refused):
    """There is no such thing, or you may not see it; the two cannot be told apart."""


class Conflict(Refused):
    """The request is fine, but what is stored does not allow it."""


class Stale(Refused):
    """It changed since you read it: read it again, look, and decide again."""


class TooLarge(Refused):
    """The request is larger than the service reads."""


class KeyReused(Refused):
    """The idempotency key stood on another request before; use a new one."""


class TooManyRequests(Refused):
    """The service asks for a pause of `problem.retry_after` seconds."""


class ServiceFault(Refused):
    """The service itself failed; nothing was stored. Report `problem.instance` when it stays."""
