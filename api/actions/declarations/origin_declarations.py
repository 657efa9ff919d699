"""Writes of origin declarations: drafting, changing and reviewing them, and superseding earlier ones of their series."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.actions.declarations.component_statements import attachment_faults
from api.actions.scoring.scores import waivers_of
from api.intake.checking import CheckedUpload
from api.queries.access.audit_events import author_of
from api.queries.declarations import origin_declarations as queries
from api.queries.scoring import scoring_profiles
from api.store.ledger import Write
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.declarations.component_columns import ROW, DeclaredComponent
from domain.declarations.components import CheckedLines
from domain.declarations.origin_declarations import (
    DeclarationStatus,
    OriginDeclaration,
    check_draft,
    check_parent,
    check_participation,
    check_review,
    check_revision,
    check_withdrawable,
    system_of,
)
from domain.declarations.reviews import Review, ReviewVerdict, check_knock_outs, check_remarks, outcome_of
from domain.errors import Fault, refuse
from domain.permissions import check_second_actor
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.suppliers import Supplier
from domain.scoring.scores import with_waivers
from domain.scoring.scoring_profiles import profile_of
from domain.scoring.tree import group_faults, statement_faults, total_faults


async def draft(write: Write, declaration: OriginDeclaration, given: CheckedLines | None) -> OriginDeclaration:
    """Adds a draft, or a revision of a declaration, which keeps the components of that declaration if none are given."""
    check_parent(lot_id=declaration.lot_id, challenge_id=declaration.challenge_id)
    await _find_parent(write, declaration)
    await load(write.session, Supplier, declaration.supplier_id, write.context, {})
    check_participation(takes_part=await takes_part(write, declaration))
    before = await _load_revised(write, declaration)
    row = OriginDeclaration(**{**declaration.model_dump(), **_inherited_columns(before, given)})
    of_lines = [] if given is None else given.faults
    of_references = [] if given is None else await _reference_faults(write.session, write.context, row, given)
    refuse([*_system_faults(row), *of_lines, *of_references])
    await _add_lines(write, given)
    return await write.ledger.add(row)


async def change_declaration(write: Write, before: OriginDeclaration, values: Mapping[str, Any]) -> OriginDeclaration:
    """Changes what a draft declares about the system as a whole."""
    check_draft(status=before.status)
    after = OriginDeclaration(**{**before.model_dump(), **values})
    refuse(_system_faults(after))
    return await write.update_if_changed(before, values)


async def withdraw(write: Write, declaration_id: UUID, reason: str | None) -> OriginDeclaration:
    """Withdraws a draft, or a submitted declaration that was not reviewed yet: it is no longer ranked."""
    row = await write.load(OriginDeclaration, declaration_id)
    check_withdrawable(status=row.status)
    return await write.ledger.change(row, {"status": DeclarationStatus.WITHDRAWN}, reason=reason)


async def replace_components(write: Write, before: OriginDeclaration, checked: CheckedUpload) -> OriginDeclaration:
    """Replaces the components of a draft; the lines it had before are deleted, unless an earlier revision has them.

    Raises RefusedLines, with the report, where one of them cannot be used.
    """
    check_draft(status=before.status)
    checked.add_faults(await faults_in_declaration(write.session, write.context, before, checked.lines))
    checked.refuse()
    await _add_lines(write, checked.lines)
    rate = checked.parsed.exchange_rate
    after = await write.ledger.change(before, {**checked.lines.columns, "conversion": rate.stated if rate else None})
    await _delete_unused_lines(write, before.component_set)
    return after


async def review(write: Write, declaration_id: UUID, review: Review, *, four_eyes: bool) -> Review:
    """Accepts or returns a submitted declaration; an accepted one supersedes the one accepted before in its series.

    Refuses to accept one with standing knock-outs, and with `four_eyes` the actor that submitted it.
    """
    row = await write.load(OriginDeclaration, declaration_id)
    check_review(status=row.status)
    if four_eyes:
        await _check_reviewer(write, row)
    keys = await write.session.execute(queries.component_keys(write.context, row.component_set))
    check_remarks(component_keys=[remark["componentKey"] for remark in review.remarks], known=set(keys.scalars()))
    if review.verdict is ReviewVerdict.ACCEPTED:
        await _check_knock_outs(write, row)
    accepted = (await write.session.execute(queries.accepted_of(write.context, row.series))).scalars().all()
    await write.ledger.add(review)
    outcome = outcome_of(review.verdict)
    await write.ledger.change(row, {"status": outcome})
    for earlier in accepted if outcome is DeclarationStatus.ACCEPTED else ():
        before = await write.load(OriginDeclaration, earlier)
        await write.ledger.change(before, {"status": DeclarationStatus.SUPERSEDED})
    return review


async def _check_reviewer(write: Write, row: OriginDeclaration) -> None:
    submission = (await write.session.execute(queries.submission_of(write.context, row.id))).scalar_one()
    author = (await write.session.execute(author_of(write.context, submission))).scalar_one()
    second = write.context.actor.name
    check_second_actor(first=author, second=second, done="submitted this declaration", needed="review it")


async def _check_knock_outs(write: Write, row: OriginDeclaration) -> None:
    """Judges the knock-outs of the stored score with the waivers that are in force today, as a ranking does."""
    score = (await write.session.execute(queries.stored_score(write.context, row.id))).mappings().one()
    waivers = (await waivers_of(write.session, write.context, [row.id])).get(row.id, ())
    shown = with_waivers(score["knock_outs"], waivers, write.today)
    check_knock_outs(standing=[entry for entry in shown if "waiver" not in entry])


async def _find_parent(write: Write, declaration: OriginDeclaration) -> None:
    """Raises NotFound where the lot or challenge does not exist, or the actor may not see it."""
    if declaration.lot_id is not None:
        await load(write.session, Lot, declaration.lot_id, write.context, {})
    elif declaration.challenge_id is not None:
        await load(write.session, Challenge, declaration.challenge_id, write.context, {})


async def takes_part(write: Write, row: OriginDeclaration) -> bool:
    """Whether the supplier of a declaration takes part today in its lot or challenge."""
    parts = queries.participation(write.context, row.supplier_id, row.lot_id, row.challenge_id)
    return (await write.session.execute(parts)).first() is not None


async def _load_revised(write: Write, declaration: OriginDeclaration) -> OriginDeclaration | None:
    """The declaration that a new one revises, locked so that nobody else revises it at the same moment."""
    if declaration.revises is None:
        return None
    await write.check_references({"/revises": (OriginDeclaration, "id", declaration.revises)})
    before = await write.load(OriginDeclaration, declaration.revises)
    found = (await write.session.execute(queries.revision_of(write.context, before.id))).first()
    check_revision(before=before, after=declaration, is_revised=found is not None)
    return before


def _inherited_columns(before: OriginDeclaration | None, given: CheckedLines | None) -> dict[str, Any]:
    """The columns that a declaration copies from the one it revises, and those about its own components, if it has any."""
    checked: dict[str, Any] = {}
    if before is not None:
        checked = {"series": before.series, "revision": before.revision + 1}
        copied = ("component_set", "component_count", "components_digest", "components_cents", "conversion")
        checked |= {name: getattr(before, name) for name in copied}
    return checked if given is None else {**checked, **given.columns, "conversion": None}


def _system_faults(row: OriginDeclaration) -> list[Fault]:
    """What is wrong with what a declaration says of the system as a whole, and with its total, given its components' value."""
    too_much = total_faults(total_cents=row.total_component_cost_cents, known_cents=row.components_cents)
    return [*statement_faults(system=system_of(row.model_dump(), ())), *too_much]


async def faults_in_declaration(
    session: Session, context: ReadContext, row: OriginDeclaration, given: CheckedLines
) -> Sequence[Fault]:
    """What is wrong with components in the declaration they are for.

    They can be worth more than its total, be in a function group that its profile lacks, or name a statement they may not.
    """
    too_much = total_faults(total_cents=row.total_component_cost_cents, known_cents=given.cents)
    of_total = [Fault("/components", fault.detail) for fault in too_much]
    return [*of_total, *await _reference_faults(session, context, row, given)]


async def _reference_faults(
    session: Session, context: ReadContext, row: OriginDeclaration, given: CheckedLines
) -> Sequence[Fault]:
    """Components in a function group that the profile lacks, or with a component statement that they may not name."""
    attached = await attachment_faults(session, context, row.supplier_id, given)
    statement = scoring_profiles.of_parent(context, row.lot_id, row.challenge_id)
    profile = (await session.execute(statement)).mappings().one_or_none()
    if profile is None:
        return attached
    # Not in the queue for large work: waiting there would hold the database.
    of_groups = await asyncio.to_thread(group_faults, tree=given.tree, profile=profile_of(profile))
    return [*of_groups, *attached]


async def _add_lines(write: Write, given: CheckedLines | None) -> None:
    if given is not None and given.rows:
        await write.ledger.add_lines(DeclaredComponent, ROW, given.stored())


async def _delete_unused_lines(write: Write, component_set: UUID | None) -> None:
    """Deletes the lines that a draft no longer has, unless an earlier revision has them too."""
    if component_set is None:
        return
    users = await write.session.execute(queries.declarations_with(write.context, component_set))
    if users.first() is None:
        await write.session.execute(queries.delete_lines(component_set))
