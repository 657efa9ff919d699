"""Everything that one supplier has: a row of every kind that belongs to somebody."""

from typing import Any

import httpx

from tests.support.declared import PROFILE, a_leaf, components
from tests.support.given import Given
from tests.support.sides import a_statement, waived


async def a_world(given: Given, office: httpx.AsyncClient) -> dict[str, Any]:
    """Everything that supplier A has, with ids by the parameter that names them in paths."""
    programme, supplier = await given.programme(), await given.supplier(name="Aannemer A")
    lot = await given.lot(programmeId=programme["id"], status="running")
    challenge = await given.challenge(programmeId=programme["id"], status="running")
    partner = await given.partner(lot, supplier)
    entrant = await given.post(f"/challenges/{challenge['id']}/entrants", {"supplierId": supplier["id"]})
    milestone = await given.milestone(f"/lots/{lot['id']}", payment={"amount": "5.00"})
    body = {"outcome": "notMet", "assessedOn": "2026-11-20", "narrative": "A haalde het niet."}
    assessment = await given.post(f"/milestones/{milestone['id']}/assessments", body)
    window = {"start": "2027-01-01", "end": "2027-02-01"}
    rebaseline = await given.post(
        f"/milestones/{milestone['id']}/rebaselines", {"window": window, "reason": "r", "authority": "a"}
    )
    settings = await given.post(f"/programmes/{programme['id']}/settings", {"effectiveOn": "2026-11-21"})
    await given.put(f"/lots/{lot['id']}", "scoring-profile", PROFILE)
    await given.put(f"/challenges/{challenge['id']}", "scoring-profile", PROFILE)
    lines = [*components(), a_leaf("radio", "0", "control", countryOfManufacture="CN")]
    declaration = await given.declaration(lot, supplier, office, components=lines)
    submission = await given.submitted(declaration, office)
    waiver = await given.waived(declaration, waived("radio"))
    review = await given.reviewed(declaration, "returned")
    stated = await given.post("/component-statements", a_statement(supplier["id"]))
    dependency = await given.post("/dependencies", {"subject": "Software", "lotId": lot["id"]})
    path = f"/dependencies/{dependency['id']}/safeguards"
    safeguard = await given.post(path, {"text": "Alleen gescreend personeel", "position": 1})
    component = await given.post("/critical-components", {"function": "Vluchtcomputer"})
    consent = await given.consent(supplier, "public")
    return {
        "criticalComponentId": component["id"], "consentId": consent["id"],
        "dependencyId": dependency["id"], "safeguardId": safeguard["id"],
        "declarationId": declaration["id"], "submissionId": submission["id"], "reviewId": review["id"],
        "waiverId": waiver["id"], "confirmationId": waiver["confirmation"]["id"], "statementId": stated["id"],
        "lotId": lot["id"], "challengeId": challenge["id"], "partnerId": partner["id"], "entrantId": entrant["id"],
        "milestoneId": milestone["id"], "assessmentId": assessment["id"], "rebaselineId": rebaseline["id"],
        "supplierId": supplier["id"], "settingsId": settings["id"], "programmeId": programme["id"], "seq": 1,
    }  # fmt: skip
