"""What the peer (`bench.peer`) does with a session: each piece of work once, for the synchronous and the asynchronous driver."""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import Float, Integer, Row, Select, Subquery, and_, case, cast, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql import ColumnElement

from bench.peer_tables import (
    Amount,
    ApiKey,
    Assessment,
    AssessmentIn,
    AssessmentOut,
    AuditEvent,
    ColoursOut,
    Component,
    ComponentIn,
    Declaration,
    DeclarationIn,
    DeclarationOut,
    Lot,
    LotOut,
    LotPage,
    LotStatus,
    Milestone,
    MilestoneCounts,
    NextMilestone,
    ProgrammeSettings,
    SlipDaysOut,
    Status,
)
from domain.base import new_id
from domain.dates import day_of
from domain.portfolio.colours import BaselineColour, BothColours, MilestoneStatus, Progress, colour_of_slip, overall

AMBER_UP_TO_DAYS = 90
"""The threshold of a programme without settings."""
ROWS = 1000
"""Rows that are fetched at a time for a CSV."""
LINE = tuple(column.name for column in Component.__table__.columns if column.name not in {"component_set", "position"})
_LOT = tuple(column.name for column in Lot.__table__.columns)
_STATUS = ("id", "key", "code", "title", "status", "budget_cents", "budget_qualifier", "budget_fund")
_SIDES = {"original": Milestone.original_end, "current": Milestone.window_end}


def key_of(session: Session, secret: str) -> ApiKey | None:
    """The key with this secret; None if there is none, or if it was revoked or has expired."""
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    key = session.scalar(select(ApiKey).where(ApiKey.key_hash == hashed, ApiKey.revoked_at.is_(None)))
    if key is not None and key.expires_at is not None and key.expires_at <= datetime.now(UTC):
        return None
    return key


def one_lot(session: Session, lot_id: UUID) -> LotOut:
    """A lot."""
    lot = session.get(Lot, lot_id, options=[selectinload(Lot.milestones)])
    if lot is None:
        raise HTTPException(404, "there is no such lot")
    today = day_of(datetime.now(UTC))
    return _lot_out(lot, _thresholds(session, {lot.programme_id}, today), today)


def lots_after(session: Session, after: UUID, limit: int) -> LotPage:
    """The lots after an id."""
    query = select(Lot).where(Lot.id > after).order_by(Lot.id).limit(limit + 1).options(selectinload(Lot.milestones))
    lots = session.scalars(query).all()
    today = day_of(datetime.now(UTC))
    thresholds = _thresholds(session, {lot.programme_id for lot in lots}, today)
    items = [_lot_out(lot, thresholds, today) for lot in lots[:limit]]
    return LotPage(items=items, next_after=items[-1].id if len(lots) > limit else None)


def status_of(session: Session) -> Status:
    """The status of every lot."""
    today = day_of(datetime.now(UTC))
    lots = session.scalars(select(Lot).order_by(Lot.code)).all()
    thresholds = _thresholds(session, {lot.programme_id for lot in lots}, today)
    counts = _counts(session)
    first = _first_due()
    worst = {row.lot_id: row for row in session.execute(_worst_slips(session, first, today))}
    due = _next_due(session, first)
    return Status(
        lots=[
            LotStatus(
                **{name: getattr(lot, name) for name in _STATUS},
                **_colours(_from_slips(worst.get(lot.id), thresholds.get(lot.programme_id, AMBER_UP_TO_DAYS))),
                milestones=MilestoneCounts(**counts[lot.id]),
                next_milestone=due.get(lot.id),
            )
            for lot in lots
        ]
    )


def record(session: Session, milestone_id: UUID, given: AssessmentIn, key: ApiKey) -> AssessmentOut:
    """Records an assessment of a milestone, with an audit event."""
    milestone = session.get(Milestone, milestone_id)
    if milestone is None:
        raise HTTPException(404, "there is no such milestone")
    now = datetime.now(UTC)
    assessment = Assessment(id=new_id(), milestone_id=milestone.id, evidence=[], recorded_at=now, **given.model_dump())
    milestone.status = MilestoneStatus(given.outcome)
    milestone.achieved_on = given.achieved_on
    milestone.version += 1
    answer = AssessmentOut.model_validate(assessment)
    state = answer.model_dump(mode="json")
    session.add(assessment)
    session.add(
        AuditEvent(
            recorded_at=now,
            actor=f"key:{key.id}",
            role=key.role,
            request_id=str(new_id()),
            row_kind="assessments",
            row_id=assessment.id,
            version=1,
            changed=state,
            state=state,
        )
    )
    session.commit()
    return answer


def declare(session: Session, given: DeclarationIn) -> DeclarationOut:
    """Stores a declaration with its components."""
    own, component_set = new_id(), new_id()
    declaration = Declaration(
        id=own,
        series=own,
        supplier_id=given.supplier_id,
        lot_id=given.lot_id,
        price_cents=_cents(given.price),
        system_name=given.system.name,
        system_version=given.system.version,
        system_final_assembly_country=given.system.final_assembly_country,
        total_component_cost_cents=_cents(given.total_component_cost),
        design_authority=given.design_authority,
        dimensions=given.dimensions,
        component_set=component_set,
        component_count=len(given.components),
    )
    session.add(declaration)
    session.add_all(
        _component(component, component_set, position) for position, component in enumerate(given.components)
    )
    session.commit()
    return DeclarationOut.model_validate(declaration)


def components_of(session: Session, declaration_id: UUID) -> Select[Component]:
    """The select of a declaration's components, which are fetched some at a time."""
    declaration = session.get(Declaration, declaration_id)
    if declaration is None:
        raise HTTPException(404, "there is no such declaration")
    query = select(Component).where(Component.component_set == declaration.component_set).order_by(Component.position)
    return query.execution_options(yield_per=ROWS)


def csv_of(components: Sequence[Component]) -> str:
    """Components as lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([getattr(component, name) for name in LINE] for component in components)
    return text.getvalue()


def _component(given: ComponentIn, component_set: UUID, position: int) -> Component:
    return Component(
        component_set=component_set,
        position=position,
        unit_value=given.unit_value.amount if given.unit_value else None,
        evidence_level=given.evidence.level,
        evidence_expires_on=given.evidence.expires_on,
        evidence_uri=given.evidence.uri,
        evidence_sha256=given.evidence.sha256,
        **given.model_dump(exclude={"unit_value", "evidence"}),
    )


def _cents(amount: Amount | None) -> int | None:
    return int(Decimal(amount.amount) * 100) if amount else None


def _thresholds(session: Session, programmes: Collection[UUID], today: date) -> dict[UUID, int]:
    """How many days of slip are amber, by programme: the latest settings in effect."""
    query = (
        select(ProgrammeSettings)
        .where(ProgrammeSettings.programme_id.in_(programmes), ProgrammeSettings.effective_on <= today)
        .order_by(ProgrammeSettings.effective_on, ProgrammeSettings.id)
    )
    return {settings.programme_id: settings.amber_up_to_days for settings in session.scalars(query)}


def _lot_out(lot: Lot, thresholds: Mapping[UUID, int], today: date) -> LotOut:
    both = overall(
        milestones=[
            Progress(m.id, m.status, m.critical, m.original_end, m.window_end, m.forecast_end, m.achieved_on)
            for m in lot.milestones
        ],
        amber_up_to_days=thresholds.get(lot.programme_id, AMBER_UP_TO_DAYS),
        today=today,
    )
    return LotOut(**{name: getattr(lot, name) for name in _LOT}, **_colours(both))


def _colours(both: BothColours) -> dict[str, Any]:
    original, current = both.original, both.current
    return {
        "colours": ColoursOut(original=original.colour, current=current.colour),
        "slip_days": SlipDaysOut(original=original.slip_days, current=current.slip_days),
    }


def _from_slips(row: Row[Any] | None, amber: int) -> BothColours:
    """The colours for the worst slips of a lot; of a lot without milestones there is no row."""

    def against(side: str) -> BaselineColour:
        slip = None if row is None else getattr(row, f"slip_{side}")
        failed = row is not None and bool(getattr(row, f"failed_{side}"))
        return colour_of_slip(slip_days=slip, failed=failed, amber_up_to_days=amber)

    return BothColours(*map(against, _SIDES))


def _counts(session: Session) -> Mapping[UUID | None, dict[str, int]]:
    """How many milestones of each status each lot has."""
    counts: dict[UUID | None, dict[str, int]] = defaultdict(dict)
    query = (
        select(Milestone.lot_id, Milestone.status, func.count())
        .where(Milestone.lot_id.is_not(None))
        .group_by(Milestone.lot_id, Milestone.status)
    )
    for lot_id, status, count in session.execute(query):
        counts[lot_id][status.value] = count
    return counts


def _first_due() -> Subquery:
    """The first days on which windows of milestones not yet met end, by lot."""
    unmet = Milestone.status != MilestoneStatus.MET
    firsts = [func.min(case((unmet, end))).label(side) for side, end in _SIDES.items()]
    return select(Milestone.lot_id, *firsts).where(Milestone.lot_id.is_not(None)).group_by(Milestone.lot_id).subquery()


def _worst_slips(session: Session, first: Subquery, today: date) -> Select[Any]:
    """By lot the worst slip of the milestones that are critical or due next, and whether one of those failed."""
    met = Milestone.status == MilestoneStatus.MET
    reached = case((Milestone.forecast_end > today, Milestone.forecast_end), else_=literal(today))
    columns: list[ColumnElement[Any]] = []
    for side, end in _SIDES.items():
        slip = case(
            (met, _days(session, end, Milestone.achieved_on)),
            (reached > end, _days(session, end, reached)),
            (end.is_not(None), 0),
        )
        counts = or_(Milestone.critical.is_(True), and_(~met, end == first.c[side]))
        failed = and_(counts, Milestone.status == MilestoneStatus.NOT_MET)
        columns += [
            func.coalesce(func.max(case((counts, slip))), func.max(slip)).label(f"slip_{side}"),
            func.max(case((failed, 1), else_=0)).label(f"failed_{side}"),
        ]
    joined = select(Milestone.lot_id, *columns).join(first, first.c.lot_id == Milestone.lot_id)
    return joined.group_by(Milestone.lot_id)


def _days(session: Session, begin: Any, end: Any) -> ColumnElement[int]:
    """The days between two dates, which the databases write differently."""
    if session.get_bind().dialect.name == "sqlite":
        days = func.julianday(end, type_=Float) - func.julianday(begin, type_=Float)
        return cast(days, Integer)
    return type_coerce(end - begin, Integer)


def _next_due(session: Session, first: Subquery) -> dict[UUID | None, NextMilestone]:
    """The milestone of each lot that is due next."""
    query = (
        select(Milestone.lot_id, Milestone.id, Milestone.title, Milestone.window_end)
        .join(first, and_(first.c.lot_id == Milestone.lot_id, first.c.current == Milestone.window_end))
        .where(Milestone.status != MilestoneStatus.MET)
        .order_by(Milestone.id.desc())
    )
    return {
        lot_id: NextMilestone(id=own, title=title, window_end=end) for lot_id, own, title, end in session.execute(query)
    }
