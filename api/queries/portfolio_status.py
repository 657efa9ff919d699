"""Selects of the portfolio's status: a handful of statements, whatever the size, and one row for each lot or challenge.

Slip is worked out by the database here, over all milestones in one pass; what it means, `domain.colours` says, and a test
holds these selects against it.
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, Integer, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from api.reader import Reader, for_each_reader, readable
from domain.base import Audited
from domain.budget_lines import BudgetLine
from domain.challenges import Challenge
from domain.colours import MilestoneStatus
from domain.dependencies import Dependency, Safeguard
from domain.lots import Lot
from domain.milestones import Milestone
from domain.programmes import Programme
from domain.trials import Trial


class Days(FunctionElement[int]):
    """Days from the second day to the first."""

    inherit_cache = True
    name = "days"
    type = Integer()


@compiles(Days, "postgresql")
def _on_postgresql(element: Days, compiler: SQLCompiler, **given: Any) -> str:
    late, early = (compiler.process(day, **given) for day in element.clauses)
    return f"({late} - {early})"


@compiles(Days, "sqlite")
def _on_sqlite(element: Days, compiler: SQLCompiler, **given: Any) -> str:
    late, early = (compiler.process(day, **given) for day in element.clauses)
    return f"CAST(julianday({late}) - julianday({early}) AS INTEGER)"


@for_each_reader
def lots(reader: Reader) -> Select[Any]:
    """What is shown of the lots themselves, by code."""
    return _by_code(Lot, reader)


@for_each_reader
def challenges(reader: Reader) -> Select[Any]:
    """What is shown of the challenges themselves, by code."""
    return _by_code(Challenge, reader)


@for_each_reader
def standings(reader: Reader, parent: str) -> Select[Any]:
    """How lots (`lot_id`) or challenges (`challenge_id`) with milestones stand: counts, and slip against each baseline.

    `original_slip` is the worst of the milestones that give the colour, as `overall` chooses them; `original_failed` says
    whether one of them was not met. The same for `current`.
    """
    seen, due = readable(Milestone, reader), _first_due(reader, parent)
    columns: list[ColumnElement[Any]] = [
        func.count(case((seen.c.status == status, 1))).label(status.name.lower()) for status in MilestoneStatus
    ]
    for name, end in (("original", seen.c.original_end), ("current", seen.c.window_end)):
        judged = or_(seen.c.critical.is_(True), and_(_unmet(seen), end.is_not_distinct_from(due.c[name])))
        slip = _slip(seen, end, bindparam("today", reader.today, Date))
        any_judged = func.count(case((judged, 1))) > 0
        failed = and_(judged, seen.c.status == MilestoneStatus.NOT_MET, end.is_not(None))
        columns += [
            case((any_judged, func.max(case((judged, slip)))), else_=func.max(slip)).label(f"{name}_slip"),
            (func.count(case((failed, 1))) > 0).label(f"{name}_failed"),
        ]
    joined = seen.join(due, due.c[parent] == seen.c[parent])
    return select(seen.c[parent], *columns).select_from(joined).group_by(seen.c[parent])


@for_each_reader
def next_milestones(reader: Reader, parent: str) -> Select[Any]:
    """The milestones that are due next of each lot or challenge, the first of several first."""
    seen, due = readable(Milestone, reader), _first_due(reader, parent)
    names = (parent, "id", "key", "title", "window_start", "window_end", "forecast_start", "forecast_end")
    joined = seen.join(due, due.c[parent] == seen.c[parent])
    is_due = and_(_unmet(seen), seen.c.window_end.is_not_distinct_from(due.c.current))
    return select(*(seen.c[name] for name in names)).select_from(joined).where(is_due).order_by(seen.c.id)


def _first_due(reader: Reader, parent: str) -> FromClause:
    """The first end, against each baseline, of the milestones of each lot or challenge that are not met."""
    seen = readable(Milestone, reader)
    ends = {"original": seen.c.original_end, "current": seen.c.window_end}
    first = [func.min(case((_unmet(seen), end))).label(name) for name, end in ends.items()]
    return select(seen.c[parent], *first).where(seen.c[parent].is_not(None)).group_by(seen.c[parent]).subquery()


def _unmet(seen: FromClause) -> ColumnElement[bool]:
    return seen.c.status != MilestoneStatus.MET


def _slip(seen: FromClause, end: ColumnElement[Any], today: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same as `slip` of `domain.colours`."""
    achieved = and_(seen.c.status == MilestoneStatus.MET, seen.c.achieved_on.is_not(None))
    reached = case((seen.c.forecast_end > today, seen.c.forecast_end), else_=today)
    late = case((reached > end, Days(reached, end)), else_=0)
    return case((end.is_(None), None), (achieved, Days(seen.c.achieved_on, end)), else_=late)


def _by_code(kind: type[Audited], reader: Reader) -> Select[Any]:
    seen = readable(kind, reader)
    shown = [column for column in seen.c if column.name.startswith(("budget_", "delivery_confidence_"))]
    names = ("id", "programme_id", "key", "code", "title", "status")
    return select(*(seen.c[name] for name in names), *shown).order_by(seen.c.code)


def programmes(reader: Reader) -> Any:
    """The programmes, with their envelopes."""
    return readable(Programme, reader)


def budget_lines(reader: Reader) -> Any:
    """The budget lines."""
    return readable(BudgetLine, reader)


def trials(reader: Reader) -> Any:
    """The trials, with their windows."""
    return readable(Trial, reader)


def dependencies(reader: Reader) -> Select[Any]:
    """How many dependencies there are."""
    return select(func.count()).select_from(readable(Dependency, reader))


def safeguards(reader: Reader) -> Any:
    """The safeguards against them."""
    return readable(Safeguard, reader)
