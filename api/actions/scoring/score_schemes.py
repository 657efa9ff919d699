"""Which score scheme applies, and the writes for a new one: proposing it, and publishing it with a date of effect.

A lot or challenge keeps the scheme of its first stored score, so that all who compete there are scored alike. Before its
first score, the scheme in force today applies.
"""

from collections.abc import Mapping
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


async def requested_scheme(session: Session, context: ReadContext, version: str | None) -> Algorithm:
    """The scheme of a version, published or not; without a version the one in force. Raises BrokenRule if it does not exist."""
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
    """The scheme with which a new score for a lot or challenge is computed today."""
    version = (await session.execute(queries.version_in_use(context, lot_id, challenge_id))).scalar_one_or_none()
    if version is None:
        return await scheme_in_force(session, context)
    return await scheme_of_version(session, context, version)


async def lock_scheme_version(write: Write, lot_id: UUID | None, challenge_id: UUID | None) -> str:
    """The scheme version with which a score for a lot or challenge is stored now.

    Where there is no score yet, those who store the first one wait for each other. Otherwise two of them, around the moment
    when another scheme takes effect, could be scored with different schemes.
    """
    in_use = queries.version_in_use(write.context, lot_id, challenge_id)
    version = (await write.session.execute(in_use)).scalar_one_or_none()
    if version is None:
        await write.advisory_lock(f"first score of {lot_id or challenge_id}")
        version = (await write.session.execute(in_use)).scalar_one_or_none()
    if version is None:
        version = (await write.session.execute(queries.in_force(write.context))).mappings().one()["scheme_version"]
    return str(version)
