"""A valid body for every write of the contract, from the ids that it names.

One line per operation: `Body(of)` gives the body from ids (see `sides`), `at` says which row of a side the path means
where it is not the one that carries the parameter's own name, because only a row in that state can be written so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.declared import PROFILE, SIGNED, a_scheme, components, euros
from tests.support.given import WINDOW
from tests.support.sides import EVIDENCE, LATER, Ids, a_statement, assessed, declared, waived


@dataclass(frozen=True)
class Body:
    """What is sent. `names` are the ids in the body that decide whose row it is, where the path names none."""

    of: Callable[[Ids], dict[str, Any]]
    at: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()


def _always(**body: Any) -> Body:
    return Body(lambda _of: body)


def _profile(**at: str) -> Body:
    return Body(lambda _of: {**PROFILE, "capPercent": "12"}, at=at)


_MILESTONE = _always(title="Levering", kind="delivery", window=WINDOW)
_ASSESSORS = Body(lambda of: {"keyIds": [of["assessorKeyId"]]})
_DRAFT = {"declarationId": "draftId"}


def _mistake(**at: str) -> Body:
    withdrawn = {"kind": "enteredInError", "on": "2026-11-20", "reason": "Dubbel ingevoerd.", "authority": "Bureau"}
    return Body(lambda _of: withdrawn, at=at)


WRITES: dict[str, Body] = {
    "POST /programmes": _always(code="P-NEW", title="Programma"),
    "PATCH /programmes/{programmeId}": _always(title="Anders"),
    "POST /programmes/{programmeId}/settings": _always(effectiveOn="2026-12-01", amberUpToDays=60),
    "POST /programmes/{programmeId}/milestones": _MILESTONE,
    "POST /lots": Body(lambda of: {"programmeId": of["programmeId"], "code": "K-NEW", "title": "Kavel"}),
    "PATCH /lots/{lotId}": _always(title="Anders"),
    "POST /lots/{lotId}/partners": Body(lambda of: {"supplierId": of["newcomerId"], "role": "prime"}),
    "PATCH /lots/{lotId}/partners/{partnerId}": _always(endedOn="2026-12-31"),
    "PUT /lots/{lotId}/assessors": _ASSESSORS,
    "POST /lots/{lotId}/milestones": _MILESTONE,
    "PUT /lots/{lotId}/scoring-profile": _profile(lotId="openLotId"),
    "POST /challenges": Body(lambda of: {"programmeId": of["programmeId"], "code": "C-NEW", "title": "Challenge"}),
    "PATCH /challenges/{challengeId}": _always(title="Anders"),
    "POST /challenges/{challengeId}/entrants": Body(lambda of: {"supplierId": of["newcomerId"]}),
    "PATCH /challenges/{challengeId}/entrants/{entrantId}": _always(status="selected"),
    "PUT /challenges/{challengeId}/assessors": _ASSESSORS,
    "POST /challenges/{challengeId}/milestones": _MILESTONE,
    "PUT /challenges/{challengeId}/scoring-profile": _profile(challengeId="openChallengeId"),
    "PATCH /milestones/{milestoneId}": _always(forecast=LATER),
    "POST /milestones/{milestoneId}/assessments": _always(**assessed("Nog niet.")),
    "POST /milestones/{milestoneId}/rebaselines": _always(window=WINDOW, reason="r", authority="a"),
    "POST /milestones/{milestoneId}/withdrawals": _always(
        kind="dropped", on="2026-11-20", reason="Vervallen.", authority="Stuurgroep"
    ),
    "POST /trials/{trialId}/withdrawals": _mistake(trialId="mistakenTrialId"),
    "POST /commitments/{commitmentId}/withdrawals": _mistake(commitmentId="mistakenCommitmentId"),
    "POST /budget-lines/{budgetLineId}/withdrawals": _mistake(budgetLineId="mistakenBudgetLineId"),
    "POST /test-sites/{testSiteId}/withdrawals": _mistake(testSiteId="mistakenTestSiteId"),
    "POST /targets/{targetId}/withdrawals": _mistake(targetId="mistakenTargetId"),
    "POST /dependencies/{dependencyId}/withdrawals": _mistake(),
    "POST /critical-components/{criticalComponentId}/withdrawals": _mistake(),
    "POST /lots/{lotId}/partners/{partnerId}/withdrawals": _mistake(),
    "POST /challenges/{challengeId}/entrants/{entrantId}/withdrawals": _mistake(),
    "POST /origin-declarations/{declarationId}/withdrawals": Body(lambda _of: {"reason": "Vervallen."}, at=_DRAFT),
    "POST /suppliers": _always(name="Nieuw"),
    "PATCH /suppliers/{supplierId}": _always(name="Anders"),
    "POST /suppliers/{supplierId}/consents": _always(scope="public", givenOn="2026-11-20"),
    "PATCH /suppliers/{supplierId}/consents/{consentId}": _always(note="Anders"),
    "POST /origin-declarations": Body(declared, names=("supplierId", "lotId")),
    "PATCH /origin-declarations/{declarationId}": Body(lambda _of: {"price": euros("7")}, at=_DRAFT),
    "PUT /origin-declarations/{declarationId}/components": Body(lambda _of: {"components": components()}, at=_DRAFT),
    "POST /origin-declarations/{declarationId}/submissions": Body(lambda _of: SIGNED, at=_DRAFT),
    "POST /origin-declarations/{declarationId}/reviews": Body(
        lambda _of: {"verdict": "accepted", "narrative": "Goed."}, at={"declarationId": "submittedId"}
    ),
    "POST /intake-previews": _always(components=components()),
    "POST /origin-declarations/{declarationId}/waivers": _always(**waived("radio")),
    "POST /waivers/{waiverId}/confirmations": Body(lambda _of: {}, at={"waiverId": "proposalWaiverId"}),
    "POST /score-schemes": _always(document=a_scheme("BM-1.2")),
    "POST /score-schemes/{schemeId}/publications": Body(
        lambda _of: {"effectiveOn": "2026-12-01", "authority": "a", "reason": "r"}, at={"schemeId": "proposalId"}
    ),
    "POST /score-schemes/{schemeId}/simulations": _always(),
    "POST /component-statements": Body(lambda of: a_statement(of["supplierId"]), names=("supplierId",)),
    "PATCH /component-statements/{statementId}": Body(lambda of: {"sharedWith": [of["newcomerId"]]}),
    "POST /score-previews": Body(lambda of: {"declarationId": of["declarationId"]}, names=("declarationId",)),
    "POST /dependencies": Body(lambda of: {"subject": "Sensoren", "lotId": of["lotId"]}),
    "PATCH /dependencies/{dependencyId}": _always(subject="Anders"),
    "POST /dependencies/{dependencyId}/safeguards": _always(text="Broncode in bewaring", position=2),
    "PATCH /dependencies/{dependencyId}/safeguards/{safeguardId}": _always(status="inPlace", evidence=EVIDENCE),
    "POST /critical-components": _always(function="Batterij"),
    "PATCH /critical-components/{criticalComponentId}": _always(function="Anders"),
    "POST /commitments": _always(kind="aim", text="Streven"),
    "PATCH /commitments/{commitmentId}": _always(text="Anders"),
    "POST /trials": Body(lambda of: {"title": "Proef", "lotIds": [of["lotId"]]}),
    "PATCH /trials/{trialId}": _always(title="Anders"),
    "POST /test-sites": _always(name="Marknesse"),
    "PATCH /test-sites/{testSiteId}": _always(name="Anders"),
    "POST /targets": _always(title="Doel", bound="atLeast", boundPct=50, definitionVersion="letters-2026"),
    "PATCH /targets/{targetId}": _always(title="Anders"),
    "POST /budget-lines": _always(title="Regel"),
    "PATCH /budget-lines/{budgetLineId}": _always(title="Anders"),
    "POST /organisations": _always(name="Kennisinstituut", kind="knowledgeInstitute"),
    "PATCH /organisations/{organisationId}": _always(name="Anders"),
    "POST /sources": _always(key="new-source", title="Brief"),
    "PATCH /sources/{sourceId}": _always(title="Anders"),
    "POST /api-keys": _always(role="viewer", label="Kijker"),
    "PATCH /api-keys/{keyId}": _always(label="Anders"),
    "POST /api-keys/{keyId}/confirmations": Body(lambda _of: {}, at={"keyId": "proposalKeyId"}),
    "POST /me/renewals": _always(overlapDays=1),
}


def body_of(operation: str) -> Body:
    """The body of a write. Raises LookupError where there is none yet, saying where it belongs."""
    if operation not in WRITES:
        raise LookupError(f"{operation} has no valid body yet; give it a line in WRITES of tests/support/writes.py")
    return WRITES[operation]
