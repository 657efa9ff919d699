"""Compares two revisions of a declaration: loads both, and renders what differs, in a thread."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import scheme_for, scheme_of_version
from api.actions.scoring.scores import LINES_PER_FETCH, RenderedScore, ScoringInput, in_turn
from api.queries.declarations import origin_declarations as queries
from api.queries.scoring import scoring_profiles
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.declarations.changes import (
    KINDS,
    SYSTEM_PARTS,
    Changes,
    Effect,
    LineDifferences,
    Revision,
    RevisionScore,
    changes_between,
)
from domain.declarations.components import PackedRows, components_of, stored_line
from domain.declarations.origin_declarations import OriginDeclaration, check_revised, system_of
from domain.errors import BrokenRule, Fault
from domain.scoring.algorithm import Algorithm
from domain.scoring.comparison import rendered_comparison
from domain.scoring.exact import signed
from domain.scoring.inputs import Profile
from domain.scoring.results import ScoreKnockOut
from domain.scoring.scoring_profiles import profile_of

Basis = tuple[Algorithm, Profile, date]
"""What both revisions are scored with: scheme, profile and reference date."""


async def changes_of(
    session: Session, context: ReadContext, declaration: OriginDeclaration, against: UUID | None, limit: int
) -> RenderedScore:
    """What a declaration changed in comparison with the one it revises, or with an earlier one of its series.

    Raises Conflict where it revises nothing, and BrokenRule where `against` is not an earlier one.
    """
    found = await _earlier(session, context, declaration, against)
    async with in_turn(session, context, declaration) as newer, in_turn(session, context, found) as before:
        rows = await _rows(session, context, newer.component_set)
        is_same = before.component_set == newer.component_set
        earlier_rows = rows if is_same else await _rows(session, context, before.component_set)
        basis = await _basis(session, context, newer)
        await session.release()
        lines = len(rows) + len(earlier_rows)
        return await run_in_worker(_rendered, (before, earlier_rows), (newer, rows), basis, limit, lines=lines)


async def _earlier(
    session: Session, context: ReadContext, declaration: OriginDeclaration, against: UUID | None
) -> OriginDeclaration:
    if against is None:
        return await load(session, OriginDeclaration, check_revised(revises=declaration.revises), context, {})
    found = queries.earlier_revision(context, declaration.series, declaration.revision, against)
    row = (await session.execute(found)).mappings().one_or_none()
    if row is None:
        raise BrokenRule.at(
            Fault("/query/against", "is not an earlier revision of this declaration; give the id of one")
        )
    return OriginDeclaration.of_row(row)


async def _rows(session: Session, context: ReadContext, component_set: UUID | None) -> PackedRows:
    found = PackedRows()
    async with session.stream(queries.lines(context, component_set)) as result:
        async for rows in result.partitions(LINES_PER_FETCH):
            await run_in_worker(_add, found, rows, lines=0)
    return found


def _add(found: PackedRows, rows: Sequence[Mapping[str, Any]]) -> None:
    found.extend(map(stored_line, rows))


async def _basis(session: Session, context: ReadContext, newer: OriginDeclaration) -> Basis | None:
    """The scheme and date of the newer one's stored score, or those of today; None where there is no scoring profile."""
    found = scoring_profiles.of_parent(context, newer.lot_id, newer.challenge_id)
    profile = (await session.execute(found)).mappings().one_or_none()
    if profile is None:
        return None
    stored = (await session.execute(queries.stored_score(context, newer.id))).mappings().one_or_none()
    if stored is None:
        current = await scheme_for(session, context, newer.lot_id, newer.challenge_id)
        return current, profile_of(profile), context.today
    scheme = await scheme_of_version(session, context, stored["scheme_version"])
    return scheme, profile_of(profile), stored["reference_date"]


WithRows = tuple[OriginDeclaration, PackedRows]


def _rendered(before: WithRows, after: WithRows, basis: Basis | None, limit: int) -> RenderedScore:
    earlier, newer = before[0], after[0]
    changes = changes_between(_revision(*before, basis), _revision(*after, basis), limit=limit)
    body = {
        "declarationId": str(newer.id),
        "revision": newer.revision,
        "againstId": str(earlier.id),
        "againstRevision": earlier.revision,
        **_shown(changes, limit),
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return RenderedScore(text, hashlib.sha256(text).hexdigest())


def _revision(declaration: OriginDeclaration, rows: PackedRows, basis: Basis | None) -> Revision:
    columns = declaration.model_dump()
    return Revision(columns, rows, None if basis is None else _score(columns, rows, basis))


def _score(columns: Mapping[str, Any], rows: PackedRows, basis: Basis) -> RevisionScore:
    """The score of a revision, of which one at a time is in memory with its explanation."""
    scheme, profile, day = basis
    system = system_of(columns, components_of(rows))
    return RevisionScore.of(ScoringInput(scheme, profile, system, price_cents=None).score_on(day))


def _shown(changes: Changes, limit: int) -> dict[str, Any]:
    lines = {kind: _lines(changes.lines[kind]) for kind in KINDS}
    return {
        "lines": {**lines, "unchanged": changes.unchanged},
        "system": [_field_change(change) for change in changes.system],
        "effect": changes.effect and _effect(changes.effect, limit),
    }


def _lines(differences: LineDifferences) -> dict[str, Any]:
    items = [
        {
            "key": line.key,
            "name": line.name,
            "points": _gained(line.points),
            "fields": [_field_change(change) for change in line.fields],
        }
        for line in differences.lines
    ]
    return {"count": differences.count, "points": _gained(differences.points), "items": items}


def _field_change(change: Any) -> dict[str, Any]:
    return {"field": change.field, "before": change.before, "after": change.after}


def _effect(effect: Effect, limit: int) -> dict[str, Any]:
    attribution = effect.attribution
    return {
        "schemeVersion": effect.scheme_version,
        "countryListVersion": effect.country_list_version,
        "referenceDate": effect.reference_date.isoformat(),
        **rendered_comparison(effect.figures),
        "knockOuts": {
            "came": _knock_outs(effect.added_knock_outs, limit),
            "went": _knock_outs(effect.removed_knock_outs, limit),
        },
        "attribution": attribution and {part: _gained(attribution[part]) for part in (*KINDS, *SYSTEM_PARTS)},
    }


def _gained(points: Fraction | None) -> str | None:
    """Points gained, or lost below 0."""
    return None if points is None else signed(points, 4)


def _knock_outs(entries: Sequence[ScoreKnockOut], limit: int) -> dict[str, Any]:
    return {"count": len(entries), "items": [_knock_out(entry) for entry in entries[:limit]]}


def _knock_out(entry: ScoreKnockOut) -> dict[str, Any]:
    places = {
        "componentKey": entry.component_key,
        "dimension": entry.dimension and entry.dimension.value,
        "functionGroup": entry.function_group,
    }
    present = {name: value for name, value in places.items() if value is not None}
    return {"code": entry.code.value, "reason": entry.reason.value, **present}
