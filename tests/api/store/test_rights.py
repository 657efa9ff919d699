"""The table of rights: every operation of the contract, asked by everybody about every kind of row, over HTTP.

The table itself is `EXPECTED` in `rights`: once per permission, never per route. Operations come from the routes, so a
new one is asked at once, and fails until the rows that it names exist. To add a noun:

1. make a row of it in `sides`: in `registers` where everybody reads it, else for a side; under the name that its path
   gives the id, such as `commitmentId`;
2. give each of its writes a line in `writes`;
3. give a new permission a line in `EXPECTED`, and put the numbers below right.

What is allowed is really done, with a valid body and a fresh ETag, and then taken back within its transaction. What is
refused must leave every table as it was.
"""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from api.store.visibility import ALL
from domain.permissions import Permission, Role
from domain.portfolio.lots import Lot
from tests.support.databases import Postgres, Sqlite
from tests.support.operations import Operation, operations, parameter_of
from tests.support.rights import (
    ACTORS,
    TELLS_OF,
    Actor,
    Kind,
    Says,
    Stage,
    Stored,
    ask,
    expected,
    rows_asked,
    said,
    staged,
    table,
    undone,
)
from tests.support.service import Apos, Clock, PutRule, running

OPERATIONS, ROWS = 159, 2919
"""How many operations there are, and how many rows the whole table has: operation, actor, and whose row."""
Server = Postgres | Sqlite


@pytest.fixture(scope="session")
def stages() -> dict[type[Server], Stage]:
    """The stages that this process has made already, by kind of database; each is made once and never changed."""
    return {}


@pytest.fixture
async def stage(stages: dict[type[Server], Stage], server: Server) -> Stage:
    """Both sides and all actors, on each kind of database in turn."""
    if type(server) not in stages:
        stages[type(server)] = await staged(server)
    return stages[type(server)]


@pytest.fixture
def stored(stage: Stage) -> Iterator[Stored]:
    """What the stage's database holds."""
    found = Stored(stage.url)
    yield found
    found.close()


async def differences(operation: Operation, stage: Stage, stored: Stored, clock: Clock) -> list[str]:
    """Where an operation does not answer as the table says, or leaves something behind."""
    found, before = [], stored.counted()
    async with running(stage.url, clock) as apos:
        for actor in ACTORS:
            client = apos.client(stage.secrets[actor])
            refusals: set[bytes] = set()
            for kind in rows_asked(operation):
                answer, says = await _asked(apos, client, operation, stage, actor, kind)
                wanted = expected(operation, actor, kind)
                if says != wanted:
                    found.append(f"{operation.name} by {actor} of {kind}: {says} instead of {wanted}")
                if answer.is_error:
                    refusals.add(answer.content)
                if stored.counted() != before:
                    found.append(f"{operation.name} by {actor} of {kind}: something was left behind")
            if len(refusals) > 1:
                found.append(f"{operation.name} by {actor}: refusals differ, which tells a hidden row from none")
    return found


async def _asked(
    apos: Apos, client: httpx.AsyncClient, operation: Operation, stage: Stage, actor: Actor, kind: Kind
) -> tuple[httpx.Response, Says | str]:
    """One answer, and what it says; what ought to be refused may keep what it writes, so that it would be found."""
    named = stage.named(operation, kind)
    row_id = named.get(TELLS_OF.get(operation.path) or parameter_of(operation.path) or "")
    if expected(operation, actor, kind) is not Says.ALLOWED:
        answer = await ask(client, operation, named)
    else:
        with undone(apos):
            answer = await ask(client, operation, named)
    return answer, said(operation, answer, row_id)


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize("operation", [pytest.param(operation, id=operation.name) for operation in operations()])
async def test_every_operation_answers_everybody_as_the_table_says(
    operation: Operation, stage: Stage, stored: Stored, clock: Clock
) -> None:
    assert await differences(operation, stage, stored, clock) == []


def test_the_table_is_whole() -> None:
    assert sorted(table()) == sorted(Permission)
    assert {frozenset(cells) for cells in table().values()} == {frozenset(Role)}
    assert {operation.permission for operation in operations()} == set(Permission)


def test_so_many_rows_are_asked() -> None:
    assert len(operations()) == OPERATIONS
    assert sum(len(rows_asked(operation)) * len(ACTORS) for operation in operations()) == ROWS


def test_a_write_without_a_body_is_seen() -> None:
    [known] = [operation for operation in operations() if operation.name == "POST /lots"]
    with pytest.raises(LookupError, match="POST /kavels has no valid body yet"):
        rows_asked(replace(known, path="/kavels"))


async def test_a_row_that_is_not_there_is_seen(stage: Stage, stored: Stored, clock: Clock) -> None:
    [known] = [operation for operation in operations() if operation.name == "GET /lots/{lotId}"]
    with pytest.raises(KeyError, match="kavelId"):
        await differences(replace(known, path="/kavels/{kavelId}"), stage, stored, clock)


async def test_a_right_that_is_too_wide_is_seen(stage: Stage, stored: Stored, clock: Clock, put_rule: PutRule) -> None:
    put_rule(Lot, Role.SUPPLIER, ALL)
    [reading] = [operation for operation in operations() if operation.name == "GET /lots/{lotId}"]
    assert await differences(reading, stage, stored, clock) == [
        "GET /lots/{lotId} by supplier of other: allowed instead of hidden"
    ]


async def test_a_write_that_was_not_expected_is_seen_to_stay(server: Server, clock: Clock) -> None:
    """On a stage of its own: the office's own write is kept here, as one by somebody else would be."""
    stage = await staged(server)
    stored = Stored(stage.url)
    before = stored.counted()
    [adding] = [operation for operation in operations() if operation.name == "POST /targets"]
    async with running(stage.url, clock) as apos:
        client = apos.client(stage.secrets[Role.PROGRAMME_OFFICE])
        assert (await ask(client, adding, stage.named(adding, "own"))).status_code == 201
    changed = [row[0] for row, was in zip(stored.counted(), before, strict=True) if row != was]
    stored.close()
    assert changed == ["audit_events", "targets"]
