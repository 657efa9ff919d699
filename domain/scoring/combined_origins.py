"""The origin of a lot or challenge: the stored scores of several declarations put together, weighted by T.

Counted are the newest accepted declarations, one of each supplier. What a single declaration shows belongs to scores.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from domain.scoring.exact import decimals
from domain.scoring.inputs import WaiverInput
from domain.scoring.results import EDIP, SAFE, EuropeanVerdict, Verdict

FIGURES = ("proven", "declared", "upperBound")


def combined_origin(scores: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The origin of several declarations, of the rows of their stored scores; None without one.

    Shares are percentages with four decimals, weighted by T; a score without T, or without the share, enters none. All
    knock-outs are counted, waived ones too, because a waiver ends on a day. `counted` are the ids of the declarations.
    """
    if not scores:
        return None
    verdicts = Counter(score["european_verdict"] for score in scores)
    return {
        **{
            share: _share([(score["origin_shares"][share], score["total_cents"]) for score in scores])
            for share in SHARES
        },
        "europeanVerdicts": {verdict.value: verdicts[verdict] for verdict in EuropeanVerdict},
        "knockOuts": sum(len(score["knock_outs"]) for score in scores),
        "counted": [str(score["id"]) for score in scores],
    }


def combined_verdict(verdicts: Sequence[str]) -> Verdict:
    """Fail if one fails, pass if all pass, else possible."""
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    return Verdict.PASS if all(verdict == Verdict.PASS for verdict in verdicts) else Verdict.POSSIBLE


def lifted(knock_outs: Sequence[Mapping[str, Any]], waivers: Sequence[WaiverInput]) -> int:
    """How many stored knock-outs of a declaration these waivers lift, which are all in force."""
    places = {(waiver.code, waiver.component_key, waiver.dimension) for waiver in waivers}
    return sum((entry["code"], entry.get("componentKey"), entry.get("dimension")) in places for entry in knock_outs)


SHARES = (EDIP, SAFE)


def _share(parts: Sequence[tuple[Mapping[str, Any], int | None]]) -> dict[str, Any]:
    weighed = {name: _weighed([(share[name], total) for share, total in parts]) for name in FIGURES}
    return {**weighed, "verdict": combined_verdict([share["verdict"] for share, _ in parts]).value}


def _weighed(parts: Sequence[tuple[str | None, int | None]]) -> str | None:
    known = [(Fraction(share), total) for share, total in parts if share is not None and total]
    if not known:
        return None
    parts_of_total = sum((share * total for share, total in known), Fraction(0))
    return decimals(parts_of_total / sum(total for _, total in known), 4)
