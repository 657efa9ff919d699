"""What the package promises to keep, and that it imports nothing of the service."""

import ast
from collections import Counter
from pathlib import Path

import pytest

import apos_client
from apos_client import _models, errors

PUBLIC = """
    Amount Answer ApiKey Apos AposError Assessment Assessors Attribution AuditEvent BadInput BothColourCounts
    Budget BudgetLine BudgetSums Cancellation Cause Challenge ChallengeStatus Change ChangeEffect
    ChangedKnockOut ChangedKnockOuts ChangedLines ColourCounts Colours CombinedShare Commitment CommitmentCounts
    CommitmentKind CommitmentStatus Component ComponentStatement Concentration Conflict Consent ConsentScope
    Conversion Cooperation CooperationForm CriterionMove CriticalComponent DeclarationStatus DeclarationTemplate
    DeliveryConfidence Dependency DesignAuthority Dimension EndedCounts Entrant EntrantStatus EnvelopeTotal
    EuropeanVerdictCounts Evidence EvidenceExpiry ExplanationLine Failed FieldChange FieldCompleteness
    FieldError FigureChange ForecastConflict FunctionGroup FundTotal Holder IgnoredRow Improvement IntakeNote
    IntakeReport JudgedBy JudgingMilestone KeyReused KnockOut KnockOutChanges KnockOutCount KnockOutCounts
    KnockOutWaiver Language LastAchieved LastRebaseline LineChange LineChanges LineCounts Lot LotStatus Me
    Milestone MilestoneConflict MilestoneCounts MilestoneKind MilestoneStatus MoveCause MovedKnockOut NameBasis
    NextMilestone NotFound NotPermitted NotSignedIn NotUnderstood OpenQuestion OperationalDomain Organisation
    OrganisationKind Origin OriginDeclaration OriginShare OriginShares Outcome ParentMoves Partner PartnerRole
    Points PortfolioStatus PriceByMode Problem Programme ProgrammeSettings Proof PublishedProfile
    RankedDeclaration Ranking ReadColumn Rebaseline Reference ReferenceReading Refused RefusedCell Remark RenewedKey
    Representative Resource Retries Review ReviewVerdict RevisionChanges Role Safeguard SafeguardCounts
    SafeguardStatus SchemePublication Score ScoreComparison ScoreScheme ScoringProfile ServiceFault ShareChange
    ShareChanges Simulation SimulationProgress SimulationResult SiteHost SlipDays Source Stale Statement
    StatementShare StatementShares StatementVerdict StatusLine StatusSource StillRunning StoredComponents Submission
    Supplier System Target TargetBound TemplateColumn TemplateHelp TestSite TooLarge TooManyRequests Totals Trial
    TrialCounts Unreachable UnusableSettings VerdictChange VerdictMove Waiver WaiverConfirmation Window
    Withdrawal WithdrawalKind Withdrawn WithdrawnCounts
"""
PACKAGE = Path(apos_client.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_the_public_list_is_what_was_promised() -> None:
    assert sorted(apos_client.__all__) == PUBLIC.split()


def test_every_public_name_is_there() -> None:
    assert [name for name in PUBLIC.split() if not hasattr(apos_client, name)] == []


def test_nothing_is_public_beside_the_list() -> None:
    assert dir(apos_client) == PUBLIC.split()
    with pytest.raises(AttributeError, match="'apos_client' has no attribute 'Sorted'"):
        _ = apos_client.Sorted


def test_every_model_is_public() -> None:
    own = {name for name, value in vars(_models).items() if getattr(value, "__module__", "") == _models.__name__}
    assert own - set(apos_client.__all__) == set()


def test_every_error_is_in_the_documented_tree() -> None:
    tree = (errors.__doc__ or "").split()
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert [kind.__name__ for kind in kinds if kind.__name__ not in tree] == []
    assert all(issubclass(kind, errors.AposError) for kind in kinds)


def test_no_class_is_defined_twice() -> None:
    trees = [ast.parse(source.read_text(encoding="utf-8")) for source in SOURCES]
    classes = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in classes.items() if count > 1] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.relative_to(PACKAGE)))
def test_the_client_imports_nothing_of_the_service(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    inside = {"api", "domain", "migrations", "sqlalchemy", "sqlmodel", "fastapi"}
    assert {name.partition(".")[0] for name in named} & inside == set()
