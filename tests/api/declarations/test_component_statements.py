"""Statements of components over HTTP: what the maker and the office see, what a prime sees, and what nobody can find out."""

import json
from typing import Any

import httpx
import pytest

from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.component_statements import ComponentStatement, StatementSignatory, StatementVerdict
from domain.declarations.origin_declarations import OriginDeclaration
from domain.ledger import AuditEvent
from domain.permissions import Role
from domain.scoring.scores import StoredScore
from tests.support.answers import without_instance
from tests.support.declared import a_leaf, components, euros
from tests.support.given import Given, faults
from tests.support.operations import UNKNOWN
from tests.support.service import Apos, Clock
from tests.support.sides import a_statement

PATH = "/component-statements"
SHARE = {"proven": "60.0000", "declared": "60.0000", "upperBound": "60.0000", "verdict": "fail"}
Row = dict[str, Any]


class Chain:
    """A maker and a prime, each with a client of its own."""

    def __init__(self, maker: Row, prime: Row, makers: httpx.AsyncClient, primes: httpx.AsyncClient) -> None:
        self.maker, self.prime, self.makers, self.primes = maker, prime, makers, primes

    async def stated(self, *shared: str, **fields: Any) -> Row:
        """A statement of the maker, shared with these suppliers."""
        body = a_statement(self.maker["id"], sharedWith=list(shared), **fields)
        answer = await self.makers.post(PATH, json=body)
        assert answer.status_code == 201, answer.text
        made: Row = answer.json()
        return made

    async def changed(self, row: Row, patch: Row) -> httpx.Response:
        """The maker changes a statement."""
        return await self.makers.patch(f"{PATH}/{row['id']}", json=patch, headers={"If-Match": "*"})


@pytest.fixture
async def chain(apos: Apos, given: Given) -> Chain:
    """A maker and a prime that know nothing of each other."""
    maker, prime = await given.supplier(name="Maker"), await given.supplier(name="Prime")
    clients = [await apos.as_(Role.SUPPLIER, row["id"]) for row in (maker, prime)]
    return Chain(maker, prime, *clients)


async def test_a_statement_is_signed_and_read_back_whole_by_its_maker_and_the_office(
    apos: Apos, chain: Chain, office: httpx.AsyncClient
) -> None:
    made = await chain.stated(chain.prime["id"])
    assert made == {
        "id": made["id"], "version": 1, "supplierId": chain.maker["id"], "name": "Vluchtcomputer", "partNumber": "FC-3",
        "totalComponentCost": {"amount": "100.00", "currency": "EUR", "qualifier": "exact"}, "componentCount": 2,
        "componentsDigest": made["componentsDigest"], "validUntil": "2027-12-31", "sharedWith": [chain.prime["id"]],
        "withdrawnOn": None, "validity": "valid", "signedAt": "2026-11-21T09:00:00Z", "schemeVersion": "BM-1.0",
        "referenceDate": "2026-11-21",
        "representative": {"name": "A. Jansen", "function": "Directeur", "email": "a.jansen@example.org"},
    }  # fmt: skip
    path = f"{PATH}/{made['id']}"
    for context in (chain.makers, office, await apos.as_(Role.AUDITOR)):
        assert (await context.get(path)).json() == made
        assert (await context.get(PATH)).json()["items"] == [made]
        lines = (await context.get(f"{path}/components")).json()["items"]
        assert [(line["key"], line["countryOfManufacture"]) for line in lines] == [("board", "NL"), ("chip", "US")]
        [told] = (await context.get("/component-verdicts")).json()["items"]
        assert told == (await context.get(f"{path}/verdict")).json()
    page = (await chain.makers.get(f"{path}/components?limit=1")).json()
    assert (len(page["items"]), page["nextCursor"] is None) == (1, False)


async def test_a_prime_sees_share_verdict_and_validity_and_nothing_else(chain: Chain) -> None:
    made = await chain.stated(chain.prime["id"])
    path = f"{PATH}/{made['id']}"
    told = (await chain.primes.get(f"{path}/verdict")).json()
    assert told == {
        "id": made["id"], "maker": "Maker", "name": "Vluchtcomputer", "partNumber": "FC-3",
        "originShares": {"edip": SHARE, "safe": SHARE},
        "validity": "valid", "validUntil": "2027-12-31",
    }  # fmt: skip
    assert (await chain.primes.get("/component-verdicts")).json() == {"items": [told], "nextCursor": None}
    assert (await chain.primes.get(PATH)).json() == {"items": [], "nextCursor": None}
    for tail in ("", "/components"):
        there, nowhere = [await chain.primes.get(f"{PATH}/{which}{tail}") for which in (made["id"], UNKNOWN)]
        assert there.status_code == 404
        assert without_instance(there) == without_instance(nowhere)
    tries = [
        await chain.primes.patch(f"{PATH}/{which}", json={}, headers={"If-Match": "*"})
        for which in (made["id"], UNKNOWN)
    ]
    assert tries[0].status_code == 404
    assert without_instance(tries[0]) == without_instance(tries[1])


async def test_a_statement_that_is_not_shared_is_told_as_one_that_is_not_there(chain: Chain, apos: Apos) -> None:
    made = await chain.stated()
    there, nowhere = [await chain.primes.get(f"{PATH}/{which}/verdict") for which in (made["id"], UNKNOWN)]
    assert there.status_code == 404
    assert without_instance(there) == without_instance(nowhere)
    assert (await chain.primes.get("/component-verdicts")).json()["items"] == []
    for query in (f"supplierId={chain.maker['id']}", f"sharedWith={chain.maker['id']}"):
        assert (await chain.primes.get(f"{PATH}?{query}")).json()["items"] == []


async def test_a_prime_cannot_learn_who_else_it_is_shared_with(chain: Chain, given: Given) -> None:
    made, other = await chain.stated(chain.prime["id"]), await given.supplier()
    path = f"{PATH}/{made['id']}/verdict"
    before, listed = await chain.primes.get(path), await chain.primes.get("/component-verdicts")
    assert not before.headers["etag"].startswith('"v')
    changed = await chain.changed(made, {"sharedWith": [chain.prime["id"], other["id"], UNKNOWN]})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    after = await chain.primes.get(path)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert (await chain.primes.get("/component-verdicts")).content == listed.content
    asked = [
        await chain.primes.get(f"{PATH}?sharedWith={which}") for which in (other["id"], UNKNOWN, chain.prime["id"])
    ]
    assert [answer.json()["items"] for answer in asked] == [[], [], []]


async def test_sharing_ends_when_the_maker_says_so(chain: Chain, office: httpx.AsyncClient) -> None:
    made = await chain.stated(chain.prime["id"])
    path = f"{PATH}/{made['id']}/verdict"
    assert (await office.get(f"{PATH}?sharedWith={chain.prime['id']}")).json()["items"][0]["id"] == made["id"]
    assert (await chain.changed(made, {"sharedWith": None})).json()["sharedWith"] == []
    assert (await chain.primes.get(path)).status_code == 404
    assert (await office.get(f"{PATH}?sharedWith={chain.prime['id']}")).json()["items"] == []
    assert (await chain.changed(made, {"sharedWith": [chain.prime["id"]]})).status_code == 200
    assert (await chain.primes.get(path)).status_code == 200


async def test_a_statement_expires_and_is_withdrawn_for_good(chain: Chain, clock: Clock, apos: Apos) -> None:
    made = await chain.stated(chain.prime["id"])
    path = f"{PATH}/{made['id']}/verdict"
    first = await chain.primes.get(path)
    clock.move_to("2028-01-01")
    expired = await chain.primes.get(path)
    assert (expired.json()["validity"], expired.headers["etag"] == first.headers["etag"]) == ("expired", False)
    for day in ("2027-12-31", "2028-01-02"):
        refused = await chain.changed(made, {"withdrawnOn": day})
        assert (refused.status_code, list(faults(refused))) == (400, ["/withdrawnOn"])
    withdrawn = await chain.changed(made, {"withdrawnOn": "2028-01-01"})
    assert (withdrawn.status_code, withdrawn.json()["validity"]) == (200, "withdrawn")
    assert (await chain.primes.get(path)).json() == {**first.json(), "validity": "withdrawn"}
    for patch in ({"withdrawnOn": None}, {"withdrawnOn": "2028-01-02"}):
        refused = await chain.changed(made, patch)
        assert (refused.status_code, list(faults(refused))) == (409, ["/withdrawnOn"])
    assert (await chain.changed(made, {"sharedWith": []})).status_code == 200
    assert [event["version"] for event in apos.events(StatementVerdict)] == [1, 2]


async def test_nothing_else_of_a_statement_changes(chain: Chain) -> None:
    made = await chain.stated()
    for field in (
        "name",
        "partNumber",
        "components",
        "totalComponentCost",
        "validUntil",
        "representative",
        "supplierId",
    ):
        refused = await chain.changed(made, {field: None if field == "partNumber" else made.get(field, [])})
        assert (refused.status_code, [pointer.split("/")[1] for pointer in faults(refused)][:1]) == (400, [field])
    stale = await chain.makers.patch(f"{PATH}/{made['id']}", json={}, headers={"If-Match": '"v9-0123456789abcdef"'})
    assert stale.status_code == 412
    assert (await chain.makers.patch(f"{PATH}/{made['id']}", json={})).status_code == 428


async def test_who_signed_never_enters_the_audit_trail(apos: Apos, chain: Chain) -> None:
    await chain.stated(chain.prime["id"])
    assert apos.rows(StatementSignatory)[0]["email"] == "a.jansen@example.org"
    for event in apos.rows(AuditEvent):
        assert "jansen" not in json.dumps([event["changed"], event["state"]]).lower()


BAD = [
    pytest.param({"components": []}, ["/components"], id="of nothing"),
    pytest.param({"components": None}, ["/components"], id="no list"),
    pytest.param({"totalComponentCost": None}, ["/totalComponentCost"], id="without a cost"),
    pytest.param({"totalComponentCost": euros("99.99")}, ["/totalComponentCost"], id="worth more than it costs"),
    pytest.param({"validUntil": "2026-11-20"}, ["/validUntil"], id="over already"),
    pytest.param({"sharedWith": [UNKNOWN, UNKNOWN]}, ["/sharedWith/1"], id="shared twice"),
    pytest.param({"sharedWith": ["?"]}, ["/sharedWith/0"], id="shared with no id"),
    pytest.param(
        {"representative": {"name": "A"}}, ["/representative/function", "/representative/email"], id="unsigned"
    ),
    pytest.param({"withdrawnOn": "2026-11-21"}, ["/withdrawnOn"], id="withdrawn from the start"),
    pytest.param(
        {"components": [a_leaf("a", "1", None), a_leaf("a", "1", None, parentKey="b")], "validUntil": "2026-01-01"},
        ["/components/1/key", "/components/1/parentKey", "/validUntil"],
        id="lines and the rest at once",
    ),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("fields", "pointers"), BAD)
async def test_a_bad_statement_names_all_that_is_wrong(
    apos: Apos, chain: Chain, fields: Row, pointers: list[str]
) -> None:
    answer = await chain.makers.post(PATH, json=a_statement(chain.maker["id"], **fields))
    assert (answer.status_code, list(faults(answer))) == (400, pointers), answer.text
    assert apos.rows(ComponentStatement) == apos.rows(DeclaredComponent) == []


async def test_a_supplier_states_for_itself_alone_and_the_office_for_anybody(
    chain: Chain, office: httpx.AsyncClient, apos: Apos
) -> None:
    answers = [await chain.primes.post(PATH, json=a_statement(which)) for which in (chain.maker["id"], UNKNOWN)]
    assert answers[0].status_code == 404
    assert without_instance(answers[0]) == without_instance(answers[1])
    assert (await office.post(PATH, json=a_statement(chain.maker["id"]))).status_code == 201
    for role in (Role.ASSESSOR, Role.AUDITOR, Role.VIEWER):
        assert (await (await apos.as_(role)).post(PATH, json=a_statement(chain.maker["id"]))).status_code == 403


async def test_the_same_statement_sent_again_is_made_once(apos: Apos, chain: Chain) -> None:
    headers = {"Idempotency-Key": "statement-1"}
    answers = [await chain.makers.post(PATH, json=a_statement(chain.maker["id"]), headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(apos.rows(ComponentStatement)) == 1


async def a_contest(given: Given, chain: Chain) -> Row:
    """A lot in which the prime takes part."""
    lot, _, _ = await given.contest()
    await given.partner(lot, chain.prime)
    return lot


def naming(statement_id: str | None) -> list[Row]:
    """The components of worked example 1, the first of which names a statement."""
    first, *rest = components()
    return [{**first, "statementId": statement_id}, *rest]


async def test_a_shared_statement_is_attached_and_enters_no_figure(apos: Apos, given: Given, chain: Chain) -> None:
    lot, made = await a_contest(given, chain), await chain.stated(chain.prime["id"])
    plain = await given.declaration(lot, chain.prime, chain.primes)
    declared = await given.declaration(lot, chain.prime, chain.primes, components=naming(made["id"].upper()))
    assert declared["componentsDigest"] != plain["componentsDigest"]
    path = f"/origin-declarations/{declared['id']}"
    lines = (await chain.primes.get(f"{path}/components")).json()["items"]
    assert [line["statementId"] for line in lines] == [made["id"], None, None]
    csv = (await chain.primes.get(f"{path}/components", headers={"Accept": "text/csv"})).text.splitlines()
    assert csv[0].endswith(",evidence.sha256,statementId")
    assert [row.rpartition(",")[2] for row in csv[1:]] == [made["id"], "", ""]
    for row in (plain, declared):
        await given.submitted(row, chain.primes)
    first, second = ({**row, "id": 0, "declaration_id": 0} for row in apos.rows(StoredScore))
    assert first == second
    lot_assessor = await given.assessor(f"/lots/{lot['id']}")
    assert (await lot_assessor.get(f"{path}/components")).json()["items"] == lines
    assert (await lot_assessor.get(f"{PATH}/{made['id']}/verdict")).status_code == 403


async def test_attaching_what_is_not_shared_is_refused_as_what_is_not_there(
    apos: Apos, given: Given, chain: Chain, office: httpx.AsyncClient
) -> None:
    lot, made = await a_contest(given, chain), await chain.stated(chain.maker["id"])
    draft = await given.declaration(lot, chain.prime, chain.primes)
    tag = {"If-Match": "*"}
    told = []
    for client in (chain.primes, office):
        for which in (made["id"], UNKNOWN):
            body = {"components": [*components(), a_leaf("extra", "0", "power", statementId=which)]}
            put = await client.put(f"/origin-declarations/{draft['id']}/components", json=body, headers=tag)
            body |= {"supplierId": chain.prime["id"], "lotId": lot["id"], "system": {"name": "x"}}
            post = await client.post("/origin-declarations", json=body)
            for answer in (put, post):
                assert (answer.status_code, list(faults(answer))) == (400, ["/components/3/statementId"])
                told.append(without_instance(answer))
    put, post = told[::2], told[1::2]
    assert all(answer == put[0] for answer in put)
    assert all(answer == post[0] for answer in post)
    assert len(apos.rows(OriginDeclaration)) == 1


async def test_a_statement_withdrawn_later_stays_attached_and_is_attached_no_more(given: Given, chain: Chain) -> None:
    lot, made = await a_contest(given, chain), await chain.stated(chain.prime["id"])
    draft = await given.declaration(lot, chain.prime, chain.primes, components=naming(made["id"]))
    await chain.changed(made, {"withdrawnOn": "2026-11-21"})
    await given.submitted(draft, chain.primes)
    path = f"/origin-declarations/{draft['id']}"
    assert (await chain.primes.get(f"{path}/components")).json()["items"][0]["statementId"] == made["id"]
    assert (await chain.primes.get(f"{PATH}/{made['id']}/verdict")).json()["validity"] == "withdrawn"
    await given.reviewed(draft, "returned")
    body = {"supplierId": chain.prime["id"], "lotId": lot["id"], "revises": draft["id"], "system": {"name": "x"}}
    refused = await chain.primes.post("/origin-declarations", json={**body, "components": naming(made["id"])})
    assert (refused.status_code, list(faults(refused))) == (400, ["/components/0/statementId"])
    assert "withdrawn" in refused.json()["errors"][0]["detail"]
    assert (await chain.primes.post("/origin-declarations", json=body)).status_code == 201


@pytest.mark.parametrize("value", ["?", "01a1fd21938476b9bb16d38cd1af38c8", 7, f"{{{UNKNOWN}}}"])
async def test_what_is_no_id_is_refused_by_its_form(given: Given, chain: Chain, value: Any) -> None:
    lot = await a_contest(given, chain)
    body = {"supplierId": chain.prime["id"], "lotId": lot["id"], "system": {"name": "x"}, "components": naming(value)}
    answer = await chain.primes.post("/origin-declarations", json=body)
    assert faults(answer) == {
        "/components/0/statementId": "give an id as the service writes it: 36 characters with hyphens"
    }


async def test_a_statement_may_rest_on_one_deeper_in_the_chain(given: Given, chain: Chain) -> None:
    """The prime of one statement is the maker of the next: the same rule holds at every step."""
    deeper = await chain.stated(chain.prime["id"])
    line = a_leaf("board", "100", None, statementId=deeper["id"])
    own = await chain.primes.post(PATH, json=a_statement(chain.prime["id"], components=[line]))
    assert own.status_code == 201
    lines = (await chain.primes.get(f"{PATH}/{own.json()['id']}/components")).json()["items"]
    assert [item["statementId"] for item in lines] == [deeper["id"]]
    other = await chain.makers.post(PATH, json=a_statement(chain.maker["id"], components=[line]))
    assert (other.status_code, list(faults(other))) == (400, ["/components/0/statementId"])


async def test_changes_tell_a_statement_that_was_attached(given: Given, chain: Chain) -> None:
    lot, made = await a_contest(given, chain), await chain.stated(chain.prime["id"])
    first = await given.declaration(lot, chain.prime, chain.primes)
    await given.submitted(first, chain.primes)
    await given.reviewed(first, "returned")
    second = await given.declaration(lot, chain.prime, chain.primes, revises=first["id"], components=naming(made["id"]))
    found = (await chain.primes.get(f"/origin-declarations/{second['id']}/changes")).json()
    assert found["lines"]["changed"]["items"] == [
        {
            "key": "control",
            "name": "Part control",
            "points": "0.0000",
            "fields": [{"field": "statementId", "before": None, "after": made["id"]}],
        }
    ]
