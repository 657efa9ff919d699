"""What an import of a portfolio did, and how a row of the file differs from what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic.alias_generators import to_camel

from domain.base import Audited


class InvalidPortfolioFile(Exception):
    """The file cannot be imported; `faults` are messages that say where and why. Nothing was stored."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(slots=True)
class Count:
    """How many rows of one section were added, were the same already, or differ from what is stored."""

    added: int = 0
    same: int = 0
    different: int = 0


@dataclass(slots=True)
class Report:
    """What an import did.

    `differences` are messages about rows that differ from what is stored; `unsupported` are sections of the file that
    cannot be imported yet.
    """

    sections: dict[str, Count] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)


def _said(value: Any) -> str:
    """A value in a message."""
    if isinstance(value, list):
        return "; ".join(map(_said, value)) or "nothing"
    return "nothing" if value is None else str(value)


FILLED_IN = {"status_since"}
"""Columns to which the service gives a value where the file has none."""


def compare(stored: Audited, candidate: Mapping[str, Any], place: str, count: Count, report: Report) -> None:
    """Counts a row of the file that is stored already, and reports each value that differs."""
    different = [
        f"{place}: {to_camel(name)} is {_said(getattr(stored, name))}, the file says {_said(value)}"
        for name, value in candidate.items()
        if getattr(stored, name) != value and not (value is None and name in FILLED_IN)
    ]
    report.differences += different
    count.different += bool(different)
    count.same += not different
