"""Writes of critical components: a judgement of the Dutch position needs a source."""

from collections.abc import Mapping
from typing import Any

from api.actions.registers.facts import add_fact, change_fact
from api.store.ledger import Write
from domain.oversight.critical_components import CriticalComponent, check_judgement


async def add_critical_component(write: Write, component: CriticalComponent) -> CriticalComponent:
    """Adds a critical component, judged or not yet."""
    check_judgement(dutch_position=component.dutch_position, source=component.source)
    return await add_fact(write, component)


async def change_critical_component(
    write: Write, before: CriticalComponent, values: Mapping[str, Any]
) -> CriticalComponent:
    """Changes a critical component; a judgement needs a source after the change too."""
    after = CriticalComponent(**{**before.model_dump(), **values})
    check_judgement(dutch_position=after.dutch_position, source=after.source)
    return await change_fact(write, before, values)
