"""The registers of the letters: commitments, test sites, trials, targets, budget lines, dependencies."""

from typing import Any

from domain.base import new_id
from domain.oversight.commitments import Commitment, CommitmentKind
from domain.oversight.critical_components import CriticalComponent
from domain.oversight.dependencies import Dependency, Safeguard
from domain.portfolio.trials import Trial
from domain.registers import BudgetLine, Target, TargetBound, TestSite
from tests.factories.rows import a_row


def a_test_site(**named: Any) -> TestSite:
    """A site of which nothing but the name is known."""
    return a_row(TestSite, named, name="Droneontwikkeling Delft")


def a_trial(**named: Any) -> Trial:
    """A trial of a challenge of its own, without a window or a site."""
    return a_row(Trial, named, title="Beproeving", challenge_ids=[str(new_id())])


def a_target(**named: Any) -> Target:
    """An aim of at least 40 percent."""
    fixed = {"bound": TargetBound.AT_LEAST, "bound_pct": 40, "definition_version": "letters-2026"}
    return a_row(Target, named, title="Gezamenlijke aanschaf", **fixed)


def a_budget_line(**named: Any) -> BudgetLine:
    """A line whose amount was not published."""
    return a_row(BudgetLine, named, title="AI en autonome systemen 2026")


def a_dependency(**named: Any) -> Dependency:
    """A dependency of no lot, on a country that is not known."""
    return a_row(Dependency, named, subject="Software")


def a_safeguard(**named: Any) -> Safeguard:
    """A safeguard of a dependency of its own, whose status no source states."""
    return a_row(Safeguard, named, dependency_id=new_id(), position=1, text="Alleen gescreend personeel")


def a_critical_component(**named: Any) -> CriticalComponent:
    """A critical component that nobody has judged."""
    return a_row(CriticalComponent, named, function="Vluchtcomputer")


def a_commitment(**named: Any) -> Commitment:
    """An open promise, of which no source says when it was made or is due."""
    return a_row(Commitment, named, kind=CommitmentKind.TOEZEGGING, text="Brief aan de Kamer")
