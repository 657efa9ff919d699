"""The status of the portfolio."""

import csv
import hashlib
import io
from datetime import timedelta

import httpx
import pytest
import rfc8785

from domain.permissions import Role
from tests.support.given import Given
from tests.support.service import Apos, Clock, running

CSV = {"Accept": "text/csv"}
EVIDENCE = [{"title": "Verslag", "uri": "https://example.org/v.pdf", "sha256": "0" * 64}]


async def a_portfolio(given: Given) -> None:
    """Two lots and two challenges: late, on time, without dates."""
    programme = await given.programme()
    late = await given.lot(
        programmeId=programme["id"],
        code="A",
        status="running",
        budget={"amount": "10.00", "qualifier": "moreThan", "fund": "dmf"},
    )
    milestone = await given.milestone(f"/lots/{late['id']}", window={"start": "2026-07-01", "end": "2026-08-01"})
    await given.milestone(f"/lots/{late['id']}", kind="completion")
    window = {"start": "2027-01-01", "end": "2027-03-31"}
    await given.post(f"/milestones/{milestone['id']}/rebaselines", {"window": window, "reason": "r", "authority": "a"})
    await given.lot(programmeId=programme["id"], code="B", title="=1+1", budget={"amount": "5.00", "fund": "dmf"})
    challenge = await given.challenge(
        programmeId=programme["id"], code="C", status="running", budget={"amount": "7.00"}
    )
    await given.milestone(f"/challenges/{challenge['id']}")
    await given.challenge(programmeId=programme["id"], code="D")


async def test_both_colours_of_every_lot_and_challenge_with_totals(given: Given, office: httpx.AsyncClient) -> None:
    await a_portfolio(given)
    status = (await office.get("/portfolio-status")).json()
    assert (status["asOf"], status["audience"], status["generatedAt"]) == (
        "2026-11-21", "internal", "2026-11-21T09:00:00Z",
    )  # fmt: skip
    a, b = status["lots"]
    c, d = status["challenges"]
    assert [line["code"] for line in (a, b, c, d)] == ["A", "B", "C", "D"]
    assert (a["colours"], a["slipDays"]) == ({"original": "red", "current": "green"}, {"original": 112, "current": 0})
    assert (a["nextMilestone"]["window"], a["declaredShare"]) == ({"start": "2026-12-01", "end": "2026-12-31"}, None)
    assert a["milestones"] == {"scheduled": 2, "met": 0, "partiallyMet": 0, "notMet": 0}
    assert (b["colours"], b["nextMilestone"]) == ({"original": "grey", "current": "grey"}, None)
    assert (c["colours"]["current"], d["colours"]["current"], d["budget"]) == ("green", "grey", None)
    assert status["totals"] == {
        "lots": 2,
        "challenges": 2,
        "milestones": {"scheduled": 3, "met": 0, "partiallyMet": 0, "notMet": 0},
        "colours": {
            "original": {"green": 1, "amber": 0, "red": 1, "grey": 2},
            "current": {"green": 2, "amber": 0, "red": 0, "grey": 2},
        },
        "ended": {
            "lots": 0,
            "challenges": 0,
            "colours": {side: {"green": 0, "amber": 0, "red": 0, "grey": 0} for side in ("original", "current")},
        },
        "budgets": [{"fund": "dmf", "total": {"amount": "15.00", "currency": "EUR", "qualifier": "moreThan"}}],
        "budgetsNotPublished": 1,
        "budgetsWithoutFund": 1,
        "envelopes": [],
        "conflicts": 0,
        "programmeBudgets": {"byFund": [], "notPublished": 1, "withoutFund": 0},
        "budgetLines": {"byFund": [], "notPublished": 0, "withoutFund": 0},
        "commitments": {"open": 0, "due": 0, "overdue": 0, "withoutDue": 0, "fulfilled": 0, "withdrawn": 0},
        "trials": {"inWindow": 0, "ahead": 0, "past": 0, "withoutWindow": 0},
        "dependencies": 0,
        "safeguards": {"planned": 0, "inPlace": 0, "notInPlace": 0, "notStated": 0},
    }


async def test_a_rebaseline_turns_the_current_colour_and_not_the_original(
    given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot(status="running")
    milestone = await given.milestone(f"/lots/{lot['id']}", window={"start": "2026-07-01", "end": "2026-08-01"})
    before = (await office.get("/portfolio-status")).json()["lots"][0]
    assert (before["colours"], before["slipDays"]) == (
        {"original": "red", "current": "red"}, {"original": 112, "current": 112},
    )  # fmt: skip
    window = {"start": "2027-01-01", "end": "2027-03-31"}
    await given.post(f"/milestones/{milestone['id']}/rebaselines", {"window": window, "reason": "r", "authority": "a"})
    after = (await office.get("/portfolio-status")).json()["lots"][0]
    assert (after["colours"], after["slipDays"]) == (
        {"original": "red", "current": "green"}, {"original": 112, "current": 0},
    )  # fmt: skip
    assert (await office.get(f"/lots/{lot['id']}")).json()["colours"] == after["colours"]


async def test_as_csv_a_row_per_lot_and_challenge_with_dotted_headers(given: Given, office: httpx.AsyncClient) -> None:
    await a_portfolio(given)
    answer = await office.get("/portfolio-status", headers=CSV)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["kind"], row["code"]) for row in rows] == [
        ("lot", "A"),
        ("lot", "B"),
        ("challenge", "C"),
        ("challenge", "D"),
    ]
    assert list(rows[0])[:6] == ["kind", "id", "key", "code", "title", "status"]
    assert (rows[0]["budget.qualifier"], rows[0]["nextMilestone.window.end"]) == ("moreThan", "2026-12-31")
    assert (rows[1]["title"], rows[3]["budget.amount"], rows[3]["slipDays.original"]) == ("'=1+1", "", "")


async def test_equal_content_has_an_equal_digest_whenever_it_is_made(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    await a_portfolio(given)
    first = await office.get("/portfolio-status")
    document = first.json()
    content = {name: value for name, value in document.items() if name not in ("digest", "generatedAt")}
    assert document["digest"] == hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    clock.now = clock.now.replace(hour=12)
    second = await office.get("/portfolio-status", headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 304
    await given.lot(code="E")
    third = await office.get("/portfolio-status", headers={"If-None-Match": first.headers["etag"]})
    assert (third.status_code, third.json()["digest"] == document["digest"]) == (200, False)


async def test_an_empty_portfolio_has_a_status_too(office: httpx.AsyncClient) -> None:
    status = (await office.get("/portfolio-status")).json()
    assert (status["lots"], status["challenges"], status["totals"]["budgets"]) == ([], [], [])
    assert len((await office.get("/portfolio-status", headers=CSV)).text.splitlines()) == 1


@pytest.mark.parametrize("role", list(Role))
async def test_office_administrator_and_auditor_read_it(apos: Apos, given: Given, role: Role) -> None:
    supplier = (await given.supplier())["id"] if role is Role.SUPPLIER else None
    answer = await (await apos.as_(role, supplier)).get("/portfolio-status")
    allowed = (Role.PROGRAMME_OFFICE, Role.PROGRAMME_ADMIN, Role.AUDITOR)
    assert answer.status_code == (200 if role in allowed else 403)


async def test_an_earlier_day_is_not_offered_yet(office: httpx.AsyncClient) -> None:
    assert (await office.get("/portfolio-status?asOf=2026-01-01")).status_code == 400


async def test_a_sum_may_be_larger_than_any_amount(given: Given, office: httpx.AsyncClient) -> None:
    for _ in range(2):
        await given.lot(budget={"amount": "999999999999999.99", "fund": "dmf"})
    status = (await office.get("/portfolio-status")).json()
    assert status["totals"]["budgets"][0]["total"]["amount"] == "1999999999999999.98"


async def test_meeting_the_last_milestone_late_does_not_wipe_that_it_was_late(
    given: Given, office: httpx.AsyncClient
) -> None:
    lot = await given.lot(status="running")
    milestone = await given.milestone(f"/lots/{lot['id']}", window={"start": "2026-01-01", "end": "2026-02-01"})
    body = {"outcome": "met", "assessedOn": "2026-11-20", "achievedOn": "2026-11-20", "narrative": "n"}
    await given.post(f"/milestones/{milestone['id']}/assessments", body)
    line = (await office.get("/portfolio-status")).json()["lots"][0]
    assert (line["colours"]["original"], line["slipDays"]["original"], line["nextMilestone"]) == ("red", 292, None)


async def test_commitments_trials_and_safeguards_are_counted(given: Given, office: httpx.AsyncClient) -> None:
    source, challenge = await given.source(), await given.challenge()
    for fields in (
        {"due": "2026-11-20"},
        {"due": "2026-11-21"},
        {"due": "2026-12-01"},
        {},
        {"status": "fulfilled", "fulfilledOn": "2026-11-20", "evidence": source["key"], "due": "2026-01-01"},
        {"status": "withdrawn"},
    ):
        await given.post("/commitments", {"kind": "aim", "text": "t", **fields})
    windows = (("2026-11-21", "2026-11-21"), ("2026-11-22", "2026-12-31"), ("2026-07-01", "2026-11-20"))
    for window in (*({"start": start, "end": end} for start, end in windows), None):
        await given.post("/trials", {"title": "t", "window": window, "challengeIds": [challenge["id"]]})
    dependency = await given.post("/dependencies", {"subject": "Software"})
    for position, status in enumerate(("inPlace", "planned", None, None), start=1):
        body = {"text": "t", "position": position, "status": status, "evidence": EVIDENCE}
        await given.post(f"/dependencies/{dependency['id']}/safeguards", body)
    totals = (await office.get("/portfolio-status")).json()["totals"]
    assert totals["commitments"] == {
        "open": 4, "due": 2, "overdue": 1, "withoutDue": 1, "fulfilled": 1, "withdrawn": 1,
    }  # fmt: skip
    assert totals["trials"] == {"inWindow": 1, "ahead": 1, "past": 1, "withoutWindow": 1}
    assert totals["dependencies"] == 1
    assert totals["safeguards"] == {"planned": 1, "inPlace": 1, "notInPlace": 0, "notStated": 2}


async def test_budgets_that_were_not_published_are_counted_and_never_added(
    given: Given, office: httpx.AsyncClient
) -> None:
    for amount, fund in (("76.20", "dmf"), (None, "dmf"), ("5.00", None)):
        money = None if amount is None else {"amount": amount, "qualifier": "moreThan"}
        await given.post("/budget-lines", {"title": "t", "amount": money, "fund": fund})
    await given.programme(budget={"amount": "1100.00", "fund": "strategic-cooperation"})
    await given.programme(budget=None)
    totals = (await office.get("/portfolio-status")).json()["totals"]
    sums = {"amount": "76.20", "currency": "EUR", "qualifier": "moreThan"}
    assert totals["budgetLines"] == {"byFund": [{"fund": "dmf", "total": sums}], "notPublished": 1, "withoutFund": 1}
    exact = {"amount": "1100.00", "currency": "EUR", "qualifier": "exact"}
    assert totals["programmeBudgets"] == {
        "byFund": [{"fund": "strategic-cooperation", "total": exact}], "notPublished": 1, "withoutFund": 0,
    }  # fmt: skip
    assert totals["budgets"] == [], "an envelope is never added to what is paid from it"


async def test_a_forecast_past_the_window_of_a_dependent_is_reported_and_moves_nothing(
    given: Given, office: httpx.AsyncClient
) -> None:
    programme = await given.programme()
    lot = await given.lot(programmeId=programme["id"], status="running")
    first = await given.milestone(f"/lots/{lot['id']}", title="Basis")
    window = {"start": "2027-01-01", "end": "2027-02-01"}
    then = await given.milestone(
        f"/programmes/{programme['id']}", title="Afbouw", kind="phaseOut", after=first["id"], window=window
    )
    assert (first["conflicts"], (await office.get("/portfolio-status")).json()["conflicts"]) == ([], [])
    path = f"/milestones/{first['id']}"
    late = await given.changed(path, {"forecast": {"start": "2027-02-01", "end": "2027-03-01"}})
    conflict = {"milestoneId": then["id"], "title": "Afbouw", "windowEnd": "2027-02-01", "days": 28}
    assert late["conflicts"] == [conflict]
    assert (await office.get(path)).json() == late
    assert (await office.get(f"/milestones/{then['id']}")).json() == then
    status = (await office.get("/portfolio-status")).json()
    assert status["totals"]["conflicts"] == 1
    assert status["conflicts"] == [
        {
            "milestoneId": first["id"], "title": "Basis", "forecastEnd": "2027-03-01", "dependentId": then["id"],
            "dependentTitle": "Afbouw", "dependentEnd": "2027-02-01", "days": 28,
        }
    ]  # fmt: skip
    in_time = await given.changed(path, {"forecast": {"start": "2027-01-01", "end": "2027-02-01"}})
    assert in_time["conflicts"] == []


async def test_a_status_that_nobody_changed_is_told_again_and_any_change_is_seen_at_once(
    apos: Apos, given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot = await given.lot(status="running")
    first = await office.get("/portfolio-status")
    clock.now += timedelta(minutes=5)
    again = await office.get("/portfolio-status")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    known = await office.get("/portfolio-status", headers={"If-None-Match": first.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    async with running(apos.database_url, clock) as other:
        elsewhere = await other.as_(Role.PROGRAMME_OFFICE)
        assert (await elsewhere.get("/portfolio-status")).json()["digest"] == first.json()["digest"]
        path, change = f"/lots/{lot['id']}", {"title": "Anders"}
        assert (await elsewhere.patch(path, json=change, headers={"If-Match": "*"})).status_code == 200
        for client in (office, elsewhere):
            seen = (await client.get("/portfolio-status", headers={"If-None-Match": first.headers["etag"]})).json()
            assert [line["title"] for line in seen["lots"]] == ["Anders"]


async def test_a_status_that_nobody_changed_is_another_on_the_next_day(
    given: Given, office: httpx.AsyncClient, clock: Clock
) -> None:
    lot = await given.lot(status="running")
    window = {"start": "2026-11-01", "end": "2026-11-21"}
    await given.post(f"/lots/{lot['id']}/milestones", {"title": "m", "kind": "trial", "window": window})
    for day, slip in (("2026-11-21", 0), ("2026-11-22", 1), ("2026-11-23", 2)):
        clock.move_to(day)
        [line] = (await office.get("/portfolio-status")).json()["lots"]
        assert line["slipDays"] == {"original": slip, "current": slip}


async def test_what_is_left_of_each_envelope_per_programme_and_fund(given: Given, office: httpx.AsyncClient) -> None:
    own = {"amount": "50.00", "fund": "strategic-cooperation"}
    first, second = await given.programme(code="A", budget=own), await given.programme(code="B", budget=own)
    await given.programme(code="C")
    envelope = {"amount": "9.00", "fund": "dmf", "qualifier": "moreThan"}
    await given.post(f"/programmes/{second['id']}/settings", {"effectiveOn": "2026-11-21", "envelope": envelope})
    await given.lot(programmeId=first["id"], budget={"amount": "20.00", "fund": "strategic-cooperation"})
    await given.lot(programmeId=first["id"], budget={"amount": "99.00", "fund": "dmf"}, status="completed")
    await given.challenge(programmeId=first["id"], budget={"amount": "29.99", "fund": "strategic-cooperation"})
    await given.challenge(programmeId=second["id"], budget={"amount": "4.50", "fund": "dmf"})
    assert (await office.get("/portfolio-status")).json()["totals"]["envelopes"] == [
        {
            "programmeId": first["id"], "programmeCode": "A", "fund": "strategic-cooperation", "envelope": "50.00",
            "reserved": "49.99", "left": "0.01", "currency": "EUR", "qualifier": "exact",
        },
        {
            "programmeId": second["id"], "programmeCode": "B", "fund": "dmf", "envelope": "9.00",
            "reserved": "4.50", "left": "4.50", "currency": "EUR", "qualifier": "moreThan",
        },
    ]  # fmt: skip


async def test_what_lots_challenges_and_their_budgets_name_as_source_is_in_it_with_its_reference(
    given: Given, office: httpx.AsyncClient
) -> None:
    printed = {
        "title": "Brief",
        "reference": "36 800 K, D",
        "date": "2026-05-21",
        "signedBy": ["de minister, A. Jansen"],
    }
    letter = {"key": "a", **printed, "uri": "https://example.org/brief"}
    await given.post("/sources", {**letter, "file": "a.txt", "note": "n"})
    for key in ("b", "c"):
        await given.post("/sources", {"key": key, "title": key})
    await given.lot(source="a", budget={"amount": "5.00", "fund": "dmf", "source": "b"})
    await given.challenge(source="a")
    await given.challenge()
    status = (await office.get("/portfolio-status")).json()
    bare = {"key": "b", "title": "b", "reference": None, "date": None, "signedBy": [], "uri": None}
    assert status["sources"] == [letter, bare]
    assert [line["source"] for line in (*status["lots"], *status["challenges"])] == ["a", "a", None]
    rows = csv.DictReader(io.StringIO((await office.get("/portfolio-status", headers=CSV)).text))
    assert [row["source"] for row in rows] == ["a", "a", ""]
