"""What the package promises to keep, and that it knows all of what the service offers."""

import ast
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import httpx
import pytest
from pydantic.alias_generators import to_camel

import apos_client
from apos_client import errors
from apos_client._challenges import ChallengeFilters, EntrantFilters
from apos_client._lots import LotFilters
from apos_client._milestones import MilestoneFilters
from apos_client._origin_declarations import ComponentFilters, DeclarationChanges, DeclarationFilters
from apos_client._programmes import ProgrammeFilters
from apos_client._score_schemes import ScoreSchemeFilters
from apos_client._suppliers import SupplierFilters
from tests.clients.places import Place

PUBLIC = """
    Amount Answer Apos AposError Assessment BadInput BothColourCounts Budget Cause Challenge ChallengeStatus
    ColourCounts Colours Component Concentration Conflict Cooperation CooperationForm DeclarationStatus
    DeliveryConfidence DesignAuthority Dimension Entrant EntrantStatus Evidence ExplanationLine FieldError
    FunctionGroup FundTotal Holder KeyReused KnockOut KnockOutWaiver Lot LotStatus Milestone MilestoneCounts
    MilestoneKind MilestoneStatus NameBasis NextMilestone NotFound NotPermitted NotSignedIn NotUnderstood
    OperationalDomain OriginDeclaration OriginShare OriginShares Outcome Points PortfolioStatus Problem Programme
    Proof PublishedProfile Rebaseline Reference Refused Remark Representative Resource Retries Review ReviewVerdict
    Score ScoreScheme ScoringProfile ServiceFault SlipDays Stale Statement StatusLine StoredComponents Submission
    Supplier System TooLarge TooManyRequests Totals Unreachable UnusableSettings Window
"""
SOURCES = sorted(Path(apos_client.__file__).parent.glob("*.py"))
MODELS: dict[str, type[apos_client.Answer]] = {
    "LotView": apos_client.Lot,
    "ChallengeView": apos_client.Challenge,
    "ProgrammeView": apos_client.Programme,
    "SupplierView": apos_client.Supplier,
    "MilestoneView": apos_client.Milestone,
    "AssessmentView": apos_client.Assessment,
    "RebaselineView": apos_client.Rebaseline,
    "PortfolioStatus": apos_client.PortfolioStatus,
    "LotStatusLine": apos_client.StatusLine,
    "NextMilestone": apos_client.NextMilestone,
    "Totals": apos_client.Totals,
    "EvidenceItem": apos_client.Evidence,
    "EntrantView": apos_client.Entrant,
    "OriginDeclarationView": apos_client.OriginDeclaration,
    "StoredComponents": apos_client.StoredComponents,
    "PreviewDeclaration": apos_client.Statement,
    "SystemBody": apos_client.System,
    "DesignAuthorityBody": apos_client.DesignAuthority,
    "DimensionBody": apos_client.Dimension,
    "EvidenceBody": apos_client.Proof,
    "Evidence": apos_client.Proof,
    "DeclaredEvidence": apos_client.Proof,
    "Component": apos_client.Component,
    "ComponentView": apos_client.Component,
    "UnitValue": apos_client.Amount,
    "SubmissionView": apos_client.Submission,
    "Representative": apos_client.Representative,
    "SignatoryView": apos_client.Representative,
    "ReviewView": apos_client.Review,
    "Remark": apos_client.Remark,
    "FunctionGroupBody": apos_client.FunctionGroup,
    "ScoringProfileBody": apos_client.ScoringProfile,
    "ScoringProfileView": apos_client.PublishedProfile,
    "SchemeView": apos_client.ScoreScheme,
    "ScoreView": apos_client.Score,
    "Points": apos_client.Points,
    "KnockOut": apos_client.KnockOut,
    "KnockOutWaiver": apos_client.KnockOutWaiver,
    "OriginShares": apos_client.OriginShares,
    "OriginShare": apos_client.OriginShare,
    "Concentration": apos_client.Concentration,
    "Holder": apos_client.Holder,
    "ExplanationLine": apos_client.ExplanationLine,
    "Cause": apos_client.Cause,
}
WORDS = {
    "LotStatus": apos_client.LotStatus,
    "ChallengeStatus": apos_client.ChallengeStatus,
    "OperationalDomain": apos_client.OperationalDomain,
    "CooperationForm": apos_client.CooperationForm,
    "MilestoneKind": apos_client.MilestoneKind,
    "MilestoneStatus": apos_client.MilestoneStatus,
    "Outcome": apos_client.Outcome,
    "NameBasis": apos_client.NameBasis,
    "EntrantStatus": apos_client.EntrantStatus,
    "DeclarationStatus": apos_client.DeclarationStatus,
    "ReviewVerdict": apos_client.ReviewVerdict,
}
FILTERS = {
    "/lots": LotFilters,
    "/challenges": ChallengeFilters,
    "/programmes": ProgrammeFilters,
    "/suppliers": SupplierFilters,
    "/milestones": MilestoneFilters,
    "/challenges/{challengeId}/entrants": EntrantFilters,
    "/origin-declarations": DeclarationFilters,
    "/origin-declarations/{declarationId}/components": ComponentFilters,
    "/score-schemes": ScoreSchemeFilters,
}
CHANGES = {"OriginDeclarationEditPatch": DeclarationChanges}


@pytest.fixture(scope="module")
def contract(portfolio: Place) -> dict[str, Any]:
    answer = httpx.get(f"{portfolio.url}/v1/openapi.json", trust_env=False)
    document: dict[str, Any] = answer.json()
    return document


def test_the_public_list_is_what_was_promised() -> None:
    assert sorted(apos_client.__all__) == PUBLIC.split()


def test_nothing_is_public_beside_the_list() -> None:
    open_names = {name for name, value in vars(apos_client).items() if not name.startswith("_")}
    modules = {name for name in open_names if isinstance(getattr(apos_client, name), ModuleType)}
    assert open_names - modules == set(apos_client.__all__)
    assert modules <= {"errors", "command"}


def test_every_error_stands_in_the_tree_that_is_documented() -> None:
    tree = (errors.__doc__ or "").split()
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert [kind.__name__ for kind in kinds if kind.__name__ not in tree] == []
    assert all(issubclass(kind, errors.AposError) for kind in kinds)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_client_imports_nothing_of_the_service(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    inside = {"api", "domain", "migrations", "sqlalchemy", "sqlmodel", "fastapi"}
    assert {name.partition(".")[0] for name in named} & inside == set()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_every_field_of_the_contract_and_no_other(contract: dict[str, Any], name: str) -> None:
    known = {info.alias for field, info in MODELS[name].model_fields.items() if field != "etag"}
    assert known == set(contract["components"]["schemas"][name]["properties"])


@pytest.mark.parametrize("name", WORDS)
def test_a_closed_list_of_words_is_that_of_the_contract(contract: dict[str, Any], name: str) -> None:
    assert list(get_args(WORDS[name])) == contract["components"]["schemas"][name]["enum"]


@pytest.mark.parametrize("path", FILTERS)
def test_every_filter_of_the_contract_is_offered(contract: dict[str, Any], path: str) -> None:
    offered = {to_camel(name) for name in FILTERS[path].__annotations__} - {"pageSize"}
    asked = {given["name"] for given in contract["paths"][path]["get"]["parameters"] if given["in"] == "query"}
    assert offered == asked - {"limit", "cursor"}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_the_contract_is_offered(contract: dict[str, Any], name: str) -> None:
    offered = {to_camel(field) for field in CHANGES[name].__annotations__}
    assert offered == set(contract["components"]["schemas"][name]["properties"])
