"""What evidence expires, over HTTP: which declarations, in what order, by how many points, page by page, and for whom."""

from fractions import Fraction
from typing import Any

import httpx
import pytest

from api.actions.declarations import evidence_expiries as actions
from domain.permissions import Role
from tests.support.answers import walk
from tests.support.declared import PROFILE, a_leaf, components, euros, statement
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock

LIST = "/evidence-expiries"


def until(day: str | None, level: str = "audited") -> dict[str, Any]:
    """Evidence that counts until a day."""
    return {"level": level, "expiresOn": day, "uri": f"https://example.org/{day}", "sha256": "0" * 64}


def expiring(**days: str) -> dict[str, Any]:
    """Example 1, of which these expire: its leaves, its dimensions by name, and `authority`."""
    whole = statement(price=euros("1000000"))
    for part, name in ((whole["components"], "key"), (whole["dimensions"], "dimension")):
        for line in part:
            line["evidence"] = until(days[line[name]]) if line[name] in days else line["evidence"]
    if "authority" in days:
        whole["designAuthority"]["evidence"] = until(days["authority"])
    return whole


async def submitted(given: Given, contest: tuple[Any, Any, httpx.AsyncClient], **fields: Any) -> dict[str, Any]:
    """A submitted declaration."""
    draft = await given.declaration(*contest, **fields)
    await given.submitted(draft, contest[2])
    return draft


def told(items: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Items in short."""
    return [
        (
            item["expiresOn"],
            item["componentKey"] or item["dimension"],
            item["points"],
            item["scoreBefore"],
            item["scoreAfter"],
        )
        for item in items
    ]


async def test_what_falls_is_listed_by_day_with_exact_points_that_add_up(given: Given, clock: Clock) -> None:
    contest = await given.contest()
    _, supplier, client = contest
    days = {"control": "2027-01-31", "power": "2026-12-31", "spareParts": "2027-01-31", "authority": "2027-01-31"}
    own = await submitted(given, contest, **expiring(**days))
    answer = await client.get(LIST)
    items = answer.json()["items"]
    assert told(items) == [
        ("2026-12-31", "power", "8.7500", "100.0", "91.3"),
        ("2027-01-31", "control", "19.2500", "91.3", "72.0"),
        ("2027-01-31", "spareParts", "3.1250", "72.0", "68.9"),
        ("2027-01-31", None, "2.5000", "68.9", "66.4"),
    ]
    assert items[0] == {
        "declarationId": own["id"], "supplierId": supplier["id"], "componentKey": "power", "dimension": None,
        "level": "audited", "expiresOn": "2026-12-31", "uri": "https://example.org/2026-12-31", "sha256": "0" * 64,
        "points": "8.7500", "scoreBefore": "100.0", "scoreAfter": "91.3",
    }  # fmt: skip
    later = (await client.get(f"/origin-declarations/{own['id']}/score?referenceDate=2027-02-01")).json()
    assert later["score"] == items[-1]["scoreAfter"]
    fallen = sum(Fraction(item["points"]) for item in items)
    assert fallen == 100 - sum(Fraction(points) for points in later["points"].values())
    clock.move_to("2027-01-01")
    assert told((await client.get(LIST)).json()["items"])[0] == ("2027-01-31", "control", "19.2500", "91.3", "72.0")


async def test_a_window_begins_today_and_lasts_a_year_unless_said(given: Given) -> None:
    contest = await given.contest()
    days = {"control": "2026-11-20", "power": "2026-11-21", "airframe": "2027-11-21", "spareParts": "2027-11-22"}
    await submitted(given, contest, **expiring(**days))
    client = contest[2]

    async def seen(query: str) -> list[str]:
        answer = await client.get(f"{LIST}?{query}")
        return [item["componentKey"] or item["dimension"] for item in answer.json()["items"]]

    assert await seen("") == ["power", "airframe"]
    assert await seen("from=2026-11-20") == ["control", "power"]
    assert await seen("until=2027-11-22") == ["power", "airframe", "spareParts"]
    assert await seen("from=2027-11-22&until=2027-11-22") == ["spareParts"]
    assert await seen("from=2999-12-31") == []
    assert await seen("from=2026-11-22&until=2027-11-20") == []


async def test_only_what_stands_and_can_fall_is_listed(given: Given, office: httpx.AsyncClient) -> None:
    contest = await given.contest()
    whole = expiring(control="2027-01-31")
    await given.declaration(*contest, **whole)
    returned = await submitted(given, contest, **whole)
    await given.reviewed(returned, "returned")
    old = await submitted(given, contest, **whole)
    await given.reviewed(old, "accepted")
    new = await given.declaration(*contest, **whole, revises=old["id"])
    await given.submitted(new, contest[2])
    first = (await office.get(LIST)).json()["items"]
    assert sorted(item["declarationId"] for item in first) == sorted([old["id"], new["id"]])
    await given.reviewed(new, "accepted")
    assert [item["declarationId"] for item in (await office.get(LIST)).json()["items"]] == [new["id"]]


async def test_a_sub_assembly_and_what_is_only_declared_do_not_fall(given: Given, office: httpx.AsyncClient) -> None:
    contest = await given.contest()
    node = {"key": "drone", "name": "Drone", "quantity": 1, "evidence": until("2027-01-31")}
    stated = a_leaf("stated", "1", "power", evidence=until("2027-01-31", "selfDeclared"))
    leaf = a_leaf("leaf", "1", "power", parentKey="drone", evidence=until("2027-01-31", "document"))
    lines = [node, stated, leaf, a_leaf("control", "1", "control"), a_leaf("airframe", "1", "airframe")]
    await submitted(given, contest, components=lines)
    [item] = (await office.get(LIST)).json()["items"]
    assert (item["componentKey"], item["level"]) == ("leaf", "document")
    only_nodes = [node, {**leaf, "evidence": {"level": "audited"}}]
    other = await submitted(given, contest, components=only_nodes)
    assert (await office.get(f"{LIST}?declarationId={other['id']}")).json() == {"items": [], "nextCursor": None}


async def test_without_a_score_there_are_no_points(given: Given, office: httpx.AsyncClient) -> None:
    contest = await given.contest()
    await submitted(given, contest, **{**expiring(power="2027-01-31"), "totalComponentCost": None})
    assert told((await office.get(LIST)).json()["items"]) == [("2027-01-31", "power", None, None, None)]


async def test_the_pages_hold_everything_once_and_in_order(given: Given, office: httpx.AsyncClient) -> None:
    contest = await given.contest()
    names = ("control", "power", "airframe", "operationalUse", "cloudAccess", "authority")
    days = ["2027-01-31", "2027-03-01", "2027-01-31", "2027-01-31", "2027-03-01", "2027-01-31"]
    for _ in range(3):
        await submitted(given, contest, **expiring(**dict(zip(names, days, strict=True))))
    whole = (await office.get(f"{LIST}?limit=200")).json()
    places = [(item["expiresOn"], item["declarationId"]) for item in whole["items"]]
    assert (len(places), whole["nextCursor"]) == (18, None)
    assert places == sorted(places)
    for limit in (1, 2, 3, 4, 5, 12, 17, 18, 19):
        assert await walk(office, f"{LIST}?limit={limit}") == whole["items"], limit
    for query in (f"declarationId={places[0][1]}", f"lotId={contest[0]['id']}&limit=4"):
        expected = [item for item in whole["items"] if query.startswith("lot") or item["declarationId"] == places[0][1]]
        assert await walk(office, f"{LIST}?{query}") == expected


async def test_a_page_of_large_declarations_ends_early_and_loses_nothing(
    given: Given, office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = await given.contest()
    node = {"key": "drone", "name": "Drone", "quantity": 1, "evidence": until("2027-01-15")}
    leaves = [{**leaf, "evidence": until("2027-01-31")} for leaf in components()]
    leaves[0]["parentKey"] = "drone"
    for _ in range(3):
        await submitted(given, contest, components=[node, *leaves])
    whole = (await office.get(LIST)).json()["items"]
    assert len(whole) == 9
    monkeypatch.setattr(actions, "MAX_LINES", 5)
    first = (await office.get(LIST)).json()
    assert first["items"] == []
    assert first["nextCursor"] is not None
    for limit in (1, 2, 50):
        assert await walk(office, f"{LIST}?limit={limit}") == whole


async def test_challenges_are_scored_on_their_own_profile(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    challenge, supplier = await given.challenge(status="running"), await given.supplier()
    await given.post(f"/challenges/{challenge['id']}/entrants", {"supplierId": supplier["id"]})
    await given.put(f"/challenges/{challenge['id']}", "scoring-profile", {**PROFILE, "dimensions": ["cloudAccess"]})
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    whole = expiring(cloudAccess="2027-01-31", spareParts="2027-01-31")
    body = {"supplierId": supplier["id"], "challengeId": challenge["id"], **whole}
    draft = (await client.post("/origin-declarations", json=body)).json()
    await given.submitted(draft, client)
    await submitted(given, await given.contest(), **whole)
    items = (await office.get(f"{LIST}?challengeId={challenge['id']}")).json()["items"]
    assert [entry[1:3] for entry in told(items)] == [("cloudAccess", "12.5000"), ("spareParts", "0.0000")]


async def test_each_sees_what_it_may_see(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    contest, other = await given.contest(), await given.contest()
    own = await submitted(given, contest, **expiring(control="2027-01-31"))
    theirs = await submitted(given, other, **expiring(control="2027-01-30"))
    assessor = await given.assessor(f"/lots/{contest[0]['id']}")
    for client in (contest[2], assessor):
        assert [item["declarationId"] for item in (await client.get(LIST)).json()["items"]] == [own["id"]]
        for query in (f"declarationId={theirs['id']}", f"lotId={other[0]['id']}"):
            assert (await client.get(f"{LIST}?{query}")).json() == {"items": [], "nextCursor": None}
    everything = [theirs["id"], own["id"]]
    for context in (office, await apos.as_(Role.AUDITOR)):
        assert [item["declarationId"] for item in (await context.get(LIST)).json()["items"]] == everything
    assert (await (await apos.as_(Role.VIEWER)).get(LIST)).status_code == 403


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("until=2026-11-20", "/query/until"),
        ("from=2027-01-02&until=2027-01-01", "/query/until"),
        ("from=soon", "/query/from"),
        ("first=2027-01-01", "/query/first"),
        ("limit=201", "/query/limit"),
        ("lotId=x", "/query/lotId"),
        ("sort=expiresOn", "/query/sort"),
        ("cursor=nosuch", "/query/cursor"),
        ("cursor=WyIyMDI3LTAxLTMxIl0", "/query/cursor"),
        ("cursor=WyJhIiwgImIiLCAiYyIsICJkIl0", "/query/cursor"),
    ],
)
async def test_a_bad_question_names_its_parameter(office: httpx.AsyncClient, query: str, pointer: str) -> None:
    answer = await office.get(f"{LIST}?{query}")
    assert (answer.status_code, list(faults(answer))) == (400, [pointer])
