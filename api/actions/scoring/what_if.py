"""What if: the score of a stored declaration with some of its statements replaced. Nothing is stored.

A given line replaces the whole line with its key, a given dimension the one of its name, and a given design authority the
declared one. The total changes by as much as the replaced leaves do, so that the residual, which no component accounts for,
stays the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import scheme_for, scheme_of_version
from api.actions.scoring.scores import RenderedScore, ScoringInput, in_turn, rendered, stored_input
from api.queries.declarations import origin_declarations as queries
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.declarations.origin_declarations import OriginDeclaration, system_of
from domain.errors import Conflict, Fault, refuse
from domain.scoring.algorithm import Algorithm
from domain.scoring.inputs import ComponentInput, DesignAuthority, Dimension, System
from domain.scoring.results import Score
from domain.scoring.texts.languages import Language
from domain.scoring.tree import (
    DeclaredTree,
    component_faults,
    group_faults,
    known_cents,
    statement_faults,
    total_faults,
    value_cents,
)

_OF_LINE = re.compile(r"/components/([0-9]+)(/.*)?")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A what-if request about a stored declaration. None means: as declared; for `day` it means today."""

    declaration_id: UUID
    replacements: Sequence[ComponentInput]
    dimensions: Sequence[Dimension]
    design_authority: DesignAuthority | None
    price_cents: int | None
    day: date | None


def whole_of(dimensions: Sequence[Mapping[str, Any]], authority: Mapping[str, Any] | None) -> System:
    """Dimensions and design authority, given in the form of columns, as a system to be scored."""
    columns = {
        "total_component_cost_cents": None,
        "system_final_assembly_country": None,
        "dimensions": dimensions,
        "design_authority": authority,
    }
    return system_of(columns, ())


async def what_if(session: Session, context: ReadContext, request: WhatIf, language: Language) -> RenderedScore:
    """The score of a declaration with some statements replaced.

    Raises NotFound for one that the reader may not see, Conflict where there is no profile to score it on, and BrokenRule
    with everything that is wrong with the replacements.
    """
    found = await load(session, OriginDeclaration, request.declaration_id, context, {})
    async with in_turn(session, context, found) as declaration:
        scheme = await _scheme_of(session, context, declaration)
        scoring_input = await stored_input(session, context, declaration, scheme)
        if scoring_input is None:
            raise Conflict(
                "the lot or challenge has no scoring profile yet; ask again when the programme office has published it,"
                " or give a profile and a declaration instead"
            )
        await session.release()
        return await run_in_worker(
            _rendered, scoring_input, request, request.day or context.today, language, lines=scoring_input.lines
        )


async def _scheme_of(session: Session, context: ReadContext, declaration: OriginDeclaration) -> Algorithm:
    """The scheme of its stored score, so that the two can be compared; for a draft, the one it would be scored with."""
    stored = (await session.execute(queries.stored_score(context, declaration.id))).mappings().one_or_none()
    if stored is None:
        return await scheme_for(session, context, declaration.lot_id, declaration.challenge_id)
    return await scheme_of_version(session, context, stored["scheme_version"])


def _rendered(scoring_input: ScoringInput, request: WhatIf, day: date, language: Language) -> RenderedScore:
    before = scoring_input.system
    given = {component.key: component for component in request.replacements}
    lines = tuple(given.get(line.key, line) for line in before.components)
    replaced = {declared.dimension for declared in request.dimensions}
    unchanged = tuple(declared for declared in before.dimensions if declared.dimension not in replaced)
    after = replace(
        before,
        components=lines,
        total_cents=_moved_total(before, lines),
        dimensions=(*unchanged, *request.dimensions),
        design_authority=request.design_authority or before.design_authority,
    )
    refuse([*_key_faults(before.components, request.replacements), *_faults(scoring_input, after, request)])
    price = scoring_input.price_cents if request.price_cents is None else request.price_cents
    declared = _without_explanation(scoring_input.score_on(day)) if _replaces(request) else None
    return rendered(replace(scoring_input, system=after, price_cents=price), day, None, language, declared)


def _replaces(request: WhatIf) -> bool:
    """Whether a request replaces anything that a score is computed from."""
    return bool(request.replacements or request.dimensions or request.design_authority)


def _without_explanation(score: Score) -> Score:
    """A score without its lines, which take a hundred times as much memory as all else."""
    return replace(score, explanation=())


def _moved_total(before: System, lines: Sequence[ComponentInput]) -> int | None:
    """The total, changed by the difference in value of each replaced leaf whose value is known before and after."""
    if not before.total_cents:
        return before.total_cents
    nodes = {line.parent_key for line in (*before.components, *lines)}
    moved = 0
    for old, new in zip(before.components, lines, strict=True):
        worth = value_cents(old), value_cents(new)
        if old is not new and old.key not in nodes and worth[0] is not None and worth[1] is not None:
            moved += worth[1] - worth[0]
    return before.total_cents + moved


def _key_faults(lines: Sequence[ComponentInput], replacements: Sequence[ComponentInput]) -> Iterator[Fault]:
    """Faults of replacements of a line that does not exist, or that is replaced already."""
    keys, seen = {line.key for line in lines}, set()
    for place, component in enumerate(replacements):
        if component.key not in keys:
            detail = f"the declaration has no component {component.key}; give the key of one of its lines"
            yield Fault(f"/replacements/{place}/key", detail)
        elif component.key in seen:
            yield Fault(f"/replacements/{place}/key", f"{component.key} is listed twice; replace each line only once")
        seen.add(component.key)


def _faults(scoring_input: ScoringInput, after: System, request: WhatIf) -> list[Fault]:
    """What is wrong with the changed system; each fault points to the replacement it is in, if it is in one."""
    places = {component.key: place for place, component in enumerate(request.replacements)}
    of_lines = [
        *component_faults(components=after.components),
        *group_faults(tree=DeclaredTree.of(after.components), profile=scoring_input.profile),
    ]
    too_much = total_faults(total_cents=after.total_cents, known_cents=known_cents(after.components))
    return [
        *(_in_replacement(fault, after.components, places) for fault in of_lines),
        *(
            Fault("/replacements", f"{fault.detail}; leave a value out, or replace a costlier line")
            for fault in too_much
        ),
        *statement_faults(system=System(None, dimensions=tuple(request.dimensions))),
    ]


def _in_replacement(fault: Fault, lines: Sequence[ComponentInput], places: Mapping[str, int]) -> Fault:
    """A fault of a line as a fault of its replacement; where the line is not replaced, the message names it."""
    found = _OF_LINE.fullmatch(fault.pointer)
    assert found is not None, "lines are what was looked at"
    line = lines[int(found[1])]
    if line.key in places:
        return Fault(f"/replacements/{places[line.key]}{found[2] or ''}", fault.detail)
    return Fault("/replacements", f"{line.key}, which is not replaced: {fault.detail}; replace that line too")
