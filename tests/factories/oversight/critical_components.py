"""Critical components."""

from typing import Any

from domain.oversight.critical_components import CriticalComponent
from tests.factories.rows import a_row


def a_critical_component(**named: Any) -> CriticalComponent:
    """A critical component that nobody has judged."""
    return a_row(CriticalComponent, named, function="Vluchtcomputer")
