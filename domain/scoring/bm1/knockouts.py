"""Knock-outs (uitsluitgronden): what excludes a system whatever its score. The score is shown, but no fictitious price.

One entry per reason and component, dimension or group, sorted by code and then by key: components, dimensions, groups, and
the system as a whole. Only KO-1, concern, can be waived, by a recorded decision that names the component or dimension.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from domain.scoring.bm1.valued import CONCERN, ValuedLeaf, ValuedSystem, group_of
from domain.scoring.inputs import AuthorityLevel, Dependence, WaiverInput
from domain.scoring.results import KnockOutCode, Reason, ScoreKnockOut

_CODES, _REASONS = list(KnockOutCode), list(Reason)


def knock_outs_of(valued: ValuedSystem, waivers: Sequence[WaiverInput]) -> tuple[ScoreKnockOut, ...]:
    """All knock-outs of a system. Waived ones are included, with the waiver that is in force."""
    found = [*_concern(valued), *_incomplete(valued), *_prime(valued)]
    return tuple(sorted((_waived(entry, waivers, valued.reference_date) for entry in found), key=_order))


def _order(entry: ScoreKnockOut) -> tuple[int, int, str, int]:
    keys = (entry.component_key, entry.dimension, entry.function_group)
    kind, key = next(((kind, key) for kind, key in enumerate(keys) if key is not None), (len(keys), ""))
    return _CODES.index(entry.code), kind, key, _REASONS.index(entry.reason)


def _waived(entry: ScoreKnockOut, waivers: Sequence[WaiverInput], reference_date: date) -> ScoreKnockOut:
    """The entry with the first waiver that applies to it and is in force; on its last day it still is."""
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
    """KO-1: a country of concern in a critical leaf, whatever its value, or a decisive dependence on one."""
    for leaf in _critical(valued):
        if any(group_of(valued.scheme, country) == CONCERN for country in leaf.origin):
            yield ScoreKnockOut(KnockOutCode.CONCERN, Reason.COUNTRY_OF_CONCERN, component_key=leaf.key)
    for dimension in valued.dimensions:
        if dimension.dependence is Dependence.DECISIVE and dimension.group == CONCERN:
            yield ScoreKnockOut(KnockOutCode.CONCERN, Reason.DECISIVE_ON_CONCERN, dimension=dimension.name)


def _incomplete(valued: ValuedSystem) -> Iterator[ScoreKnockOut]:
    """KO-2: what must be known and is not. Answering the question removes it."""
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
    """Critical leaves with an unknown origin, and leaves without a function group, which might be critical."""
    for leaf in _critical(valued):
        if None in leaf.origin:
            yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.UNKNOWN_ORIGIN, component_key=leaf.key)
    if any(group.group.critical for group in valued.groups):
        for leaf in valued.leaves:
            if leaf.component.function_group is None:
                yield ScoreKnockOut(KnockOutCode.INCOMPLETE, Reason.NO_FUNCTION_GROUP, component_key=leaf.key)


def _prime(valued: ValuedSystem) -> Iterator[ScoreKnockOut]:
    """KO-3: the profile requires a prime in the EU at level both, and the system has none."""
    authority = valued.authority
    is_eu_prime = authority.level is AuthorityLevel.BOTH and authority.is_eu
    if valued.profile.require_eu_prime and not is_eu_prime:
        yield ScoreKnockOut(KnockOutCode.PRIME, Reason.PRIME_NOT_EU)
