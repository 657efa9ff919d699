"""The APOS portfolio service from Python: `Apos`, the models of its answers, and one tree of errors.

    from apos_client import Apos

    with Apos("https://apos.example.org", key) as apos:
        for lot in apos.lots.each(status="running"):
            print(lot.code, lot.title, lot.colours)

What is listed in `__all__` is public and stays; modules that begin with an underscore may change.
"""

from apos_client._answers import (
    Amount,
    Answer,
    Budget,
    Colours,
    DeliveryConfidence,
    MilestoneStatus,
    Resource,
    SlipDays,
    Window,
)
from apos_client._budget_lines import BudgetLine
from apos_client._challenges import Challenge, ChallengeStatus, Entrant, EntrantStatus
from apos_client._client import Apos
from apos_client._commitments import Commitment, CommitmentKind, CommitmentStatus
from apos_client._critical_components import CriticalComponent
from apos_client._declaration_templates import DeclarationTemplate, TemplateColumn, TemplateHelp
from apos_client._dependencies import Dependency, Safeguard, SafeguardStatus
from apos_client._exchange import Retries
from apos_client._lots import Cooperation, CooperationForm, Lot, LotStatus, OperationalDomain
from apos_client._milestones import (
    Assessment,
    Evidence,
    Milestone,
    MilestoneConflict,
    MilestoneKind,
    Outcome,
    Rebaseline,
)
from apos_client._origin_declarations import DeclarationStatus, OriginDeclaration, StoredComponents
from apos_client._portfolio_status import (
    BothColourCounts,
    BudgetSums,
    ColourCounts,
    CommitmentCounts,
    ForecastConflict,
    FundTotal,
    MilestoneCounts,
    NextMilestone,
    PortfolioStatus,
    SafeguardCounts,
    StatusLine,
    Totals,
    TrialCounts,
)
from apos_client._programmes import Programme
from apos_client._references import Reference, ReferenceReading
from apos_client._reviews import Remark, Representative, Review, ReviewVerdict, Submission
from apos_client._score_schemes import ScoreScheme
from apos_client._scores import (
    Cause,
    Concentration,
    ExplanationLine,
    Holder,
    KnockOut,
    KnockOutWaiver,
    OriginShare,
    OriginShares,
    Points,
    Score,
)
from apos_client._scoring_profiles import FunctionGroup, PublishedProfile, ScoringProfile
from apos_client._statements import Component, DesignAuthority, Dimension, Proof, Statement, System
from apos_client._suppliers import Consent, ConsentScope, NameBasis, Supplier
from apos_client._targets import Target, TargetBound
from apos_client._test_sites import SiteHost, TestSite
from apos_client._trials import Trial
from apos_client._waivers import Waiver
from apos_client.errors import (
    AposError,
    BadInput,
    Conflict,
    FieldError,
    KeyReused,
    NotFound,
    NotPermitted,
    NotSignedIn,
    NotUnderstood,
    Problem,
    Refused,
    ServiceFault,
    Stale,
    TooLarge,
    TooManyRequests,
    Unreachable,
    UnusableSettings,
)

__all__ = [
    "Amount",
    "Answer",
    "Apos",
    "AposError",
    "Assessment",
    "BadInput",
    "BothColourCounts",
    "Budget",
    "BudgetLine",
    "BudgetSums",
    "Cause",
    "Challenge",
    "ChallengeStatus",
    "ColourCounts",
    "Colours",
    "Commitment",
    "CommitmentCounts",
    "CommitmentKind",
    "CommitmentStatus",
    "Component",
    "Concentration",
    "Conflict",
    "Consent",
    "ConsentScope",
    "Cooperation",
    "CooperationForm",
    "CriticalComponent",
    "DeclarationStatus",
    "DeclarationTemplate",
    "DeliveryConfidence",
    "Dependency",
    "DesignAuthority",
    "Dimension",
    "Entrant",
    "EntrantStatus",
    "Evidence",
    "ExplanationLine",
    "FieldError",
    "ForecastConflict",
    "FunctionGroup",
    "FundTotal",
    "Holder",
    "KeyReused",
    "KnockOut",
    "KnockOutWaiver",
    "Lot",
    "LotStatus",
    "Milestone",
    "MilestoneConflict",
    "MilestoneCounts",
    "MilestoneKind",
    "MilestoneStatus",
    "NameBasis",
    "NextMilestone",
    "NotFound",
    "NotPermitted",
    "NotSignedIn",
    "NotUnderstood",
    "OperationalDomain",
    "OriginDeclaration",
    "OriginShare",
    "OriginShares",
    "Outcome",
    "Points",
    "PortfolioStatus",
    "Problem",
    "Programme",
    "Proof",
    "PublishedProfile",
    "Rebaseline",
    "Reference",
    "ReferenceReading",
    "Refused",
    "Remark",
    "Representative",
    "Resource",
    "Retries",
    "Review",
    "ReviewVerdict",
    "Safeguard",
    "SafeguardCounts",
    "SafeguardStatus",
    "Score",
    "ScoreScheme",
    "ScoringProfile",
    "ServiceFault",
    "SiteHost",
    "SlipDays",
    "Stale",
    "Statement",
    "StatusLine",
    "StoredComponents",
    "Submission",
    "Supplier",
    "System",
    "Target",
    "TargetBound",
    "TemplateColumn",
    "TemplateHelp",
    "TestSite",
    "TooLarge",
    "TooManyRequests",
    "Totals",
    "Trial",
    "TrialCounts",
    "Unreachable",
    "UnusableSettings",
    "Waiver",
    "Window",
]
