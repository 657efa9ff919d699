"""The formula: points per criterion, score, adjustment and fictitious price. Only S1 and the price are rounded.

Part of a leaf criterion counts by value and part by function group (half each in BM-1.0), so that a cheap but critical part
still matters next to an expensive one.
"""

from collections.abc import Mapping
from fractions import Fraction

from domain.scoring.bm1.valued import HUNDRED, ValuedGroup, ValuedSystem
from domain.scoring.exact import half_up, weighted_sum
from domain.scoring.inputs import Profile
from domain.scoring.results import DESIGN_AUTHORITY, DIMENSIONS, LEAF_CRITERIA


def points_of(valued: ValuedSystem) -> dict[str, Fraction] | None:
    """The points of each criterion; None if the system cannot be assessed."""
    if valued.total is None:
        return None
    scheme = valued.scheme
    points = {
        criterion: scheme.leaf_weights[criterion] * _base(valued, criterion, valued.total) / HUNDRED
        for criterion in LEAF_CRITERIA
    }
    points[DIMENSIONS] = scheme.dimensions_weight * _dimensions(valued) / HUNDRED
    authority = valued.authority
    points[DESIGN_AUTHORITY] = scheme.authority_weight * authority.base * authority.proof.factor / HUNDRED
    return points


def score_of(points: Mapping[str, Fraction] | None) -> tuple[Fraction | None, Fraction | None]:
    """S, exact, and S1, rounded half up to one decimal."""
    if points is None:
        return None, None
    exact = sum(points.values(), Fraction(0))
    return exact, Fraction(half_up(10 * exact), 10)


def adjustment_of(valued: ValuedSystem, score: Fraction | None) -> Fraction:
    """The adjustment in percent: the cap at a score of 100, 0 at the neutral score, minus the cap without a score."""
    cap, neutral = valued.profile.cap_percent, valued.scheme.neutral_score
    return -cap if score is None else (score - neutral) * cap / neutral


def fictitious_price(profile: Profile, *, price_cents: int, adjustment: Fraction) -> int:
    """The fictitious price in cents, rounded half up.

    The adjustment is a percentage of the price, or of the reference amount if the profile has one.
    """
    reference = profile.reference_amount_cents
    of = price_cents if reference is None else reference
    return half_up(price_cents - of * adjustment / HUNDRED)


def group_score(group: ValuedGroup, criterion: str) -> Fraction:
    """The score of a group in one criterion: its mean by value, its lowest leaf if values are missing, 0 without leaves."""
    carrier = group.carrier(criterion)
    if carrier is not None:
        return carrier.scores[criterion]
    if not group.leaves:
        return Fraction(0)
    return weighted_sum((leaf.cents, leaf.scores[criterion]) for leaf in group.leaves) / group.cents


def _base(valued: ValuedSystem, criterion: str, total: int) -> Fraction:
    """B of one criterion, 0 to 100. The residual adds nothing to the part by value."""
    by_value = weighted_sum((leaf.cents, leaf.scores[criterion]) for leaf in valued.leaves) / total
    weights = sum((group.group.weight for group in valued.groups), Fraction(0))
    weighted = sum((group.group.weight * group_score(group, criterion) for group in valued.groups), Fraction(0))
    part = valued.scheme.value_part
    return part * by_value + (1 - part) * weighted / weights


def _dimensions(valued: ValuedSystem) -> Fraction:
    """The mean score of the applicable dimensions, 0 to 100."""
    scores = [dimension.score for dimension in valued.dimensions]
    return sum(scores, Fraction(0)) / len(scores)
