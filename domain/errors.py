"""The errors that rules raise. They carry a message for the user and no HTTP status.

`faults` say where the request body is wrong, what is wrong there, and how to correct it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place: `pointer` is an RFC 6901 pointer into the body, such as `/window/end`."""

    pointer: str
    detail: str


class Refusal(Exception):
    """A rule refused the request. `detail` is one sentence for the user; `faults` lists the wrong fields, if any."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class NotFound(Refusal):
    """The row does not exist, or the actor may not see it. The answer is the same, so that it does not reveal which."""


class BrokenRule(Refusal):
    """The input is wrong by itself, by today's date, or by what it refers to."""

    @classmethod
    def at(cls, *faults: Fault) -> "BrokenRule":
        """A refusal whose detail is the text of its faults."""
        return cls("; ".join(fault.detail for fault in faults), faults)


class Conflict(Refusal):
    """The input is fine, but the state of stored rows does not allow it."""


class Forbidden(Refusal):
    """The role of the actor never has this permission."""


def refuse(faults: Sequence[Fault]) -> None:
    """Raises BrokenRule with all the faults; does nothing if there are none."""
    if len(faults) > 1:
        raise BrokenRule(f"{len(faults)} things are wrong; see errors", faults)
    if faults:
        raise BrokenRule.at(*faults)


def repeated(name: str, items: Sequence[object]) -> list[Fault]:
    """A fault for each item of the list field `name` that occurred earlier in the list."""
    return [
        Fault(f"/{name}/{at}", "is listed twice; list it only once")
        for at, item in enumerate(items)
        if item in items[:at]
    ]
