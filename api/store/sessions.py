"""What a session offers: statements within one transaction. Each kind of database has its own."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol

from sqlalchemy import Executable


class Stream(Protocol):
    """The rows of a read that is still running."""

    def partitions(self, size: int) -> AsyncIterator[Sequence[Any]]:
        """The rows in pieces of at most this many."""


class Session(ABC):
    """Statements within one transaction."""

    kind: Literal["sqlite", "postgresql"]

    def __init__(self) -> None:
        self._deferred: dict[Hashable, Callable[[], Awaitable[None]]] = {}

    def defer(self, key: Hashable, work: Callable[[], Awaitable[None]]) -> None:
        """Does work once before the commit, however often it is deferred under this key; sooner where `settle` is called."""
        self._deferred[key] = work

    async def settle(self) -> None:
        """Does what was deferred, in the order of the keys, which is the same for all writers."""
        while self._deferred:
            key = min(self._deferred, key=str)
            await self._deferred.pop(key)()

    @abstractmethod
    async def release(self) -> None:
        """Gives the connection of a reading session back; its next statement takes one, and begins another snapshot.

        To be called before waiting for anything that may take long, and before long work, so that others can read.
        """

    @abstractmethod
    async def execute(self, statement: Executable, parameters: Any = None, *, is_long: bool = False) -> Any:
        """Runs a statement, with a mapping of parameters or a list of those, and fetches all rows.

        `is_long` says beforehand that it reads many rows; without that it is found out, which takes longer.
        """

    @abstractmethod
    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any:
        """Runs SQL as it is, with parameters in storage form, or a list of those."""

    @abstractmethod
    async def snapshot(self) -> str:
        """What identifies the state of the database that a reading session reads: equal text, equal state."""

    @abstractmethod
    def stream(self, statement: Executable) -> AbstractAsyncContextManager[Stream]:
        """Runs a read whose rows are fetched in pieces."""
