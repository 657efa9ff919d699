"""The client against the contract: models, closed lists of words, filters, what may be sent, and every operation.

What the service gains shows here: a schema, a list of words, a filter or an operation that the client does not know fails
until it does, or until somebody says why not.
"""

import json
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import pytest
from pydantic.alias_generators import to_camel

import apos_client as client
from apos_client import Answer
from apos_client import _test_sites as sites
from apos_client._budget_lines import BudgetLineChanges, BudgetLineFilters, NewBudgetLine
from apos_client._challenges import ChallengeFilters, EntrantFilters
from apos_client._commitments import CommitmentChanges, CommitmentFilters, NewCommitment
from apos_client._component_statements import ComponentStatementFilters
from apos_client._critical_components import CriticalComponentChanges, NewCriticalComponent
from apos_client._dependencies import (
    DependencyChanges,
    DependencyFilters,
    NewDependency,
    NewSafeguard,
    SafeguardChanges,
    SafeguardFilters,
)
from apos_client._evidence_expiries import EvidenceExpiries
from apos_client._lists import Sorted
from apos_client._lots import LotFilters
from apos_client._milestones import MilestoneFilters
from apos_client._origin_declarations import ComponentFilters, DeclarationChanges, DeclarationFilters
from apos_client._programmes import ProgrammeFilters
from apos_client._registers import EntryFilters
from apos_client._score_schemes import ScoreSchemeFilters, SimulationResultFilters
from apos_client._suppliers import ConsentFilters, SupplierFilters
from apos_client._targets import NewTarget, TargetChanges, TargetFilters
from apos_client._trials import NewTrial, TrialChanges, TrialFilters
from tests.clients.places import ROOT
from tests.clients.reached import CALLS, LEFT_OUT, Answering, last_asked
from tests.clients.shapes import Contract, Shape, told

DOCUMENT: dict[str, Any] = json.loads((ROOT / "openapi" / "apos.json").read_text(encoding="utf-8"))
# A model stands for every form in which roles see the thing: what one of them lacks may be absent.
MODELS: dict[type[Answer], tuple[str, ...]] = {
    client.Lot: ("LotView", "LotForSupplier", "LotPublic"),
    client.Challenge: ("ChallengeView", "ChallengeForSupplier", "ChallengePublic"),
    client.Programme: ("ProgrammeView",),
    client.Supplier: ("SupplierView", "SupplierPublic"),
    client.Milestone: ("MilestoneView", "MilestoneForSupplier", "MilestonePublic"),
    client.Assessment: ("AssessmentView",),
    client.Rebaseline: ("RebaselineView",),
    client.PortfolioStatus: ("PortfolioStatus",),
    client.StatusLine: ("LotStatusLine", "ChallengeStatusLine"),
    client.NextMilestone: ("NextMilestone",),
    client.MilestoneCounts: ("MilestoneCounts",),
    client.ColourCounts: ("ColourCounts",),
    client.BothColourCounts: ("BothColourCounts",),
    client.FundTotal: ("FundTotal",),
    client.Totals: ("Totals",),
    client.Evidence: ("EvidenceItem",),
    client.Entrant: ("EntrantView",),
    client.OriginDeclaration: ("OriginDeclarationView",),
    client.StoredComponents: ("StoredComponents",),
    client.IntakeReport: ("IntakeReport",),
    client.LineCounts: ("LineCounts",),
    client.ReadColumn: ("ReadColumn",),
    client.IgnoredRow: ("IgnoredRow",),
    client.RefusedCell: ("RefusedCell",),
    client.FieldCompleteness: ("FieldCompleteness",),
    client.OpenQuestion: ("OpenQuestion",),
    client.IntakeNote: ("IntakeNote",),
    client.Statement: ("PreviewDeclaration",),
    client.System: ("SystemBody",),
    client.DesignAuthority: ("DesignAuthorityBody",),
    client.Dimension: ("DimensionBody",),
    client.Proof: ("Evidence", "EvidenceBody", "DeclaredEvidence"),
    client.Component: ("Component", "ComponentView"),
    client.Submission: ("SubmissionView",),
    client.Representative: ("Representative", "SignatoryView", "StatementSignatoryView"),
    client.Review: ("ReviewView",),
    client.Remark: ("Remark",),
    client.FunctionGroup: ("FunctionGroupBody",),
    client.ScoringProfile: ("ScoringProfileBody",),
    client.PublishedProfile: ("ScoringProfileView", "ScoringProfileForSupplier"),
    client.ScoreScheme: ("SchemeView",),
    client.SchemePublication: ("PublicationView",),
    client.Simulation: ("SimulationView",),
    client.ParentMoves: ("ParentMoves",),
    client.SimulationResult: ("SimulationResultView",),
    client.CriterionMove: ("CriterionMove",),
    client.MoveCause: ("MoveCause",),
    client.VerdictMove: ("VerdictMove",),
    client.MovedKnockOut: ("MovedKnockOut",),
    client.Ranking: ("Ranking",),
    client.RankedDeclaration: ("RankedDeclaration",),
    client.PriceByMode: ("PriceByMode",),
    client.KnockOutCounts: ("KnockOutCounts",),
    client.KnockOutCount: ("KnockOutCount",),
    client.Score: ("ScoreView",),
    client.Points: ("Points",),
    client.KnockOut: ("KnockOut",),
    client.KnockOutWaiver: ("KnockOutWaiver",),
    client.Waiver: ("WaiverView",),
    client.ComponentStatement: ("ComponentStatementView",),
    client.StatementShare: ("StatementShare",),
    client.StatementShares: ("StatementShares",),
    client.StatementVerdict: ("StatementVerdictView",),
    client.Attribution: ("Attribution",),
    client.ChangeEffect: ("ChangeEffect",),
    client.ChangedKnockOut: ("ChangedKnockOut",),
    client.ChangedKnockOuts: ("ChangedKnockOuts",),
    client.ChangedLines: ("ChangedLines",),
    client.FieldChange: ("FieldChange",),
    client.FigureChange: ("FigureChange",),
    client.KnockOutChanges: ("KnockOutChanges",),
    client.LineChange: ("LineChange",),
    client.LineChanges: ("LineChanges",),
    client.RevisionChanges: ("RevisionChanges",),
    client.ShareChange: ("ShareChange",),
    client.ShareChanges: ("ShareChanges",),
    client.VerdictChange: ("VerdictChange",),
    client.OriginShares: ("OriginShares",),
    client.OriginShare: ("OriginShare",),
    client.Concentration: ("Concentration",),
    client.Holder: ("Holder",),
    client.ExplanationLine: ("ExplanationLine",),
    client.Cause: ("Cause",),
    client.Improvement: ("Improvement",),
    client.DeclarationTemplate: ("DeclarationTemplate",),
    client.TemplateColumn: ("TemplateColumn",),
    client.TemplateHelp: ("TemplateHelp",),
    client.Improvement: ("Improvement",),
    client.EvidenceExpiry: ("EvidenceExpiry",),
    client.Amount: ("Amount", "ExactAmount", "TotalAmount", "FictitiousPrice", "UnitValue", "DeclaredUnitValue"),
    client.Budget: ("Budget",),
    client.Window: ("WindowBody",),
    client.Colours: ("Colours",),
    client.SlipDays: ("SlipDays",),
    client.DeliveryConfidence: ("DeliveryConfidence",),
    client.Reference: ("Reference",),
    client.Cooperation: ("Cooperation",),
    client.TestSite: ("TestSiteView",),
    client.Trial: ("TrialView",),
    client.Target: ("TargetView",),
    client.BudgetLine: ("BudgetLineView",),
    client.Dependency: ("DependencyView",),
    client.Safeguard: ("SafeguardView",),
    client.CriticalComponent: ("CriticalComponentView",),
    client.Commitment: ("CommitmentView",),
    client.Consent: ("ConsentView",),
    client.ReferenceReading: ("ReferenceReading",),
    client.MilestoneConflict: ("MilestoneConflict",),
    client.BudgetSums: ("BudgetSums",),
    client.CommitmentCounts: ("CommitmentCounts",),
    client.TrialCounts: ("TrialCounts",),
    client.SafeguardCounts: ("SafeguardCounts",),
    client.ForecastConflict: ("ForecastConflict",),
}
UNREAD = {
    **dict.fromkeys(("Problem", "FaultView"), "read into an error, not into a model; test_errors looks at that"),
    **dict.fromkeys(
        ("OrganisationView", "SourceView", "PartnerView", "SettingsView"),
        "its operations are left out, with the reason",
    ),
    **dict.fromkeys(
        ("ApiKeyView", "ApiKeyMade", "AssessorsView", "AuditEventView", "Change"),
        "its operations are left out, with the reason",
    ),
}
WORDS: dict[str, Any] = {
    "LotStatus": client.LotStatus,
    "ChallengeStatus": client.ChallengeStatus,
    "OperationalDomain": client.OperationalDomain,
    "CooperationForm": client.CooperationForm,
    "MilestoneKind": client.MilestoneKind,
    "MilestoneStatus": client.MilestoneStatus,
    "Outcome": client.Outcome,
    "NameBasis": client.NameBasis,
    "EntrantStatus": client.EntrantStatus,
    "DeclarationStatus": client.DeclarationStatus,
    "ReviewVerdict": client.ReviewVerdict,
    "SiteHost": client.SiteHost,
    "TargetBound": client.TargetBound,
    "SafeguardStatus": client.SafeguardStatus,
    "CommitmentKind": client.CommitmentKind,
    "CommitmentStatus": client.CommitmentStatus,
    "ConsentScope": client.ConsentScope,
}
OPEN_WORDS = {
    **dict.fromkeys(
        ("EuropeanVerdict", "Kind", "KnockOutCode", "Mode", "Reason", "Unranked", "Verdict", "Colour", "Validity"),
        "only read, and a newer scheme has more",
    ),
    **dict.fromkeys(
        ("AuthorityLevel", "Dependence", "DimensionName", "EvidenceLevel", "Qualifier"),
        "declared as a document: the service names the field and the words, so an older client takes new ones too",
    ),
    **dict.fromkeys(("Format", "Why"), "only read, and a newer service takes more formats and passes more rows over"),
    **dict.fromkeys(("ReferenceFlag",), "only read, and a later reader of references may beware of more"),
    **dict.fromkeys(("OrganisationKind", "PartnerRole", "Role"), "the operations with them are left out"),
}
FILTERS: dict[str, type] = {
    "/lots": LotFilters,
    "/challenges": ChallengeFilters,
    "/programmes": ProgrammeFilters,
    "/suppliers": SupplierFilters,
    "/milestones": MilestoneFilters,
    "/milestones/{milestoneId}/assessments": Sorted,
    "/milestones/{milestoneId}/rebaselines": Sorted,
    "/challenges/{challengeId}/entrants": EntrantFilters,
    "/origin-declarations": DeclarationFilters,
    "/origin-declarations/{declarationId}/components": ComponentFilters,
    "/origin-declarations/{declarationId}/submissions": Sorted,
    "/origin-declarations/{declarationId}/reviews": Sorted,
    "/declaration-templates": Sorted,
    "/origin-declarations/{declarationId}/waivers": Sorted,
    "/component-statements": ComponentStatementFilters,
    "/component-statements/{statementId}/components": ComponentFilters,
    "/component-verdicts": Sorted,
    "/score-schemes": ScoreSchemeFilters,
    "/score-schemes/{schemeId}/publications": Sorted,
    "/score-schemes/{schemeId}/simulations": Sorted,
    "/score-schemes/{schemeId}/simulations/{simulationId}/results": SimulationResultFilters,
    "/test-sites": sites.TestSiteFilters,
    "/trials": TrialFilters,
    "/targets": TargetFilters,
    "/budget-lines": BudgetLineFilters,
    "/dependencies": DependencyFilters,
    "/dependencies/{dependencyId}/safeguards": SafeguardFilters,
    "/critical-components": EntryFilters,
    "/commitments": CommitmentFilters,
    "/suppliers/{supplierId}/consents": ConsentFilters,
}
UNSORTED = {"/evidence-expiries": EvidenceExpiries.each}
"""Lists that come in one order alone, and what reads them."""
RENAMED = {"first": "from"}
"""Parameters whose name is a word of the language."""
SENT: dict[str, type] = {
    "OriginDeclarationEditPatch": DeclarationChanges,
    "TestSiteCreate": sites.NewTestSite,
    "TestSiteEditPatch": sites.TestSiteChanges,
    "TrialCreate": NewTrial,
    "TrialEditPatch": TrialChanges,
    "TargetCreate": NewTarget,
    "TargetEditPatch": TargetChanges,
    "BudgetLineCreate": NewBudgetLine,
    "BudgetLineEditPatch": BudgetLineChanges,
    "DependencyCreate": NewDependency,
    "DependencyEditPatch": DependencyChanges,
    "SafeguardCreate": NewSafeguard,
    "SafeguardEditPatch": SafeguardChanges,
    "CriticalComponentCreate": NewCriticalComponent,
    "CriticalComponentEditPatch": CriticalComponentChanges,
    "CommitmentCreate": NewCommitment,
    "CommitmentEditPatch": CommitmentChanges,
}
BESIDES = {"etag", "reason", "idempotencyKey", "pageSize"}
# Within a merge patch a model is sent whole, so the patch of a thing takes what the thing itself is made of.
PATCHES = {
    "SystemPatch": client.System,
    "DesignAuthorityPatch": client.DesignAuthority,
    "ExactAmountPatch": client.Amount,
    "AmountPatch": client.Amount,
    "WindowPatch": client.Window,
    "EvidencePatch": client.Proof,
}
STANDS_FOR: dict[str, type[Answer]] = {schema: model for model, forms in MODELS.items() for schema in forms} | PATCHES
CONTRACT = Contract(DOCUMENT, STANDS_FOR)
OPERATIONS = {each["operationId"] for methods in DOCUMENT["paths"].values() for each in methods.values()}


def faults_of(contract: Contract, model: type[Answer], forms: tuple[str, ...]) -> list[str]:
    """Where a model differs from the forms of the contract that it stands for."""
    known = {info.alias or field: info for field, info in model.model_fields.items() if field != "etag"}
    seen = {name for form in forms for name in contract.fields(form)}
    faults = [f"{name} is not known" for name in sorted(seen - set(known))]
    for name, info in known.items():
        given = [contract.fields(form)[name] for form in forms if name in contract.fields(form)]
        absent = any(name not in contract.required(form) for form in forms)
        faults += [
            f"{name}: {fault}" for fault in _differences(given, told(info.annotation), absent, info.is_required())
        ]
    return faults


def _differences(given: list[Shape], own: Shape, absent: bool, required: bool) -> list[str]:
    if not given:
        return ["no such field"]
    null = any(each.null for each in given)
    differences = [f"{own.kind}, and not {each.kind}" for each in given if each.kind != own.kind]
    differences += ["may be null"] if null and not own.null else []
    differences += ["may be absent"] if absent and required else []
    return differences + (["is never null"] if own.null and not (null or absent) else [])


# Absent in what the public sees, and so on every resource of the client.
ALWAYS_THERE = "version: is never null"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_is_what_the_contract_says(model: type[Answer]) -> None:
    assert [fault for fault in faults_of(CONTRACT, model, MODELS[model]) if fault != ALWAYS_THERE] == []


def test_every_schema_that_is_answered_has_a_model_or_a_reason() -> None:
    named = {*STANDS_FOR, *UNREAD, *CONTRACT.enums()}
    bodies = ("Create", "Patch", "Page", "Body")
    rest = [name for name in DOCUMENT["components"]["schemas"] if name not in named and not name.endswith(bodies)]
    assert rest == []


@pytest.mark.parametrize(
    ("schema", "changes", "fault"),
    [
        ("TargetView", {"boundPct": {"type": "string"}}, "boundPct: whole, and not text"),
        ("TargetView", {"title": {"type": ["string", "null"]}}, "title: may be null"),
        ("TargetView", {"owner": {"type": "string"}}, "owner is not known"),
        (
            "TrialView",
            {"window": {"anyOf": [{"$ref": "#/components/schemas/Colours"}, {"type": "null"}]}},
            "window: Window, and not Colours",
        ),
        ("TrialView", {"siteId": {"type": "string", "format": "uuid"}}, "siteId: is never null"),
        ("TrialView", {"lotIds": {"type": "array", "items": {"type": "string"}}}, "lotIds: [uuid], and not [text]"),
    ],
)
def test_a_model_that_is_not_what_the_contract_says_is_seen(schema: str, changes: dict[str, Any], fault: str) -> None:
    document = _with(schema, properties={**DOCUMENT["components"]["schemas"][schema]["properties"], **changes})
    found = faults_of(Contract(document, STANDS_FOR), STANDS_FOR[schema], (schema,))
    assert [each for each in found if each != ALWAYS_THERE] == [fault]


def _with(schema: str, **changes: Any) -> dict[str, Any]:
    schemas: Mapping[str, Any] = DOCUMENT["components"]["schemas"]
    return {"components": {"schemas": {**schemas, schema: {**schemas[schema], **changes}}}}


@pytest.mark.parametrize("name", WORDS)
def test_a_closed_list_of_words_is_that_of_the_contract(name: str) -> None:
    assert get_args(WORDS[name]) == CONTRACT.enums()[name]


def test_every_closed_list_of_words_is_known_or_left_open_with_a_reason() -> None:
    assert sorted(CONTRACT.enums()) == sorted([*WORDS, *OPEN_WORDS])


def _typed(fields: type) -> dict[str, Shape]:
    hints = get_type_hints(fields)
    return {to_camel(name): told(hint) for name, hint in hints.items() if to_camel(name) not in BESIDES}


@pytest.mark.parametrize("path", FILTERS)
def test_every_filter_of_the_contract_is_offered_with_its_type(path: str) -> None:
    asked = {
        given["name"]: given["schema"]
        for given in DOCUMENT["paths"][path]["get"]["parameters"]
        if given["in"] == "query"
    }
    expected = {
        name: CONTRACT.shape(schema) for name, schema in asked.items() if name not in ("limit", "cursor", "sort")
    }
    offered = _typed(FILTERS[path])
    assert offered.pop("sort") == Shape("text")
    assert offered == {name: Shape(shape.kind, words=shape.words) for name, shape in expected.items()}


def test_every_list_that_is_read_offers_its_filters() -> None:
    lists = {
        path
        for path, methods in DOCUMENT["paths"].items()
        if "get" in methods and methods["get"]["operationId"] in CALLS and _is_list(methods["get"])
    }
    assert sorted([*FILTERS, *UNSORTED]) == sorted(lists)


@pytest.mark.parametrize("path", UNSORTED)
def test_every_parameter_of_a_list_in_one_order_is_offered_with_its_type(path: str) -> None:
    hints = {name: hint for name, hint in get_type_hints(UNSORTED[path]).items() if name != "return"}
    offered = {to_camel(RENAMED.get(name, name)): told(hint) for name, hint in hints.items()}
    asked = {
        each["name"]: each["schema"] for each in DOCUMENT["paths"][path]["get"]["parameters"] if each["in"] == "query"
    }
    named = {"limit" if name == "pageSize" else name for name in offered}
    assert named == set(asked) - {"cursor"}
    kinds = {name: CONTRACT.shape(schema).kind for name, schema in asked.items() if name not in ("limit", "cursor")}
    assert {name: shape.kind for name, shape in offered.items() if name in kinds} == kinds


def _is_list(operation: Mapping[str, Any]) -> bool:
    return any(given["name"] == "cursor" for given in operation.get("parameters", ()))


@pytest.mark.parametrize("name", SENT)
def test_what_may_be_sent_is_what_the_contract_takes(name: str) -> None:
    expected = {field: shape.kind for field, shape in CONTRACT.fields(name).items()}
    offered = _typed(SENT[name])
    assert {field: shape.kind for field, shape in offered.items()} == expected
    lists_of_words = {field: set(shape.words) for field, shape in offered.items() if shape.words}
    assert lists_of_words == {field: set(CONTRACT.fields(name)[field].words) for field in lists_of_words}


@pytest.mark.parametrize("name", [name for name in SENT if name.endswith("Create")])
def test_what_must_be_sent_is_what_the_contract_needs(name: str) -> None:
    assert {field: shape.null for field, shape in _typed(SENT[name]).items()} == {
        field: shape.null for field, shape in CONTRACT.fields(name).items()
    }
    needed = {to_camel(field) for field in SENT[name].__required_keys__}  # type: ignore[attr-defined]
    assert needed == CONTRACT.required(name)


@pytest.mark.parametrize("operation", CALLS)
def test_an_operation_is_reached_and_its_answer_understood(operation: str) -> None:
    assert last_asked(Answering(DOCUMENT), CALLS[operation]) == operation


def test_every_operation_is_reached_or_left_out_with_a_reason() -> None:
    assert sorted([*CALLS, *LEFT_OUT]) == sorted(OPERATIONS)
    assert [operation for operation, reason in LEFT_OUT.items() if not reason] == []


@pytest.mark.parametrize("asked", [{"sort": "colour"}, {"mood": "good"}])
def test_a_question_that_the_contract_does_not_know_is_seen(asked: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="listLots"):
        last_asked(Answering(DOCUMENT), lambda apos: apos.lots.each(**asked))
