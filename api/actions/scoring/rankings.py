"""Ranks the declarations for a lot or challenge by their stored scores, or by their scores on another day.

A score on another day is computed with the scheme of the stored one, one declaration at a time, in a thread.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from api.actions.scoring.score_schemes import scheme_of_version
from api.actions.scoring.scores import ScoringInput, in_turn, stored_input, waivers_of
from api.queries.declarations import origin_declarations as queries
from api.queries.scoring import scoring_profiles
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.declarations.origin_declarations import OriginDeclaration
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.scoring.algorithm import Algorithm
from domain.scoring.inputs import Profile, WaiverInput
from domain.scoring.rankings import FictitiousPrices, Mode, Unranked, mode_of, prices_of, ranks, unranked
from domain.scoring.scores import with_waivers
from domain.scoring.scoring_profiles import profile_of

Tally = tuple[str, str, int]
"""The code and reason of knock-outs, and how many there are."""


@dataclass(frozen=True, slots=True)
class Contender:
    """An active declaration with its score and fictitious prices; `standing` are the knock-outs that no waiver lifts."""

    row: Mapping[str, Any]
    figures: Mapping[str, Any]
    standing: Sequence[Tally]
    waived: Sequence[Tally]
    prices: FictitiousPrices | None
    unranked: Unranked | None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class RankedParent:
    """The contenders in order of rank, and the mode that decides it."""

    mode: Mode
    reference_amount_cents: int | None
    contenders: Sequence[Contender]


async def ranking_of(session: Session, context: ReadContext, parent: Lot | Challenge, day: date | None) -> RankedParent:
    """The ranking for a lot or challenge by the stored scores, or by the scores on a day."""
    lot_id, challenge_id = (parent.id, None) if isinstance(parent, Lot) else (None, parent.id)
    stored = (await session.execute(scoring_profiles.of_parent(context, lot_id, challenge_id))).mappings().one_or_none()
    if stored is None:
        return RankedParent(Mode.OWN_PRICE, None, [])
    profile = profile_of(stored)
    rows = (await session.execute(queries.contenders(context, lot_id, challenge_id))).mappings().all()
    waived = await waivers_of(session, context, [row["id"] for row in rows])
    schemes: dict[str, Algorithm] = {}
    contenders = []
    for row in rows:
        version = row["scheme_version"]
        if version not in schemes:
            schemes[version] = await scheme_of_version(session, context, version)
        figures = (
            _with_waivers(row, waived.get(row["id"], ()))
            if day is None
            else await _figures_on(session, context, row, schemes[version], day)
        )
        contenders.append(_contender(row, figures, schemes[version], profile))
    amount = profile.reference_amount_cents
    return RankedParent(mode_of(amount), amount, _in_order(contenders))


def _with_waivers(row: Mapping[str, Any], waivers: Sequence[WaiverInput]) -> Mapping[str, Any]:
    """The stored score, with the waivers recorded since then: they count for every day up to their expiry."""
    return {**row, "knock_outs": with_waivers(row["knock_outs"], waivers, row["reference_date"])}


async def _figures_on(
    session: Session, context: ReadContext, row: Mapping[str, Any], scheme: Algorithm, day: date
) -> Mapping[str, Any]:
    """The score of a declaration on a day, with the column names of a stored score."""
    declaration = OriginDeclaration(**{name: row[name] for name in OriginDeclaration.model_fields})
    async with in_turn(session, context, declaration) as current:
        scoring_input = await stored_input(session, context, current, scheme)
        assert scoring_input is not None, "what was submitted has a profile, for good"
        await session.release()
        return await run_in_worker(_score_columns, scoring_input, day, lines=scoring_input.lines)


def _score_columns(scoring_input: ScoringInput, day: date) -> dict[str, Any]:
    _, body = scoring_input.score_and_body(day)
    return {
        "reference_date": day,
        "score": body["score"],
        "adjustment_percent": body["adjustmentPercent"],
        "knock_outs": body["knockOuts"],
        "origin_shares": body["originShares"],
    }


def _contender(row: Mapping[str, Any], figures: Mapping[str, Any], scheme: Algorithm, profile: Profile) -> Contender:
    standing, waived = (_tallied(figures["knock_outs"], waived=waived) for waived in (False, True))
    price = row["price_cents"]
    reason = unranked(is_knocked_out=bool(standing), price_cents=price)
    adjustment = Fraction(figures["adjustment_percent"])
    priced = None if reason else prices_of(algorithm=scheme, profile=profile, price_cents=price, adjustment=adjustment)
    return Contender(row, figures, standing, waived, priced, reason)


def _tallied(knock_outs: Sequence[Mapping[str, Any]], *, waived: bool) -> list[Tally]:
    """Counts of the knock-outs that a waiver lifts, or of those that no waiver lifts, in their order."""
    found = Counter((entry["code"], entry["reason"]) for entry in knock_outs if ("waiver" in entry) is waived)
    return [(code, reason, count) for (code, reason), count in found.items()]


def _in_order(contenders: Sequence[Contender]) -> list[Contender]:
    """Contenders by rank (lowest price first), equal ones by declaration id; those without a rank come last."""
    placed = ranks([None if each.prices is None else each.prices.deciding() for each in contenders])
    ranked = [
        Contender(each.row, each.figures, each.standing, each.waived, each.prices, each.unranked, rank)
        for each, rank in zip(contenders, placed, strict=True)
    ]
    return sorted(ranked, key=lambda each: (each.rank is None, each.rank or 0, str(each.row["id"])))
