"""Withdrawals of what was entered in error, and of milestones that are dropped: the same for every noun.

Those of partners and entrants are with the lots and challenges that they belong to.
"""

from typing import Annotated

from fastapi import APIRouter

from api.actions.portfolio.milestones import lock_milestone
from api.actions.registers.withdrawals import withdraw
from api.http.auth import RequiresWrite
from api.http.paths import (
    BudgetLineId,
    CommitmentId,
    CriticalComponentId,
    DependencyId,
    MilestoneId,
    TargetId,
    TestSiteId,
    TrialId,
)
from api.http.route import Route
from api.schemas.withdrawals import Withdrawal, WithdrawalCreate
from api.store.ledger import Write
from domain.oversight.commitments import Commitment
from domain.oversight.critical_components import CriticalComponent
from domain.oversight.dependencies import Dependency
from domain.permissions import Permission
from domain.portfolio.trials import Trial
from domain.registers import BudgetLine, Target, TestSite

router = APIRouter(route_class=Route)
Edits = Annotated[Write, RequiresWrite(Permission.EDIT_PORTFOLIO)]


@router.post("/milestones/{milestoneId}/withdrawals", status_code=201, tags=["milestones"])
async def withdraw_milestone(milestone_id: MilestoneId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a milestone that was entered in error, or drop one that was agreed and is given up.

    A dropped milestone stays in lists. Against the original baseline it is red for good, with its slip on the day on which
    it was dropped; against the current one it no longer counts.
    """
    return Withdrawal.of_row(await withdraw(write, await lock_milestone(write, milestone_id), body.model_dump()))


@router.post("/trials/{trialId}/withdrawals", status_code=201, tags=["trials"])
async def withdraw_trial(trial_id: TrialId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a trial that was entered in error."""
    return Withdrawal.of_row(await withdraw(write, await write.load(Trial, trial_id), body.model_dump()))


@router.post("/commitments/{commitmentId}/withdrawals", status_code=201, tags=["commitments"])
async def withdraw_commitment(commitment_id: CommitmentId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a commitment that was entered in error."""
    return Withdrawal.of_row(await withdraw(write, await write.load(Commitment, commitment_id), body.model_dump()))


@router.post("/budget-lines/{budgetLineId}/withdrawals", status_code=201, tags=["budget-lines"])
async def withdraw_budget_line(budget_line_id: BudgetLineId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a budget line that was entered in error."""
    return Withdrawal.of_row(await withdraw(write, await write.load(BudgetLine, budget_line_id), body.model_dump()))


@router.post("/test-sites/{testSiteId}/withdrawals", status_code=201, tags=["test-sites"])
async def withdraw_test_site(test_site_id: TestSiteId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a test site that was entered in error. Trials keep it until another one is named."""
    return Withdrawal.of_row(await withdraw(write, await write.load(TestSite, test_site_id), body.model_dump()))


@router.post("/targets/{targetId}/withdrawals", status_code=201, tags=["targets"])
async def withdraw_target(target_id: TargetId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a target that was entered in error."""
    return Withdrawal.of_row(await withdraw(write, await write.load(Target, target_id), body.model_dump()))


@router.post("/dependencies/{dependencyId}/withdrawals", status_code=201, tags=["dependencies"])
async def withdraw_dependency(dependency_id: DependencyId, body: WithdrawalCreate, write: Edits) -> Withdrawal:
    """Withdraw a dependency that was entered in error. Its safeguards go with it."""
    return Withdrawal.of_row(await withdraw(write, await write.load(Dependency, dependency_id), body.model_dump()))


@router.post("/critical-components/{criticalComponentId}/withdrawals", status_code=201, tags=["critical-components"])
async def withdraw_critical_component(
    component_id: CriticalComponentId, body: WithdrawalCreate, write: Edits
) -> Withdrawal:
    """Withdraw a critical component that was entered in error."""
    return Withdrawal.of_row(
        await withdraw(write, await write.load(CriticalComponent, component_id), body.model_dump())
    )
