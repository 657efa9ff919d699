"""Origin declarations: drafted, submitted, reviewed and revised, each step once and in its order."""

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.actions.declarations import submissions as actions
from api.http.pagination import cursor_of
from api.settings import driver_url
from domain.declarations.component_columns import DeclaredComponent
from domain.declarations.origin_declarations import OriginDeclaration
from domain.declarations.reviews import Review
from domain.declarations.submissions import Signatory, Submission
from domain.permissions import Role
from domain.scoring.scores import StoredScore
from domain.scoring.scoring_profiles import ScoringProfile
from tests.support.declared import PROFILE, SIGNED, a_leaf, components, euros, statement
from tests.support.given import Given, faults
from tests.support.service import Apos

NOWHERE = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"


def path_of(declaration: dict[str, Any]) -> str:
    """Where a declaration is."""
    return f"/origin-declarations/{declaration['id']}"


async def tag_of(client: httpx.AsyncClient, declaration: dict[str, Any]) -> dict[str, str]:
    """The precondition for a change of a declaration as it is now."""
    return {"If-Match": (await client.get(path_of(declaration))).headers["etag"]}


async def status_of(client: httpx.AsyncClient, declaration: dict[str, Any]) -> str:
    """Where a declaration stands."""
    status: str = (await client.get(path_of(declaration))).json()["status"]
    return status


async def test_a_supplier_drafts_submits_and_reads_its_score(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    assert (draft["status"], draft["revision"], draft["componentCount"]) == ("draft", 1, 3)
    assert draft["system"] == {"name": "Kestrel", "version": "2", "finalAssemblyCountry": "NL"}
    assert draft["totalComponentCost"] == {"amount": "400000.00", "currency": "EUR", "qualifier": "exact"}
    submission = await given.submitted(draft, client)
    assert submission["representative"] == SIGNED["representative"]
    assert submission["submittedAt"] == "2026-11-21T09:00:00Z"
    score = (await client.get(f"{path_of(draft)}/score")).json()
    assert (score["score"], score["adjustmentPercent"]) == ("100.0", "10.00")
    assert score["fictitiousPrice"]["amount"] == "900000.00"
    assert await status_of(client, draft) == "submitted"
    [row] = apos.rows(Submission)
    assert (await client.get(f"{path_of(draft)}/submissions/{row['id']}")).json() == submission
    assert (await client.get(f"{path_of(draft)}/submissions")).json()["items"] == [submission]


async def test_who_signed_enters_no_event(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    await given.submitted(await given.declaration(lot, supplier, client), client)
    [person] = apos.rows(Signatory)
    assert person["email"] == "a.jansen@example.org"
    for event in [*apos.events(Signatory), *apos.events(Submission), *apos.events(OriginDeclaration)]:
        assert "ansen" not in str(event["state"]) + str(event["changed"])


async def test_a_declaration_and_its_lines_leave_one_event_with_digest_and_count(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    [event] = apos.events(OriginDeclaration)
    assert event["state"]["component_count"] == 3
    assert event["state"]["components_digest"] == draft["componentsDigest"]
    assert len(apos.rows(DeclaredComponent)) == 3
    after = await given.put(path_of(draft), "components", {"components": components()[:1]}, client)
    assert (after["componentCount"], after["version"]) == (1, 2)
    assert after["componentsDigest"] != draft["componentsDigest"]
    assert len(apos.rows(DeclaredComponent)) == 1, "what a draft has no longer is forgotten"
    assert [item["key"] for item in (await client.get(f"{path_of(draft)}/components")).json()["items"]] == ["control"]


async def test_components_are_read_back_as_they_were_declared(given: Given) -> None:
    lot, supplier, client = await given.contest()
    leaf = a_leaf(
        "x", "0.123456", "power", quantity="2.5", parentKey="node", partNumber="P-1", manufacturer="Voorbeeld B.V.",
        countryOfControl=None, licenceCountry="US", stockWeeks=0, leadTimeWeeks="1.5",
        evidence={"level": "document", "expiresOn": "2027-01-31", "uri": "https://example.org/a", "sha256": "0" * 64},
    )  # fmt: skip
    bare = {"key": "node", "name": "Onderdeel", "quantity": 1}
    draft = await given.declaration(lot, supplier, client, components=[leaf, bare])
    first, second = (await client.get(f"{path_of(draft)}/components")).json()["items"]
    value = {"amount": "0.123456", "currency": "EUR", "qualifier": "exact"}
    assert first == {**leaf, "unitValue": value, "stockWeeks": "0", "statementId": None}
    assert {name for name, given_ in second.items() if given_ is None} == set(first) - {
        "key",
        "name",
        "quantity",
        "evidence",
    }
    assert second["evidence"] == {"level": "none", "expiresOn": None, "uri": None, "sha256": None}


async def test_components_are_paged_in_order_and_filtered(given: Given) -> None:
    lot, supplier, client = await given.contest()
    many = [a_leaf(f"c{n:03d}", "1", "power") for n in range(100, 0, -1)]
    draft = await given.declaration(lot, supplier, client, components=[*many, a_leaf("z", "1", "control")])
    found, path = [], f"{path_of(draft)}/components?limit=40"
    answer = await client.get(path)
    while True:
        found += [item["key"] for item in answer.json()["items"]]
        if answer.json()["nextCursor"] is None:
            break
        answer = await client.get(f"{path}&cursor={answer.json()['nextCursor']}")
    assert found == [leaf["key"] for leaf in many] + ["z"]
    by_key = (await client.get(f"{path}&sort=key")).json()
    assert [item["key"] for item in by_key["items"]] == sorted(found)[:40]
    [only] = (await client.get(f"{path}&functionGroup=control")).json()["items"]
    assert only["key"] == "z"


@pytest.mark.parametrize("position", ["2147483648", "999999999999999999", "9" * 19, "-1", "9" * 1500, "²"])
async def test_a_cursor_beyond_any_position_is_refused(given: Given, position: str) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    answer = await client.get(f"{path_of(draft)}/components?cursor={cursor_of('position', None, position)}")
    assert (answer.status_code, list(faults(answer))) == (400, ["/query/cursor"])
    last = await client.get(f"{path_of(draft)}/components?cursor={cursor_of('position', None, '2147483647')}")
    assert (last.status_code, last.json()["items"]) == (200, [])


async def test_a_draft_changes_field_by_field_and_only_with_its_etag(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    stale = await tag_of(client, draft)
    patch = {"system": {"version": "3"}, "price": None, "designAuthority": {"level": "one"}}
    answer = await client.patch(path_of(draft), json=patch, headers=stale)
    assert answer.status_code == 200
    after = answer.json()
    assert (after["system"]["name"], after["system"]["version"], after["price"]) == ("Kestrel", "3", None)
    assert (after["designAuthority"]["level"], after["designAuthority"]["country"]) == ("one", "NL")
    assert (await client.patch(path_of(draft), json=patch, headers=stale)).status_code == 412
    assert (await client.patch(path_of(draft), json=patch)).status_code == 428
    assert (await client.put(f"{path_of(draft)}/components", json={"components": []})).status_code == 428
    answer = await client.put(f"{path_of(draft)}/components", json={"components": []}, headers=stale)
    assert answer.status_code == 412
    for forbidden in ("supplierId", "lotId", "components", "status"):
        answer = await client.patch(path_of(draft), json={forbidden: None}, headers=await tag_of(client, draft))
        assert (answer.status_code, list(faults(answer))) == (400, [f"/{forbidden}"])


async def test_what_was_submitted_stays_as_it_is(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    await given.submitted(draft, client)
    tag = await tag_of(client, draft)
    before = apos.rows(OriginDeclaration), apos.rows(DeclaredComponent), apos.rows(StoredScore)
    answers = [
        await client.patch(path_of(draft), json={"price": None}, headers=tag),
        await client.put(f"{path_of(draft)}/components", json={"components": []}, headers=tag),
        await client.post(f"{path_of(draft)}/submissions", json=SIGNED),
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert (apos.rows(OriginDeclaration), apos.rows(DeclaredComponent), apos.rows(StoredScore)) == before


async def test_a_returned_declaration_is_revised_and_the_revision_accepted(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    first = await given.declaration(lot, supplier, client)
    await given.submitted(first, client)
    remarks = [{"componentKey": "power", "remark": "Het certificaat is van een ander onderdeel."}]
    body = {"verdict": "returned", "narrative": "Bijna goed.", "remarks": remarks}
    review = await given.post(f"{path_of(first)}/reviews", body)
    assert (await client.get(f"{path_of(first)}/reviews")).json()["items"] == [review]
    assert (await client.get(f"{path_of(first)}/reviews/{review['id']}")).json()["remarks"] == remarks
    left_out = statement()
    del left_out["components"]
    body = {"supplierId": supplier["id"], "lotId": lot["id"], "revises": first["id"], **left_out}
    second = (await client.post("/origin-declarations", json=body)).json()
    assert (second["revision"], second["revises"], second["componentCount"]) == (2, first["id"], 3)
    assert second["componentsDigest"] == first["componentsDigest"]
    assert len(apos.rows(DeclaredComponent)) == 3, "a copy shares the lines"
    assert await status_of(client, first) == "returned"
    await given.submitted(second, client)
    assert await status_of(client, first) == "superseded"
    await given.reviewed(second, "accepted")
    assert await status_of(client, second) == "accepted"


async def test_a_revision_that_replaces_copied_components_leaves_those_of_the_declaration_before(
    apos: Apos, given: Given
) -> None:
    lot, supplier, client = await given.contest()
    first = await given.declaration(lot, supplier, client)
    await given.submitted(first, client)
    await given.reviewed(first, "returned")
    body = {"supplierId": supplier["id"], "lotId": lot["id"], "revises": first["id"], "system": {"name": "Kestrel"}}
    second = (await client.post("/origin-declarations", json=body)).json()
    await given.put(path_of(second), "components", {"components": components()[:1]}, client)
    assert len((await client.get(f"{path_of(first)}/components")).json()["items"]) == 3
    assert len((await client.get(f"{path_of(second)}/components")).json()["items"]) == 1
    await given.put(path_of(second), "components", {"components": []}, client)
    assert len(apos.rows(DeclaredComponent)) == 3


async def test_an_accepted_declaration_is_superseded_when_its_revision_is_accepted(given: Given) -> None:
    lot, supplier, client = await given.contest()

    async def revision(**fields: Any) -> dict[str, Any]:
        made = await given.declaration(lot, supplier, client, **fields)
        await given.submitted(made, client)
        return made

    first = await revision()
    await given.reviewed(first, "accepted")
    second = await revision(revises=first["id"])
    assert await status_of(client, first) == "accepted"
    await given.reviewed(second, "returned")
    third = await revision(revises=second["id"])
    assert [await status_of(client, each) for each in (first, second, third)] == ["accepted", "superseded", "submitted"]
    await given.reviewed(third, "accepted")
    assert [await status_of(client, each) for each in (first, second, third)] == [
        "superseded",
        "superseded",
        "accepted",
    ]


async def test_only_what_was_reviewed_is_revised_and_once(given: Given) -> None:
    lot, supplier, client = await given.contest()
    other = await given.lot()
    await given.partner(other, supplier)
    first = await given.declaration(lot, supplier, client)
    body = {"supplierId": supplier["id"], "lotId": lot["id"], **statement(), "revises": first["id"]}

    async def refused(**fields: Any) -> tuple[int, list[str]]:
        answer = await client.post("/origin-declarations", json={**body, **fields})
        return answer.status_code, list(faults(answer))

    assert await refused() == (409, ["/revises"])
    await given.submitted(first, client)
    assert await refused() == (409, ["/revises"])
    await given.reviewed(first, "returned")
    assert await refused(lotId=other["id"]) == (400, ["/revises"])
    assert await refused(revises=NOWHERE) == (400, ["/revises"])
    second = await given.declaration(lot, supplier, client, revises=first["id"])
    assert await refused() == (409, ["/revises"])
    assert await refused(revises=second["id"]) == (409, ["/revises"])


async def test_a_review_needs_a_submission_and_is_made_once(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    body = {"verdict": "accepted", "narrative": "Goed."}
    assert (await office.post(f"{path_of(draft)}/reviews", json=body)).status_code == 409
    await given.submitted(draft, client)
    unknown = {**body, "remarks": [{"componentKey": key, "remark": "x"} for key in ("power", "none", "control", "nil")]}
    answer = await office.post(f"{path_of(draft)}/reviews", json=unknown)
    assert (answer.status_code, list(faults(answer))) == (400, ["/remarks/1/componentKey", "/remarks/3/componentKey"])
    assert apos.rows(Review) == []
    assert (await office.post(f"{path_of(draft)}/reviews", json=body)).status_code == 201
    assert (await office.post(f"{path_of(draft)}/reviews", json=body)).status_code == 409
    assert len(apos.rows(Review)) == 1


async def test_an_assessor_reviews_what_is_assigned_to_it(given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    await given.submitted(draft, client)
    assessor = await given.assessor(f"/lots/{lot['id']}")
    other = await given.assessor(f"/lots/{(await given.lot())['id']}")
    body = {"verdict": "accepted", "narrative": "Goed."}
    assert (await other.post(f"{path_of(draft)}/reviews", json=body)).status_code == 404
    assert (await client.post(f"{path_of(draft)}/reviews", json=body)).status_code == 403
    assert (await assessor.get(f"{path_of(draft)}/score")).status_code == 200
    assert (await assessor.post(f"{path_of(draft)}/reviews", json=body)).status_code == 201
    assert (await assessor.post(f"{path_of(draft)}/submissions", json=SIGNED)).status_code == 403


async def test_a_declaration_is_for_what_its_supplier_takes_part_in(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, supplier, client = await given.contest()
    other, rival = await given.lot(), await given.supplier()
    body = {"supplierId": supplier["id"], "lotId": lot["id"], **statement()}
    for fields in ({"lotId": other["id"]}, {"lotId": NOWHERE}, {"supplierId": rival["id"]}, {"supplierId": NOWHERE}):
        assert (await client.post("/origin-declarations", json={**body, **fields})).status_code == 404, fields
    both = {**body, "challengeId": NOWHERE}
    neither = {name: value for name, value in body.items() if name != "lotId"}
    for wrong in (both, neither):
        answer = await client.post("/origin-declarations", json=wrong)
        assert (answer.status_code, list(faults(answer))) == (400, ["/lotId"])
    answer = await office.post("/origin-declarations", json={**body, "supplierId": rival["id"]})
    assert (answer.status_code, list(faults(answer))) == (409, ["/supplierId"])
    assert apos.rows(OriginDeclaration) == apos.rows(DeclaredComponent) == []
    assert (await office.post("/origin-declarations", json=body)).status_code == 201


async def test_an_entrant_declares_until_it_withdraws(apos: Apos, given: Given) -> None:
    challenge, supplier = await given.challenge(), await given.supplier()
    entrant = await given.post(f"/challenges/{challenge['id']}/entrants", {"supplierId": supplier["id"]})
    path = f"/challenges/{challenge['id']}"
    await given.put(path, "scoring-profile", PROFILE)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    body = {"supplierId": supplier["id"], "challengeId": challenge["id"], **statement()}
    answer = await client.post("/origin-declarations", json=body)
    assert answer.status_code == 201
    tag = {"If-Match": "*"}
    await given.admin.patch(f"{path}/entrants/{entrant['id']}", json={"status": "withdrawn"}, headers=tag)
    assert (await client.post("/origin-declarations", json=body)).status_code == 409
    assert (await client.post(f"{path_of(answer.json())}/submissions", json=SIGNED)).status_code == 409
    assert await status_of(client, answer.json()) == "draft"


async def test_a_supplier_keeps_its_declarations_and_scores_when_its_part_ends(given: Given) -> None:
    lot, supplier = await given.lot(status="running"), await given.supplier()
    partner = await given.partner(lot, supplier)
    await given.put(f"/lots/{lot['id']}", "scoring-profile", PROFILE)
    client = await given.apos.as_(Role.SUPPLIER, supplier["id"])
    draft = await given.declaration(lot, supplier, client)
    await given.submitted(draft, client)
    before = (await client.get(f"{path_of(draft)}/score")).content
    path = f"/lots/{lot['id']}/partners/{partner['id']}"
    ended = await given.admin.patch(path, json={"endedOn": "2026-11-20"}, headers={"If-Match": "*"})
    assert ended.status_code == 200
    assert (await client.get(f"/lots/{lot['id']}")).status_code == 404
    assert (await client.get(f"{path_of(draft)}/score")).content == before


async def test_nothing_is_submitted_without_a_profile(apos: Apos, given: Given) -> None:
    lot, supplier = await given.lot(), await given.supplier()
    await given.partner(lot, supplier)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    draft = await given.declaration(lot, supplier, client)
    answer = await client.post(f"{path_of(draft)}/submissions", json=SIGNED)
    assert answer.status_code == 409
    assert "scoring profile" in answer.json()["detail"]
    assert apos.rows(Submission) == apos.rows(Signatory) == apos.rows(StoredScore) == []


SIGNATURES = [
    pytest.param({}, ["/representative"], id="nobody"),
    pytest.param(
        {"representative": {}}, [f"/representative/{name}" for name in ("name", "function", "email")], id="no one"
    ),
    pytest.param(
        {"representative": {**SIGNED["representative"], "email": "nobody"}}, ["/representative/email"], id="no address"
    ),
    pytest.param({"representative": {**SIGNED["representative"], "name": " "}}, ["/representative/name"], id="no name"),
    pytest.param({"representative": None}, ["/representative"], id="null"),
]


@pytest.mark.parametrize(("body", "pointers"), SIGNATURES)
async def test_nothing_is_submitted_without_a_signatory(
    apos: Apos, given: Given, body: dict[str, Any], pointers: list[str]
) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    answer = await client.post(f"{path_of(draft)}/submissions", json=body)
    assert (answer.status_code, list(faults(answer))) == (400, pointers)
    assert apos.rows(Submission) == apos.rows(StoredScore) == []
    assert await status_of(client, draft) == "draft"


async def test_components_that_fit_the_profile_no_longer_are_refused_at_submission(apos: Apos, given: Given) -> None:
    lot, supplier = await given.lot(), await given.supplier()
    await given.partner(lot, supplier)
    await given.put(f"/lots/{lot['id']}", "scoring-profile", PROFILE)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    draft = await given.declaration(lot, supplier, client)
    fewer = {**PROFILE, "functionGroups": PROFILE["functionGroups"][:2]}
    await given.put(f"/lots/{lot['id']}", "scoring-profile", fewer)
    answer = await client.post(f"{path_of(draft)}/submissions", json=SIGNED)
    assert (answer.status_code, list(faults(answer))) == (409, ["/components/2/functionGroup"])
    assert apos.rows(Submission) == []


async def test_an_empty_draft_can_be_submitted_and_cannot_be_assessed(given: Given) -> None:
    lot, supplier, client = await given.contest()
    body = {"supplierId": supplier["id"], "lotId": lot["id"], "system": {"name": "Nog leeg"}}
    draft = (await client.post("/origin-declarations", json=body)).json()
    await given.submitted(draft, client)
    score = (await client.get(f"{path_of(draft)}/score")).json()
    assert (score["score"], score["points"], score["explanation"], score["adjustmentPercent"]) == (
        None,
        None,
        [],
        "-10.00",
    )
    assert {entry["code"] for entry in score["knockOuts"]} == {"KO-2"}


async def test_twins_submit_once(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    path = f"{path_of(draft)}/submissions"
    answers = await asyncio.gather(*(client.post(path, json=SIGNED) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(apos.rows(Submission)) == len(apos.rows(StoredScore)) == len(apos.rows(Signatory)) == 1


async def test_twins_revise_once(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    first = await given.declaration(lot, supplier, client)
    await given.submitted(first, client)
    await given.reviewed(first, "returned")
    body = {"supplierId": supplier["id"], "lotId": lot["id"], "revises": first["id"], **statement()}
    answers = await asyncio.gather(*(client.post("/origin-declarations", json=body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(apos.rows(OriginDeclaration)) == 2


async def test_what_changes_while_it_is_scored_is_not_submitted(
    apos: Apos, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    score_draft = actions.score_draft

    async def meanwhile(*known: Any) -> Any:
        scored = await score_draft(*known)
        tag = await tag_of(client, draft)
        assert (await client.patch(path_of(draft), json={"price": euros("5")}, headers=tag)).status_code == 200
        return scored

    monkeypatch.setattr(actions, "score_draft", meanwhile)
    answer = await client.post(f"{path_of(draft)}/submissions", json=SIGNED)
    assert answer.status_code == 409
    assert "changed at the same moment" in answer.json()["detail"]
    assert apos.rows(Submission) == apos.rows(Signatory) == apos.rows(StoredScore) == []
    monkeypatch.undo()
    await given.submitted(draft, client)
    assert apos.rows(StoredScore)[0]["fictitious_price_cents"] == 450


async def test_nobody_waits_for_a_frozen_profile(apos: Apos, given: Given) -> None:
    """A supplier who had to wait would learn that a competitor is submitting."""
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    engine = sa.create_engine(driver_url(apos.database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT * FROM scoring_profiles FOR UPDATE"))
        async with asyncio.timeout(5):
            await given.submitted(draft, client)


async def test_a_repeated_draft_is_made_once(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    body = {"supplierId": supplier["id"], "lotId": lot["id"], **statement()}
    key = {"Idempotency-Key": "draft-1"}
    first = await client.post("/origin-declarations", json=body, headers=key)
    again = await client.post("/origin-declarations", json=body, headers=key)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    body["price"] = euros("5")
    assert (await client.post("/origin-declarations", json=body, headers=key)).status_code == 422
    assert len(apos.rows(OriginDeclaration)) == 1


async def test_the_first_submission_freezes_the_profile_and_says_so_to_the_office_alone(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot, supplier = await given.lot(), await given.supplier()
    await given.partner(lot, supplier)
    path = f"/lots/{lot['id']}"
    await given.put(path, "scoring-profile", PROFILE)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    draft = await given.declaration(lot, supplier, client)
    rival = await given.supplier()
    await given.partner(lot, rival)
    watching = await apos.as_(Role.SUPPLIER, rival["id"])
    before = await watching.get(f"{path}/scoring-profile")
    assert apos.rows(ScoringProfile)[0]["frozen_at"] is None
    await given.submitted(draft, client)
    assert (await office.get(f"{path}/scoring-profile")).json()["frozenAt"] == "2026-11-21T09:00:00Z"
    after = await watching.get(f"{path}/scoring-profile")
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    answer = await office.put(f"{path}/scoring-profile", json=PROFILE, headers={"If-Match": "*"})
    assert answer.status_code == 409
