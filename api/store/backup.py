"""Copies a whole database to a file and back: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore.

A copy can be made while the service runs, and shows the database at one moment. It appears under its name only once it is
complete, and never overwrites a file. It is restored only into an empty database, and completely or not at all.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from api.settings import without_values
from api.store.engines import engine_of

_SQLITE, _DUMP = b"SQLite format 3\x00", b"PGDMP"
_DETAILS = ("--no-owner", "--no-privileges")


class InvalidBackup(Exception):
    """A copy cannot be made or restored; the text says why and what to do. Nothing was changed."""


def back_up(database_url: str, file: Path) -> None:
    """Copies the database to a new file, readable by its owner only. Raises InvalidBackup."""
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
        # A link, because a rename would overwrite a file that was created there in the meantime.
        os.link(partial, file)
    except FileExistsError as error:
        raise InvalidBackup(f"{file} already exists and is not overwritten; name another file") from error
    except OSError as error:
        raise InvalidBackup(f"{file} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def restore(database_url: str, file: Path) -> None:
    """Restores a copy into an empty database: a SQLite file that does not exist yet, or a PostgreSQL database without tables.

    Raises InvalidBackup, also where the copy is of the other kind of database.
    """
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


def _check_kind(file: Path, expected: bytes) -> None:
    try:
        with file.open("rb") as opened:
            header = opened.read(len(_SQLITE))
    except OSError as error:
        raise InvalidBackup(f"{file} cannot be read: {error.strerror}") from error
    if header.startswith(expected):
        return
    kinds = {_SQLITE: "SQLite", _DUMP: "PostgreSQL"}
    kind = next((name for magic, name in kinds.items() if header.startswith(magic)), None)
    if kind is None:
        raise InvalidBackup(f"{file} is not a copy made by `apos-server backup`; name one that is")
    raise InvalidBackup(
        f"{file} is a copy of a {kind} database; APOS_DATABASE_URL must name one too, not {kinds[expected]}"
    )


def _copy(source: Path, target: Path) -> None:
    """Copies by SQLite's online backup and checks the copy's integrity. Raises InvalidBackup."""
    if not source.is_file():
        raise InvalidBackup(f"the database {source} does not exist; correct APOS_DATABASE_URL")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as source_connection,
            closing(sqlite3.connect(target)) as copied,
        ):
            source_connection.backup(copied)
            # Without a write-ahead log, the copy is a single file.
            copied.execute("PRAGMA journal_mode = DELETE")
            [integrity] = copied.execute("PRAGMA integrity_check").fetchone()
            has_schema = copied.execute("PRAGMA table_info(alembic_version)").fetchone() is not None
    except sqlite3.Error as error:
        with suppress(OSError):
            target.unlink()
        raise InvalidBackup(f"{source} cannot be copied: {error}") from error
    if integrity != "ok" or not has_schema:
        raise InvalidBackup(
            f"{source} is not a sound database of this service: {'it lacks a schema' if not has_schema else integrity}"
        )


def _check_empty(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.connect() as connection:
        if sa.inspect(connection).get_table_names():
            raise InvalidBackup("the database has tables already; restore into one that is empty")


def _postgresql(database_url: str, tool: str, *arguments: str) -> None:
    """Runs a PostgreSQL tool; the connection and password are passed in its environment, which other users cannot read."""
    executable = shutil.which(tool)
    if executable is None:
        raise InvalidBackup(f"{tool} is not installed; install the PostgreSQL client tools of the server's version")
    known = conninfo_to_dict(database_url)
    login = {f"PG{'DATABASE' if name == 'dbname' else name.upper()}": str(value) for name, value in known.items()}
    result = subprocess.run(  # noqa: S603 - the tool is PostgreSQL's own, the arguments are ours
        [executable, *arguments], env={**os.environ, **login}, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise InvalidBackup(f"{tool} failed: {without_values(result.stderr.strip(), database_url)}")
