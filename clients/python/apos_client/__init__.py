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
from apos_client._challenges import Challenge, ChallengeStatus
from apos_client._client import Apos
from apos_client._exchange import Retries
from apos_client._lots import Cooperation, CooperationForm, Lot, LotStatus, OperationalDomain, Reference
from apos_client._milestones import Assessment, Evidence, Milestone, MilestoneKind, Outcome, Rebaseline
from apos_client._portfolio_status import (
    BothColourCounts,
    ColourCounts,
    FundTotal,
    MilestoneCounts,
    NextMilestone,
    PortfolioStatus,
    StatusLine,
    Totals,
)
from apos_client._programmes import Programme
from apos_client._suppliers import NameBasis, Supplier
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
    "Challenge",
    "ChallengeStatus",
    "ColourCounts",
    "Colours",
    "Conflict",
    "Cooperation",
    "CooperationForm",
    "DeliveryConfidence",
    "Evidence",
    "FieldError",
    "FundTotal",
    "KeyReused",
    "Lot",
    "LotStatus",
    "Milestone",
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
    "Outcome",
    "PortfolioStatus",
    "Problem",
    "Programme",
    "Rebaseline",
    "Reference",
    "Refused",
    "Resource",
    "Retries",
    "ServiceFault",
    "SlipDays",
    "Stale",
    "StatusLine",
    "Supplier",
    "TooLarge",
    "TooManyRequests",
    "Totals",
    "Unreachable",
    "UnusableSettings",
    "Window",
]
