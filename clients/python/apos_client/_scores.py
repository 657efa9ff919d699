"""Scores (bonus-malus): what a declaration comes to, why, and what it would come to."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from apos_client._exchange import Exchange
from apos_client._models import Amount, Component, DesignAuthority, Dimension, Score, ScoringProfile, Statement
from apos_client._scoring_profiles import profile_body

Language = Literal["en", "nl"]
"""What the texts of a score can be told in."""


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
