"""A score as JSON: decimal strings, absent fields left out, and null for figures that do not exist.

Points, shares, percentages and the index have four decimals, the score one, amounts two, all rounded half up; the adjustment
is exact. The texts come from the algorithm.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from domain.scoring.exact import decimals, exact_decimal
from domain.scoring.inputs import WaiverInput
from domain.scoring.results import (
    Score,
    ScoreCause,
    ScoreConcentration,
    ScoreImprovement,
    ScoreKnockOut,
    ScoreLine,
    ScoreOriginShare,
)

CauseText = Callable[[str, Mapping[str, str]], str]
"""The text of a cause, from its code and parameters."""


def rendered_score(score: Score, cause_text: CauseText) -> dict[str, Any]:
    """The JSON body of a score.

    Raises ValueError if the adjustment has no finite decimal form, because the cap has none.
    """
    texts = _CauseTexts(cause_text)
    return {
        "schemeVersion": score.scheme_version,
        "countryListVersion": score.country_list_version,
        "referenceDate": score.reference_date.isoformat(),
        "score": None if score.score is None else decimals(score.score, 1),
        "adjustmentPercent": exact_decimal(score.adjustment_percent, at_least=2),
        "fictitiousPrice": _amount(score.fictitious_price_cents),
        "points": None if score.points is None else {name: decimals(won, 4) for name, won in score.points.items()},
        "knockOuts": [_knock_out(entry) for entry in score.knock_outs],
        "originShares": {name: _origin_share(share) for name, share in score.origin_shares.items()},
        "europeanVerdict": score.european_verdict.value,
        "concentration": _concentration(score.concentration),
        "completeness": _figure(score.completeness),
        "confidence": _figure(score.confidence),
        "explanation": [_line(line, texts) for line in score.explanation],
    }


class _CauseTexts:
    """The texts of causes. A large system has many lines and few causes, so each cause is rendered once."""

    def __init__(self, cause_text: CauseText) -> None:
        self._text_of = cause_text
        self._rendered: dict[int, dict[str, str]] = {}

    def of(self, cause: ScoreCause) -> dict[str, str]:
        """The code and the text of a cause."""
        if id(cause) not in self._rendered:
            self._rendered[id(cause)] = {"code": cause.code, "text": self._text_of(cause.code, dict(cause.parameters))}
        return self._rendered[id(cause)]


def _figure(number: Fraction | None) -> str | None:
    return None if number is None else decimals(number, 4)


def _amount(cents: int | None) -> dict[str, str] | None:
    return (
        None
        if cents is None
        else {"amount": decimals(Fraction(cents, 100), 2), "currency": "EUR", "qualifier": "exact"}
    )


def _without_none(**fields: Any) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def _knock_out(entry: ScoreKnockOut) -> dict[str, Any]:
    return {
        "code": entry.code.value,
        "reason": entry.reason.value,
        **_without_none(
            componentKey=entry.component_key,
            dimension=entry.dimension and entry.dimension.value,
            functionGroup=entry.function_group,
            waiver=entry.waiver and rendered_waiver(entry.waiver),
        ),
    }


def rendered_waiver(waiver: WaiverInput) -> dict[str, str]:
    """A waiver as JSON, as shown with its knock-out."""
    return {
        "authority": waiver.authority,
        "reason": waiver.reason,
        "expiresOn": waiver.expires_on.isoformat(),
        "alternativeTrajectory": waiver.alternative_trajectory,
    }


def _origin_share(share: ScoreOriginShare) -> dict[str, Any]:
    return {
        "proven": _figure(share.proven),
        "declared": _figure(share.declared),
        "upperBound": _figure(share.upper_bound),
        "verdict": share.verdict.value,
        "decidedBy": list(share.decided_by),
    }


def _concentration(found: ScoreConcentration) -> dict[str, Any]:
    largest = found.largest_outside
    return {
        "hhi": _figure(found.hhi),
        "largestOutside": largest and {"country": largest.country, "share": decimals(largest.share, 4)},
    }


def _line(line: ScoreLine, texts: _CauseTexts) -> dict[str, Any]:
    return {
        **_without_none(
            componentKey=line.component_key,
            dimension=line.dimension and line.dimension.value,
            functionGroup=line.function_group,
        ),
        "criterion": line.criterion,
        "won": decimals(line.won, 4),
        "lost": decimals(line.lost, 4),
        "cause": texts.of(line.cause),
        **_without_none(evidenceLevel=line.evidence_level and line.evidence_level.value),
    }


def rendered_improvement(improvement: ScoreImprovement, text: str) -> dict[str, Any]:
    """An improvement as JSON, with its text."""
    return {
        "kind": improvement.kind.value,
        **_without_none(
            componentKey=improvement.component_key,
            dimension=improvement.dimension and improvement.dimension.value,
        ),
        "field": improvement.field,
        "from": improvement.before,
        "to": improvement.after,
        "gain": decimals(improvement.gain, 4),
        "text": text,
    }
