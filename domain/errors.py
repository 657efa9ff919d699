"""The kinds of refusal a rule can give. They carry words for the user and no HTTP numbers.

`faults` name the places in the request body that are wrong, what is wrong there, and how to cure it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place: `pointer` is an RFC 6901 pointer into the body, such as `/window/end`."""

    pointer: str
    detail: str


class Refusal(Exception):
    """A rule said no. `detail` is one sentence for the user; `faults` name the fields where fields are at fault."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class NotFound(Refusal):
    """There is no such row, or the actor may not know of it; the two cannot be told apart."""


class BrokenRule(Refusal):
    """The input is wrong by itself, by today's date, or by what it refers to."""

    @classmethod
    def at(cls, *faults: Fault) -> "BrokenRule":
        """A refusal that is wholly described by its faults."""
        return cls("; ".join(fault.detail for fault in faults), faults)


class Conflict(Refusal):
    """The input is fine, but the state of stored rows does not allow it."""


class Forbidden(Refusal):
    """The role of the actor never has this permission."""


def refuse(faults: Sequence[Fault]) -> None:
    """Raises BrokenRule with everything that is wrong, where anything is."""
    if len(faults) > 1:
        raise BrokenRule(f"{len(faults)} things are wrong; see errors", faults)
    if faults:
        raise BrokenRule.at(*faults)


def repeated(name: str, items: Sequence[object]) -> list[Fault]:
    """The faults of a list field that names something twice."""
    return [
        Fault(f"/{name}/{at}", "is listed twice; list it only once")
        for at, item in enumerate(items)
        if item in items[:at]
    ]
