"""A queue in which each key gets its turn: nobody waits behind more than one piece of work of any other key.

Keys are served in rounds, one piece of work of each in a round. A key that was away joins the round that is served. Within a
round those are served first that were in the round before, in the same order, and then newcomers as they came.
(Start-time fair queueing, with every piece counted alike.)
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from itertools import count


class QueueFull(Exception):
    """As much work is waiting as may wait. `of_key`: it is that of the key itself, not that of all together."""

    def __init__(self, *, of_key: bool) -> None:
        super().__init__("as much work is waiting as may wait")
        self.of_key = of_key


class FairQueue:
    """Lets `at_once` pieces of work run; of the others at most `per_key` of each key and `in_all` together may wait."""

    def __init__(self, *, at_once: int, per_key: int, in_all: int) -> None:
        self._free = at_once
        self._per_key, self._in_all = per_key, in_all
        self._waiting: dict[Hashable, deque[tuple[int, asyncio.Future[None]]]] = {}
        self._round = 0
        self._served: dict[Hashable, tuple[int, int]] = {}
        """Of the keys that were served in this round or the one before: their next round, and when they were served."""
        self._numbers = count()

    @property
    def waiting(self) -> int:
        """How many pieces of work wait."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Waits for a turn of the key, which lasts as long as the block. Raises QueueFull where no more may wait."""
        await self._begin(key)
        try:
            yield
        finally:
            self._free += 1
            self._serve()

    async def _begin(self, key: Hashable) -> None:
        if self._free and not self._waiting:
            self._free -= 1
            self._move_on(key)
            return
        own = self._waiting.get(key, ())
        if len(own) >= self._per_key or self.waiting >= self._in_all:
            raise QueueFull(of_key=len(own) >= self._per_key)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append((next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._forget(key, turn)
            else:  # It was this one's turn at the moment when it was cancelled.
                self._free += 1
                self._serve()
            raise

    def _serve(self) -> None:
        """Gives free places to those whose turn it is."""
        while self._free and self._waiting:
            key = min(self._waiting, key=self._place)
            _, turn = self._waiting[key].popleft()
            if not self._waiting[key]:
                del self._waiting[key]
            if not turn.done():
                self._free -= 1
                self._move_on(key)
                turn.set_result(None)

    def _place(self, key: Hashable) -> tuple[int, int]:
        """The round in which the key's next piece is served, and its place within that round."""
        arrived = self._waiting[key][0][0]
        return self._served.get(key, (self._round, arrived))

    def _move_on(self, key: Hashable) -> None:
        self._round, _ = self._served.get(key, (self._round, 0))
        self._served[key] = self._round + 1, next(self._numbers)
        self._served = {each: place for each, place in self._served.items() if place[0] >= self._round}

    def _forget(self, key: Hashable, turn: "asyncio.Future[None]") -> None:
        left = deque(each for each in self._waiting.get(key, ()) if each[1] is not turn)
        if left:
            self._waiting[key] = left
        else:
            self._waiting.pop(key, None)
