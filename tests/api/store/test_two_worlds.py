"""Two worlds that differ only in what somebody may not see answer him byte for byte the same, whatever he asks.

Status, body and every header; the one thing given is the request id, which is the same on both sides. Questions are
generated from the contract (`questions`), the worlds are made in steps (`worlds`). A new noun takes part by being made in
`sides`, which the table of rights needs anyway; a new field that some audience does not see needs a value in `worlds`; a
filter that no row has a value for needs a sample in `questions`. Then put the numbers of `ASKED` right.
"""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace

import httpx
import pytest

from api.store.visibility import RULES, VisibleTable
from domain.declarations.component_statements import ComponentStatement, StatementVerdict
from domain.declarations.origin_declarations import OriginDeclaration
from domain.permissions import Permission, Role
from domain.portfolio.challenges import Challenge, ChallengeEntrant
from domain.portfolio.lots import Lot, LotPartner
from domain.portfolio.milestones import Milestone
from domain.portfolio.suppliers import Supplier
from tests.support.databases import Postgres, Sqlite
from tests.support.operations import operations
from tests.support.questions import Catalogue, Question, after
from tests.support.rights import undone
from tests.support.service import Apos, Clock, PutRule, running
from tests.support.worlds import AUDIENCES, World, numbered

ASKED = {Role.SUPPLIER: (2272, 320), Role.VIEWER: (2061, 1), Role.ASSESSOR: (2057, 129)}
"""How many reads and how many writes the contract gives for each audience, before pages and tags that follow from answers."""
ONE_IN = 3
"""Of the reads the gate compares one in so many, each audience beginning at another; values of one filter follow each other."""
Server = Postgres | Sqlite
Pair = tuple[World, World]
PAIRS: dict[tuple[type[Server], Role], Pair] = {}
"""The pairs of worlds that this process has made already; no test changes them."""


@dataclass
class Both:
    """Both worlds, running, and somebody who asks in both."""

    catalogue: Catalogue
    services: tuple[Apos, Apos]
    clients: tuple[httpx.AsyncClient, httpx.AsyncClient]

    async def ask(self, question: Question) -> tuple[httpx.Response, httpx.Response]:
        """The answers of the full world and of the bare one."""
        answers = []
        for service, client in zip(self.services, self.clients, strict=True):
            # A write is answered with the same ids, and leaves nothing.
            writes = question.method != "GET"
            with numbered() if writes else nullcontext(), undone(service) if writes else nullcontext():
                answers.append(await question.put_to(client))
        full, bare = answers
        return full, bare

    async def differ(self, question: Question) -> AsyncIterator[str]:
        """Where a question is answered differently, or the same question by somebody who knows the answer."""
        full, bare = await self.ask(question)
        if whole(full) != whole(bare):
            yield _told(question, full, bare)
        if question.method == "GET" and bare.status_code == 200 and "etag" in bare.headers:
            known = replace(question, headers=(*question.headers, ("If-None-Match", bare.headers["etag"])))
            full, bare = await self.ask(known)
            if whole(full) != whole(bare) or full.status_code != 304:
                yield _told(known, full, bare)

    async def reads_that_differ(self, reads: Iterable[Question], beginnings: Iterable[Question]) -> AsyncIterator[str]:
        """What tells the worlds apart of these reads, and of the pages from these beginnings to the end."""
        for question in reads:
            async for found in self.differ(question):
                yield found
        for first in beginnings:
            page: Question | None = first
            while page is not None:
                full, bare = await self.ask(page)
                if whole(full) != whole(bare):
                    yield _told(page, full, bare)
                page = after(page, bare)

    async def writes_that_differ(self) -> AsyncIterator[str]:
        """Every write that tells the worlds apart, or what is hidden from what is not there."""
        for question, about_nothing in self.catalogue.writes():
            full, bare = await self.ask(question)
            if whole(full) != whole(bare):
                yield _told(question, full, bare)
            if about_nothing is None:
                if full.is_error:
                    yield f"{question.method} {question.path}: {full.text} instead of success"
            else:
                nothing, _ = await self.ask(about_nothing)
                if whole(full) != whole(nothing) or full.status_code not in (400, 404):
                    yield f"about a hidden row and about none: {_told(question, full, nothing)}"


def whole(answer: httpx.Response) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """All of an answer, but for a new secret, which is drawn, and the tag and the length that follow from it."""
    drawn = _SECRET.search(answer.content) is not None
    headers = [each for each in answer.headers.raw if not drawn or each[0].lower() not in (b"etag", b"content-length")]
    return answer.status_code, _SECRET.sub(b"apos_", answer.content), sorted(headers)


_SECRET = re.compile(rb"apos_[\w-]{43}")


def _told(question: Question, one: httpx.Response, other: httpx.Response) -> str:
    asked = f"{question.method} {question.path} {dict(question.query)} {dict(question.headers)} {question.body or ''}"
    return f"{asked[:500]}: {one.status_code} {one.text[:400]} | {other.status_code} {other.text[:400]}"


@asynccontextmanager
async def both(server: Server, role: Role) -> AsyncIterator[Both]:
    """Both worlds of an audience on a kind of database, made once in this process."""
    if (type(server), role) not in PAIRS:
        audience = AUDIENCES[role]
        PAIRS[type(server), role] = (await audience.world(server, full=True), await audience.world(server, full=False))
    full, bare = PAIRS[type(server), role]
    async with running(full.url, Clock()) as one, running(bare.url, Clock()) as other:
        clients = one.client(full.secret), other.client(bare.secret)
        yield Both(Catalogue(role, full, bare), (one, other), clients)


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize("role", AUDIENCES)
async def test_reads_tell_nothing_of_what_is_hidden(server: Server, role: Role, full: bool) -> None:
    async with both(server, role) as worlds:
        reads = [*worlds.catalogue.reads(), *worlds.catalogue.forged()]
        beginnings = [*worlds.catalogue.beginnings()]
        asked = slice(None) if full else slice(list(AUDIENCES).index(role), None, ONE_IN)
        assert [found async for found in worlds.reads_that_differ(reads[asked], beginnings[asked])] == []
        assert len(reads) + len(beginnings) == ASKED[role][0]


@pytest.mark.parametrize("role", AUDIENCES)
async def test_writes_tell_nothing_of_what_is_hidden(server: Server, role: Role) -> None:
    async with both(server, role) as worlds:
        assert [found async for found in worlds.writes_that_differ()] == []
        assert sum(1 if nothing is None else 2 for _, nothing in worlds.catalogue.writes()) == ASKED[role][1]


@pytest.mark.parametrize("role", AUDIENCES)
async def test_the_worlds_share_rows_and_differ_in_every_noun_of_which_somebody_sees_a_part(
    sqlite: Sqlite, role: Role
) -> None:
    """What could not differ would be compared for nothing."""
    shared = {
        name
        for operation in operations()
        if operation.permission is Permission.READ_PUBLISHED
        for name in operation.parameters
    }
    async with both(sqlite, role) as worlds:
        full, bare, hidden = worlds.catalogue.world, worlds.catalogue.bare, worlds.catalogue.hidden
        assert {name for name in full.made if not hidden(name)} == shared
        for name in set(full.made) - {"seq"}:
            assert [own for own in full.made[name] if own not in hidden(name)] == bare.made[name]


BREAKABLE: dict[VisibleTable, str] = {
    Lot: "/lots",
    LotPartner: "/partners",
    Challenge: "/challenges",
    ChallengeEntrant: "/entrants",
    Milestone: "/milestones",
    Supplier: "/suppliers",
    OriginDeclaration: "/origin-declarations",
    ComponentStatement: "/component-statements",
    StatementVerdict: "/component-verdicts",
}
"""Rules of the supplier that hold by themselves, and what to ask about; other rules stand behind one of these."""


@pytest.mark.parametrize("kind", BREAKABLE)
async def test_a_rule_that_shows_every_row_is_seen(sqlite: Sqlite, kind: VisibleTable, put_rule: PutRule) -> None:
    """The two worlds would be compared for nothing, if a supplier who sees everything saw no difference."""
    rule = RULES[kind, Role.SUPPLIER]
    put_rule(kind, Role.SUPPLIER, replace(rule, rows=lambda t, _reader: t.c.id.is_not(None)))
    async with both(sqlite, Role.SUPPLIER) as worlds:
        reads, beginnings = worlds.catalogue.reads(BREAKABLE[kind]), worlds.catalogue.beginnings(BREAKABLE[kind])
        assert await anext(worlds.reads_that_differ(reads, beginnings), None) is not None


async def test_a_rule_that_shows_every_column_is_seen(sqlite: Sqlite, put_rule: PutRule) -> None:
    """No body shows what a supplier may not see of a lot; a filter by it would tell all the same."""
    rule = RULES[Lot, Role.SUPPLIER]
    put_rule(Lot, Role.SUPPLIER, replace(rule, columns=None))
    async with both(sqlite, Role.SUPPLIER) as worlds:
        reads, beginnings = worlds.catalogue.reads("/lots"), worlds.catalogue.beginnings("/lots")
        assert await anext(worlds.reads_that_differ(reads, beginnings), None) is not None


async def test_a_write_that_tells_is_seen(sqlite: Sqlite, put_rule: PutRule) -> None:
    rule = RULES[Lot, Role.SUPPLIER]
    put_rule(Lot, Role.SUPPLIER, replace(rule, rows=lambda t, _reader: t.c.id.is_not(None)))
    async with both(sqlite, Role.SUPPLIER) as worlds:
        assert await anext(worlds.writes_that_differ(), None) is not None
