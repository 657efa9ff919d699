"""The registers of the letters, from test sites to commitments: read by all where published and kept by the office."""

from typing import Any

import httpx
import pytest

from domain.oversight.commitments import Commitment
from domain.permissions import Role
from domain.portfolio.trials import Trial
from domain.registers import BudgetLine, Target, TestSite
from tests.support.given import Given, faults
from tests.support.service import Apos

NOWHERE = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
TABLES: dict[str, Any] = {
    "test-sites": TestSite,
    "trials": Trial,
    "targets": Target,
    "budget-lines": BudgetLine,
    "commitments": Commitment,
}


async def a_body(given: Given, register: str) -> dict[str, Any]:
    """A whole row of a register, with all that it names."""
    source = (await given.source())["key"]
    fact = {"key": "k", "source": source, "note": "n", "readings": ["title"]}
    if register == "test-sites":
        partner = await given.post("/organisations", {"name": "TU Delft", "kind": "knowledgeInstitute"})
        site = {"name": "Delft", "country": "NL", "domain": "air", "hosts": ["indoor"], "partnerIds": [partner["id"]]}
        return {**fact, **site}
    if register == "trials":
        site = await given.post("/test-sites", {"name": "Delft"})
        challenge, lot = await given.challenge(), await given.lot()
        window = {"start": "2026-07-01", "end": "2026-09-30"}
        subjects = {"challengeIds": [challenge["id"]], "lotIds": [lot["id"]]}
        return {**fact, "title": "Beproeving", "window": window, "siteId": site["id"], **subjects}
    if register == "commitments":
        lot = await given.lot()
        days = {"made": "2026-06-02", "due": "2026-12-20", "dueNote": "najaar", "lotIds": [lot["id"]]}
        return {**fact, "kind": "motie", "text": "t", **days}
    if register == "targets":
        return {**fact, "title": "Samen", "bound": "atLeast", "boundPct": 40, "definitionVersion": "letters-2026"}
    amount = {"amount": "76200000.00", "currency": "EUR", "qualifier": "exact"}
    return {**fact, "title": "AI 2026", "amount": amount, "fund": "dmf"}


@pytest.mark.parametrize("register", TABLES)
async def test_a_row_is_added_read_listed_and_corrected(
    apos: Apos, given: Given, office: httpx.AsyncClient, register: str
) -> None:
    body = await a_body(given, register)
    answer = await office.post(f"/{register}", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert {name: made[name] for name in body} == body
    path = f"/{register}/{made['id']}"
    assert (await office.get(path)).json() == made
    assert (await office.get(f"/{register}?key=k&source={body['source']}")).json()["items"] == [made]
    tag = {"If-Match": answer.headers["etag"]}
    after = await office.patch(path, json={"note": None}, headers=tag)
    assert (after.json()["note"], after.json()["version"]) == (None, 2)
    assert (await office.patch(path, json={"note": "x"}, headers=tag)).status_code == 412
    assert [event["version"] for event in apos.events(TABLES[register])] == [1, 2]


@pytest.mark.parametrize("register", TABLES)
async def test_every_role_reads_a_published_row_and_only_the_office_writes_it(
    apos: Apos, given: Given, office: httpx.AsyncClient, register: str
) -> None:
    made = (await office.post(f"/{register}", json=await a_body(given, register))).json()
    for role in Role:
        supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
        client = await apos.as_(role, supplier)
        answer = await client.get(f"/{register}/{made['id']}")
        assert answer.status_code == 200
        outside = role in (Role.SUPPLIER, Role.VIEWER)
        # What is published cannot be withdrawn; suppliers read their own trials, which need not be published.
        hidden = {"version", "note"} | ({"withdrawn"} & made.keys() if register != "trials" else set())
        assert set(made) - set(answer.json()) == (hidden if outside else set())
        writes = role in (Role.PROGRAMME_OFFICE, Role.PROGRAMME_ADMIN)
        assert (await client.post(f"/{register}", json={})).status_code == (400 if writes else 403)


BAD = [
    pytest.param("trials", {"window": {"start": "2026-10-01", "end": "2026-09-30"}}, ["/window/end"], id="window"),
    pytest.param("trials", {"window": {"start": "2026-10-01"}}, ["/window/end"], id="half a window"),
    pytest.param("trials", {"challengeIds": [], "lotIds": []}, ["/challengeIds"], id="a trial of nothing"),
    pytest.param("trials", {"siteId": NOWHERE}, ["/siteId"], id="an unknown site"),
    pytest.param("trials", {"lotIds": [NOWHERE]}, ["/lotIds/0"], id="an unknown lot"),
    pytest.param("trials", {"challengeIds": [NOWHERE, NOWHERE]}, ["/challengeIds/1"], id="a challenge twice"),
    pytest.param("test-sites", {"partnerIds": [NOWHERE]}, ["/partnerIds/0"], id="an unknown partner"),
    pytest.param("test-sites", {"hosts": ["parties"]}, ["/hosts/0"], id="a host of what nobody knows"),
    pytest.param("test-sites", {"country": "XK"}, ["/country"], id="no country"),
    pytest.param("targets", {"boundPct": 101}, ["/boundPct"], id="over a hundred percent"),
    pytest.param("targets", {"boundPct": 12.5}, ["/boundPct"], id="half a percent"),
    pytest.param("targets", {"bound": "about"}, ["/bound"], id="no bound"),
    pytest.param("budget-lines", {"amount": {"amount": 76}}, ["/amount/amount"], id="a number for an amount"),
    pytest.param("budget-lines", {"fund": "The Fund"}, ["/fund"], id="no fund"),
    pytest.param("budget-lines", {"source": "nowhere"}, ["/source"], id="an unknown source"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("register", "fields", "pointers"), BAD)
async def test_a_bad_row_is_refused_by_field(
    apos: Apos, given: Given, office: httpx.AsyncClient, register: str, fields: dict[str, Any], pointers: list[str]
) -> None:
    body = await a_body(given, register)
    answer = await office.post(f"/{register}", json={**body, **fields})
    assert (answer.status_code, list(faults(answer))) == (400, pointers)
    assert apos.rows(TABLES[register]) == []


async def test_trials_are_found_by_site_window_and_what_is_tried(given: Given, office: httpx.AsyncClient) -> None:
    body = await a_body(given, "trials")
    made = await given.post("/trials", body)
    for query, found in (
        (f"siteId={body['siteId']}", [made]),
        (f"siteId={NOWHERE}", []),
        ("windowEndFrom=2026-09-30", [made]),
        ("windowEndBefore=2026-09-30", []),
        (f"challengeId={body['challengeIds'][0]}", [made]),
        (f"lotId={body['lotIds'][0]}", [made]),
        (f"lotId={NOWHERE}", []),
        (f"lotId={body['challengeIds'][0]}", []),
    ):
        assert (await office.get(f"/trials?{query}")).json()["items"] == found, query
