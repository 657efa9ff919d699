"""The rows that ids in paths are of."""

from domain.access.api_keys import ApiKey
from domain.base import Audited
from domain.declarations.origin_declarations import OriginDeclaration
from domain.declarations.waivers import Waiver
from domain.oversight.commitments import Commitment
from domain.oversight.critical_components import CriticalComponent
from domain.oversight.dependencies import Dependency
from domain.portfolio.challenges import Challenge, ChallengeEntrant
from domain.portfolio.lots import Lot, LotPartner
from domain.portfolio.milestones import Milestone
from domain.portfolio.programmes import Programme
from domain.portfolio.suppliers import Supplier
from domain.portfolio.trials import Trial
from domain.registers import BudgetLine, Target, TestSite
from domain.scoring.score_schemes import ScoreScheme

ROWS_OF_PATHS: dict[str, type[Audited]] = {
    "programmeId": Programme,
    "lotId": Lot,
    "partnerId": LotPartner,
    "challengeId": Challenge,
    "entrantId": ChallengeEntrant,
    "milestoneId": Milestone,
    "supplierId": Supplier,
    "keyId": ApiKey,
    "schemeId": ScoreScheme,
    "declarationId": OriginDeclaration,
    "waiverId": Waiver,
    "testSiteId": TestSite,
    "trialId": Trial,
    "targetId": Target,
    "budgetLineId": BudgetLine,
    "dependencyId": Dependency,
    "commitmentId": Commitment,
    "criticalComponentId": CriticalComponent,
}
"""The rows that the paths of a POST name. A test holds that none is missing."""
