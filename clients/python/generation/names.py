"""What the client calls things where the contract calls them otherwise.

A schema is called by its name without the ending: `LotView`, `LotForSupplier` and `LotPublic` are all `Lot`.
One of what is stored is called as the one of what is sent: `StoredReference` is a `Reference`. Exceptions are here.
"""

FORMS_OF_ROLES = ("ForSupplier", "Public")
ENDINGS = (*FORMS_OF_ROLES, "View", "Body")
MODELS = {
    "ApiKey": ("ApiKeyView", "ApiKeyMade"),
    "Budget": ("Budget", "PublishedBudget"),
    "Amount": ("Amount", "DeclaredUnitValue", "ExactAmount", "FictitiousPrice", "TotalAmount", "UnitValue"),
    "Evidence": ("EvidenceItem",),
    "ProgrammeSettings": ("SettingsView",),
    "Proof": ("EvidenceBody", "Evidence", "DeclaredEvidence"),
    "PublishedProfile": ("ScoringProfileView", "ScoringProfileForSupplier"),
    "Reference": ("Reference", "PublishedReference"),
    "Representative": ("Representative", "SignatoryView", "StatementSignatoryView"),
    "SchemePublication": ("PublicationView",),
    "Score": ("ScoreView", "ScorePreview"),
    "ScoreScheme": ("SchemeView",),
    "Statement": ("PreviewDeclaration",),
    "StatusLine": ("LotStatusLine", "ChallengeStatusLine"),
}
"""A model, and its schemas."""

DESCRIPTIONS = {"StatusLine": "The status of one lot or challenge."}
"""A description for a model whose schemas have none that fits them all."""

EXTENDS = {"Budget": "Amount", "PublishedProfile": "ScoringProfile", "StoredComponents": "IntakeReport"}
"""A model, and the one in whose place it can be given."""

WITH_METHODS = ("Evidence", "IntakeReport", "OriginDeclaration", "Score")
"""Models with methods: `apos_client/_base.py` has a base class for each, such as `ScoreBase`."""

FIELDS = {
    "Improvement.from": "before",
    "Improvement.to": "after",
    "ScoreScheme.document": "content",
    "Source.date": "dated",
    "StatusSource.date": "dated",
}
"""Fields whose name is a keyword of Python, a pair with one, a method of every model, or a type."""

KEYWORDS = {"date": "dated"}
"""Keywords of methods that are called otherwise than their field, because that is the name of a type."""

NEW = {
    "NewApiKey": "ApiKey",
    "NewBudgetLine": "BudgetLine",
    "NewChallenge": "Challenge",
    "NewCommitment": "Commitment",
    "NewCriticalComponent": "CriticalComponent",
    "NewDependency": "Dependency",
    "NewLot": "Lot",
    "NewMilestone": "Milestone",
    "NewOrganisation": "Organisation",
    "NewProgramme": "Programme",
    "NewSafeguard": "Safeguard",
    "NewSettings": "Settings",
    "NewSource": "Source",
    "NewTarget": "Target",
    "NewTestSite": "TestSite",
    "NewTrial": "Trial",
}
"""Keywords that add something, and what they add."""

CHANGES = {
    "ApiKeyChanges": "ApiKey",
    "BudgetLineChanges": "BudgetLine",
    "ChallengeChanges": "Challenge",
    "CommitmentChanges": "Commitment",
    "CriticalComponentChanges": "CriticalComponent",
    "DeclarationChanges": "OriginDeclaration",
    "DependencyChanges": "Dependency",
    "LotChanges": "Lot",
    "MilestoneChanges": "Milestone",
    "OrganisationChanges": "Organisation",
    "ProgrammeChanges": "Programme",
    "SafeguardChanges": "Safeguard",
    "SourceChanges": "Source",
    "SupplierChanges": "Supplier",
    "TargetChanges": "Target",
    "TestSiteChanges": "TestSite",
    "TrialChanges": "Trial",
}
"""Keywords that change something, and what they change."""

WORDS = ("Outcome", "PartnerRole", "ReviewVerdict", "WithdrawalKind")
"""Lists of words that only a single argument takes; those of filters, `NEW` and `CHANGES` are not listed here."""

ANSWERED_ONLY = ("StoredComponents",)
"""Schemas that are called so, and have no twin that is sent."""

_MODEL_OF = {schema: model for model, schemas in MODELS.items() for schema in schemas}


def model_name(schema: str) -> str:
    """What the client calls the model of a schema."""
    schema = schema if schema in ANSWERED_ONLY else schema.removeprefix("Stored")
    ending = next((ending for ending in ENDINGS if schema.endswith(ending)), "")
    return _MODEL_OF.get(schema) or schema.removesuffix(ending)
