"""Changes (wijzigingen) between two revisions of a declaration, and what they do to its score.

Lines are the same where their keys are, wherever they stand. Points are attributed exactly: what the lines and the system as a
whole won more or less adds up to the difference of S. Both scores are worked out by whoever asks, under one scheme, profile
and day. How it looks in JSON belongs to the api.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from domain.declarations.component_columns import FIELDS, LINE, NUMBERS
from domain.money import to_euros
from domain.scoring.exact import weighted_sum
from domain.scoring.results import DESIGN_AUTHORITY, DIMENSIONS, Score, ScoreKnockOut, Verdict

ADDED, REMOVED, CHANGED, AFFECTED = "added", "removed", "changed", "affected"
KINDS = (ADDED, REMOVED, CHANGED, AFFECTED)
"""A line that is affected says the same as before and wins other points: the total, or its function group, has changed."""
EMPTY_GROUPS, RESIDUAL = "emptyGroups", "residual"
SYSTEM_PARTS = (DIMENSIONS, DESIGN_AUTHORITY, EMPTY_GROUPS, RESIDUAL)
"""What wins points beside the lines."""
SHARES = ("proven", "declared", "upper_bound")
_KEY, _NAME = LINE.index("key"), LINE.index("name")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One of two revisions: its columns, its lines in storage form, and its score, None without a profile."""

    columns: Mapping[str, Any]
    rows: Sequence[Row]
    score: Score | None


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field, dotted where it is nested, with what it said before and says now; None is unknown."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line by its key, what it says otherwise, and the points it won more; None where points cannot be compared."""

    key: str
    name: str
    fields: tuple[FieldDifference, ...]
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class LineDifferences:
    """Lines of one kind: how many, the points of all of them, and the first of them, those that move the score most."""

    count: int
    points: Fraction | None
    lines: tuple[LineDifference, ...]


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure before and after; None where a system cannot be assessed."""

    before: Fraction | None
    after: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """After minus before, where there are both."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class ChangedShare:
    """An origin share before and after, by `SHARES`, and its verdict."""

    figures: Mapping[str, ChangedFigure]
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Effect:
    """What changed of the score. `points` is S; `attribution` adds up to its difference, None where it has none."""

    scheme_version: str
    country_list_version: str
    reference_date: date
    score: ChangedFigure
    points: ChangedFigure
    adjustment_percent: ChangedFigure
    origin_shares: Mapping[str, ChangedShare]
    added_knock_outs: tuple[ScoreKnockOut, ...]
    removed_knock_outs: tuple[ScoreKnockOut, ...]
    attribution: Mapping[str, Fraction] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two revisions; `unchanged` counts the lines that say the same, affected ones included."""

    lines: Mapping[str, LineDifferences]
    unchanged: int
    system: tuple[FieldDifference, ...]
    effect: Effect | None


def changes_between(before: Revision, after: Revision, *, limit: int) -> Changes:
    """What the second of two revisions changed, with at most `limit` lines of each kind."""
    won = _Won.of(before.score, after.score)
    kinds, unchanged = _compared(before.rows, after.rows, won)
    lines = {kind: _of_kind(kinds[kind], limit, counts=won is not None) for kind in KINDS}
    return Changes(
        lines=lines,
        unchanged=unchanged,
        system=_differences(system_fields(before.columns), system_fields(after.columns)),
        effect=_effect(before.score, after.score, won, lines) if before.score and after.score else None,
    )


@dataclass(frozen=True, slots=True)
class _Won:
    """The points of each line, before and after, and the difference of what is won beside the lines."""

    before: Mapping[str, Fraction]
    after: Mapping[str, Fraction]
    whole: Mapping[str, Fraction]

    @classmethod
    def of(cls, before: Score | None, after: Score | None) -> "_Won | None":
        """None where one of the two has no score."""
        if before is None or after is None or before.exact_score is None or after.exact_score is None:
            return None
        (lines, whole), (lines_after, whole_after) = _won(before), _won(after)
        return cls(lines, lines_after, {part: whole_after[part] - whole[part] for part in SYSTEM_PARTS})


def _points(won: _Won | None, key: str) -> Fraction | None:
    """The points that a line won more; a line that is not there wins nothing."""
    return None if won is None else won.after.get(key, Fraction(0)) - won.before.get(key, Fraction(0))


def _won(score: Score) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    lines: dict[str, Fraction] = {}
    whole = dict.fromkeys(SYSTEM_PARTS, Fraction(0))
    for line in score.explanation:
        if line.component_key is not None:
            lines[line.component_key] = lines.get(line.component_key, 0) + line.won
        elif line.dimension is not None:
            whole[DIMENSIONS] += line.won
        elif line.function_group is not None:
            whole[EMPTY_GROUPS] += line.won
        else:
            whole[DESIGN_AUTHORITY if line.criterion == DESIGN_AUTHORITY else RESIDUAL] += line.won
    return lines, whole


def _compared(
    before: Sequence[Row], after: Sequence[Row], won: _Won | None
) -> tuple[dict[str, list[LineDifference]], int]:
    """The lines of each kind, in the order in which they were declared, and how many say the same."""
    found: dict[str, list[LineDifference]] = {kind: [] for kind in KINDS}
    unchanged = 0
    is_same = before is after
    known = {} if is_same else {row[_KEY]: row for row in before}
    for row in after:
        was = row if is_same else known.pop(row[_KEY], None)
        fields = () if was is row else line_fields(was, row)
        change = LineDifference(row[_KEY], row[_NAME], fields, _points(won, row[_KEY]))
        if fields:
            found[ADDED if was is None else CHANGED].append(change)
            continue
        unchanged += 1
        if change.points:
            found[AFFECTED].append(change)
    found[REMOVED] = [
        LineDifference(key, row[_NAME], line_fields(row, None), _points(won, key)) for key, row in known.items()
    ]
    return found, unchanged


def line_fields(before: Row | None, after: Row | None) -> tuple[FieldDifference, ...]:
    """What two lines in storage form say differently; None is a line that is not there, of which nothing is known."""
    if before == after:
        return ()
    nothing = (None,) * len(FIELDS)
    return tuple(
        FieldDifference(field, was, now)
        for field, was, now in zip(FIELDS, before or nothing, after or nothing, strict=True)
        if was != now and not (field in NUMBERS and _is_same_number(was, now))
    )


def _is_same_number(one: str | None, other: str | None) -> bool:
    """Whether two decimals are one number, however they are written."""
    return one is not None and other is not None and Fraction(one) == Fraction(other)


def _of_kind(lines: Sequence[LineDifference], limit: int, *, counts: bool) -> LineDifferences:
    most = sorted(lines, key=lambda line: abs(line.points or Fraction(0)), reverse=True)[:limit]
    return LineDifferences(
        len(lines), _sum(line.points or Fraction(0) for line in lines) if counts else None, tuple(most)
    )


def _sum(terms: Iterable[Fraction]) -> Fraction:
    return weighted_sum((1, term) for term in terms)


def system_fields(columns: Mapping[str, Any]) -> dict[str, str | None]:
    """What a declaration says of the system as a whole, by field, dotted where it is nested; what is absent is unknown."""
    fields: dict[str, str | None] = {
        "price": _euros(columns["price_cents"]),
        "system.name": columns["system_name"],
        "system.version": columns["system_version"],
        "system.finalAssemblyCountry": columns["system_final_assembly_country"],
        "totalComponentCost": _euros(columns["total_component_cost_cents"]),
    }
    authority = columns["design_authority"] or {}
    fields |= _proven("designAuthority", authority, ("level", "country"))
    for declared in columns["dimensions"]:
        fields |= _proven(f"dimensions.{declared['dimension']}", declared, ("dependence", "country"))
    return fields


def _proven(at: str, declared: Mapping[str, Any], names: Sequence[str]) -> dict[str, str | None]:
    """A statement with its evidence; no evidence is evidence of level none."""
    proof = declared.get("evidence") or {}
    fields = {f"{at}.{name}": declared.get(name) for name in names}
    fields[f"{at}.evidence.level"] = proof.get("level") or "none"
    return fields | {f"{at}.evidence.{name}": proof.get(name) for name in ("expiresOn", "uri", "sha256")}


def _euros(cents: int | None) -> str | None:
    return None if cents is None else to_euros(cents)


def _differences(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[FieldDifference, ...]:
    found = (FieldDifference(field, before.get(field), after.get(field)) for field in {**before, **after})
    return tuple(change for change in found if change.before != change.after)


def _effect(before: Score, after: Score, won: _Won | None, lines: Mapping[str, LineDifferences]) -> Effect:
    by_kind = {kind: lines[kind].points or Fraction(0) for kind in KINDS}
    return Effect(
        scheme_version=after.scheme_version,
        country_list_version=after.country_list_version,
        reference_date=after.reference_date,
        score=ChangedFigure(before.score, after.score),
        points=ChangedFigure(before.exact_score, after.exact_score),
        adjustment_percent=ChangedFigure(before.adjustment_percent, after.adjustment_percent),
        origin_shares={name: _share_moved(before, after, name) for name in after.origin_shares},
        added_knock_outs=_not_among(after.knock_outs, before.knock_outs),
        removed_knock_outs=_not_among(before.knock_outs, after.knock_outs),
        attribution=None if won is None else {**by_kind, **won.whole},
    )


def _share_moved(before: Score, after: Score, name: str) -> ChangedShare:
    one, other = before.origin_shares[name], after.origin_shares[name]
    figures = {figure: ChangedFigure(getattr(one, figure), getattr(other, figure)) for figure in SHARES}
    return ChangedShare(figures, one.verdict, other.verdict)


def _not_among(found: Sequence[ScoreKnockOut], others: Sequence[ScoreKnockOut]) -> tuple[ScoreKnockOut, ...]:
    """Knock-outs that the others lack, whether waived or not: a waiver is no change of what was declared."""
    known = {_identity(entry) for entry in others}
    return tuple(entry for entry in found if _identity(entry) not in known)


def _identity(entry: ScoreKnockOut) -> tuple[object, ...]:
    return entry.code, entry.reason, entry.component_key, entry.dimension, entry.function_group
