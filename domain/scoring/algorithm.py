"""What a scheme's algorithm can do: the one way in which everything outside `domain.scoring` computes and shows scores.

An algorithm here is always that of one scheme, whose weights and limits it holds. It takes the inputs and gives the results
that all algorithms share. Which algorithms there are belongs to `domain.scoring.schemes`.
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
    """A scheme with the rules that compute under it: pure, exact, and the same years later."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The algorithm of the scheme that a document describes. Raises BrokenRule with everything wrong in it."""

    @classmethod
    def document_faults(cls, document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
        """What a new scheme's document may not hold, beside what `of` refuses: names and texts that nobody reads."""

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
        """The body of a score of this algorithm, explained in a language; no figure depends on that."""

    def advise(self, profile: Profile, system: System, *, reference_date: date) -> Sequence[ScoreImprovement]:
        """The single changes that would raise the score of a valid system most, the largest gain first."""

    def show_advice(
        self, knock_outs: Iterable[Mapping[str, Any]], improvements: Iterable[ScoreImprovement], language: Language
    ) -> dict[str, Any]:
        """What is shown with a score and never stored: `knockOuts`, shown already, in words too, and `improvements`."""

    def incremental_scores(
        self, profile: Profile, system: System, replacements: Iterable[Statement], *, reference_date: date
    ) -> Sequence[Fraction | None]:
        """S of a valid system, and S again after each replacement, which takes the place of the statement before.

        None where the system cannot be assessed. Replacing keeps values and function groups.
        """

    def origin_shares(
        self, components: Sequence[ComponentInput], *, total_cents: int, reference_date: date
    ) -> Mapping[str, ScoreOriginShare]:
        """Both origin shares of a part that is made of these components; what is asked of a prime is not asked of it."""

    def fictitious_price(self, profile: Profile, *, price_cents: int, adjustment: Fraction) -> int:
        """What a price counts as, in cents, at an adjustment in percent."""
