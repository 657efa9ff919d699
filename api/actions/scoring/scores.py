"""Computes the score of a declaration: from stored rows, or from a preview that is not stored."""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import requested_scheme, scheme_of_version
from api.queries.declarations import origin_declarations as queries
from api.queries.declarations.waivers import newest_first
from api.queries.scoring import scoring_profiles
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import is_large, run_in_worker, turn
from domain.declarations.components import components_of, stored_line
from domain.declarations.origin_declarations import OriginDeclaration, system_of
from domain.declarations.waivers import waiver_of
from domain.errors import Conflict, Fault, refuse
from domain.scoring.algorithm import Algorithm
from domain.scoring.comparison import ComparedScores, rendered_comparison
from domain.scoring.inputs import ComponentInput, Profile, System, WaiverInput
from domain.scoring.profiles import profile_faults
from domain.scoring.results import Score
from domain.scoring.scores import differing_figures, stored_figures, without_waivers
from domain.scoring.scoring_profiles import profile_of
from domain.scoring.texts.languages import Language
from domain.scoring.tree import DeclaredTree, group_faults, statement_faults, total_faults

LINES_PER_FETCH = 2000
"""Lines fetched at once, before other requests get a turn."""
log = logging.getLogger("apos.scores")


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """A preview to be scored, with everything that is wrong with it.

    `day` None means today, `scheme_version` None the scheme in force; `scheme_at` is the pointer to the version.
    """

    profile: Profile
    system: System
    faults: Sequence[Fault]
    price_cents: int | None
    day: date | None
    scheme_version: str | None = None
    scheme_at: str = "/schemeVersion"


@dataclass(frozen=True, slots=True)
class RenderedScore:
    """The JSON body of a score, and the SHA-256 of its bytes, which is the ETag."""

    body: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class ScoringInput:
    """Everything that a score is computed from, except the day."""

    algorithm: Algorithm
    profile: Profile
    system: System
    price_cents: int | None
    waivers: Sequence[WaiverInput] = ()

    @property
    def lines(self) -> int:
        """The number of lines, which is how much work scoring is."""
        return len(self.system.components)

    def score_on(self, day: date) -> Score:
        """The score on a day. Raises BrokenRule where the system or the profile is invalid."""
        return self.algorithm.score(
            self.profile, self.system, price_cents=self.price_cents, reference_date=day, waivers=self.waivers
        )

    def score_and_body(self, day: date, language: Language = Language.EN) -> tuple[Score, dict[str, Any]]:
        """The score on a day, and its JSON body. Raises BrokenRule where the system or the profile is invalid."""
        score = self.score_on(day)
        return score, self.algorithm.show(score, language)

    def advice(self, knock_outs: Sequence[Mapping[str, Any]], day: date, language: Language) -> Mapping[str, Any]:
        """The part of a score that is never stored: its knock-outs, also in words, and what would raise it most."""
        improvements = self.algorithm.advise(self.profile, self.system, reference_date=day)
        return self.algorithm.show_advice(knock_outs, improvements, language)

    def with_scheme(self, algorithm: Algorithm) -> "ScoringInput":
        """The same input with another scheme."""
        return replace(self, algorithm=algorithm)


@asynccontextmanager
async def in_turn(
    session: Session, context: ReadContext, declaration: OriginDeclaration
) -> AsyncIterator[OriginDeclaration]:
    """Waits for a turn where a declaration is large, without a connection, and gives the declaration as it is then."""
    lines = declaration.component_count
    async with turn_to_read(session, lines):
        yield await load(session, OriginDeclaration, declaration.id, context, {}) if is_large(lines) else declaration


@asynccontextmanager
async def turn_to_read(session: Session, lines: int) -> AsyncIterator[None]:
    """Waits for a turn to read so many lines and work on them; where they are many, in another snapshot than before."""
    if is_large(lines):
        await session.release()
    async with turn(lines=lines):
        yield


async def stored_input(
    session: Session,
    context: ReadContext,
    declaration: OriginDeclaration,
    scheme: Algorithm,
    waiver_ids: Collection[UUID] | None = None,
) -> ScoringInput | None:
    """The input to score a declaration with a scheme; None where its lot or challenge has no profile.

    `waiver_ids` are the waivers that count, None for all that were recorded.
    """
    found = scoring_profiles.of_parent(context, declaration.lot_id, declaration.challenge_id)
    profile = (await session.execute(found)).mappings().one_or_none()
    if profile is None:
        return None
    components = await _components(session, context, declaration.component_set)
    system = system_of(declaration.model_dump(), components)
    waivers = (await waivers_of(session, context, [declaration.id], waiver_ids)).get(declaration.id, ())
    return ScoringInput(scheme, profile_of(profile), system, declaration.price_cents, waivers)


async def waivers_of(
    session: Session,
    context: ReadContext,
    declaration_ids: Collection[UUID],
    waiver_ids: Collection[UUID] | None = None,
) -> Mapping[UUID, Sequence[WaiverInput]]:
    """The waivers of declarations by their ids, newest first: for each knock-out, the first one in force counts.

    With `waiver_ids`, only those among them.
    """
    found: dict[UUID, list[WaiverInput]] = defaultdict(list)
    for row in (await session.execute(newest_first(context, declaration_ids))).mappings():
        if waiver_ids is None or row["id"] in waiver_ids:
            found[row["declaration_id"]].append(waiver_of(dict(row)))
    return found


async def _components(session: Session, context: ReadContext, component_set: UUID | None) -> Sequence[ComponentInput]:
    found: list[ComponentInput] = []
    async with session.stream(queries.lines(context, component_set)) as result:
        async for rows in result.partitions(LINES_PER_FETCH):
            found += await run_in_worker(_components_of_rows, rows, lines=0)
    return found


def _components_of_rows(rows: Sequence[Mapping[str, Any]]) -> Sequence[ComponentInput]:
    return components_of(map(stored_line, rows))


def figures_on(scoring_input: ScoringInput, day: date) -> dict[str, Any]:
    """The columns of a stored score for a day. Raises Conflict where the profile lacks a function group."""
    strays = group_faults(tree=DeclaredTree.of(scoring_input.system.components), profile=scoring_input.profile)
    if strays:
        raise Conflict(
            "the scoring profile has changed since these components were stored; correct them and send them again",
            strays,
        )
    score, body = scoring_input.score_and_body(day)
    return stored_figures(score=score, body=body, total_cents=scoring_input.system.total_cents)


async def submitted_input(
    session: Session, context: ReadContext, declaration: OriginDeclaration
) -> tuple[Mapping[str, Any], ScoringInput] | None:
    """The stored score of a declaration, and the input for scores on other days; None for a draft."""
    stored = (await session.execute(queries.stored_score(context, declaration.id))).mappings().one_or_none()
    if stored is None:
        return None
    scheme = await scheme_of_version(session, context, stored["scheme_version"])
    scoring_input = await stored_input(session, context, declaration, scheme)
    assert scoring_input is not None, "what was submitted has a profile, for good"
    return stored, scoring_input


async def score_of(
    session: Session, context: ReadContext, declaration: OriginDeclaration, day: date | None, language: Language
) -> RenderedScore:
    """The stored score of a declaration with its explanation, or its score on another day with the stored scheme.

    Raises Conflict where the declaration was not submitted.
    """
    async with in_turn(session, context, declaration) as current:
        submitted = await submitted_input(session, context, current)
        if submitted is None:
            raise Conflict(
                "this declaration is a draft and has no score until it is submitted; ask for a preview instead"
            )
        stored, scoring_input = submitted
        stored_day: date = stored["reference_date"]
        of_stored = stored if day is None or day == stored_day else None
        await session.release()
        return await run_in_worker(
            rendered, scoring_input, day or stored_day, of_stored, language, lines=scoring_input.lines
        )


def score_request(
    *,
    profile: Profile,
    system: System,
    faults: Sequence[Fault],
    price_cents: int | None,
    day: date | None,
    scheme_version: str | None = None,
    scheme_at: str = "/schemeVersion",
) -> ScoreRequest:
    """A preview to be scored; `faults` are those found in its components alone."""
    tree = DeclaredTree.of(system.components)
    declared = [
        *faults,
        *group_faults(tree=tree, profile=profile),
        *total_faults(total_cents=system.total_cents, known_cents=tree.known_cents()),
        *statement_faults(system=system),
    ]
    within = [Fault(f"/declaration{fault.pointer}", fault.detail) for fault in declared]
    return ScoreRequest(
        profile, system, [*profile_faults(profile=profile), *within], price_cents, day, scheme_version, scheme_at
    )


async def preview(session: Session, context: ReadContext, request: ScoreRequest, language: Language) -> RenderedScore:
    """The score of a preview. Raises BrokenRule with everything that is wrong with it."""
    refuse(request.faults)
    scheme = await requested_scheme(session, context, request.scheme_version, request.scheme_at)
    scoring_input = ScoringInput(scheme, request.profile, request.system, request.price_cents)
    await session.release()
    return await run_in_worker(
        rendered, scoring_input, request.day or context.today, None, language, lines=scoring_input.lines
    )


def rendered(
    scoring_input: ScoringInput,
    day: date,
    stored: Mapping[str, Any] | None,
    language: Language,
    before: Score | None = None,
) -> RenderedScore:
    """The score on a day as JSON, with what it changes of the score `before`, if there is one.

    A stored score keeps its stored figures, even if its algorithm now computes others; such a difference is logged. Scores are
    stored without waivers, so the comparison leaves these out.
    """
    score, body = scoring_input.score_and_body(day, language)
    differing = {} if stored is None else differing_figures(stored, without_waivers(body))
    if stored is not None and differing:
        body = without_waivers(body)
        log.error(
            "recomputing the stored score of declaration %s gives other values of: %s",
            stored["declaration_id"],
            ", ".join(differing),
        )
    whole = {**body, **differing}
    whole |= scoring_input.advice(whole["knockOuts"], day, language)
    if before is not None:
        whole["effect"] = rendered_comparison(ComparedScores.of(before, score))
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    return RenderedScore(text, hashlib.sha256(text).hexdigest())
