"""What an operation of the contract is: one value per route, read at run time and by the contract alike.

It is computed once, when the route is built, from what the route's dependencies declare: a guard that it needs a
permission, If-Match that it is needed, an upload what it accepts. So nothing is said of an operation in two places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from fastapi.dependencies.models import Dependant

from domain.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    `formats` are the media types that it answers in, JSON first, each with how the contract describes it where that is
    not by the response model; `accepts` those of its body, none where it takes no body. `problems` are the statuses of
    problems that do not follow from the rest.
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
    reports: bool = False

    @property
    def takes_idempotency_key(self) -> bool:
        """Whether the same request twice is done once."""
        return self.writes and self.method == "POST"

    @property
    def answers_not_modified(self) -> bool:
        """Whether it answers 304 to a client that has what it would be told."""
        return self.method == "GET" and not self.is_list


@runtime_checkable
class DeclaresOperation(Protocol):
    """A dependency that says something of the operations that depend on it."""

    def declares(self, operation: Operation) -> Operation:
        """The operation with what this dependency says of it."""
        ...


def declared_by(dependant: Dependant, operation: Operation) -> Operation:
    """The operation with all that is declared of it by the dependencies of its route, however deep they are."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, DeclaresOperation):
            operation = dependency.call.declares(operation)
        operation = declared_by(dependency, operation)
    return operation


def may_answer(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route: problems that it answers beside those that follow from what it is."""
    return {status: {} for status in statuses}
