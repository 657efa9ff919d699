"""The schemes (schemaversies): from the document of a scheme to the algorithm that computes its scores.

A scheme is given as a plain document, from its file or its row, and names its algorithm. Documents with the same content have
the same digest. Only this module knows the list of algorithms; reading files does not belong here.
"""

import hashlib
import json
from collections.abc import Mapping, Set
from typing import Any

from domain.errors import BrokenRule, Fault
from domain.scoring.algorithm import Algorithm
from domain.scoring.bm1 import BonusMalus
from domain.scoring.documents import header_faults

ALGORITHMS: dict[str, type[Algorithm]] = {"bm1": BonusMalus}
"""The algorithms by the name in a scheme's document. None may be removed or changed, because scores are stored under it."""


def digest_of(document: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of a document as JSON: the same for documents with the same content.

    The JSON has sorted keys, no spaces, and is UTF-8 without escapes. Raises TypeError for a value that JSON cannot hold.
    """
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def algorithm_of(document: Mapping[str, Any]) -> Algorithm:
    """The algorithm of the scheme that a document describes. Raises BrokenRule with everything wrong in it.

    Raises KeyError if it names no known algorithm.
    """
    return ALGORITHMS[document["algorithm"]].of(document)


def proposal_faults(document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
    """Everything wrong in the document of a new scheme; of several faults at one place, the first.

        If its algorithm is not known, it is checked against BM-1, so that one answer lists all faults. `countries` are all
    existing country codes.
    """
    name = document.get("algorithm")
    algorithm = ALGORITHMS.get(name) if isinstance(name, str) else None
    checker = algorithm or BonusMalus
    found = checker.document_faults(document, countries=countries)
    if algorithm is None:
        found.append(
            Fault("/algorithm", f"this algorithm does not exist; give one of: {', '.join(sorted(ALGORITHMS))}")
        )
    for more in (_parse_faults(checker, document), header_faults(document, countries=countries)):
        known = {fault.pointer for fault in found}
        found += [fault for fault in more if fault.pointer not in known]
    return found


def _parse_faults(algorithm: type[Algorithm], document: Mapping[str, Any]) -> list[Fault]:
    try:
        algorithm.of(document)
    except BrokenRule as refused:
        return list(refused.faults)
    return []
