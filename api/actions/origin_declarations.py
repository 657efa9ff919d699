"""Writes about origin declarations: drafting, changing, submitting and reviewing them, and what follows for their series."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.actions.scores import Case, newest_scheme, stored_lines
from api.actions.scoring_profiles import freeze_profile, hold_profile
from api.ledger import Write
from api.queries import origin_declarations as queries
from api.queries import scoring_profiles
from api.reader import load
from domain.base import new_id
from domain.challenges import Challenge
from domain.components import LINE, DeclaredComponent, GivenLines
from domain.declarations import (
    DeclarationStatus,
    OriginDeclaration,
    check_draft,
    check_parent,
    check_participation,
    check_review,
    check_revision,
    check_submission,
    system_of,
)
from domain.errors import Conflict, Fault, refuse
from domain.lots import Lot
from domain.reviews import Review, check_remarks, outcome_of
from domain.scores import StoredScore, stored_figures
from domain.scoring.tree import group_faults, statement_faults, total_faults
from domain.scoring_profiles import ScoringProfile, profile_of
from domain.submissions import Signatory, Submission
from domain.suppliers import Supplier


async def draft(write: Write, declaration: OriginDeclaration, given: GivenLines | None) -> OriginDeclaration:
    """Adds a draft, or the revision of a declaration, whose components it copies where none are given."""
    check_parent(lot_id=declaration.lot_id, challenge_id=declaration.challenge_id)
    await _find_parent(write, declaration)
    await load(write.session, Supplier, declaration.supplier_id, write.reader, {})
    check_participation(takes_part=await _takes_part(write, declaration))
    before = await _revised(write, declaration)
    row = OriginDeclaration(**{**declaration.model_dump(), **_continued(before, given)})
    faults = statement_faults(system=system_of(row.model_dump(), ()))
    faults += total_faults(total_cents=row.total_component_cost_cents, known_cents=row.components_cents)
    refuse([*faults, *await _line_faults(write, row, given)])
    if given is not None:
        row.component_set = await _add_lines(write, given)
    return await write.ledger.add(row)


async def change_declaration(write: Write, before: OriginDeclaration, values: Mapping[str, Any]) -> OriginDeclaration:
    """Changes what a draft says of the system as a whole."""
    check_draft(status=before.status)
    after = OriginDeclaration(**{**before.model_dump(), **values})
    faults = statement_faults(system=system_of(after.model_dump(), ()))
    faults += total_faults(total_cents=after.total_component_cost_cents, known_cents=after.components_cents)
    refuse(faults)
    return await write.revise(before, values)


async def replace_components(write: Write, before: OriginDeclaration, given: GivenLines) -> OriginDeclaration:
    """Gives a draft these components, and no others; the lines it had before stay where they are, in no declaration."""
    check_draft(status=before.status)
    too_much = total_faults(total_cents=before.total_component_cost_cents, known_cents=given.cents)
    faults = [Fault("/components", fault.detail) for fault in too_much]
    refuse([*faults, *await _line_faults(write, before, given)])
    return await write.ledger.change(before, {**given.columns, "component_set": await _add_lines(write, given)})


async def submit(write: Write, declaration_id: UUID, representative: Mapping[str, Any]) -> Submission:
    """Submits a draft: who signed it, its score of today, and from then on it is immutable.

    Freezes the profile it is scored on, and supersedes the returned declaration that it revises.
    """
    row = await write.load(OriginDeclaration, declaration_id)
    before = None if row.revises is None else await write.load(OriginDeclaration, row.revises)
    profile = await hold_profile(write, row.lot_id, row.challenge_id)
    takes_part = await _takes_part(write, row)
    check_submission(status=row.status, has_profile=profile is not None, takes_part=takes_part)
    assert profile is not None
    submission = await write.ledger.add(Submission(declaration_id=row.id, submitted_at=write.now))
    await write.ledger.add(Signatory(submission_id=submission.id, **representative))
    await write.ledger.add(await _score(write, row, profile))
    await freeze_profile(write, profile)
    await write.ledger.change(row, {"status": DeclarationStatus.SUBMITTED})
    if before is not None and before.status is DeclarationStatus.RETURNED:
        await write.ledger.change(before, {"status": DeclarationStatus.SUPERSEDED})
    return submission


async def review(write: Write, declaration_id: UUID, review: Review) -> Review:
    """Accepts or returns a submitted declaration; an accepted one supersedes the one accepted before in its series."""
    row = await write.load(OriginDeclaration, declaration_id)
    check_review(status=row.status)
    keys = await write.session.execute(queries.component_keys(write.reader, row.component_set))
    check_remarks(component_keys=[remark["componentKey"] for remark in review.remarks], known=set(keys.scalars()))
    accepted = (await write.session.execute(queries.accepted_of(write.reader, row.series))).scalars().all()
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
        await load(write.session, Lot, declaration.lot_id, write.reader, {})
    elif declaration.challenge_id is not None:
        await load(write.session, Challenge, declaration.challenge_id, write.reader, {})


async def _takes_part(write: Write, row: OriginDeclaration) -> bool:
    parts = queries.participation(write.reader, row.supplier_id, row.lot_id, row.challenge_id)
    return (await write.session.execute(parts)).first() is not None


async def _revised(write: Write, declaration: OriginDeclaration) -> OriginDeclaration | None:
    """The declaration that a new one revises, held so that nobody else revises it at the same moment."""
    if declaration.revises is None:
        return None
    await write.check_references({"/revises": (OriginDeclaration, "id", declaration.revises)})
    before = await write.load(OriginDeclaration, declaration.revises)
    found = (await write.session.execute(queries.revision_of(write.reader, before.id))).first()
    check_revision(before=before, after=declaration, is_revised=found is not None)
    return before


def _continued(before: OriginDeclaration | None, given: GivenLines | None) -> dict[str, Any]:
    """The columns that a declaration takes from the one it revises, and those that tell of its own components."""
    taken: dict[str, Any] = {}
    if before is not None:
        taken = {"series": before.series, "revision": before.revision + 1}
        copied = ("component_set", "component_count", "components_digest", "components_cents")
        taken |= {name: getattr(before, name) for name in copied}
    return taken if given is None else {**taken, "component_set": None, **given.columns}


async def _line_faults(write: Write, row: OriginDeclaration, given: GivenLines | None) -> Sequence[Fault]:
    """What is wrong with components by themselves, and beside the profile where there is one."""
    if given is None:
        return []
    statement = scoring_profiles.profile_of(write.reader, row.lot_id, row.challenge_id)
    profile = (await write.session.execute(statement)).mappings().one_or_none()
    if profile is None:
        return given.faults
    strays = group_faults(components=given.lines.components, profile=profile_of(profile))
    return [*given.faults, *strays]


async def _add_lines(write: Write, given: GivenLines) -> UUID | None:
    """Adds components as a new set; None where there are none."""
    if not given.lines.rows:
        return None
    component_set = new_id()
    rows = [(str(component_set), position, *row) for position, row in enumerate(given.lines.rows)]
    await write.ledger.add_lines(DeclaredComponent, ("component_set", "position", *LINE), rows)
    return component_set


async def _score(write: Write, row: OriginDeclaration, profile: ScoringProfile) -> StoredScore:
    """The score of today, to be stored; worked out in a thread."""
    lines = await stored_lines(write.session, write.reader, row)
    wanted = profile_of(profile.model_dump())
    strays = group_faults(components=lines.components, profile=wanted)
    if strays:
        raise Conflict("the profile has changed since these components were written; write them again", strays)
    scheme = await newest_scheme(write.session, write.reader)
    case = Case(*scheme, wanted, system_of(row.model_dump(), lines.components), row.price_cents)
    score, body = await asyncio.to_thread(case.on, write.today)
    figures = stored_figures(score=score, body=body, total_cents=row.total_component_cost_cents)
    return StoredScore(declaration_id=row.id, **figures)
