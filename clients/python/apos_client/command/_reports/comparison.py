"""Two scores of one system on a terminal: figures with their difference, and knock-outs that are new or gone.

Every figure is shown as the service gives it. The service rounds it once, from its exact value; rounding it again here, or
computing a difference from two rounded figures, would show another last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import ChangedKnockOut, ChangeEffect, FigureChange, KnockOut, Score, ScoreComparison
from apos_client.command._reports.tables import Column, table

NONE, NO_DIFFERENCE = "none", "-"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure before and after with its difference, as the service gives them."""

    name: str
    figure: FigureChange


def comparison(figures: Sequence[Compared], heads: tuple[str, str], width: int) -> Text:
    """Figures before and after, and their difference."""
    columns: list[Column[Compared]] = [
        Column("", lambda each: each.name),
        Column(heads[0], lambda each: each.figure.before or NONE, is_figure=True),
        Column(heads[1], lambda each: each.figure.after or NONE, is_figure=True),
        Column("Difference", lambda each: signed(each.figure.difference), is_figure=True),
    ]
    return table(columns, [figures], width)


def compared_figures(effect: ScoreComparison | ChangeEffect) -> list[Compared]:
    """The figures of two scores that are shown."""
    shares = effect.origin_shares
    return [
        Compared("Score of 100", effect.score),
        Compared("Before it is rounded", effect.points),
        Compared("Adjustment in %", effect.adjustment_percent),
        Compared("EDIP, % proven", shares.edip.proven),
        Compared("EDIP, % declared", shares.edip.declared),
        Compared("SAFE, % proven", shares.safe.proven),
        Compared("SAFE, % declared", shares.safe.declared),
    ]


def signed(difference: str | None) -> str:
    """A difference with its sign, 0 where there is none."""
    if difference is None:
        return NO_DIFFERENCE
    return difference if difference.startswith("-") else f"+{difference}" if Decimal(difference) else "0"


def knock_outs(heading: str, listed: Sequence[KnockOut | ChangedKnockOut], width: int) -> list[RenderableType]:
    """Knock-outs under a heading; nothing if there are none."""
    columns: list[Column[KnockOut | ChangedKnockOut]] = [
        Column("Code", lambda each: each.code),
        Column("Where", lambda each: each.component_key or each.dimension or each.function_group or "the system"),
        Column("Reason", lambda each: each.reason),
    ]
    return [Text(f"\n{heading}\n"), table(columns, [listed], width)] if listed else []


def what_if_report(now: Score, then: Score, effect: ScoreComparison, width: int) -> RenderableType:
    """What the score is, what it would be, and which knock-outs would be new or gone."""
    new, gone = _only_in(then, now), _only_in(now, then)
    same = [] if new or gone else [Text("\nThe knock-outs would be the same.")]
    counts = [len(score.knock_outs) for score in (now, then)]
    counted = FigureChange(before=str(counts[0]), after=str(counts[1]), difference=str(counts[1] - counts[0]))
    return Group(
        comparison([*compared_figures(effect), Compared("Knock-outs", counted)], ("Now", "Then"), width),
        *knock_outs("Knock-outs that would be gone:", gone, width),
        *knock_outs("Knock-outs that would be new:", new, width),
        *same,
        Text(f"\nBoth on {then.reference_date}, by {then.scheme_version}. Nothing is stored."),
    )


def _only_in(score: Score, other: Score) -> list[KnockOut]:
    """The knock-outs of a score that another one does not have."""
    others = {_identity(each) for each in other.knock_outs}
    return [each for each in score.knock_outs if _identity(each) not in others]


def _identity(each: KnockOut) -> tuple[str | None, ...]:
    return each.code, each.reason, each.component_key, each.dimension, each.function_group
