"""Bounds for request bodies that are on their way, or whose request is not answered yet: bytes per key and in all, and time.

What is told beforehand (Content-Length) counts from the start, so that a body for which there is no room is refused before it
is sent; what is not told counts as it arrives.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from starlette.exceptions import HTTPException

LEAST_BYTES_PER_SECOND = 65_536


class NoRoom(HTTPException):
    """A body for which there is no room. `of_key`: because of the key's own bodies, not of all together."""

    def __init__(self, *, of_key: bool) -> None:
        # Of the framework's kind, because it makes a 400 of any other that is raised while it reads a body.
        super().__init__(429 if of_key else 503, "there is no room for the body at this moment")
        self.of_key = of_key


class UnfinishedBodies:
    """The bytes of bodies by the key that sends them: at most `per_key` of each, and `in_all` together."""

    def __init__(self, per_key: int, in_all: int) -> None:
        self._per_key, self._in_all = per_key, in_all
        self._bytes: Counter[Hashable] = Counter()

    @contextmanager
    def body_of(self, key: Hashable) -> Iterator["UnfinishedBody"]:
        """A body that counts until the block ends."""
        body = UnfinishedBody(self, key)
        try:
            yield body
        finally:
            self._bytes[key] -= body.size
            if not self._bytes[key]:
                del self._bytes[key]

    def add(self, key: Hashable, size: int) -> None:
        """Counts more bytes of a key. Raises NoRoom, and counts nothing, where they would be too many."""
        of_key = self._bytes[key] + size > self._per_key
        if of_key or self._bytes.total() + size > self._in_all:
            raise NoRoom(of_key=of_key)
        self._bytes[key] += size


class UnfinishedBody:
    """One body: how much of it is counted."""

    def __init__(self, bodies: UnfinishedBodies, key: Hashable) -> None:
        self._bodies, self._key = bodies, key
        self.size = 0

    def grow_to(self, size: int) -> None:
        """Counts that the body has, or will have, this size. Raises NoRoom."""
        if size > self.size:
            self._bodies.add(self._key, size - self.size)
            self.size = size
