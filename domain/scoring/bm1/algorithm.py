"""BM-1 as an `Algorithm`, the interface that all algorithms share."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Self

from domain.errors import Fault
from domain.scoring.bm1 import scoring
from domain.scoring.bm1.document import document_faults
from domain.scoring.bm1.points import fictitious_price
from domain.scoring.bm1.rendering import shown, shown_advice
from domain.scoring.bm1.scheme import BonusMalusScheme, scheme_of
from domain.scoring.inputs import ComponentInput, Profile, Statement, System, WaiverInput
from domain.scoring.results import Score, ScoreImprovement, ScoreOriginShare
from domain.scoring.texts.languages import Language


@dataclass(frozen=True, slots=True)
class BonusMalus:
    """The algorithm of BM-1 under one scheme."""

    scheme: BonusMalusScheme

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The algorithm of the scheme that a document describes. Raises BrokenRule with everything wrong in it."""
        return cls(scheme_of(document))

    @classmethod
    def document_faults(cls, document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
        """Faults of a new scheme's document beyond what `of` refuses."""
        return document_faults(document, countries=countries)

    @property
    def version(self) -> str:
        """The version of the scheme."""
        return self.scheme.version

    @property
    def country_list_version(self) -> str:
        """The version of its country lists."""
        return self.scheme.country_list_version

    def score(
        self,
        profile: Profile,
        system: System,
        *,
        price_cents: int | None = None,
        reference_date: date,
        waivers: Sequence[WaiverInput] = (),
    ) -> Score:
        """What a system scores on a day, with its working."""
        return scoring.score(
            self.scheme, profile, system, price_cents=price_cents, reference_date=reference_date, waivers=waivers
        )

    def show(self, score: Score, language: Language) -> dict[str, Any]:
        """The body of a score, explained in a language."""
        return shown(score, language)

    def advise(self, profile: Profile, system: System, *, reference_date: date) -> Sequence[ScoreImprovement]:
        """The single changes that would raise the score of a valid system most, with the exact gain of each."""
        return scoring.advise(self.scheme, profile, system, reference_date=reference_date)

    def show_advice(
        self, knock_outs: Iterable[Mapping[str, Any]], improvements: Iterable[ScoreImprovement], language: Language
    ) -> dict[str, Any]:
        """Knock-outs, given in JSON, with a text, and what would raise the score."""
        return shown_advice(knock_outs, improvements, language)

    def incremental_scores(
        self, profile: Profile, system: System, replacements: Iterable[Statement], *, reference_date: date
    ) -> Sequence[Fraction | None]:
        """S of a valid system, and S again after each replacement."""
        score = scoring.incremental_score(self.scheme, profile, system, reference_date=reference_date)
        found = [score.exact]
        for statement in replacements:
            score.replace(statement)
            found.append(score.exact)
        return found

    def origin_shares(
        self, components: Sequence[ComponentInput], *, total_cents: int, reference_date: date
    ) -> Mapping[str, ScoreOriginShare]:
        """Both origin shares of a part that is made of these components."""
        return scoring.component_shares(self.scheme, components, total_cents=total_cents, reference_date=reference_date)

    def fictitious_price(self, profile: Profile, *, price_cents: int, adjustment: Fraction) -> int:
        """The fictitious price in cents, rounded half up."""
        return fictitious_price(profile, price_cents=price_cents, adjustment=adjustment)
