"""Stored scores: what a declaration scored on the day it was submitted, under the scheme of that day.

The figures are stored as they were shown. The explanation, a line per component and criterion, is computed again by the
scheme's own algorithm. Scores of other days are computed on request and never stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlmodel import Field

from domain.base import Audited, EuroCents, Id, column, json_type, one_of
from domain.scoring.exact import decimals
from domain.scoring.inputs import WaiverInput
from domain.scoring.rendering import rendered_waiver
from domain.scoring.results import EDIP, EuropeanVerdict, Score
from domain.scoring.schemes import digest_of
from domain.scoring.score_schemes import MAX_VERSION

MAX_FIGURE = 60


class StoredScore(Audited, table=True):
    """A score with its figures, decimals as text. `digest` covers the whole score, including its explanation.

    `total_cents` is T, and `declared_cents` the part of T in the declared EDIP share, so that shares can be added exactly.
    """

    __tablename__ = "scores"

    declaration_id: UUID = Field(sa_type=column(Id), foreign_key="origin_declarations.id", unique=True)
    scheme_version: str = Field(max_length=MAX_VERSION, foreign_key="score_schemes.scheme_version", index=True)
    country_list_version: str = Field(max_length=MAX_VERSION)
    reference_date: date
    score: str | None = Field(default=None, max_length=MAX_FIGURE)
    adjustment_percent: str = Field(max_length=MAX_FIGURE)
    fictitious_price_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    points: dict[str, Any] | None = Field(default=None, sa_type=json_type())
    knock_outs: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_type())
    origin_shares: dict[str, Any] = Field(sa_type=json_type())
    european_verdict: EuropeanVerdict = Field(sa_type=one_of(EuropeanVerdict, "european_verdict"))
    concentration: dict[str, Any] = Field(sa_type=json_type())
    completeness: str | None = Field(default=None, max_length=MAX_FIGURE)
    confidence: str | None = Field(default=None, max_length=MAX_FIGURE)
    total_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    declared_cents: int | None = Field(default=None, sa_type=column(EuroCents))
    digest: str = Field(max_length=64)


FIGURES = {
    "score": "score",
    "adjustment_percent": "adjustmentPercent",
    "points": "points",
    "knock_outs": "knockOuts",
    "origin_shares": "originShares",
    "european_verdict": "europeanVerdict",
    "concentration": "concentration",
    "completeness": "completeness",
    "confidence": "confidence",
}
"""The columns that hold figures as they are shown -> their names in the body."""


def stored_figures(*, score: Score, body: Mapping[str, Any], total_cents: int | None) -> dict[str, Any]:
    """The columns of a score; `body` is the score as JSON."""
    share = score.origin_shares[EDIP].declared
    return {
        "scheme_version": score.scheme_version,
        "country_list_version": score.country_list_version,
        "reference_date": score.reference_date,
        "fictitious_price_cents": score.fictitious_price_cents,
        **{name: body[shown] for name, shown in FIGURES.items()},
        "european_verdict": score.european_verdict,
        "total_cents": total_cents or None,
        "declared_cents": None if share is None or total_cents is None else int(share * total_cents / 100),
        "digest": digest_of(body),
    }


def differing_figures(stored: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The stored figures that differ from a replayed score, by their names in its body; empty if it replays exactly."""
    figures = {shown: stored[name] for name, shown in FIGURES.items()}
    cents = stored["fictitious_price_cents"]
    price = None if cents is None else decimals(Fraction(cents, 100), 2)
    figures["fictitiousPrice"] = price and {"amount": price, "currency": "EUR", "qualifier": "exact"}
    return {name: figure for name, figure in figures.items() if body[name] != figure}


def without_waivers(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a score as it would be without waivers; without them a waived knock-out removes the fictitious price."""
    if not any("waiver" in entry for entry in body["knockOuts"]):
        return body
    bare = [{name: value for name, value in entry.items() if name != "waiver"} for entry in body["knockOuts"]]
    return {**body, "knockOuts": bare, "fictitiousPrice": None}


def with_waivers(
    knock_outs: Iterable[Mapping[str, Any]], waivers: Sequence[WaiverInput], day: date
) -> list[Mapping[str, Any]]:
    """Stored knock-outs as shown on a day: each with the first of the waivers that applies to it and is still in force."""
    return [_waived(entry, waivers, day) for entry in knock_outs]


def _waived(entry: Mapping[str, Any], waivers: Sequence[WaiverInput], day: date) -> Mapping[str, Any]:
    place = (entry["code"], entry.get("componentKey"), entry.get("dimension"))
    for waiver in waivers:
        if (waiver.code, waiver.component_key, waiver.dimension) == place and day <= waiver.expires_on:
            return {**entry, "waiver": rendered_waiver(waiver)}
    return entry
