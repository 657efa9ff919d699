"""Pins processes to cores: the server on one, the load on the other, where there are two."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


class Cores:
    """The cores of this run. With only one, server and load share it, and the report says so."""

    def __init__(self) -> None:
        self._all = os.sched_getaffinity(0)
        *_, self._load = ordered = sorted(self._all)
        self._server = ordered[0]
        os.sched_setaffinity(0, {self._load})

    @property
    def are_two(self) -> bool:
        """Whether server and load each have their own core."""
        return self._server != self._load

    def describe(self) -> str:
        """What runs on which core, as a phrase for the report."""
        if self.are_two:
            return f"server and database on core {self._server}, load on core {self._load}"
        return f"only one core ({self._load}): server, database and load share it"

    @contextmanager
    def of_the_server(self) -> Iterator[None]:
        """Within the block this thread, and every process that it starts, runs on the server's core."""
        os.sched_setaffinity(0, {self._server})
        try:
            yield
        finally:
            os.sched_setaffinity(0, {self._load})

    def release(self) -> None:
        """Gives this process all its cores back."""
        os.sched_setaffinity(0, self._all)
