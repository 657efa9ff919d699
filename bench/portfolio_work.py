"""The data work of lots, of the status and of an assessment, as the floor and the raw limit do it: the statements, and colours.

Lots and the status take one statement each, which computes slip in the database in one pass over the milestones, written for
speed only. Before it measures, the bench checks that these colours are those of the service.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from bench.data_work import PAGE
from bench.databases import Kind
from domain.base import moment_text, new_id
from domain.dates import day_of
from domain.ledger import AuditEvent, table_of
from domain.portfolio.lots import Lot
from domain.portfolio.milestones import Assessment
from domain.portfolio.programmes import AMBER_UP_TO_DAYS

Step = tuple[str, Sequence[Any]]
"""A statement and its parameters."""
_LOT = ", ".join(f'"{column.name}"' for column in table_of(Lot).columns)
_JSON = ("principles", "cooperation", "references", "readings")
_SLIPS = "g.slip_original, g.failed_original, g.slip_current, g.failed_current"
_ASSESSMENT = tuple(column.name for column in table_of(Assessment).columns)
_EVENT = tuple(column.name for column in table_of(AuditEvent).columns if column.name != "seq")
_STATUSES = {"scheduled": "scheduled", "met": "met", "partially_met": "partiallyMet", "not_met": "notMet"}


class AssessmentBody(TypedDict):
    """An assessment in a request body; only its types are checked."""

    outcome: str
    assessedOn: str
    achievedOn: str
    narrative: str


PARSE_ASSESSMENT: TypeAdapter[AssessmentBody] = TypeAdapter(AssessmentBody)


@dataclass(frozen=True, slots=True)
class PortfolioStatements:
    """Every SQL statement of this data work, in the dialect of one kind of database."""

    lot: str
    lots: str
    status: str
    assess: str
    update_milestone: str
    audit: str


@cache
def portfolio_statements(kind: Kind) -> PortfolioStatements:
    """The statements for a kind of database. `lot` and `lots` take four parameters: an id, today twice, and the id again."""
    mark = "?" if kind == "sqlite" else "%s"
    page = f"WHERE id > {mark} ORDER BY id LIMIT"
    return PortfolioStatements(
        lot=_lots(kind, mark, f"lot_id = {mark}", f"WHERE id = {mark}"),
        lots=_lots(kind, mark, f"lot_id IN (SELECT id FROM lots {page} {PAGE})", f"{page} {PAGE + 1}"),
        status=_status(kind, mark),
        assess=_insert("assessments", _ASSESSMENT, mark),
        update_milestone=f"UPDATE milestones SET status = {mark}, achieved_on = {mark}, version = version + 1 WHERE id = {mark}",
        audit=_insert("audit_events", _EVENT, mark),
    )


def lots_of(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lots with both colours, from their rows; SQLite gives JSON as text."""
    read = ({**row, **{name: json.loads(row[name]) for name in _JSON if isinstance(row[name], str)}} for row in rows)
    return [_with_colours(row) for row in read]


def status_of(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of the status, from the rows of its statement."""
    return [{**_with_colours(row), "milestones": {name: row.pop(name) for name in _STATUSES}} for row in rows]


def assessment_of(raw: bytes, milestone_id: str, kind: Kind) -> tuple[str, list[Step]]:
    """The id of a new assessment, and the statements that record it: the assessment, its milestone, and one audit event."""
    body, assessment_id, now = PARSE_ASSESSMENT.validate_json(raw), str(new_id()), moment_text(datetime.now(UTC))
    columns: dict[str, Any] = {
        "id": assessment_id,
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
        "request_id": assessment_id,
        "row_kind": "assessments",
        "row_id": assessment_id,
        "version": 1,
        "changed": state,
        "state": state,
    }
    statements = portfolio_statements(kind)
    return assessment_id, [
        (statements.assess, [columns.get(name) for name in _ASSESSMENT]),
        (statements.update_milestone, [body["outcome"], body["achievedOn"], milestone_id]),
        (statements.audit, [event.get(name) for name in _EVENT]),
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


def _lots(kind: Kind, mark: str, among: str, where: str) -> str:
    """Lots with all their columns and the worst slips of their milestones."""
    return (
        f"{_milestones_by_lot(kind, mark, among)} SELECT {_LOT}, {_amber(mark)} AS amber, {_SLIPS}"
        f" FROM lots LEFT JOIN g ON g.lot_id = lots.id {where}"
    )


def _status(kind: Kind, mark: str) -> str:
    """Lots by code with counts, worst slips and the milestone that is due next; its parameters are today's date, twice."""
    next_id = "g.next_id" if kind == "sqlite" else "g.next_id::uuid"
    return (
        f"{_milestones_by_lot(kind, mark, 'lot_id IS NOT NULL')}"
        " SELECT lots.id, lots.key, lots.code, lots.title, lots.status, budget_cents, budget_qualifier, budget_fund,"
        f" {_amber(mark)} AS amber, {', '.join(f'g.{name}' for name in _STATUSES)}, {_SLIPS},"
        " n.id AS next_id, n.title AS next_title, n.window_end AS next_end"
        f" FROM lots LEFT JOIN g ON g.lot_id = lots.id LEFT JOIN milestones n ON n.id = {next_id} ORDER BY lots.code"
    )


def _milestones_by_lot(kind: Kind, mark: str, among: str) -> str:
    """The WITH clause that gives `g`: counts, worst slips and next milestone per lot, over the milestones that `among` selects.

    Its last parameter is today's date.
    """
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
        f" FROM milestones WHERE {among} GROUP BY lot_id),"
        f" t AS (SELECT CAST({mark} AS {'text' if sqlite else 'date'}) AS day),"
        f" g AS (SELECT m.lot_id, {counts}, {against('original', 'm.original_end')}, {against('current', 'm.window_end')},"
        f" min(CASE WHEN m.status <> 'met' AND m.window_end = d.due_current THEN m.id{text} END) AS next_id"
        " FROM milestones m JOIN d ON d.lot_id = m.lot_id CROSS JOIN t GROUP BY m.lot_id)"
    )


def _with_colours(row: dict[str, Any]) -> dict[str, Any]:
    amber = row.pop("amber") or AMBER_UP_TO_DAYS
    slips = {side: row.pop(f"slip_{side}") for side in ("original", "current")}
    failed = {side: row.pop(f"failed_{side}") for side in slips}
    colours = {side: _colour(slip, amber, failed=bool(failed[side])) for side, slip in slips.items()}
    return {**row, "colours": colours, "slipDays": slips}


def _colour(slip: int | None, amber: int, *, failed: bool) -> str:
    if slip is None:
        return "grey"
    if failed or slip > amber:
        return "red"
    return "amber" if slip > 0 else "green"
