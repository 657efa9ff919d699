"""A score on a terminal: the figures, knock-outs, the share made inside, and what costs most and would raise it most."""

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from apos_client._models import Amount, ExplanationLine, Improvement, KnockOut, OriginShare, Score
from apos_client.command._reports.tables import Column, table

MOST_LINES = 8
MOST_IMPROVEMENTS = 5
ShareOfRule = tuple[str, OriginShare]


def score_report(score: Score, width: int) -> RenderableType:
    """A score with its working, for a terminal of this width."""
    return Group(
        _outcome(score),
        _knock_outs(score.knock_outs, width),
        Text("\nMade inside, in percent of the component cost; 65 is needed:\n"),
        _shares(score, width),
        Text("\nWhat costs the most:\n"),
        _costliest(score, width),
        *_improvements(score.improvements, width),
    )


def _outcome(score: Score) -> Text:
    facts = [
        ("Score", "none: it cannot be assessed" if score.score is None else f"{score.score} of 100"),
        ("Adjustment", f"{Decimal(score.adjustment_percent):+} % (bonus over 0, malus below)"),
        ("Fictitious price", _price(score.fictitious_price)),
        ("Answered, proven", f"{_figure(score.completeness)} %, {_figure(score.confidence)} %"),
        ("On", f"{score.reference_date}, by {score.scheme_version}, countries {score.country_list_version}"),
    ]
    lines = [Text.assemble((f"{name:<18}", "bold"), value) for name, value in facts]
    return Text("\n").join(lines)


def _price(price: Amount | None) -> str:
    return "none" if price is None else f"{price.currency} {Decimal(price.amount):,.2f}"


def _knock_outs(knock_outs: Sequence[KnockOut], width: int) -> RenderableType:
    if not knock_outs:
        return Text("\nThere are no knock-outs.")
    columns: list[Column[KnockOut]] = [
        Column("Code", lambda each: each.code),
        Column("Where", _place),
        Column("Reason", lambda each: each.reason),
        Column("Waived until", lambda each: str(each.waiver.expires_on) if each.waiver else "-"),
    ]
    return Group(Text("\nKnock-outs, whatever the score is:\n"), table(columns, [knock_outs], width))


def _shares(score: Score, width: int) -> Text:
    shares = [("EDIP", score.origin_shares.edip), ("SAFE", score.origin_shares.safe)]
    columns: list[Column[ShareOfRule]] = [
        Column("Rule", lambda each: each[0]),
        Column("Proven", lambda each: _figure(each[1].proven), is_figure=True),
        Column("Declared", lambda each: _figure(each[1].declared), is_figure=True),
        Column("At most", lambda each: _figure(each[1].upper_bound), is_figure=True),
        Column("Verdict", lambda each: each[1].verdict),
    ]
    return table(columns, [shares], width)


def _costliest(score: Score, width: int) -> Text:
    columns: list[Column[ExplanationLine]] = [
        Column("Lost", lambda line: line.lost, is_figure=True),
        Column("Criterion", lambda line: line.criterion),
        Column("Where", _place),
        Column("Why", lambda line: line.cause.text, is_title=True),
    ]
    return table(columns, [[line for line in score.costliest(MOST_LINES) if Decimal(line.lost) > 0]], width)


def _improvements(improvements: Sequence[Improvement], width: int) -> list[RenderableType]:
    columns: list[Column[Improvement]] = [
        Column("Gain", lambda each: f"+{each.gain}", is_figure=True),
        Column("Where", lambda each: each.component_key or each.dimension or "design authority"),
        Column("How", lambda each: each.text, is_title=True),
    ]
    if not improvements:
        return []
    heading = Text("\nWhat would raise it most, each by itself:\n")
    return [heading, table(columns, [improvements[:MOST_IMPROVEMENTS]], width)]


def _place(line: ExplanationLine | KnockOut) -> str:
    return line.component_key or line.dimension or line.function_group or "the system"


def _figure(figure: str | None) -> str:
    """A figure as the service gives it, because it was rounded already."""
    return "-" if figure is None else figure
