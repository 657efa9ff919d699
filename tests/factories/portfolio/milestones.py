"""Milestones, their assessments and their rebaselines."""

from datetime import date
from typing import Any

from domain.base import new_id
from domain.dates import Window
from domain.money import Money
from domain.portfolio.milestones import Assessment, Milestone, MilestoneKind, Outcome, Rebaseline
from tests.factories.dates import a_day, a_moment, spread
from tests.factories.rows import a_row

PARENTS = ("lot_id", "challenge_id", "programme_id")


def a_milestone(
    *,
    window: Window | str | None = None,
    original: Window | str | None = None,
    forecast: Window | str | None = None,
    payment: Money | None = None,
    **named: Any,
) -> Milestone:
    """A milestone of a lot of its own, unless a parent is named."""
    columns = {**spread("window", window), **spread("original", original), **spread("forecast", forecast), **named}
    if payment is not None:
        columns |= {"payment_cents": payment.cents, "payment_qualifier": payment.qualifier}
    parent = {} if set(PARENTS) & set(named) else {"lot_id": new_id()}
    return a_row(Milestone, columns, title="Beproeving", kind=MilestoneKind.TRIAL, **parent)


def an_assessment(
    outcome: Outcome = Outcome.PARTIALLY_MET,
    *,
    assessed_on: date | str = "2026-11-20",
    achieved_on: date | str | None = None,
    **named: Any,
) -> Assessment:
    """An assessment of a milestone of its own; `met` was achieved on the day of the assessment, unless said."""
    assessed = a_day(assessed_on) if isinstance(assessed_on, str) else assessed_on
    achieved = a_day(achieved_on) if isinstance(achieved_on, str) else achieved_on
    return a_row(
        Assessment,
        named,
        milestone_id=new_id(),
        outcome=outcome,
        assessed_on=assessed,
        achieved_on=assessed if achieved is None and outcome is Outcome.MET else achieved,
        narrative="Bereik getoond, vliegduur niet.",
        recorded_at=a_moment("2026-11-21T09:00:00"),
    )


def a_rebaseline(
    *, window: Window | str = "2027-01-01..2027-06-30", previous: Window | str = "2026-07-01..2027-03-31", **named: Any
) -> Rebaseline:
    """A rebaseline of a milestone of its own."""
    return a_row(
        Rebaseline,
        {**spread("window", window), **spread("previous", previous), **named},
        milestone_id=new_id(),
        reason="Het terrein is tot het voorjaar gesloten.",
        authority="Stuurgroep APOS",
        recorded_at=a_moment("2026-11-21T09:00:00"),
    )
