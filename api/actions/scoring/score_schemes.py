"""Which score scheme counts, and the writes that bring the next one: proposing it, and publishing it with a date of effect.

A lot or challenge keeps the scheme that its first score was stored under, so that all who compete there are scored alike;
where there is none yet it is the scheme in force on the day.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.queries.scoring import score_schemes as queries
from api.schemas.bodies import COUNTRIES
from api.store.database import Session
from api.store.ledger import Write
from api.store.loading import load
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

SCHEMES = "score schemes"
"""What proposing and publishing wait for: one at a time."""


async def add_scheme(write: Write, document: Mapping[str, Any]) -> ScoreScheme:
    """Proposes a scheme; it counts for nothing until it is published."""
    columns = proposed_columns(document, at="/document", countries=COUNTRIES)
    await write.advisory_lock(SCHEMES)
    known = list((await write.session.execute(queries.documents(write.context))).scalars())
    versions = [each["version"] for each in known]
    check_new_version(scheme_version=columns["scheme_version"], known=versions, at="/document/version")
    check_country_lists(proposed=document, known=known, at="/document/countryLists/version")
    return await write.ledger.add(ScoreScheme(**columns))


async def publish_scheme(write: Write, publication: SchemePublication) -> SchemePublication:
    """Publishes a scheme: from its date of effect on it is in force."""
    await load(write.session, ScoreScheme, publication.scheme_id, write.context, {})
    await write.advisory_lock(SCHEMES)
    own = await write.session.execute(queries.publication_of(write.context, publication.scheme_id))
    last = await write.session.execute(queries.last_publication(write.context))
    check_publication(
        effective_on=publication.effective_on,
        today=write.today,
        is_published=own.first() is not None,
        last=last.scalar_one_or_none(),
    )
    return await write.ledger.add(publication)


async def scheme_in_force(session: Session, context: ReadContext) -> Algorithm:
    """The algorithm of the scheme in force today."""
    row = (await session.execute(queries.in_force(context))).mappings().one()
    return algorithm_of_row(ScoreScheme(**row))


async def scheme_of_version(session: Session, context: ReadContext, version: str) -> Algorithm:
    """The algorithm of the scheme of a version."""
    row = (await session.execute(queries.of_version(context, version))).mappings().one()
    return algorithm_of_row(ScoreScheme(**row))


async def scheme_asked_for(session: Session, context: ReadContext, version: str | None) -> Algorithm:
    """That of a version, published or not, or else of the one in force. Raises BrokenRule where there is no such version."""
    if version is None:
        return await scheme_in_force(session, context)
    known = list((await session.execute(queries.versions(context))).scalars())
    if version not in known:
        raise BrokenRule.at(
            Fault("/schemeVersion", f"scheme {version} does not exist; give one of: {', '.join(known)}")
        )
    return await scheme_of_version(session, context, version)


async def scheme_for(
    session: Session, context: ReadContext, lot_id: UUID | None, challenge_id: UUID | None
) -> Algorithm:
    """That of the scheme under which a new score for a lot or challenge is worked out today."""
    kept = (await session.execute(queries.kept(context, lot_id, challenge_id))).scalar_one_or_none()
    if kept is None:
        return await scheme_in_force(session, context)
    return await scheme_of_version(session, context, kept)


async def held_version(write: Write, lot_id: UUID | None, challenge_id: UUID | None) -> str:
    """The version that a score for a lot or challenge is stored under now.

    Where there is no score yet, those who would store the first wait for each other: two of them, around the moment at
    which another scheme takes effect, would else be scored under two.
    """
    found = queries.kept(write.context, lot_id, challenge_id)
    kept = (await write.session.execute(found)).scalar_one_or_none()
    if kept is None:
        await write.advisory_lock(f"first score of {lot_id or challenge_id}")
        kept = (await write.session.execute(found)).scalar_one_or_none()
    if kept is None:
        kept = (await write.session.execute(queries.in_force(write.context))).mappings().one()["scheme_version"]
    return str(kept)
