"""Envelopes: lots and challenges of a programme reserve in its fund, and never a cent more than there is."""

import asyncio
from typing import Any

import httpx
import pytest

from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.programmes import Programme, ProgrammeSettings
from tests.support.given import Given, faults
from tests.support.service import Apos, Clock

MATCH = {"If-Match": "*"}
FUND = "strategic-cooperation"
KINDS = pytest.mark.parametrize("kind", ["lots", "challenges"])


def budget(amount: str, fund: str | None = FUND, **more: Any) -> dict[str, Any]:
    """A budget of a fund."""
    return {"amount": amount, "fund": fund, **more}


def a_body(programme: dict[str, Any], wanted: dict[str, Any] | None, code: str = "X") -> dict[str, Any]:
    """A new lot or challenge with a budget."""
    return {"programmeId": programme["id"], "code": code, "title": "Volgende", "budget": wanted}


async def a_full_programme(given: Given, **fields: Any) -> dict[str, Any]:
    """A programme with 50.00, of which a lot reserves 10.00 and a challenge 20.00."""
    programme = await given.programme(budget=budget("50.00"), **fields)
    await given.lot(programmeId=programme["id"], budget=budget("10.00"), code="K")
    await given.challenge(programmeId=programme["id"], budget=budget("20.00"), code="IC")
    return programme


async def with_envelope(given: Given, programme: dict[str, Any], wanted: Any, on: str = "2026-11-21") -> dict[str, Any]:
    """Settings with an envelope."""
    return await given.post(f"/programmes/{programme['id']}/settings", {"effectiveOn": on, "envelope": wanted})


RESERVATIONS = [
    pytest.param(budget("20.00"), 201, {}, id="to the last cent"),
    pytest.param(budget("20.01"), 409, {"/budget/amount": "at most 20.00 can still be reserved"}, id="a cent beyond"),
    pytest.param(budget("99.00", "dmf"), 201, {}, id="another fund is not this envelope"),
    pytest.param(
        budget("1.00", None),
        400,
        {
            "/budget/fund": "a budget in a programme with an envelope names its fund; give strategic-cooperation to "
            "reserve from it, or the fund that it is paid from"
        },
        id="no fund",
    ),
    pytest.param(None, 201, {}, id="not published reserves nothing"),
]


@KINDS
@pytest.mark.parametrize(("wanted", "status", "told"), RESERVATIONS)
async def test_lots_and_challenges_reserve_from_the_envelope(
    apos: Apos, given: Given, office: httpx.AsyncClient, kind: str, wanted: Any, status: int, told: dict[str, str]
) -> None:
    programme = await a_full_programme(given)
    answer = await office.post(f"/{kind}", json=a_body(programme, wanted))
    assert answer.status_code == status
    if status != 201:
        assert faults(answer) == told
        assert len(apos.rows(Lot)) == len(apos.rows(Challenge)) == 1


@KINDS
async def test_an_envelope_of_its_own_takes_the_place_of_the_budget_from_its_day_on(
    given: Given, office: httpx.AsyncClient, clock: Clock, kind: str
) -> None:
    programme = await given.programme(budget=budget("50.00"))
    await with_envelope(given, programme, budget("10.00"))
    await with_envelope(given, programme, budget("70.00"), on="2026-11-22")
    assert (await office.post(f"/{kind}", json=a_body(programme, budget("10.01")))).status_code == 409
    assert (await office.post(f"/{kind}", json=a_body(programme, budget("10.00"), "Y"))).status_code == 201
    clock.move_to("2026-11-22")
    assert (await office.post(f"/{kind}", json=a_body(programme, budget("60.01"), "Z"))).status_code == 409
    assert (await office.post(f"/{kind}", json=a_body(programme, budget("60.00"), "Z"))).status_code == 201


@KINDS
async def test_a_change_counts_its_own_reservation_once_and_cannot_drop_its_fund(
    given: Given, office: httpx.AsyncClient, kind: str
) -> None:
    programme = await given.programme(budget=budget("50.00"))
    made = await given.post(f"/{kind}", a_body(programme, budget("30.00")))
    path = f"/{kind}/{made['id']}"
    for patch, status in (
        ({"budget": {"amount": "50.00"}}, 200),
        ({"budget": {"amount": "50.01"}}, 409),
        ({"budget": {"fund": None}}, 400),
        ({"budget": {"fund": "dmf", "amount": "99.00"}}, 200),
        ({"budget": {"fund": FUND}}, 409),
        ({"budget": None}, 200),
    ):
        assert (await office.patch(path, json=patch, headers=MATCH)).status_code == status, patch


async def test_a_maximum_is_reserved_whole_beside_a_minimum(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme(budget=budget("15.00"))
    await given.lot(programmeId=programme["id"], budget=budget("10.00", qualifier="upTo"))
    await given.challenge(programmeId=programme["id"], budget=budget("1.00", qualifier="moreThan"))
    assert (await office.post("/lots", json=a_body(programme, budget("4.01")))).status_code == 409
    assert (await office.post("/lots", json=a_body(programme, budget("4.00")))).status_code == 201


async def test_what_has_ended_keeps_its_reservation(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme(budget=budget("50.00"))
    await given.lot(programmeId=programme["id"], budget=budget("30.00"), status="completed")
    await given.challenge(programmeId=programme["id"], budget=budget("20.00"), status="closed")
    assert (await office.post("/lots", json=a_body(programme, budget("0.01")))).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"effectiveOn": "2026-11-21", "envelope": budget("90.00", None)}, "/envelope/fund", id="settings"),
        pytest.param({"code": "P", "title": "P", "budget": budget("90.00", None)}, "/budget/fund", id="a programme"),
    ],
)
async def test_an_envelope_names_its_fund(
    apos: Apos, given: Given, office: httpx.AsyncClient, body: dict[str, Any], pointer: str
) -> None:
    programme = await given.programme()
    path = f"/programmes/{programme['id']}/settings" if "envelope" in body else "/programmes"
    answer = await office.post(path, json=body)
    assert (answer.status_code, list(faults(answer))) == (400, [pointer])
    changed = await office.patch(f"/programmes/{programme['id']}", json={"budget": budget("1.00", None)}, headers=MATCH)
    assert (changed.status_code, list(faults(changed))) == (400, ["/budget/fund"])
    assert len(apos.rows(Programme)) == 1
    assert apos.rows(ProgrammeSettings) == []


@pytest.mark.parametrize(
    ("amount", "status"), [pytest.param("30.00", 201, id="all reserved"), pytest.param("29.99", 409, id="a cent less")]
)
@pytest.mark.parametrize("on", ["2026-11-21", "2027-01-01"])
async def test_settings_do_not_shrink_an_envelope_below_what_is_reserved(
    apos: Apos, given: Given, office: httpx.AsyncClient, amount: str, status: int, on: str
) -> None:
    programme = await a_full_programme(given)
    body = {"effectiveOn": on, "envelope": budget(amount)}
    answer = await office.post(f"/programmes/{programme['id']}/settings", json=body)
    assert answer.status_code == status
    if status == 409:
        assert faults(answer) == {"/envelope/amount": "give at least 30.00, or reduce what is reserved first"}
        assert apos.rows(ProgrammeSettings) == []


async def test_a_budget_that_is_the_envelope_does_not_shrink_below_what_is_reserved(
    given: Given, office: httpx.AsyncClient
) -> None:
    programme = await a_full_programme(given)
    path = f"/programmes/{programme['id']}"
    refused = await office.patch(path, json={"budget": {"amount": "29.99"}}, headers=MATCH)
    assert (refused.status_code, list(faults(refused))) == (409, ["/budget/amount"])
    assert (await office.patch(path, json={"budget": {"amount": "30.00"}}, headers=MATCH)).status_code == 200
    await with_envelope(given, programme, budget("40.00"))
    beside = await office.patch(path, json={"budget": {"amount": "5.00"}}, headers=MATCH)
    assert beside.status_code == 200, "the settings have an envelope, so the budget is none"
    back = await office.post(f"{path}/settings", json={"effectiveOn": "2026-11-21", "envelope": None})
    assert (back.status_code, list(faults(back))) == (409, ["/envelope/amount"])


async def test_a_first_envelope_finds_no_budget_without_a_fund(given: Given, office: httpx.AsyncClient) -> None:
    programme = await given.programme()
    lot = await given.lot(programmeId=programme["id"], budget=budget("5.00", None), code="K7")
    path = f"/programmes/{programme['id']}"
    refused = await office.patch(path, json={"budget": budget("50.00")}, headers=MATCH)
    assert (refused.status_code, faults(refused)) == (409, {"/budget": "give those budgets a fund first"})
    assert refused.json()["detail"].endswith("in its envelope: K7")
    await given.changed(f"/lots/{lot['id']}", {"budget": {"fund": FUND}})
    assert (await office.patch(path, json={"budget": budget("50.00")}, headers=MATCH)).status_code == 200


async def test_where_an_envelope_shrank_what_asks_no_more_is_still_let_through(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    """Settings of a later day held what was reserved when they were made; more was reserved before that day came."""
    programme = await given.programme(budget=budget("50.00"))
    await with_envelope(given, programme, budget("5.00"), on="2026-11-22")
    challenge = await given.challenge(programmeId=programme["id"], budget=budget("40.00"))
    clock.move_to("2026-11-22")
    path = f"/challenges/{challenge['id']}"
    for patch in ({"title": "Nieuw"}, {"status": "open"}, {"budget": {"amount": "8.00"}}):
        assert (await office.patch(path, json=patch, headers=MATCH)).status_code == 200, patch
    assert (await office.patch(path, json={"budget": {"amount": "8.01"}}, headers=MATCH)).status_code == 409
    settings = f"/programmes/{programme['id']}/settings"
    more, less = ({"effectiveOn": "2026-11-22", "envelope": budget(amount)} for amount in ("6.00", "4.00"))
    assert (await office.post(settings, json=more)).status_code == 201, "still too small, but it grows"
    assert (await office.post(settings, json=less)).status_code == 409


async def test_of_thirty_two_reservations_at_once_none_passes_the_envelope_by_a_cent(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    programme = await given.programme(budget=budget("50.00"))
    bodies = [
        (kind, a_body(programme, budget("7.00"), f"{kind[0]}{n}")) for kind in ("lots", "challenges") for n in range(16)
    ]
    answers = await asyncio.gather(*(office.post(f"/{kind}", json=body) for kind, body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201] * 7 + [409] * 25
    reserved = [row["budget_cents"] for row in (*apos.rows(Lot), *apos.rows(Challenge))]
    assert sum(reserved) == 4900
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert list(faults(refused)) == ["/budget/amount"]
    [use] = (await office.get("/portfolio-status")).json()["totals"]["envelopes"]
    assert (use["reserved"], use["left"]) == ("49.00", "1.00")


async def test_an_envelope_that_shrinks_while_more_is_reserved_holds_what_is_reserved(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    programme = await given.programme(budget=budget("50.00"))
    lots = [await given.lot(programmeId=programme["id"], budget=budget("1.00")) for _ in range(8)]
    raised = [office.patch(f"/lots/{lot['id']}", json={"budget": {"amount": "6.00"}}, headers=MATCH) for lot in lots]
    settings = {"effectiveOn": "2026-11-21", "envelope": budget("20.00")}
    shrunk = office.post(f"/programmes/{programme['id']}/settings", json=settings)
    answers = await asyncio.gather(*raised[:4], shrunk, *raised[4:])
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    reserved = sum(row["budget_cents"] for row in apos.rows(Lot))
    assert reserved <= (2000 if answers[4].status_code == 201 else 5000)
