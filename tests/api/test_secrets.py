"""No secret of the database ends in what `apos-server` says or logs, whatever is wrong with the database or its URL."""

import logging
import socket
import struct
import sys
import threading
import traceback
from pathlib import Path

import psycopg
import pytest
from pydantic import ValidationError

from api.__main__ import main
from api.settings import Settings, without_values
from api.store.backup import InvalidBackup, back_up
from api.store.database import Database
from api.store.engines import errors_without_rows
from tests.architecture.modules import modules
from tests.support.databases import Postgres

SECRET = "geheim"
AWAY = "127.0.0.1:1"
READ_IN_TWO_WAYS = [
    "postgresql://me:ge@heim@db/apos",
    "postgresql://me:ge/geheim@db/apos",
    "postgresql://me:100%geheim@db/apos",
    "postgresql://me:%00geheim@db/apos",
    "postgresql://me:geheim @db/apos",
    "postgresql://me:geheim@db:port/apos",
    "postgresql://me:geheim@[::1/apos",
    "postgresql://me@db/apos?password=ge=heim",
    "postgresql://me@db/apos?sslmode=require;password=geheim",
    "postgresql://me@db/apos?password=geheim&password=geheim",
    "postgresql://me@db/apos?password=geheim#",
    "mysql://me:geheim@db/apos",
    "postgresql+psycopg://me:geheim@db/apos",
    "sqlite:///apos.sqlite?key=geheim",
]
UNUSABLE = [
    f"postgresql://me:{SECRET}@{AWAY}/apos",
    f"postgresql://me@{AWAY}/apos?password={SECRET}",
    f"postgresql://me@{AWAY}/apos?passwrod={SECRET}",
    f"postgresql://me:{SECRET}@{AWAY}/apos?keepalives={SECRET}",
    f"postgresql://me:{SECRET}@{AWAY}/apos?sslnegotiation={SECRET}",
]


@pytest.mark.parametrize("url", READ_IN_TWO_WAYS)
def test_a_url_that_can_be_read_in_two_ways_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(database_url=url)
    assert "heim" not in f"{refused.value}{refused.value!r}"


@pytest.mark.parametrize(
    "words", [["migrate"], ["serve"], ["keys", "list"], ["rebuild"], ["restore", "{copy}"]], ids=str
)
@pytest.mark.parametrize("url", UNUSABLE)
def test_a_database_that_cannot_be_used_is_a_message_without_secrets(
    url: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "copy").write_bytes(b"PGDMP")
    given = [word.format(copy=tmp_path / "copy") for word in words]
    said = _said(url, given, monkeypatch, capsys)
    assert "cannot be used: " in said
    assert SECRET not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("url", UNUSABLE)
def test_a_copy_that_fails_says_no_secret(url: str, tmp_path: Path) -> None:
    with pytest.raises((InvalidBackup, psycopg.Error)) as failed:
        back_up(url, tmp_path / "copy")
    assert SECRET not in str(failed.value)


def test_a_refused_password_is_sent_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_refuse_password, args=(listener, received), daemon=True).start()
        port = listener.getsockname()[1]
        url = f"postgresql://me:{SECRET}@127.0.0.1:{port}/apos?sslmode=disable&gssencmode=disable"
        said = _said(url, ["migrate"], monkeypatch, capsys)
    assert received == [f"{SECRET}\0".encode()]
    assert f'password authentication failed for "***" at {AWAY}' in said
    assert SECRET not in said


def test_a_file_that_is_no_database_is_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_text("a text, which is longer than the header of a database " * 10)
    assert "cannot be used: file is not a database" in _said(
        f"sqlite:///{tmp_path}/text", ["migrate"], monkeypatch, capsys
    )


def test_what_may_be_shown_stays_though_it_is_also_the_password() -> None:
    said = 'role "apos" may not; option "apos_x"'
    assert without_values(said, "postgresql://apos:x@db/apos") == said


async def test_an_error_of_the_database_tells_nothing_of_rows(
    database_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("apos.api"), "disabled", False)
    database = Database(database_url, pool_size=1)
    mark = "?" if database.is_sqlite else "%s"
    try:
        async with database.writing() as session:
            await session.exec_driver_sql(f"INSERT INTO sources (key) VALUES ({mark})", (SECRET,))
    except Exception:
        logging.getLogger("apos.api").exception("request failed")
    await database.close()
    assert "NOT NULL constraint failed" in caplog.text or "null value in column" in caplog.text
    assert SECRET not in caplog.text


def test_an_error_of_copying_rows_tells_nothing_of_them(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("postgres")) as connection:
        connection.execute("CREATE TEMP TABLE numbers (number int NOT NULL, name text)")
        with pytest.raises(psycopg.Error) as failed:
            _copy_a_wrong_row(connection)
    assert SECRET not in "".join(traceback.format_exception(failed.value))


def test_every_engine_of_the_service_is_made_without_rows_in_its_errors() -> None:
    makers = {
        module.path
        for module in modules("api", "migrations")
        if "create_engine(" in module.text or "create_async_engine(" in module.text
    }
    assert makers == {"api/store/engines.py", "api/store/postgresql.py"}


def _said(url: str, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says when it fails, on both streams."""
    monkeypatch.setenv("APOS_DATABASE_URL", url)
    monkeypatch.setattr(sys, "argv", ["apos-server", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 1
    return printed.out + printed.err


def _copy_a_wrong_row(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    with errors_without_rows(), connection.cursor().copy("COPY numbers FROM STDIN") as copy:
        copy.write_row((None, SECRET))


def _refuse_password(listener: socket.socket, received: list[bytes]) -> None:
    """Asks whoever connects for a password, and refuses it, naming it as a careless server would."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(struct.unpack("!i", connection.recv(4))[0] - 4)
        connection.sendall(b"R" + struct.pack("!ii", 8, 3))
        connection.recv(1)
        password = connection.recv(struct.unpack("!i", connection.recv(4))[0] - 4)
        received.append(password)
        text = f'SFATAL\0C28P01\0Mpassword authentication failed for "{SECRET}" at {AWAY}\0\0'.encode()
        connection.sendall(b"E" + struct.pack("!i", len(text) + 4) + text)
