"""Selects are cached per reader: building one costs more than running it."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
Result = TypeVar("Result")
MAX_CACHED_SELECTS = 128
"""Selects that are cached per function. A large one takes a third of a megabyte, so a full cache takes some tens of them."""
CACHE_CLEARERS: list[Callable[[], None]] = []
"""Functions that clear the cached selects; for tests that change the rules."""


def cached_per_context(make: Callable[P, Result]) -> Callable[P, Result]:
    """Caches the selects that a function builds for a ReadContext, because building one costs more than running it.

    Only statements are cached, never rows: another actor or another day is another ReadContext.
    """
    cached = lru_cache(maxsize=MAX_CACHED_SELECTS)(make)
    CACHE_CLEARERS.append(cached.cache_clear)
    return cast(Callable[P, Result], cached)
