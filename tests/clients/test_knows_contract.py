"""The client against the contract: every operation has a method, and every list has its filters.

What the models and the keywords of methods are made of is generated; test_generation looks at how.
"""

import json
from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, get_args

import pytest
from pydantic.alias_generators import to_camel

from apos_client import Apos
from tests.clients.operations import CALLS, Answering, last_asked
from tests.clients.services import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "openapi" / "apos.json").read_text(encoding="utf-8"))
OPERATIONS = {each["operationId"]: each for methods in DOCUMENT["paths"].values() for each in methods.values()}
LISTS: dict[str, Callable[[Apos], Callable[..., object]]] = {
    "listProgrammes": lambda apos: apos.programmes.each,
    "listLots": lambda apos: apos.lots.each,
    "listChallenges": lambda apos: apos.challenges.each,
    "listEntrants": lambda apos: apos.challenges.entrants,
    "listMilestones": lambda apos: apos.milestones.each,
    "listAssessments": lambda apos: apos.milestones.assessments,
    "listRebaselines": lambda apos: apos.milestones.rebaselines,
    "listSuppliers": lambda apos: apos.suppliers.each,
    "listConsents": lambda apos: apos.suppliers.consents,
    "listOriginDeclarations": lambda apos: apos.origin_declarations.each,
    "listComponents": lambda apos: apos.origin_declarations.components,
    "listSubmissions": lambda apos: apos.origin_declarations.submissions,
    "listReviews": lambda apos: apos.origin_declarations.reviews,
    "listWaivers": lambda apos: apos.origin_declarations.waivers,
    "listWaiverConfirmations": lambda apos: apos.origin_declarations.waiver_confirmations,
    "listDeclarationTemplates": lambda apos: apos.declaration_templates.each,
    "listComponentStatements": lambda apos: apos.component_statements.each,
    "listStatementComponents": lambda apos: apos.component_statements.components,
    "listComponentVerdicts": lambda apos: apos.component_statements.verdicts,
    "listEvidenceExpiries": lambda apos: apos.evidence_expiries.each,
    "listScoreSchemes": lambda apos: apos.score_schemes.each,
    "listSchemePublications": lambda apos: apos.score_schemes.publications,
    "listSimulations": lambda apos: apos.score_schemes.simulations,
    "listSimulationResults": lambda apos: apos.score_schemes.results,
    "listSettings": lambda apos: apos.programmes.settings,
    "listProgrammeMilestones": lambda apos: apos.programmes.milestones,
    "listLotMilestones": lambda apos: apos.lots.milestones,
    "listChallengeMilestones": lambda apos: apos.challenges.milestones,
    "listPartners": lambda apos: apos.lots.partners,
    "listSources": lambda apos: apos.sources.each,
    "listOrganisations": lambda apos: apos.organisations.each,
    "listAuditEvents": lambda apos: apos.audit_events.each,
    "listApiKeys": lambda apos: apos.api_keys.each,
    "listTestSites": lambda apos: apos.test_sites.each,
    "listTrials": lambda apos: apos.trials.each,
    "listTargets": lambda apos: apos.targets.each,
    "listBudgetLines": lambda apos: apos.budget_lines.each,
    "listDependencies": lambda apos: apos.dependencies.each,
    "listSafeguards": lambda apos: apos.dependencies.safeguards,
    "listCriticalComponents": lambda apos: apos.critical_components.each,
    "listCommitments": lambda apos: apos.commitments.each,
}
CALLED_OTHERWISE = {"first": "from", "page_size": "limit"}
"""A keyword of Python, and a clearer name."""


def offered_filters(method: Callable[..., object]) -> set[str]:
    """The filters that a method offers, by their names in the contract."""
    names: set[str] = set()
    for name, parameter in signature(method).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            [keywords] = get_args(parameter.annotation)
            names |= set(keywords.__required_keys__ | keywords.__optional_keys__)
        elif parameter.kind is parameter.KEYWORD_ONLY:
            names.add(name)
    return {CALLED_OTHERWISE.get(name) or to_camel(name) for name in names}


NOT_OFFERED = {"cursor", "dialect"}
"""What a list of models is not asked by: the place that it keeps itself, and how CSV is written."""


@pytest.mark.parametrize("operation", LISTS)
def test_a_list_is_asked_with_the_filters_of_the_contract_and_no_others(operation: str) -> None:
    asked = {each["name"] for each in OPERATIONS[operation]["parameters"] if each["in"] == "query"}
    with Apos("https://apos.example.org", None) as apos:
        assert offered_filters(LISTS[operation](apos)) == asked - NOT_OFFERED


def test_the_filters_of_every_list_are_looked_at() -> None:
    assert sorted(LISTS) == sorted(name for name in CALLS if _is_list(OPERATIONS[name]))


def _is_list(operation: Mapping[str, Any]) -> bool:
    return any(given["name"] == "cursor" for given in operation.get("parameters", ()))


@pytest.mark.parametrize("operation", CALLS)
def test_an_operation_is_reached_and_its_answer_understood(operation: str) -> None:
    assert last_asked(Answering(DOCUMENT), CALLS[operation]) == operation


def test_every_operation_has_a_method() -> None:
    assert sorted(CALLS) == sorted(OPERATIONS)


@pytest.mark.parametrize("asked", [{"sort": "colour"}, {"mood": "good"}])
def test_a_question_that_the_contract_does_not_know_is_seen(asked: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="listLots"):
        last_asked(Answering(DOCUMENT), lambda apos: apos.lots.each(**asked))
