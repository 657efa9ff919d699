"""Origin declarations: drafted, submitted, reviewed and revised, each step once and in its order."""

from tests.api.declared import SIGNED
from tests.api.given import Given
from tests.api.service import Apos


async def test_a_supplier_drafts_submits_and_reads_its_score(apos: Apos, given: Given) -> None:
    lot, supplier, client = await given.contest()
    draft = await given.declaration(lot, supplier, client)
    assert (draft["status"], draft["revision"], draft["componentCount"]) == ("draft", 1, 3)
    assert draft["system"] == {"name": "Kestrel", "version": "2", "finalAssemblyCountry": "NL"}
    path = f"/origin-declarations/{draft['id']}"
    assert (await client.get(f"{path}/score")).status_code == 409
    submission = await given.submitted(draft, client)
    assert submission["representative"] == SIGNED["representative"]
    score = (await client.get(f"{path}/score")).json()
    assert (score["score"], score["adjustmentPercent"], score["fictitiousPrice"]["amount"]) == (
        "100.0",
        "10.00",
        "900000.00",
    )
    assert score["originShares"]["edip"]["verdict"] == "pass"
    assert (await client.get(path)).json()["status"] == "submitted"
