"""Score previews (bonus-malus): how a declaration would score, and why."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from apos_client._connection import Connection, body_of
from apos_client._models import Amount, Component, DesignAuthority, Dimension, Score, ScoringProfile, Statement
from apos_client._scoring.scoring_profiles import profile_body

Language = Literal["en", "nl"]
"""A language in which the texts of a score are written."""


class ScorePreviews:
    """How a declaration would score. Nothing is stored, and nobody else sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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

        It is scored with the scheme in force, or with `scheme_version`, published or not.
        """
        when = {"reference_date": reference_date, "scheme_version": scheme_version}
        body = {"profile": profile_body(profile), **body_of({"declaration": statement, "price": price, **when})}
        return self._connection.preview("/score-previews", body, Score, language=language)

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
        """How a stored declaration, also a draft, would score with some of its content replaced.

        A component replaces the one with its key, a dimension the one with its name. The total cost changes by the value of
        what is replaced. Raises NotFound for a declaration that you may not see, Conflict where no profile was published to
        score it on, and BadInput with all that is wrong.
        """
        replaced = {"replacements": replacements, "dimensions": dimensions, "design_authority": design_authority}
        body = body_of({"declaration_id": declaration, **replaced, "price": price, "reference_date": reference_date})
        return self._connection.preview("/score-previews", body, Score, language=language)
