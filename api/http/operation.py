"""An operation of the contract: one value per route, used both at run time and to generate the contract.

It is computed once, when the route is built, from what the route's dependencies declare: a guard declares a permission,
`IfMatch` that the header is required, an upload which media types it accepts. So each fact about it is in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from fastapi.dependencies.models import Dependant

from domain.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    `formats` are the media types that it answers in, JSON first, each with its description in the contract (empty where
    the response model describes it); `accepts` are those of its body, empty without a body. `problems` are the statuses
    of problems that do not follow from the other fields. `reports`: a refused body is answered with an intake report.
    `reads_once`: it runs one statement, whoever asks. `may_be_running`: it makes or shows a resource that may still be
    worked on; a POST then answers 202 instead of 201.
    """

    method: str
    path: str
    formats: Mapping[str, Mapping[str, Any]]
    accepts: tuple[str, ...] = ()
    is_list: bool = False
    problems: tuple[int, ...] = ()
    permissions: tuple[Permission, ...] = ()
    writes: bool = False
    needs_if_match: bool = False
    answers_in_language: bool = False
    reads_large_body: bool = False
    reads_once: bool = False
    reports: bool = False
    may_be_running: bool = False

    @property
    def takes_idempotency_key(self) -> bool:
        """Whether it takes an Idempotency-Key, so that a request sent twice is carried out once."""
        return self.writes and self.method == "POST"

    @property
    def answers_not_modified(self) -> bool:
        """Whether it answers 304 to a client that already has the current answer; a list does in formats other than JSON."""
        return self.method == "GET" and (not self.is_list or len(self.formats) > 1)


@runtime_checkable
class DeclaresOperation(Protocol):
    """A dependency that declares something about the operations that use it."""

    def declares(self, operation: Operation) -> Operation:
        """The operation with what this dependency declares."""
        ...


def declared_by(dependant: Dependant, operation: Operation) -> Operation:
    """The operation with everything that the dependencies of its route declare, nested ones included."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, DeclaresOperation):
            operation = dependency.call.declares(operation)
        operation = declared_by(dependency, operation)
    return operation


def may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route: statuses of problems that do not follow from the rest of its operation."""
    return {status: {} for status in statuses}
