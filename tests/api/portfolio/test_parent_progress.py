"""What is kept of lots and challenges follows every write, and is made anew by one command.

That each row is what the rules make of the milestones is checked after every test, of this file and of all others.
"""

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from domain.listed_values import ListedValue
from domain.portfolio.parent_progress import ParentProgress
from tests.support.commands import command
from tests.support.filled import a_filled_database, engine_of
from tests.support.given import Given
from tests.support.service import Apos, rows_of

SIBLINGS = 8
WINDOW = {"start": "2026-11-01", "end": "2027-01-31"}
MET = {"outcome": "met", "assessedOn": "2026-11-20", "achievedOn": "2026-11-20", "narrative": "Behaald."}


async def test_milestones_of_one_lot_that_are_met_at_once_are_all_counted(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot(status="running")
    made = [await given.milestone(f"/lots/{lot['id']}", window=WINDOW) for _ in range(SIBLINGS)]
    answers = await asyncio.gather(
        *(office.post(f"/milestones/{milestone['id']}/assessments", json=MET) for milestone in made)
    )
    assert [answer.status_code for answer in answers] == [201] * SIBLINGS
    [kept] = apos.rows(ParentProgress)
    assert (kept["met"], kept["scheduled"], kept["next_milestone"]) == (SIBLINGS, 0, None)


async def test_two_transactions_that_change_one_lot_both_count(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    """Each adds a milestone of its own while the other has not committed yet."""
    lot = await given.lot(status="running")
    paths = [f"/lots/{lot['id']}/milestones"] * SIBLINGS
    bodies: list[dict[str, Any]] = [{"title": f"m{n}", "kind": "trial", "window": WINDOW} for n in range(SIBLINGS)]
    answers = await asyncio.gather(*(office.post(path, json=body) for path, body in zip(paths, bodies, strict=True)))
    assert {answer.status_code for answer in answers} == {201}
    [kept] = apos.rows(ParentProgress)
    assert kept["scheduled"] == SIBLINGS


async def test_a_change_shows_in_the_answer_to_it(given: Given, office: httpx.AsyncClient) -> None:
    """The first run of a lot fixes the baselines of its milestones, in the same transaction as the answer reads colours."""
    lot = await given.lot(status="approved")
    await given.milestone(f"/lots/{lot['id']}", window={"start": "2026-01-01", "end": "2026-02-01"})
    answer = await office.patch(f"/lots/{lot['id']}", json={"status": "running"}, headers={"If-Match": "*"})
    assert answer.status_code == 200
    assert answer.json()["colours"] == {"original": "red", "current": "red"}


@pytest.mark.parametrize("harm", ["UPDATE parent_progress SET met = 99, declared_share = '1.0000'", "DELETE FROM {}"])
async def test_rebuild_makes_anew_what_is_derived(database_url: str, harm: str) -> None:
    await a_filled_database(database_url)
    progress, listed = rows_of(database_url, ParentProgress), rows_of(database_url, ListedValue)
    assert progress
    assert listed
    with engine_of(database_url).begin() as connection:
        for table in ("parent_progress", "listed_values") if "DELETE" in harm else ("parent_progress",):
            connection.execute(sa.text(harm.format(table)))
    assert rows_of(database_url, ParentProgress) != progress
    done = command(database_url, "rebuild")
    assert (done.exit_code, done.stderr) == (0, "what is derived was made anew; nothing else changed\n")
    assert rows_of(database_url, ParentProgress) == [{**row, "revision": 1} for row in progress]
    assert rows_of(database_url, ListedValue) == listed


def test_rebuild_needs_a_database_of_this_version(database_url: str) -> None:
    with engine_of(database_url).begin() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    refused = command(database_url, "rebuild")
    assert (refused.exit_code, "run `apos-server migrate` first" in refused.stderr) == (1, True)
