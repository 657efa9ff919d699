"""Score schemes over HTTP: proposing the next, publishing it, and what is scored under which from then on."""

import asyncio
from typing import Any

import httpx
import pytest

from api.actions.declarations import submissions
from domain.declarations.submissions import Submission
from domain.ledger import AuditEvent
from domain.permissions import Role
from domain.scoring.schemes import digest_of
from domain.scoring.score_schemes import SchemePublication, ScoreScheme
from domain.scoring.scores import StoredScore
from tests.support.declared import PROFILE, SIGNED, a_scheme, euros, statement
from tests.support.given import Given, faults
from tests.support.schemes import DECIDED, WEIGHTS, proposed, published, the_next
from tests.support.service import Apos, Clock

HALF = {"designAuthority": {"level": "one", "country": "NL"}}


def preview_of(**fields: Any) -> dict[str, Any]:
    """A preview of worked example 1."""
    return {"profile": PROFILE, "declaration": statement(), "price": euros("1000000"), **fields}


async def version_of_preview(client: httpx.AsyncClient, **fields: Any) -> str:
    """The scheme that a preview is scored under."""
    answer = await client.post("/score-previews", json=preview_of(**fields))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["schemeVersion"])


async def scored(given: Given, lot: dict[str, Any], supplier: dict[str, Any], client: httpx.AsyncClient) -> str:
    """The scheme that a new declaration for a lot is scored under."""
    draft = await given.declaration(lot, supplier, client)
    await given.submitted(draft, client)
    return str((await client.get(f"/origin-declarations/{draft['id']}/score")).json()["schemeVersion"])


async def test_the_first_scheme_is_in_force_from_the_start(apos: Apos, office: httpx.AsyncClient) -> None:
    [scheme] = (await office.get("/score-schemes")).json()["items"]
    assert (scheme["schemeVersion"], scheme["effectiveOn"]) == ("BM-1.0", "2026-01-01")
    [publication] = (await office.get(f"/score-schemes/{scheme['id']}/publications")).json()["items"]
    assert publication["schemeId"] == scheme["id"]
    one = await office.get(f"/score-schemes/{scheme['id']}/publications/{publication['id']}")
    assert one.json() == publication
    [event] = apos.events(SchemePublication)
    assert (event["request_id"], event["state"]["effective_on"]) == ("migration-0007", "2026-01-01")


async def test_a_proposal_is_kept_whole_and_counts_for_nothing(apos: Apos, given: Given) -> None:
    _, _, client = await given.contest()
    scheme = await proposed(given)
    assert (scheme["schemeVersion"], scheme["countryListVersion"]) == ("BM-1.1", "CL-BM-1.1")
    assert (scheme["algorithm"], scheme["status"], scheme["effectiveOn"]) == ("bm1", "proposal", None)
    assert scheme["document"] == the_next()
    assert scheme["digest"] == digest_of(the_next())
    assert (await client.get(f"/score-schemes/{scheme['id']}")).json() == scheme
    assert (await client.get("/score-schemes?schemeVersion=BM-1.1")).json()["items"] == [scheme]
    assert (await client.get(f"/score-schemes/{scheme['id']}/publications")).json()["items"] == []
    assert await version_of_preview(client) == "BM-1.0"
    assert len(apos.events(ScoreScheme)) == 2


async def test_a_preview_may_ask_for_any_version(given: Given) -> None:
    _, _, client = await given.contest()
    await proposed(given)
    assert await version_of_preview(client, schemeVersion="BM-1.0") == "BM-1.0"
    assert await version_of_preview(client, schemeVersion="BM-1.1") == "BM-1.1"
    now, then = [
        (await client.post("/score-previews", json=preview_of(schemeVersion=version))).json()
        for version in ("BM-1.0", "BM-1.1")
    ]
    assert (now["points"]["madeIn"], then["points"]["madeIn"]) == ("20.0000", "8.1250")
    unknown = await client.post("/score-previews", json=preview_of(schemeVersion="BM-9"))
    assert (unknown.status_code, faults(unknown)) == (
        400, {"/schemeVersion": "scheme BM-9 does not exist; give one of: BM-1.0, BM-1.1"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "where", ['"\\ud800": 1', '"weights": {"\\ud800": 1}', '"euList": "\\ud800"', '"version": ["\\ud800"]']
)
async def test_half_a_surrogate_pair_is_refused_wherever_it_stands(admin: httpx.AsyncClient, where: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await admin.post("/score-schemes", content=f'{{"document": {{{where}}}}}', headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def without(name: str) -> dict[str, Any]:
    """The next scheme without something."""
    return {key: value for key, value in the_next().items() if key != name}


BAD: list[Any] = [
    pytest.param({}, 400, ["/version", "/status", "/euList", "/algorithm"], id="nothing"),
    pytest.param({**the_next(), "colour": "green"}, 400, ["/colour"], id="a field that is not known"),
    pytest.param({**the_next(), "algorithm": "bm2"}, 400, ["/algorithm"], id="an algorithm that is not there"),
    pytest.param(without("status"), 400, ["/status"], id="no status"),
    pytest.param(without("algorithm"), 400, ["/algorithm"], id="no algorithm"),
    pytest.param({**the_next(), "weights": {**WEIGHTS, "madeIn": 11}}, 400, ["/weights"], id="weights of 101"),
    pytest.param({**the_next(), "version": "BM\u0000"}, 400, ["/version"], id="NUL"),
    pytest.param({**the_next(), "noneScore": 99.5, "valuePart": 2}, 400, ["/noneScore", "/valuePart"], id="two faults"),
    pytest.param(a_scheme("BM-1.0"), 409, ["/version"], id="a version that is taken"),
    pytest.param(
        {**the_next(), "countryLists": {**the_next()["countryLists"], "version": "CL-2026-11"}},
        409, ["/countryLists/version"], id="other lists under a version that is taken",
    ),
]  # fmt: skip


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("document", "status", "pointers"), BAD)
async def test_what_is_no_scheme_is_refused_by_its_place(
    apos: Apos, admin: httpx.AsyncClient, document: dict[str, Any], status: int, pointers: list[str]
) -> None:
    before = len(apos.rows(AuditEvent))
    answer = await admin.post("/score-schemes", json={"document": document})
    assert answer.status_code == status
    assert set(faults(answer)) >= {f"/document{pointer}" for pointer in pointers}
    assert document == {} or len(faults(answer)) == len(pointers)
    assert len(apos.rows(ScoreScheme)) == 1
    assert len(apos.rows(AuditEvent)) == before


async def test_a_scheme_takes_effect_on_its_day_and_not_before(given: Given, clock: Clock) -> None:
    _, _, client = await given.contest()
    scheme = await proposed(given)
    publication = await published(given, scheme, "2026-12-01")
    assert {name: publication[name] for name in ("schemeId", "effectiveOn", *DECIDED)} == {
        "schemeId": scheme["id"], "effectiveOn": "2026-12-01", **DECIDED,
    }  # fmt: skip
    assert (await client.get(f"/score-schemes/{scheme['id']}")).json()["effectiveOn"] == "2026-12-01"
    found = []
    for day in ("2026-11-30", "2026-12-01"):
        clock.move_to(day)
        found.append(await version_of_preview(client))
    assert found == ["BM-1.0", "BM-1.1"]
    assert await version_of_preview(client, referenceDate="2026-11-01") == "BM-1.1", "the day of asking decides"


async def test_what_cannot_take_effect_is_refused(apos: Apos, given: Given, admin: httpx.AsyncClient) -> None:
    first, second = await proposed(given), await proposed(given, "BM-1.2")
    await published(given, first, "2026-12-01")
    before = len(apos.rows(AuditEvent))
    tries: list[tuple[dict[str, Any], str, int, list[str]]] = [
        (first, "2027-01-01", 409, []),
        (second, "2026-11-20", 400, ["/effectiveOn"]),
        (second, "2026-12-01", 409, ["/effectiveOn"]),
        (second, "2026-11-21", 409, ["/effectiveOn"]),
        (second, "soon", 400, ["/effectiveOn"]),
    ]
    for scheme, day, status, pointers in tries:
        answer = await admin.post(f"/score-schemes/{scheme['id']}/publications", json={"effectiveOn": day, **DECIDED})
        assert (answer.status_code, list(faults(answer))) == (status, pointers), day
    assert len(apos.rows(SchemePublication)) == 2
    assert len(apos.rows(AuditEvent)) == before
    await published(given, second, "2026-12-02")


async def test_proposing_and_publishing_is_the_administrators(given: Given, office: httpx.AsyncClient) -> None:
    scheme = await proposed(given)
    assert (await office.post("/score-schemes", json={"document": the_next("BM-1.2")})).status_code == 403
    body = {"effectiveOn": "2026-12-01", **DECIDED}
    assert (await office.post(f"/score-schemes/{scheme['id']}/publications", json=body)).status_code == 403


async def test_a_stored_score_replays_to_the_same_bytes_after_another_scheme(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client, **HALF)
    await given.submitted(draft, client)
    path = f"/origin-declarations/{draft['id']}/score"
    first, later = await client.get(path), await client.get(f"{path}?referenceDate=2027-01-01")
    stored = apos.rows(StoredScore)
    await published(given, await proposed(given))
    again = await client.get(path)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert (await client.get(f"{path}?referenceDate=2027-01-01")).content == later.content
    assert apos.rows(StoredScore) == stored
    shown = again.json()
    bare = [{name: value for name, value in entry.items() if name != "text"} for entry in shown["knockOuts"]]
    del shown["improvements"]
    assert digest_of({**shown, "knockOuts": bare}) == stored[0]["digest"]
    body = preview_of(declaration=statement(**HALF))
    assert (await client.post("/score-previews", json=body)).json()["score"] != first.json()["score"]


async def test_a_profile_names_its_scheme_from_the_day_it_is_published_and_a_score_fixes_none(
    apos: Apos, given: Given, clock: Clock
) -> None:
    """A lot where somebody was scored and one where nobody was answer alike, before and after another scheme takes effect."""
    scored_lot, supplier, client = await given.contest()
    other, newcomer, rival = await given.contest()
    await given.partner(scored_lot, newcomer)
    assert await scored(given, scored_lot, supplier, client) == "BM-1.0"
    await published(given, await proposed(given), "2026-12-01")
    clock.move_to("2026-12-01")
    told = [(await rival.get(f"/lots/{lot['id']}/scoring-profile")) for lot in (scored_lot, other)]
    assert told[0].json()["scheme"] == "BM-1.0"
    assert (told[0].content, told[0].headers["etag"]) == (told[1].content, told[1].headers["etag"])
    for lot in (scored_lot, other):
        draft = await given.declaration(lot, newcomer, rival)
        preview = await rival.post("/score-previews", json={"declarationId": draft["id"]})
        assert preview.json()["schemeVersion"] == "BM-1.0"
        assert await scored(given, lot, newcomer, rival) == "BM-1.0"
    fresh, third, client = await given.contest()
    assert await scored(given, fresh, third, client) == "BM-1.1", "published after it took effect"
    assert sorted(row["scheme_version"] for row in apos.rows(StoredScore)) == [*["BM-1.0"] * 3, "BM-1.1"]


NAMED = [
    pytest.param("BM-1.0", None, id="one that is superseded"),
    pytest.param("BM-1.1", None, id="the one in force"),
    pytest.param("BM-1.2", "takes effect on 2027-01-01, after today", id="one of later"),
    pytest.param("BM-1.3", "is not published", id="a proposal"),
    pytest.param("BM-9", "is not published", id="none"),
]


@pytest.mark.parametrize(("scheme", "refusal"), NAMED)
async def test_a_profile_may_name_a_scheme_that_has_taken_effect(
    given: Given, scheme: str, refusal: str | None
) -> None:
    await published(given, await proposed(given))
    await published(given, await proposed(given, "BM-1.2"), "2027-01-01")
    await proposed(given, "BM-1.3")
    lot = await given.lot()
    path = f"/lots/{lot['id']}/scoring-profile"
    answer = await given.admin.put(path, json={**PROFILE, "scheme": scheme}, headers={"If-Match": "*"})
    if refusal is None:
        assert (answer.status_code, answer.json()["scheme"]) == (200, scheme)
    else:
        assert (answer.status_code, list(faults(answer))) == (400, ["/scheme"])
        assert refusal in faults(answer)["/scheme"]
        assert (await given.admin.get(path)).status_code == 404


async def test_the_scheme_of_a_profile_can_be_changed_until_it_is_frozen(given: Given) -> None:
    lot = await given.lot()
    path = f"/lots/{lot['id']}"
    assert (await given.put(path, "scoring-profile", PROFILE))["scheme"] == "BM-1.0"
    await published(given, await proposed(given))
    assert (await given.admin.get(f"{path}/scoring-profile")).json()["scheme"] == "BM-1.0"
    assert (await given.put(path, "scoring-profile", {**PROFILE, "scheme": "BM-1.0"}))["scheme"] == "BM-1.0"
    assert (await given.put(path, "scoring-profile", PROFILE))["scheme"] == "BM-1.1", (
        "published anew, without naming one"
    )
    for status in ("marketDialogue", "approved", "running"):
        await given.changed(path, {"status": status})
    body = {**PROFILE, "scheme": "BM-1.0"}
    answer = await given.admin.put(f"{path}/scoring-profile", json=body, headers={"If-Match": "*"})
    assert (answer.status_code, "frozen" in answer.json()["detail"]) == (409, True)


async def test_a_preview_is_of_the_scheme_that_its_profile_names(given: Given) -> None:
    await published(given, await proposed(given))
    body = preview_of(declaration=statement(**HALF))
    asked = [({}, "BM-1.1"), ({"scheme": "BM-1.0"}, "BM-1.0")]
    for named, version in asked:
        answer = await given.admin.post("/score-previews", json={**body, "profile": {**body["profile"], **named}})
        assert answer.json()["schemeVersion"] == version
    other = {**body, "profile": {**body["profile"], "scheme": "BM-1.0"}, "schemeVersion": "BM-1.1"}
    assert (await given.admin.post("/score-previews", json=other)).json()["schemeVersion"] == "BM-1.1"
    wrong = {**body, "profile": {**body["profile"], "scheme": "BM-9"}}
    assert list(faults(await given.admin.post("/score-previews", json=wrong))) == ["/profile/scheme"]


async def test_a_scored_challenge_keeps_its_scheme(apos: Apos, given: Given) -> None:
    challenge, supplier = await given.challenge(status="running"), await given.supplier()
    await given.post(f"/challenges/{challenge['id']}/entrants", {"supplierId": supplier["id"]})
    await given.put(f"/challenges/{challenge['id']}", "scoring-profile", PROFILE)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    body = {"supplierId": supplier["id"], "challengeId": challenge["id"], **statement()}
    first, second = [(await client.post("/origin-declarations", json=body)).json() for _ in range(2)]
    await given.submitted(first, client)
    await published(given, await proposed(given))
    await given.submitted(second, client)
    assert [row["scheme_version"] for row in apos.rows(StoredScore)] == ["BM-1.0", "BM-1.0"]


async def test_a_score_is_not_stored_under_another_scheme_than_its_profile_names_by_then(
    apos: Apos, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot, supplier = await given.lot(), await given.supplier()
    await given.partner(lot, supplier)
    await given.put(f"/lots/{lot['id']}", "scoring-profile", PROFILE)
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    draft = await given.declaration(lot, supplier, client)
    await published(given, await proposed(given))
    score_draft = submissions.score_draft

    async def publishing(*asked: Any) -> Any:
        scored = await score_draft(*asked)
        monkeypatch.setattr(submissions, "score_draft", score_draft)
        await given.put(f"/lots/{lot['id']}", "scoring-profile", PROFILE)
        return scored

    monkeypatch.setattr(submissions, "score_draft", publishing)
    answer = await client.post(f"/origin-declarations/{draft['id']}/submissions", json=SIGNED)
    assert answer.status_code == 409
    assert "changed at the same moment" in answer.json()["detail"]
    assert apos.rows(Submission) == apos.rows(StoredScore) == []
    await given.submitted(draft, client)
    assert [row["scheme_version"] for row in apos.rows(StoredScore)] == ["BM-1.1"]


async def test_two_first_submissions_around_a_publication_are_scored_alike(apos: Apos, given: Given) -> None:
    lot, one, client = await given.contest()
    two = await given.supplier()
    await given.partner(lot, two)
    rival = await apos.as_(Role.SUPPLIER, two["id"])
    drafts = [await given.declaration(lot, one, client), await given.declaration(lot, two, rival)]
    scheme = await proposed(given)
    answers = await asyncio.gather(
        client.post(f"/origin-declarations/{drafts[0]['id']}/submissions", json=SIGNED),
        published(given, scheme),
        rival.post(f"/origin-declarations/{drafts[1]['id']}/submissions", json=SIGNED),
    )
    statuses = [answer.status_code for answer in (answers[0], answers[2])]
    assert set(statuses) <= {201, 409}
    for status, draft, submitter in zip(statuses, drafts, (client, rival), strict=True):
        if status == 409:
            await given.submitted(draft, submitter)
    rows = apos.rows(StoredScore)
    assert (len(rows), len({row["scheme_version"] for row in rows})) == (2, 1)
