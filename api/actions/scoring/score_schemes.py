"""Which score scheme applies, and the writes for a new one: proposing it, and publishing it with a date of effect.

The scoring profile of a lot or challenge names the scheme, so that all who compete there are scored alike, and nobody
learns from a scheme whether anybody was scored there.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from api.queries.scoring import score_schemes as queries
from api.schemas.bodies import COUNTRIES
from api.store.ledger import Write
from api.store.loading import load
from api.store.sessions import Session
from api.store.visibility import ReadContext
from domain.errors import BrokenRule, Fault
from domain.scoring.algorithm import Algorithm
from domain.scoring.score_schemes import (
    SchemePublication,
    ScoreScheme,
    algorithm_of_row,
    check_country_lists,
    check_new_version,
    check_publication,
    proposed_columns,
)
from domain.scoring.scoring_profiles import check_scheme

SCHEMES_LOCK = "score schemes"
"""The advisory lock of proposing and publishing, so that only one of them runs at a time."""


async def add_scheme(write: Write, document: Mapping[str, Any]) -> ScoreScheme:
    """Proposes a scheme; it is not used until it is published."""
    columns = proposed_columns(document, at="/document", countries=COUNTRIES)
    await write.advisory_lock(SCHEMES_LOCK)
    known = list((await write.session.execute(queries.documents(write.context))).scalars())
    versions = [each["version"] for each in known]
    check_new_version(scheme_version=columns["scheme_version"], known=versions, at="/document/version")
    check_country_lists(proposed=document, known=known, at="/document/countryLists/version")
    return await write.ledger.add(ScoreScheme(**columns))


async def publish_scheme(write: Write, publication: SchemePublication) -> SchemePublication:
    """Publishes a scheme, which is in force from its date of effect on."""
    await load(write.session, ScoreScheme, publication.scheme_id, write.context, {})
    await write.advisory_lock(SCHEMES_LOCK)
    published = await write.session.execute(queries.publication_of(write.context, publication.scheme_id))
    last = await write.session.execute(queries.last_publication(write.context))
    check_publication(
        effective_on=publication.effective_on,
        today=write.today,
        is_published=published.first() is not None,
        last=last.scalar_one_or_none(),
    )
    return await write.ledger.add(publication)


async def scheme_in_force(session: Session, context: ReadContext) -> Algorithm:
    """The algorithm of the scheme in force today."""
    row = (await session.execute(queries.in_force(context))).mappings().one()
    return algorithm_of_row(ScoreScheme.of_row(row))


async def scheme_of_version(session: Session, context: ReadContext, version: str) -> Algorithm:
    """The algorithm of the scheme of a version."""
    row = (await session.execute(queries.of_version(context, version))).mappings().one()
    return algorithm_of_row(ScoreScheme.of_row(row))


async def requested_scheme(session: Session, context: ReadContext, version: str | None, at: str) -> Algorithm:
    """The scheme of a version, published or not; without a version the one in force.

    Raises BrokenRule if it does not exist; `at` is the pointer to the version in the body.
    """
    if version is None:
        return await scheme_in_force(session, context)
    known = list((await session.execute(queries.versions(context))).scalars())
    if version not in known:
        raise BrokenRule.at(Fault(at, f"scheme {version} does not exist; give one of: {', '.join(known)}"))
    return await scheme_of_version(session, context, version)


async def scheme_for(
    session: Session, context: ReadContext, lot_id: UUID | None, challenge_id: UUID | None
) -> Algorithm:
    """The scheme that the profile of a lot or challenge names; without a profile, the scheme in force."""
    named = queries.of_profile(context, lot_id, challenge_id)
    row = (await session.execute(named)).mappings().one_or_none()
    return await scheme_in_force(session, context) if row is None else algorithm_of_row(ScoreScheme.of_row(row))


async def scheme_to_name(session: Session, context: ReadContext, version: str | None) -> str:
    """The version that a profile names from today on: this one, or that of the scheme in force.

    Raises BrokenRule where the scheme has not taken effect.
    """
    effects = (await session.execute(queries.effects(context))).mappings().all()
    days: dict[str, date] = {row["scheme_version"]: row["effective_on"] for row in effects}
    in_effect = [each for each, day in days.items() if day <= context.today]
    if version is None:
        return in_effect[-1]
    check_scheme(scheme=version, effective_on=days.get(version), today=context.today, in_effect=in_effect)
    return version
