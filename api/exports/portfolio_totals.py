"""Counts and sums over the portfolio, as its status shows them.

Budgets are added within one fund, and separately for programmes, for lots and challenges, and for budget lines, because
programmes' budgets contain the others. A minimum makes its sum a minimum. An amount that was not published is counted, but
is in no sum. What is reserved of an envelope is added within its programme and fund.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.queries.portfolio import portfolio_status
from api.schemas.bodies import View
from api.store.loading import rows_of
from api.store.sessions import Session
from api.store.visibility import ReadContext, visible
from domain.dates import window_of
from domain.money import Money, Qualifier, to_euros, total
from domain.oversight.commitments import CommitmentStatus
from domain.oversight.commitments import tally as commitment_tally
from domain.oversight.dependencies import SafeguardStatus
from domain.portfolio.envelopes import EnvelopeUse, envelope_of, use_of
from domain.portfolio.programmes import FundAmount, fund_amount
from domain.portfolio.trials import Trial
from domain.portfolio.trials import tally as trial_tally
from domain.registers import BudgetLine


class MilestoneCounts(View):
    """How many milestones have each status."""

    scheduled: int
    met: int
    partially_met: int
    not_met: int


class ColourCounts(View):
    """How many lots and challenges have each colour."""

    green: int
    amber: int
    red: int
    grey: int


class BothColourCounts(View):
    """Counts against the original and against the current baselines."""

    original: ColourCounts
    current: ColourCounts


class EndedCounts(View):
    """How many lots and challenges have ended, and the colours that they keep of the days on which they did."""

    lots: int
    challenges: int
    colours: BothColourCounts


class WithdrawnCounts(View):
    """How many milestones were withdrawn as entered in error, and how many were dropped."""

    entered_in_error: int
    dropped: int


class TotalAmount(View):
    """A sum, which may be larger than any one amount can be."""

    amount: str = Field(examples=["195000000.00"])
    currency: Literal["EUR"]
    qualifier: Qualifier


class FundTotal(View):
    """The sum of budgets within one fund; a minimum among them makes it a minimum."""

    fund: str
    total: TotalAmount


class BudgetSums(View):
    """Budgets of one kind, added within each fund; those not published and those without a fund are in no sum."""

    by_fund: list[FundTotal]
    not_published: int
    without_fund: int


class EnvelopeTotal(View):
    """What the lots and challenges of a programme reserve of its envelope, in one fund; amounts are euros as decimal strings."""

    programme_id: UUID
    programme_code: str = Field(examples=["APOS"])
    fund: str = Field(examples=["strategic-cooperation"])
    envelope: str = Field(examples=["1100000000.00"])
    reserved: str = Field(description="Ended lots and challenges included", examples=["45000000.00"])
    left: str = Field(description="Below 0 where the envelope has shrunk", examples=["1055000000.00"])
    currency: Literal["EUR"]
    qualifier: Qualifier = Field(description="That of the sum of all amounts: a minimum among them makes it a minimum")


class CommitmentCounts(View):
    """How many commitments have each status; open ones are due (that day has not passed), overdue, or without a day."""

    open: int
    due: int
    overdue: int
    without_due: int
    fulfilled: int
    withdrawn: int


class TrialCounts(View):
    """How many trials are in their window today, before it, past it, or without one."""

    in_window: int
    ahead: int
    past: int
    without_window: int


class SafeguardCounts(View):
    """How many safeguards against dependencies have each status; `notStated`: no source states one."""

    planned: int
    in_place: int
    not_in_place: int
    not_stated: int


class SurroundingTotals(View):
    """Counts and sums of what belongs to no single lot or challenge."""

    programme_budgets: BudgetSums = Field(description="Envelopes of programmes; never added to what is paid from them")
    budget_lines: BudgetSums
    commitments: CommitmentCounts
    trials: TrialCounts
    dependencies: int
    safeguards: SafeguardCounts


class Totals(SurroundingTotals):
    """Counts and sums over the portfolio. Budgets that were not published are counted, and in no sum.

    What has ended is counted apart; its budget is in the sums, because it was there.
    """

    lots: int = Field(description="That have not ended")
    challenges: int = Field(description="That have not ended")
    ended: EndedCounts
    milestones: MilestoneCounts = Field(
        description="Of lots and challenges that have not ended; those of a programme itself do not count, nor what is withdrawn"
    )
    colours: BothColourCounts = Field(description="Of lots and challenges that have not ended")
    budgets: list[FundTotal] = Field(description="Of lots and challenges")
    budgets_not_published: int
    budgets_without_fund: int
    envelopes: list[EnvelopeTotal] = Field(
        description="Per programme and fund: the envelope of the settings in force, else the programme's budget"
    )
    conflicts: int = Field(description="Forecasts that pass the window of a dependent milestone")


Rows = Sequence[Mapping[str, Any]]
Priced = tuple[Money | None, str | None]
"""An amount, None where it was not published, and its fund."""


async def surrounding_totals(session: Session, context: ReadContext, programmes: Rows) -> SurroundingTotals:
    """Counts and sums of what belongs to no single lot or challenge, as of the date in `context`."""
    lines = await rows_of(session, visible(BudgetLine, context))
    trials = await rows_of(session, visible(Trial, context))
    counts = (await session.execute(portfolio_status.counts(context))).all()
    due = [
        (CommitmentStatus(row.status), row.due) for row in counts if row.of == "commitments" for _ in range(row.number)
    ]
    safeguards = {row.status: row.number for row in counts if row.of == "safeguards"}
    return SurroundingTotals(
        programme_budgets=budget_sums(priced(row, "budget", row["budget_fund"]) for row in programmes),
        budget_lines=budget_sums(priced(row, "amount", row["fund"]) for row in lines),
        commitments=CommitmentCounts(**asdict(commitment_tally(due, today=context.today))),
        trials=_trials(trials, context.today),
        dependencies=sum(row.number for row in counts if row.of == "dependencies"),
        safeguards=SafeguardCounts(
            planned=safeguards.get(SafeguardStatus.PLANNED, 0),
            in_place=safeguards.get(SafeguardStatus.IN_PLACE, 0),
            not_in_place=safeguards.get(SafeguardStatus.NOT_IN_PLACE, 0),
            not_stated=safeguards.get(None, 0),
        ),
    )


def envelope_totals(programmes: Rows, settings: Rows, reserving: Iterable[Mapping[str, Any]]) -> list[EnvelopeTotal]:
    """What is left of the envelope of each programme, by code; `settings` are those in force, the oldest first.

    `reserving` are the rows of lots and challenges, with ids as text.
    """
    in_force = {row["programme_id"]: row for row in settings}
    budgets: defaultdict[str, list[FundAmount]] = defaultdict(list)
    for row in reserving:
        budget = fund_amount(row["budget_cents"], row["budget_qualifier"], row["budget_fund"])
        if budget is not None:
            budgets[row["programme_id"]].append(budget)
    found = []
    for programme in sorted(programmes, key=lambda row: row["code"]):
        envelope = envelope_of(in_force.get(programme["id"]), programme)
        use = None if envelope is None else use_of(envelope, budgets[str(programme["id"])])
        if use is not None:
            found.append(_envelope_total(programme, use))
    return found


def _envelope_total(programme: Mapping[str, Any], use: EnvelopeUse) -> EnvelopeTotal:
    return EnvelopeTotal(
        programme_id=programme["id"],
        programme_code=programme["code"],
        fund=use.fund,
        envelope=to_euros(use.envelope_cents),
        reserved=to_euros(use.reserved_cents),
        left=to_euros(use.left_cents),
        currency="EUR",
        qualifier=use.qualifier,
    )


def budget_sums(budgets: Iterable[Priced]) -> BudgetSums:
    """Adds budgets within each fund; those not published and those without a fund are counted, but not added."""
    by_fund: defaultdict[str, list[Money]] = defaultdict(list)
    unpublished = without_fund = 0
    for money, fund in budgets:
        if money is None:
            unpublished += 1
        elif fund is None:
            without_fund += 1
        else:
            by_fund[fund].append(money)
    return BudgetSums(
        by_fund=[_fund_total(fund, by_fund[fund]) for fund in sorted(by_fund)],
        not_published=unpublished,
        without_fund=without_fund,
    )


def colour_counts(colours: Iterable[str]) -> ColourCounts:
    """How many have each colour."""
    counted = Counter(colours)
    return ColourCounts(**{name: counted[name] for name in ColourCounts.model_fields})


def priced(row: Mapping[str, Any], prefix: str, fund: str | None) -> Priced:
    """The amount in the columns of a row that begin with `prefix`, with its fund."""
    cents = row[f"{prefix}_cents"]
    return None if cents is None else Money(cents, Qualifier(row[f"{prefix}_qualifier"])), fund


def _fund_total(fund: str, amounts: Sequence[Money]) -> FundTotal:
    money = total(amounts).money
    assert money is not None
    return FundTotal(
        fund=fund, total=TotalAmount(amount=to_euros(money.cents), currency="EUR", qualifier=money.qualifier)
    )


def _trials(rows: Sequence[Mapping[str, Any]], today: date) -> TrialCounts:
    windows = [window_of(row["window_start"], row["window_end"]) for row in rows]
    return TrialCounts(**asdict(trial_tally(windows, today=today)))
