"""How to call each operation of the contract with the client, on a network that answers with its example."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import httpx

from apos_client import (
    Amount,
    Apos,
    Component,
    FunctionGroup,
    Remark,
    Representative,
    ScoringProfile,
    Statement,
    System,
    Window,
)

ID = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
DAY = date(2026, 7, 2)
WINDOW = Window(start=DAY, end=date(2026, 8, 2))
PROFILE = ScoringProfile(function_groups=(FunctionGroup(name="control", weight="1"),), dimensions=())
STATEMENT = Statement(system=System(name="Kestrel"), components=(Component(key="a", name="A", quantity="1"),))
SIGNED = Representative(name="A. Jansen", function="Director", email="a.jansen@example.org")
ETAG = '"v1-a"'

CALLS: dict[str, Callable[[Apos], object]] = {
    "listProgrammes": lambda apos: apos.programmes.each(),
    "getProgramme": lambda apos: apos.programmes.find(ID),
    "addProgramme": lambda apos: apos.programmes.add(code="P", title="t"),
    "changeProgramme": lambda apos: apos.programmes.change(ID, etag=ETAG, purpose="p"),
    "listSettings": lambda apos: apos.programmes.settings(ID),
    "getSettings": lambda apos: apos.programmes.find_settings(ID, ID),
    "addSettings": lambda apos: apos.programmes.add_settings(ID, effective_on=DAY, amber_up_to_days=60),
    "listProgrammeMilestones": lambda apos: apos.programmes.milestones(ID),
    "addProgrammeMilestone": lambda apos: apos.programmes.add_milestone(ID, title="t", kind="start"),
    "addLot": lambda apos: apos.lots.add(programme_id=ID, code="K-1", title="t"),
    "changeLot": lambda apos: apos.lots.change(ID, etag=ETAG, status="running"),
    "listPartners": lambda apos: apos.lots.partners(ID, role="prime"),
    "getPartner": lambda apos: apos.lots.find_partner(ID, ID),
    "addPartner": lambda apos: apos.lots.add_partner(ID, ID, role="partner"),
    "changePartner": lambda apos: apos.lots.end_partner(ID, ID, ended_on=DAY, etag=ETAG),
    "getLotAssessors": lambda apos: apos.lots.assessors(ID),
    "assignLotAssessors": lambda apos: apos.lots.assign_assessors(ID, [ID], etag=ETAG),
    "listLotMilestones": lambda apos: apos.lots.milestones(ID, status="met"),
    "addLotMilestone": lambda apos: apos.lots.add_milestone(ID, title="t", kind="trial", window=WINDOW),
    "listLots": lambda apos: apos.lots.each(),
    "getLot": lambda apos: apos.lots.find(ID),
    "getLotScoringProfile": lambda apos: apos.lots.scoring_profile(ID),
    "publishLotScoringProfile": lambda apos: apos.lots.publish_scoring_profile(ID, PROFILE, etag=ETAG),
    "listChallenges": lambda apos: apos.challenges.each(),
    "getChallenge": lambda apos: apos.challenges.find(ID),
    "addChallenge": lambda apos: apos.challenges.add(programme_id=ID, code="C-1", title="t"),
    "changeChallenge": lambda apos: apos.challenges.change(ID, etag=ETAG, status="open"),
    "getEntrant": lambda apos: apos.challenges.find_entrant(ID, ID),
    "changeEntrant": lambda apos: apos.challenges.change_entrant(ID, ID, status="winner", etag=ETAG),
    "getChallengeAssessors": lambda apos: apos.challenges.assessors(ID),
    "assignChallengeAssessors": lambda apos: apos.challenges.assign_assessors(ID, [], etag=ETAG),
    "listChallengeMilestones": lambda apos: apos.challenges.milestones(ID),
    "addChallengeMilestone": lambda apos: apos.challenges.add_milestone(ID, title="t", kind="delivery"),
    "listEntrants": lambda apos: apos.challenges.entrants(ID),
    "addEntrant": lambda apos: apos.challenges.add_entrant(ID, ID),
    "getChallengeScoringProfile": lambda apos: apos.challenges.scoring_profile(ID),
    "publishChallengeScoringProfile": lambda apos: apos.challenges.publish_scoring_profile(ID, PROFILE, etag=ETAG),
    "listMilestones": lambda apos: apos.milestones.each(),
    "getMilestone": lambda apos: apos.milestones.find(ID),
    "changeMilestone": lambda apos: apos.milestones.forecast(ID, WINDOW, etag=ETAG),
    "getAssessment": lambda apos: apos.milestones.find_assessment(ID, ID),
    "getRebaseline": lambda apos: apos.milestones.find_rebaseline(ID, ID),
    "listAssessments": lambda apos: apos.milestones.assessments(ID),
    "recordAssessment": lambda apos: apos.milestones.record_assessment(
        ID, outcome="met", assessed_on=DAY, achieved_on=DAY, narrative="n"
    ),
    "listRebaselines": lambda apos: apos.milestones.rebaselines(ID),
    "rebaselineMilestone": lambda apos: apos.milestones.rebaseline(ID, WINDOW, reason="r", authority="a"),
    "withdrawMilestone": lambda apos: apos.milestones.withdraw(ID, kind="dropped", on=DAY, reason="r", authority="a"),
    "withdrawTrial": lambda apos: apos.trials.withdraw(ID, on=DAY, reason="r", authority="a"),
    "withdrawCommitment": lambda apos: apos.commitments.withdraw(ID, on=DAY, reason="r", authority="a"),
    "withdrawBudgetLine": lambda apos: apos.budget_lines.withdraw(ID, on=DAY, reason="r", authority="a"),
    "withdrawTestSite": lambda apos: apos.test_sites.withdraw(ID, on=DAY, reason="r", authority="a"),
    "withdrawTarget": lambda apos: apos.targets.withdraw(ID, on=DAY, reason="r", authority="a"),
    "withdrawDependency": lambda apos: apos.dependencies.withdraw(ID, on=DAY, reason="r", authority="a"),
    "withdrawCriticalComponent": lambda apos: apos.critical_components.withdraw(ID, on=DAY, reason="r", authority="a"),
    "withdrawOriginDeclaration": lambda apos: apos.origin_declarations.withdraw(ID, reason="r"),
    "listSuppliers": lambda apos: apos.suppliers.each(),
    "getSupplier": lambda apos: apos.suppliers.find(ID),
    "addSupplier": lambda apos: apos.suppliers.add("Voorbeeld"),
    "changeSupplier": lambda apos: apos.suppliers.change(ID, etag=ETAG, name="Anders"),
    "getConsent": lambda apos: apos.suppliers.find_consent(ID, ID),
    "listSources": lambda apos: apos.sources.each(),
    "getSource": lambda apos: apos.sources.find(ID),
    "addSource": lambda apos: apos.sources.add(key="s", title="t", dated=DAY),
    "changeSource": lambda apos: apos.sources.change(ID, etag=ETAG, dated=None),
    "listOrganisations": lambda apos: apos.organisations.each(kind="ministry"),
    "getOrganisation": lambda apos: apos.organisations.find(ID),
    "addOrganisation": lambda apos: apos.organisations.add(name="n", kind="unit"),
    "changeOrganisation": lambda apos: apos.organisations.change(ID, etag=ETAG, country="NL"),
    "getMe": lambda apos: apos.me(),
    "listApiKeys": lambda apos: apos.api_keys.each(role="viewer"),
    "getApiKey": lambda apos: apos.api_keys.find(ID),
    "confirmApiKey": lambda apos: apos.api_keys.confirm(ID),
    "renewOwnKey": lambda apos: apos.renew_key(overlap_days=3),
    "addApiKey": lambda apos: apos.api_keys.create(role="viewer", label="l"),
    "changeApiKey": lambda apos: apos.api_keys.revoke(ID, etag=ETAG),
    "listAuditEvents": lambda apos: apos.audit_events.each(row_kind="lots"),
    "getAuditEvent": lambda apos: apos.audit_events.find(7),
    "getSubmission": lambda apos: apos.origin_declarations.find_submission(ID, ID),
    "getReview": lambda apos: apos.origin_declarations.find_review(ID, ID),
    "getWaiver": lambda apos: apos.origin_declarations.find_waiver(ID, ID),
    "getSchemePublication": lambda apos: apos.score_schemes.find_publication(ID, ID),
    "getSafeguard": lambda apos: apos.dependencies.find_safeguard(ID, ID),
    "listOriginDeclarations": lambda apos: apos.origin_declarations.each(),
    "getOriginDeclaration": lambda apos: apos.origin_declarations.find(ID),
    "draftOriginDeclaration": lambda apos: apos.origin_declarations.draft(STATEMENT, supplier=ID, lot=ID),
    "changeOriginDeclaration": lambda apos: apos.origin_declarations.change(ID, etag=ETAG, price=Amount(amount="1")),
    "listComponents": lambda apos: apos.origin_declarations.components(ID),
    "replaceComponents": lambda apos: apos.origin_declarations.replace_components(ID, [], etag=ETAG),
    "submitOriginDeclaration": lambda apos: apos.origin_declarations.submit(ID, SIGNED),
    "listSubmissions": lambda apos: apos.origin_declarations.submissions(ID),
    "reviewOriginDeclaration": lambda apos: apos.origin_declarations.review(
        ID, verdict="returned", narrative="n", remarks=[Remark(component_key="a", remark="r")]
    ),
    "listReviews": lambda apos: apos.origin_declarations.reviews(ID),
    "waiveKnockOut": lambda apos: apos.origin_declarations.waive(
        ID, component_key="a", authority="a", reason="r", expires_on=DAY, alternative_trajectory="t"
    ),
    "listWaiverConfirmations": lambda apos: apos.origin_declarations.waiver_confirmations(ID),
    "getWaiverConfirmation": lambda apos: apos.origin_declarations.find_waiver_confirmation(ID, ID),
    "withdrawPartner": lambda apos: apos.lots.withdraw_partner(ID, ID, on=DAY, reason="r", authority="a"),
    "withdrawEntrant": lambda apos: apos.challenges.withdraw_entrant(ID, ID, on=DAY, reason="r", authority="a"),
    "confirmWaiver": lambda apos: apos.origin_declarations.confirm_waiver(ID),
    "listWaivers": lambda apos: apos.origin_declarations.waivers(ID),
    "getChanges": lambda apos: apos.origin_declarations.changes(ID, against=ID, limit=10),
    "listComponentStatements": lambda apos: apos.component_statements.each(shared_with=ID),
    "makeComponentStatement": lambda apos: apos.component_statements.make(
        "n", STATEMENT.components, supplier=ID, total_component_cost=Amount(amount="1"), representative=SIGNED
    ),
    "getComponentStatement": lambda apos: apos.component_statements.find(ID),
    "changeComponentStatement": lambda apos: apos.component_statements.share(ID, [ID], etag=ETAG),
    "listStatementComponents": lambda apos: apos.component_statements.components(ID),
    "getStatementVerdict": lambda apos: apos.component_statements.verdict(ID),
    "listComponentVerdicts": lambda apos: apos.component_statements.verdicts(),
    "getScore": lambda apos: apos.origin_declarations.score(ID),
    "listDeclarationTemplates": lambda apos: apos.declaration_templates.each(),
    "getDeclarationTemplate": lambda apos: apos.declaration_templates.find("components"),
    "previewScore": lambda apos: apos.score_previews.ask(PROFILE, STATEMENT),
    "listEvidenceExpiries": lambda apos: apos.evidence_expiries.each(first=DAY, until=DAY, lot_id=ID, page_size=7),
    "previewIntake": lambda apos: apos.intake_previews.ask(b"{}", media_type="application/json", declaration=ID),
    "listScoreSchemes": lambda apos: apos.score_schemes.each(),
    "getScoreScheme": lambda apos: apos.score_schemes.find(ID),
    "addScoreScheme": lambda apos: apos.score_schemes.propose({"version": "BM-1.1"}),
    "listSchemePublications": lambda apos: apos.score_schemes.publications(ID),
    "publishScoreScheme": lambda apos: apos.score_schemes.publish(ID, effective_on=DAY, authority="a", reason="r"),
    "simulateScoreScheme": lambda apos: apos.score_schemes.simulate(ID),
    "getSimulation": lambda apos: apos.score_schemes.find_simulation(ID, ID),
    "listSimulations": lambda apos: apos.score_schemes.simulations(ID),
    "listSimulationResults": lambda apos: apos.score_schemes.results(apos.score_schemes.simulate(ID), lot_id=ID),
    "getLotRanking": lambda apos: apos.lots.ranking(ID, reference_date=DAY),
    "getChallengeRanking": lambda apos: apos.challenges.ranking(ID),
    "getPortfolioStatus": lambda apos: apos.portfolio_status.read(),
    "listTestSites": lambda apos: apos.test_sites.each(),
    "getTestSite": lambda apos: apos.test_sites.find(ID),
    "addTestSite": lambda apos: apos.test_sites.add(name="n", partner_ids=[ID]),
    "changeTestSite": lambda apos: apos.test_sites.change(ID, etag=ETAG, hosts=["indoor"]),
    "listTrials": lambda apos: apos.trials.each(),
    "getTrial": lambda apos: apos.trials.find(ID),
    "addTrial": lambda apos: apos.trials.add(title="t", window=WINDOW),
    "changeTrial": lambda apos: apos.trials.change(ID, etag=ETAG, lot_ids=[ID]),
    "listTargets": lambda apos: apos.targets.each(),
    "getTarget": lambda apos: apos.targets.find(ID),
    "addTarget": lambda apos: apos.targets.add(title="t", bound="atLeast", bound_pct=50, definition_version="d"),
    "changeTarget": lambda apos: apos.targets.change(ID, etag=ETAG, bound_pct=40),
    "listBudgetLines": lambda apos: apos.budget_lines.each(),
    "getBudgetLine": lambda apos: apos.budget_lines.find(ID),
    "addBudgetLine": lambda apos: apos.budget_lines.add(title="t", amount=Amount(amount="1.00")),
    "changeBudgetLine": lambda apos: apos.budget_lines.change(ID, etag=ETAG, fund="dmf"),
    "listDependencies": lambda apos: apos.dependencies.each(),
    "getDependency": lambda apos: apos.dependencies.find(ID),
    "addDependency": lambda apos: apos.dependencies.add(subject="s", lot_id=ID),
    "changeDependency": lambda apos: apos.dependencies.change(ID, etag=ETAG, alternative_id=ID),
    "listSafeguards": lambda apos: apos.dependencies.safeguards(ID),
    "addSafeguard": lambda apos: apos.dependencies.add_safeguard(ID, text="t", position=1),
    "listCriticalComponents": lambda apos: apos.critical_components.each(),
    "getCriticalComponent": lambda apos: apos.critical_components.find(ID),
    "addCriticalComponent": lambda apos: apos.critical_components.add(function="f", dutch_position="p"),
    "changeCriticalComponent": lambda apos: apos.critical_components.change(ID, etag=ETAG, source="s"),
    "listCommitments": lambda apos: apos.commitments.each(reference="27 830, nr. 489", due_before=DAY),
    "getCommitment": lambda apos: apos.commitments.find(ID),
    "addCommitment": lambda apos: apos.commitments.add(kind="motie", text="t", lot_ids=[ID]),
    "changeCommitment": lambda apos: apos.commitments.change(ID, etag=ETAG, status="withdrawn"),
    "listConsents": lambda apos: apos.suppliers.consents(ID, scope="public"),
    "addConsent": lambda apos: apos.suppliers.give_consent(ID, scope="lotPartners", given_on=DAY),
    "changeConsent": lambda apos: apos.suppliers.withdraw_consent(ID, ID, withdrawn_on=DAY, etag=ETAG),
    "changeSafeguard": lambda apos: apos.dependencies.change_safeguard(ID, ID, etag=ETAG, status="inPlace"),
}


class Answering(httpx.BaseTransport):
    """A network on which every operation answers with the example of the contract; it notes what was asked."""

    def __init__(self, contract: Mapping[str, Any]) -> None:
        self._operations = [
            (method.upper(), path.split("/"), operation)
            for path, methods in contract["paths"].items()
            for method, operation in methods.items()
        ]
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        operation = self._operation(request)
        self.asked.append(operation["operationId"])
        _check_query(operation, request.url.params)
        status, answer = next((code, each) for code, each in operation["responses"].items() if code.startswith("2"))
        example = answer["content"]["application/json"]["example"]
        if "nextCursor" in example:
            example = {**example, "nextCursor": None}
        return httpx.Response(int(status), json=example, headers={"ETag": ETAG}, request=request)

    def _operation(self, request: httpx.Request) -> Mapping[str, Any]:
        steps = request.url.path.removeprefix("/v1").split("/")
        for method, path, operation in self._operations:
            if method == request.method and len(path) == len(steps) and all(map(_fits, path, steps)):
                given: Mapping[str, Any] = operation
                return given
        raise AssertionError(f"the contract has no {request.method} {request.url.path}")


def _check_query(operation: Mapping[str, Any], asked: Mapping[str, str]) -> None:
    known = {given["name"]: given["schema"] for given in operation.get("parameters", ()) if given["in"] == "query"}
    for name, value in asked.items():
        assert name in known, f"{operation['operationId']} is not asked by {name}"
        assert value in known[name].get("enum", [value]), f"{operation['operationId']}: {name} is never {value}"


def _fits(step: str, given: str) -> bool:
    return step == given or step.startswith("{")


def last_asked(network: Answering, call: Callable[[Apos], object]) -> str:
    """The operation that a call ends with; a list is read to its end."""
    with Apos("https://apos.example.org", None, transport=network) as apos:
        answer = call(apos)
        if isinstance(answer, Iterable) and not isinstance(answer, str):
            list(answer)
    return network.asked[-1]
