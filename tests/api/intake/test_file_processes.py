"""The processes that read files: what is limited, what is said where a limit is passed, and what outlives it."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.http.file_readers import PRELOADED
from api.intake.large_bytes import MappedBody
from api.intake.processes import pool as pools
from api.intake.processes.limits import FileLimitPassed, FileLimits, ReadingCancelled
from api.intake.processes.pool import FileReading, Pool
from domain.errors import BrokenRule, Fault
from tests.support import readings
from tests.support.workers import lives, until

LIMITS = FileLimits(address_space_mb=300, cpu_seconds=1, wall_seconds=30)
HURRIED = FileLimits(address_space_mb=300, cpu_seconds=30, wall_seconds=2)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Processes with narrow limits."""
    made = Pool(LIMITS, PRELOADED)
    yield made
    made.close()


@pytest.fixture
def own_pool() -> Iterator[Pool]:
    """Processes of one test."""
    made = Pool(LIMITS, PRELOADED)
    yield made
    made.close()


def read(pool: Pool, work: Callable[..., Any], raw: bytes = b"abcdef") -> Any:
    """What a process reads."""
    return pool.read(FileReading(work, raw))


@pytest.mark.parametrize(
    ("work", "detail"),
    [
        (readings.spin, LIMITS.cpu_detail),
        (readings.take_memory, LIMITS.memory_detail),
        (readings.abort, LIMITS.memory_detail),
        (readings.be_killed, pools.MESSAGE_KILLED),
        (readings.crash, pools.MESSAGE_ENDED),
        (readings.leave, pools.MESSAGE_ENDED),
    ],
)
def test_a_file_that_ends_its_process_is_refused_and_the_next_is_read(
    pool: Pool, work: Callable[..., Any], detail: str
) -> None:
    with pytest.raises(FileLimitPassed) as passed:
        read(pool, work)
    assert passed.value.detail == detail
    assert read(pool, readings.first_and_size) == (b"abc", 6)


def test_a_file_that_is_not_read_in_time_is_refused_and_its_process_ended(tmp_path: Path) -> None:
    pool = Pool(HURRIED, PRELOADED)
    pid = read(pool, readings.process_id)
    with pytest.raises(FileLimitPassed) as passed:
        read(pool, readings.sleep, f"60 {tmp_path / 'begun'}".encode())
    assert passed.value.detail == HURRIED.wall_detail
    until(lambda: not lives(pid))
    pool.close()


def test_what_a_reader_raises_is_raised_with_all_that_it_says(pool: Pool) -> None:
    with pytest.raises(BrokenRule) as refused:
        read(pool, readings.refuse)
    assert (refused.value.detail, refused.value.faults) == ("no", (Fault("/rows/3", "is wrong"),))


def test_a_large_file_goes_by_its_descriptor_and_rows_come_back_in_batches(pool: Pool) -> None:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"xyz" * 1_000_000)
        raw = MappedBody.of(file.fileno(), 3_000_000)
    assert pool.read(FileReading(readings.first_and_size, raw)) == (b"xyz", 3_000_000)
    rows = read(pool, readings.many_rows)
    assert (len(rows), list(rows)[2_499]) == (2_500, ("2499", "x" * 100))


def test_a_process_reads_several_files_and_ends_when_one_made_it_grow(own_pool: Pool) -> None:
    first = read(own_pool, readings.process_id)
    assert read(own_pool, readings.process_id) == first
    assert read(own_pool, readings.keep_memory) == first
    assert read(own_pool, readings.process_id) != first
    until(lambda: not lives(first))


def test_a_process_that_was_killed_while_it_waited_is_replaced(own_pool: Pool) -> None:
    first = read(own_pool, readings.process_id)
    os.kill(first, 9)
    until(lambda: not lives(first))
    assert read(own_pool, readings.process_id) != first


def test_a_process_holds_nothing_of_the_service(own_pool: Pool) -> None:
    with tempfile.NamedTemporaryFile(prefix="of-the-service") as file:
        opened, ignores = read(own_pool, readings.environment)
        assert Path(file.name).exists()
        assert not any("of-the-service" in name for name in opened)
    assert ignores == 1, "the terminal's Ctrl-C is for the service"


def test_a_reading_that_is_cancelled_ends_its_process(own_pool: Pool, tmp_path: Path) -> None:
    reading = FileReading(readings.sleep, f"60 {tmp_path / 'begun'}".encode())
    raised: list[BaseException] = []

    def wait() -> None:
        with pytest.raises(ReadingCancelled) as cancelled:
            own_pool.read(reading)
        raised.append(cancelled.value)

    waiting = threading.Thread(target=wait)
    waiting.start()
    pid = readings.reader_in(tmp_path / "begun")
    before = time.monotonic()
    reading.cancel()
    waiting.join()
    until(lambda: not lives(pid))
    assert len(raised) == 1
    assert time.monotonic() - before < 20
    with pytest.raises(ReadingCancelled):
        own_pool.read(reading)


def test_closing_ends_what_reads_and_what_waits(tmp_path: Path) -> None:
    pool = Pool(LIMITS, PRELOADED)
    idle = read(pool, readings.process_id)
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            read(pool, readings.sleep, f"60 {tmp_path / 'begun'}".encode())
        except ReadingCancelled as cancelled:
            raised.append(cancelled)

    waiting = threading.Thread(target=wait)
    waiting.start()
    busy = readings.reader_in(tmp_path / "begun")
    pool.close()
    waiting.join()
    until(lambda: not lives(idle) and not lives(busy))
    assert len(raised) == 1
    with pytest.raises(ReadingCancelled):
        read(pool, readings.process_id)
