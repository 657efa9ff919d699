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
from apos_client._challenges import ChallengeFilters
from apos_client._lots import LotFilters
from apos_client._milestones import MilestoneFilters
from apos_client._programmes import ProgrammeFilters
from apos_client._suppliers import SupplierFilters
from tests.clients.places import Place

PUBLIC = """
    Amount Answer Apos AposError Assessment BadInput BothColourCounts Budget Challenge ChallengeStatus ColourCounts Colours
    Conflict Cooperation CooperationForm DeliveryConfidence Evidence FieldError FundTotal KeyReused Lot LotStatus Milestone
    MilestoneCounts MilestoneKind MilestoneStatus NameBasis NextMilestone NotFound NotPermitted NotSignedIn NotUnderstood
    OperationalDomain Outcome PortfolioStatus Problem Programme Rebaseline Reference Refused Resource Retries ServiceFault
    SlipDays Stale StatusLine Supplier TooLarge TooManyRequests Totals Unreachable UnusableSettings Window
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
}
FILTERS = {
    "/lots": LotFilters,
    "/challenges": ChallengeFilters,
    "/programmes": ProgrammeFilters,
    "/suppliers": SupplierFilters,
    "/milestones": MilestoneFilters,
}


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
