"""Origin shares (herkomstaandeel): the part of T made inside, as an interval, and the EDIP and SAFE verdicts.

EDIP allows at most 35 % of the component cost from outside the European Union and associated countries; SAFE counts
Ukraine as inside. Shares are compared unrounded: exactly 65 % passes.
"""

from dataclasses import dataclass

from domain.scoring.bm1.valued import CONCERN, UNKNOWN, ValuedLeaf, ValuedSystem, group_of, is_inside
from domain.scoring.exact import percentage
from domain.scoring.inputs import AuthorityLevel
from domain.scoring.results import EDIP, SAFE, ScoreOriginShare, Verdict
from domain.scoring.tree import RESIDUAL


@dataclass(frozen=True, slots=True)
class _Inside:
    """What is made inside, in cents."""

    proven: int
    declared: int
    upper_bound: int


def origin_shares_of(valued: ValuedSystem) -> dict[str, ScoreOriginShare]:
    """Both origin shares with their verdicts."""
    safe, edip = (valued.scheme.inside_groups[name] for name in (SAFE, EDIP))
    return {
        EDIP: _share(valued, edip, _edip_verdict(valued, _inside(valued, edip))),
        SAFE: _share(valued, safe, _by_shares(valued, _inside(valued, safe))),
    }


def _share(valued: ValuedSystem, groups: frozenset[str], verdict: Verdict) -> ScoreOriginShare:
    decided_by = _decided_by(valued, groups)
    if valued.total is None:
        return ScoreOriginShare(None, None, None, verdict, decided_by)
    inside = _inside(valued, groups)
    return ScoreOriginShare(
        percentage(inside.proven, valued.total),
        percentage(inside.declared, valued.total),
        percentage(inside.upper_bound, valued.total),
        verdict,
        decided_by,
    )


def _inside(valued: ValuedSystem, groups: frozenset[str]) -> _Inside:
    """The value made in these groups. The upper bound counts everything unknown as made there."""
    proven = declared = upper_bound = 0
    for leaf in valued.leaves:
        made_in = leaf.component.country_of_manufacture
        if made_in is None:
            upper_bound += leaf.cents
        elif is_inside(valued.scheme, made_in, groups):
            upper_bound += leaf.cents
            declared += leaf.cents if leaf.proof.factor >= valued.scheme.declared_factor else 0
            proven += leaf.cents if leaf.proof.factor >= valued.scheme.proven_factor else 0
    return _Inside(proven, declared, upper_bound + valued.residual)


def _by_shares(valued: ValuedSystem, inside: _Inside) -> Verdict:
    """The verdict by the shares alone."""
    if valued.total is None:
        return Verdict.POSSIBLE
    enough = valued.scheme.inside_share_percent * valued.total
    if 100 * inside.upper_bound < enough:
        return Verdict.FAIL
    return Verdict.PASS if 100 * inside.proven >= enough else Verdict.POSSIBLE


def _edip_verdict(valued: ValuedSystem, inside: _Inside) -> Verdict:
    by_shares = _by_shares(valued, inside)
    if by_shares is Verdict.FAIL or _bars_edip(valued):
        return Verdict.FAIL
    if by_shares is Verdict.PASS and not _has_unknown(valued) and not valued.residual_is_large:
        return Verdict.PASS
    return Verdict.POSSIBLE


def _bars_edip(valued: ValuedSystem) -> bool:
    """Whether something other than the share makes EDIP impossible: a country of concern, the level or the prime."""
    authority = valued.authority
    if authority.level not in (None, AuthorityLevel.BOTH) or (authority.country is not None and not authority.is_eu):
        return True
    if any(dimension.group == CONCERN for dimension in valued.dimensions):
        return True
    return _occurs_anywhere(valued, CONCERN)


def _has_unknown(valued: ValuedSystem) -> bool:
    """Whether an answer is missing that could still make EDIP impossible."""
    if valued.authority.level is None or valued.authority.country is None:
        return True
    return any(dimension.is_unknown for dimension in valued.dimensions) or _occurs_anywhere(valued, UNKNOWN)


def _occurs_anywhere(valued: ValuedSystem, group: str) -> bool:
    """Whether any leaf has a country of this group as manufacture, control, licence or export regime."""
    countries = {country for leaf in valued.leaves for country in leaf.origin}
    return any(group_of(valued.scheme, country) == group for country in countries)


def _decided_by(valued: ValuedSystem, groups: frozenset[str]) -> tuple[str, ...]:
    """The leaves that are not proven inside, up to the scheme's limit; then the residual, if there is any.

    The leaf with the highest value is first, ties by key.
    """

    def is_proven_inside(leaf: ValuedLeaf) -> bool:
        proven = leaf.proof.factor >= valued.scheme.proven_factor
        return proven and is_inside(valued.scheme, leaf.component.country_of_manufacture, groups)

    open_leaves = sorted(
        (leaf for leaf in valued.leaves if not is_proven_inside(leaf)), key=lambda leaf: (-leaf.cents, leaf.key)
    )
    keys = tuple(leaf.key for leaf in open_leaves[: valued.scheme.decided_by_at_most])
    return (*keys, RESIDUAL) if valued.residual > 0 else keys
