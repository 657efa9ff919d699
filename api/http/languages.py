"""Which language an answer is told in: the one of ours that Accept-Language likes best, English where it likes none.

A route takes it as `Spoken`, which also tells the contract; it says what it chose with the headers of `told_in`.
"""

import re
from typing import Annotated

from fastapi import Depends, Request

from domain.scoring.texts.languages import Language

HEADER = "Accept-Language"
_WEIGHT = re.compile(r"[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)")


def liked_best(accepted: str) -> Language:
    """The language that a header likes best; of two that it likes alike, the one it names first."""
    best, most = Language.EN, 0.0
    for part in accepted.split(","):
        tag, *parameters = (piece.strip() for piece in part.split(";"))
        named = tag.partition("-")[0].lower()
        weight = _weight(parameters)
        if named in list(Language) and weight > most:
            best, most = Language(named), weight
    return best


def _weight(parameters: list[str]) -> float:
    """What a language is worth to the reader; one that is written wrongly says nothing, as if it were not there."""
    found = [match for match in map(_WEIGHT.fullmatch, parameters) if match]
    return min(1.0, float(found[0][1])) if found else 1.0


async def _spoken(request: Request) -> Language:
    return liked_best(", ".join(request.headers.getlist(HEADER)))


Spoken = Annotated[Language, Depends(_spoken)]
"""The language to answer in."""


def told_in(language: Language) -> dict[str, str]:
    """The headers that say in which language an answer is, and what that hung on."""
    return {"Content-Language": language.value, "Vary": HEADER}
