"""Two scores of one system on a terminal: figures with their difference, and knock-outs that are new or gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import ChangedKnockOut, KnockOut, OriginShare, Score
from apos_client.command._reports.tables import Column, table

NONE = "none"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure before and after, or None where there is none, and the number of decimals to show."""

    name: str
    before: str | None
    after: str | None
    places: int


def comparison(figures: Sequence[Compared], heads: tuple[str, str], width: int) -> Text:
    """Figures before and after, and their difference."""
    columns: list[Column[Compared]] = [
        Column("", lambda each: each.name),
        Column(heads[0], lambda each: _shown(each.before, each.places), is_figure=True),
        Column(heads[1], lambda each: _shown(each.after, each.places), is_figure=True),
        Column("Difference", _difference, is_figure=True),
    ]
    return table(columns, [figures], width)


def knock_outs(heading: str, listed: Sequence[KnockOut | ChangedKnockOut], width: int) -> list[RenderableType]:
    """Knock-outs under a heading; nothing if there are none."""
    columns: list[Column[KnockOut | ChangedKnockOut]] = [
        Column("Code", lambda each: each.code),
        Column("Where", lambda each: each.component_key or each.dimension or each.function_group or "the system"),
        Column("Reason", lambda each: each.reason),
    ]
    return [Text(f"\n{heading}\n"), table(columns, [listed], width)] if listed else []


def what_if_report(now: Score, then: Score, width: int) -> RenderableType:
    """What the score is, what it would be, and which knock-outs would be new or gone."""
    new, gone = _only_in(then, now), _only_in(now, then)
    same = [] if new or gone else [Text("\nThe knock-outs would be the same.")]
    return Group(
        comparison(list(_figures(now, then)), ("Now", "Then"), width),
        *knock_outs("Knock-outs that would be gone:", gone, width),
        *knock_outs("Knock-outs that would be new:", new, width),
        *same,
        Text(f"\nBoth on {then.reference_date}, by {then.scheme_version}. Nothing is stored."),
    )


def _figures(now: Score, then: Score) -> Iterator[Compared]:
    yield Compared("Score of 100", now.score, then.score, 1)
    yield Compared("Before it is rounded", _points(now), _points(then), 4)
    yield Compared("Adjustment in %", now.adjustment_percent, then.adjustment_percent, 2)
    yield from _shares("EDIP", now.origin_shares.edip, then.origin_shares.edip)
    yield from _shares("SAFE", now.origin_shares.safe, then.origin_shares.safe)
    yield Compared("Knock-outs", str(len(now.knock_outs)), str(len(then.knock_outs)), 0)


def _shares(rule: str, now: OriginShare, then: OriginShare) -> Iterator[Compared]:
    yield Compared(f"{rule}, % proven", now.proven, then.proven, 2)
    yield Compared(f"{rule}, % declared", now.declared, then.declared, 2)


def _points(score: Score) -> str | None:
    """The points of all criteria together."""
    won = None if score.points is None else score.points.document().values()
    return None if won is None else str(sum(map(Decimal, won), Decimal()))


def _only_in(score: Score, other: Score) -> list[KnockOut]:
    """The knock-outs of a score that another one does not have."""
    others = {_identity(each) for each in other.knock_outs}
    return [each for each in score.knock_outs if _identity(each) not in others]


def _identity(each: KnockOut) -> tuple[str | None, ...]:
    return each.code, each.reason, each.component_key, each.dimension, each.function_group


def _shown(figure: str | None, places: int) -> str:
    return NONE if figure is None else str(_rounded(Decimal(figure), places))


def _difference(each: Compared) -> str:
    if each.before is None or each.after is None:
        return "-"
    moved = _rounded(Decimal(each.after) - Decimal(each.before), each.places)
    return f"{moved:+}" if moved else "0"


def _rounded(figure: Decimal, places: int) -> Decimal:
    return figure.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
