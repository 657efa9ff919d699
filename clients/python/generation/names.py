"""What the client calls things where the contract calls them otherwise, and what it leaves out.

A schema is called by its name without the ending: `LotView`, `LotForSupplier` and `LotPublic` are all `Lot`. Exceptions are here.
"""

FORMS_OF_ROLES = ("ForSupplier", "Public")
ENDINGS = (*FORMS_OF_ROLES, "View", "Body")
MODELS = {
    "Budget": ("Budget", "PublishedBudget"),
    "Amount": ("Amount", "DeclaredUnitValue", "ExactAmount", "FictitiousPrice", "TotalAmount", "UnitValue"),
    "Evidence": ("EvidenceItem",),
    "Proof": ("EvidenceBody", "Evidence", "DeclaredEvidence"),
    "PublishedProfile": ("ScoringProfileView", "ScoringProfileForSupplier"),
    "Reference": ("Reference", "PublishedReference"),
    "Representative": ("Representative", "SignatoryView", "StatementSignatoryView"),
    "SchemePublication": ("PublicationView",),
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

FIELDS = {"Improvement.from": "before", "Improvement.to": "after", "ScoreScheme.document": "content"}
"""Fields whose name is a keyword of Python, a pair with one, or a method of every model."""

NEW = {
    "NewBudgetLine": "BudgetLine",
    "NewCommitment": "Commitment",
    "NewCriticalComponent": "CriticalComponent",
    "NewDependency": "Dependency",
    "NewSafeguard": "Safeguard",
    "NewTarget": "Target",
    "NewTestSite": "TestSite",
    "NewTrial": "Trial",
}
"""Keywords that add something, and what they add."""

CHANGES = {
    "BudgetLineChanges": "BudgetLine",
    "CommitmentChanges": "Commitment",
    "CriticalComponentChanges": "CriticalComponent",
    "DeclarationChanges": "OriginDeclaration",
    "DependencyChanges": "Dependency",
    "SafeguardChanges": "Safeguard",
    "TargetChanges": "Target",
    "TestSiteChanges": "TestSite",
    "TrialChanges": "Trial",
}
"""Keywords that change something, and what they change."""

WORDS = ("Outcome", "ReviewVerdict", "WithdrawalKind")
"""Lists of words that only a single argument takes; those of filters, `NEW` and `CHANGES` are not listed here."""

_SETTING_UP = "the import sets up the portfolio; the client is for those who work with it"
_RUNNING = "an administrator runs the service over HTTP; a script should not make keys in passing"
_LISTED = "the client lists these instead"
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        [
            "addProgramme", "changeProgramme", "listSettings", "addSettings", "getSettings", "addLot", "changeLot",
            "listPartners", "addPartner", "getPartner", "changePartner", "addChallenge", "changeChallenge", "getEntrant",
            "changeEntrant", "addLotMilestone", "addChallengeMilestone", "addProgrammeMilestone", "changeSupplier",
            "listOrganisations", "addOrganisation", "getOrganisation", "changeOrganisation", "listSources", "addSource",
            "getSource", "changeSource", "withdrawPartner", "withdrawEntrant",
        ],
        _SETTING_UP,
    ),
    **dict.fromkeys(
        [
            "getLotAssessors", "assignLotAssessors", "getChallengeAssessors", "assignChallengeAssessors", "listApiKeys",
            "addApiKey", "getApiKey", "changeApiKey", "listAuditEvents", "getAuditEvent",
        ],
        _RUNNING,
    ),
    **dict.fromkeys(
        [
            "getAssessment", "getRebaseline", "getSubmission", "getReview", "getSafeguard", "getConsent", "getWaiver",
            "getWaiverConfirmation", "listWaiverConfirmations",
            "getSchemePublication",
        ],
        _LISTED,
    ),
    **dict.fromkeys(
        ["listLotMilestones", "listChallengeMilestones", "listProgrammeMilestones"],
        "`milestones.each` takes lot_id, challenge_id and programme_id",
    ),
}  # fmt: skip
"""Operations that the client does not offer, each with the reason."""

_MODEL_OF = {schema: model for model, schemas in MODELS.items() for schema in schemas}


def model_name(schema: str) -> str:
    """What the client calls the model of a schema."""
    ending = next((ending for ending in ENDINGS if schema.endswith(ending)), "")
    return _MODEL_OF.get(schema) or schema.removesuffix(ending)
