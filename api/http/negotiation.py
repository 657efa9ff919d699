"""Content negotiation: the media type (Accept) and the language (Accept-Language) that a client prefers, by weight.

A route that answers in more than JSON gets the media type from `offers`; one whose answer contains texts takes an
`AnswerLanguage`. `Route` adds the headers that name the language.
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
ODS = "application/vnd.oasis.opendocument.spreadsheet"
XLS = "application/vnd.ms-excel"
CYCLONEDX = "application/vnd.cyclonedx+json"
CYCLONEDX_XML = "application/vnd.cyclonedx+xml"
_LANGUAGE_HEADER = "Accept-Language"
_WEIGHT = re.compile(r"[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)")


def _preferences(header: str) -> Iterator[tuple[str, float]]:
    """The names in a header, in its order and in lower case, each with its weight from 0 to 1."""
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        yield name.lower(), _weight_of(parameters)


def _weight_of(parameters: Iterable[str]) -> float:
    """The weight `q` among the parameters; 1 where it is absent or malformed."""
    weights = [match for match in map(_WEIGHT.fullmatch, parameters) if match]
    return min(1.0, float(weights[0][1])) if weights else 1.0


def preferred_media_type(accept: str, offered: Collection[str]) -> str | None:
    """The offered media type that an Accept header prefers; None where it accepts none of them.

    Of two with equal weight, the one that is offered first. `text/csv` takes precedence over `text/*`, and that over `*/*`.
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
    """The language that an Accept-Language header prefers; English where it names none that we support.

    Of two with equal weight, the one it names first.
    """
    preferred, highest = Language.EN, 0.0
    for tag, weight in _preferences(accept_language):
        language = tag.partition("-")[0]
        if language in list(Language) and weight > highest:
            preferred, highest = Language(language), weight
    return preferred


def media_type_for(request: Request, offered: Collection[str]) -> str | None:
    """The offered media type that a request prefers; None where it accepts none of them."""
    return preferred_media_type(", ".join(request.headers.getlist("accept")) or "*/*", offered)


def language_headers(language: Language) -> dict[str, str]:
    """Content-Language, and Vary for the request header that it depends on."""
    return {"Content-Language": language.value, "Vary": _LANGUAGE_HEADER}


class _OfferedFormats:
    """Gives a route the media type to answer in, which `Route` chose from those offered here."""

    def __init__(self, other_formats: Mapping[str, Mapping[str, Any]]) -> None:
        self._other_formats = other_formats

    async def __call__(self, request: Request) -> str:
        media_type: str = request.state.media_type
        return media_type

    def declares(self, operation: Operation) -> Operation:
        """Adds these media types to those it answers in."""
        return replace(operation, formats={**operation.formats, **self._other_formats})


def offers(other_formats: Mapping[str, Mapping[str, Any]]) -> Any:
    """A dependency that gives the media type to answer in: JSON or one of these, mapped to its description in the contract.

    Used as `Annotated[str, offers({CSV: csv_example("key,name\\r\\n")})]`.
    """
    return Depends(_OfferedFormats(other_formats))


def csv_example(header: str) -> dict[str, Any]:
    """The contract's description of CSV: a string, with a header line as the example."""
    return {"schema": {"type": "string"}, "example": header}


class _LanguageHeader:
    """Gives a route the language to answer in."""

    async def __call__(self, request: Request) -> Language:
        language = preferred_language(", ".join(request.headers.getlist(_LANGUAGE_HEADER)))
        request.state.language = language
        return language

    def declares(self, operation: Operation) -> Operation:
        """Marks that it answers in the language of the request."""
        return replace(operation, answers_in_language=True)


AnswerLanguage = Annotated[Language, Depends(_LanguageHeader())]
"""The language to answer in."""
