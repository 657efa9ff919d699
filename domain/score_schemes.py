"""Score schemes (schemaversies): each version of the bonus-malus scheme as an immutable row with its digest.

A scheme arrives with a migration from its file. It names the algorithm that reads it, so that a stored score replays to
the same bytes under its own scheme, whatever the newest one is. What a scheme says stands in `domain.scoring.schemes`.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from sqlmodel import Field

from domain.base import Audited, json_type
from domain.scoring import bm1
from domain.scoring.inputs import Scheme
from domain.scoring.schemes import digest_of, scheme_of

ALGORITHMS: dict[str, ModuleType] = {"bm1": bm1}
"""The modules that compute scores, by the name a scheme knows them by; none is ever taken out or changed."""
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


def columns_of_scheme(document: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a scheme that a document describes. Raises BrokenRule where it is no valid scheme."""
    scheme = scheme_of(document)
    return {
        "scheme_version": scheme.version,
        "country_list_version": scheme.country_list_version,
        "algorithm": document["algorithm"],
        "status": document["status"],
        "digest": digest_of(document),
        "document": dict(document),
    }


def reading_of(row: ScoreScheme) -> tuple[Scheme, ModuleType]:
    """A stored scheme, and the algorithm that computes with it. Raises ValueError where the row is not what was stored."""
    if digest_of(row.document) != row.digest:
        raise ValueError(f"the scheme {row.scheme_version} is not the one that was stored")
    return scheme_of(row.document), ALGORITHMS[row.algorithm]
