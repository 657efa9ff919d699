"""Lots, partners and assessors."""

import httpx
import pytest

from domain.permissions import Role
from domain.portfolio.lots import TRANSITIONS, Lot, LotPartner, LotStatus
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock

MATCH = {"If-Match": "*"}
READING = {"normalised": "27830-489", "probably": None, "flag": None}


async def test_a_lot_is_added_read_and_changed(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    source, programme = await given.source(), await given.programme()
    body = {
        "programmeId": programme["id"], "key": "long-range", "code": "APOS-K1", "title": "Lange afstand",
        "effect": "Reach", "effectPublished": "bereik", "domain": "land", "period": {"start": "2027-01-01", "end": "2031-12-31"},
        "budget": {"amount": "150000000.00", "qualifier": "moreThan", "fund": "dmf", "source": source["key"]},
        "status": "approved", "cooperationForm": "competition", "containsAi": False, "principles": ["open standaarden"],
        "cooperation": {"ministerial": ["DE"], "official": ["NO", "GB"]},
        "references": [{"asPrinted": "27 830, nr. 489", "dated": "2026-05-20", "note": None, "reading": READING}],
        "deliveryConfidence": {"points": 4, "narrative": "Op schema"}, "source": source["key"], "readings": ["domain"],
    }  # fmt: skip
    made = await office.post("/lots", json=body)
    assert made.status_code == 201
    lot = made.json()
    assert {name: lot[name] for name in body if name != "budget"} == {
        name: body[name] for name in body if name != "budget"
    }
    assert lot["budget"] == {"currency": "EUR", "note": None, **body["budget"]}
    assert (lot["version"], lot["hasRun"], lot["ownerId"], lot["colours"]["original"]) == (1, False, None, "grey")
    assert (await office.get(made.headers["location"].removeprefix("/v1"))).json() == lot
    [event] = apos.events(Lot)
    assert (event["state"]["budget_cents"], event["state"]["id"]) == (15000000000, lot["id"])


@pytest.mark.parametrize("status", list(LotStatus))
async def test_status_moves_along_its_arrows_only(given: Given, office: httpx.AsyncClient, status: LotStatus) -> None:
    for after in LotStatus:
        lot = await given.lot(status=status)
        answer = await office.patch(f"/lots/{lot['id']}", json={"status": after}, headers=MATCH)
        if after is status or after in TRANSITIONS[status]:
            assert (answer.status_code, answer.json()["status"]) == (200, after)
        else:
            assert (answer.status_code, list(faults(answer))) == (409, ["/status"])
            assert all(allowed in faults(answer)["/status"] for allowed in TRANSITIONS[status])


async def test_a_terminated_lot_keeps_that_it_ran(given: Given, office: httpx.AsyncClient) -> None:
    ran, never = await given.lot(status="running"), await given.lot(status="approved")
    for lot, has_run in ((ran, True), (never, False)):
        answer = await office.patch(f"/lots/{lot['id']}", json={"status": "terminated"}, headers=MATCH)
        assert answer.json()["hasRun"] is has_run


async def test_a_partner_takes_part_once_and_until_it_is_closed(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot, supplier = await given.lot(), await given.supplier()
    partner = await given.partner(lot, supplier)
    twice = await office.post(f"/lots/{lot['id']}/partners", json={"supplierId": supplier["id"], "role": "partner"})
    assert twice.status_code == 409
    client = await apos.as_(Role.SUPPLIER, supplier["id"])
    path = f"/lots/{lot['id']}/partners/{partner['id']}"
    closed = await office.patch(path, json={"endedOn": "2026-11-21"}, headers=MATCH)
    assert (closed.status_code, closed.json()["endedOn"]) == (200, "2026-11-21")
    assert (await client.get(f"/lots/{lot['id']}")).status_code == 200
    clock.move_to("2026-11-22")
    assert (await client.get(f"/lots/{lot['id']}")).status_code == 404
    assert (await client.get("/lots")).json()["items"] == []
    await given.partner(lot, supplier)
    assert (await client.get(f"/lots/{lot['id']}")).status_code == 200
    assert len(apos.rows(LotPartner)) == 2


async def test_an_unknown_supplier_or_lot_takes_no_part(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    answer = await office.post(f"/lots/{lot['id']}/partners", json={"supplierId": lot["id"], "role": "partner"})
    assert (answer.status_code, list(faults(answer))) == (400, ["/supplierId"])
    supplier = await given.supplier()
    body = {"supplierId": supplier["id"], "role": "partner"}
    assert (await office.post(f"/lots/{supplier['id']}/partners", json=body)).status_code == 404


async def test_assessors_are_assigned_as_a_whole_and_raise_the_lots_version(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot()
    path = f"/lots/{lot['id']}"
    (one, one_secret), (two, two_secret) = await apos.key(Role.ASSESSOR), await apos.key(Role.ASSESSOR)
    tag = (await office.get(path)).headers["etag"]
    first = await office.put(f"{path}/assessors", json={"keyIds": [one, two, one]}, headers={"If-Match": tag})
    assert (first.status_code, first.json()) == (200, {"keyIds": [one, two], "version": 2})
    stale = await office.put(f"{path}/assessors", json={"keyIds": []}, headers={"If-Match": tag})
    assert stale.status_code == 412
    tag = (await office.get(f"{path}/assessors")).headers["etag"]
    await office.put(f"{path}/assessors", json={"keyIds": [two]}, headers={"If-Match": tag})
    assert (await office.get(f"{path}/assessors")).json() == {"keyIds": [two], "version": 3}
    assert (await apos.client(one_secret).get(path)).status_code == 404
    assert (await apos.client(two_secret).get(path)).status_code == 200
    await office.put(f"{path}/assessors", json={"keyIds": [one]}, headers=MATCH)
    assert (await apos.client(one_secret).get(path)).status_code == 200


async def test_only_keys_of_assessors_are_assigned(apos: Apos, given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    viewer, assessor = (await apos.key(Role.VIEWER))[0], (await apos.key(Role.ASSESSOR))[0]
    body = {"keyIds": [assessor, viewer, lot["id"]]}
    answer = await office.put(f"/lots/{lot['id']}/assessors", json=body, headers=MATCH)
    assert (answer.status_code, list(faults(answer))) == (400, ["/keyIds/1", "/keyIds/2"])
    without = await office.put(f"/lots/{lot['id']}/assessors", json={"keyIds": []})
    assert without.status_code == 428


async def test_a_lot_is_not_replaced_by_itself(given: Given, office: httpx.AsyncClient) -> None:
    lot, other = await given.lot(), await given.lot()
    for replaced_by, status in ((lot["id"], 400), (other["id"], 200)):
        answer = await office.patch(f"/lots/{lot['id']}", json={"replacedBy": replaced_by}, headers=MATCH)
        assert answer.status_code == status
