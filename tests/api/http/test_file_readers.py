"""Uploads that pass a limit, that wait, or whose client goes away: over HTTP, with processes that really read them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.fair_queue import QueueFull
from api.http.file_readers import FileReaders
from api.http.negotiation import CSV, XLSX
from api.http.problems import HttpProblem
from api.intake.processes import pool as pools
from api.settings import Settings
from api.workers import Turns, working_for
from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import Role
from tests.api.intake.books import heads, packed, parts, plain, sheet
from tests.support import readings
from tests.support.given import Given
from tests.support.service import Apos, Clock, running
from tests.support.workers import lives, serving_workers, until

A_TABLE = b"key,name,quantity\nA,Motor,4\n"


def endless() -> bytes:
    """A workbook of 50 kB with four million rows without cells, which takes many seconds to read."""
    found = parts(sheet(heads(), plain(2), "<row/>" * 4_000_000))
    # Bytes that cannot be packed, so that it does not unpack to a suspicious multiple of its size.
    return packed({**found, "xl/media/picture.png": os.urandom(60_000)})


class Client:
    """A request as far as a reader of files asks it: whether its client has gone."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        """Says that the client has gone, once it has."""
        await self.gone.wait()
        return {"type": "http.disconnect"}


@pytest.fixture
async def files() -> AsyncIterator[FileReaders]:
    """Readers with one process."""
    made = FileReaders(Settings(_env_file=None, file_workers=1))
    yield made
    made.close()


def read(files: FileReaders, client: Client, name: Path) -> "asyncio.Task[Any]":
    """A file that takes a minute, and says in a file of this name by which process it is read."""
    return asyncio.create_task(files.read(client, readings.sleep, f"60 {name}".encode()))  # type: ignore[arg-type]


async def begun(name: Path) -> int:
    """The process that has begun to read it."""
    return await asyncio.to_thread(readings.reader_in, name)


async def test_a_file_whose_client_goes_away_is_not_read_on_and_the_next_is_read(
    files: FileReaders, tmp_path: Path
) -> None:
    gone, next_ = Client(), Client()
    first = read(files, gone, tmp_path / "first")
    pid = await begun(tmp_path / "first")
    waiting = asyncio.create_task(files.read(next_, readings.first_and_size, b"abcd"))  # type: ignore[arg-type]
    gone.gone.set()
    with pytest.raises(HttpProblem, match="connection was closed"):
        await first
    assert await waiting == (b"abc", 4)
    until(lambda: not lives(pid))


async def test_a_file_whose_client_goes_away_while_it_waits_is_never_read(files: FileReaders, tmp_path: Path) -> None:
    first = read(files, Client(), tmp_path / "first")
    await begun(tmp_path / "first")
    gone = Client()
    second = read(files, gone, tmp_path / "second")
    gone.gone.set()
    with pytest.raises(HttpProblem, match="connection was closed"):
        await second
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not (tmp_path / "second").exists()


async def test_files_wait_for_a_turn_of_whoever_asks_and_beyond_so_many_are_refused(
    files: FileReaders, tmp_path: Path
) -> None:
    async with working_for("supplier", Turns(files=1, per_key=2, in_all=9)):
        first = read(files, Client(), tmp_path / "first")
        await begun(tmp_path / "first")
        waiting = [read(files, Client(), tmp_path / "never") for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(QueueFull):
            await read(files, Client(), tmp_path / "never")
        for task in (first, *waiting):
            task.cancel()
        await asyncio.gather(first, *waiting, return_exceptions=True)
    assert not (tmp_path / "never").exists()


async def test_a_file_that_is_read_when_the_service_stops_is_answered(files: FileReaders, tmp_path: Path) -> None:
    reading = read(files, Client(), tmp_path / "first")
    pid = await begun(tmp_path / "first")
    files.close()
    with pytest.raises(HttpProblem, match="being stopped"):
        await reading
    until(lambda: not lives(pid))


async def test_where_no_process_can_be_started_the_file_is_to_be_sent_again(
    files: FileReaders, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: object) -> None:
        raise OSError("no more processes")

    with monkeypatch.context() as patched:
        patched.setattr(pools, "_Process", fail)
        with pytest.raises(HttpProblem) as refused:
            await files.read(Client(), readings.first_and_size, b"abcd")  # type: ignore[arg-type]
    assert (refused.value.status_code, refused.value.kind) == (503, "files-busy")
    assert "no more processes" in caplog.text
    assert await files.read(Client(), readings.first_and_size, b"abcd") == (b"abc", 4)  # type: ignore[arg-type]


async def test_an_upload_that_passes_a_limit_is_a_problem_and_nothing_is_stored(
    database_url: str, clock: Clock
) -> None:
    async with running(database_url, clock, file_cpu_seconds=1) as apos:
        given = Given(apos, await apos.as_(Role.PROGRAMME_ADMIN))
        path, client = await a_draft(given)
        before = apos.rows(DeclaredComponent)
        answer = await client.put(path, content=endless(), headers={"Content-Type": XLSX, "If-Match": "*"})
        found = answer.json()
        assert (answer.status_code, found["type"]) == (400, "/problems/file-limit"), answer.text
        assert found["detail"].startswith("reading the file takes more than 1 seconds of processor time; ")
        assert found["errors"] == [{"pointer": "", "detail": found["detail"]}]
        page = await client.get("http://apos.test/problems/file-limit")
        assert (page.status_code, "than a file may take" in page.text) == (200, True)
        assert apos.rows(DeclaredComponent) == before
        answer = await client.put(path, content=A_TABLE, headers={"Content-Type": CSV, "If-Match": "*"})
        assert (answer.status_code, answer.json()["version"]) == (200, 2), answer.text


@pytest.mark.gate_on("sqlite")
async def test_each_worker_reads_files_and_none_of_their_processes_outlives_it(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    path = f"/origin-declarations/{draft['id']}/components"
    _, key = await apos.key(Role.SUPPLIER, supplier["id"])
    headers = {"Content-Type": XLSX, "If-Match": "*"}
    with serving_workers(apos.database_url, 2) as workers:
        async with workers.clients(key, connections=1) as [one, other]:
            table = {**headers, "Content-Type": CSV}
            answers = [await each.put(path, content=A_TABLE, headers=table) for each in (one, other)]
            assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
            killed = asyncio.create_task(one.put(path, content=endless(), headers=headers))
            readers = await busy_readers(workers.serving)
            os.kill(readers[0], signal.SIGKILL)
            answer = await killed
            assert (answer.status_code, answer.json()["type"]) == (400, "/problems/file-limit"), answer.text
            left = asyncio.create_task(other.put(path, content=endless(), headers=headers))
            readers = await busy_readers(workers.serving)
            left.cancel()
            with suppress(asyncio.CancelledError):
                await left
            until(lambda: not lives(readers[0]))
            assert (await one.put(path, content=A_TABLE, headers=table)).status_code == 200
        readers = [pid for serving in workers.serving for pid in descendants(serving)]
        assert readers
    until(lambda: not any(lives(pid) for pid in readers))
    [declaration] = [row for row in apos.rows(OriginDeclaration) if str(row["id"]) == draft["id"]]
    assert (declaration["version"], declaration["component_count"]) == (4, 1)


async def busy_readers(serving: list[int]) -> list[int]:
    """The processes below these that use a quarter of a second of processor time from now on."""
    before = {pid: ticks(pid) for each in serving for pid in descendants(each)}
    async with asyncio.timeout(60):
        while True:
            await asyncio.sleep(0.1)
            found = [pid for each in serving for pid in descendants(each)]
            busy = [pid for pid in found if ticks(pid) - before.get(pid, 0) > 25]
            if busy:
                return busy


def ticks(pid: int) -> int:
    """The processor time of a process, in hundredths of a second; of one that has ended, none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[11]) + int(fields[12])


def descendants(pid: int) -> list[int]:
    """The processes that a process has started, and that those have."""
    found: list[int] = []
    # Those of each thread: files are read by threads that wait for their process.
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, children.read_text().split())
    return [each for child in found for each in (child, *descendants(child))]


async def a_draft(given: Given) -> tuple[str, httpx.AsyncClient]:
    """The path of a draft's components, and its supplier's client."""
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    return f"/origin-declarations/{draft['id']}/components", client
