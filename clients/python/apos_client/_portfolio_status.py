"""The status of the portfolio (stand van de portefeuille): every lot and challenge with both colours."""

from datetime import date, datetime
from uuid import UUID

from apos_client._answers import Amount, Answer, Budget, Colours, DeliveryConfidence, SlipDays, Window
from apos_client._exchange import Exchange


class MilestoneCounts(Answer):
    """How many milestones have each status."""

    scheduled: int
    met: int
    partially_met: int
    not_met: int


class NextMilestone(Answer):
    """The milestone that is due next."""

    id: UUID
    key: str | None = None
    title: str
    window: Window | None = None
    forecast: Window | None = None


class StatusLine(Answer):
    """How one lot or challenge stands; `declared_share` is a percentage as a decimal string."""

    id: UUID
    key: str | None = None
    code: str
    title: str
    status: str
    colours: Colours
    slip_days: SlipDays
    milestones: MilestoneCounts
    next_milestone: NextMilestone | None = None
    budget: Budget | None = None
    declared_share: str | None = None
    delivery_confidence: DeliveryConfidence | None = None


class ColourCounts(Answer):
    """How many lots and challenges have each colour."""

    green: int
    amber: int
    red: int
    grey: int


class BothColourCounts(Answer):
    """Counts against the original and against the current baselines."""

    original: ColourCounts
    current: ColourCounts


class FundTotal(Answer):
    """The sum of the published budgets within one fund."""

    fund: str
    total: Amount


class BudgetSums(Answer):
    """Budgets of one kind, added within each fund; what was not published or has no fund is counted, and in no sum."""

    by_fund: tuple[FundTotal, ...]
    not_published: int
    without_fund: int


class CommitmentCounts(Answer):
    """How many commitments stand how; open ones are due, overdue, or without a day."""

    open: int
    due: int
    overdue: int
    without_due: int
    fulfilled: int
    withdrawn: int


class TrialCounts(Answer):
    """How many trials are in their window, before it, past it, or without one."""

    in_window: int
    ahead: int
    past: int
    without_window: int


class SafeguardCounts(Answer):
    """How many safeguards stand; of `not_stated` no source says whether they do."""

    planned: int
    in_place: int
    not_in_place: int
    not_stated: int


class ForecastConflict(Answer):
    """A forecast that passes the current window of a milestone that comes after it, by how many days."""

    milestone_id: UUID
    title: str
    forecast_end: date
    dependent_id: UUID
    dependent_title: str
    dependent_end: date
    days: int


class Totals(Answer):
    """Counts and sums over the portfolio; budgets that were not published are counted, and in no sum."""

    lots: int
    challenges: int
    milestones: MilestoneCounts
    colours: BothColourCounts
    budgets: tuple[FundTotal, ...]
    budgets_not_published: int
    budgets_without_fund: int
    programme_budgets: BudgetSums
    budget_lines: BudgetSums
    commitments: CommitmentCounts
    trials: TrialCounts
    dependencies: int
    safeguards: SafeguardCounts
    conflicts: int


class PortfolioStatus(Answer):
    """Where the portfolio stands on a day. Equal content has an equal `digest`, whenever it was generated."""

    as_of: date
    audience: str
    generated_at: datetime
    digest: str
    lots: tuple[StatusLine, ...]
    challenges: tuple[StatusLine, ...]
    conflicts: tuple[ForecastConflict, ...]
    totals: Totals


class PortfolioStatuses:
    """The status of the portfolio, for the programme office, the administrator and the auditor."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def read(self) -> PortfolioStatus:
        """Where every lot and challenge stands today."""
        return self._exchange.read("/portfolio-status", PortfolioStatus)

    def csv(self) -> str:
        """The same as CSV: a row per lot and challenge, `kind` first, nested keys as dotted headers."""
        return self._exchange.text("/portfolio-status", "text/csv")
