"""Actors and readers."""

from domain.base import new_id
from domain.permissions import Actor, Role


def an_actor(role: Role) -> Actor:
    """Somebody with a key of a role; the supplier's names its supplier."""
    key_id = new_id()
    return Actor(f"key:{key_id}", role, key_id, new_id() if role is Role.SUPPLIER else None)
