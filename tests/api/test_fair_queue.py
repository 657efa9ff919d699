"""The queue of large work: each key gets its turn, within a bound for each key and for all together."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fair_queue import FairQueue, QueueFull
from api.workers import (
    LARGE_FROM_LINES,
    VERY_LARGE_FROM_LINES,
    Turns,
    run_in_worker,
    turn,
    turn_until_end,
    working_for,
)

KEYS = "abcd"


class Jobs:
    """Pieces of work in a queue, begun and ended by the test; `begun` are the keys in the order in which they had their turn."""

    def __init__(self, queue: FairQueue) -> None:
        self.queue = queue
        self.begun: list[tuple[str, int]] = []
        self.log: list[tuple[str, str]] = []
        self._ends: dict[int, asyncio.Event] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def add(self, key: str) -> int:
        """Adds a piece of work, and lets it begin if it may."""
        number = len(self._tasks)
        self._ends[number] = asyncio.Event()
        self._tasks[number] = asyncio.create_task(self._run(key, number))
        await self.settle()
        return number

    async def _run(self, key: str, number: int) -> None:
        self.log.append(("comes", key))
        begins = False
        try:
            async with self.queue.turn(key):
                begins = True
                self.log.append(("begins", key))
                self.begun.append((key, number))
                await self._ends[number].wait()
        finally:
            if not begins:
                self.log.append(("leaves", key))

    @property
    def number(self) -> int:
        """How many there are, with those that have ended."""
        return len(self._tasks)

    async def end(self, number: int) -> None:
        """Ends one that has begun."""
        self._ends[number].set()
        await self.settle()

    async def cancel(self, number: int) -> None:
        """Gives one up, whether it has begun or waits."""
        self._tasks[number].cancel()
        await self.settle()

    @staticmethod
    async def settle() -> None:
        """Lets everything happen that can happen."""
        for _ in range(5):
            await asyncio.sleep(0)

    async def finish(self) -> None:
        """Ends all of them, in the order in which they have their turns."""
        for end in self._ends.values():
            end.set()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


STEPS = st.lists(st.tuples(st.sampled_from(["add", "add", "end", "cancel"]), st.sampled_from(KEYS)), max_size=60)


def begun_meanwhile(log: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """Of each piece that has begun: the keys of those that began since its own key's one before, or since its key came."""
    waiting: Counter[str] = Counter()
    others: dict[str, list[str]] = {}
    for event, key in log:
        if event == "comes":
            others.setdefault(key, [])
        waiting[key] += 1 if event == "comes" else -1
        if event == "begins":
            yield others.pop(key)
            for begun in others.values():
                begun.append(key)
            others[key] = []
        others = {each: begun for each, begun in others.items() if waiting[each]}


@given(steps=STEPS)
def test_while_a_key_waits_every_other_key_begins_at_most_once(steps: list[tuple[str, str]]) -> None:
    async def run() -> None:
        jobs = Jobs(FairQueue(at_once=1, per_key=100, in_all=1000))
        for step, key in steps:
            if step == "add":
                await jobs.add(key)
            elif step == "end" and jobs.begun:
                await jobs.end(jobs.begun[-1][1])
            elif step == "cancel" and jobs.number:
                await jobs.cancel(jobs.number - 1)
        await jobs.finish()
        for begun in begun_meanwhile(jobs.log):
            assert len(begun) == len(set(begun)), jobs.log

    asyncio.run(run())


@given(at_once=st.integers(1, 3), keys=st.lists(st.sampled_from(KEYS), max_size=30))
def test_all_have_their_turn_and_as_many_run_as_may(at_once: int, keys: list[str]) -> None:
    async def run() -> None:
        jobs = Jobs(FairQueue(at_once=at_once, per_key=100, in_all=1000))
        for key in keys:
            await jobs.add(key)
        assert len(jobs.begun) == min(at_once, len(keys))
        await jobs.finish()
        assert sorted(key for key, _ in jobs.begun) == sorted(keys)
        assert jobs.queue.waiting == 0

    asyncio.run(run())


async def test_a_newcomer_waits_for_what_runs_and_not_for_what_waits() -> None:
    jobs = Jobs(FairQueue(at_once=1, per_key=100, in_all=1000))
    for key in "aaaaab":
        await jobs.add(key)
    await jobs.finish()
    assert "".join(key for key, _ in jobs.begun) == "abaaaa"


async def test_each_key_may_have_so_many_waiting_and_all_together_so_many() -> None:
    queue = FairQueue(at_once=1, per_key=2, in_all=3)
    jobs = Jobs(queue)
    for key in "aaab":
        await jobs.add(key)
    for key, of_key in (("a", True), ("b", False), ("c", False)):
        with pytest.raises(QueueFull) as refused:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(queue.turn(key))
        assert refused.value.of_key is of_key
    await jobs.end(0)
    await jobs.add("c")
    await jobs.finish()
    assert "".join(key for key, _ in jobs.begun) == "abcaa"


async def test_who_is_given_up_at_the_moment_of_its_turn_passes_it_on() -> None:
    queue = FairQueue(at_once=1, per_key=9, in_all=9)
    jobs = Jobs(queue)
    first, second, third = [await jobs.add(key) for key in "abc"]
    jobs._ends[first].set()
    await asyncio.sleep(0)
    jobs._tasks[second].cancel()
    await jobs.settle()
    assert ("c", third) in jobs.begun
    await jobs.finish()
    assert queue.waiting == 0


async def test_some_thousand_lines_do_not_wait_for_a_hundred_thousand_and_fewer_wait_for_nothing() -> None:
    turns = Turns(files=1, per_key=9, in_all=9)
    async with working_for("a", turns), turn(lines=VERY_LARGE_FROM_LINES), asyncio.timeout(5), working_for("b", turns):
        async with turn(lines=VERY_LARGE_FROM_LINES - 1), turn(lines=VERY_LARGE_FROM_LINES):
            pass  # within a turn another one is had at once
        assert await run_in_worker(len, "ab", lines=LARGE_FROM_LINES) == 2
    async with (
        asyncio.timeout(5),
        working_for("c", turns),
        turn(lines=LARGE_FROM_LINES),
        working_for("d", turns),
        turn(lines=LARGE_FROM_LINES - 1),
    ):
        pass


async def test_a_turn_until_the_end_is_given_back_at_the_end() -> None:
    turns = Turns(files=1, per_key=9, in_all=9)
    for _ in range(2):
        async with asyncio.timeout(5), working_for("a", turns):
            await turn_until_end(lines=LARGE_FROM_LINES)
            await turn_until_end(lines=LARGE_FROM_LINES)
            assert await run_in_worker(len, "ab", lines=LARGE_FROM_LINES) == 2
    await turn_until_end(lines=LARGE_FROM_LINES)
    assert await run_in_worker(len, "ab", lines=LARGE_FROM_LINES) == 2, "outside such a block nothing waits"
