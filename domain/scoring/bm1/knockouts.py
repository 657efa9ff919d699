"""Knock-outs (uitsluitingsgronden): what no score makes up for. The score is still shown; there is no fictitious price.

One entry per component, dimension or group and reason, in the order of the codes and then of the keys: components,
dimensions, groups, and what concerns the whole system. Only concern can be waived, by a recorded decision that names the
component or the dimension.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from domain.scoring.bm1.valued import CONCERN, ValuedLeaf, ValuedSystem, group_of
from domain.scoring.inputs import AuthorityLevel, Dependence, WaiverInput
from domain.scoring.results import KnockOutCode, Reason, ScoreKnockOut

_CODES, _REASONS = list(KnockOutCode), list(Reason)


def knock_outs_of(valued: ValuedSystem, waivers: Sequence[WaiverInput]) -> tuple[ScoreKnockOut, ...]:
    """All knock-outs of a system, those waived included, with the waiver that is in force."""
    found = [*_concern(valued), *_incomplete(valued), *_prime(valued)]
    return tuple(sorted((_waived(entry, waivers, valued.reference_date) for entry in found), key=_order))


def _order(entry: ScoreKnockOut) -> tuple[int, int, str, int]:
    keys = (entry.component_key, entry.dimension, entry.function_group)
    kind, key = next(((kind, key) for kind, key in enumerate(keys) if key is not None), (len(keys), ""))
    return _CODES.index(entry.code), kind, key, _REASONS.index(entry.reason)


def _waived(entry: ScoreKnockOut, waivers: Sequence[WaiverInput], reference_date: date) -> ScoreKnockOut:
    """The entry with the first waiver that is for it and still in force, on its last day included."""
    if entry.code is not KnockOutCode.CONCERN:
        return entry
    for waiver in waivers:
        is_for_it = (waiver.code, waiver.component_key, waiver.dimension) == (
            entry.code,
            entry.component_key,
            entry.dimension,
        )
        if is_for_it and reference_date <= waiver.expires_on:
            return replace(entry, waiver=waiver)
    return entry


def _critical(valued: ValuedSystem) -> Iterator[ValuedLeaf]:
    for group in valued.groups:
        if group.group.critical:
            yield from group.leaves


def _concern(valued: ValuedSystem) -> Iterator[ScoreKnockOut]:
    """KO-1: a country of concern in a critical leaf, at any value, or a decisive dimension on one."""
    for leaf in _critical(valued):
        if any(group_of(valued.scheme, country) == CONCERN for country in leaf.origin):
            yield ScoreKnockOut(KnockOutCode.CONCERN, Reason.COUNTRY_OF_CONCERN, component_key=leaf.key)
    for dimension in valued.dimensions:
        if dimension.dependence is Dependence.DECISIVE and dimension.group == CONCERN:
            yield ScoreKnockOut(KnockOutCode.CONCERN, Reason.DECISIVE_ON_CONCERN, dimension=dimension.name)


def _incomplete(valued: ValuedSystem) -> Iterator[ScoreKnockOut]:
    """KO-2: what must be known and is not. It can be cured by answering."""
    yield from _incomplete_leaves(valued)
    for dimension in valued.dimensions:
        if dimension.is_unknown:
            yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.DIMENSION_UNKNOWN, dimension=dimension.name)
    for group in valued.groups:
        if group.group.critical and not group.leaves:
            yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.EMPTY_CRITICAL_GROUP, function_group=group.group.name)
    if valued.residual_is_large:
        yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.RESIDUAL)
    if valued.total is None:
        yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.TOTAL_MISSING)


def _incomplete_leaves(valued: ValuedSystem) -> Iterator[ScoreKnockOut]:
    """Unknown origin of a critical leaf; and a leaf without a group, which may be a critical one."""
    for leaf in _critical(valued):
        if None in leaf.origin:
            yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.UNKNOWN_ORIGIN, component_key=leaf.key)
    if any(group.group.critical for group in valued.groups):
        for leaf in valued.leaves:
            if leaf.component.function_group is None:
                yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.NO_FUNCTION_GROUP, component_key=leaf.key)


def _prime(valued: ValuedSystem) -> Iterator[ScoreKnockOut]:
    """KO-3: the profile requires an EU prime that holds the design authority whole."""
    authority = valued.authority
    is_eu_prime = authority.level is AuthorityLevel.BOTH and authority.is_eu
    if valued.profile.require_eu_prime and not is_eu_prime:
        yield ScoreKnockOut(KnockOutCode.PRIME, Reason.PRIME_NOT_EU)
