"""Working out what a declaration scores: of stored rows, or of what somebody only asks about."""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from api.actions.scoring.score_schemes import scheme_asked_for, scheme_of_version
from api.queries.declarations import origin_declarations as queries
from api.queries.declarations.waivers import newest_first
from api.queries.scoring import scoring_profiles
from api.store.database import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.declarations.components import components_of, stored_line
from domain.declarations.origin_declarations import OriginDeclaration, system_of
from domain.declarations.waivers import waiver_of
from domain.errors import Conflict, Fault, refuse
from domain.scoring.algorithm import Algorithm
from domain.scoring.inputs import ComponentInput, Profile, System, WaiverInput
from domain.scoring.profiles import profile_faults
from domain.scoring.results import Score
from domain.scoring.scores import differing_figures, stored_figures, without_waivers
from domain.scoring.scoring_profiles import profile_of
from domain.scoring.texts.languages import Language
from domain.scoring.tree import group_faults, known_cents, statement_faults, total_faults

AT_ONCE = 2000
"""Lines that are fetched at once, before others are let in between."""
log = logging.getLogger("apos.scores")


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What somebody asks the score of, with everything that is wrong with it.

    `day` None is today, `scheme_version` None the scheme in force.
    """

    profile: Profile
    system: System
    faults: Sequence[Fault]
    price_cents: int | None
    day: date | None
    scheme_version: str | None = None


@dataclass(frozen=True, slots=True)
class RenderedScore:
    """A score as it is answered, and the SHA-256 of those bytes, which is its ETag."""

    body: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class ScoringInput:
    """All that a score is worked out from, but the day."""

    algorithm: Algorithm
    profile: Profile
    system: System
    price_cents: int | None
    waivers: Sequence[WaiverInput] = ()

    @property
    def lines(self) -> int:
        """How much work it is."""
        return len(self.system.components)

    def score_on(self, day: date) -> Score:
        """The score on a day. Raises BrokenRule where the system or the profile is invalid."""
        return self.algorithm.score(
            self.profile, self.system, price_cents=self.price_cents, reference_date=day, waivers=self.waivers
        )

    def on(self, day: date, language: Language = Language.EN) -> tuple[Score, dict[str, Any]]:
        """The score on a day, and how it is shown. Raises BrokenRule where the system or the profile is invalid."""
        score = self.score_on(day)
        return score, self.algorithm.show(score, language)

    def advice(self, knock_outs: Sequence[Mapping[str, Any]], day: date, language: Language) -> Mapping[str, Any]:
        """What is shown with a score and never stored: its knock-outs in words too, and what would raise it most."""
        improvements = self.algorithm.advise(self.profile, self.system, reference_date=day)
        return self.algorithm.show_advice(knock_outs, improvements, language)

    def with_scheme(self, algorithm: Algorithm) -> "ScoringInput":
        """The same under another scheme."""
        return replace(self, algorithm=algorithm)


async def stored_input(
    session: Session, context: ReadContext, declaration: OriginDeclaration, scheme: Algorithm
) -> ScoringInput | None:
    """What a declaration is scored from, under a scheme; None where its lot or challenge has no profile."""
    found = scoring_profiles.of_parent(context, declaration.lot_id, declaration.challenge_id)
    profile = (await session.execute(found)).mappings().one_or_none()
    if profile is None:
        return None
    components = await _components(session, context, declaration.component_set)
    system = system_of(declaration.model_dump(), components)
    waivers = (await waivers_of(session, context, [declaration.id])).get(declaration.id, ())
    return ScoringInput(scheme, profile_of(profile), system, declaration.price_cents, waivers)


async def waivers_of(
    session: Session, context: ReadContext, declaration_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[WaiverInput]]:
    """The waivers of declarations by their ids, the newest first: of those for one knock-out the first in force counts."""
    found: dict[UUID, list[WaiverInput]] = defaultdict(list)
    for row in (await session.execute(newest_first(context, declaration_ids))).mappings():
        found[row["declaration_id"]].append(waiver_of(dict(row)))
    return found


async def _components(session: Session, context: ReadContext, component_set: UUID | None) -> Sequence[ComponentInput]:
    found: list[ComponentInput] = []
    async with session.stream(queries.lines(context, component_set)) as result:
        async for rows in result.mappings().partitions(AT_ONCE):
            found += await run_in_worker(_read, rows, lines=0)
    return found


def _read(rows: Sequence[Mapping[str, Any]]) -> Sequence[ComponentInput]:
    return components_of(map(stored_line, rows))


def figures_on(scoring_input: ScoringInput, day: date) -> dict[str, Any]:
    """The columns of the score on a day, as it is stored. Raises Conflict where the profile lacks a function group."""
    strays = group_faults(components=scoring_input.system.components, profile=scoring_input.profile)
    if strays:
        raise Conflict(
            "the scoring profile has changed since these components were stored; correct them and send them again",
            strays,
        )
    score, body = scoring_input.on(day)
    return stored_figures(score=score, body=body, total_cents=scoring_input.system.total_cents)


async def submitted_input(
    session: Session, context: ReadContext, declaration: OriginDeclaration
) -> tuple[Mapping[str, Any], ScoringInput] | None:
    """The stored score of a declaration, and what scores of other days are worked out from; None for a draft."""
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
    """The stored score of a declaration with its explanation, or the score of another day, under the stored scheme.

    Raises Conflict where the declaration was not submitted.
    """
    found = await submitted_input(session, context, declaration)
    if found is None:
        raise Conflict("this declaration is a draft and has no score until it is submitted; ask for a preview instead")
    stored, scoring_input = found
    own_day: date = stored["reference_date"]
    is_stored = day is None or day == own_day
    return await run_in_worker(
        rendered, scoring_input, day or own_day, stored if is_stored else None, language, lines=scoring_input.lines
    )


def score_request(
    *,
    profile: Profile,
    system: System,
    faults: Sequence[Fault],
    price_cents: int | None,
    day: date | None,
    scheme_version: str | None = None,
) -> ScoreRequest:
    """What somebody asks the score of; `faults` are those of its components by themselves."""
    declared = [
        *faults,
        *group_faults(components=system.components, profile=profile),
        *total_faults(total_cents=system.total_cents, known_cents=known_cents(system.components)),
        *statement_faults(system=system),
    ]
    within = [Fault(f"/declaration{fault.pointer}", fault.detail) for fault in declared]
    return ScoreRequest(profile, system, [*profile_faults(profile=profile), *within], price_cents, day, scheme_version)


async def preview(session: Session, context: ReadContext, asked: ScoreRequest, language: Language) -> RenderedScore:
    """The score of what somebody asks about. Raises BrokenRule with everything that is wrong with it."""
    refuse(asked.faults)
    scheme = await scheme_asked_for(session, context, asked.scheme_version)
    scoring_input = ScoringInput(scheme, asked.profile, asked.system, asked.price_cents)
    return await run_in_worker(
        rendered, scoring_input, asked.day or context.today, None, language, lines=scoring_input.lines
    )


def rendered(
    scoring_input: ScoringInput, day: date, stored: Mapping[str, Any] | None, language: Language
) -> RenderedScore:
    """A score in bytes; a stored one keeps its figures, should its algorithm ever come to others.

    It was stored without waivers, so it is held against the same without them; they are laid over what replays.
    """
    _, body = scoring_input.on(day, language)
    kept = {} if stored is None else differing_figures(stored, without_waivers(body))
    if stored is not None and kept:
        body = without_waivers(body)
        log.error(
            "recomputing the stored score of declaration %s gives other values of: %s",
            stored["declaration_id"],
            ", ".join(kept),
        )
    whole = {**body, **kept}
    whole |= scoring_input.advice(whole["knockOuts"], day, language)
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    return RenderedScore(text, hashlib.sha256(text).hexdigest())
