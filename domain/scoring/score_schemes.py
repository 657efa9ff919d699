"""Score schemes (schemaversies): each version of the bonus-malus scheme as an immutable row with its digest.

The first one arrived with a migration, later ones are proposed by the administrator. A scheme counts for nothing until it
is published with a date of effect, once. It names the algorithm that reads it, so that a stored score replays to the same
bytes under its own scheme, whatever is in force. What a scheme says belongs to its algorithm.
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
    """A scheme version. `document` is the whole of it, `digest` the SHA-256 of that; `status` says that it is a proposal."""

    __tablename__ = "score_schemes"

    scheme_version: str = Field(max_length=MAX_VERSION, unique=True)
    country_list_version: str = Field(max_length=MAX_VERSION)
    algorithm: str = Field(max_length=MAX_VERSION)
    status: str = Field(max_length=MAX_VERSION)
    digest: str = Field(max_length=64)
    document: dict[str, Any] = Field(sa_type=json_type())


class SchemePublication(Audited, table=True):
    """A scheme is in force from a day, on somebody's authority, until a later one is. Append-only."""

    __tablename__ = "scheme_publications"

    scheme_id: UUID = Field(sa_type=column(Id), foreign_key="score_schemes.id", unique=True)
    effective_on: date = Field(unique=True)
    authority: str = Field(max_length=MAX_TITLE)
    reason: str = Field(max_length=MAX_REASON)
    published_at: datetime = Field(sa_type=column(UtcDateTime))


def columns_of_scheme(document: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a scheme that a document describes. Raises BrokenRule where it is no valid scheme."""
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
    """The algorithm of a stored scheme. Raises ValueError where the row is not what was stored."""
    if digest_of(row.document) != row.digest:
        raise ValueError(f"the scheme {row.scheme_version} is not the one that was stored")
    return algorithm_of(row.document)


def proposed_columns(document: Mapping[str, Any], *, at: str, countries: Set[str]) -> dict[str, Any]:
    """The columns of a new scheme. Raises BrokenRule with everything that is wrong; `at` is where it stands in the body."""
    if not is_text(document):
        raise BrokenRule.at(Fault(at, "holds half of a surrogate pair, which is not text; remove it"))
    found = proposal_faults(document, countries=countries)
    refuse([Fault(f"{at}{fault.pointer}", fault.detail) for fault in found])
    return columns_of_scheme(document)


def check_new_version(*, scheme_version: str, known: Sequence[str], at: str) -> None:
    """Refuses a version that there is already."""
    if scheme_version in known:
        words = f"scheme {scheme_version} already exists and never changes; give the new one another version"
        raise Conflict(words, [Fault(at, f"is already in use; versions in use: {', '.join(known)}")])


def check_country_lists(*, proposed: Mapping[str, Any], known: Sequence[Mapping[str, Any]], at: str) -> None:
    """Refuses other country lists under a version that stands for some already: scores name that version."""
    lists = proposed["countryLists"]
    for document in known:
        others = document["countryLists"]
        if others["version"] == lists["version"] and others != lists:
            words = f"the country lists {lists['version']} of {document['version']} differ; give these another version"
            raise Conflict(words, [Fault(at, "is already the version of other lists; choose another")])


def check_publication(*, effective_on: date, today: date, is_published: bool, last: date | None) -> None:
    """Refuses to publish a scheme twice, for a day that has passed, or before or with one that is published already."""
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
