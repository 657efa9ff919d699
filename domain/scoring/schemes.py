"""The schemes (schemaversies): each names an algorithm, and here that name becomes the algorithm that computes under it.

A scheme arrives as a plain document, read from its file or from its row. Its digest says that two documents hold the same.
Nothing else knows which algorithms there are; reading files does not belong here.
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
"""The algorithms by the name that a scheme's document gives; scores are stored under each, so none is taken out or changed."""


def digest_of(document: Mapping[str, Any]) -> str:
    """Documents that hold the same have the same digest: SHA-256, as hexadecimal, of their JSON.

    The JSON has sorted keys, no spaces, and every character as itself in UTF-8. A value that JSON lacks raises TypeError.
    """
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def algorithm_of(document: Mapping[str, Any]) -> Algorithm:
    """The algorithm of the scheme that a document describes. Raises BrokenRule with everything wrong in it.

    Raises KeyError where it names no algorithm that there is.
    """
    return ALGORITHMS[document["algorithm"]].of(document)


def proposal_faults(document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
    """Everything wrong in the document of a new scheme; of two faults at one place, the first.

    Where its algorithm is not known it is held against BM-1, so that whoever forgot the name learns all the rest.
    `countries` are those that there are.
    """
    name = document.get("algorithm")
    algorithm = ALGORITHMS.get(name) if isinstance(name, str) else None
    held = algorithm or BonusMalus
    found = held.document_faults(document, countries=countries)
    if algorithm is None:
        found.append(
            Fault("/algorithm", f"this algorithm does not exist; give one of: {', '.join(sorted(ALGORITHMS))}")
        )
    for more in (_parse_faults(held, document), header_faults(document, countries=countries)):
        known = {fault.pointer for fault in found}
        found += [fault for fault in more if fault.pointer not in known]
    return found


def _parse_faults(algorithm: type[Algorithm], document: Mapping[str, Any]) -> list[Fault]:
    try:
        algorithm.of(document)
    except BrokenRule as refused:
        return list(refused.faults)
    return []
