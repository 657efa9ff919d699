"""Simulations (simulaties): what a scheme would do to all active declarations, stored as evidence for a decision.

Each declaration is scored under its own scheme and under the simulated one, on the day of its stored score, so that only
the scheme differs. A complete simulation and its results never change; the row of a simulation holds the digest and count of
its results. What changes within one score belongs to `movements`, how a long simulation is carried out to `simulation_runs`.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from domain.base import MAX_TITLE, Audited, Columns, Id, UtcDateTime, column, json_type, one_of
from domain.declarations.components import digest_of_rows
from domain.scoring.exact import decimals, signed
from domain.scoring.movements import MOST_KNOCK_OUTS, LineShift, Movement
from domain.scoring.rankings import ranks
from domain.scoring.results import ScoreKnockOut, ScoreLine
from domain.scoring.score_schemes import MAX_VERSION
from domain.scoring.scores import MAX_FIGURE

FIGURES = (
    "compared", "moved_up", "moved_down", "unchanged", "knocked_out", "relieved", "rank_changes", "by_parent",
    "results_digest",
)  # fmt: skip
"""The columns that every complete simulation has, and no other."""


class SimulationStatus(StrEnum):
    """Whether a simulation is still being computed (running), has all its results, or was given up."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"


class Simulation(Audited, table=True):
    """A scheme tried on every declaration that was active at `simulated_at`, when it was asked for.

    `by_parent` is the summary of each lot and challenge; `failure` says why there are no figures. It changes once, when it
    ends; the databases refuse any other change.
    """

    __tablename__ = "simulations"
    __table_args__ = (
        sa.CheckConstraint(
            f"(status = 'complete' AND {' AND '.join(f'{name} IS NOT NULL' for name in FIGURES)})"
            f" OR (status <> 'complete' AND {' AND '.join(f'{name} IS NULL' for name in FIGURES)})",
            name="figures",
        ),
        sa.CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name="failure"),
    )

    scheme_id: UUID = Field(sa_type=column(Id), foreign_key="score_schemes.id", index=True)
    simulated_at: datetime = Field(sa_type=column(UtcDateTime))
    compared: int | None = None
    moved_up: int | None = None
    moved_down: int | None = None
    unchanged: int | None = None
    largest_rise: str | None = Field(default=None, max_length=MAX_FIGURE)
    largest_fall: str | None = Field(default=None, max_length=MAX_FIGURE)
    mean_difference: str | None = Field(default=None, max_length=MAX_FIGURE)
    knocked_out: int | None = None
    relieved: int | None = None
    rank_changes: int | None = None
    by_parent: list[dict[str, Any]] | None = Field(default=None, sa_type=json_type())
    results_digest: str | None = Field(default=None, max_length=64)
    status: SimulationStatus = Field(sa_type=one_of(SimulationStatus, "status"))
    failure: str | None = Field(default=None, max_length=MAX_TITLE)


class SimulationResult(Columns, table=True):
    """The result for one declaration. `position` orders results by their difference, the largest fall first.

    `added` and `removed` list the knock-outs that would appear and disappear, up to a limit; their counts are complete.
    """

    __tablename__ = "simulation_results"
    __table_args__ = (sa.PrimaryKeyConstraint("simulation_id", "position"),)
    simulation_id: UUID = Field(primary_key=True, sa_type=column(Id))
    position: int = Field(primary_key=True)
    declaration_id: UUID = Field(sa_type=column(Id))
    supplier_id: UUID = Field(sa_type=column(Id))
    lot_id: UUID | None = Field(default=None, sa_type=column(Id))
    challenge_id: UUID | None = Field(default=None, sa_type=column(Id))
    reference_date: date
    scheme_before: str = Field(max_length=MAX_VERSION)
    score_before: str | None = Field(default=None, max_length=MAX_FIGURE)
    score_after: str | None = Field(default=None, max_length=MAX_FIGURE)
    difference: str | None = Field(default=None, max_length=MAX_FIGURE)
    points_difference: str | None = Field(default=None, max_length=MAX_FIGURE)
    adjustment_before: str = Field(max_length=MAX_FIGURE)
    adjustment_after: str = Field(max_length=MAX_FIGURE)
    rank_before: int | None = None
    rank_after: int | None = None
    criteria: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    causes: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    verdicts: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    added_count: int
    removed_count: int
    added: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    removed: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())


DETAILS = ("criteria", "causes", "verdicts", "added_count", "removed_count", "added", "removed")
"""The columns of a result that say what changed within the score, and why."""
RESULT = (
    "declaration_id", "supplier_id", "lot_id", "challenge_id", "reference_date", "scheme_before", "score_before",
    "score_after", "difference", "points_difference", "adjustment_before", "adjustment_after", "rank_before", "rank_after",
    *DETAILS,
)  # fmt: skip
"""The columns of a result, in order, without its simulation and position."""
DIGESTED = RESULT.index("removed")
"""How many columns of `RESULT` enter the digest: all but the last, because stored digests were made that way."""
ROW = ("simulation_id", "position", *RESULT)
"""All columns of a result."""


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """A declaration under one of the two schemes. `price_cents` is the fictitious price, None if it is not ranked."""

    score: str | None
    adjustment: str
    price_cents: int | None
    is_knocked_out: bool


@dataclass(frozen=True, slots=True)
class ComparedDeclaration:
    """A declaration under both schemes. `details` are the columns in `DETAILS`, in storage form."""

    declaration_id: UUID
    supplier_id: UUID
    lot_id: UUID | None
    challenge_id: UUID | None
    reference_date: date
    scheme_before: str
    before: ComparedSide
    after: ComparedSide
    score: Fraction | None
    exact: Fraction | None
    details: Mapping[str, Any]

    @property
    def parent(self) -> tuple[UUID | None, UUID | None]:
        """The lot or challenge it is for."""
        return self.lot_id, self.challenge_id

    @property
    def moved(self) -> Fraction:
        """The difference in its score, 0 if it cannot be assessed under one of the schemes."""
        return self.score or Fraction(0)


@dataclass(frozen=True, slots=True)
class SimulationOutcome:
    """A simulation to store: the columns of its row, and its results in storage form."""

    columns: Mapping[str, Any]
    rows: Sequence[tuple[Any, ...]]


def details(movement: Movement) -> dict[str, Any]:
    """What changed and why, as columns of a result in storage form."""
    shown = {
        "criteria": [
            {
                "criterion": name,
                "before": decimals(shift.before, 4),
                "after": decimals(shift.after, 4),
                "difference": signed(shift.difference, 4),
            }
            for name, shift in movement.criteria.items()
        ],
        "causes": [_cause(shift) for shift in movement.causes],
        "verdicts": [{"verdict": name, "before": old, "after": new} for name, (old, new) in movement.verdicts.items()],
        "added": [_knock_out(entry) for entry in movement.added[:MOST_KNOCK_OUTS]],
        "removed": [_knock_out(entry) for entry in movement.removed[:MOST_KNOCK_OUTS]],
    }
    counts = {"added_count": len(movement.added), "removed_count": len(movement.removed)}
    return counts | {
        name: json.dumps(value, separators=(",", ":"), ensure_ascii=False) for name, value in shown.items()
    }


def outcome_of(compared: Sequence[ComparedDeclaration], simulation_id: UUID) -> SimulationOutcome:
    """The simulation to store, from its declarations under both schemes: the largest fall first, ties by declaration."""
    ordered = sorted(compared, key=lambda each: (each.moved, str(each.declaration_id)))
    ranked = _ranked(ordered)
    rows = [_row(each, *ranked[each.declaration_id]) for each in ordered]
    own = str(simulation_id)
    columns = {
        "status": SimulationStatus.COMPLETE,
        **_summary(ordered),
        "knocked_out": sum(each.after.is_knocked_out and not each.before.is_knocked_out for each in ordered),
        "relieved": sum(each.before.is_knocked_out and not each.after.is_knocked_out for each in ordered),
        "rank_changes": sum(before != after for before, after in ranked.values()),
        "by_parent": _by_parent(ordered, ranked),
        "results_digest": digest_of_rows(rows, DIGESTED),
    }
    return SimulationOutcome(columns, [(own, position, *row) for position, row in enumerate(rows)])


def _ranked(compared: Sequence[ComparedDeclaration]) -> dict[UUID, tuple[int | None, int | None]]:
    """The rank of each declaration in its lot or challenge, before and after."""
    found: dict[UUID, tuple[int | None, int | None]] = {}
    for rivals in _grouped(compared).values():
        before = ranks([each.before.price_cents for each in rivals])
        after = ranks([each.after.price_cents for each in rivals])
        found |= {each.declaration_id: pair for each, pair in zip(rivals, zip(before, after, strict=True), strict=True)}
    return found


def _grouped(
    compared: Sequence[ComparedDeclaration],
) -> dict[tuple[UUID | None, UUID | None], list[ComparedDeclaration]]:
    found: dict[tuple[UUID | None, UUID | None], list[ComparedDeclaration]] = defaultdict(list)
    for each in compared:
        found[each.parent].append(each)
    return found


def _row(each: ComparedDeclaration, rank_before: int | None, rank_after: int | None) -> tuple[Any, ...]:
    ids = (each.declaration_id, each.supplier_id, each.lot_id, each.challenge_id)
    return (
        *(own and str(own) for own in ids),
        each.reference_date.isoformat(),
        each.scheme_before,
        each.before.score,
        each.after.score,
        None if each.score is None else signed(each.score, 1),
        None if each.exact is None else signed(each.exact, 4),
        each.before.adjustment,
        each.after.adjustment,
        rank_before,
        rank_after,
        *(each.details[name] for name in DETAILS),
    )


def _summary(compared: Sequence[ComparedDeclaration]) -> dict[str, Any]:
    """How many scores rise and fall, and by how much. The mean is over those with a score under both schemes."""
    moves = [each.moved for each in compared]
    known = [each.score for each in compared if each.score is not None]
    rises, falls = [move for move in moves if move > 0], [move for move in moves if move < 0]
    return {
        "compared": len(moves),
        "moved_up": len(rises),
        "moved_down": len(falls),
        "unchanged": len(moves) - len(rises) - len(falls),
        "largest_rise": signed(max(rises), 1) if rises else None,
        "largest_fall": signed(min(falls), 1) if falls else None,
        "mean_difference": signed(sum(known, Fraction(0)) / len(known), 4) if known else None,
    }


def _by_parent(
    compared: Sequence[ComparedDeclaration], ranked: Mapping[UUID, tuple[int | None, int | None]]
) -> list[dict[str, Any]]:
    """The summary of each lot and challenge as JSON, in the order of their ids."""
    names = {
        "compared": "compared", "movedUp": "moved_up", "movedDown": "moved_down", "unchanged": "unchanged",
        "largestRise": "largest_rise", "largestFall": "largest_fall", "meanDifference": "mean_difference",
    }  # fmt: skip
    lines = []
    for (lot_id, challenge_id), rivals in sorted(_grouped(compared).items(), key=lambda group: str(group[0])):
        summary = _summary(rivals)
        lines.append(
            {
                "lotId": lot_id and str(lot_id),
                "challengeId": challenge_id and str(challenge_id),
                **{shown: summary[name] for shown, name in names.items()},
                "rankChanges": sum(len(set(ranked[each.declaration_id])) - 1 for each in rivals),
            }
        )
    return lines


def _cause(shift: LineShift) -> dict[str, Any]:
    line = shift.line
    return {
        "criterion": line.criterion,
        "componentKey": line.component_key,
        "dimension": line.dimension,
        "functionGroup": line.function_group,
        "before": decimals(shift.before, 4),
        "after": decimals(shift.after, 4),
        "difference": signed(shift.difference, 4),
        "causeBefore": _code(shift.line_before),
        "causeAfter": _code(shift.line_after),
    }


def _code(line: ScoreLine | None) -> str | None:
    return None if line is None else line.cause.code


def _knock_out(entry: ScoreKnockOut) -> dict[str, Any]:
    return {
        "code": entry.code,
        "reason": entry.reason,
        "componentKey": entry.component_key,
        "dimension": entry.dimension,
        "functionGroup": entry.function_group,
    }
