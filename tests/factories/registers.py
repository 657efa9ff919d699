"""The small registers: sources, organisations, targets, budget lines and test sites."""

from typing import Any

from domain.registers import BudgetLine, Organisation, OrganisationKind, Source, Target, TargetBound, TestSite
from tests.factories.rows import a_row


def a_source(**named: Any) -> Source:
    """A published letter."""
    return a_row(Source, named, key="apos-progress-2026", title="Kamerbrief voortgang APOS")


def an_organisation(**named: Any) -> Organisation:
    """A ministry."""
    return a_row(Organisation, named, name="Ministerie van Defensie", kind=OrganisationKind.MINISTRY)


def a_target(**named: Any) -> Target:
    """An aim of at least 40 percent."""
    fixed = {"bound": TargetBound.AT_LEAST, "bound_pct": 40, "definition_version": "letters-2026"}
    return a_row(Target, named, title="Gezamenlijke aanschaf", **fixed)


def a_budget_line(**named: Any) -> BudgetLine:
    """A line whose amount was not published."""
    return a_row(BudgetLine, named, title="AI en autonome systemen 2026")


def a_test_site(**named: Any) -> TestSite:
    """A site of which nothing but the name is known."""
    return a_row(TestSite, named, name="Droneontwikkeling Delft")
