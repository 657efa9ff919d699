"""What the client prefers: media types by Accept, languages by Accept-Language, each by its weight.

A route that answers in more than JSON takes the media type to answer in from `offers`, one that answers in words takes an
`AnswerLanguage`; `Route` adds the headers that say which language it was.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Request

from api.http.operation import Operation
from domain.scoring.texts.languages import Language

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CSV = "text/csv"
TSV = "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CYCLONEDX = "application/vnd.cyclonedx+json"
_LANGUAGE_HEADER = "Accept-Language"
_WEIGHT = re.compile(r"[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)")


def _preferences(header: str) -> Iterator[tuple[str, float]]:
    """What a header names, in its order and in lower case, and the weight of each from 0 to 1."""
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        yield name.lower(), _weight(parameters)


def _weight(parameters: Iterable[str]) -> float:
    """What something is worth to the client; a weight that is written wrongly counts as absent."""
    weights = [match for match in map(_WEIGHT.fullmatch, parameters) if match]
    return min(1.0, float(weights[0][1])) if weights else 1.0


def preferred_media_type(accept: str, offered: Collection[str]) -> str | None:
    """The offered media type that an Accept header prefers; None where it accepts none of them.

    Of two that it prefers alike, the one that is offered first. `text/csv` decides before `text/*`, and that before `*/*`.
    """
    weights: dict[str, tuple[int, float]] = {}
    for media_range, weight in _preferences(accept):
        for offer in offered:
            if media_range in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
                wildcards = media_range.count("*")
                weights[offer] = min(weights.get(offer, (9, 0.0)), (wildcards, weight))
    accepted = [offer for offer in offered if weights.get(offer, (0, 0.0))[1] > 0]
    return max(accepted, key=lambda offer: weights[offer][1], default=None)


def preferred_language(accept_language: str) -> Language:
    """The language that an Accept-Language header prefers, English where it names none of ours.

    Of two that it prefers alike, the one it names first.
    """
    preferred, most = Language.EN, 0.0
    for tag, weight in _preferences(accept_language):
        language = tag.partition("-")[0]
        if language in list(Language) and weight > most:
            preferred, most = Language(language), weight
    return preferred


def media_type_for(request: Request, offered: Collection[str]) -> str | None:
    """The offered media type that a request prefers; None where it accepts none of them."""
    return preferred_media_type(", ".join(request.headers.getlist("accept")) or "*/*", offered)


def language_headers(language: Language) -> dict[str, str]:
    """The headers that say in which language an answer is, and on which header of the request that depended."""
    return {"Content-Language": language.value, "Vary": _LANGUAGE_HEADER}


class _OfferedFormats:
    """Gives a route the media type to answer in, which `Route` has chosen from those offered here."""

    def __init__(self, beside_json: Mapping[str, Mapping[str, Any]]) -> None:
        self._beside_json = beside_json

    async def __call__(self, request: Request) -> str:
        media_type: str = request.state.media_type
        return media_type

    def declares(self, operation: Operation) -> Operation:
        """Answers in these media types too."""
        return replace(operation, formats={**operation.formats, **self._beside_json})


def offers(beside_json: Mapping[str, Mapping[str, Any]]) -> Any:
    """A dependency that gives the media type to answer in: JSON or one of these, each as the contract describes it.

    CheckedUpload as `Annotated[str, offers({CSV: csv_example("key,name\\r\\n")})]`.
    """
    return Depends(_OfferedFormats(beside_json))


def csv_example(header: str) -> dict[str, Any]:
    """How the contract describes CSV: as text, with a header line for an example."""
    return {"schema": {"type": "string"}, "example": header}


class _LanguageHeader:
    """Gives a route the language to answer in."""

    async def __call__(self, request: Request) -> Language:
        language = preferred_language(", ".join(request.headers.getlist(_LANGUAGE_HEADER)))
        request.state.language = language
        return language

    def declares(self, operation: Operation) -> Operation:
        """Answers in the language that is asked for."""
        return replace(operation, answers_in_language=True)


AnswerLanguage = Annotated[Language, Depends(_LanguageHeader())]
"""The language to answer in."""
