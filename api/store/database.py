"""The database and the two kinds of session: reading (one snapshot) and writing (the only commit)."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from api.store.postgresql import PostgresqlStore
from api.store.sessions import Session
from api.store.sqlite import SqliteStore


class Database:
    """Access to one database; `reading()` and `writing()` are the only ways to open a session."""

    def __init__(self, url: str, pool_size: int) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._store = SqliteStore(url, pool_size) if self.is_sqlite else PostgresqlStore(url, pool_size)

    def reading(self, *, one_statement: bool = False) -> AbstractAsyncContextManager[Session]:
        """A session that reads one snapshot and stores nothing.

        `one_statement`: it runs no more than one statement after that for the key, and so needs no transaction.
        """
        return self._store.reading(one_statement=one_statement)

    def writing(self) -> AbstractAsyncContextManager[Session]:
        """A session that commits when its block ends normally, and rolls back when it raises."""
        return self._store.writing()

    def in_use(self) -> dict[str, int]:
        """How many connections of this process are in use, for reading and for writing."""
        return {"reading": _checked_out(self._store.readers), "writing": _checked_out(self._store.writers)}

    def version(self) -> int | None:
        """A number that changes with every commit, so that what was read may be kept under it; None where there is none."""
        return self._store.version()

    async def close(self) -> None:
        """Closes every connection."""
        await self._store.close()


def _checked_out(engine: Any) -> int:
    taken: int = engine.pool.checkedout()
    return taken
