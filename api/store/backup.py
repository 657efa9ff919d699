"""Copies of a whole database to a file and back: SQLite by its own online copy, PostgreSQL by pg_dump and pg_restore.

A copy is taken while the service serves, and is as of one moment. It appears under its name when it is whole, over nothing
that is there; it is restored into a database that has nothing in it, or not at all.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from api.settings import sync_url

_SQLITE, _DUMP = b"SQLite format 3\x00", b"PGDMP"
_DETAILS = ("--no-owner", "--no-privileges")


class InvalidBackup(Exception):
    """A copy cannot be made or restored; the text says why and what to do. Nothing was changed."""


def back_up(database_url: str, file: Path) -> None:
    """Copies the database to a file that is not there yet."""
    if file.exists():
        raise InvalidBackup(f"{file} already exists and is not overwritten; name another file")
    if not file.absolute().parent.is_dir():
        raise InvalidBackup(f"the folder {file.absolute().parent} does not exist; create it first")
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        source = _sqlite_file(database_url)
        if source is None:
            _postgresql(database_url, "pg_dump", "--format=custom", *_DETAILS, f"--file={partial}")
        else:
            _copy(source, partial)
        partial.chmod(0o600)
        # A link, because a rename would overwrite what somebody made there meanwhile.
        os.link(partial, file)
    except FileExistsError as error:
        raise InvalidBackup(f"{file} already exists and is not overwritten; name another file") from error
    except OSError as error:
        raise InvalidBackup(f"{file} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def restore(database_url: str, file: Path) -> None:
    """Restores a copy into a database that is empty: a SQLite file that is not there, a PostgreSQL database without tables."""
    target = _sqlite_file(database_url)
    _check_kind(file, _DUMP if target is None else _SQLITE)
    if target is None:
        _check_empty(database_url)
        _postgresql(
            database_url,
            *("pg_restore", "--single-transaction", "--exit-on-error", *_DETAILS),
            *(f"--dbname={conninfo_to_dict(database_url)['dbname']}", str(file)),
        )
        return
    if target.exists():
        raise InvalidBackup(f"{target} already exists; move it away, or name another file with APOS_DATABASE_URL")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        _copy(file, partial)
        os.link(partial, target)
    except OSError as error:
        raise InvalidBackup(f"{target} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def _sqlite_file(database_url: str) -> Path | None:
    prefix = "sqlite:///"
    return Path(database_url.removeprefix(prefix)) if database_url.startswith(prefix) else None


def _check_kind(file: Path, wanted: bytes) -> None:
    try:
        with file.open("rb") as opened:
            found = opened.read(len(_SQLITE))
    except OSError as error:
        raise InvalidBackup(f"{file} cannot be read: {error.strerror}") from error
    if found.startswith(wanted):
        return
    kinds = {_SQLITE: "SQLite", _DUMP: "PostgreSQL"}
    kind = next((name for magic, name in kinds.items() if found.startswith(magic)), None)
    if kind is None:
        raise InvalidBackup(f"{file} is not a copy made by `apos-server backup`; name one that is")
    raise InvalidBackup(
        f"{file} is a copy of a {kind} database; APOS_DATABASE_URL must name one too, not {kinds[wanted]}"
    )


def _copy(source: Path, target: Path) -> None:
    """SQLite's own online copy, looked through from beginning to end before it counts."""
    if not source.is_file():
        raise InvalidBackup(f"the database {source} does not exist; correct APOS_DATABASE_URL")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as opened,
            closing(sqlite3.connect(target)) as copied,
        ):
            opened.backup(copied)
            # A copy is one file: it takes no log of its own along.
            copied.execute("PRAGMA journal_mode = DELETE")
            [verdict] = copied.execute("PRAGMA integrity_check").fetchone()
            ours = copied.execute("PRAGMA table_info(alembic_version)").fetchone() is not None
    except sqlite3.Error as error:
        with suppress(OSError):
            target.unlink()
        raise InvalidBackup(f"{source} cannot be copied: {error}") from error
    if verdict != "ok" or not ours:
        raise InvalidBackup(
            f"{source} is not a sound database of this service: {'it lacks a schema' if not ours else verdict}"
        )


def _check_empty(database_url: str) -> None:
    engine = sa.create_engine(sync_url(database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        if sa.inspect(connection).get_table_names():
            raise InvalidBackup("the database has tables already; restore into one that is empty")


def _postgresql(database_url: str, tool: str, *words: str) -> None:
    """Runs a tool of PostgreSQL; who connects where stands in its environment, which other users cannot read."""
    found = shutil.which(tool)
    if found is None:
        raise InvalidBackup(f"{tool} is not installed; install the PostgreSQL client tools of the server's version")
    known = conninfo_to_dict(database_url)
    login = {f"PG{'DATABASE' if name == 'dbname' else name.upper()}": str(value) for name, value in known.items()}
    done = subprocess.run(  # noqa: S603 - the tool is PostgreSQL's own, the words are ours
        [found, *words], env={**os.environ, **login}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise InvalidBackup(f"{tool} failed: {done.stderr.strip()}")
