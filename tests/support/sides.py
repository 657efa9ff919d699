"""What the generated tests are about: the registers that everybody reads, and two sides that must not see each other.

A side is a supplier with all that is its own: a lot and a challenge that it takes part in, with their milestones and
assessors, its declarations in every status, and what the office keeps about them. Ids stand under the parameter of the
path that names such a row. A new noun goes in here once: in `registers` where everybody reads all of it, else in the
function of the noun that it belongs to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.declared import PROFILE, SIGNED, a_leaf, a_scheme, components, euros, statement
from tests.support.given import Given
from tests.support.operations import parameter_of

Ids = dict[str, Any]
LATER = {"start": "2027-01-01", "end": "2027-02-01"}
PROOF = {"level": "document", "expiresOn": "2027-01-31", "uri": "https://example.org/c.pdf", "sha256": "1" * 64}
EXPIRING = {"designAuthority": {"level": "both", "country": "NL", "evidence": PROOF}}
"""What of a declaration expires."""
EVIDENCE = [{"title": "Verslag", "uri": "https://example.org/v.pdf", "sha256": "0" * 64}]


@dataclass
class Chronicle(Given):
    """A Given that remembers what it made: paths, and by the parameter that names them whole rows and their ids."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    made: dict[str, list[Any]] = field(default_factory=dict)

    async def post(self, path: str, body: Mapping[str, Any], by: Any = None) -> dict[str, Any]:
        """Creates something, remembers it, and gives the answer."""
        row = await super().post(path, dict(body), by)
        parameter = parameter_of(path)
        assert parameter is not None, f"no path names what is made at {path}"
        self.remember(parameter, row["id"], row)
        self.paths.append(f"{path}/{row['id']}")
        return row

    async def patch(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Changes something with the ETag that it has, and gives the answer."""
        tag = {"If-Match": (await self.admin.get(path)).headers["etag"]}
        answer = await self.admin.patch(path, json=dict(body), headers=tag)
        assert answer.status_code == 200, answer.text
        changed: dict[str, Any] = answer.json()
        self.rows[parameter_of(path.rpartition("/")[0]) or ""].append(changed)
        return changed

    def remember(self, parameter: str, row_id: Any, row: dict[str, Any]) -> None:
        """Notes a row and the id that paths name it by."""
        self.made.setdefault(parameter, []).append(row_id)
        self.rows.setdefault(parameter, []).append(row)


async def registers(given: Given) -> Ids:
    """What everybody reads: a source and the schemes. And a lot in which nobody takes part."""
    source = await given.source(date="2026-11-01")
    programme = await given.programme()
    lot = await given.lot(programmeId=programme["id"], title="Kavel waar niemand aan deelneemt")
    [scheme] = (await given.admin.get("/score-schemes?schemeVersion=BM-1.0")).json()["items"]
    [publication] = (await given.admin.get(f"/score-schemes/{scheme['id']}/publications")).json()["items"]
    mistakes = await _mistakes(given, lot["id"])
    return {
        **mistakes,
        "schemeId": scheme["id"],
        "publicationId": publication["id"],
        "proposalId": (await given.post("/score-schemes", {"document": a_scheme("BM-1.1")}))["id"],
        "sourceKey": source["key"],
        "sourceId": source["id"],
        "nobodysLotId": lot["id"],
    }


async def _mistakes(given: Given, lot_id: str) -> Ids:
    """A row of every register without a published source, which can be withdrawn as entered in error."""
    target = {"title": "Per abuis", "bound": "atMost", "boundPct": 1, "definitionVersion": "letters-2026"}
    return {
        "mistakenTestSiteId": (await given.post("/test-sites", {"name": "Per abuis"}))["id"],
        "mistakenTrialId": (await given.post("/trials", {"title": "Per abuis", "lotIds": [lot_id]}))["id"],
        "mistakenTargetId": (await given.post("/targets", target))["id"],
        "mistakenBudgetLineId": (await given.post("/budget-lines", {"title": "Per abuis"}))["id"],
        "mistakenCommitmentId": (await given.post("/commitments", {"kind": "aim", "text": "Per abuis"}))["id"],
    }


async def _facts(given: Given, letter: str, sourced: Ids, hidden: Ids) -> Ids:
    """A row of every register that does not say which lot or challenge it is of; published where it names a source.

    The site also names the organisation among what is `hidden`, if there is one.
    """
    budget = {"amount": "90.00", "fund": "dmf", "note": f"Begroting {letter}"}
    noted = {"note": f"Notitie {letter}", **sourced}
    programme = await given.programme(key=f"programme-{letter}", budget=budget, **noted)
    ministry = {"key": f"ministry-{letter}", "name": f"Ministerie {letter}", "kind": "ministry", **noted}
    organisation = await given.post("/organisations", ministry)
    site = {"key": f"site-{letter}", "name": f"Terrein {letter}", "country": "NL", "domain": "air", **noted}
    target = {"key": f"aim-{letter}", "title": "Samen", "bound": "atLeast", "boundPct": 40, **noted}
    line = {"key": f"line-{letter}", "title": "AI 2026", "amount": {"amount": "1.00"}, "fund": "dmf", **noted}
    return {
        "programmeId": programme["id"],
        "organisationId": organisation["id"],
        "testSiteId": (
            await given.post(
                "/test-sites", {**site, "partnerIds": [organisation["id"], *_of(hidden, "organisationId")]}
            )
        )["id"],
        "targetId": (await given.post("/targets", {**target, "definitionVersion": "letters-2026"}))["id"],
        "budgetLineId": (await given.post("/budget-lines", line))["id"],
    }


def _of(hidden: Ids, name: str) -> list[str]:
    return [hidden[name]] if hidden else []


async def _of_work(given: Given, of: Ids, letter: str, sourced: Ids, hidden: Ids) -> Ids:
    """Trials and a commitment of the lot and the challenge, which also name a lot that nobody but the office sees.

    They name the lot, the challenge and the site among what is `hidden` too, if there are any.
    """
    noted = {"note": f"Notitie {letter}", **sourced}
    lots = {"lotIds": [of["lotId"], of["nobodysLotId"], *_of(hidden, "lotId")]}
    challenges = {"challengeIds": [of["challengeId"], *_of(hidden, "challengeId")]}
    paper = {"asPrinted": "27 803, nr. 49", "note": "probably 27 830"}
    promise = {"key": f"promise-{letter}", "kind": "motie", "text": "Doen", "made": "2026-06-02", "due": "2026-12-20"}
    trial = {"key": f"trial-{letter}", "title": "Proef", "window": LATER, "siteId": of["testSiteId"], **lots, **noted}
    elsewhere = {"title": "Elders", "siteId": hidden.get("testSiteId"), "lotIds": [of["nobodysLotId"]], **sourced}
    await given.post("/trials", elsewhere)
    commitment = await given.post("/commitments", {**promise, **lots, "references": [paper], **noted})
    return {
        "commitmentId": commitment["id"],
        "trialId": (await given.post("/trials", {**trial, **challenges}))["id"],
    }


async def a_side(given: Chronicle, shared: Ids, letter: str, *, public: bool = False, hidden: Ids | None = None) -> Ids:
    """A supplier with all that is its own; what is public comes from a published source.

    Its registers also name rows that are `hidden` from it, which are another side's.
    """
    sourced = {"source": shared["sourceKey"]} if public else {}
    named = {"nameBasis": "publishedSource", **sourced} if public else {}
    supplier = await given.supplier(key=f"supplier-{letter}", name=f"Bedrijf {letter}", country="NL", **named)
    of = {**shared, "supplierId": supplier["id"], **await _facts(given, letter, sourced, hidden or {})}
    lot, open_lot, challenge, open_challenge = await _lots_and_challenges(given, of, letter, sourced)
    of |= {"lotId": lot["id"], "challengeId": challenge["id"]}
    of |= {"openLotId": open_lot["id"], "openChallengeId": open_challenge["id"]}
    of |= await takes_part(given, of) | await _keys(given, of) | await _consents(given, of)
    statement = await given.post("/component-statements", a_statement(of["supplierId"]))
    of |= {"statementId": statement["id"]}
    of |= await _milestones(given, of, letter, sourced) | await declarations(given, of)
    of |= await _of_work(given, of, letter, sourced, hidden or {})
    return of | await _oversight(given, of, letter)


async def _lots_and_challenges(given: Given, of: Ids, letter: str, sourced: Ids) -> list[Ids]:
    """A lot and a challenge that run, and two that do not yet; each with a scoring profile."""
    of_programme = {"programmeId": of["programmeId"], "effectPublished": "openbaar", **sourced}
    fields = {"effect": f"Effect {letter}", **of_programme}
    lot = await given.lot(key=f"lot-{letter}", status="running", domain="air", ownerId=of["organisationId"], **fields)
    open_lot = await given.lot(key=f"open-lot-{letter}", **fields)
    challenge = await given.challenge(key=f"challenge-{letter}", status="running", **fields)
    open_challenge = await given.challenge(key=f"open-challenge-{letter}", **fields)
    for parent in (f"/lots/{lot['id']}", f"/lots/{open_lot['id']}", f"/challenges/{challenge['id']}"):
        await given.put(parent, "scoring-profile", PROFILE)
    return [lot, open_lot, challenge, open_challenge]


async def takes_part(given: Given, of: Ids) -> Ids:
    """A supplier's part in a lot, in one that does not run yet, and in a challenge."""
    part = {"supplierId": of["supplierId"], "role": "partner"}
    await given.post(f"/lots/{of['openLotId']}/partners", part)
    partner = await given.post(f"/lots/{of['lotId']}/partners", part)
    entrant = await given.post(f"/challenges/{of['challengeId']}/entrants", {"supplierId": of["supplierId"]})
    return {"partnerId": partner["id"], "entrantId": entrant["id"]}


async def _keys(given: Given, of: Ids) -> Ids:
    """A key of the supplier, one of an assessor to whom the lot and the challenge are assigned, and one to be confirmed."""
    own = await given.post("/api-keys", {"role": "supplier", "label": "Eigen", "supplierId": of["supplierId"]})
    assessor = await given.post("/api-keys", {"role": "assessor", "label": "Beoordelaar"})
    proposal = await given.post("/api-keys", {"role": "programmeAdmin", "label": "Nieuw"})
    for parent in (f"/lots/{of['lotId']}", f"/challenges/{of['challengeId']}"):
        await given.put(parent, "assessors", {"keyIds": [assessor["id"]]})
    return {
        "keyId": own["id"],
        "supplierSecret": own["secret"],
        "assessorSecret": assessor["secret"],
        "assessorKeyId": assessor["id"],
        "proposalKeyId": proposal["id"],
    }


async def _consents(given: Chronicle, of: Ids) -> Ids:
    """A consent that was withdrawn, so that nobody sees the supplier by it."""
    path = f"/suppliers/{of['supplierId']}/consents"
    consent = await given.post(path, {"scope": "lotPartners", "givenOn": "2026-11-01"})
    await given.patch(f"{path}/{consent['id']}", {"withdrawnOn": "2026-11-02"})
    return {"consentId": consent["id"]}


async def _milestones(given: Given, of: Ids, letter: str, sourced: Ids) -> Ids:
    """Milestones of the lot and the challenge, one of them assessed and rebaselined; others of the programme."""
    fields = {"payment": {"amount": "5.00"}, "critical": True, **sourced}
    await given.milestone(f"/challenges/{of['challengeId']}", key=f"m-challenge-{letter}", **fields)
    milestone = await given.milestone(f"/lots/{of['lotId']}", key=f"m-lot-{letter}", **fields)
    path = f"/milestones/{milestone['id']}"
    assessment = await given.post(f"{path}/assessments", assessed(f"{letter} haalde het niet."))
    rebaseline = await given.post(f"{path}/rebaselines", {"window": LATER, "reason": "r", "authority": "a"})
    return {"milestoneId": milestone["id"], "assessmentId": assessment["id"], "rebaselineId": rebaseline["id"]}


def assessed(narrative: str) -> Ids:
    """An assessment that a milestone was not met."""
    return {"outcome": "notMet", "assessedOn": "2026-11-20", "narrative": narrative, "evidence": EVIDENCE}


def declared(of: Ids, **fields: Any) -> Ids:
    """A declaration of a supplier for a lot."""
    return {"supplierId": of["supplierId"], **statement(price=euros("1000000")), "lotId": of["lotId"], **fields}


def a_statement(supplier_id: str, **fields: Any) -> Ids:
    """A statement of a maker of a component with two lines, signed, and shared with nobody."""
    lines = [a_leaf("board", "60", None), a_leaf("chip", "40", None, countryOfManufacture="US")]
    body = {"name": "Vluchtcomputer", "partNumber": "FC-3", "totalComponentCost": euros("100"), "components": lines}
    return {"supplierId": supplier_id, **body, "validUntil": "2027-12-31", **SIGNED, **fields}


def waived(component: str, **fields: Any) -> Ids:
    """A waiver of a concern at a component."""
    why = {"authority": "Stuurgroep", "reason": "Geen andere bron.", "alternativeTrajectory": "Tweede bron in 2027."}
    return {"code": "KO-1", "componentKey": component, "expiresOn": "2027-06-30", **why, **fields}


async def declarations(given: Given, of: Ids) -> Ids:
    """Declarations for the lot in every status, one for the challenge, and a draft for the lot that does not run yet."""
    draft, submitted, old = [await given.post("/origin-declarations", declared(of, **EXPIRING)) for _ in range(3)]
    await _sign(given, submitted)
    await _sign(given, old)
    await _judge(given, old, "accepted")
    lines = [*components(), a_leaf("radio", "0", "control", countryOfManufacture="CN")]
    renewed = await given.post("/origin-declarations", declared(of, revises=old["id"], components=lines))
    submission = await _sign(given, renewed)
    waiver = await given.waived(renewed, waived("radio"))
    proposal = await given.post(f"/origin-declarations/{renewed['id']}/waivers", waived("radio", reason="Nog een."))
    review = await _judge(given, renewed, "accepted")
    returned = await given.post("/origin-declarations", declared(of, lotId=None, challengeId=of["challengeId"]))
    await _sign(given, returned)
    await _judge(given, returned, "returned")
    await given.post("/origin-declarations", declared(of, lotId=of["openLotId"]))
    return {
        "declarationId": renewed["id"],
        "draftId": draft["id"],
        "submittedId": submitted["id"],
        "submissionId": submission["id"],
        "reviewId": review["id"],
        "waiverId": waiver["id"],
        "confirmationId": waiver["confirmation"]["id"],
        "proposalWaiverId": proposal["id"],
    }


async def _sign(given: Given, declaration: Ids) -> Ids:
    return await given.post(f"/origin-declarations/{declaration['id']}/submissions", SIGNED)


async def _judge(given: Given, declaration: Ids, verdict: str) -> Ids:
    remarks = [{"componentKey": "power", "remark": "Het certificaat is van een ander deel."}]
    body = {"verdict": verdict, "narrative": "Bekeken.", "remarks": remarks}
    return await given.post(f"/origin-declarations/{declaration['id']}/reviews", body, await given.second())


async def _oversight(given: Given, of: Ids, letter: str) -> Ids:
    """What only the office, the administrator and the auditor read."""
    envelope = {"amount": "7.00", "fund": "dmf"}
    body = {"effectiveOn": "2026-11-21", "envelope": envelope}
    settings = await given.post(f"/programmes/{of['programmeId']}/settings", body)
    subject = {"key": f"dep-{letter}", "subject": f"Software {letter}", "lotId": of["lotId"]}
    ended = {"alternativeId": of["openLotId"], "controllingCountry": "US"}
    dependency = await given.post("/dependencies", {**subject, **ended})
    path = f"/dependencies/{dependency['id']}/safeguards"
    safeguard = await given.post(path, {"text": "Alleen gescreend personeel", "position": 1})
    component = await given.post("/critical-components", {"key": f"c-{letter}", "function": f"Functie {letter}"})
    simulation = await given.post(f"/score-schemes/{of['schemeId']}/simulations", {})
    return {
        "simulationId": simulation["id"],
        "settingsId": settings["id"],
        "dependencyId": dependency["id"],
        "safeguardId": safeguard["id"],
        "criticalComponentId": component["id"],
    }
