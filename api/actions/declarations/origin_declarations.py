"""Writes about origin declarations: drafting, changing, submitting and reviewing them, and what follows for their series."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.actions.declarations.component_statements import attachment_faults
from api.intake.checking import CheckedUpload
from api.queries.declarations import origin_declarations as queries
from api.queries.scoring import scoring_profiles
from api.store.database import Session
from api.store.ledger import Write
from api.store.loading import load
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
    system_of,
)
from domain.declarations.reviews import Review, check_remarks, outcome_of
from domain.errors import Fault, refuse
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.portfolio.suppliers import Supplier
from domain.scoring.scoring_profiles import profile_of
from domain.scoring.tree import group_faults, statement_faults, total_faults


async def draft(write: Write, declaration: OriginDeclaration, given: CheckedLines | None) -> OriginDeclaration:
    """Adds a draft, or the revision of a declaration, whose components it copies where none are given."""
    check_parent(lot_id=declaration.lot_id, challenge_id=declaration.challenge_id)
    await _find_parent(write, declaration)
    await load(write.session, Supplier, declaration.supplier_id, write.context, {})
    check_participation(takes_part=await takes_part(write, declaration))
    before = await _revised(write, declaration)
    row = OriginDeclaration(**{**declaration.model_dump(), **_continued(before, given)})
    by_themselves = [] if given is None else given.faults
    strays = [] if given is None else await _strays(write.session, write.context, row, given)
    refuse([*_stated_faults(row), *by_themselves, *strays])
    await _add_lines(write, given)
    return await write.ledger.add(row)


async def change_declaration(write: Write, before: OriginDeclaration, values: Mapping[str, Any]) -> OriginDeclaration:
    """Changes what a draft says of the system as a whole."""
    check_draft(status=before.status)
    after = OriginDeclaration(**{**before.model_dump(), **values})
    refuse(_stated_faults(after))
    return await write.update_if_changed(before, values)


async def replace_components(write: Write, before: OriginDeclaration, checked: CheckedUpload) -> OriginDeclaration:
    """Gives a draft these components, and no others; the lines it had before are forgotten.

    Raises RefusedLines, with the report, where one of them cannot be used.
    """
    check_draft(status=before.status)
    checked.add_faults(await beside_faults(write.session, write.context, before, checked.lines))
    checked.refuse()
    await _add_lines(write, checked.lines)
    after = await write.ledger.change(before, checked.lines.columns)
    await _forget_lines(write, before.component_set)
    return after


async def review(write: Write, declaration_id: UUID, review: Review) -> Review:
    """Accepts or returns a submitted declaration; an accepted one supersedes the one accepted before in its series."""
    row = await write.load(OriginDeclaration, declaration_id)
    check_review(status=row.status)
    keys = await write.session.execute(queries.component_keys(write.context, row.component_set))
    check_remarks(component_keys=[remark["componentKey"] for remark in review.remarks], known=set(keys.scalars()))
    accepted = (await write.session.execute(queries.accepted_of(write.context, row.series))).scalars().all()
    await write.ledger.add(review)
    outcome = outcome_of(review.verdict)
    await write.ledger.change(row, {"status": outcome})
    for earlier in accepted if outcome is DeclarationStatus.ACCEPTED else ():
        before = await write.load(OriginDeclaration, earlier)
        await write.ledger.change(before, {"status": DeclarationStatus.SUPERSEDED})
    return review


async def _find_parent(write: Write, declaration: OriginDeclaration) -> None:
    """Raises NotFound where the lot or challenge is not there, or not for the actor."""
    if declaration.lot_id is not None:
        await load(write.session, Lot, declaration.lot_id, write.context, {})
    elif declaration.challenge_id is not None:
        await load(write.session, Challenge, declaration.challenge_id, write.context, {})


async def takes_part(write: Write, row: OriginDeclaration) -> bool:
    """Whether the supplier of a declaration takes part today in what it is for."""
    parts = queries.participation(write.context, row.supplier_id, row.lot_id, row.challenge_id)
    return (await write.session.execute(parts)).first() is not None


async def _revised(write: Write, declaration: OriginDeclaration) -> OriginDeclaration | None:
    """The declaration that a new one revises, held so that nobody else revises it at the same moment."""
    if declaration.revises is None:
        return None
    await write.check_references({"/revises": (OriginDeclaration, "id", declaration.revises)})
    before = await write.load(OriginDeclaration, declaration.revises)
    found = (await write.session.execute(queries.revision_of(write.context, before.id))).first()
    check_revision(before=before, after=declaration, is_revised=found is not None)
    return before


def _continued(before: OriginDeclaration | None, given: CheckedLines | None) -> dict[str, Any]:
    """The columns that a declaration takes from the one it revises, and those that tell of its own components."""
    checked: dict[str, Any] = {}
    if before is not None:
        checked = {"series": before.series, "revision": before.revision + 1}
        copied = ("component_set", "component_count", "components_digest", "components_cents")
        checked |= {name: getattr(before, name) for name in copied}
    return checked if given is None else {**checked, **given.columns}


def _stated_faults(row: OriginDeclaration) -> list[Fault]:
    """What is wrong with what a declaration says of the system as a whole, beside the worth of its components."""
    too_much = total_faults(total_cents=row.total_component_cost_cents, known_cents=row.components_cents)
    return [*statement_faults(system=system_of(row.model_dump(), ())), *too_much]


async def beside_faults(
    session: Session, context: ReadContext, row: OriginDeclaration, given: CheckedLines
) -> Sequence[Fault]:
    """What is wrong with components beside the declaration they are for.

    Beside its total, in the profile of its lot or challenge, and in the statements that they name.
    """
    too_much = total_faults(total_cents=row.total_component_cost_cents, known_cents=given.cents)
    within = [Fault("/components", fault.detail) for fault in too_much]
    return [*within, *await _strays(session, context, row, given)]


async def _strays(
    session: Session, context: ReadContext, row: OriginDeclaration, given: CheckedLines
) -> Sequence[Fault]:
    """The components in a function group that the profile does not have, or with a statement that is not theirs to name."""
    attached = await attachment_faults(session, context, row.supplier_id, given)
    statement = scoring_profiles.of_parent(context, row.lot_id, row.challenge_id)
    profile = (await session.execute(statement)).mappings().one_or_none()
    if profile is None:
        return attached
    # Not in the queue of large work: what waits there would hold the database.
    strays = await asyncio.to_thread(group_faults, components=given.components, profile=profile_of(profile))
    return [*strays, *attached]


async def _add_lines(write: Write, given: CheckedLines | None) -> None:
    if given is not None and given.rows:
        await write.ledger.add_lines(DeclaredComponent, ROW, given.stored())


async def _forget_lines(write: Write, component_set: UUID | None) -> None:
    """Deletes the lines that a draft no longer has, unless an earlier revision has them too."""
    if component_set is None:
        return
    users = await write.session.execute(queries.users_of(write.context, component_set))
    if users.first() is None:
        await write.session.execute(queries.forget_lines(component_set))
