"""The interface of a scheme's algorithm. All code outside `domain.scoring` computes and shows scores through it.

An instance belongs to one scheme and holds its weights and limits. All algorithms share the same inputs and results. The list
of algorithms is in `domain.scoring.schemes`.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from fractions import Fraction
from typing import Any, Protocol, Self

from domain.errors import Fault
from domain.scoring.inputs import ComponentInput, Profile, Statement, System, WaiverInput
from domain.scoring.results import Score, ScoreImprovement, ScoreOriginShare
from domain.scoring.texts.languages import Language


class Algorithm(Protocol):
    """A scheme with the rules to compute its scores: pure, exact, and with the same results years later."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The algorithm of the scheme that a document describes. Raises BrokenRule with everything wrong in it."""

    @classmethod
    def document_faults(cls, document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
        """Faults of a new scheme's document beyond what `of` refuses: names and texts that the algorithm does not use."""

    @property
    def version(self) -> str:
        """The version of the scheme, such as BM-1.0."""

    @property
    def country_list_version(self) -> str:
        """The version of its country lists."""

    def score(
        self,
        profile: Profile,
        system: System,
        *,
        price_cents: int | None = None,
        reference_date: date,
        waivers: Sequence[WaiverInput] = (),
    ) -> Score:
        """What a system scores on a day, with its working. Raises BrokenRule where the system or profile is invalid."""

    def show(self, score: Score, language: Language) -> dict[str, Any]:
        """The JSON body of a score of this algorithm, explained in a language. No figure depends on the language."""

    def advise(self, profile: Profile, system: System, *, reference_date: date) -> Sequence[ScoreImprovement]:
        """The single changes that would raise the score of a valid system most, the largest gain first."""

    def show_advice(
        self, knock_outs: Iterable[Mapping[str, Any]], improvements: Iterable[ScoreImprovement], language: Language
    ) -> dict[str, Any]:
        """What is shown with a score and never stored: its `knockOuts`, given in JSON, with a text, and `improvements`."""

    def incremental_scores(
        self, profile: Profile, system: System, replacements: Iterable[Statement], *, reference_date: date
    ) -> Sequence[Fraction | None]:
        """S of a valid system, and S again after each replacement of a statement, all earlier ones included.

        None where the system cannot be assessed. A replacement keeps the values and function groups of components.
        """

    def origin_shares(
        self, components: Sequence[ComponentInput], *, total_cents: int, reference_date: date
    ) -> Mapping[str, ScoreOriginShare]:
        """Both origin shares of a part that is made of these components. Requirements on a prime do not apply to it."""

    def fictitious_price(self, profile: Profile, *, price_cents: int, adjustment: Fraction) -> int:
        """The fictitious price in cents, for a price and an adjustment in percent."""
