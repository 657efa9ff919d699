"""A second algorithm, as small as one can be: what is proven counts in full, and what is only declared for a part of it.

It shows what a scheme takes that is none of BM-1: a document with one number of its own, a score, words in two languages,
advice, and the rest of the protocol. It stands on what all algorithms share, and on nothing of BM-1.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Self

from domain.errors import Fault
from domain.scoring.documents import SchemeDocument, country_lists_of, name_faults
from domain.scoring.exact import half_up, percentage
from domain.scoring.inputs import (
    ComponentInput,
    DesignAuthority,
    Dimension,
    EvidenceInput,
    EvidenceLevel,
    Profile,
    Statement,
    System,
    WaiverInput,
)
from domain.scoring.rendering import rendered_improvement, rendered_score
from domain.scoring.results import (
    DESIGN_AUTHORITY,
    DIMENSIONS,
    EDIP,
    LEAF_CRITERIA,
    MADE_IN,
    SAFE,
    EuropeanVerdict,
    Kind,
    KnockOutCode,
    Reason,
    Score,
    ScoreCause,
    ScoreConcentration,
    ScoreImprovement,
    ScoreKnockOut,
    ScoreLine,
    ScoreOriginShare,
    Verdict,
)
from domain.scoring.texts.languages import Language
from domain.scoring.tree import Leaf, leaves_of, refuse_invalid

NAME = "half-of-declared-value"
CAUSES = {
    Language.EN: {
        "proven": "{name} is proven",
        "declared": "{name} is only declared",
        "residual": "nobody declared this part",
    },
    Language.NL: {
        "proven": "{name} is bewezen",
        "declared": "{name} is alleen verklaard",
        "residual": "dit deel heeft niemand verklaard",
    },
}
TOTAL_MISSING = {Language.EN: "the total is missing", Language.NL: "het totaal ontbreekt"}
PROVE = {Language.EN: "prove {key}", Language.NL: "bewijs {key}"}


@dataclass(frozen=True)
class HalfOfDeclaredValue:
    """The algorithm, with the part that what is only declared counts for; inside is what any country list names."""

    version: str
    country_list_version: str
    declared_part: Fraction
    inside: frozenset[str]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        read = SchemeDocument(document)
        found = cls(
            version=read.text("version"),
            country_list_version=read.text("countryLists", "version"),
            declared_part=read.number("declaredPart", most=Fraction(1)),
            inside=frozenset().union(*country_lists_of(read).values()),
        )
        read.refuse_if_wrong()
        return found

    @classmethod
    def document_faults(cls, document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
        return name_faults(document, {"declaredPart": None}, countries=countries)

    def score(
        self,
        profile: Profile,
        system: System,
        *,
        price_cents: int | None = None,
        reference_date: date,
        waivers: Sequence[WaiverInput] = (),
    ) -> Score:
        refuse_invalid(profile=profile, system=system)
        exact = self._exact(system, reference_date)
        score = None if exact is None else Fraction(half_up(10 * exact), 10)
        adjustment = -profile.cap_percent if score is None else (score - 50) * profile.cap_percent / 50
        price = None
        if exact is not None and price_cents is not None:
            price = self.fictitious_price(profile, price_cents=price_cents, adjustment=adjustment)
        return Score(
            scheme_version=self.version,
            country_list_version=self.country_list_version,
            reference_date=reference_date,
            exact_score=exact,
            score=score,
            adjustment_percent=adjustment,
            fictitious_price_cents=price,
            points=None if exact is None else {**_nothing_won(), MADE_IN: exact},
            knock_outs=() if exact is not None else (ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.TOTAL_MISSING),),
            origin_shares=self.origin_shares(
                system.components, total_cents=system.total_cents or 0, reference_date=reference_date
            ),
            european_verdict=EuropeanVerdict.UNDETERMINED,
            concentration=ScoreConcentration(None, None),
            completeness=None,
            confidence=None,
            explanation=tuple(self._lines(system, reference_date)),
        )

    def show(self, score: Score, language: Language) -> dict[str, Any]:
        texts = CAUSES[language]
        return rendered_score(score, lambda code, parameters: texts[code].format(**parameters))

    def advise(self, profile: Profile, system: System, *, reference_date: date) -> Sequence[ScoreImprovement]:
        if not system.total_cents:
            return ()
        gains = {
            leaf: (1 - self.declared_part) * percentage(leaf.cents or 0, system.total_cents)
            for leaf in leaves_of(system)
            if not _is_proven(leaf, reference_date)
        }
        return [
            ScoreImprovement(
                Kind.PROVE, "evidence", leaf.component.evidence.level.value, EvidenceLevel.DOCUMENT.value, gain,
                leaf.component.key,
            )
            for leaf, gain in sorted(gains.items(), key=lambda found: -found[1])
        ]  # fmt: skip

    def show_advice(
        self, knock_outs: Iterable[Mapping[str, Any]], improvements: Iterable[ScoreImprovement], language: Language
    ) -> dict[str, Any]:
        return {
            "knockOuts": [{**entry, "text": TOTAL_MISSING[language]} for entry in knock_outs],
            "improvements": [
                rendered_improvement(each, PROVE[language].format(key=each.component_key)) for each in improvements
            ],
        }

    def incremental_scores(
        self, profile: Profile, system: System, replacements: Iterable[Statement], *, reference_date: date
    ) -> Sequence[Fraction | None]:
        scores = [self._exact(system, reference_date)]
        for statement in replacements:
            system = _with(system, statement)
            scores.append(self._exact(system, reference_date))
        return scores

    def origin_shares(
        self, components: Sequence[ComponentInput], *, total_cents: int, reference_date: date
    ) -> Mapping[str, ScoreOriginShare]:
        leaves = leaves_of(System(total_cents, tuple(components)))
        made = sum(leaf.cents or 0 for leaf in leaves if leaf.component.country_of_manufacture in self.inside)
        share = percentage(made, total_cents) if total_cents else None
        verdict = Verdict.PASS if share is not None and share >= 50 else Verdict.POSSIBLE
        return {name: ScoreOriginShare(share, share, share, verdict, ()) for name in (EDIP, SAFE)}

    def fictitious_price(self, profile: Profile, *, price_cents: int, adjustment: Fraction) -> int:
        reference = profile.reference_amount_cents
        return half_up(price_cents - (price_cents if reference is None else reference) * adjustment / 100)

    def _exact(self, system: System, day: date) -> Fraction | None:
        if not system.total_cents:
            return None
        return sum((line.won for line in self._lines(system, day)), Fraction(0))

    def _lines(self, system: System, day: date) -> Iterator[ScoreLine]:
        if not system.total_cents:
            return
        leaves = leaves_of(system)
        for leaf in leaves:
            available = percentage(leaf.cents or 0, system.total_cents)
            code, part = ("proven", Fraction(1)) if _is_proven(leaf, day) else ("declared", self.declared_part)
            cause = ScoreCause(code, (("name", leaf.component.name),))
            won = available * part
            yield ScoreLine(MADE_IN, won, available - won, cause, component_key=leaf.component.key)
        residual = system.total_cents - sum(leaf.cents or 0 for leaf in leaves)
        yield ScoreLine(MADE_IN, Fraction(0), percentage(residual, system.total_cents), ScoreCause("residual"))


def _nothing_won() -> dict[str, Fraction]:
    return dict.fromkeys((*LEAF_CRITERIA, DIMENSIONS, DESIGN_AUTHORITY), Fraction(0))


def _is_proven(leaf: Leaf, day: date) -> bool:
    evidence: EvidenceInput = leaf.component.evidence
    is_in_force = evidence.expires_on is None or day <= evidence.expires_on
    return is_in_force and evidence.level in (EvidenceLevel.DOCUMENT, EvidenceLevel.AUDITED)


def _with(system: System, statement: Statement) -> System:
    if isinstance(statement, Dimension | DesignAuthority):
        return system
    lines = (statement if line.key == statement.key else line for line in system.components)
    return replace(system, components=tuple(lines))
