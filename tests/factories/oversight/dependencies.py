"""Dependencies and their safeguards."""

from typing import Any

from domain.base import new_id
from domain.oversight.dependencies import Dependency, Safeguard
from tests.factories.rows import a_row


def a_dependency(**named: Any) -> Dependency:
    """A dependency of no lot, on a country that is not known."""
    return a_row(Dependency, named, subject="Software")


def a_safeguard(**named: Any) -> Safeguard:
    """A safeguard of a dependency of its own, whose status no source states."""
    return a_row(Safeguard, named, dependency_id=new_id(), position=1, text="Alleen gescreend personeel")
