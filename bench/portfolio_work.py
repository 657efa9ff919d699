"""The data work of lots, of the status and of an assessment, as the floor and the raw limit do it: the statements, and colours.

The status is one statement that passes over the milestones once and works out slip in the database, as somebody would write
it who has nothing but speed in mind; the bench holds its colours against those of the service before it measures.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from bench.data_work import PAGE
from bench.databases import Kind
from domain.base import moment_text, new_id
from domain.colours import MilestoneStatus, Progress, overall
from domain.dates import day_of
from domain.ledger import AuditEvent, table_of
from domain.lots import Lot
from domain.milestones import Assessment
from domain.programmes import AMBER_UP_TO_DAYS

Step = tuple[str, Sequence[Any]]
"""A statement and its parameters."""
_LOT = ", ".join(f'"{column.name}"' for column in table_of(Lot).columns)
_JSON = ("principles", "cooperation", "references", "readings")
_PROGRESS = "id, lot_id, status, critical, original_end, window_end, forecast_end, achieved_on"
_ASSESSMENT = tuple(column.name for column in table_of(Assessment).columns)
_EVENT = tuple(column.name for column in table_of(AuditEvent).columns if column.name != "seq")
_STATUSES = {"scheduled": "scheduled", "met": "met", "partially_met": "partiallyMet", "not_met": "notMet"}


class GivenAssessment(TypedDict):
    """An assessment, with no more than its types."""

    outcome: str
    assessedOn: str
    achievedOn: str
    narrative: str


READS_ASSESSMENT: TypeAdapter[GivenAssessment] = TypeAdapter(GivenAssessment)


@dataclass(frozen=True, slots=True)
class PortfolioStatements:
    """Every statement of this data work, in the words of one kind of database."""

    lot: str
    progress_of_lot: str
    lots: str
    progress_of_lots: str
    status: str
    assess: str
    follow: str
    tell: str


@cache
def portfolio_statements(kind: Kind) -> PortfolioStatements:
    """The statements for a kind of database. Those of lots take today's date first."""
    mark = "?" if kind == "sqlite" else "%s"
    lots = f"SELECT {_LOT}, {_amber(mark)} AS amber FROM lots"
    page = f"WHERE id > {mark} ORDER BY id LIMIT"
    return PortfolioStatements(
        lot=f"{lots} WHERE id = {mark}",
        progress_of_lot=f"SELECT {_PROGRESS} FROM milestones WHERE lot_id = {mark}",
        lots=f"{lots} {page} {PAGE + 1}",
        progress_of_lots=f"SELECT {_PROGRESS} FROM milestones WHERE lot_id IN (SELECT id FROM lots {page} {PAGE})",
        status=_status(kind, mark),
        assess=_insert("assessments", _ASSESSMENT, mark),
        follow=f"UPDATE milestones SET status = {mark}, achieved_on = {mark}, version = version + 1 WHERE id = {mark}",
        tell=_insert("audit_events", _EVENT, mark),
    )


def lots_of(
    rows: Iterable[dict[str, Any]], milestones: Iterable[Mapping[str, Any]], today: date
) -> list[dict[str, Any]]:
    """Lots with the worst of their milestones against both baselines, from their rows."""
    own: dict[Any, list[Progress]] = defaultdict(list)
    for row in milestones:
        own[row["lot_id"]].append(_progress(row))
    return [_with_colours(row, own[row["id"]], today) for row in rows]


def status_of(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of the status, from the rows of its statement."""
    lines = []
    for row in rows:
        amber = row.pop("amber") or AMBER_UP_TO_DAYS
        slips = {side: row.pop(f"slip_{side}") for side in ("original", "current")}
        failed = {side: row.pop(f"failed_{side}") for side in slips}
        colours = {side: _colour(slip, amber, failed=bool(failed[side])) for side, slip in slips.items()}
        counts = {name: row.pop(name) for name in _STATUSES}
        lines.append({**row, "colours": colours, "slipDays": slips, "milestones": counts})
    return lines


def assessment_of(raw: bytes, milestone_id: str, kind: Kind) -> tuple[str, list[Step]]:
    """The id and the statements of an assessment that is recorded: itself, its milestone, and one row of audit."""
    body, own, now = READS_ASSESSMENT.validate_json(raw), str(new_id()), moment_text(datetime.now(UTC))
    columns: dict[str, Any] = {
        "id": own,
        "version": 1,
        "milestone_id": milestone_id,
        "outcome": body["outcome"],
        "assessed_on": body["assessedOn"],
        "achieved_on": body["achievedOn"],
        "narrative": body["narrative"],
        "evidence": "[]",
        "recorded_at": now,
    }
    state = json.dumps(columns)
    event = {
        "recorded_at": now,
        "actor": "bench",
        "role": "programmeOffice",
        "request_id": own,
        "row_kind": "assessments",
        "row_id": own,
        "version": 1,
        "changed": state,
        "state": state,
    }
    statements = portfolio_statements(kind)
    return own, [
        (statements.assess, [columns.get(name) for name in _ASSESSMENT]),
        (statements.follow, [body["outcome"], body["achievedOn"], milestone_id]),
        (statements.tell, [event.get(name) for name in _EVENT]),
    ]


def today() -> date:
    """The day in Europe/Amsterdam."""
    return day_of(datetime.now(UTC))


def _insert(table: str, names: Sequence[str], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(mark for _ in names)})"


def _amber(mark: str) -> str:
    return (
        "(SELECT s.amber_up_to_days FROM programme_settings s WHERE s.programme_id = lots.programme_id"
        f" AND s.effective_on <= {mark} ORDER BY s.effective_on DESC, s.id DESC LIMIT 1)"
    )


def _status(kind: Kind, mark: str) -> str:
    """Lots by code with counts, worst slips and what is due next; it takes today's date twice."""
    sqlite = kind == "sqlite"
    latest, text = ("max" if sqlite else "greatest"), ("" if sqlite else "::text")
    counts = ", ".join(
        f"count(CASE WHEN m.status = '{value}' THEN 1 END) AS {name}" for name, value in _STATUSES.items()
    )

    def days(late: str, early: str) -> str:
        return f"CAST(julianday({late}) - julianday({early}) AS integer)" if sqlite else f"({late} - {early})"

    def against(side: str, end: str) -> str:
        judged = f"(m.critical OR (m.status <> 'met' AND {end} = d.due_{side}))"
        slip = (
            f"CASE WHEN m.status = 'met' THEN {days('m.achieved_on', end)} ELSE {latest}(0,"
            f" {days(f'{latest}(t.day, coalesce(m.forecast_end, t.day))', end)}) END"
        )
        return (
            f"coalesce(max(CASE WHEN {judged} THEN {slip} END), max({slip})) AS slip_{side},"
            f" max(CASE WHEN {judged} AND m.status = 'notMet' THEN 1 ELSE 0 END) AS failed_{side}"
        )

    return (
        "WITH d AS (SELECT lot_id, min(CASE WHEN status <> 'met' THEN original_end END) AS due_original,"
        " min(CASE WHEN status <> 'met' THEN window_end END) AS due_current"
        " FROM milestones WHERE lot_id IS NOT NULL GROUP BY lot_id),"
        f" t AS (SELECT CAST({mark} AS {'text' if sqlite else 'date'}) AS day),"
        f" g AS (SELECT m.lot_id, {counts}, {against('original', 'm.original_end')}, {against('current', 'm.window_end')},"
        f" min(CASE WHEN m.status <> 'met' AND m.window_end = d.due_current THEN m.id{text} END) AS next_id"
        " FROM milestones m JOIN d ON d.lot_id = m.lot_id CROSS JOIN t GROUP BY m.lot_id)"
        f" SELECT lots.id, lots.key, lots.code, lots.title, lots.status, budget_cents, budget_qualifier, budget_fund,"
        f" {_amber(mark)} AS amber, {', '.join(f'g.{name}' for name in _STATUSES)}, g.slip_original, g.failed_original,"
        " g.slip_current, g.failed_current, n.id AS next_id, n.title AS next_title, n.window_end AS next_end"
        f" FROM lots LEFT JOIN g ON g.lot_id = lots.id LEFT JOIN milestones n ON n.id = g.next_id{'' if sqlite else '::uuid'}"
        " ORDER BY lots.code"
    )


def _progress(row: Mapping[str, Any]) -> Progress:
    return Progress(
        id=row["id"] if isinstance(row["id"], UUID) else UUID(row["id"]),
        status=MilestoneStatus(row["status"]),
        critical=row["critical"],
        original_end=_day(row["original_end"]),
        current_end=_day(row["window_end"]),
        forecast_end=_day(row["forecast_end"]),
        achieved_on=_day(row["achieved_on"]),
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _with_colours(row: dict[str, Any], milestones: Sequence[Progress], day: date) -> dict[str, Any]:
    both = overall(milestones=milestones, amber_up_to_days=row.pop("amber") or AMBER_UP_TO_DAYS, today=day)
    sides = {"original": both.original, "current": both.current}
    read = {name: json.loads(row[name]) for name in _JSON if isinstance(row[name], str)}
    return {
        **row,
        **read,
        "colours": {side: standing.colour for side, standing in sides.items()},
        "slipDays": {side: standing.slip_days for side, standing in sides.items()},
    }


def _colour(slip: int | None, amber: int, *, failed: bool) -> str:
    if slip is None:
        return "grey"
    if failed or slip > amber:
        return "red"
    return "amber" if slip > 0 else "green"
