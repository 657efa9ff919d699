"""`apos-server serve --workers N`: what several processes share, and what happens when one of them ends."""

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from api.store.sqlite import checkpoint
from domain.permissions import Role
from domain.registers import Source
from tests.support.commands import SECONDS, command, started
from tests.support.databases import Postgres, Sqlite
from tests.support.engines import OWN_NAME
from tests.support.service import events_of, ledger_matches_rows, rows_of
from tests.support.workers import Workers, lives, serving_workers, until

WORKERS = 4


@pytest.fixture(scope="module")
def shared_url(server: Postgres | Sqlite) -> Iterator[str]:
    """A migrated database that the tests of this module share; afterwards the ledger must tell the state of every row."""
    url = server.empty()
    yield url
    ledger_matches_rows(url)
    server.drop(url)


@pytest.fixture(scope="module")
def four(shared_url: str) -> Iterator[Workers]:
    """Four workers on one database. Each test uses sources of its own."""
    with serving_workers(shared_url, WORKERS) as workers:
        yield workers
        assert "Traceback" not in workers.said


@pytest.fixture(scope="module")
def key(shared_url: str) -> str:
    """The secret of an administrator's key."""
    return made_key(shared_url)


@pytest.fixture
def own_key(database_url: str) -> str:
    """The secret of an administrator's key, in the test's own database."""
    return made_key(database_url)


def made_key(url: str) -> str:
    """The secret of a new key of an administrator."""
    secret: str = command(url, "keys", "create", "--role", Role.PROGRAMME_ADMIN).stdout.strip()
    return secret


def stored(url: str, prefix: str) -> dict[str, list[int]]:
    """The keys of the sources that begin with this, and the versions that the ledger has of each."""
    rows = [row for row in rows_of(url, Source) if row["key"].startswith(prefix)]
    versions: dict[Any, list[int]] = {}
    for event in events_of(url, Source):
        versions.setdefault(event["row_id"], []).append(event["version"])
    return {row["key"]: versions.get(row["id"], []) for row in rows}


async def test_what_is_posted_to_all_workers_at_once_is_stored_once(four: Workers, shared_url: str, key: str) -> None:
    names = [f"posted-{number}" for number in range(200)]
    async with four.clients(key, connections=8) as clients:
        assert four.connections == dict.fromkeys(four.serving, 8)
        answers = await asyncio.gather(
            *(
                clients[number % WORKERS].post("/sources", json={"key": name, "title": "Brief"})
                for number, name in enumerate(names)
            )
        )
        assert len(four.connections) == WORKERS
    assert {answer.status_code for answer in answers} == {201}
    assert stored(shared_url, "posted-") == {name: [1] for name in names}


async def test_the_same_request_sent_to_all_workers_at_once_is_done_once(
    four: Workers, shared_url: str, key: str
) -> None:
    names = [f"same-{number}" for number in range(10)]
    async with four.clients(key, connections=4) as clients:
        for name in names:
            body, once = {"key": name, "title": "Brief"}, {"Idempotency-Key": name}
            answers = await asyncio.gather(
                *(client.post("/sources", json=body, headers=once) for client in clients for _ in range(4))
            )
            of_workers = [answers[first : first + 4] for first in range(0, len(answers), 4)]
            made = [answer for answer in answers if answer.status_code == 201]
            assert {answer.status_code for answer in answers} <= {201, 409}
            assert len({answer.content for answer in made}) == 1
            assert ["idempotent-replayed" in answer.headers for answer in made].count(False) == 1
            if shared_url.startswith("sqlite"):
                assert all(any(answer.status_code == 201 for answer in part) for part in of_workers), (
                    "only a twin in the same process is refused; another waits and repeats the answer"
                )
    assert stored(shared_url, "same-") == {name: [1] for name in names}


async def test_a_revoked_key_is_refused_by_every_worker_at_once(four: Workers, key: str) -> None:
    async with four.clients(key, connections=1) as [admin, *_]:
        made = (await admin.post("/api-keys", json={"role": "viewer", "label": "k"})).json()
        async with four.clients(made["secret"], connections=1) as clients:
            assert [(await client.get("/sources")).status_code for client in clients] == [200] * WORKERS
            revoked = await admin.patch(f"/api-keys/{made['id']}", json={"revoked": True}, headers={"If-Match": "*"})
            assert revoked.status_code == 200
            answers = await asyncio.gather(*(client.get("/sources") for client in clients))
            assert [answer.status_code for answer in answers] == [401] * WORKERS


async def test_what_one_worker_stores_is_read_from_all_of_them_at_once(four: Workers, key: str) -> None:
    async with four.clients(key, connections=1) as clients:
        programme = (await clients[0].post("/programmes", json={"code": "P", "title": "Programma"})).json()
        for number, writer in enumerate(clients):
            # Read beforehand, so that each worker has a status to keep.
            await asyncio.gather(*(client.get("/portfolio-status") for client in clients))
            lot = {"code": f"K{number}", "title": "Kavel", "programmeId": programme["id"]}
            assert (await writer.post("/lots", json=lot)).status_code == 201
            answers = await asyncio.gather(*(client.get("/portfolio-status") for client in clients))
            assert [len(answer.json()["lots"]) for answer in answers] == [number + 1] * WORKERS


async def test_a_worker_that_is_killed_amid_writes_loses_nothing_and_is_replaced(
    four: Workers, shared_url: str, key: str
) -> None:
    before = four.serving
    answered: list[str] = []

    async def post(client: httpx.AsyncClient, name: str) -> None:
        with suppress(httpx.TransportError):
            answer = await client.post("/sources", json={"key": name, "title": "Brief"})
            assert answer.status_code == 201, answer.text
            answered.append(name)
            if len(answered) == 20:
                os.kill(before[0], signal.SIGKILL)

    async with four.clients(key, connections=4) as clients:
        sent = [f"amid-{number}" for number in range(160)]
        await asyncio.gather(*(post(clients[number % WORKERS], name) for number, name in enumerate(sent)))
        await post(clients[0], "amid-afterwards")
    found = stored(shared_url, "amid-")
    assert answered[-1] == "amid-afterwards"
    assert set(answered) <= set(found) <= {*sent, "amid-afterwards"}
    assert all(versions == [1] for versions in found.values())
    successor = four.successor_of(before[0])
    until(lambda: set(four.serving) == {*before[1:], successor})


async def test_a_worker_that_is_killed_while_it_starts_is_replaced_as_soon(four: Workers) -> None:
    [killed, *others] = four.serving
    for _ in range(2):
        os.kill(killed, signal.SIGKILL)
        killed = four.successor_of(killed)
        # By then the supervisor waits for the answer of the one that starts.
        await asyncio.sleep(1)
    until(lambda: set(four.serving) == {*others, killed})


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
async def test_when_the_supervisor_ends_its_workers_end_in_order(
    database_url: str, own_key: str, ending: signal.Signals
) -> None:
    with serving_workers(database_url, 2) as workers:
        processes = workers.children
        async with workers.clients(own_key, connections=2) as clients:
            for number, client in enumerate(clients):
                answer = await client.post("/sources", json={"key": f"s{number}", "title": "Brief"})
                assert answer.status_code == 201
            workers.process.send_signal(ending)
            until(lambda: not any(lives(pid) for pid in processes))
        assert workers.process.wait(timeout=SECONDS) == (0 if ending == signal.SIGTERM else -ending)
        assert workers.said.count("\n") == 1, "it says where it serves, once, and nothing else"
    if ending == signal.SIGTERM:
        assert connections_left(database_url) == []
    assert len(rows_of(database_url, Source)) == 2


def connections_left(url: str) -> list[Any]:
    """What is still open of a database: SQLite's own files beside it, or sessions of the server."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        return list(path.parent.glob(f"{path.name}-*"))
    with psycopg.connect(url) as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        others += f" AND application_name <> '{OWN_NAME}'"
        return connection.execute(f"SELECT pid FROM pg_stat_activity WHERE {others}".encode()).fetchall()


def test_a_port_in_use_is_said_before_any_worker_starts(sqlite: Sqlite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = started(sqlite.empty(), "serve", "--workers", "2", "--port", str(port))
    assert answer.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}; if the port is in use, choose another with --port" in answer.stderr


@pytest.mark.parametrize("number", ["0", "65", "many"])
def test_a_number_of_workers_that_cannot_be_is_refused(tmp_path: Path, number: str) -> None:
    url = f"sqlite:///{tmp_path}/none.sqlite"
    flag = command(url, "serve", "--workers", number)
    assert (flag.exit_code, "--workers" in flag.stderr) == (2, True)
    setting = command(url, "serve", APOS_WORKERS=number)
    assert (setting.exit_code, "APOS_WORKERS: " in setting.stderr) == (1, True)


def test_what_two_processes_left_to_each_other_is_moved_into_the_file(sqlite: Sqlite) -> None:
    url = sqlite.empty()
    path = Path(url.removeprefix("sqlite:///"))
    leaving = f"""
import os, sqlite3
connection = sqlite3.connect({str(path)!r}, isolation_level=None)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("CREATE TABLE kept (a)")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", leaving], check=True, timeout=SECONDS)
    assert connections_left(url) != []
    checkpoint(url)
    assert connections_left(url) == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM kept").fetchall() == []
