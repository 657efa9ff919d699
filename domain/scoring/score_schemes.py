"""Score schemes (schemaversies): each version of the bonus-malus scheme as an immutable row with its digest.

The first one came with a migration; the administrator proposes later ones. A scheme has no effect until it is published, once,
with a date of effect. It names its algorithm, so that a stored score replays to the same bytes under its own scheme,
whichever scheme is in force. From document to algorithm: see `domain.scoring.schemes`.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from domain.base import MAX_REASON, MAX_TITLE, Audited, Id, UtcDateTime, column, json_type
from domain.errors import BrokenRule, Conflict, Fault, refuse
from domain.scoring.algorithm import Algorithm
from domain.scoring.documents import is_text
from domain.scoring.schemes import algorithm_of, digest_of, proposal_faults

MAX_VERSION = 40


class ScoreScheme(Audited, table=True):
    """A scheme version. `document` is all of it and `digest` its SHA-256; `status` says that its numbers are proposals."""

    __tablename__ = "score_schemes"

    scheme_version: str = Field(max_length=MAX_VERSION, unique=True)
    country_list_version: str = Field(max_length=MAX_VERSION)
    algorithm: str = Field(max_length=MAX_VERSION)
    status: str = Field(max_length=MAX_VERSION)
    digest: str = Field(max_length=64)
    document: dict[str, Any] = Field(sa_type=json_type())


class SchemePublication(Audited, table=True):
    """The publication of a scheme, which is in force from a day until a later scheme is. Append-only."""

    __tablename__ = "scheme_publications"

    scheme_id: UUID = Field(sa_type=column(Id), foreign_key="score_schemes.id", unique=True)
    effective_on: date = Field(unique=True)
    authority: str = Field(max_length=MAX_TITLE)
    reason: str = Field(max_length=MAX_REASON)
    published_at: datetime = Field(sa_type=column(UtcDateTime))


def columns_of_scheme(document: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the scheme that a document describes. Raises BrokenRule if it is not a valid scheme."""
    scheme = algorithm_of(document)
    return {
        "scheme_version": scheme.version,
        "country_list_version": scheme.country_list_version,
        "algorithm": document["algorithm"],
        "status": document["status"],
        "digest": digest_of(document),
        "document": dict(document),
    }


def algorithm_of_row(row: ScoreScheme) -> Algorithm:
    """The algorithm of a stored scheme. Raises ValueError if the document does not match its digest."""
    if digest_of(row.document) != row.digest:
        raise ValueError(f"the scheme {row.scheme_version} is not the one that was stored")
    return algorithm_of(row.document)


def proposed_columns(document: Mapping[str, Any], *, at: str, countries: Set[str]) -> dict[str, Any]:
    """The columns of a new scheme. Raises BrokenRule with everything wrong; `at` is the pointer to the document in the body."""
    if not is_text(document):
        raise BrokenRule.at(Fault(at, "holds half of a surrogate pair, which is not text; remove it"))
    found = proposal_faults(document, countries=countries)
    refuse([Fault(f"{at}{fault.pointer}", fault.detail) for fault in found])
    return columns_of_scheme(document)


def check_new_version(*, scheme_version: str, known: Sequence[str], at: str) -> None:
    """Refuses a version that already exists."""
    if scheme_version in known:
        words = f"scheme {scheme_version} already exists and never changes; give the new one another version"
        raise Conflict(words, [Fault(at, f"is already in use; versions in use: {', '.join(known)}")])


def check_country_lists(*, proposed: Mapping[str, Any], known: Sequence[Mapping[str, Any]], at: str) -> None:
    """Refuses country lists that differ from those stored under the same version, because scores name that version."""
    lists = proposed["countryLists"]
    for document in known:
        others = document["countryLists"]
        if others["version"] == lists["version"] and others != lists:
            words = f"the country lists {lists['version']} of {document['version']} differ; give these another version"
            raise Conflict(words, [Fault(at, "is already the version of other lists; choose another")])


def check_publication(*, effective_on: date, today: date, is_published: bool, last: date | None) -> None:
    """Refuses to publish a scheme twice, for a day in the past, or for a day not after that of the last publication."""
    if is_published:
        raise Conflict("this scheme is already published; for another date of effect, propose another version")
    if effective_on < today:
        fault = Fault(
            "/effectiveOn", f"is before today, {today}; what was scored before does not change, so give today or later"
        )
        raise BrokenRule.at(fault)
    if last is not None and effective_on <= last:
        words = f"another scheme takes effect on {last}, and a published one is never withdrawn; give a later day"
        raise Conflict(words, [Fault("/effectiveOn", f"is not after {last}; give a later day")])
