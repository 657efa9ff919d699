"""Scores (bonus-malus): what a declaration comes to, why, and what it would come to."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from apos_client._answers import Amount, Answer
from apos_client._exchange import Exchange
from apos_client._scoring_profiles import ScoringProfile, profile_body
from apos_client._statements import Component, DesignAuthority, Dimension, Statement

Language = Literal["en", "nl"]
"""What the texts of a score can be told in."""


class Points(Answer):
    """Points won per criterion; together they are the score before rounding, 100 at most."""

    made_in: str
    control: str
    licence: str
    export_regime: str
    supply: str
    dimensions: str
    design_authority: str


class KnockOutWaiver(Answer):
    """On whose authority a knock-out does not count, until which day."""

    authority: str
    reason: str
    expires_on: date
    alternative_trajectory: str


class KnockOut(Answer):
    """What stands in the way whatever the score is: KO-1 a concern, KO-2 an answer that is missing, KO-3 the prime."""

    code: str
    reason: str
    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None
    waiver: KnockOutWaiver | None = None
    text: str


class OriginShare(Answer):
    """The share of T made inside, in percent: proven, declared, and at most. `decided_by` would decide the verdict."""

    proven: str | None
    declared: str | None
    upper_bound: str | None
    verdict: str
    decided_by: tuple[str, ...]


class OriginShares(Answer):
    """EDIP counts the EU and associated countries as inside, SAFE Ukraine too."""

    edip: OriginShare
    safe: OriginShare


class Holder(Answer):
    """A country of ultimate control and its share; None: unknown."""

    country: str | None
    share: str


class Concentration(Answer):
    """How much of the value few countries control; the index runs from 0 to 10000."""

    hhi: str | None
    largest_outside: Holder | None


class Cause(Answer):
    """Why points were won or lost, as a code and in words."""

    code: str
    text: str


class ExplanationLine(Answer):
    """Points won and lost by a component, a dimension or a group under one criterion."""

    component_key: str | None = None
    dimension: str | None = None
    function_group: str | None = None
    criterion: str
    won: str
    lost: str
    cause: Cause
    evidence_level: str | None = None


class Improvement(Answer):
    """One thing to change, and the points that this adds to the score if nothing else changes.

    `kind` answer is an unknown that would gain so much if `after` were the answer. Without a component and a dimension it
    is about the design authority.
    """

    kind: str
    component_key: str | None = None
    dimension: str | None = None
    field: str
    before: str | None = Field(alias="from")
    after: str = Field(alias="to")
    gain: str
    text: str


class Score(Answer):
    """A score with its working; figures are decimal strings, None where the system cannot be assessed."""

    scheme_version: str
    country_list_version: str
    reference_date: date
    score: str | None
    adjustment_percent: str
    fictitious_price: Amount | None
    points: Points | None
    knock_outs: tuple[KnockOut, ...]
    origin_shares: OriginShares
    european_verdict: str
    concentration: Concentration
    completeness: str | None
    confidence: str | None
    explanation: tuple[ExplanationLine, ...]
    improvements: tuple[Improvement, ...]

    def costliest(self, count: int = 3) -> list[ExplanationLine]:
        """The lines of the explanation that lost the most points, the largest loss first."""
        return sorted(self.explanation, key=lambda line: Decimal(line.lost), reverse=True)[:count]


class ScorePreviews:
    """What a declaration would score. Nothing is stored, and nobody else sees it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def ask(
        self,
        profile: ScoringProfile,
        statement: Statement,
        *,
        price: Amount | None = None,
        reference_date: date | None = None,
        scheme_version: str | None = None,
        language: Language | None = None,
    ) -> Score:
        """The score of a statement on a profile, on a day, today by default. Raises BadInput with all that is wrong.

        It is scored under the scheme in force, or under `scheme_version`, published or not.
        """
        body = {
            "profile": profile_body(profile),
            "declaration": statement.document(),
            "price": price and price.document(),
            "referenceDate": reference_date and reference_date.isoformat(),
            "schemeVersion": scheme_version,
        }
        return self._exchange.ask("/score-previews", body, Score, language=language)

    def what_if(
        self,
        declaration: UUID | str,
        replacements: Sequence[Component] = (),
        *,
        dimensions: Sequence[Dimension] = (),
        design_authority: DesignAuthority | None = None,
        price: Amount | None = None,
        reference_date: date | None = None,
        language: Language | None = None,
    ) -> Score:
        """What a stored declaration would score, a draft too, if some of what it says were this instead.

        Components take the place of those with their keys, dimensions of those of their name. The total moves with what
        replaced components are worth. Raises NotFound for a declaration that you may not see, Conflict where there is no
        profile to score it on, and BadInput with all that is wrong.
        """
        body = {
            "declarationId": str(declaration),
            "replacements": [component.document() for component in replacements],
            "dimensions": [dimension.document() for dimension in dimensions],
            "designAuthority": design_authority and design_authority.document(),
            "price": price and price.document(),
            "referenceDate": reference_date and reference_date.isoformat(),
        }
        return self._exchange.ask("/score-previews", body, Score, language=language)
