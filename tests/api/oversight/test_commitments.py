"""Commitments to parliament, and the papers they name in whatever spelling."""

from typing import Any

import httpx
import pytest

from domain.oversight.commitments import Commitment
from domain.permissions import Role
from tests.support.given import Given, faults
from tests.support.service import Apos

NOWHERE = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
MATCH = {"If-Match": "*"}
MISPRINT = {"asPrinted": "27 803, nr. 49", "note": "14 oktober, no year; probably 27 830"}


async def a_commitment(given: Given, **fields: Any) -> dict[str, Any]:
    """An open promise, with what is named."""
    return await given.post("/commitments", {"kind": "toezegging", "text": "Brief aan de Kamer", **fields})


async def test_a_commitment_is_made_and_then_fulfilled_by_a_letter(
    apos: Apos, given: Given, office: httpx.AsyncClient
) -> None:
    letter, lot = await given.source(), await given.lot()
    made = await a_commitment(given, made="2026-06-02", due="2026-07-03", dueNote="voor het reces", lotIds=[lot["id"]])
    assert (made["status"], made["evidence"], made["fulfilledOn"]) == ("open", None, None)
    path = f"/commitments/{made['id']}"
    fulfilment = {"status": "fulfilled", "fulfilledOn": "2026-06-29", "evidence": letter["key"]}
    answer = await office.patch(path, json=fulfilment, headers=MATCH)
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert after == {**made, **fulfilment, "version": 2}
    assert (await office.get(path)).json() == after
    assert [event["version"] for event in apos.events(Commitment)] == [1, 2]


FULFILLED = {"status": "fulfilled", "fulfilledOn": "2026-06-29"}
BAD = [
    pytest.param({**FULFILLED, "made": "2026-07-01", "evidence": "letter"}, ["/fulfilledOn"], id="before it was made"),
    pytest.param(FULFILLED, ["/evidence"], id="fulfilled without a letter"),
    pytest.param({**FULFILLED, "evidence": "nowhere"}, ["/evidence"], id="a letter that is not there"),
    pytest.param({"status": "fulfilled", "evidence": "letter"}, ["/fulfilledOn"], id="fulfilled without a day"),
    pytest.param({"evidence": "letter"}, ["/evidence"], id="open with a letter"),
    pytest.param({"made": "2026-11-22"}, ["/made"], id="made tomorrow"),
    pytest.param({"made": "2026-11-01", "due": "2026-10-31"}, ["/due"], id="due before it was made"),
    pytest.param({"lotIds": [NOWHERE]}, ["/lotIds/0"], id="an unknown lot"),
    pytest.param({"kind": "belofte"}, ["/kind"], id="no kind"),
    pytest.param({"text": ""}, ["/text"], id="no words"),
    pytest.param({"references": [{"asPrinted": ""}]}, ["/references/0/asPrinted"], id="an empty reference"),
    pytest.param({"references": ["27 830"]}, ["/references/0"], id="a reference without its name"),
    pytest.param({"due": 20260703}, ["/due"], id="a number for a day"),
]


@pytest.mark.gate_on("sqlite")
@pytest.mark.parametrize(("fields", "pointers"), BAD)
async def test_what_cannot_be_is_refused_by_field_and_nothing_is_stored(
    apos: Apos, given: Given, office: httpx.AsyncClient, fields: dict[str, Any], pointers: list[str]
) -> None:
    await given.source(key="letter")
    answer = await office.post("/commitments", json={"kind": "motie", "text": "t", **fields})
    assert (answer.status_code, list(faults(answer))) == (400, pointers)
    assert apos.rows(Commitment) == []
    made = await a_commitment(given)
    answer = await office.patch(f"/commitments/{made['id']}", json=fields, headers=MATCH)
    assert (answer.status_code, list(faults(answer))) == (400, pointers)
    assert (await office.get(f"/commitments/{made['id']}")).json() == made


async def test_a_reference_of_no_known_form_is_kept_as_printed_and_flagged(
    given: Given, office: httpx.AsyncClient
) -> None:
    made = await a_commitment(given, references=[{"asPrinted": "de brief van 14 oktober"}, MISPRINT])
    unknown, misprint = made["references"]
    assert unknown["asPrinted"] == "de brief van 14 oktober"
    assert unknown["reading"] == {"normalised": None, "probably": None, "flag": "unknownForm"}
    assert (misprint["asPrinted"], misprint["note"]) == (MISPRINT["asPrinted"], MISPRINT["note"])
    assert misprint["reading"] == {"normalised": "27803-49", "probably": "27830-49", "flag": "probableMisprint"}
    for asked in ("De brief  van 14 Oktober", "27803-49", "27 830, nr. 49", "27 830", "kst-27803"):
        found = (await office.get("/commitments", params={"reference": asked})).json()["items"]
        assert found == [made], asked


SPELLINGS = [
    ("36 800 K, D", "36800-K-D"),
    ("36800-X, nr.78", "36 800 X, nr. 78"),
    ("27 830, nr. 489", "27830 nr 489"),
    ("36 800-X34", "36 800 X, nr. 34"),
    ("MINDEF20260046308", "mindef 20260046308"),
]


@pytest.mark.parametrize(("printed", "asked"), SPELLINGS)
async def test_what_names_a_paper_is_found_by_any_spelling_of_it(
    given: Given, office: httpx.AsyncClient, printed: str, asked: str
) -> None:
    references = [{"asPrinted": printed}]
    await a_commitment(given, references=[{"asPrinted": "25 000, nr. 1"}])
    commitment = await a_commitment(given, references=references)
    lot = await given.lot(references=references)
    source = await given.source(reference=printed)
    await given.source(reference="25 000, nr. 1")
    await given.source()
    for path, made in (("commitments", commitment), ("lots", lot), ("sources", source)):
        for spelling in (printed, asked):
            found = (await office.get(f"/{path}", params={"reference": spelling})).json()["items"]
            assert [item["id"] for item in found] == [made["id"]], (path, spelling)
        assert (await office.get(f"/{path}?reference=25001")).json()["items"] == []
    assert source["referenceReading"]["normalised"] == lot["references"][0]["reading"]["normalised"]


async def test_what_was_read_can_be_sent_back_and_a_reading_of_ones_own_is_ignored(
    given: Given, office: httpx.AsyncClient
) -> None:
    made = await a_commitment(given, references=[MISPRINT])
    path = f"/commitments/{made['id']}"
    unchanged = await office.patch(path, json={"references": made["references"]}, headers=MATCH)
    assert (unchanged.status_code, unchanged.json()) == (200, made)
    own = [{"asPrinted": "27 830, nr. 489", "reading": {"normalised": "1-2-3", "probably": "x", "flag": None}}]
    after = (await office.patch(path, json={"references": own}, headers=MATCH)).json()
    assert after["references"][0]["reading"] == {"normalised": "27830-489", "probably": None, "flag": None}
    for asked, found in (("27 830, nr. 489", 1), ("27 803, nr. 49", 0), ("1-2-3", 0)):
        listed = (await office.get("/commitments", params={"reference": asked})).json()["items"]
        assert len(listed) == found, asked


async def test_commitments_are_found_by_lot_status_kind_and_day(given: Given, office: httpx.AsyncClient) -> None:
    lot = await given.lot()
    first = await a_commitment(given, lotIds=[lot["id"]], due="2026-11-20")
    second = await a_commitment(given, kind="motie", due="2026-12-20")
    for query, found in (
        (f"lotId={lot['id']}", [first]),
        (f"lotId={NOWHERE}", []),
        ("kind=motie", [second]),
        ("status=open&dueBefore=2026-11-21", [first]),
        ("dueFrom=2026-11-21", [second]),
        ("sort=-due", [second, first]),
    ):
        assert (await office.get(f"/commitments?{query}")).json()["items"] == found, query


async def test_a_role_that_sees_no_references_of_lots_cannot_ask_by_them(apos: Apos, given: Given) -> None:
    lot, supplier = await given.lot(references=[MISPRINT]), await given.supplier()
    await given.partner(lot, supplier)
    for client in (await apos.as_(Role.SUPPLIER, supplier["id"]), await apos.as_(Role.VIEWER)):
        answer = await client.get("/lots?reference=27830")
        assert (answer.status_code, list(faults(answer))) == (400, ["/query/reference"])
