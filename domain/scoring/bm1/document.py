"""The checks on the document of a new scheme of BM-1, in addition to those of `scheme_of`."""

import re
from collections.abc import Mapping, Set
from fractions import Fraction
from typing import Any

from domain.errors import Fault
from domain.scoring.bm1.scheme import GROUPS_BEST_FIRST, LISTED_GROUPS, SHARES
from domain.scoring.documents import CODE, SchemeDocument, name_faults
from domain.scoring.profiles import CAP_LIMIT_PERCENT
from domain.scoring.results import DESIGN_AUTHORITY, DIMENSIONS, LEAF_CRITERIA

_SCORES = ("score", "partial", "decisive")


def _no_lists(value: object) -> str | None:
    return None if value == [] else "has no lists: G4 is every other country, and U is unknown; leave it out"


_GROUP = dict.fromkeys(("lists", "except", *_SCORES))
_NAMES: Mapping[str, Any] = {
    "weights": dict.fromkeys((*LEAF_CRITERIA, DIMENSIONS, DESIGN_AUTHORITY)),
    "valuePart": None,
    "secondSourcePart": None,
    "evidenceFactors": dict.fromkeys(("none", "selfDeclared", "document", "audited")),
    "euList": CODE,
    "countryGroups": {
        name: _GROUP if name in LISTED_GROUPS else {"lists": _no_lists, **dict.fromkeys(_SCORES)}
        for name in GROUPS_BEST_FIRST
    },
    "noneScore": None,
    "designAuthorityScores": dict.fromkeys(("both", "one", "neither")),
    "adjustment": dict.fromkeys(("neutralScore", "capDefaultPercent", "capLimitPercent")),
    "limits": dict.fromkeys(
        (
            *("residualPercent", "insideSharePercent", "outsideLicencePercent"),
            *("declaredFactor", "provenFactor", "decidedByAtMost"),
        )
    ),
    "originShares": dict.fromkeys(SHARES),
}
"""The names that a document of BM-1 may have, each with the kind of its value; None: `scheme_of` checks it."""
_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}|/[1-9][0-9]{0,17})?")


def document_faults(document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
    """The unknown names in a new document, the values of the wrong kind, and a cap limit below what profiles may have."""
    found = name_faults(document, _NAMES, countries=countries)
    limit = SchemeDocument(document).value("adjustment", "capLimitPercent")
    if isinstance(limit, int | str) and _is_below(str(limit), CAP_LIMIT_PERCENT):
        # Profiles are checked against this limit when they are published, and may be frozen before a later scheme is proposed.
        words = f"must be at least {CAP_LIMIT_PERCENT}: lots that have that cap would be left without a score"
        found.append(Fault("/adjustment/capLimitPercent", words))
    return found


def _is_below(number: str, limit: Fraction) -> bool:
    # `scheme_of` refuses anything that is not such a number; parsing a large exponent would take for ever.
    return bool(_NUMBER.fullmatch(number)) and Fraction(number) < limit
