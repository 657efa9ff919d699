"""A large body is kept in a file while it is read, and refused where no file can be written."""

import errno
import mmap
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.http import received_bodies
from api.http.problems import HttpProblem
from api.http.received_bodies import IN_MEMORY, receive
from api.intake.large_bytes import PIECE, count_of, forget, pieces_of
from tests.support.declared import a_leaf
from tests.support.given import Given
from tests.support.mapped import mapped

CHUNK = os.urandom(PIECE // 2 + 17)
FEW, MANY = 1, 5


async def chunks(count: int) -> AsyncIterator[bytes]:
    """A body as it is received."""
    for _ in range(count):
        yield CHUNK


async def test_a_small_body_stays_in_memory_and_a_large_one_is_in_a_file() -> None:
    assert await receive(chunks(FEW)) == CHUNK * FEW
    large = await receive(chunks(MANY))
    assert isinstance(large, mmap.mmap)
    assert large[:] == CHUNK * MANY


def full_disk(*_given: Any, **_named: Any) -> int:
    """A disk that is full."""
    raise OSError(errno.ENOSPC, "no space left on device")


@pytest.mark.parametrize("after", [0, 1, 3])
async def test_a_body_that_the_disk_has_no_room_for_is_refused(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    write, writes = os.pwrite, 0

    def sometimes(*given: Any) -> int:
        nonlocal writes
        writes += 1
        return full_disk() if writes > after else write(*given)

    monkeypatch.setattr(os, "pwrite", sometimes)
    with pytest.raises(HttpProblem, match="no room") as refused:
        await receive(chunks(MANY))
    assert (refused.value.status_code, writes) == (507, after + 1), "once it failed, it is not tried again"


async def test_an_upload_is_507_where_there_is_no_folder_for_files_and_a_small_body_is_not(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(received_bodies, "TemporaryFile", full_disk)
    _, _, client = await given.contest()
    headers = {"Content-Type": "text/csv"}
    small = b"key,name,quantity\nradio,Radio,1\n"
    refused = await client.post("/intake-previews", content=small + b"\n" * IN_MEMORY, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (507, "/problems/no-room")
    assert "in the temporary folder of the service" in refused.json()["detail"]
    assert (await client.post("/intake-previews", content=small, headers=headers)).status_code == 200


async def test_a_write_that_takes_only_a_part_is_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, part, at: write(file, part[:100_000], at))
    assert (await receive(chunks(MANY)))[:] == CHUNK * MANY


async def test_the_file_is_closed_when_the_client_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    make = received_bodies.TemporaryFile
    monkeypatch.setattr(received_bodies, "TemporaryFile", lambda **given: opened.append(make(**given)) or opened[0])

    async def broken_off() -> AsyncIterator[bytes]:
        async for chunk in chunks(MANY):
            yield chunk
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await receive(broken_off())
    assert [file.closed for file in opened] == [True]


def test_what_was_forgotten_can_be_read_again() -> None:
    raw = CHUNK * 5
    large = mapped(raw)
    assert b"".join(pieces_of(large)) == b"".join(pieces_of(raw)) == raw
    for end in (0, 1, len(raw) // 2, len(raw), len(raw) + 5):
        forget(large, end)
        assert large[:] == raw
    assert count_of(large, b"{", b"[") == count_of(raw, b"{", b"[") == raw.count(b"{") + raw.count(b"[")


async def test_a_body_in_a_file_is_stored_once_under_its_idempotency_key(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(received_bodies, "IN_MEMORY", 100)
    lot, supplier, client = await given.contest()
    body = {
        "supplierId": supplier["id"],
        "lotId": lot["id"],
        "system": {"name": "Kestrel"},
        "components": [a_leaf(f"k{number}", "1", None) for number in range(1000)],
    }

    async def sent(**fields: Any) -> httpx.Response:
        return await client.post("/origin-declarations", json=body | fields, headers={"Idempotency-Key": "once"})

    first, again, other = await sent(), await sent(), await sent(system={"name": "Merlin"})
    assert [answer.status_code for answer in (first, again, other)] == [201, 201, 422]
    assert first.content == again.content
    assert first.json()["componentCount"] == 1000
