"""Changes (wijzigingen) between two revisions of a declaration, and what they do to its score.

Lines with the same key are the same line, in any order. Points are attributed exactly: the differences in points of the lines
and of the system as a whole add up to the difference in S. The caller computes both scores, under the same scheme, profile
and day. The JSON form belongs to the api.

Lines are compared as they are read, because two revisions of a hundred thousand take much memory: a line waits until the
line with its key comes in the other revision, so that sets in nearly the same order take hardly any.
"""

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from domain.declarations.component_columns import FIELDS, LINE, NUMBERS
from domain.money import to_euros
from domain.scoring.comparison import ComparedScores
from domain.scoring.exact import weighted_sum
from domain.scoring.results import DESIGN_AUTHORITY, DIMENSIONS, Score, ScoreKnockOut

ADDED, REMOVED, CHANGED, AFFECTED = "added", "removed", "changed", "affected"
KINDS = (ADDED, REMOVED, CHANGED, AFFECTED)
"""An affected line is itself unchanged but wins other points, because the total or its function group has changed."""
EMPTY_GROUPS, RESIDUAL = "emptyGroups", "residual"
SYSTEM_PARTS = (DIMENSIONS, DESIGN_AUTHORITY, EMPTY_GROUPS, RESIDUAL)
"""The parts of a system, other than its lines, that win or lose points."""
_KEY, _NAME = LINE.index("key"), LINE.index("name")
_KEPT_AT_MOST = 1000
"""Lines of a kind that are kept, beyond those listed, before the others are dropped."""
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RevisionScore:
    """A score without its explanation, which takes a hundred times as much, but with the points that it explains.

    `lines` are the points of each line by its key, `whole` those of each part in `SYSTEM_PARTS`; both are exact.
    """

    score: Score
    lines: Mapping[str, Fraction]
    whole: Mapping[str, Fraction]

    @classmethod
    def of(cls, score: Score) -> "RevisionScore":
        """What is compared of a score."""
        return cls(replace(score, explanation=()), *_won_points(score))


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision to compare: its columns, its lines in storage form, and its score, None without a profile."""

    columns: Mapping[str, Any]
    rows: Iterable[Row]
    score: RevisionScore | None


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field, dotted if nested (`evidence.level`), with its values before and after; None is unknown."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class LineDifference:
    """A line with the fields that differ and its change in points, None if points cannot be compared."""

    key: str
    name: str
    fields: tuple[FieldDifference, ...]
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class LineDifferences:
    """The lines of one kind: how many, their change in points together, and those that move the score most."""

    count: int
    points: Fraction | None
    lines: tuple[LineDifference, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What changed in the score. `attribution` adds up to the difference in S, None if there is none."""

    scheme_version: str
    country_list_version: str
    reference_date: date
    figures: ComparedScores
    added_knock_outs: tuple[ScoreKnockOut, ...]
    removed_knock_outs: tuple[ScoreKnockOut, ...]
    attribution: Mapping[str, Fraction] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All differences between two revisions. `unchanged` counts the lines with equal fields, including affected ones."""

    lines: Mapping[str, LineDifferences]
    unchanged: int
    system: tuple[FieldDifference, ...]
    effect: Effect | None


def changes_between(before: Revision, after: Revision, *, limit: int) -> Changes:
    """What changed from one revision to the next, with at most `limit` lines of each kind."""
    won = _WonPoints.of(before.score, after.score)
    lines, unchanged = _compared(before.rows, after.rows, won, limit)
    return Changes(
        lines=lines,
        unchanged=unchanged,
        system=_differences(system_fields(before.columns), system_fields(after.columns)),
        effect=_effect(before.score.score, after.score.score, won, lines) if before.score and after.score else None,
    )


@dataclass(frozen=True, slots=True)
class _WonPoints:
    """The points of each line before and after, and the change in points of each part in `SYSTEM_PARTS`."""

    before: Mapping[str, Fraction]
    after: Mapping[str, Fraction]
    whole: Mapping[str, Fraction]

    @classmethod
    def of(cls, before: RevisionScore | None, after: RevisionScore | None) -> "_WonPoints | None":
        """The points of two scores, None if either score or its S is missing."""
        if before is None or after is None or before.score.exact_score is None or after.score.exact_score is None:
            return None
        return cls(before.lines, after.lines, {part: after.whole[part] - before.whole[part] for part in SYSTEM_PARTS})


def _points_gained(won: _WonPoints | None, key: str) -> Fraction | None:
    """The change in points of a line; a missing line has 0 points. None if points cannot be compared."""
    return None if won is None else won.after.get(key, Fraction(0)) - won.before.get(key, Fraction(0))


def _won_points(score: Score) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
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
    before: Iterable[Row], after: Iterable[Row], won: _WonPoints | None, limit: int
) -> tuple[dict[str, LineDifferences], int]:
    """The lines of each kind, at most `limit` of them listed, and how many have equal fields."""
    found = {kind: _Kind(limit) for kind in KINDS}
    unchanged = 0
    for place, was, row in _paired(before, after):
        fields = () if was is row else line_fields(was, row)
        key, name = _identified(row or was)
        change = LineDifference(key, name, fields, _points_gained(won, key))
        if fields:
            found[REMOVED if row is None else ADDED if was is None else CHANGED].add(place, change)
            continue
        unchanged += 1
        if change.points:
            found[AFFECTED].add(place, change)
    return {kind: lines.result(counts=won is not None) for kind, lines in found.items()}, unchanged


def _identified(row: Row | None) -> tuple[str, str]:
    assert row is not None, "a pair has at least one line"
    return row[_KEY], row[_NAME]


def _paired(before: Iterable[Row], after: Iterable[Row]) -> Iterator[tuple[int, Row | None, Row | None]]:
    """The lines with the same key, None for a missing one, and their place in the order: the newer one, if there is one."""
    if before is after:
        yield from ((place, row, row) for place, row in enumerate(after))
        return
    old, new = _Waiting(), _Waiting()
    for place, (was, now) in enumerate(zip_longest(before, after)):
        if was is not None and now is not None and was[_KEY] == now[_KEY]:
            yield place, was, now
            continue
        if was is not None:
            met = new.take(was[_KEY])
            if met is None:
                old.add(place, was)
            else:
                yield met[0], was, met[1]
        if now is not None:
            met = old.take(now[_KEY])
            if met is None:
                new.add(place, now)
            else:
                yield place, met[1], now
    yield from ((place, was, None) for place, was in old.rest())
    yield from ((place, None, now) for place, now in new.rest())


class _Waiting:
    """Lines that wait for those with their keys, with their places; serialised, which takes a quarter of the memory."""

    def __init__(self) -> None:
        self._lines: dict[str, bytes] = {}

    def add(self, place: int, row: Row) -> None:
        """Adds a line that the other revision has not had yet."""
        self._lines[row[_KEY]] = marshal.dumps((place, row))

    def take(self, key: str) -> tuple[int, Row] | None:
        """The line with this key, which waits no longer; None where none waits."""
        line = self._lines.pop(key, None)
        return None if line is None else _unpacked(line)

    def rest(self) -> Iterator[tuple[int, Row]]:
        """The lines that still wait, in the order in which they came."""
        return map(_unpacked, self._lines.values())


def _unpacked(line: bytes) -> tuple[int, Row]:
    place, row = marshal.loads(line)  # noqa: S302 - packed a moment ago, by this process
    return place, row


@dataclass(slots=True)
class _Kind:
    """The lines of one kind so far; only those are kept that may be listed."""

    limit: int
    count: int = 0
    points: list[Fraction] = field(default_factory=list)
    lines: list[tuple[Fraction, int, LineDifference]] = field(default_factory=list)

    def add(self, place: int, line: LineDifference) -> None:
        self.count += 1
        points = line.points or Fraction(0)
        self.points.append(points)
        self.lines.append((-abs(points), place, line))
        if len(self.points) >= _KEPT_AT_MOST:
            self.points = [_sum(self.points)]
        if len(self.lines) >= self.limit + _KEPT_AT_MOST:
            self._drop_others()

    def _drop_others(self) -> None:
        """Drops the lines that are not listed: those that move the score less, and then those that come later."""
        self.lines = sorted(self.lines, key=lambda one: one[:2])[: self.limit]

    def result(self, *, counts: bool) -> LineDifferences:
        self._drop_others()
        listed = tuple(line for _, _, line in self.lines)
        return LineDifferences(self.count, _sum(self.points) if counts else None, listed)


def line_fields(before: Row | None, after: Row | None) -> tuple[FieldDifference, ...]:
    """The fields that differ between two lines in storage form. None is a missing line, all of whose fields are unknown."""
    if before == after:
        return ()
    nothing = (None,) * len(FIELDS)
    return tuple(
        FieldDifference(field, was, now)
        for field, was, now in zip(FIELDS, before or nothing, after or nothing, strict=True)
        if was != now and not (field in NUMBERS and _is_same_number(was, now))
    )


def _is_same_number(one: str | None, other: str | None) -> bool:
    """Whether two decimal texts are the same number, such as 1.5 and 1.50."""
    return one is not None and other is not None and Fraction(one) == Fraction(other)


def _sum(terms: Iterable[Fraction]) -> Fraction:
    return weighted_sum((1, term) for term in terms)


def system_fields(columns: Mapping[str, Any]) -> dict[str, str | None]:
    """What a declaration says about the system as a whole: dotted field name -> value, None if unknown."""
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
    """The fields of a statement and its evidence; missing evidence is shown as level none."""
    proof = declared.get("evidence") or {}
    fields = {f"{at}.{name}": declared.get(name) for name in names}
    fields[f"{at}.evidence.level"] = proof.get("level") or "none"
    return fields | {f"{at}.evidence.{name}": proof.get(name) for name in ("expiresOn", "uri", "sha256")}


def _euros(cents: int | None) -> str | None:
    return None if cents is None else to_euros(cents)


def _differences(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[FieldDifference, ...]:
    found = (FieldDifference(field, before.get(field), after.get(field)) for field in {**before, **after})
    return tuple(change for change in found if change.before != change.after)


def _effect(before: Score, after: Score, won: _WonPoints | None, lines: Mapping[str, LineDifferences]) -> Effect:
    by_kind = {kind: lines[kind].points or Fraction(0) for kind in KINDS}
    return Effect(
        scheme_version=after.scheme_version,
        country_list_version=after.country_list_version,
        reference_date=after.reference_date,
        figures=ComparedScores.of(before, after),
        added_knock_outs=_not_among(after.knock_outs, before.knock_outs),
        removed_knock_outs=_not_among(before.knock_outs, after.knock_outs),
        attribution=None if won is None else {**by_kind, **won.whole},
    )


def _not_among(found: Sequence[ScoreKnockOut], others: Sequence[ScoreKnockOut]) -> tuple[ScoreKnockOut, ...]:
    """The knock-outs that are not in `others`. Waivers are ignored, because they do not change what was declared."""
    known = {_identity(entry) for entry in others}
    return tuple(entry for entry in found if _identity(entry) not in known)


def _identity(entry: ScoreKnockOut) -> tuple[object, ...]:
    return entry.code, entry.reason, entry.component_key, entry.dimension, entry.function_group
