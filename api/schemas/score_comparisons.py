"""Two scores compared, as changes of a revision and a what-if show them: figures before and after, with their difference."""

from pydantic import Field

from api.schemas.bodies import View
from domain.scoring.results import Verdict

FIGURE = Field(examples=["2.5000"])


class FigureChange(View):
    """A figure before and after; null where a system cannot be assessed.

    Each is rounded once, from its exact value, so `difference` may differ from `after` minus `before` in the last digit.
    """

    before: str | None = FIGURE
    after: str | None = FIGURE
    difference: str | None = FIGURE


class VerdictChange(View):
    """A verdict before and after."""

    before: Verdict
    after: Verdict


class ShareChange(View):
    """An origin share before and after."""

    proven: FigureChange
    declared: FigureChange
    upper_bound: FigureChange
    verdict: VerdictChange


class ShareChanges(View):
    """Both origin shares."""

    edip: ShareChange
    safe: ShareChange


class ScoreComparison(View):
    """The figures of two scores under one scheme on one day."""

    score: FigureChange
    points: FigureChange = Field(description="The score before it is rounded")
    adjustment_percent: FigureChange
    origin_shares: ShareChanges
