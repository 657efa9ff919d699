"""Two scores compared: their figures before and after, and the differences, in exact numbers and as JSON.

Every figure and every difference is rounded once, from its exact value: the difference of two rounded figures may be another in
its last digit. Differences are rounded half away from zero, so that a rise and the same fall have the same digits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.scoring.exact import decimals, exact_decimal, signed
from domain.scoring.results import Score, Verdict

SHARES = {"proven": "proven", "declared": "declared", "upper_bound": "upperBound"}
"""The figures of an origin share, and what they are called in JSON."""


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure before and after, None where the system cannot be assessed."""

    before: Fraction | None
    after: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """After minus before, None if either is missing."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class ChangedShare:
    """The figures of an origin share, by the names in `SHARES`, and its verdict, before and after."""

    figures: Mapping[str, ChangedFigure]
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class ComparedScores:
    """The figures of two scores. `points` is S, which the score is rounded from."""

    score: ChangedFigure
    points: ChangedFigure
    adjustment_percent: ChangedFigure
    origin_shares: Mapping[str, ChangedShare]

    @classmethod
    def of(cls, before: Score, after: Score) -> "ComparedScores":
        """The figures of two scores under one scheme on one day."""
        return cls(
            score=ChangedFigure(before.score, after.score),
            points=ChangedFigure(before.exact_score, after.exact_score),
            adjustment_percent=ChangedFigure(before.adjustment_percent, after.adjustment_percent),
            origin_shares={name: _share_changed(before, after, name) for name in after.origin_shares},
        )


def rendered_comparison(compared: ComparedScores) -> dict[str, Any]:
    """The figures as JSON: decimal strings, null for what cannot be assessed."""
    return {
        "score": _rounded(compared.score, places=1),
        "points": _rounded(compared.points),
        # Neither the adjustment nor a difference of two needs rounding.
        "adjustmentPercent": _rendered(
            compared.adjustment_percent, *[lambda figure: exact_decimal(figure, at_least=2)] * 2
        ),
        "originShares": {name: _rendered_share(share) for name, share in compared.origin_shares.items()},
    }


def _share_changed(before: Score, after: Score, name: str) -> ChangedShare:
    one, other = before.origin_shares[name], after.origin_shares[name]
    figures = {figure: ChangedFigure(getattr(one, figure), getattr(other, figure)) for figure in SHARES}
    return ChangedShare(figures, one.verdict, other.verdict)


def _rendered_share(share: ChangedShare) -> dict[str, Any]:
    figures = {shown: _rounded(share.figures[name]) for name, shown in SHARES.items()}
    return {**figures, "verdict": {"before": share.before.value, "after": share.after.value}}


def _rounded(changed: ChangedFigure, places: int = 4) -> dict[str, str | None]:
    return _rendered(changed, lambda figure: decimals(figure, places), lambda figure: signed(figure, places))


def _rendered(
    changed: ChangedFigure, figure_text: Callable[[Fraction], str], difference_text: Callable[[Fraction], str]
) -> dict[str, str | None]:
    before, after, difference = changed.before, changed.after, changed.difference
    return {
        "before": None if before is None else figure_text(before),
        "after": None if after is None else figure_text(after),
        "difference": None if difference is None else difference_text(difference),
    }
