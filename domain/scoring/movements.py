"""Movements (verschuivingen): how another scheme changes the score of a declaration, and which lines account for it.

Both scores are of the same declaration on the same day, so only the scheme differs. Differences come from the explanations
of both scores: those of the criteria add up to the difference in S, and those of the lines to that of their criterion.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.scoring.results import Score, ScoreKnockOut, ScoreLine

MOST_CAUSES = 5
MOST_KNOCK_OUTS = 20
ZERO = Fraction(0)
Place = tuple[str, str | None, str | None, str | None]
"""What a line of the explanation is about: its criterion, and a component, dimension or group."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Points before and after."""

    before: Fraction
    after: Fraction

    @property
    def difference(self) -> Fraction:
        """After minus before: negative if points were lost."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class LineShift(Shift):
    """A line of the explanation under both schemes; None for a scheme without such a line."""

    line_before: ScoreLine | None
    line_after: ScoreLine | None

    @property
    def line(self) -> ScoreLine:
        """The line afterwards, or before if it is gone."""
        found = self.line_after or self.line_before
        assert found is not None, "a shift is of a line on one side at least"
        return found


@dataclass(frozen=True, slots=True)
class Movement:
    """What changes in a score. If one of the two cannot be assessed, `criteria` is empty and the differences are None."""

    score: Fraction | None
    exact: Fraction | None
    criteria: Mapping[str, Shift]
    causes: Sequence[LineShift]
    verdicts: Mapping[str, tuple[str, str]]
    added: Sequence[ScoreKnockOut]
    removed: Sequence[ScoreKnockOut]


def movement(before: Score, after: Score) -> Movement:
    """What changes from one score of a declaration to another."""
    verdicts = {name: (old, new) for name, old, new in _verdicts(before, after) if old != new}
    before_knock_outs, after_knock_outs = _knock_outs(before), _knock_outs(after)
    return Movement(
        score=_difference(before.score, after.score),
        exact=_difference(before.exact_score, after.exact_score),
        criteria=shifts(before.points, after.points),
        causes=causes(before.explanation, after.explanation),
        verdicts=verdicts,
        added=[entry for key, entry in after_knock_outs.items() if key not in before_knock_outs],
        removed=[entry for key, entry in before_knock_outs.items() if key not in after_knock_outs],
    )


def shifts(before: Mapping[str, Fraction] | None, after: Mapping[str, Fraction] | None) -> dict[str, Shift]:
    """The points of each criterion before and after."""
    if before is None or after is None:
        return {}
    return {name: Shift(before.get(name, ZERO), after.get(name, ZERO)) for name in {**before, **after}}


def line_shifts(before: Iterable[ScoreLine], after: Iterable[ScoreLine]) -> list[LineShift]:
    """The points of each line before and after, including lines that do not change."""
    old, new = ({_place(line): line for line in lines} for lines in (before, after))
    return [_line_shift(old.get(place), new.get(place)) for place in {**old, **new}]


def causes(before: Iterable[ScoreLine], after: Iterable[ScoreLine], most: int = MOST_CAUSES) -> list[LineShift]:
    """The lines with the largest differences, the largest first."""
    moved = [shift for shift in line_shifts(before, after) if shift.difference]
    return sorted(moved, key=lambda shift: -abs(shift.difference))[:most]


def _difference(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before


def _line_shift(before: ScoreLine | None, after: ScoreLine | None) -> LineShift:
    won_before, won_after = (ZERO if line is None else line.won for line in (before, after))
    return LineShift(won_before, won_after, before, after)


def _place(line: ScoreLine) -> Place:
    return line.criterion, line.component_key, line.dimension, line.function_group


def _knock_outs(score: Score) -> dict[tuple[str, ...], ScoreKnockOut]:
    """The knock-outs that are not waived, by what they are about."""
    return {
        tuple(str(part) for part in (entry.code, entry.reason, entry.component_key, entry.dimension, entry.function_group)):
        entry
        for entry in score.knock_outs
        if entry.waiver is None
    }  # fmt: skip


def _verdicts(before: Score, after: Score) -> Iterable[tuple[str, str, str]]:
    for name, share in before.origin_shares.items():
        yield name, share.verdict.value, after.origin_shares[name].verdict.value
    yield "european", before.european_verdict.value, after.european_verdict.value
